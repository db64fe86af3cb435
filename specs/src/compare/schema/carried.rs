//! How a value is carried: as JSON, which has types, or as text, where a number and its digits are the same.

use serde_json::Value;

use super::{Look, facets::Types, view::View};
use crate::api::{Direction, MediaType};

/// How the values of a pair are written where they travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in super::super) enum Carried {
    /// With its type.
    Typed,
    /// As text; so is each part of it, one level down.
    Fields,
    /// As text, and each item of it. Objects within are mostly written as JSON.
    Text,
}

/// The shortest and the longest text that a number or a boolean is written as.
const LENGTHS: (f64, f64) = (1.0, 24.0);

/// Formats of text that no number and no boolean is written in.
const OTHERS: [&str; 11] = ["binary", "date", "date-time", "duration", "email", "ipv4", "ipv6", "time", "uri", "url", "uuid"];

impl Carried {
    /// Of a body. A form of which a part is said to be JSON counts as typed, for the other parts are not told apart.
    pub(in super::super) fn by(media: [&MediaType; 2]) -> Self {
        let is_form = |media: &MediaType| matches!(media.essence(), "multipart/form-data" | "application/x-www-form-urlencoded");
        let is_json = |one: &Value| one.get("contentType").and_then(Value::as_str).is_some_and(|name| name.contains("json"));
        let is_typed =
            |media: &MediaType| media.encoding.as_ref().and_then(Value::as_object).into_iter().flatten().any(|(_, one)| is_json(one));
        if media.into_iter().all(|media| is_form(media) && !is_typed(media)) { Self::Fields } else { Self::Typed }
    }

    /// What is a property of it.
    pub(super) fn property(self) -> Self {
        if self == Self::Fields { Self::Text } else { Self::Typed }
    }

    /// What is an item of it.
    pub(super) fn item(self) -> Self {
        if self == Self::Typed { Self::Typed } else { Self::Text }
    }
}

/// Whether text is taken where numbers or booleans were: nothing that is sent looks otherwise.
pub(super) fn is_taken_as_text(look: &Look) -> bool {
    let (old, new) = (look.old.types.without(Types::NULL), look.new.types.without(Types::NULL));
    let rest = old.without(Types::SCALAR);
    let is_text = look.carried() != Carried::Typed && look.direction() == Direction::Request;
    let is_other = |format: &Value| format.as_str().is_some_and(|format| OTHERS.contains(&format));
    let is_text = is_text && !look.new.all("format").any(|(_, format)| is_other(format));
    is_text && new != Types::ALL && new.has(Types::STRING) && old != rest && !old.is_within(new) && rest.is_within(new)
}

/// Whether the lengths that fit leave no number and no boolean out.
pub(super) fn holds_numbers(view: &View) -> bool {
    let all = |keyword, fits: fn(f64) -> bool| view.all(keyword).filter_map(|(_, value)| value.as_f64()).all(fits);
    all("minLength", |least| least <= LENGTHS.0) && all("maxLength", |most| most >= LENGTHS.1)
}

/// The value as it is told apart: by what is sent where text is sent.
pub(super) fn written(value: &Value, as_text: bool) -> String {
    match value {
        Value::String(text) if as_text => text.clone(),
        other => other.to_string(),
    }
}
