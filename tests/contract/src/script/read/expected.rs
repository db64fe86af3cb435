//! What a script expects of a value.

use serde_json::Value;

use super::{At, Reader};
use crate::{
    script::matcher::{Expected, Kind, Matcher, NAMES},
    wire,
};

impl Reader<'_> {
    /// An exact value, or matchers.
    pub(super) fn expected(&mut self, at: &At<'_>) -> Expected {
        if !at.value.is_object() {
            self.uses(at);
            return Expected::Exactly(at.value.clone());
        }
        if at.value.as_object().is_some_and(serde_json::Map::is_empty) {
            self.problem("script-value", at, "nothing is expected", "write `{equals: {}}` for an empty object");
        }
        if let Some(at) = at.member("equals").filter(|_| at.members().count() == 1) {
            self.uses(&at);
            return Expected::Exactly(at.value.clone());
        }
        Expected::All(at.members().filter_map(|(name, at)| self.matcher(name, &at)).collect())
    }

    /// The same for what is always a text: a number means its digits.
    pub(super) fn expected_text(&mut self, at: &At<'_>) -> Expected {
        match self.expected(at) {
            Expected::Exactly(value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) => Expected::Exactly(wire::scalar(&value).into()),
            other => other,
        }
    }

    fn matcher(&mut self, name: &str, at: &At<'_>) -> Option<Matcher> {
        Some(match name {
            "equals" => {
                let help = "an exact value needs no other matcher";
                self.problem("script-matcher", at, "`equals` stands beside other matchers", help);
                return None;
            }
            "is" => Matcher::Is(self.kind(at)?),
            "matches" => self.regex(at)?,
            "size" => Matcher::Size(self.size(at)?),
            "contains" => Matcher::Contains(self.expected(at)),
            "each" => Matcher::Each(self.expected(at)),
            "not" => Matcher::Not(self.expected(at)),
            "like" => {
                self.uses(at);
                Matcher::Like(at.value.clone())
            }
            "has" => {
                let has = |(place, at): (&str, At<'_>)| {
                    self.pointer(place, &at);
                    (place.to_owned(), self.expected(&at))
                };
                Matcher::Has(at.members().map(has).collect())
            }
            _ => {
                self.unknown("script-matcher", name, at, &NAMES);
                return None;
            }
        })
    }

    fn kind(&mut self, at: &At<'_>) -> Option<Kind> {
        // YAML reads the word as the value.
        let word = if at.value.is_null() { "null" } else { self.text(at)? };
        let kind = Kind::WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind);
        if kind.is_none() {
            self.unknown("script-matcher", word, at, &Kind::WORDS.map(|(word, _)| word));
        }
        kind
    }

    fn regex(&mut self, at: &At<'_>) -> Option<Matcher> {
        let pattern = self.text(at)?;
        match regress::Regex::with_flags(pattern, "u") {
            Ok(regex) => Some(Matcher::Matches(regex, pattern.to_owned())),
            Err(error) => {
                self.problem("script-matcher", at, &format!("this is no regular expression: {error}"), "write one of ECMAScript");
                None
            }
        }
    }

    fn size(&mut self, at: &At<'_>) -> Option<usize> {
        let size = at.value.as_u64().and_then(|size| usize::try_from(size).ok());
        if size.is_none() {
            self.problem("script-matcher", at, "this is no size", "write how many there are");
        }
        size
    }

    /// The key of an object by JSON pointers.
    pub(super) fn pointer(&mut self, place: &str, at: &At<'_>) {
        if !(place.is_empty() || place.starts_with('/')) {
            let help = format!("write `/{}`", place.replace('.', "/"));
            self.problem("script-key", at, &format!("`{place}` is no JSON pointer"), &help);
        }
    }
}
