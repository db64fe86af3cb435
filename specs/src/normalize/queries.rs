//! Keys of `paths` that go on after the path: a query part, as `/shelves?list=2`, or a fragment, as `/#Stock`.
//!
//! Neither belongs there, and what is meant is clear: the query part names parameters that every request of these
//! operations has. They are declared here, so that no pass behind this one has to know where they were written.

use serde_json::{Map, Value, json};

use super::variables::{METHODS, follow};
use crate::pointer;

/// A key of `paths` in its parts: the path, the query part, and the fragment, each without its sign.
pub(crate) fn apart(key: &str) -> (&str, &str, &str) {
    let mut depth = 0_usize;
    let tail = key.char_indices().find(|(_, character)| {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(character, '?' | '#')
    });
    let Some((at, _)) = tail else { return (key, "", "") };
    let (path, tail) = key.split_at(at);
    let (query, fragment) = tail.split_once('#').unwrap_or((tail, ""));
    (path, query.trim_start_matches('?'), fragment)
}

/// The names of a query part or a fragment, each with its value, if one is written. What has a variable for a name
/// says nothing.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let pairs = text.split('&').map(|pair| pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value))));
    pairs.filter(|(name, _)| !name.is_empty() && !name.contains(['{', '}', '/']))
}

/// The variable that stands for a value.
pub(crate) fn variable(value: &str) -> Option<&str> {
    value.strip_prefix('{')?.strip_suffix('}')
}

/// Declares the parameters that query parts of paths name.
pub(super) fn declare(root: &mut Value) {
    let paths = root.get("paths").and_then(Value::as_object).into_iter().flatten();
    let keys: Vec<String> = paths.map(|(key, _)| key).filter(|key| !apart(key).1.is_empty()).cloned().collect();
    for key in keys {
        let place = pointer::join("/paths", &key);
        let operations: Vec<String> = METHODS
            .iter()
            .map(|method| pointer::join(&place, method))
            .filter(|at| pointer::get(root, at).is_some_and(Value::is_object))
            .collect();
        for (name, value) in pairs(apart(&key).1) {
            let shared = take(root, &place, name, value);
            for operation in &operations {
                let own = take(root, operation, name, value);
                let parameter = complete(own.or_else(|| shared.clone()), name, value);
                let list = pointer::create(root, &pointer::join(operation, "parameters"));
                match list {
                    Some(Value::Array(parameters)) => parameters.push(parameter),
                    Some(list) => *list = json!([parameter]),
                    None => {}
                }
            }
        }
    }
}

/// Takes the parameter that a pair of a query part means out of those of a path or an operation.
fn take(root: &mut Value, holder: &str, name: &str, value: Option<&str>) -> Option<Map<String, Value>> {
    let stands_for = value.and_then(variable);
    let is_meant = |parameter: &Value| {
        let (known, place) = (parameter.get("name").and_then(Value::as_str), parameter.get("in").and_then(Value::as_str));
        known == Some(name) && place == Some("query") || known.is_some() && known == stands_for && place == Some("path")
    };
    let list = pointer::join(holder, "parameters");
    let parameters = pointer::get(root, &list)?.as_array()?;
    let at = parameters.iter().position(|parameter| follow(root, parameter).is_some_and(is_meant))?;
    let found = follow(root, parameters.get(at)?)?.as_object()?.clone();
    if let Some(Value::Array(parameters)) = pointer::create(root, &list) {
        parameters.remove(at);
    }
    Some(found)
}

/// The parameter as every request has it.
fn complete(found: Option<Map<String, Value>>, name: &str, value: Option<&str>) -> Value {
    let mut parameter = found.unwrap_or_default();
    parameter.retain(|name, _| !matches!(name.as_str(), "style" | "explode" | "required"));
    parameter.insert("name".to_owned(), name.into());
    parameter.insert("in".to_owned(), "query".into());
    parameter.insert("required".to_owned(), true.into());
    match value {
        Some(value) if variable(value).is_some() => {
            if !parameter.contains_key("content") {
                parameter.entry("schema").or_insert_with(|| json!({ "type": "string" }));
            }
            return parameter.into();
        }
        Some(value) => drop(parameter.insert("schema".to_owned(), json!({ "type": "string", "enum": [value] }))),
        // That it is there is all that counts.
        None => {
            parameter.insert("schema".to_owned(), json!({ "type": "string" }));
            parameter.insert("example".to_owned(), "".into());
        }
    }
    for other in ["content", "examples"].into_iter().chain(value.map(|_| "example")) {
        parameter.shift_remove(other);
    }
    parameter.into()
}

#[cfg(test)]
mod tests {
    use super::{apart, pairs};

    #[test]
    fn a_key_is_taken_apart_outside_of_braces() {
        let rows = [
            ("/a", ("/a", "", "")),
            ("/a?b=1&c", ("/a", "b=1&c", "")),
            ("/a#b=1", ("/a", "", "b=1")),
            ("/a?b#c?d", ("/a", "b", "c?d")),
            ("/{a?}/{b#}", ("/{a?}/{b#}", "", "")),
            ("/#", ("/", "", "")),
        ];
        for (key, expected) in rows {
            assert_eq!(apart(key), expected, "{key}");
        }
    }

    #[test]
    fn pairs_have_names_of_their_own() {
        let found: Vec<_> = pairs("a=1&b&c={d}&{e}=2&=3&&v1/x").collect();
        assert_eq!(found, [("a", Some("1")), ("b", None), ("c", Some("{d}"))]);
    }
}
