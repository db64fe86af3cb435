//! A provider's document as the mock serves it: the same text, with the mock as its server.
//!
//! In YAML only the lines of `servers` change, so that comments and order stay. Where that cannot be done so that the
//! result means the same (flow style, servers of single paths), the document is written anew as JSON, which is YAML.

use std::fmt::Write;

use serde_json::{Value, json};
use specs::{Document, Source};

use crate::provider::Provider;

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

/// The text of a provider's document, with the mock at `url` as its server.
pub(super) fn render(provider: &Provider, url: &str, format: Format) -> Result<String, String> {
    let base_url = format!("{url}{}", provider.base);
    let (mut value, is_as_written) = parse(&provider.source)?;
    replace_servers(&mut value, &base_url);
    for operation in provider.api().operations.iter().filter(|operation| !operation.servers.is_empty()) {
        let own = format!("{url}{}", provider.base_of(operation));
        if let Some(operation) = value.pointer_mut(&operation.pointer).and_then(Value::as_object_mut) {
            operation.insert("servers".to_owned(), json!([{ "url": own }]));
        }
    }
    if format == Format::Yaml
        && is_as_written
        && let Some(text) = splice(&provider.source.text, &base_url)
        && parse(&Source { text: text.clone(), ..provider.source.clone() }).is_ok_and(|(spliced, _)| spliced == value)
    {
        return Ok(text);
    }
    serde_json::to_string_pretty(&value).map_err(|error| error.to_string())
}

/// The document, and whether its text says all of it.
fn parse(source: &Source) -> Result<(Value, bool), String> {
    let (document, problems) = Document::read(source);
    let document = document.ok_or_else(|| problems.iter().map(ToString::to_string).collect::<String>())?;
    let is_as_written = document.is_as_written();
    Ok((document.value, is_as_written))
}

/// Makes the mock the only server.
fn replace_servers(document: &mut Value, base_url: &str) {
    let Some(root) = document.as_object_mut() else { return };
    root.insert("servers".to_owned(), json!([{ "url": base_url }]));
    let paths = root.get_mut("paths").and_then(Value::as_object_mut);
    for path in paths.into_iter().flat_map(|paths| paths.values_mut()).filter_map(Value::as_object_mut) {
        path.shift_remove("servers");
        for operation in path.values_mut().filter_map(Value::as_object_mut) {
            operation.shift_remove("servers");
        }
    }
}

/// Puts one server in the place of the lines of a top-level `servers:` in block style.
fn splice(text: &str, base_url: &str) -> Option<String> {
    let mut spliced = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n').peekable();
    let mut replaced = false;
    while let Some(line) = lines.next() {
        if !line.starts_with("servers:") {
            spliced.push_str(line);
            continue;
        }
        replaced = true;
        let _ = write!(spliced, "servers:\n  - url: {}\n", Value::from(base_url));
        while lines.next_if(|line| belongs(line)).is_some() {}
    }
    replaced.then_some(spliced)
}

/// Whether a line is part of the block above it: indented, or an element of a list at the left edge.
fn belongs(line: &str) -> bool {
    line.starts_with([' ', '\t']) || line.starts_with("- ") || line.starts_with("-\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_servers_are_replaced_and_no_others() {
        for (text, expected) in [
            ("a: 1\nservers:\n  - url: x\n    description: y\nb: 2 # c\n", "a: 1\nservers:\n  - url: \"u\"\nb: 2 # c\n"),
            ("servers:\n- url: x\n- url: y\n# c\nb: 2\n", "servers:\n  - url: \"u\"\n# c\nb: 2\n"),
            ("servers: [{url: x}]\nb: 2\n", "servers:\n  - url: \"u\"\nb: 2\n"),
        ] {
            assert_eq!(splice(text, "u").as_deref(), Some(expected));
        }
        assert_eq!(splice("a: {servers: []}\n", "u"), None);
    }
}
