//! Values as JSON text.
//!
//! `serde_json` looks at every byte of every string by itself, which for a row of two dozen properties costs more than
//! all else that a write does. Nearly all text has nothing to escape, and many bytes can be asked at once; what has
//! something to escape is left to `serde_json`. Whole numbers beyond 64 bits are written in digits, as they came: with an
//! exponent they would be no whole numbers to many a reader.

use std::io::Write as _;

use bytes::Bytes;
use serde_json::{Map, Number, Value};

/// The value as text.
pub(super) fn bytes(value: &Value) -> Bytes {
    let mut to = Vec::new();
    write(value, &mut to);
    to.into()
}

/// The object as text.
pub(super) fn object(map: &Map<String, Value>) -> Bytes {
    let mut to = Vec::new();
    members(map, &mut to);
    to.into()
}

/// Appends the value.
pub(super) fn write(value: &Value, to: &mut Vec<u8>) {
    match value {
        Value::Null => to.extend_from_slice(b"null"),
        Value::Bool(true) => to.extend_from_slice(b"true"),
        Value::Bool(false) => to.extend_from_slice(b"false"),
        Value::String(text) => quote(text, to),
        Value::Number(number) => digits(number, to),
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
        Value::Object(map) => members(map, to),
    }
}

fn members(map: &Map<String, Value>, to: &mut Vec<u8>) {
    to.push(b'{');
    for (position, (key, value)) in map.iter().enumerate() {
        if position > 0 {
            to.push(b',');
        }
        name(key, to);
        write(value, to);
    }
    to.push(b'}');
}

/// From where on `serde_json` writes whole numbers with an exponent, and up to where their digits are worth the room.
const WIDE: std::ops::Range<f64> = 1e16..1e64;

fn digits(number: &Number, to: &mut Vec<u8>) {
    // Writing to memory cannot fail.
    match number.as_f64().filter(|wide| number.is_f64() && WIDE.contains(&wide.abs()) && wide.fract() == 0.0) {
        Some(wide) => drop(write!(to, "{wide:.0}")),
        None => drop(serde_json::to_writer(to, number)),
    }
}

/// Appends the name of a property and the colon after it.
pub(super) fn name(name: &str, to: &mut Vec<u8>) {
    quote(name, to);
    to.push(b':');
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
    let Some(last) = bytes.last_chunk::<8>() else {
        return !bytes.iter().any(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'));
    };
    // The last eight bytes may be looked at twice. Nothing ends the walk early, so the compiler can widen it.
    let (words, _) = bytes.as_chunks::<8>();
    words.iter().fold(special(*last), |found, word| found | special(*word)) == 0
}

/// Not zero when one of eight bytes has to be escaped: the high bit of a byte is set by the subtraction when it was less
/// than its counterpart, and bytes of other than ASCII are left out by their own high bit.
fn special(bytes: [u8; 8]) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    let word = u64::from_le_bytes(bytes);
    let less = |word: u64, than: u8| word.wrapping_sub(ONES * u64::from(than)) & !word;
    let is = |byte: u8| less(word ^ (ONES * u64::from(byte)), 1);
    (less(word, 0x20) | is(b'"') | is(b'\\')) & HIGH
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
    fn wide_whole_numbers_keep_their_digits() {
        for (value, text) in [
            (1e22, "10000000000000000000000"),
            (-1_180_591_620_717_411_303_424.0, "-1180591620717411303424"),
            (0.5, "0.5"),
            (2.0, "2.0"),
            (1e300, "1e+300"),
        ] {
            assert!(String::from_utf8(bytes(&json!(value)).to_vec()).unwrap().starts_with(text), "{value}");
        }
        assert_eq!(object(json!({"a": 1e16}).as_object().unwrap()), "{\"a\":10000000000000000}");
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
