//! HTTP messages written out: a start line, headers, a body.

use http::Method;
use serde_json::Map;

use super::{Item, literal, payload};
use crate::pages::{Request, line::Sheet, signature};

/// Headers that are known without a hyphen in their name.
const PLAIN: [&str; 12] =
    ["accept", "allow", "authorization", "cookie", "date", "etag", "expires", "host", "location", "origin", "referer", "vary"];

/// A message that begins at a line, and the offset after it.
pub(super) fn read(sheet: &Sheet, position: usize) -> Option<(Item, usize)> {
    let line = sheet.line(position).trim();
    if let Some(status) = status_line(line) {
        return Some(answer(sheet, position, status));
    }
    let (method, target, versioned) = request_line(line)?;
    let headers = headers(sheet, position + 1);
    if headers.is_empty() && !versioned {
        return None;
    }
    let after = position + 1 + headers.len();
    let (body, end) = body(sheet, after, &headers);
    let host = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
    let url = match host {
        Some((_, host)) if target.starts_with('/') => format!("https://{host}{target}"),
        _ => target,
    };
    let request = Request { method, url, headers, body };
    Some((Item::Request { first: sheet.number(position), last: sheet.last(end), request }, end))
}

/// Name and value of a line that is a header and no sentence.
pub(in crate::pages) fn header(line: &str) -> Option<(String, String)> {
    let (name, value) = line.trim().split_once(':')?;
    let token = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
    let known = name.contains('-') || PLAIN.contains(&name.to_ascii_lowercase().as_str());
    (token && known && value.starts_with(' ')).then(|| (name.to_owned(), value.trim().to_owned()))
}

fn request_line(line: &str) -> Option<(Method, String, bool)> {
    let mut words = line.split_whitespace();
    let method = signature::method(words.next()?)?;
    let target = words.next().filter(|target| target.starts_with('/') || target.contains("://"))?;
    let version = words.next();
    let versioned = version.is_some_and(|version| version.starts_with("HTTP/"));
    (words.next().is_none() && (version.is_none() || versioned)).then(|| (method, target.to_owned(), versioned))
}

fn status_line(line: &str) -> Option<u16> {
    let rest = line.strip_prefix("HTTP/")?;
    let status = rest.split_whitespace().nth(1)?.parse().ok()?;
    (100..600).contains(&status).then_some(status)
}

fn headers(sheet: &Sheet, from: usize) -> Vec<(String, String)> {
    (from..sheet.len()).map_while(|position| header(sheet.line(position))).collect()
}

fn answer(sheet: &Sheet, position: usize, status: u16) -> (Item, usize) {
    let headers = headers(sheet, position + 1);
    let after = position + 1 + headers.len();
    let first = sheet.number(position);
    let end = sheet.start(after).saturating_sub(1).max(sheet.start(position));
    match json_at(sheet, after) {
        Some(found) => (Item::Answer { first, last: sheet.last(found.end), status, headers, body: Some(found.value) }, found.end),
        None => (Item::Answer { first, last: sheet.last(end), status, headers, body: None }, end),
    }
}

fn json_at(sheet: &Sheet, after: usize) -> Option<literal::Found> {
    let blank = after < sheet.len() && sheet.line(after).trim().is_empty();
    let start = sheet.start(after + usize::from(blank));
    let rest = sheet.text.get(start..)?;
    let start = start + rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let opens = sheet.text[start..].starts_with(['{', '[']);
    literal::read(&sheet.text, start, literal::Dialect::Json, &Map::new()).ok().filter(|found| opens && !found.partial)
}

/// The body after the headers: JSON, or where the headers say so a form.
fn body(sheet: &Sheet, after: usize, headers: &[(String, String)]) -> (Option<crate::pages::Payload>, usize) {
    if let Some(found) = json_at(sheet, after) {
        return (Some(crate::pages::Payload::Json(found.value)), found.end);
    }
    let end = sheet.start(after).saturating_sub(1);
    let form = headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("content-type") && value.contains("urlencoded"));
    let blank = after < sheet.len() && sheet.line(after).trim().is_empty();
    let at = after + usize::from(blank);
    if form && at < sheet.len() && sheet.line(at).contains('=') {
        return (Some(payload(sheet.line(at).trim(), headers)), sheet.start(at) + sheet.line(at).len());
    }
    (None, end)
}
