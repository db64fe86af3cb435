//! A provider's document as the mock serves it: the same document, with the mock as its server.
//!
//! A consumer gets all of it from one address: other files are bundled into it, overlays applied, and Swagger 2.0 is
//! converted, since tools read OpenAPI 3 better than a base path that they have to put together. What changes are the
//! addresses of the mock. In YAML those are put into the text as it was written, so that comments and order stay; where
//! the text is not the whole document, or cannot be edited, it is written anew.

use std::collections::HashSet;

use serde_json::{Value, json};
use specs::{
    Document, Source,
    edit::{self, Edit},
    pointer,
};

use crate::{engine::flow_paths, provider::Provider};

/// Addresses of a flow of OAuth 2.0, all of which the mock serves.
const FLOW: [&str; 3] = ["authorizationUrl", "tokenUrl", "refreshUrl"];

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Yaml,
    Json,
}

impl Format {
    pub(super) fn of(extension: &str) -> Option<Self> {
        match extension {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Yaml => "application/yaml",
            Self::Json => "application/json",
        }
    }
}

/// The text of a provider's document, with the mock at `url` as its server. A sandbox is part of that URL.
pub(super) fn render(provider: &Provider, url: &str, format: Format) -> Result<String, String> {
    let document = read(&provider.source)?;
    let edits = edits(provider, &document.value, url);
    let source = &provider.source;
    if format == Format::Yaml
        && document.is_as_written()
        && !source.text.trim_start().starts_with('{')
        && let Ok(text) = edit::apply(&source.file, &source.text, &edits)
    {
        return Ok(text);
    }
    let value = edit::edited(&document.value, &edits).map_err(|error| error.to_string())?;
    let anew = if format == Format::Yaml { edit::to_yaml(&value) } else { None };
    // What is JSON is YAML too.
    anew.map_or_else(|| serde_json::to_string_pretty(&value).map_err(|error| error.to_string()), Ok)
}

fn read(source: &Source) -> Result<Document, String> {
    let (document, problems) = Document::read(source);
    document.ok_or_else(|| problems.iter().map(ToString::to_string).collect())
}

/// What makes the mock the only server.
fn edits(provider: &Provider, document: &Value, url: &str) -> Vec<Edit> {
    let server = json!([{ "url": format!("{url}{}", provider.base) }]);
    let mut edits = vec![put(document, "", "servers", server, Some("info"))];
    let mut own = HashSet::new();
    for operation in provider.api().operations.iter().filter(|operation| !operation.servers.is_empty()) {
        if document.pointer(&operation.pointer).is_some_and(Value::is_object) && own.insert(operation.pointer.as_str()) {
            let server = json!([{ "url": format!("{url}{}", provider.base_of(operation)) }]);
            edits.push(put(document, &operation.pointer, "servers", server, None));
        }
    }
    for items in ["/paths", "/components/pathItems"] {
        for (item, at) in members(document, items) {
            edits.extend(item.get("servers").map(|_| Edit::Remove { at: pointer::join(&at, "servers") }));
            for (operation, at) in members(document, &at) {
                let is_left = operation.get("servers").is_some() && !own.contains(at.as_str());
                edits.extend(is_left.then(|| Edit::Remove { at: pointer::join(&at, "servers") }));
            }
        }
    }
    edits.extend(tokens(provider, document, url));
    edits
}

/// Where tokens are had: of the mock, at the path that the document says.
fn tokens(provider: &Provider, document: &Value, url: &str) -> Vec<Edit> {
    let schemes = members(document, "/components/securitySchemes").into_iter();
    let flows = schemes.flat_map(|(_, at)| members(document, &pointer::join(&at, "flows")));
    let urls = flows.flat_map(|(flow, at)| {
        FLOW.into_iter().filter_map(move |name| {
            let written = flow.get(name)?.as_str()?;
            let path = flow_paths(provider.api(), provider.mount(), written).into_iter().next()?;
            let query = written.split('#').next()?.find('?').map_or("", |at| &written[at..]);
            Some(Edit::Set { at: pointer::join(&at, name), value: format!("{url}{path}{query}").into() })
        })
    });
    urls.collect()
}

/// Sets a member of the object at a place, or puts it in, behind another if that is there.
fn put(document: &Value, at: &str, key: &str, value: Value, after: Option<&str>) -> Edit {
    let object = document.pointer(at);
    if object.is_some_and(|object| object.get(key).is_some()) {
        return Edit::Set { at: pointer::join(at, key), value };
    }
    let after = after.filter(|after| object.is_some_and(|object| object.get(after).is_some()));
    Edit::Insert { at: at.to_owned(), key: key.to_owned(), value, after: after.map(ToOwned::to_owned) }
}

/// The objects in an object, with their places.
fn members<'d>(document: &'d Value, at: &str) -> Vec<(&'d Value, String)> {
    let members = document.pointer(at).and_then(Value::as_object).into_iter().flatten();
    members.filter(|(_, member)| member.is_object()).map(|(key, member)| (member, pointer::join(at, key))).collect()
}
