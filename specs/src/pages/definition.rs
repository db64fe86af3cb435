//! A member defined in one entry: `` `title` (string, required): the title ``, `**size** *integer* Required`.

use super::{
    type_words,
    words::{Word, words},
};

/// A member defined in one line.
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) phrase: Option<type_words::Phrase>,
    pub(super) required: Option<bool>,
    pub(super) rest: String,
}

impl Definition {
    pub(super) fn read(text: &str) -> Option<Self> {
        let found = words(text);
        let first = found.first()?;
        let strong = first.quoted || first.before.contains('*');
        let marked = found.get(1).is_some_and(|next| next.before.starts_with('(') || next.is(&["-", "\u{2013}", ":"]))
            || first.after.contains([':', '\u{2014}']);
        if !type_words::is_name(&first.text)
            || !(strong || found.get(1).is_some_and(|next| next.before.starts_with('(')))
            || first.after.contains([',', '.'])
        {
            return None;
        }
        let rest = text.get(first.end..)?.trim_start();
        let (inside, after) = match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            Some((inside, after)) => (inside, after),
            None => ("", rest),
        };
        let mut definition = Self { name: first.text.clone(), phrase: None, required: None, rest: after.to_owned() };
        for part in inside.split([',', ';']) {
            definition.attribute(part.trim());
        }
        if inside.is_empty() {
            definition.lead(after);
        }
        let stated = definition.phrase.is_some() || definition.required.is_some();
        (stated || (marked && strong)).then_some(definition)
    }

    fn attribute(&mut self, part: &str) {
        match part.trim_matches(['*', '_', '`']).to_lowercase().as_str() {
            "required" | "mandatory" => self.required = Some(true),
            "optional" => self.required = Some(false),
            _ => match kind(part) {
                Some(phrase) if self.phrase.is_none() => self.phrase = Some(phrase),
                _ => self.rest = format!("{part}. {}", self.rest),
            },
        }
    }

    /// `string, required: …` and `*string* required` without parentheses.
    fn lead(&mut self, text: &str) {
        let found = words(text);
        let mut end = 0;
        let mut skip = 0;
        for (at, word) in found.iter().enumerate().take(8) {
            if at < skip {
                continue;
            }
            match word.lower.as_str() {
                "-" | ":" | "\u{2013}" | "\u{2014}" => {}
                "required" => self.required = Some(true),
                "optional" => self.required = Some(false),
                _ if self.phrase.is_none() => match longest(&found[at..]) {
                    Some((phrase, length)) => {
                        self.phrase = Some(phrase);
                        skip = at + length;
                        end = found[skip - 1].end;
                        if found[skip - 1].after.contains([':', '.']) {
                            break;
                        }
                        continue;
                    }
                    None => break,
                },
                _ => break,
            }
            end = word.end;
            if word.after.contains([':', '.']) {
                break;
            }
        }
        text.get(end..).unwrap_or_default().clone_into(&mut self.rest);
    }
}

/// A type, perhaps with a word before it that says more: `positive integer`, `nullable string`.
fn kind(text: &str) -> Option<type_words::Phrase> {
    type_words::read(text).or_else(|| {
        let (first, rest) = text.trim().trim_matches(['*', '_', '`']).split_once(' ')?;
        let first = first.to_lowercase();
        let plain =
            ["positive", "non-negative", "nullable", "unique", "valid", "non-empty", "unsigned", "nonnull"].contains(&first.as_str());
        let phrase = type_words::read(rest).filter(|_| plain)?;
        Some(type_words::Phrase { nullable: phrase.nullable || first == "nullable", ..phrase })
    })
}

/// The longest type that some words begin with, and how many of them it takes.
fn longest(found: &[Word]) -> Option<(type_words::Phrase, usize)> {
    let closed = found.iter().position(|word| !word.after.trim_start_matches(']').is_empty()).map_or(found.len(), |end| end + 1).min(4);
    let joined = |length: usize| found[..length].iter().map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" ");
    (1..=closed).rev().find_map(|length| kind(&joined(length)).map(|phrase| (phrase, length)))
}
