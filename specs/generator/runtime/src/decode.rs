//! Decoding that generated types lean on.

use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};
use serde_json::Value;

/// Reads a property that is there, so that `null` is a value of `T` and not an absence.
///
/// # Errors
/// When the value is no `T`.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads one alternative of a union.
///
/// # Errors
/// When the value is no `T`.
pub fn tagged<T: DeserializeOwned, E: serde::de::Error>(value: &Value) -> Result<T, E> {
    T::deserialize(value).map_err(E::custom)
}

/// The text of the property that tells the alternatives of a union apart.
#[must_use]
pub fn tag<'v>(value: &'v Value, property: &str) -> Option<&'v str> {
    value.get(property).and_then(Value::as_str)
}

/// A number that JSON Schema calls an integer, though it may be written `1.0`.
///
/// # Errors
/// When it is no whole number that fits.
pub fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let value = Value::deserialize(deserializer)?;
    whole(&value).ok_or_else(|| D::Error::custom(format!("invalid value: {value}, expected an integer")))
}

/// The same for an integer that need not be there.
///
/// # Errors
/// When it is there, and no whole number that fits.
pub fn optional_integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    match Option::<Value>::deserialize(deserializer)? {
        None => Ok(None),
        Some(value) => whole(&value).map(Some).ok_or_else(|| D::Error::custom(format!("invalid value: {value}, expected an integer"))),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "only whole numbers in the range that f64 holds exactly are cast")]
fn whole(value: &Value) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    value.as_i64().or_else(|| value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= EXACT).map(|number| number as i64))
}
