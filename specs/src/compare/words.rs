//! What stands at a place, in words that fit into a line.

use serde_json::Value;

use crate::api::{Api, Operation, Server, Status};

/// Most characters of a value that are shown.
const LONGEST: usize = 60;

/// A value, as code.
pub(super) fn value(value: &Value) -> String {
    // A long text is cut before it is written out.
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.len() > LONGEST => format!("a list of {}", items.len()),
        other => other.to_string(),
    };
    code(&text)
}

/// A member with its value, as code.
pub(super) fn member(name: &str, value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    code(&format!("{name}: {text}"))
}

/// Text for people.
pub(super) fn quoted(text: &str) -> String {
    if text.is_empty() { "nothing".to_owned() } else { format!("\"{}\"", short(text)) }
}

/// Text in backticks, cut where it is too long.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", short(text))
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// A document.
pub(super) fn document(api: &Api) -> String {
    let number = api.operations.len();
    format!("`{}` of {number} operation{}", api.name, if number == 1 { "" } else { "s" })
}

/// An operation, as it is called.
pub(super) fn operation(operation: &Operation) -> String {
    code(&format!("{} {}", operation.method, operation.path))
}

/// A server.
pub(super) fn server(server: &Server) -> String {
    code(&server.url)
}

/// The key of a response.
pub(super) fn status(status: Status) -> String {
    match status {
        Status::Exactly(code) => code.to_string(),
        Status::Range(hundreds) => format!("{hundreds}XX"),
        Status::Default => "default".to_owned(),
    }
}

/// Several words in a list.
pub(super) fn list<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let all: Vec<_> = words.into_iter().collect();
    if all.is_empty() { "none".to_owned() } else { code(&all.join(", ")) }
}
