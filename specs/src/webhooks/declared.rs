//! What `x-mock` at the top says about webhooks and about the rows that subscribe to them.

use indexmap::IndexMap;
use serde_json::Value;

use super::{Occasion, Signature, Subscriptions, signature};
use crate::{
    api::{
        Api, Docs, Evidence, Expression, Setter, docs, expression,
        node::{Node, Reader},
        setters,
    },
    document::identifier,
    nearest::nearest,
    resources::{Action, DECLARED},
};

/// What is said about one webhook.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) occasions: Option<Vec<Occasion>>,
    pub(super) when: Option<Expression>,
    pub(super) set: Vec<(String, Setter)>,
    pub(super) headers: Vec<(String, Setter)>,
    pub(super) signature: Option<Signature>,
    pub(super) retries: Option<Vec<u64>>,
    pub(super) url: Option<String>,
    pub(super) summary: String,
    pub(super) evidence: Option<Evidence>,
    pub(super) docs: Vec<Docs>,
    pub(super) pointer: String,
    /// Whether the document describes the webhook itself.
    pub(super) used: bool,
}

/// `x-mock.webhooks`, by name.
pub(super) fn all(reader: &mut Reader, mock: &Node, api: &Api) -> IndexMap<String, Said> {
    let found = mock.members_of("webhooks").into_iter();
    found.map(|(name, node)| (name.to_owned(), one(reader, &node, api))).collect()
}

fn one(reader: &mut Reader, node: &Node, api: &Api) -> Said {
    let retries = node.get("retries").map(|list| list.items().filter_map(|pause| pause.value.as_u64()).collect());
    Said {
        occasions: node.get("on").map(|on| occasions(reader, &on, api)),
        when: node.get("when").and_then(|when| expression(reader, &when)),
        set: node.get("set").map(|set| setters(reader, &set)).unwrap_or_default(),
        headers: node.get("headers").map(|headers| setters(reader, &headers)).unwrap_or_default(),
        signature: node.get("signature").and_then(|said| signature::read(reader, &said)),
        retries,
        url: node.string("url").map(str::to_owned),
        summary: node.text("summary"),
        evidence: node.get("x-evidence").and_then(|mark| mark.value.as_str().and_then(Evidence::from_word)),
        docs: docs(reader, node),
        pointer: node.pointer.clone(),
        used: false,
    }
}

/// One occasion, or a list of them.
fn occasions(reader: &mut Reader, node: &Node, api: &Api) -> Vec<Occasion> {
    let all = if node.value.is_array() { node.items().collect() } else { vec![node.clone()] };
    all.iter().filter_map(|node| occasion(reader, node, api)).collect()
}

fn occasion(reader: &mut Reader, node: &Node, api: &Api) -> Option<Occasion> {
    if let Value::String(id) = node.value {
        return operation(reader, node, id, api);
    }
    let action = match node.string("action") {
        Some("create") => Some(Action::Create),
        Some("update" | "replace") => Some(Action::Update),
        Some("delete") => Some(Action::Delete),
        _ => None,
    };
    let (Some(resource), Some(action)) = (node.string("resource"), action) else {
        let help = "write the id of an operation, or `{resource: notes, action: create}` with `create`, `update` or `delete`";
        reader.problems.error("x-mock", &node.pointer, "it is not said after what the webhook is sent", help);
        return None;
    };
    known_resource(reader, node, resource, api)?;
    Some(Occasion::Write { resource: resource.to_owned(), action })
}

fn operation(reader: &mut Reader, node: &Node, id: &str, api: &Api) -> Option<Occasion> {
    let snake = identifier(id);
    let found = api.operations.iter().find(|operation| operation.documented_id.as_deref() == Some(id) || operation.id == snake);
    if found.is_none() {
        let near = nearest(&snake, api.operations.iter().map(|operation| operation.id.as_str()));
        let help = near.map_or_else(|| "name an operation of the document".to_owned(), |near| format!("write `{near}`"));
        reader.problems.error("x-mock", &node.pointer, &format!("no operation is called `{id}`"), &help);
    }
    found.map(|operation| Occasion::Operation(operation.id.clone()))
}

fn known_resource(reader: &mut Reader, node: &Node, name: &str, api: &Api) -> Option<()> {
    if api.resources.iter().any(|resource| resource.name == name) {
        return Some(());
    }
    let known: Vec<_> = api.resources.iter().map(|resource| resource.name.as_str()).collect();
    let help = if known.is_empty() { "declare it by `x-resource`".to_owned() } else { format!("write one of `{}`", known.join("`, `")) };
    reader.problems.error("x-mock", &node.pointer, &format!("`{name}` is no resource of the document"), &help);
    None
}

/// Names that vendors give to the address of a subscription.
const ADDRESSES: [&str; 9] =
    ["url", "target_url", "targetUrl", "endpoint", "endpoint_url", "callback_url", "callbackUrl", "address", "uri"];
const EVENTS: [&str; 8] = ["events", "event_types", "eventTypes", "enabled_events", "event", "event_type", "topics", "topic"];
const SECRETS: [&str; 5] = ["secret", "signing_secret", "signingSecret", "signature_key", "signing_key"];
const ACTIVE: [&str; 4] = ["active", "enabled", "is_active", "status"];
/// Parts of the names of resources whose rows are subscriptions.
const RESOURCES: [&str; 3] = ["webhook", "hook", "subscription"];

/// The resource whose rows are subscriptions: as declared, else one that is named so and has an address.
pub(super) fn subscriptions(reader: &mut Reader, mock: Option<&Node>, api: &Api) -> Option<Subscriptions> {
    let Some(node) = mock.and_then(|mock| mock.get("subscriptions")) else { return inferred(api) };
    if node.value.as_bool() == Some(false) {
        return None;
    }
    let text = |name: &str| node.string(name).map(str::to_owned);
    let (Some(resource), Some(url)) = (text("resource"), text("url")) else {
        let help = "write `{resource: webhooks, url: url, events: events, secret: secret}`, or `false`";
        reader.problems.error("x-mock", &node.pointer, "subscriptions have a resource and a property with the address", help);
        return None;
    };
    known_resource(reader, &node, &resource, api)?;
    let why = DECLARED.to_owned();
    Some(Subscriptions { resource, url, events: text("events"), secret: text("secret"), active: text("active"), why })
}

fn inferred(api: &Api) -> Option<Subscriptions> {
    if api.webhooks.is_empty() {
        return None;
    }
    let is_named_so = |name: &str| RESOURCES.iter().any(|word| name.to_ascii_lowercase().contains(word));
    api.resources.iter().filter(|resource| is_named_so(&resource.name)).find_map(|resource| {
        let properties = api.schemas.properties(resource.schema.as_ref()?);
        let first = |names: &[&str]| {
            let mut known = names.iter().copied().filter(|name| properties.iter().any(|(property, _)| property == name));
            known.next().map(str::to_owned)
        };
        Some(Subscriptions {
            resource: resource.name.clone(),
            url: first(&ADDRESSES)?,
            events: first(&EVENTS),
            secret: first(&SECRETS),
            active: first(&ACTIVE),
            why: format!("`{}` have an address", resource.name),
        })
    })
}
