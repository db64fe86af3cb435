//! A key that looks like one that exists, and is none.

use serde_json::Value;
use specs::api::{Direction, SchemaId};

use crate::suite::Suite;

/// How many characters at the end of a key are changed.
const CHANGED: usize = 8;
/// What is added to a number: far from any sequence, and within 32 bits.
const FAR: i64 = 1_900_000_000;

/// A key of the same form: the same letters and digits are kept in number, their values differ.
pub(crate) fn unlike(suite: &Suite, schema: Option<&SchemaId>, known: &Value) -> Value {
    let candidate = match known {
        Value::String(text) => Value::String(turned(text)),
        Value::Number(number) => {
            number.as_i64().map_or(FAR, |number| if number > FAR / 2 { number / 2 + 7 } else { FAR + number % 1000 }).into()
        }
        other => other.clone(),
    };
    let Some(schema) = schema else { return candidate };
    let valid = suite.validators.get(schema, Direction::Request).is_ok_and(|validator| validator.is_valid(&candidate));
    let sampled =
        || (0..20).filter_map(|number| suite.sampler(Direction::Request).random(schema, number).ok()).find(|other| other != known);
    if valid { candidate } else { sampled().unwrap_or(candidate) }
}

/// Whether a key that is unlike this one is nobody's, as far as can be told: enough of it differs to never have been
/// given. A number may have been, however great.
pub(crate) fn is_far(known: &Value) -> bool {
    known.as_str().is_some_and(|text| text.chars().filter(char::is_ascii_alphanumeric).count() >= CHANGED)
}

/// The text with its last letters and digits turned into others of their kind; hexadecimal stays hexadecimal.
fn turned(text: &str) -> String {
    let mut left = CHANGED;
    let turned: Vec<char> = text
        .chars()
        .rev()
        .map(|character| {
            if left == 0 || !character.is_ascii_alphanumeric() {
                return character;
            }
            left -= 1;
            turn(character)
        })
        .collect();
    turned.into_iter().rev().collect()
}

/// Another character of its kind.
pub(crate) fn turn(character: char) -> char {
    let turned = |from: u8, count: u8| char::from(from + (character as u8 - from + count / 2) % count);
    match character {
        '0'..='9' => turned(b'0', 10),
        'a'..='f' => turned(b'a', 6),
        'g'..='z' => turned(b'g', 20),
        'A'..='F' => turned(b'A', 6),
        'G'..='Z' => turned(b'G', 20),
        other => other,
    }
}
