//! JSON pointers (RFC 6901) as plain strings: `""` is the whole value, `"/paths/~1notes"` a place in it.

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

/// The reference tokens of `pointer`, unescaped.
pub fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// The pointer without its last token, and that token unescaped; `None` for the whole value.
#[must_use]
pub fn split_last(pointer: &str) -> Option<(&str, String)> {
    let (parent, token) = pointer.rsplit_once('/')?;
    Some((parent, token.replace("~1", "/").replace("~0", "~")))
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
            Value::Array(items) => items.get_mut(token.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(at)
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
