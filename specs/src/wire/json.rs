//! JSON as bodies hold it: no object has the same name twice, since nobody could say which of the two counts.

use std::fmt;

use serde_json::{Map, Value, json};

/// JSON in which no object has the same name twice.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, String> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let Unique(value) = serde::Deserialize::deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// A number that was read as a float. The least whole number of 64 bits is never read as one when it is written in
/// digits, so what is equal to it as a float lies beyond it, and no limit of 64 bits may take it in.
pub(super) fn wide(number: f64) -> f64 {
    const LEAST: f64 = -9_223_372_036_854_775_808.0;
    if number.to_bits() == LEAST.to_bits() { number.next_down() } else { number }
}

/// A JSON value whose objects have no name twice.
struct Unique(Value);

impl<'de> serde::Deserialize<'de> for Unique {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor).map(Unique)
    }
}

struct Visitor;

impl<'de> serde::de::Visitor<'de> for Visitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, bool: bool) -> Result<Value, E> {
        Ok(Value::Bool(bool))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(json!(wide(number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let Unique(value) = entries.next_value()?;
            match object.entry(name) {
                serde_json::map::Entry::Vacant(place) => {
                    place.insert(value);
                }
                serde_json::map::Entry::Occupied(taken) => {
                    return Err(serde::de::Error::custom(format_args!("the name `{}` stands twice in one object", taken.key())));
                }
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_not_stand_twice() {
        assert_eq!(parse(br#"{"a":[1,-2,0.5,null,true,"x"]}"#), Ok(json!({"a": [1, -2, 0.5, null, true, "x"]})));
        assert!(parse(br#"{"a":1,"b":{"c":1,"c":2}}"#).unwrap_err().contains("`c` stands twice"));
        assert!(parse(br#"{"a":1} x"#).is_err());
        assert!(parse("[".repeat(100_000).as_bytes()).unwrap_err().contains("recursion limit"));
        assert!(parse(br#""\ud800""#).is_err());
    }
}
