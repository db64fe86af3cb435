//! JSON pointers (RFC 6901) as plain strings: `""` is the whole value, `"/paths/~1notes"` a place in it.

use std::borrow::Cow;

use serde_json::Value;

/// `pointer` with one more reference token, escaped.
#[must_use]
pub fn join(pointer: &str, token: &str) -> String {
    let mut joined = String::with_capacity(pointer.len() + token.len() + 1);
    joined.push_str(pointer);
    push(&mut joined, token);
    joined
}

/// Lengthens `pointer` by one reference token, escaped.
pub fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    push_escaped(pointer, token);
}

/// `pointer` with an array index as one more token.
#[must_use]
pub fn index(pointer: &str, position: usize) -> String {
    format!("{pointer}/{position}")
}

/// What stands at `pointer`. Does what [`Value::pointer`] does without an allocation for each token, which counts:
/// schemas are looked up by pointer.
#[must_use]
pub fn get<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    if !(pointer.is_empty() || pointer.starts_with('/')) {
        return None;
    }
    pointer.split('/').skip(1).try_fold(value, |at, token| match at {
        Value::Object(members) => members.get(&*unescaped(token)),
        Value::Array(items) => items.get(position(token)?),
        _ => None,
    })
}

/// The reference tokens of `pointer`, unescaped.
pub fn tokens(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescaped)
}

/// The pointer without its last token, and that token unescaped; `None` for the whole value.
#[must_use]
pub fn split_last(pointer: &str) -> Option<(&str, String)> {
    let (parent, token) = pointer.rsplit_once('/')?;
    Some((parent, unescaped(token).into_owned()))
}

/// Mutable access that makes the objects on the way; `None` where something that is no object is in the way.
pub fn create<'v>(value: &'v mut Value, pointer: &str) -> Option<&'v mut Value> {
    let mut at = value;
    for token in tokens(pointer) {
        if at.is_null() {
            *at = Value::Object(serde_json::Map::new());
        }
        at = match at {
            Value::Object(map) => map.entry(token).or_insert(Value::Null),
            Value::Array(items) => items.get_mut(position(&token)?)?,
            _ => return None,
        };
    }
    Some(at)
}

fn unescaped(token: &str) -> Cow<'_, str> {
    if token.contains('~') { token.replace("~1", "/").replace("~0", "~").into() } else { token.into() }
}

/// An index as RFC 6901 writes it, without leading zeros.
fn position(token: &str) -> Option<usize> {
    let is_plain = token == "0" || token.starts_with(|first: char| matches!(first, '1'..='9'));
    if is_plain { token.parse().ok() } else { None }
}

fn push_escaped(to: &mut String, token: &str) {
    for character in token.chars() {
        match character {
            '~' => to.push_str("~0"),
            '/' => to.push_str("~1"),
            other => to.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{create, get, index, join, split_last, tokens};

    #[test]
    fn pointers_are_escaped_and_followed() {
        let pointer = index(&join(&join("", "a/b"), "m~n"), 1);
        assert_eq!(pointer, "/a~1b/m~0n/1");
        assert_eq!(tokens(&pointer).collect::<Vec<_>>(), ["a/b", "m~n", "1"]);
        assert_eq!(split_last("/a/b~1c"), Some(("/a", "b/c".to_owned())));
        let value = json!({"a/b": {"m~n": [0, 7]}, "": {"01": 1}});
        assert_eq!(get(&value, &pointer), Some(&json!(7)));
        for pointer in ["", "/", "//01", "/a~1b/m~0n/01", "/a~1b/m~0n/2", "/a~1b/x", "a~1b"] {
            assert_eq!(get(&value, pointer), value.pointer(pointer), "{pointer}");
        }
    }

    #[test]
    fn places_are_made_on_the_way() {
        let mut value = json!({"rows": [{}]});
        *create(&mut value, "/rows/0/owner/name").unwrap() = json!("Ada");
        assert_eq!(value, json!({"rows": [{"owner": {"name": "Ada"}}]}));
        assert!(create(&mut value, "/rows/1/x").is_none());
        assert!(create(&mut value, "/rows/0/owner/name/first").is_none());
    }
}
