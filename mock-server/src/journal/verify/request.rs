//! A request of the journal beside one that is expected. What was sent is compared, and what may be shown of it is told.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use specs::wire::pairs;

use super::{Difference, Expectation, value};
use crate::journal::{Record, Redactor, wanted::glob};

/// Where a request is not as expected.
pub(super) fn differences(expected: &Expectation, record: &Record, redactor: &Redactor) -> Vec<Difference> {
    let mut found = Vec::new();
    let (path, query) = record.target().split_once('?').unwrap_or((record.target(), ""));
    let mut named = |place: &str, expected: &Option<String>, got: Option<&str>, fits: &dyn Fn(&str, &str) -> bool| {
        if let Some(expected) = expected.as_deref().filter(|expected| !got.is_some_and(|got| fits(expected, got))) {
            found.push(Difference { place: place.to_owned(), expected: Value::from(expected), got: got.map(Value::from) });
        }
    };
    let is_same = |one: &str, other: &str| one == other;
    named("provider", &expected.provider, record.provider(), &is_same);
    named("operation", &expected.operation, record.operation(), &is_same);
    named("method", &expected.method, Some(record.method.as_str()), &|one, other| one.eq_ignore_ascii_case(other));
    named("path", &expected.path, Some(path), &glob);
    let covers = |_: &str, _: &str| expected.statuses().is_some_and(|statuses| statuses.covers(record.status()));
    named("status", &expected.status, Some(record.status().as_str()), &covers);
    if !expected.query.is_empty() {
        let (sent, shown) = (parameters(query), redactor.target(record.target()));
        let shown = parameters(shown.split_once('?').map_or("", |(_, query)| query));
        for (name, expected) in &expected.query {
            let before = found.len();
            compare(expected, sent.get(name), &format!("query.{name}"), &mut found);
            for difference in found.iter_mut().skip(before) {
                difference.got = shown.get(name).cloned();
            }
        }
    }
    for (name, expected) in &expected.headers {
        let sent: Vec<String> =
            record.request_headers().filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect();
        let got = (!sent.is_empty()).then(|| Value::from(sent.join(", ")));
        let before = found.len();
        compare(expected, got.as_ref(), &format!("header.{}", name.to_ascii_lowercase()), &mut found);
        for difference in found.iter_mut().skip(before) {
            let shown =
                difference.got.as_ref().and_then(Value::as_str).map(|got| redactor.header(&name.to_ascii_lowercase(), got.to_owned()));
            difference.got = shown.map(Value::from);
        }
    }
    if let Some(expected) = &expected.body {
        let before = found.len();
        value::compare(expected, body(record, record.request_body()).as_ref(), "", &mut found);
        let shown = shown(record, redactor);
        for difference in found.iter_mut().skip(before) {
            difference.got = shown.as_ref().and_then(|body| body.pointer(&difference.place)).cloned();
        }
    }
    found
}

/// The body of a request as it may be shown.
pub(super) fn shown(record: &Record, redactor: &Redactor) -> Option<Value> {
    let content_type = record.request_headers().find(|(name, _)| *name == "content-type").map(|(_, value)| value).unwrap_or_default();
    body(record, &redactor.body(record.provider(), &content_type, record.request_body()))
}

/// Parameters are text: a number that is expected is expected as it is written.
fn compare(expected: &Value, got: Option<&Value>, place: &str, found: &mut Vec<Difference>) {
    let written = match expected {
        Value::Number(_) | Value::Bool(_) => Value::from(expected.to_string()),
        other => other.clone(),
    };
    value::compare(&written, got, place, found);
}

/// The body of a request: JSON, else a form, else text; `None` when there is none.
fn body(record: &Record, bytes: &[u8]) -> Option<Value> {
    if bytes.is_empty() {
        return None;
    }
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Some(value);
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    let is_form =
        record.request_headers().any(|(name, value)| name == "content-type" && value.starts_with("application/x-www-form-urlencoded"));
    Some(if is_form { Value::Object(parameters(&text)) } else { Value::from(text) })
}

/// Parameters by name; one that comes several times is an array.
fn parameters(text: &str) -> Map<String, Value> {
    let mut found = Map::new();
    for pair in pairs(text) {
        let name = percent_decode_str(&pair.name).decode_utf8_lossy().into_owned();
        let value = Value::from(pair.decoded().into_owned());
        match found.get_mut(&name) {
            None => _ = found.insert(name, value),
            Some(Value::Array(values)) => values.push(value),
            Some(one) => *one = json!([one.take(), value]),
        }
    }
    found
}
