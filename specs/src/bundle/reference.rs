//! What a reference names: something in the document's own file, in another one, or nothing that can be had.

use serde_json::Value;

use super::{Bundler, alias};
use crate::{normalize::percent_decoded, pointer};

/// How many references in a row are followed before the chain counts as endless.
const LONGEST_CHAIN: usize = 32;

/// Where a reference leads.
pub(super) enum Target {
    /// Nowhere else: into the document as it is, or to where nothing is read from.
    Stays,
    /// To a place of the document's own file, from another one.
    Own(String),
    /// To a place of another file.
    Other { opened: usize, pointer: String },
    /// To nothing.
    Lost { rule: &'static str, message: String, help: &'static str },
}

/// Whether anything in a value refers to another file.
pub(super) fn leads_out(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| match (name.as_str(), member) {
            ("$ref" | "externalValue", Value::String(reference)) => !reference.starts_with('#'),
            _ => leads_out(member),
        }),
        Value::Array(items) => items.iter().any(leads_out),
        _ => false,
    }
}

/// What schemas call themselves by `$id`, without fragments.
pub(super) fn ids(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_ids(value, &mut found);
    found
}

fn collect_ids(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(id) = members.get("$id").and_then(Value::as_str) {
                found.push(id.split('#').next().unwrap_or_default().to_owned());
            }
            members.values().for_each(|member| collect_ids(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_ids(item, found)),
        _ => {}
    }
}

impl Bundler<'_, '_> {
    /// Where a reference leads that stands in the file that is being walked.
    pub(super) fn target(&mut self, reference: &str) -> Target {
        self.target_from(self.file, reference, LONGEST_CHAIN)
    }

    fn target_from(&mut self, from: Option<usize>, reference: &str, chain: usize) -> Target {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let is_elsewhere = path.contains("://") || path.starts_with("//") || path.starts_with("urn:");
        if is_elsewhere && !path.starts_with("file:") || self.is_id(path) {
            return Target::Stays;
        }
        let opened = match (path, from) {
            ("", None) => return Target::Stays,
            ("", Some(file)) => Some(file),
            _ => match self.open(from, path) {
                Ok(opened) => opened,
                Err(lost) => return lost,
            },
        };
        let fragment = percent_decoded(fragment);
        match opened {
            None => Target::Own(fragment),
            Some(opened) => self.place(opened, &fragment, reference, chain),
        }
    }

    /// Whether a schema calls itself so, rather than a file being meant.
    fn is_id(&self, path: &str) -> bool {
        !path.is_empty() && self.ids.iter().any(|id| id == path || id.strip_suffix(path).is_some_and(|before| before.ends_with('/')))
    }

    fn open(&mut self, from: Option<usize>, path: &str) -> Result<Option<usize>, Target> {
        let is_drive = path.as_bytes().get(1) == Some(&b':');
        if path.starts_with(['/', '\\']) || path.starts_with("file:") || is_drive {
            let message = format!("`{path}` is no path relative to the file that it stands in, and is not read");
            return Err(Target::Lost { rule: "external-ref", message, help: "write a relative path, as `schemas/thing.yaml`" });
        }
        let written = percent_decoded(path);
        self.files.open(from, &written, self.document, self.problems).map_err(|why| {
            let message = format!("`{path}` cannot be read: {why}");
            Target::Lost {
                rule: "missing-file",
                message,
                help: "add the file, or correct the path; it is relative to the file that names it",
            }
        })
    }

    /// The place in a file, at the end of references that are nothing but references.
    fn place(&mut self, opened: usize, fragment: &str, reference: &str, chain: usize) -> Target {
        let value = &self.files.get(opened).value;
        let pointer = if fragment.is_empty() || fragment.starts_with('/') {
            Some(fragment.trim_end_matches('/').to_owned())
        } else {
            anchor(value, fragment, &mut String::new())
        };
        match pointer.as_ref().and_then(|pointer| pointer::get(value, pointer)) {
            Some(found) => match alias(found).map(str::to_owned).filter(|_| chain > 0) {
                Some(next) if next != reference => match self.target_from(Some(opened), &next, chain - 1) {
                    Target::Stays | Target::Lost { .. } => Target::Other { opened, pointer: pointer.unwrap_or_default() },
                    further => further,
                },
                _ => Target::Other { opened, pointer: pointer.unwrap_or_default() },
            },
            None => self.through(opened, fragment, reference, chain),
        }
    }

    /// A pointer may lead through references, and a part of a document may point into the whole.
    fn through(&mut self, opened: usize, fragment: &str, reference: &str, chain: usize) -> Target {
        let mut at = String::new();
        let tokens: Vec<String> = pointer::tokens(fragment).map(|token| pointer::join("", &token)).collect();
        for (position, token) in tokens.iter().enumerate() {
            let value = pointer::get(&self.files.get(opened).value, &at);
            if let Some(next) = value.and_then(alias).map(str::to_owned).filter(|_| chain > 0) {
                let rest = tokens[position..].concat();
                let next = if next.contains('#') { format!("{next}{rest}") } else { format!("{next}#{rest}") };
                return self.target_from(Some(opened), &next, chain - 1);
            }
            at.push_str(token);
        }
        if reference.starts_with('#') && self.own.contains(fragment) {
            return Target::Own(fragment.to_owned());
        }
        let message = format!("`$ref` to `{reference}` names nothing in `{}`", self.files.get(opened).path);
        Target::Lost { rule: "dangling-ref", message, help: "add what it names, or correct the name" }
    }
}

/// The place of the schema that has the anchor.
fn anchor(value: &Value, name: &str, at: &mut String) -> Option<String> {
    let length = at.len();
    let mut below = |token: &str, member: &Value| {
        pointer::push(at, token);
        let found = anchor(member, name, at);
        at.truncate(length);
        found
    };
    match value {
        Value::Object(members) => {
            if ["$anchor", "$dynamicAnchor"].iter().any(|keyword| members.get(*keyword).is_some_and(|known| known == name)) {
                return Some(at.clone());
            }
            members.iter().find_map(|(token, member)| below(token, member))
        }
        Value::Array(items) => items.iter().enumerate().find_map(|(position, item)| below(&position.to_string(), item)),
        _ => None,
    }
}
