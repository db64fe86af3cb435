//! What stands below the name and the type of a member, and values as the page writes them.

use serde_json::Value;

use crate::{
    api::Location,
    pages::{Type, prose::whole_value, sentence},
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

pub(super) fn is_mark(text: &str) -> bool {
    ["required", "deprecated", "read-only", "write-only"].contains(&text)
}

/// A text as a value: JSON where it is, else what the type makes of it.
pub(super) fn whole_text(text: &str, kind: Option<&Type>) -> Value {
    let text = text.trim().trim_matches('`');
    let parsed = whole_value(text).filter(|value| !value.is_number() && !value.is_boolean() || kind.is_none_or(|kind| !kind.is("string")));
    parsed.unwrap_or_else(|| sentence::value(text, kind, false))
}
