//! JSON on a page, found by parsing: bare, numbered, prefixed, glued to the text before.

use serde_json::{Map, Value};

use super::literal::{Dialect, Found as Literal, read};
use crate::pages::line::Sheet;

/// What stands at a place.
pub(super) enum Found {
    /// A value: the offset where it begins, the offset after it, and whether something of it is left out.
    Value { start: usize, end: usize, value: Value, partial: bool },
    /// What begins like JSON and is none, up to an offset.
    Broken { start: usize, end: usize },
}

/// JSON that begins in the rest of the line at `from`.
pub(super) fn find(sheet: &Sheet, from: usize, budget: &mut usize) -> Option<Found> {
    let rest = sheet.rest(from);
    let indent = rest.len() - rest.trim_start().len();
    if rest[indent..].starts_with(['{', '[']) {
        return bare(sheet, from + indent, budget);
    }
    glued(sheet, from, rest, budget)
}

/// Reads a value, as long as not too much has been read in vain.
fn attempt(sheet: &Sheet, start: usize, budget: &mut usize) -> Result<Literal, usize> {
    if *budget == 0 {
        return Err(start);
    }
    let found = read(&sheet.text, start, Dialect::Json, &Map::new());
    if let Err(stop) = &found {
        *budget = budget.saturating_sub(stop - start);
    }
    found
}

fn bare(sheet: &Sheet, start: usize, budget: &mut usize) -> Option<Found> {
    match attempt(sheet, start, budget) {
        Ok(found) => {
            let several = sheet.position(found.end) > sheet.position(start);
            let alone = sheet.rest(found.end).trim().is_empty();
            let rich = several || alone || found.value.as_object().is_some_and(|members| !members.is_empty());
            let label = !several && found.value.as_array().is_some_and(|items| items.iter().all(|item| !item.is_object())) && !alone;
            (rich && !label).then_some(Found::Value { start, end: found.end, value: found.value, partial: found.partial })
        }
        Err(stop) => broken(sheet, start, stop),
    }
}

/// What stopped to be JSON on a later line, with members before that, was meant to be some.
fn broken(sheet: &Sheet, start: usize, stop: usize) -> Option<Found> {
    let first = sheet.position(start);
    let meant = sheet.position(stop) > first && sheet.text[start..stop].contains("\":");
    let meant = meant || (sheet.rest(start).starts_with("{\"") && sheet.rest(start).contains("\":"));
    if !meant {
        return None;
    }
    let mut depth = 0usize;
    for (offset, letter) in sheet.text[start..].char_indices() {
        match letter {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            '\n' if start + offset > stop && sheet.text[start + offset..].starts_with("\n\n") => depth = 0,
            _ => {}
        }
        if depth == 0 {
            return Some(Found::Broken { start, end: start + offset + usize::from(letter != '\n') });
        }
    }
    Some(Found::Broken { start, end: sheet.text.len() })
}

/// JSON after text on the same line, when it goes to the end of a line.
fn glued(sheet: &Sheet, from: usize, rest: &str, budget: &mut usize) -> Option<Found> {
    let opens = |offset: &usize| {
        let after = rest[offset + 1..].trim_start();
        after.is_empty() || after.starts_with(['"', '{', '[', '}'])
    };
    let offset = rest.match_indices(['{', '[']).map(|(offset, _)| offset).find(opens)?;
    let start = from + offset;
    let found = attempt(sheet, start, budget).ok()?;
    let several = sheet.position(found.end) > sheet.position(start);
    let after = sheet.rest(found.end).trim();
    let ends = after.is_empty() || after.starts_with(['{', '[']);
    let stated = rest[..offset].trim_end().ends_with(':');
    let object = found.value.as_object().is_some_and(|members| !members.is_empty()) || several;
    ((several || ends) && (object || stated)).then_some(Found::Value { start, end: found.end, value: found.value, partial: found.partial })
}

/// JSON in lines that are numbered from 1: the value, the position of the line after it, and the text after it on its line.
pub(super) fn numbered(sheet: &Sheet, position: usize) -> Option<(Value, bool, usize, String)> {
    let apart = sheet.line(position).trim() == "1";
    let opening =
        if apart { sheet.line(position + 1).trim_start() } else { sheet.line(position).trim_start().strip_prefix('1')?.trim_start() };
    if !opening.starts_with(['{', '[']) {
        return None;
    }
    let mut text = String::new();
    let mut ends = Vec::new();
    let mut at = position;
    for number in 1.. {
        let Some(line) = (at < sheet.len()).then(|| sheet.line(at)) else { break };
        let Some(rest) = line.trim_start().strip_prefix(&number.to_string()) else { break };
        let rest = if apart { if rest.trim().is_empty() { sheet.line(at + 1) } else { break } } else { rest };
        text.push_str(rest);
        text.push('\n');
        at += if apart { 2 } else { 1 };
        ends.push((text.len(), at));
    }
    let start = text.len() - text.trim_start().len();
    let found = read(&text, start, Dialect::Json, &Map::new()).ok()?;
    let line = ends.partition_point(|(end, _)| *end < found.end);
    let (end, after) = ends.get(line).copied()?;
    Some((found.value, found.partial, after, text[found.end..end].trim().to_owned()))
}
