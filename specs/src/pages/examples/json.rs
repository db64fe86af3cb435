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

/// How many lines without a number may stand among numbered ones.
const GAP: usize = 2;
/// How far the numbers of two lines may be apart.
const LEAP: usize = 50;

/// What numbered lines hold, up to a line.
pub(super) struct Numbered {
    /// The value, whether something of it is left out, and what stands after it on its last line.
    pub(super) value: Option<(Value, bool, String)>,
    /// The position of the line after the value; after all numbered lines when there is no value.
    pub(super) after: usize,
}

/// JSON in lines that are numbered: from 1, or from where the first line was lost. Numbers may be repeated or missing.
pub(super) fn numbered(sheet: &Sheet, position: usize) -> Option<Numbered> {
    let apart = sheet.line(position).trim() == "1";
    let opening = if apart { sheet.line(position + 1) } else { split_number(sheet.line(position), None)?.1 };
    let opening = opening.trim_start();
    let begins = opening.starts_with(['{', '[']) && (apart || split_number(sheet.line(position), Some(1)).is_some());
    let resumed = || is_member(opening) && split_number(sheet.line(position + 1), None).is_some_and(|(_, rest)| is_json(rest));
    if !(begins || resumed()) {
        return None;
    }
    let (text, ends) = gathered(sheet, position, apart);
    if ends.len() < 2 && !begins {
        return None;
    }
    let after = ends.last().map_or(position + 1, |(_, at)| *at);
    let broken = Numbered { value: None, after };
    let start = text.len() - text.trim_start().len();
    let Some(found) = read(&text, start, Dialect::Json, &Map::new()).ok().filter(|_| begins) else {
        return (ends.len() > 1).then_some(broken);
    };
    let line = ends.partition_point(|(end, _)| *end < found.end);
    let (end, after) = ends.get(line).copied()?;
    Some(Numbered { value: Some((found.value, found.partial, text[found.end..end].trim().to_owned())), after })
}

/// The lines of a numbered example without their numbers: the text, and for each line its end and the position after it.
fn gathered(sheet: &Sheet, position: usize, apart: bool) -> (String, Vec<(usize, usize)>) {
    let (mut text, mut ends) = (String::new(), Vec::new());
    let (mut at, mut number) = (position, 0);
    while at < sheet.len() {
        let next =
            |at: usize| split_number(sheet.line(at), Some(number + 1)).filter(|(own, _)| (number.max(1)..=number + LEAP).contains(own));
        let (own, rest, length) = match next(at) {
            Some((own, rest)) if apart && rest.trim().is_empty() && at + 1 < sheet.len() => (own, sheet.line(at + 1), 2),
            Some((own, rest)) if !apart && (own != 1 || number <= 1) => (own, rest, 1),
            _ => {
                let resumes = (1..=GAP).any(|by| at + by < sheet.len() && next(at + by).is_some_and(|(_, rest)| apart || is_json(rest)));
                if !(resumes && number > 0 && is_json(sheet.line(at))) {
                    break;
                }
                (number, sheet.line(at), 1)
            }
        };
        number = own;
        text.push_str(rest);
        text.push('\n');
        at += length;
        ends.push((text.len(), at));
    }
    (text, ends)
}

/// The number that a line begins with, the expected one where it can be, and the rest.
fn split_number(line: &str, expected: Option<usize>) -> Option<(usize, &str)> {
    let line = line.trim_start();
    let wanted = expected.and_then(|number| line.strip_prefix(&number.to_string()).map(|rest| (number, rest)));
    wanted.or_else(|| {
        let end = line.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(line.len());
        line[..end].parse().ok().filter(|_| end < 7).map(|number| (number, &line[end..]))
    })
}

/// Whether a text is the beginning of a member: `"name": …`.
fn is_member(text: &str) -> bool {
    let inner = text.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
    inner.is_some_and(|(_, after)| after.trim_start().starts_with(':'))
}

/// Whether a text is a line of JSON, as far as one line tells.
fn is_json(text: &str) -> bool {
    let text = text.trim();
    is_member(text) || text.starts_with(['{', '}', '[', ']', '"']) || text.trim_end_matches(',').parse::<f64>().is_ok()
}
