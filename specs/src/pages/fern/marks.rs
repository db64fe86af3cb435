//! What stands after the type of a member: `RequiredDeprecated>=1<=100Defaults to 5`.

use serde_json::Value;

use super::Reader;
use crate::pages::{Claim, Type, sentence};

impl Reader {
    /// What stands after the type: `Required`, `Optional`, `Defaults to …`, `>=1`, `<=100 characters`, `1-100`.
    pub(super) fn marks(&mut self, line: usize, marks: &str) {
        let mut rest = marks.trim().trim_start_matches(['`', ' ']);
        while !rest.is_empty() {
            let after = self.mark(line, rest);
            if after.len() >= rest.len() {
                return self.draft.unread(line, line, rest, "what stands after the type is not known");
            }
            rest = after.trim_start_matches([' ', '`']);
        }
    }

    pub(super) fn mark<'t>(&mut self, line: usize, text: &'t str) -> &'t str {
        let plain = [("Required", Claim::Required(true)), ("Optional", Claim::Required(false)), ("Deprecated", Claim::Deprecated(true))];
        for (word, claim) in plain {
            if let Some(rest) = text.strip_prefix(word) {
                self.members.claim(&mut self.draft, line, claim);
                return rest;
            }
        }
        if let Some(rest) = ["Read-only", "Write-only", "Beta"].iter().find_map(|word| text.strip_prefix(word)) {
            return rest;
        }
        if let Some(rest) = text.strip_prefix("Defaults to ").or_else(|| text.strip_prefix("Defaults to")) {
            let quoted = rest.strip_prefix('`').and_then(|rest| rest.split_once('`'));
            let number = self.members.kind().is_some_and(Type::is_numeric);
            let end = rest.find(['>', '<']).filter(|end| number && *end > 0).unwrap_or(rest.len());
            let (value, rest) = quoted.unwrap_or_else(|| rest.split_at(end));
            let value = sentence::value(value.trim_matches(['"', '`']), self.members.kind(), false);
            self.members.claim(&mut self.draft, line, Claim::Default(value));
            return rest;
        }
        if let Some(rest) = text.strip_prefix("format: ") {
            let (format, rest) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')).unwrap_or((rest, ""));
            if let Some(kind) = self.members.kind().cloned() {
                self.members.claim(&mut self.draft, line, Claim::Type(Type { format: Some(format.to_owned()), ..kind }));
            }
            return rest;
        }
        self.limit(line, text)
    }

    pub(super) fn limit<'t>(&mut self, line: usize, text: &'t str) -> &'t str {
        let number = |text: &str| text.find(|letter: char| !(letter.is_ascii_digit() || letter == '.')).unwrap_or(text.len());
        let parse = |text: &str| serde_json::from_str::<Value>(text).ok().filter(Value::is_number);
        let (sign, rest) = if let Some(rest) = text.strip_prefix(">=") {
            ("low", rest)
        } else if let Some(rest) = text.strip_prefix("<=") {
            ("high", rest)
        } else {
            ("both", text)
        };
        let end = number(rest);
        let Some(first) = parse(&rest[..end]) else { return text };
        let mut rest = &rest[end..];
        let mut bounds = vec![(sign != "high", first)];
        if let Some(after) = rest.strip_prefix('-').filter(|_| sign == "both") {
            let end = number(after);
            bounds.extend(parse(&after[..end]).map(|second| (false, second)));
            rest = &after[end..];
        } else if sign == "both" {
            return text;
        }
        let length = rest.strip_prefix(" characters").or_else(|| rest.strip_prefix(" character"));
        let items = rest.strip_prefix(" items").or_else(|| rest.strip_prefix(" item"));
        let keywords = if length.is_some() {
            ["minLength", "maxLength"]
        } else if items.is_some() {
            ["minItems", "maxItems"]
        } else {
            ["minimum", "maximum"]
        };
        for (low, value) in bounds {
            self.members.claim(&mut self.draft, line, Claim::Limit { keyword: keywords[usize::from(!low)], value });
        }
        length.or(items).unwrap_or(rest)
    }
}
