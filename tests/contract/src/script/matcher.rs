//! What a value has to be: exactly something, or whatever matchers allow.
//!
//! | matcher | a value meets it that |
//! |---|---|
//! | `equals: value` | is exactly this; for objects, since an object alone stands for matchers |
//! | `is: kind` | is a `string`, `number`, `integer`, `boolean`, `array`, `object` or `null`, or is `present` or `absent` |
//! | `matches: 'regex'` | is a text in which the expression is found |
//! | `size: 3` | has so many characters, elements or members |
//! | `contains: expected` | is a text with this text in it, or an array with an element that meets it |
//! | `each: expected` | is an array with elements, all of which meet it |
//! | `has: {pointer: expected}` | has these things inside |
//! | `like: sample` | has every member of the sample, inside too, with the same kind of value; null and an empty array say nothing |
//! | `not: expected` | does not meet it |
//!
//! Several matchers in one object must all be met.

use std::fmt;

use serde_json::Value;
use specs::pointer;

use super::kept::Kept;

/// The matchers, as scripts write them.
pub(super) const NAMES: [&str; 9] = ["equals", "is", "matches", "size", "contains", "each", "has", "like", "not"];

/// What a value has to be.
#[derive(Clone, Debug)]
pub(super) enum Expected {
    Exactly(Value),
    All(Vec<Matcher>),
}

/// One thing that a value has to meet.
#[derive(Clone, Debug)]
pub(super) enum Matcher {
    Is(Kind),
    Matches(regress::Regex, String),
    Size(usize),
    Contains(Expected),
    Each(Expected),
    Has(Vec<(String, Expected)>),
    Like(Value),
    Not(Expected),
}

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    String,
    Number,
    Integer,
    Boolean,
    Array,
    Object,
    Null,
    Present,
    Absent,
}

impl Kind {
    /// The kinds with the words for them.
    pub(super) const WORDS: [(&str, Self); 9] = [
        ("string", Self::String),
        ("number", Self::Number),
        ("integer", Self::Integer),
        ("boolean", Self::Boolean),
        ("array", Self::Array),
        ("object", Self::Object),
        ("null", Self::Null),
        ("present", Self::Present),
        ("absent", Self::Absent),
    ];

    fn admits(self, found: Option<&Value>) -> bool {
        match (self, found) {
            (Self::Absent, found) => found.is_none(),
            (Self::Present, found) => found.is_some(),
            (Self::String, Some(value)) => value.is_string(),
            (Self::Number, Some(value)) => value.is_number(),
            (Self::Integer, Some(value)) => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
            (Self::Boolean, Some(value)) => value.is_boolean(),
            (Self::Array, Some(value)) => value.is_array(),
            (Self::Object, Some(value)) => value.is_object(),
            (Self::Null, Some(value)) => value.is_null(),
            (_, None) => false,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Self::WORDS.iter().find(|(_, kind)| kind == self).map_or("", |(word, _)| word);
        f.write_str(word)
    }
}

impl Expected {
    /// What is wrong with what was found, if anything is.
    pub(super) fn misses(&self, found: Option<&Value>, kept: &Kept) -> Option<String> {
        match self {
            Self::Exactly(written) => {
                let wanted = kept.value(written);
                let met = found.is_some_and(|found| is_same(found, &wanted));
                (!met).then(|| format!("expected {}, got {}", shown(Some(&wanted)), shown(found)))
            }
            Self::All(matchers) => matchers.iter().find_map(|matcher| matcher.misses(found, kept)),
        }
    }

    /// Whether this is an array, to the element.
    pub(super) fn is_array(&self) -> bool {
        matches!(self, Self::Exactly(Value::Array(_)))
    }

    fn meets(&self, found: &Value, kept: &Kept) -> bool {
        self.misses(Some(found), kept).is_none()
    }

    fn words(&self, kept: &Kept) -> String {
        match self {
            Self::Exactly(written) => shown(Some(&kept.value(written))),
            Self::All(matchers) => matchers.iter().map(|matcher| matcher.words(kept)).collect::<Vec<_>>().join(" and "),
        }
    }
}

impl Matcher {
    fn misses(&self, found: Option<&Value>, kept: &Kept) -> Option<String> {
        let inside = |name: &str, missed: String| if name.is_empty() { missed } else { format!("at `{name}` {missed}") };
        match (self, found) {
            (Self::Has(members), Some(found)) => {
                return members
                    .iter()
                    .find_map(|(place, expected)| expected.misses(pointer::get(found, place), kept).map(|missed| inside(place, missed)));
            }
            (Self::Like(sample), Some(found)) => {
                return unlike(&kept.value(sample), found, "").map(|(place, missed)| inside(&place, missed));
            }
            _ => {}
        }
        let met = match (self, found) {
            (Self::Is(kind), found) => kind.admits(found),
            (Self::Not(expected), found) => expected.misses(found, kept).is_some(),
            (Self::Matches(regex, _), Some(Value::String(text))) => regex.find(text).is_some(),
            (Self::Size(size), Some(Value::String(text))) => text.chars().count() == *size,
            (Self::Size(size), Some(Value::Array(elements))) => elements.len() == *size,
            (Self::Size(size), Some(Value::Object(members))) => members.len() == *size,
            (Self::Contains(Expected::Exactly(part)), Some(Value::String(text))) => {
                kept.value(part).as_str().is_some_and(|part| text.contains(part))
            }
            (Self::Contains(expected), Some(Value::Array(elements))) => elements.iter().any(|element| expected.meets(element, kept)),
            (Self::Each(expected), Some(Value::Array(elements))) => {
                !elements.is_empty() && elements.iter().all(|element| expected.meets(element, kept))
            }
            _ => false,
        };
        (!met).then(|| format!("expected {}, got {}", self.words(kept), shown(found)))
    }

    fn words(&self, kept: &Kept) -> String {
        match self {
            Self::Is(kind) => format!("what is {kind}"),
            Self::Matches(_, pattern) => format!("a text that matches `{pattern}`"),
            Self::Size(size) => format!("a size of {size}"),
            Self::Contains(expected) => format!("what contains {}", expected.words(kept)),
            Self::Each(expected) => format!("elements that are {} each", expected.words(kept)),
            Self::Has(members) => {
                let members = members.iter().map(|(place, expected)| format!("{} at `{place}`", expected.words(kept)));
                format!("what has {}", members.collect::<Vec<_>>().join(" and "))
            }
            Self::Like(sample) => format!("what is like {}", shown(Some(sample))),
            Self::Not(expected) => format!("anything but {}", expected.words(kept)),
        }
    }
}

/// Equality in which a number is what it counts: `1` is `1.0`.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || (one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let has = |key: &String, value: &Value| other.get(key).is_some_and(|other| is_same(value, other));
            one.len() == other.len() && one.iter().all(|(key, value)| has(key, value))
        }
        (one, other) => one == other,
    }
}

/// The first place where something is unlike the sample, and how.
fn unlike(sample: &Value, found: &Value, place: &str) -> Option<(String, String)> {
    let wrong = |wanted: &str| Some((place.to_owned(), format!("expected {wanted}, got {}", shown(Some(found)))));
    match (sample, found) {
        (Value::Null, _) => None,
        (Value::Object(sample), Value::Object(members)) => sample.iter().find_map(|(key, sample)| {
            let place = pointer::join(place, key);
            match members.get(key) {
                Some(member) => unlike(sample, member, &place),
                None => Some((place, "expected a value, got nothing".to_owned())),
            }
        }),
        (Value::Array(sample), Value::Array(elements)) => match sample.last() {
            None => None,
            Some(_) if elements.is_empty() => wrong("an element"),
            Some(last) => {
                let samples = sample.iter().chain(std::iter::repeat(last));
                let mut pairs = elements.iter().zip(samples).enumerate();
                pairs.find_map(|(position, (element, sample))| unlike(sample, element, &pointer::index(place, position)))
            }
        },
        _ if kind(sample) == kind(found) => None,
        _ => wrong(&format!("a value like {}", shown(Some(sample)))),
    }
}

fn kind(value: &Value) -> std::mem::Discriminant<Value> {
    std::mem::discriminant(value)
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"))
}
