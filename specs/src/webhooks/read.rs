//! From the document to its webhooks.

use http::Method;

use super::{
    Occasion, Origin, Webhook,
    declared::{self, Said},
    occasions,
};
use crate::{
    api::{
        Api, Evidence, Location, docs, message,
        node::{Node, Reader},
        paths::METHODS,
    },
    pointer,
    resources::DECLARED,
};

/// Finds all that a document's vendor sends of its own accord.
pub(crate) fn assign(reader: &mut Reader, api: &mut Api) {
    let root = Node::new(reader.root, "");
    let mock = root.get("x-mock");
    let evidence = reader.evidence(&root, Evidence::default());
    let mut said = mock.as_ref().map(|mock| declared::all(reader, mock, api)).unwrap_or_default();
    let mut found = Vec::new();
    for (name, item) in root.entries_of("webhooks") {
        for written in requests(reader, &item, api, evidence) {
            found.push(Webhook { name: name.to_owned(), origin: Origin::Webhook, ..written });
        }
    }
    callbacks(reader, api, evidence, &mut found);
    for webhook in &mut found {
        if let Some((_, more)) = said.iter_mut().find(|(name, _)| **name == webhook.name) {
            more.used = true;
            complete(webhook, more);
        }
    }
    found.extend(said.into_iter().filter(|(_, more)| !more.used).map(|(name, more)| {
        let mut webhook = blank(&more.pointer);
        webhook.name = name;
        webhook.evidence = evidence;
        complete(&mut webhook, &more);
        webhook
    }));
    for webhook in found.iter_mut().filter(|webhook| webhook.why.is_empty()) {
        (webhook.occasions, webhook.why) = occasions::infer(api, webhook);
    }
    api.webhooks = found;
    api.subscriptions = declared::subscriptions(reader, mock.as_ref(), api);
}

/// What follows operations: they name the address, often by what the request says.
fn callbacks(reader: &mut Reader, api: &Api, evidence: Evidence, found: &mut Vec<Webhook>) {
    for operation in &api.operations {
        let Some(value) = pointer::get(reader.root, &operation.pointer) else { continue };
        let node = Node::new(value, &operation.pointer);
        for (name, callback) in node.entries_of("callbacks") {
            let Some(callback) = reader.follow(callback) else { continue };
            for (target, item) in callback.entries() {
                for written in requests(reader, &item, api, evidence) {
                    found.push(Webhook {
                        name: name.to_owned(),
                        origin: Origin::Callback,
                        target: Some(target.to_owned()),
                        occasions: vec![Occasion::Operation(operation.id.clone())],
                        why: DECLARED.to_owned(),
                        ..written
                    });
                }
            }
        }
    }
}

/// The requests that a path item describes, which the vendor sends.
fn requests<'r>(reader: &mut Reader<'r, '_, '_>, item: &Node<'r>, api: &Api, above: Evidence) -> Vec<Webhook> {
    let Some(item) = reader.follow(item.clone()) else { return Vec::new() };
    let above = reader.evidence(&item, above);
    let shared = message::parameters(reader, &item, &api.schemas, above);
    let mut found = Vec::new();
    for (word, method) in METHODS {
        let Some(node) = item.get(word).filter(|node| node.value.is_object()) else { continue };
        let evidence = reader.evidence(&node, above);
        let mut parameters = message::parameters(reader, &node, &api.schemas, evidence);
        parameters.extend(shared.iter().filter(|one| !parameters.iter().any(|own| own.name == one.name)).cloned().collect::<Vec<_>>());
        parameters.retain(|parameter| parameter.location == Location::Header);
        let summary = Some(node.text("summary")).filter(|text| !text.is_empty()).unwrap_or_else(|| node.text("description"));
        found.push(Webhook {
            summary,
            method: method.clone(),
            body: message::body(reader, &node, &api.schemas),
            parameters,
            evidence,
            docs: docs(reader, &node),
            ..blank(&node.pointer)
        });
    }
    found
}

fn blank(pointer: &str) -> Webhook {
    Webhook {
        name: String::new(),
        origin: Origin::Mock,
        summary: String::new(),
        method: Method::POST,
        target: None,
        occasions: Vec::new(),
        why: String::new(),
        when: None,
        body: None,
        parameters: Vec::new(),
        set: Vec::new(),
        headers: Vec::new(),
        signature: None,
        retries: None,
        evidence: Evidence::default(),
        docs: Vec::new(),
        pointer: pointer.to_owned(),
    }
}

/// What is declared goes before what the document's own description says.
fn complete(webhook: &mut Webhook, more: &Said) {
    if let Some(occasions) = &more.occasions {
        webhook.occasions.clone_from(occasions);
        DECLARED.clone_into(&mut webhook.why);
    }
    webhook.when.clone_from(&more.when);
    webhook.set.clone_from(&more.set);
    webhook.headers.clone_from(&more.headers);
    webhook.signature.clone_from(&more.signature);
    webhook.retries.clone_from(&more.retries);
    if more.url.is_some() {
        webhook.target.clone_from(&more.url);
    }
    if let Some(evidence) = more.evidence {
        webhook.evidence = evidence;
    }
    if webhook.summary.is_empty() {
        webhook.summary.clone_from(&more.summary);
    }
    webhook.docs.extend(more.docs.iter().cloned());
}
