//! Where new entries go in a file: sorted among the others, and all that people wrote stays as it is.
//!
//! Entries are lines, put before the first entry that comes after them and before the comments above that. The text is
//! read again, and where it does not say what it should, the entries are added at the end by [`specs::edit`], which
//! knows every layout.

use serde_json::{Value, json};
use specs::edit::{self, Edit};

use super::{Baseline, Entry, Said, read};

/// What a new file begins with.
const HEAD: &str = "\
# Failures of contract tests that are accepted for a while. `contract run … --accept --reason WHY` adds to this file;
# edit it as you like. An entry counts until its last day; take out what no longer occurs.
";

/// The text with these entries, which it sorts.
pub(super) fn placed(file: &str, text: &str, new: &mut [Entry]) -> Result<String, String> {
    new.sort_by(|one, other| order(one).cmp(&order(other)));
    let fresh = || {
        let head = if text.trim().is_empty() { HEAD.to_owned() } else { ended(text) };
        Some(format!("{head}accepted:\n{}", new.iter().map(|entry| block(entry, "")).collect::<String>()))
    };
    let tried = if read::is_blank(text) { fresh() } else { among(file, text, new) };
    if let Some(text) = tried.filter(|tried| says(file, tried, text, new)) {
        return Ok(text);
    }
    let before = Baseline::read(file, text).map_err(|problems| problems.iter().map(ToString::to_string).collect::<String>())?;
    let values = new.iter().map(value);
    let edits: Vec<Edit> = if before.entries.is_empty() {
        let all = Value::Array(values.collect());
        vec![Edit::Set { at: "/accepted".to_owned(), value: all }]
    } else {
        values.map(|value| Edit::Append { at: "/accepted".to_owned(), value }).collect()
    };
    let text = edit::apply(file, text, &edits).map_err(|refused| refused.to_string())?;
    Ok(ended(&text))
}

/// The text with the entries put in as lines; `None` when the others are not.
fn among(file: &str, text: &str, new: &[Entry]) -> Option<String> {
    let old = Baseline::read(file, text).ok()?.entries;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (first, last) = (old.first()?, old.last()?);
    let indent = lines.get(first.at.0.checked_sub(1)?)?.split_once("- ").filter(|(indent, _)| indent.trim().is_empty())?.0;
    let end = (last.at.0..lines.len()).find(|line| is_outside(lines[*line], indent)).unwrap_or(lines.len());
    let mut parts: Vec<String> = vec![String::new(); lines.len() + 1];
    for entry in new {
        let next = old.iter().find(|known| order(known) > order(entry));
        let at = next.map_or(end, |next| above_comments(&lines, next.at.0 - 1));
        parts[at].push_str(&block(entry, indent));
    }
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::new();
    for (position, part) in parts.iter().enumerate() {
        if !part.is_empty() && !out.is_empty() && !out.ends_with('\n') {
            out.push_str(newline);
        }
        out.push_str(&part.replace('\n', newline));
        out.push_str(lines.get(position).unwrap_or(&""));
    }
    Some(out)
}

/// Whether a line is none of an entry's: blank, a comment at the margin, or something else that begins there.
fn is_outside(line: &str, indent: &str) -> bool {
    let inside = line.strip_prefix(indent).is_some_and(|rest| rest.starts_with("  ") || rest.starts_with("- "));
    !inside || line.trim().is_empty()
}

/// The line above which nothing is said about this one.
fn above_comments(lines: &[&str], line: usize) -> usize {
    (0..line).rev().find(|above| !lines[*above].trim_start().starts_with('#')).map_or(0, |above| above + 1)
}

/// Whether a text has the entries that it had, these, and no others.
fn says(file: &str, text: &str, before: &str, new: &[Entry]) -> bool {
    let entries = |text: &str| {
        let entries = Baseline::read(file, text).ok()?.entries;
        Some(entries.into_iter().map(|entry| Entry { at: (0, 0), ..entry }).collect::<Vec<_>>())
    };
    let Some((now, mut wanted)) = entries(text).zip(entries(before)) else { return false };
    wanted.extend(new.iter().cloned());
    now.len() == wanted.len() && wanted.iter().all(|entry| now.contains(entry))
}

fn order(entry: &Entry) -> (&str, &Said) {
    (&entry.case, &entry.said)
}

/// An entry as lines.
fn block(entry: &Entry, indent: &str) -> String {
    let value = value(entry);
    let mut lines = String::new();
    for (position, (key, value)) in value.as_object().into_iter().flatten().enumerate() {
        lines.push_str(&format!("{indent}{} {key}: {}\n", if position == 0 { '-' } else { ' ' }, scalar(value)));
    }
    lines
}

fn value(entry: &Entry) -> Value {
    let mut value = json!({"case": entry.case, "rule": entry.rule});
    match &entry.said {
        Said::Blocked => value["blocked"] = true.into(),
        Said::Failed { place, got } => {
            if !place.is_empty() {
                value["place"] = place.as_str().into();
            }
            if let Some(got) = got {
                value["got"] = got.as_str().into();
            }
        }
    }
    value["reason"] = entry.reason.as_str().into();
    value["since"] = entry.since.to_string().into();
    value["expires"] = entry.expires.to_string().into();
    value
}

/// A text without quotes where it may stand so: JSON's quotes are YAML's too.
fn scalar(value: &Value) -> String {
    let plain = |text: &&str| {
        let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
        let is_date = text.parse::<chrono::NaiveDate>().is_ok();
        let is_free = text.chars().all(|character| character.is_alphanumeric() || " _-./:()'".contains(character));
        let is_word = ["true", "false", "null", "yes", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word));
        is_date || begins && is_free && !is_word && !text.contains(": ") && !text.ends_with([':', ' '])
    };
    value.as_str().filter(plain).map_or_else(|| value.to_string(), str::to_owned)
}

fn ended(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
