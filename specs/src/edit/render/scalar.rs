//! Scalars: plain where every reader takes them for what they are, else quoted.

use serde_json::Value;

use super::{Around, Look};
use crate::{
    document::{Syntax, plain_scalar},
    edit::tree::Style,
};

/// A scalar in a line, in the style that the old one had where that can hold it.
pub(in crate::edit) fn scalar(value: &Value, style: Option<Style>, around: Around, look: &Look) -> String {
    let Value::String(text) = value else { return value.to_string() };
    if look.syntax == Syntax::Json {
        return double(text);
    }
    let is_line = !text.chars().any(|character| character.is_control() || is_special(character));
    match style {
        Some(Style::Plain) if is_plain(text, around) => text.clone(),
        None if is_plain(text, around) && is_plain_to_all(text) => text.clone(),
        Some(Style::Single) if is_line => single(text),
        Some(Style::Double) => double(text),
        _ if is_line && look.quotes == Style::Single => single(text),
        _ => double(text),
    }
}

/// Text of several lines as a literal: its header and its lines.
pub(in crate::edit) fn literal(text: &str, column: usize) -> Option<(&'static str, Vec<String>)> {
    let (body, header) = text.strip_suffix('\n').map_or((text, "|-"), |body| (body, "|"));
    let is_plain = |line: &str| !line.chars().any(|character| character.is_control() || is_special(character)) && line.trim_end() == line;
    let is_sound = body.contains('\n') && !body.starts_with([' ', '\n']) && !body.ends_with('\n') && body.split('\n').all(is_plain);
    let indent = " ".repeat(column);
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{indent}{line}") };
    is_sound.then(|| (header, body.split('\n').map(line).collect()))
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn double(text: &str) -> String {
    let quoted = Value::String(text.to_owned()).to_string();
    if !quoted.contains(is_special) {
        return quoted;
    }
    quoted.chars().map(|one| if is_special(one) { format!("\\u{:04X}", u32::from(one)) } else { one.to_string() }).collect()
}

/// What is space or no character to some readers.
fn is_special(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether text that is not quoted is read as this text.
fn is_plain(text: &str, around: Around) -> bool {
    let first = text.chars().next();
    let is_indicator = |first: char| "-?:,[]{}#&*!|>'\"%@`=".contains(first);
    let is_broken = |character: char| character.is_control() || is_special(character);
    let ends = [": ", " #", ":\t", "\t#"];
    first.is_some_and(|first| !is_indicator(first))
        && text.trim() == text
        && !text.contains(is_broken)
        && !ends.iter().any(|end| text.contains(end))
        && !text.ends_with(':')
        && !text.starts_with("...")
        && text != "<<"
        && plain_scalar(text) == Some(Value::String(text.to_owned()))
        && (around == Around::Lines || !text.contains([',', '[', ']', '{', '}']))
}

/// Whether readers of YAML 1.1 take it for text too, and not for a truth, a date or a number.
fn is_plain_to_all(text: &str) -> bool {
    let is_truth = ["y", "n", "yes", "no", "on", "off"].iter().any(|word| word.eq_ignore_ascii_case(text));
    let begins = text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '.' | '~'));
    !is_truth && (!begins || text.chars().any(|one| !one.is_ascii_hexdigit() && !"+-.:_xoTZ ".contains(one)))
}
