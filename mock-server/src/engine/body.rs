//! A request body from its bytes: JSON, form, multipart or text.

use std::fmt;

use bytes::Bytes;
use futures_util::{FutureExt, stream};
use serde_json::{Map, Value, json};

use super::parameters::{Kinds, Shape, fill, pairs};

/// How the bytes of a media type are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Json,
    Form,
    Multipart,
    /// As text, or as nothing more than bytes.
    Text,
}

impl Reading {
    /// How a media type, without parameters, is read.
    pub(super) fn of(essence: &str) -> Self {
        match essence {
            "application/x-www-form-urlencoded" => Self::Form,
            _ if essence.starts_with("multipart/") => Self::Multipart,
            _ if essence.ends_with("/json") || essence.ends_with("+json") => Self::Json,
            _ => Self::Text,
        }
    }

    /// The value that the bytes hold, or what is wrong with them.
    pub(super) fn read(self, bytes: &Bytes, content_type: &str, shape: &Shape) -> Result<Value, String> {
        match self {
            Self::Json => parse(bytes),
            Self::Form => {
                let text = std::str::from_utf8(bytes).map_err(|_| "the form is not UTF-8".to_owned())?;
                Ok(form(text, shape))
            }
            Self::Multipart => multipart(bytes, content_type, shape),
            Self::Text => Ok(Value::String(String::from_utf8_lossy(bytes).into_owned())),
        }
    }
}

/// JSON in which no object has the same name twice.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, String> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let Unique(value) = serde::Deserialize::deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

fn form(text: &str, shape: &Shape) -> Value {
    let pairs = pairs(text);
    let known = if let Shape::Object(properties) = shape { properties.as_slice() } else { &[] };
    let mut object = match fill(known, &pairs, |name, key| key == name || key.strip_suffix("[]") == Some(name)) {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    };
    for (name, value) in &pairs {
        let listed = name.strip_suffix("[]").is_some_and(|bare| object.contains_key(bare));
        if !listed && !object.contains_key(name.as_ref()) {
            object.insert(name.clone().into_owned(), Value::String(value.clone().into_owned()));
        }
    }
    Value::Object(object)
}

/// Fields by name; a file is its text here. What a file is called, its type and size are in `files`, by name.
fn multipart(bytes: &Bytes, content_type: &str, shape: &Shape) -> Result<Value, String> {
    let boundary =
        multer::parse_boundary(content_type).map_err(|error| format!("the `Content-Type` header is no multipart type: {error}"))?;
    let bytes = bytes.clone();
    let body = stream::once(async move { Ok::<_, std::convert::Infallible>(bytes) });
    // The stream has all its bytes, so it never waits.
    let read = read_parts(multer::Multipart::new(body, boundary)).now_or_never();
    let parts = read.unwrap_or_else(|| Err("the multipart body ends too early".to_owned()))?;
    let known = if let Shape::Object(properties) = shape { properties.as_slice() } else { &[] };
    let mut object = Map::new();
    for part in parts {
        let shape = known.iter().find(|(name, _)| *name == part.name).map(|(_, shape)| shape);
        let value = match shape {
            _ if part.is_file || shape.is_none() => Value::String(part.text),
            Some(Shape::Object(_)) => serde_json::from_str(&part.text).unwrap_or(Value::String(part.text)),
            Some(Shape::Scalar(kinds) | Shape::List(kinds)) => Kinds::read(*kinds, &part.text),
            None => Value::String(part.text),
        };
        match (object.get_mut(&part.name), shape) {
            (Some(Value::Array(items)), Some(Shape::List(_))) => items.push(value),
            (None, Some(Shape::List(_))) => {
                object.insert(part.name, Value::Array(vec![value]));
            }
            _ => {
                object.insert(part.name, value);
            }
        }
    }
    Ok(Value::Object(object))
}

struct PartRead {
    name: String,
    is_file: bool,
    text: String,
}

async fn read_parts(mut parts: multer::Multipart<'_>) -> Result<Vec<PartRead>, String> {
    let mut read = Vec::new();
    while let Some(field) = parts.next_field().await.map_err(|error| error.to_string())? {
        let Some(name) = field.name().map(str::to_owned) else {
            return Err("a part has no `name` in its `Content-Disposition`".to_owned());
        };
        let is_file = field.file_name().is_some();
        let bytes = field.bytes().await.map_err(|error| error.to_string())?;
        read.push(PartRead { name, is_file, text: String::from_utf8_lossy(&bytes).into_owned() });
    }
    Ok(read)
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
        Ok(json!(number))
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

    #[test]
    fn a_multipart_body_gives_fields_and_the_text_of_files() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"count\"\r\n\r\n3\r\n--b\r\n\
                    Content-Disposition: form-data; name=\"file\"; filename=\"7.txt\"\r\n\r\n7\r\n--b--\r\n";
        let read = multipart(&Bytes::from(body), "multipart/form-data; boundary=b", &Shape::Object(Vec::new()));
        assert_eq!(read, Ok(json!({"count": "3", "file": "7"})));
        assert!(multipart(&Bytes::from("--b\r\n"), "multipart/form-data; boundary=b", &Shape::Object(Vec::new())).is_err());
    }
}
