//! The details of a member: what they are called, and where their values end when something is glued to them.

use serde_json::Value;

use crate::pages::{Type, examples, sentence, type_words};

/// What details are called.
pub(super) const LABELS: [&str; 13] = [
    "Example:",
    "Examples:",
    "Default:",
    "Value in:",
    "Length:",
    "Range:",
    "Items:",
    "Match:",
    "Format:",
    "In:",
    "Scope:",
    "Minimum:",
    "Maximum:",
];

/// Formats of JSON Schema, so that one that is glued to what follows is told from it; the longer first.
pub(super) const FORMATS: [&str; 16] = [
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri-reference",
    "uri",
    "uuid",
    "int32",
    "int64",
    "float",
    "double",
    "binary",
];

/// How far into a line labels are looked for.
const WINDOW: usize = 2_000;

/// Labels that newer pages write without a colon.
const BARE: [&str; 8] = ["Default", "Value in", "Length", "Range", "Items", "Match", "Format", "Example"];

/// The first label of a detail that opens a line or is glued to what stands before: where it stands, its name with a colon,
/// and its length as written.
pub(super) fn label_at(text: &str) -> Option<(usize, &'static str, usize)> {
    let text = &text[..(0..=text.len().min(WINDOW)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0)];
    let glued = |at: usize| at == 0 || text[..at].chars().next_back().is_some_and(|before| !before.is_whitespace());
    let found = LABELS.iter().flat_map(|label| text.match_indices(label).map(|(at, _)| (at, *label, label.len())));
    let found = found.filter(|(at, label, _)| glued(*at) && (*label != "In:" || *at == 0));
    let named = |word: &str| LABELS.iter().find(|label| label.strip_suffix(':') == Some(word)).copied().unwrap_or("Example:");
    let bare = BARE.iter().flat_map(|word| text.match_indices(word).map(|(at, _)| (at, *word)));
    let bare = bare.filter(|(at, word)| glued(*at) && is_valued(word, &text[at + word.len()..]));
    found.chain(bare.map(|(at, word)| (at, named(word), word.len()))).min_by_key(|(at, _, _)| *at)
}

/// Whether a label without a colon is followed by what it announces, and is no word of a sentence.
fn is_valued(word: &str, rest: &str) -> bool {
    let value = rest.trim_start();
    let spaced = value.len() < rest.len();
    let numeric = |text: &str| text.trim_start_matches('-').starts_with(|letter: char| letter.is_ascii_digit());
    let json = value.starts_with(['"', '[', '{']) || numeric(value) || ["true", "false", "null"].iter().any(|word| value.starts_with(word));
    match word {
        "Default" | "Example" => json && (!spaced || value.starts_with('"') || !value.trim_end().contains(' ')),
        "Value in" => json && (value.contains('|') || value.starts_with('"') || !value.contains(' ')),
        "Format" => FORMATS.iter().find_map(|format| value.strip_prefix(format)).is_some_and(|after| {
            after.is_empty() || after.starts_with(char::is_uppercase) || !spaced && type_words::glued(after).is_some()
        }),
        "Match" => value.starts_with(['^', '/', '[', '\\']) && !value.contains(' '),
        _ => {
            let compared = value.starts_with(word.to_lowercase().as_str()) || value.starts_with("value") || numeric(value);
            compared && value.contains(['<', '>', '\u{2264}', '\u{2265}'])
        }
    }
}

/// A value and its length; text without quotes ends where the line does or another detail begins.
pub(super) fn value(text: &str, kind: Option<&Type>) -> Option<(Value, usize)> {
    if let Some(found) = plain_value(text, kind) {
        return Some(found);
    }
    if let Some((value, length)) = examples::value(text) {
        let number = value.is_number() && kind.is_some_and(|kind| kind.is("string"));
        return (!number || length == text.len()).then(|| if number { (text.into(), length) } else { (value, length) });
    }
    let end = label_at(text).map_or(text.len(), |(at, _, _)| at);
    let bare = text[..end].trim();
    let whole = type_words::glued(bare).is_none() && !bare.is_empty();
    whole.then(|| (sentence::value(bare, kind, false), end))
}

/// A number or a truth value where the type says so, whatever is glued to it.
fn plain_value(text: &str, kind: Option<&Type>) -> Option<(Value, usize)> {
    let kind = kind?;
    let length = if kind.is_numeric() {
        let sign = usize::from(text.starts_with('-'));
        text[sign..].find(|letter: char| !(letter.is_ascii_digit() || letter == '.')).map_or(text.len(), |end| end + sign)
    } else if kind.is("boolean") {
        ["true", "false"].into_iter().find(|word| text.starts_with(word))?.len()
    } else {
        return None;
    };
    let value = serde_json::from_str(&text[..length]).ok()?;
    Some((value, length))
}

/// Values between bars, and their length.
pub(super) fn values(text: &str, kind: Option<&Type>) -> Option<(Vec<Value>, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start().len();
        let read = plain_value(rest.trim_start(), kind).or_else(|| examples::value(rest.trim_start()));
        let (value, length) = match read {
            Some(value) => value,
            None => {
                let word = rest.trim_start().split([' ', '|']).next().unwrap_or_default();
                (sentence::value(word, kind, false), word.len())
            }
        };
        if length == 0 {
            return None;
        }
        found.push(value);
        at += blank + length;
        let next = text[at..].trim_start();
        if !next.starts_with('|') {
            return Some((found, at));
        }
        at = text.len() - next.len() + 1;
    }
}
