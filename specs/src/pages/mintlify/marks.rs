//! What stands below the name and the type of a member, and values as the page writes them.

use serde_json::Value;

use crate::{
    api::Location,
    pages::{
        Type,
        prose::whole_value,
        sentence,
        type_words::{self, Phrase},
    },
};

/// What stands below name and type.
#[derive(Default)]
pub(super) struct Marks {
    pub(super) required: bool,
    pub(super) deprecated: bool,
    pub(super) location: Option<Location>,
    pub(super) default: Option<Value>,
}

impl Marks {
    /// Takes a line as a mark; `false` when it is none.
    pub(super) fn take(&mut self, text: &str, kind: Option<&Type>) -> bool {
        if let Some(value) = text.strip_prefix("default:") {
            self.default = Some(whole_text(value.trim(), kind));
            return true;
        }
        match text {
            "required" => self.required = true,
            "deprecated" => self.deprecated = true,
            "path" => self.location = Some(Location::Path),
            "query" => self.location = Some(Location::Query),
            "header" => self.location = Some(Location::Header),
            "cookie" => self.location = Some(Location::Cookie),
            "body" | "read-only" | "write-only" | "nullable" => {}
            _ => return false,
        }
        true
    }
}

/// The type that a line begins with, and the marks that are glued to it, the last first.
pub(super) fn split(text: &str) -> Option<(Phrase, Vec<&str>)> {
    if !text.starts_with(|letter: char| letter.is_ascii_lowercase()) {
        return None;
    }
    let words = ["required", "deprecated", "read-only", "write-only", "header", "path", "query", "cookie", "body"];
    let mut kind = text;
    let mut marks = Vec::new();
    loop {
        if let Some(phrase) = type_words::read(kind) {
            return Some((phrase, marks));
        }
        let word = words.iter().find_map(|word| Some((kind.strip_suffix(word)?, &kind[kind.len() - word.len()..])));
        let default = kind.find("default:").map(|at| kind.split_at(at));
        let (before, mark) = word.or(default).filter(|(before, _)| !before.is_empty())?;
        marks.push(mark);
        kind = before.trim_end();
    }
}

/// Whether a line is a value in the spelling of JSON.
pub(super) fn is_value(text: &str) -> bool {
    text.starts_with(['"', '[', '{', '-']) && whole_value(text).is_some() || text.parse::<f64>().is_ok()
}

pub(super) fn is_mark(text: &str) -> bool {
    ["required", "deprecated", "read-only", "write-only"].contains(&text)
}

/// A text as a value: JSON where it is, else what the type makes of it.
pub(super) fn whole_text(text: &str, kind: Option<&Type>) -> Value {
    let text = text.trim().trim_matches('`');
    let parsed = whole_value(text).filter(|value| !value.is_number() && !value.is_boolean() || kind.is_none_or(|kind| !kind.is("string")));
    parsed.unwrap_or_else(|| sentence::value(text, kind, false))
}
