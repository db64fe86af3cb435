//! Values as JSON text.
//!
//! serde_json looks at every byte of every string by itself, which for a row of two dozen properties costs more than
//! all else that a write does. Nearly all text has nothing to escape, and many bytes can be asked at once; what has
//! something to escape is left to serde_json.

use serde_json::Value;

/// Appends the value.
pub(super) fn write(value: &Value, to: &mut Vec<u8>) {
    match value {
        Value::Null => to.extend_from_slice(b"null"),
        Value::Bool(true) => to.extend_from_slice(b"true"),
        Value::Bool(false) => to.extend_from_slice(b"false"),
        Value::String(text) => quote(text, to),
        // Writing to memory cannot fail.
        Value::Number(number) => drop(serde_json::to_writer(to, number)),
        Value::Array(items) => {
            to.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    to.push(b',');
                }
                write(item, to);
            }
            to.push(b']');
        }
        Value::Object(map) => object(map.iter().map(|(name, value)| (name.as_str(), value)), to),
    }
}

/// Appends an object of these properties.
pub(super) fn object<'v>(properties: impl Iterator<Item = (&'v str, &'v Value)>, to: &mut Vec<u8>) {
    to.push(b'{');
    let start = to.len();
    for (name, value) in properties {
        if to.len() > start {
            to.push(b',');
        }
        quote(name, to);
        to.push(b':');
        write(value, to);
    }
    to.push(b'}');
}

fn quote(text: &str, to: &mut Vec<u8>) {
    if is_plain(text.as_bytes()) {
        to.reserve(text.len() + 2);
        to.push(b'"');
        to.extend_from_slice(text.as_bytes());
        to.push(b'"');
    } else {
        // Writing to memory cannot fail.
        drop(serde_json::to_writer(to, text));
    }
}

/// Whether the bytes stand for themselves in a JSON string: no control character, quotation mark or backslash.
fn is_plain(bytes: &[u8]) -> bool {
    const WIDTH: usize = 16;
    let (blocks, rest) = bytes.as_chunks::<WIDTH>();
    let Some(last) = bytes.last_chunk::<WIDTH>() else { return !rest.iter().any(|byte| is_special(*byte)) };
    // A block is looked at as a whole, without a way out in between: so the compiler makes it a few instructions.
    let mut found = last.map(is_special);
    for block in blocks {
        for (found, byte) in found.iter_mut().zip(block) {
            *found |= is_special(*byte);
        }
    }
    !found.contains(&true)
}

fn is_special(byte: u8) -> bool {
    // Neither operator stops early, which would be a branch.
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(value: &Value) {
        let mut written = Vec::new();
        write(value, &mut written);
        assert_eq!(String::from_utf8(written).unwrap(), value.to_string());
    }

    #[test]
    fn values_are_written_as_serde_json_writes_them() {
        check(&json!({"a": [1, -2, 0.5, u64::MAX, null, true, false, {}], "b\"\\": {"täglich 👩‍🔧": "\u{7f}\u{80}\u{2028}"}, "": []}));
    }

    #[test]
    fn every_character_is_escaped_wherever_it_stands() {
        for character in (0..0x180).filter_map(char::from_u32) {
            for before in 0..17 {
                check(&json!(format!("{}{character}{}", "a".repeat(before), "z".repeat(before % 5))));
            }
        }
    }
}
