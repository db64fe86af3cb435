//! What a page says of where its operations are: methods, paths and servers.

use serde_json::json;

use crate::{
    api::Operation,
    pages::{Basis, Fact, Signature, Statement},
    pointer,
};

use super::{
    finding::{Change, Verdict},
    ledger::{Difference, Ledger},
    pairing::{self, Fit},
    scene::Scene,
    spot::Marks,
    words,
};

/// Hosts that stand for one that the reader has to put in.
const ANY_HOST: &[&str] =
    &["example.com", "example.org", "example.net", "localhost", "127.0.0.1", "your-", "your_", "yourdomain", "{", "<"];

/// Compares operations and servers.
pub(super) fn compare(scene: &Scene, ledger: &mut Ledger) {
    for fact in &scene.page.facts {
        match &fact.statement {
            Statement::Operation(signature) => operation(scene, ledger, fact, signature),
            Statement::Server(url) => server(scene, ledger, fact, url),
            _ => {}
        }
    }
}

fn operation(scene: &Scene, ledger: &mut Ledger, fact: &Fact, signature: &Signature) {
    let position = fact.operation.or_else(|| scene.page.operations.iter().position(|own| own == signature));
    let pair = position.and_then(|position| scene.pairs.get(position)).and_then(Option::as_ref);
    let Some((pair, held)) = pair.and_then(|pair| Some((pair, scene.api.operations.get(pair.operation)?))) else {
        if fact.basis < Basis::Mention {
            missing(scene, ledger, fact);
        }
        return;
    };
    // A page may write its own operation in several ways, of which one is the document's.
    let path = pairing::pattern(&signature.path);
    let fits = held.method == signature.method && pairing::addresses(scene.api, held).iter().any(|own| pairing::pattern(own) == path);
    let marks = Marks::of(scene.api, held);
    if fits {
        return ledger.agree(scene.page, fact, held, &held.pointer, &marks);
    }
    if fact.basis >= Basis::Mention {
        return;
    }
    let (rule, message, remedy) = moved(scene, held, signature, pair.fit);
    let difference = Difference {
        verdict: Verdict::Contradicts,
        rule,
        operation: Some(held),
        subject: words::subject(&fact.statement),
        message,
        place: held.pointer.clone(),
        marks,
        remedy,
    };
    ledger.differ(scene.page, fact, difference);
}

fn missing(scene: &Scene, ledger: &mut Ledger, fact: &Fact) {
    let difference = Difference {
        verdict: Verdict::Missing,
        rule: "operation",
        operation: None,
        subject: words::subject(&fact.statement),
        message: "the document does not have it, nor one like it".to_owned(),
        place: "/paths".to_owned(),
        marks: Marks::top(scene.api),
        remedy: Vec::new(),
    };
    ledger.differ(scene.page, fact, difference);
}

fn moved(scene: &Scene, held: &Operation, signature: &Signature, fit: Fit) -> (&'static str, String, Vec<Change>) {
    let item = pointer::split_last(&held.pointer).map(|(item, _)| item.to_owned()).unwrap_or_default();
    if fit == Fit::Method {
        let message = format!("the page says `{}`, the document `{}`", signature.method, held.method);
        let to = signature.method.as_str().to_ascii_lowercase();
        return ("operation-method", message, vec![Change::Rename(held.pointer.clone(), to)]);
    }
    let message = format!("the page says `{}`, the document `{}`", signature.path, held.path);
    let written = path_as_written(scene, held, signature);
    let is_alone = pointer::get(&scene.document.value, &item).and_then(|item| item.as_object()).is_some_and(|item| {
        item.keys().filter(|key| ["get", "put", "post", "delete", "patch", "head", "options", "trace"].contains(&key.as_str())).count() == 1
    });
    let is_free = written.as_ref().is_some_and(|path| pointer::get(&scene.document.value, &pointer::join("/paths", path)).is_none());
    let remedy = match written {
        Some(path) if is_alone && is_free => vec![Change::Rename(item, path)],
        _ => Vec::new(),
    };
    ("operation-path", message, remedy)
}

/// The page's path as the document would write it: below its server, with the names of its own variables.
fn path_as_written(scene: &Scene, held: &Operation, signature: &Signature) -> Option<String> {
    let servers = if held.servers.is_empty() { &scene.api.servers } else { &held.servers };
    let below = |base: &str| signature.path.strip_prefix(base).filter(|rest| rest.starts_with('/')).map(str::to_owned);
    let path = servers.iter().map(|server| server.path.as_str()).filter(|path| !path.is_empty()).find_map(below);
    let path = path.unwrap_or_else(|| signature.path.clone());
    let own: Vec<&str> = held.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    let shown = path.matches('{').count();
    if shown != own.len() {
        return None;
    }
    let mut made = String::new();
    for (position, piece) in path.split('{').enumerate() {
        match position.checked_sub(1).and_then(|position| own.get(position)) {
            None => made.push_str(piece),
            Some(name) => {
                let (_, rest) = piece.split_once('}')?;
                made.push_str(&format!("{{{name}}}{rest}"));
            }
        }
    }
    Some(made)
}

fn server(scene: &Scene, ledger: &mut Ledger, fact: &Fact, url: &str) {
    if is_any_host(url) || pairing::is_server(scene.api, url) {
        ledger.agreed += 1;
        return;
    }
    if fact.basis >= Basis::Mention || (fact.basis == Basis::Example && !scene.api.servers.iter().any(|server| server.url.contains("//"))) {
        return;
    }
    // A template as `https://{region}.…` stands for every host that fits it, which a page may show.
    if scene.api.servers.iter().any(|server| !server.variables.is_empty() || is_any_host(&server.url)) {
        ledger.agreed += 1;
        return;
    }
    let remedy = match scene.api.servers.as_slice() {
        [_] if pointer::get(&scene.document.value, "/servers/0/url").is_some() && is_origin_alone(scene, url) => {
            vec![Change::Set("/servers/0/url".to_owned(), json!(with_path(scene, url)))]
        }
        _ => Vec::new(),
    };
    let difference = Difference {
        verdict: Verdict::Contradicts,
        rule: "server",
        operation: None,
        subject: words::subject(&fact.statement),
        message: format!(
            "the document says {}",
            words::values(&scene.api.servers.iter().map(|server| json!(server.url)).collect::<Vec<_>>())
        ),
        place: "/servers".to_owned(),
        marks: Marks::top(scene.api),
        remedy,
    };
    ledger.differ(scene.page, fact, difference);
}

/// Whether the host of a URL is a stand-in.
pub(super) fn is_any_host(url: &str) -> bool {
    let host = url.split_once("//").map_or("", |(_, rest)| rest).split(['/', '?']).next().unwrap_or_default().to_ascii_lowercase();
    ANY_HOST.iter().any(|part| host.contains(part))
}

fn is_origin_alone(scene: &Scene, url: &str) -> bool {
    url.split_once("//").is_some() && scene.api.servers.first().is_some_and(|server| !server.template.contains('{'))
}

/// The page's server with the path that the document's operations are below, when the page does not show it.
fn with_path(scene: &Scene, url: &str) -> String {
    let url = url.trim_end_matches('/');
    let path = scene.api.servers.first().map_or("", |server| server.path.as_str());
    let shown = url.split_once("//").and_then(|(_, rest)| rest.find('/').map(|slash| &rest[slash..])).unwrap_or_default();
    if shown.is_empty() { format!("{url}{path}") } else { url.to_owned() }
}
