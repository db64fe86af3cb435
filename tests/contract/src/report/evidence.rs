//! An exchange for people: JSON over several lines, and what is long cut.

use super::screen::{joined, line};
use crate::exchange::{Exchange, Response};

/// How many lines of a body are shown, and how long one may be.
const LINES: usize = 30;
const LONGEST: usize = 160;
/// The longest body that is laid out.
const LAID_OUT: usize = 64 * 1024;

/// An exchange, over several lines, the last one with its end.
pub(super) fn lines(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let mut text = format!("{}\n", line(&format!("{} {}", request.method, request.target()), 4 * LONGEST));
    for field in &request.headers {
        text.push_str(&header(&field.name, &field.value));
    }
    text.push_str(&body(request.body.as_deref().unwrap_or_default()));
    match &exchange.response {
        Ok(response) => text.push_str(&answer(response)),
        Err(why) => text.push_str(&format!("→ no answer: {}\n", line(why, 4 * LONGEST))),
    }
    text
}

/// An exchange, on one line without its end.
pub(super) fn summary(exchange: &Exchange) -> String {
    let answer = match &exchange.response {
        Ok(response) => response.status.to_string(),
        Err(_) => "no answer".to_owned(),
    };
    format!("{} → {answer}", line(&format!("{} {}", exchange.request.method, exchange.request.target()), LONGEST))
}

/// The headers of an answer that do not tell the time.
pub(super) fn headers(response: &Response) -> impl Iterator<Item = (&str, &str)> {
    let shown = response.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("date"));
    shown.map(|(name, value)| (name.as_str(), value.as_str()))
}

fn answer(response: &Response) -> String {
    let headers = joined(headers(response), |(name, value)| header(name, value));
    format!("→ {}\n{headers}{}", response.status, body(&response.body))
}

fn header(name: &str, value: &str) -> String {
    format!("  {}: {}\n", line(name, LONGEST), line(value, LONGEST))
}

fn body(bytes: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(bytes) else { return format!("  ({} bytes that are no text)\n", bytes.len()) };
    let parsed = (bytes.len() <= LAID_OUT).then(|| serde_json::from_str::<serde_json::Value>(text).ok()).flatten();
    let laid_out = parsed.map_or_else(|| text.to_owned(), |value| format!("{value:#}"));
    let all: Vec<&str> = laid_out.lines().collect();
    let mut shown = joined(all.iter().take(LINES), |text| format!("  {}\n", line(text, LONGEST)));
    if all.len() > LINES {
        shown.push_str(&format!("  … ({} more lines)\n", all.len() - LINES));
    }
    shown
}
