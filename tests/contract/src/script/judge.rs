//! Whether an answer is what a step says, and what is kept of it.

use serde_json::Value;
use specs::pointer;

use super::{
    kept::Kept,
    step::{Check, Place, Statuses, Step},
};
use crate::Response;

/// Everything that is wrong with an answer; what is to be kept of it is kept.
pub(super) fn answer(step: &Step, response: &Response, kept: &mut Kept) -> Vec<String> {
    let json = response.json();
    let mut wrong: Vec<String> = status(step, response).into_iter().collect();
    for (name, check) in &step.headers_of_answer {
        wrong.extend(told(check, &format!("header `{name}`"), header(response, name, check).as_ref(), kept));
    }
    if let Some(check) = &step.type_of_answer {
        let sent = response.header("content-type").map(|sent| Value::from(sent.split(';').next().unwrap_or_default().trim()));
        wrong.extend(told(check, "media type", sent.as_ref(), kept));
    }
    for (place, check) in &step.answers {
        let found = json.as_ref().and_then(|json| pointer::get(json, place));
        wrong.extend(told(check, &format!("`{place}`"), found, kept));
    }
    wrong.extend(body(step, response, kept));
    for (name, place, line) in &step.keep {
        match found(response, json.as_ref(), place) {
            Some(value) => kept.put(name, value),
            None => wrong.push(format!("line {line}: expected something to keep as `{name}`, got nothing")),
        }
    }
    wrong
}

fn status(step: &Step, response: &Response) -> Option<String> {
    let is = |wanted: &Statuses| match wanted {
        Statuses::Exactly(status) => *status == response.status,
        Statuses::Hundred(hundred) => *hundred == response.status / 100,
    };
    let words = |wanted: &Statuses| match wanted {
        Statuses::Exactly(status) => status.to_string(),
        Statuses::Hundred(hundred) => format!("{hundred}XX"),
    };
    let wanted = || step.gets.iter().map(words).collect::<Vec<_>>().join(" or ");
    (!step.gets.iter().any(is)).then(|| format!("status: expected {}, got {}", wanted(), response.status))
}

/// The header as a text; as an array of texts, when an array is expected.
fn header(response: &Response, name: &str, check: &Check) -> Option<Value> {
    if !check.expected.is_array() {
        return response.header(name).map(Value::from);
    }
    let all = response.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| Value::from(value.as_str()));
    let all: Vec<Value> = all.collect();
    (!all.is_empty()).then_some(Value::Array(all))
}

fn body(step: &Step, response: &Response, kept: &Kept) -> Option<String> {
    if let Some((line, bytes)) = &step.bytes_of_answer
        && *bytes != response.body
    {
        return Some(format!("line {line}: body: expected {} bytes, got {} others", bytes.len(), response.body.len()));
    }
    let check = step.text_of_answer.as_ref()?;
    let text = String::from_utf8(response.body.clone()).ok().map(Value::from);
    told(check, "body", text.as_ref(), kept)
}

fn told(check: &Check, what: &str, found: Option<&Value>, kept: &Kept) -> Option<String> {
    check.expected.misses(found, kept).map(|missed| format!("line {}: {what}: {missed}", check.line))
}

fn found(response: &Response, json: Option<&Value>, place: &Place) -> Option<Value> {
    match place {
        Place::Pointer(place) => pointer::get(json?, place).cloned(),
        Place::Header(name) => response.header(name).map(Value::from),
    }
}
