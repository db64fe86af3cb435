//! Verdicts that somebody set otherwise, each with a reason.
//!
//! The file is YAML or JSON, by rule:
//!
//! ```yaml
//! enum-value-added:
//!   verdict: compatible
//!   direction: response   # both, when it is left out
//!   reason: our callers keep values that they do not know as text
//! ```

use serde_json::{Map, Value};

use super::{change::Change, rule::Wire, rules};
use crate::{
    api::Direction,
    document::{Document, Source},
    nearest::nearest,
    pointer,
    problem::{Problem, Problems},
};

/// What a file says of verdicts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Severities {
    set: Vec<Severity>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Severity {
    rule: &'static str,
    /// `None` for all.
    direction: Option<Direction>,
    wire: Wire,
    reason: String,
}

impl Severities {
    /// Reads a file of verdicts.
    ///
    /// # Errors
    /// All that is wrong with it: a verdict that does not apply because of a slip would be worse than none.
    pub fn read(source: &Source) -> Result<Self, Vec<Problem>> {
        let (document, mut problems) = Document::read(source);
        let Some(document) = document else { return Err(problems) };
        let mut found = Problems::new(&document);
        let mut set = Vec::new();
        match &document.value {
            Value::Object(rules) => {
                for (id, value) in rules {
                    set.extend(severity(&mut found, id, value));
                }
            }
            _ => found.error("severity", "", "the file is no mapping of rules", "write `<rule>: {verdict: …, reason: …}`"),
        }
        problems.extend(found.into_found());
        if problems.is_empty() { Ok(Self { set }) } else { Err(problems) }
    }

    /// Judges changes by this file; what it does not mention stays.
    pub fn apply(&self, changes: &mut [Change]) {
        for change in changes.iter_mut() {
            let applies = |one: &&Severity| one.rule == change.rule.id && (one.direction.is_none() || one.direction == change.direction);
            if let Some(severity) = self.set.iter().find(applies) {
                change.wire = severity.wire;
                change.reason.clone_from(&severity.reason);
            }
        }
        changes.sort_by_key(|change| std::cmp::Reverse(change.wire));
    }
}

fn severity(problems: &mut Problems, id: &str, value: &Value) -> Option<Severity> {
    let place = pointer::join("", id);
    let Some(rule) = rules::rule(id) else {
        let help = match nearest(id, rules::all().map(|rule| rule.id)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`diff --explain all` lists the rules".to_owned(),
        };
        problems.error("severity", &place, &format!("there is no rule `{id}`"), &help);
        return None;
    };
    let empty = Map::new();
    let members = value.as_object().unwrap_or(&empty);
    for name in members.keys().filter(|name| !matches!(name.as_str(), "verdict" | "direction" | "reason")) {
        let help = "write `verdict`, `reason` and, where it is to hold for one alone, `direction`";
        problems.error("severity", &pointer::join(&place, name), &format!("`{name}` means nothing here"), help);
    }
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let wire = text("verdict").and_then(Wire::from_word);
    if wire.is_none() {
        problems.error(
            "severity",
            &place,
            &format!("`{id}` has no verdict"),
            "write `verdict: none`, `compatible`, `caution` or `breaking`",
        );
    }
    let reason = text("reason");
    if reason.is_none() {
        problems.error("severity", &place, &format!("the verdict of `{id}` has no reason"), "write `reason: …`, for who reads the report");
    }
    let direction = direction(problems, &place, members.get("direction"))?;
    Some(Severity { rule: rule.id, direction, wire: wire?, reason: reason?.to_owned() })
}

/// The direction that is written; `None` when that is none.
#[expect(clippy::option_option, reason = "all directions, one of them, or a word that is none")]
fn direction(problems: &mut Problems, place: &str, written: Option<&Value>) -> Option<Option<Direction>> {
    match written.map(Value::as_str) {
        None => Some(None),
        Some(Some("request")) => Some(Some(Direction::Request)),
        Some(Some("response")) => Some(Some(Direction::Response)),
        Some(_) => {
            problems.error("severity", &pointer::join(place, "direction"), "the direction is none", "write `request` or `response`");
            None
        }
    }
}
