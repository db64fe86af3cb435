//! Patterns that are not written as JSON Schema takes them.
//!
//! A validator refuses the whole schema for one pattern that it cannot compile. So a pattern is read as what it must
//! mean: without the delimiters of other languages, and with what browsers take literally escaped. One that cannot be
//! compiled even so is left out, so that the rest of its schema is checked and sampled.

use serde_json::{Map, Value};

use super::Walk;
use crate::pointer;

impl Walk<'_, '_> {
    /// Mends the patterns of a schema, those of its properties' names included, and tells of each.
    pub(super) fn patterns(&mut self, object: &mut Map<String, Value>) {
        if let Some(Value::String(written)) = object.get("pattern") {
            let place = pointer::join(&self.at, "pattern");
            match self.pattern(&place, &written.clone()) {
                Some(meant) => drop(object.insert("pattern".to_owned(), meant.into())),
                None => drop(object.shift_remove("pattern")),
            }
        }
        if let Some(Value::Object(members)) = object.get_mut("patternProperties") {
            let place = pointer::join(&self.at, "patternProperties");
            let before = members.len();
            let meant = std::mem::take(members).into_iter().filter_map(|(written, schema)| {
                let meant = self.pattern(&pointer::join(&place, &written), &written)?;
                Some((meant, schema))
            });
            *members = meant.collect();
            // What the lost pattern admits must not be refused for it.
            if members.len() < before {
                object.shift_remove("additionalProperties");
                object.shift_remove("unevaluatedProperties");
            }
        }
    }

    /// The pattern that is meant; `None` when it is none.
    fn pattern(&mut self, place: &str, written: &str) -> Option<String> {
        let meant = match self.patterns.get(written) {
            Some(known) => known.clone(),
            None => self.patterns.entry(written.to_owned()).or_insert_with(|| meant(written)).clone(),
        };
        match &meant {
            Some(meant) if meant == written => {}
            Some(meant) => {
                let message = format!("the pattern `{written}` is read as `{meant}`");
                self.problems.warning("pattern", place, &message, &format!("write `{meant}`"));
            }
            None => {
                let message = format!("`{written}` is no pattern of ECMA-262 that can be compiled; texts are not held against it");
                self.problems.warning("pattern", place, &message, "correct or remove it");
            }
        }
        meant
    }
}

/// The pattern that is meant by a text, if that can be compiled.
fn meant(written: &str) -> Option<String> {
    let bare = undelimited(written);
    let bare = bare.as_deref().unwrap_or(written);
    if compiles(bare) {
        return Some(bare.to_owned());
    }
    Some(escaped(bare)).filter(|escaped| escaped != bare && compiles(escaped))
}

#[cfg(feature = "validate")]
fn compiles(pattern: &str) -> bool {
    crate::validate::is_pattern(pattern)
}

/// Who compiles no pattern asks nothing of it.
#[cfg(not(feature = "validate"))]
fn compiles(_: &str) -> bool {
    true
}

/// A pattern between slashes, as other languages have it, perhaps with flags behind. It is one only where it is
/// anchored between them, since nothing matches that as it is written; `/notes/` may well be meant.
fn undelimited(written: &str) -> Option<String> {
    let (body, flags) = written.trim().strip_prefix('/')?.rsplit_once('/')?;
    let ends = body.ends_with('$') && !body.ends_with("\\$");
    if !(body.starts_with('^') || ends) || !flags.chars().all(|flag| "dgimsuvy".contains(flag)) {
        return None;
    }
    // The others say how to search, or how to read what is read so anyway.
    let modifiers: String = flags.chars().filter(|flag| "ims".contains(*flag)).collect();
    Some(if modifiers.is_empty() { body.to_owned() } else { format!("(?{modifiers}:{body})") })
}

/// The pattern with what only browsers take literally escaped: braces that count nothing, and the hyphen after or
/// before a class in a class. A count that is written as a range is read as a count.
fn escaped(pattern: &str) -> String {
    let mut made = String::with_capacity(pattern.len() + 8);
    let (mut rest, mut in_class) = (pattern, false);
    while let Some(next) = rest.chars().next() {
        let mut length = next.len_utf8();
        match next {
            '\\' => {
                length += rest[length..].chars().next().map_or(0, char::len_utf8);
                made.push_str(&rest[..length]);
                // `\u{…}` and `\p{…}` have braces of their own.
                if !in_class && matches!(&rest[..length], "\\u" | "\\p" | "\\P" | "\\x" | "\\k") && rest[length..].starts_with('{') {
                    let end = rest.find('}').map_or(length, |end| end + 1);
                    made.push_str(&rest[length..end]);
                    length = end;
                }
                if in_class && is_class(&rest[..length]) && is_stray_hyphen(&rest[length..]) {
                    made.push_str("\\-");
                    length += 1;
                }
            }
            '-' if in_class && rest.get(1..3).is_some_and(is_class) => made.push_str("\\-"),
            '[' | ']' if in_class == (next == ']') => {
                in_class = next == '[';
                made.push(next);
            }
            '{' if !in_class => match count(rest) {
                Some((counted, taken)) => {
                    made.push_str(&counted);
                    length = taken;
                }
                None => made.push_str("\\{"),
            },
            '}' if !in_class => made.push_str("\\}"),
            '[' => made.push_str("\\["),
            _ => made.push(next),
        }
        rest = &rest[length..];
    }
    made
}

/// `\w` and its like, which have no place in a range.
fn is_class(escape: &str) -> bool {
    matches!(escape, "\\w" | "\\W" | "\\d" | "\\D" | "\\s" | "\\S")
}

fn is_stray_hyphen(rest: &str) -> bool {
    rest.strip_prefix('-').is_some_and(|after| !after.starts_with(']'))
}

/// The count that a text starts with, and how long it is there: `{2}`, `{2,}`, `{2,3}`, and `{2-3}` as `{2,3}`.
fn count(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('{')?.split_once('}')?.0;
    let (least, most) = inner.split_once([',', '-']).unwrap_or((inner, inner));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_count = is_number(least) && (is_number(most) || most.is_empty() && inner.contains(','));
    is_count.then(|| (format!("{{{}}}", inner.replace('-', ",")), inner.len() + 2))
}

#[cfg(test)]
mod tests {
    use super::{escaped, undelimited};

    #[test]
    fn delimiters_are_seen_where_nothing_else_can_be_meant() {
        let rows = [
            ("/^[a-z]+$/", Some("^[a-z]+$")),
            ("/^a\\/b/i", Some("(?i:^a\\/b)")),
            (" /[0-9]$/gu ", Some("[0-9]$")),
            ("/^a$/ms", Some("(?ms:^a$)")),
            ("/notes/", None),
            ("/price\\$/", None),
            ("/^a$/x", None),
            ("^/a/$", None),
            ("/^a", None),
            ("/", None),
        ];
        for (written, expected) in rows {
            assert_eq!(undelimited(written).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn what_only_browsers_take_is_escaped() {
        let rows = [
            ("[a-z]{1-20}", "[a-z]{1,20}"),
            ("a{2}b{2,}c{2,3}", "a{2}b{2,}c{2,3}"),
            ("who is {Name}?", "who is \\{Name\\}?"),
            ("{0-9]{1,15}", "\\{0-9]{1,15}"),
            ("[\\w-.+]{1,3}@[a-\\d-]", "[\\w\\-.+]{1,3}@[a\\-\\d-]"),
            ("[^$&{}[]{2}", "[^$&{}\\[]{2}"),
            ("\\p{L}\\u{1F600}\\{", "\\p{L}\\u{1F600}\\{"),
            ("\\", "\\"),
            ("é{", "é\\{"),
        ];
        for (written, expected) in rows {
            assert_eq!(escaped(written), expected, "{written}");
        }
    }
}
