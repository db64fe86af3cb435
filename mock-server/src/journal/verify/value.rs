//! Whether a JSON value is the one expected: what is said has to be there, and more may be.
//!
//! An object expects its members and allows others; an array expects just its items. An object of one member whose name
//! begins with `$` says what the value has to be like instead of what it is.

use regress::Regex;
use serde_json::{Map, Value};

use super::Difference;

/// What the value has to be like, by the name of the one member that says so.
const MATCHERS: [&str; 7] = ["$any", "$absent", "$eq", "$regex", "$contains", "$type", "$in"];

/// Adds where a value is not as expected; `place` is its JSON pointer.
pub(super) fn compare(expected: &Value, got: Option<&Value>, place: &str, found: &mut Vec<Difference>) {
    if let Some((matcher, wanted)) = matcher(expected) {
        if !fits(matcher, wanted, got) {
            found.push(Difference::new(place, expected, got));
        }
        return;
    }
    match (expected, got) {
        (Value::Object(members), Some(Value::Object(there))) => {
            for (name, expected) in members {
                compare(expected, there.get(name), &below(place, name), found);
            }
        }
        (Value::Array(items), Some(Value::Array(there))) if items.len() == there.len() => {
            for (position, (expected, got)) in items.iter().zip(there).enumerate() {
                compare(expected, Some(got), &below(place, &position.to_string()), found);
            }
        }
        (expected, Some(got)) if is_same(expected, got) => {}
        _ => found.push(Difference::new(place, expected, got)),
    }
}

/// What is wrong with an expected value, if anything is: a matcher that is none, or a pattern that does not compile.
pub(super) fn check(expected: &Value, place: &str) -> Result<(), String> {
    match expected {
        Value::Object(members) => {
            if let Some((name, wanted)) = single(members).filter(|(name, _)| name.starts_with('$')) {
                return check_matcher(name, wanted, place);
            }
            members.iter().try_for_each(|(name, value)| check(value, &below(place, name)))
        }
        Value::Array(items) => items.iter().enumerate().try_for_each(|(at, item)| check(item, &below(place, &at.to_string()))),
        _ => Ok(()),
    }
}

fn check_matcher(name: &str, wanted: &Value, place: &str) -> Result<(), String> {
    let said = |what: &str| Err(format!("`{name}` at `{place}` {what}"));
    match (name, wanted) {
        ("$any" | "$absent", Value::Bool(true)) | ("$eq", _) | ("$contains", Value::String(_)) | ("$in", Value::Array(_)) => Ok(()),
        ("$type", Value::String(kind)) if KINDS.contains(&kind.as_str()) => Ok(()),
        ("$regex", Value::String(pattern)) => match Regex::with_flags(pattern, "u") {
            Ok(_) => Ok(()),
            Err(error) => said(&format!("is no regular expression: {error}")),
        },
        ("$any" | "$absent", _) => said("has to be `true`"),
        ("$contains" | "$regex", _) => said("has to be a text"),
        ("$in", _) => said("has to be an array"),
        ("$type", _) => said(&format!("has to be one of {}", KINDS.join(", "))),
        _ => said(&format!("is no matcher; there are {}", MATCHERS.join(", "))),
    }
}

/// The types of JSON Schema.
const KINDS: [&str; 7] = ["string", "number", "integer", "boolean", "object", "array", "null"];

fn matcher(expected: &Value) -> Option<(&str, &Value)> {
    single(expected.as_object()?).filter(|(name, _)| MATCHERS.contains(name))
}

fn single(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    members.iter().next().filter(|_| members.len() == 1).map(|(name, value)| (name.as_str(), value))
}

fn fits(matcher: &str, wanted: &Value, got: Option<&Value>) -> bool {
    let Some(got) = got else { return matcher == "$absent" };
    match (matcher, wanted) {
        ("$any", _) => true,
        ("$eq", wanted) => is_same(wanted, got),
        ("$in", Value::Array(values)) => values.iter().any(|value| is_same(value, got)),
        ("$type", Value::String(kind)) => is_kind(kind, got),
        ("$contains", Value::String(part)) => match got {
            Value::String(text) => text.contains(part.as_str()),
            Value::Array(items) => items.contains(wanted),
            _ => false,
        },
        ("$regex", Value::String(pattern)) => {
            let text = got.as_str().map_or_else(|| got.to_string(), str::to_owned);
            Regex::with_flags(pattern, "u").is_ok_and(|pattern| pattern.find(&text).is_some())
        }
        _ => false,
    }
}

fn is_kind(kind: &str, value: &Value) -> bool {
    match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Number(number) => kind == "number" || kind == "integer" && number.as_f64().is_some_and(|number| number.fract() == 0.0),
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}

/// `1` and `1.0` are the same number.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len() && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| is_same(value, other)))
        }
        _ => one == other,
    }
}

fn below(place: &str, name: &str) -> String {
    format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_said_has_to_be_there_and_more_may_be() {
        let got = json!({"title": "Kick-off", "seats": 12, "tags": ["a", "b"], "lead": {"id": "x", "name": null}});
        for (expected, places) in [
            (json!({}), vec![]),
            (json!({"title": "Kick-off", "seats": 12.0}), vec![]),
            (json!({"lead": {"id": "y"}, "title": "x"}), vec!["/lead/id", "/title"]),
            (json!({"tags": ["a"]}), vec!["/tags"]),
            (json!({"tags": ["a", {"$any": true}]}), vec![]),
            (json!({"title": {"$regex": "^Kick"}, "seats": {"$type": "integer"}, "gone": {"$absent": true}}), vec![]),
            (json!({"title": {"$absent": true}, "gone": {"$any": true}}), vec!["/title", "/gone"]),
            (json!({"lead": {"$eq": {"id": "x"}}}), vec!["/lead"]),
            (json!({"title": {"$contains": "off"}, "tags": {"$contains": "b"}, "seats": {"$in": [11, 12]}}), vec![]),
            (json!({"lead": {"name": null}}), vec![]),
            (json!({"a/b": 1}), vec!["/a~1b"]),
        ] {
            let mut found = Vec::new();
            compare(&expected, Some(&got), "", &mut found);
            assert_eq!(found.iter().map(|one| one.place.as_str()).collect::<Vec<_>>(), places, "{expected}");
        }
    }

    #[test]
    fn a_matcher_that_is_none_is_told() {
        for (expected, said) in [
            (json!({"a": {"$regexp": "x"}}), "`$regexp` at `/a` is no matcher"),
            (json!({"a": [{"$regex": "("}]}), "`$regex` at `/a/0` is no regular expression"),
            (json!({"$type": "text"}), "`$type` at `` has to be one of"),
        ] {
            assert!(check(&expected, "").unwrap_err().starts_with(said), "{expected}");
        }
        assert_eq!(check(&json!({"a": {"$regex": "x"}, "b": {"$any": true, "c": 1}}), ""), Ok(()));
    }
}
