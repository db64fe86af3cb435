//! Identifiers that are new, look like the vendor's, and are the same for the same seed.

use serde_json::{Value, json};
use specs::api::{SchemaId, Schemas};

/// The longest text that is minted.
pub(super) const LONGEST: usize = 4_096;

/// How many characters of 62 kinds one random number of 64 bits is good for.
const DRAWN: usize = 10;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const HEX: &[u8; 16] = b"0123456789abcdef";

/// What keys of a resource look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyShape {
    /// 1, 2, 3…, after the largest at start.
    Integer { first: u64 },
    /// A version 4 UUID (RFC 9562).
    Uuid,
    /// A counter, padded: `note-001`.
    Counter { prefix: String, width: usize, first: u64 },
    /// Lower-case hexadecimal of this length.
    Hex { length: usize },
    /// Text after a prefix.
    Text { prefix: String, length: usize },
}

impl KeyShape {
    /// The shape that the schema of the key property asks for, or else that its example has.
    pub(super) fn of(schemas: &Schemas, schema: Option<&SchemaId>, examples: &[&Value]) -> Self {
        let resolved = schema.map_or(&Value::Null, |id| schemas.resolve(id).1);
        let types = schema.map(|id| schemas.types(id)).unwrap_or_default();
        let largest = examples.iter().filter_map(|example| example.as_u64()).max().unwrap_or(0);
        if types.iter().any(|kind| kind == "integer" || kind == "number") && !types.iter().any(|kind| kind == "string") {
            return Self::Integer { first: largest + 1 };
        }
        if resolved.get("format").and_then(Value::as_str) == Some("uuid") {
            return Self::Uuid;
        }
        let own = resolved.get("example").into_iter().chain(resolved.get("examples").and_then(Value::as_array).into_iter().flatten());
        let all: Vec<&str> = own.chain(examples.iter().copied()).filter_map(Value::as_str).collect();
        all.first().map_or(Self::Uuid, |first| like(first, &all))
    }

    /// How many numbers have to be given out so that none of them makes this key.
    pub(super) fn numbers_up_to(&self, key: &str) -> u64 {
        let (number, first) = match self {
            Self::Integer { first } => (key.parse::<u64>().ok(), *first),
            Self::Counter { prefix, first, .. } => (key.strip_prefix(prefix.as_str()).and_then(|number| number.parse().ok()), *first),
            Self::Uuid | Self::Hex { .. } | Self::Text { .. } => (None, 0),
        };
        number.and_then(|number| number.checked_sub(first)).map_or(0, |number| number.saturating_add(1))
    }

    /// A new key.
    pub(super) fn mint(&self, sequence: u64, random: &mut fastrand::Rng) -> Value {
        match self {
            Self::Integer { first } => json!(first.saturating_add(sequence)),
            Self::Uuid => Value::String(uuid(random)),
            Self::Counter { prefix, width, first } => Value::String(format!("{prefix}{:0width$}", first.saturating_add(sequence))),
            Self::Hex { length } => Value::String(draw("", *length, HEX, random)),
            Self::Text { prefix, length } => Value::String(text(prefix, *length, random)),
        }
    }
}

/// `prefix` and as many base-62 characters.
pub(super) fn text(prefix: &str, length: usize, random: &mut fastrand::Rng) -> String {
    draw(prefix, length, BASE62, random)
}

/// Randomness that is the same for the same seed, sequence number and count of earlier draws.
pub(crate) fn randomness(seed: u64, sequence: u64, draw: u64) -> fastrand::Rng {
    fastrand::Rng::with_seed(mix(mix(mix(seed) ^ sequence) ^ draw))
}

/// The finaliser of `SplitMix64`: neighbouring numbers become unlike.
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

fn draw(prefix: &str, length: usize, alphabet: &[u8], random: &mut fastrand::Rng) -> String {
    let mut text = Vec::with_capacity(prefix.len() + length);
    text.extend_from_slice(prefix.as_bytes());
    for start in (0..length).step_by(DRAWN) {
        // The fraction of a random number, times the size of the alphabet, is a place in it, and leaves a fraction.
        let mut fraction = random.u64(..);
        text.extend((start..length.min(start + DRAWN)).map(|_| {
            let product = u128::from(fraction) * alphabet.len() as u128;
            #[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
            (fraction = product as u64);
            alphabet[usize::try_from(product >> 64).unwrap_or_default()]
        }));
    }
    // Prefix and alphabets are text.
    String::from_utf8(text).unwrap_or_default()
}

/// A version 4 UUID (RFC 9562).
pub(super) fn uuid(random: &mut fastrand::Rng) -> String {
    let bits = (random.u128(..) & !(0xF << 76) & !(0b11 << 62)) | (0x4 << 76) | (0b10 << 62);
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// A shape that could have given `example`; `all` are the keys that exist already.
fn like(example: &str, all: &[&str]) -> KeyShape {
    if is_uuid(example) {
        return KeyShape::Uuid;
    }
    let split = example.rfind(['_', '-', ':', '.']).map_or(0, |at| at + 1);
    let (prefix, body) = example.split_at(split);
    if !body.is_empty() && body.len() <= 9 && body.bytes().all(|byte| byte.is_ascii_digit()) {
        let counters = all.iter().filter_map(|key| key.strip_prefix(prefix)?.parse::<u64>().ok());
        return KeyShape::Counter { prefix: prefix.to_owned(), width: body.len(), first: counters.max().unwrap_or(0) + 1 };
    }
    if split == 0 && body.len() >= 16 && body.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)) {
        return KeyShape::Hex { length: body.len() };
    }
    KeyShape::Text { prefix: prefix.to_owned(), length: body.chars().count().clamp(6, LONGEST) }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(example: &str, expected: &KeyShape) {
        assert_eq!(like(example, &[example]), *expected, "{example}");
    }

    #[test]
    fn keys_look_like_the_example() {
        check("item-007", &KeyShape::Counter { prefix: "item-".into(), width: 3, first: 8 });
        check("4f2a9c0d1e5b6a7988776655", &KeyShape::Hex { length: 24 });
        check("0191d7a2-5a1b-4c3d-8e4f-123456789abc", &KeyShape::Uuid);
        check("rec_a8B2kd93Ll", &KeyShape::Text { prefix: "rec_".into(), length: 10 });
        check("Kd83hhQ1", &KeyShape::Text { prefix: String::new(), length: 8 });
    }

    #[test]
    fn a_uuid_is_of_version_four() {
        let text = uuid(&mut randomness(1, 2, 3));
        assert!(is_uuid(&text) && &text[14..15] == "4" && "89ab".contains(&text[19..20]), "{text}");
    }

    #[test]
    fn the_same_numbers_give_the_same_text_and_neighbours_do_not() {
        let draw = |sequence| text("x", 12, &mut randomness(1, sequence, 0));
        assert_eq!(draw(5), draw(5));
        assert_ne!(draw(5), draw(6));
    }
}
