//! Error envelopes, filled by the names of their properties.
//!
//! Every vendor has its own envelope and all use the same dozen names. An example of the envelope keeps its shape;
//! only what such a name promises is replaced.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{Rejection, Violation};

/// Names of a sentence that tells what is wrong.
const MESSAGE: [&str; 9] = ["message", "detail", "details", "description", "errordescription", "errormessage", "reason", "msg", "error"];
/// Names of the place that is wrong.
const FIELD: [&str; 10] = ["field", "path", "param", "parameter", "property", "pointer", "name", "location", "source", "loc"];
/// Names of the HTTP status as a number.
const STATUS: [&str; 3] = ["status", "statuscode", "code"];
/// Names of a list of what is wrong.
const LIST: [&str; 5] = ["errors", "messages", "violations", "issues", "problems"];
/// Names of an object of what is wrong, by field.
const FIELDS: [&str; 3] = ["fielderrors", "errors", "fields"];

/// Names of a word that stands for the kind of mistake.
const CODE: [&str; 5] = ["code", "type", "errorcode", "errortype", "kind"];

/// What is wrong in one sentence.
pub(super) fn message(rejection: &Rejection) -> String {
    rejection.violations.first().map_or_else(|| rejection.message.clone(), sentence)
}

/// One violation as a sentence.
pub(super) fn sentence(violation: &Violation) -> String {
    let subject = if violation.field.is_empty() { "the body" } else { &violation.field };
    format!("{subject} {}", violation.message)
}

/// Replaces, in an example of the envelope, what is about the example's own mistake.
pub(super) fn fill(value: &mut Value, rejection: &Rejection) {
    match value {
        Value::Object(map) => object(map, rejection),
        Value::Array(items) => list(items, rejection),
        Value::String(text) => *text = message(rejection),
        _ => {}
    }
}

/// Replaces, in an envelope that was made for another status, the words that stand for the kind of mistake.
pub(super) fn recode(value: &mut Value, status: StatusCode) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| recode(item, status)),
        Value::Object(map) => {
            for (name, value) in map {
                match value {
                    Value::String(text) if CODE.contains(&plain(name).as_str()) && is_code(text) => *text = code(text, status),
                    other => recode(other, status),
                }
            }
        }
        _ => {}
    }
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.'))
}

/// The name of a status, written as the code of another mistake is.
fn code(like: &str, status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or("error").replace(['-', '\''], " ");
    let lower: Vec<String> = reason.split(' ').map(str::to_lowercase).collect();
    let is_upper = !like.chars().any(|character| character.is_ascii_lowercase());
    let starts_upper = like.starts_with(|first: char| first.is_ascii_uppercase());
    if is_upper {
        return lower.join("_").to_uppercase();
    }
    if like.contains('-') {
        return lower.join("-");
    }
    if like.contains('_') || !like.chars().any(|character| character.is_ascii_uppercase()) {
        return lower.join("_");
    }
    let capital = |word: &String| word[..1].to_uppercase() + &word[1..];
    let rest: String = lower.iter().skip(1).map(capital).collect();
    let first = lower.first().map(|word| if starts_upper { capital(word) } else { word.clone() }).unwrap_or_default();
    first + &rest
}

fn object(map: &mut Map<String, Value>, rejection: &Rejection) {
    // Beside a message, `error` is the name of the status.
    let titled = map
        .iter()
        .any(|(name, value)| MESSAGE.contains(&plain(name).as_str()) && plain(name) != "error" && (value.is_string() || value.is_array()));
    for (name, value) in map.iter_mut() {
        let name = plain(name);
        let is = |names: &[&str]| names.contains(&name.as_str());
        match value {
            Value::String(text) if name == "error" && titled => rejection.status.canonical_reason().unwrap_or_default().clone_into(text),
            Value::String(text) if is(&MESSAGE) => *text = message(rejection),
            Value::String(text) if is(&FIELD) => *text = first_field(rejection),
            Value::Number(number) if is(&STATUS) => *number = rejection.status.as_u16().into(),
            Value::Array(items) if is(&MESSAGE) || is(&LIST) => list(items, rejection),
            Value::Object(fields) if is(&FIELDS) && fields.values().all(|value| value.is_string() || value.is_array()) => {
                by_field(fields, rejection);
            }
            Value::Object(inner) => object(inner, rejection),
            _ => {}
        }
    }
}

/// One element for each violation, shaped like the first of the example.
fn list(items: &mut Vec<Value>, rejection: &Rejection) {
    let Some(shape) = items.first().cloned() else { return };
    let violations = if rejection.violations.is_empty() { vec![whole(rejection)] } else { rejection.violations.clone() };
    *items = violations
        .into_iter()
        .map(|violation| {
            let mut one = Rejection::clone(rejection);
            one.violations = vec![violation];
            let mut item = shape.clone();
            fill(&mut item, &one);
            item
        })
        .collect();
}

fn by_field(fields: &mut Map<String, Value>, rejection: &Rejection) {
    let listed = fields.values().next().is_some_and(Value::is_array);
    let mut found: Map<String, Value> = Map::new();
    for violation in rejection.violations.iter().filter(|violation| !violation.field.is_empty()) {
        let message = Value::String(violation.message.clone());
        let entry = found.entry(violation.field.clone());
        match entry {
            serde_json::map::Entry::Vacant(place) => {
                place.insert(if listed { json!([message]) } else { message });
            }
            serde_json::map::Entry::Occupied(mut known) => {
                if let Value::Array(messages) = known.get_mut() {
                    messages.push(message);
                }
            }
        }
    }
    *fields = found;
}

fn whole(rejection: &Rejection) -> Violation {
    Violation {
        place: rejection.place.clone(),
        field: String::new(),
        keyword: rejection.rule.to_owned(),
        message: rejection.message.clone(),
    }
}

fn first_field(rejection: &Rejection) -> String {
    rejection.violations.first().map(|violation| violation.field.clone()).unwrap_or_default()
}

/// A name without what spelling adds: `status_code`, `Status-Code` and `statusCode` are one.
fn plain(name: &str) -> String {
    name.chars().filter(|character| !matches!(character, '_' | '-')).map(|character| character.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::Step, *};

    fn check(example: &Value, expected: &Value) {
        let mut rejection =
            Rejection::new(Step::Validate, StatusCode::UNPROCESSABLE_ENTITY, "invalid-body", "two things are wrong", "mend them");
        for (field, message) in [("size", "is required"), ("colour", "is not text")] {
            let violation = Violation { place: format!("/{field}"), field: field.into(), keyword: "k".into(), message: message.into() };
            rejection.violations.push(violation);
        }
        let mut value = example.clone();
        fill(&mut value, &rejection);
        assert_eq!(value, *expected);
    }

    #[test]
    fn a_borrowed_envelope_has_a_code_of_its_own() {
        for (like, written) in [
            ("invalid_key", "unsupported_media_type"),
            ("INVALID_KEY", "UNSUPPORTED_MEDIA_TYPE"),
            ("invalid-key", "unsupported-media-type"),
            ("InvalidKey", "UnsupportedMediaType"),
            ("invalidKey", "unsupportedMediaType"),
            ("https://errors.example/key", "https://errors.example/key"),
        ] {
            let mut value = json!({"error": {"code": like, "message": "kept"}});
            recode(&mut value, StatusCode::UNSUPPORTED_MEDIA_TYPE);
            assert_eq!(value, json!({"error": {"code": written, "message": "kept"}}));
        }
    }

    #[test]
    fn envelopes_keep_their_shape() {
        check(&json!({"error": {"code": "bad", "message": "x"}}), &json!({"error": {"code": "bad", "message": "size is required"}}));
        check(&json!({"error": "x"}), &json!({"error": "size is required"}));
        check(
            &json!({"statusCode": 400, "message": ["x"], "error": "Bad Request"}),
            &json!({"statusCode": 422, "message": ["size is required", "colour is not text"], "error": "Unprocessable Entity"}),
        );
        check(
            &json!({"errors": [{"field": "f", "message": "m"}]}),
            &json!({"errors": [{"field": "size", "message": "size is required"}, {"field": "colour", "message": "colour is not text"}]}),
        );
        check(&json!({"errors": {"f": ["m"]}}), &json!({"errors": {"size": ["is required"], "colour": ["is not text"]}}));
        check(
            &json!([{"msg": "m", "path": "p"}]),
            &json!([{"msg": "size is required", "path": "size"}, {"msg": "colour is not text", "path": "colour"}]),
        );
        check(&json!({"ok": false, "data": null}), &json!({"ok": false, "data": null}));
    }
}
