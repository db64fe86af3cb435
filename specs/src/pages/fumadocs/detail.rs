//! Details of the last member: each is stated, and what is glued to it is read on.

use super::{
    Reader,
    details::{FORMATS, label_at, value, values},
};
use crate::pages::{Claim, Type, limit_marks, type_words};

impl Reader {
    /// Details one after the other, and what is glued to the last.
    pub(super) fn details(&mut self, line: usize, text: &str) {
        let mut rest = text;
        while let Some((0, label, written)) = label_at(rest) {
            let after = rest[written..].trim_start();
            if after.is_empty() && label.starts_with("Example") {
                self.exemplified = true;
                self.draft.bears(line, line);
                return;
            }
            match self.detail(line, label, after) {
                Some(length) => rest = after.get(length..).unwrap_or_default().trim_start(),
                None => return self.draft.unread(line, line, rest, "where this value ends cannot be told"),
            }
        }
        if !rest.is_empty() {
            self.line(line, rest);
        }
    }

    /// One detail: states it, and returns the length of its value.
    pub(super) fn detail(&mut self, line: usize, label: &str, text: &str) -> Option<usize> {
        let kind = self.members.kind().cloned();
        match label {
            "Example:" | "Examples:" | "Default:" => {
                let (value, length) = value(text, kind.as_ref())?;
                let claim = if label == "Default:" { Claim::Default(value) } else { Claim::Example(value) };
                self.members.claim(&mut self.draft, line, claim);
                Some(length)
            }
            "Value in:" => {
                let (mut values, length) = values(text, kind.as_ref())?;
                let before = values.len();
                values.retain(|value| !value.is_null());
                if values.len() < before {
                    self.members.claim(&mut self.draft, line, Claim::Nullable(true));
                }
                self.members.claim(&mut self.draft, line, Claim::Enum(values));
                Some(length)
            }
            "In:" => {
                self.draft.bears(line, line);
                Some(text.find(|letter: char| !letter.is_ascii_lowercase()).unwrap_or(text.len()))
            }
            "Format:" => {
                let alone = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
                let known = FORMATS.iter().find(|format| text.starts_with(**format)).copied();
                let format = if alone && type_words::glued(text).is_none() { text } else { known? };
                let kind = Type { format: Some(format.to_owned()), ..kind.unwrap_or_else(|| Type::plain("string")) };
                self.members.claim(&mut self.draft, line, Claim::Type(kind));
                Some(format.len())
            }
            "Match:" => {
                let end = label_at(text).map_or(text.len(), |(at, _, _)| at);
                let end = text[..end].rfind('$').map_or(end, |dollar| dollar + 1);
                self.members.claim(&mut self.draft, line, Claim::Limit { keyword: "pattern", value: text[..end].trim_matches('`').into() });
                Some(end)
            }
            _ => self.limit(line, label, text),
        }
    }

    pub(super) fn limit(&mut self, line: usize, label: &str, text: &str) -> Option<usize> {
        let keywords = match label {
            "Length:" => ["minLength", "maxLength"],
            "Items:" => ["minItems", "maxItems"],
            _ => ["minimum", "maximum"],
        };
        let (claims, length) = limit_marks::read(text, keywords, label)?;
        for claim in claims {
            self.members.claim(&mut self.draft, line, claim);
        }
        Some(length)
    }
}
