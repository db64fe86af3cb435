//! A request body from its bytes: JSON, form, multipart or text.

use bytes::Bytes;
use futures_util::{FutureExt, stream};
use serde_json::{Map, Value};

use super::{
    json::parse,
    pairs::{Pair, by_base, gather, pairs},
    shape::Shape,
};
use crate::api::MediaType;

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
    pub(super) fn read(self, bytes: &Bytes, content_type: &str, fields: &Fields) -> Result<Value, String> {
        match self {
            Self::Json => parse(bytes),
            Self::Form => {
                let text = std::str::from_utf8(bytes).map_err(|_| "the form is not UTF-8".to_owned())?;
                Ok(form(text, fields))
            }
            Self::Multipart => multipart(bytes, content_type, fields),
            Self::Text => Ok(text(bytes, &fields.shape)),
        }
    }
}

/// What a body is made of, as its schema and `encoding` say.
pub(super) struct Fields {
    shape: Shape,
    written: Vec<(String, Written)>,
}

/// How a property of a form is written, where `encoding` says so.
#[derive(Clone, Copy, Debug)]
enum Written {
    Json,
    /// Values of a list with this between them.
    Joined(char),
}

impl Fields {
    pub(super) fn new(media: &MediaType, shape: Shape) -> Self {
        let encoding = media.encoding.as_ref().and_then(Value::as_object);
        let written = encoding.into_iter().flatten().filter_map(|(name, said)| Some((name.clone(), Written::of(said)?)));
        Self { written: written.collect(), shape }
    }

    fn shape_of(&self, name: &str) -> Option<&Shape> {
        if let Shape::Object(members) = &self.shape { members.get(name) } else { None }
    }

    fn written(&self, name: &str) -> Option<Written> {
        self.written.iter().find(|(known, _)| known == name).map(|(_, written)| *written)
    }
}

impl Written {
    fn of(said: &Value) -> Option<Self> {
        if said.get("contentType").and_then(Value::as_str).is_some_and(|media| media.contains("json")) {
            return Some(Self::Json);
        }
        let style = said.get("style").and_then(Value::as_str).unwrap_or("form");
        let explodes = said.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
        match style {
            "spaceDelimited" => Some(Self::Joined(' ')),
            "pipeDelimited" => Some(Self::Joined('|')),
            "form" if !explodes => Some(Self::Joined(',')),
            _ => None,
        }
    }
}

/// Text as what its schema allows: a number, where that is all that it may be, or JSON, where it may be no text.
fn text(bytes: &[u8], shape: &Shape) -> Value {
    let text = String::from_utf8_lossy(bytes);
    match shape {
        Shape::Scalar(kinds) => kinds.read(&text),
        _ => parse(bytes).unwrap_or_else(|_| Value::String(text.into_owned())),
    }
}

fn form(text: &str, fields: &Fields) -> Value {
    let pairs = pairs(text);
    let unknown = Shape::unknown();
    let read = |(name, places): (&str, Vec<(Vec<&str>, &Pair<'_>)>)| {
        let shape = fields.shape_of(name).unwrap_or(&unknown);
        let lone = if let [(names, pair)] = places.as_slice() { names.is_empty().then(|| pair.decoded()) } else { None };
        let value = match (lone, fields.written(name), shape) {
            (Some(text), Some(Written::Json), _) | (Some(text), None, Shape::Object(_)) => json_or_text(&text),
            (Some(text), Some(Written::Joined(separator)), Shape::List { items, .. }) => {
                text.split(separator).map(|part| items.read(part)).collect()
            }
            _ => gather(shape, &places),
        };
        (name.to_owned(), value)
    };
    Value::Object(by_base(&pairs).into_iter().map(read).collect())
}

fn json_or_text(text: &str) -> Value {
    parse(text.as_bytes()).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// Fields by name; a file is its text here.
fn multipart(bytes: &Bytes, content_type: &str, fields: &Fields) -> Result<Value, String> {
    let boundary =
        multer::parse_boundary(content_type).map_err(|error| format!("the `Content-Type` header is no multipart type: {error}"))?;
    let bytes = bytes.clone();
    let body = stream::once(async move { Ok::<_, std::convert::Infallible>(bytes) });
    // The stream has all its bytes, so it never waits.
    let read = read_parts(multer::Multipart::new(body, boundary)).now_or_never();
    let parts = read.unwrap_or_else(|| Err("the multipart body ends too early".to_owned()))?;
    let mut object = Map::new();
    for part in parts {
        let bare = part.name.strip_suffix("[]").filter(|bare| matches!(fields.shape_of(bare), Some(Shape::List { .. })));
        let name = bare.unwrap_or(&part.name);
        let shape = fields.shape_of(name);
        let value = part.value(shape, fields.written(name));
        match (object.get_mut(name), shape) {
            (Some(Value::Array(items)), Some(Shape::List { .. })) => items.push(value),
            (None, Some(Shape::List { .. })) => {
                let whole = value.is_array();
                object.insert(name.to_owned(), if whole { value } else { Value::Array(vec![value]) });
            }
            _ => {
                object.insert(name.to_owned(), value);
            }
        }
    }
    Ok(Value::Object(object))
}

struct PartRead {
    name: String,
    is_file: bool,
    is_json: bool,
    text: String,
}

impl PartRead {
    fn value(&self, shape: Option<&Shape>, written: Option<Written>) -> Value {
        let says_json = self.is_json || matches!(written, Some(Written::Json));
        match shape {
            Some(Shape::Object(_)) => json_or_text(&self.text),
            Some(Shape::List { items, .. }) if says_json || matches!(**items, Shape::Object(_)) && !self.is_file => {
                json_or_text(&self.text)
            }
            Some(Shape::List { items, .. }) if !self.is_file => items.read(&self.text),
            Some(shape @ Shape::Scalar(_)) if !self.is_file => shape.read(&self.text),
            None if says_json && !self.is_file => json_or_text(&self.text),
            _ => Value::String(self.text.clone()),
        }
    }
}

async fn read_parts(mut parts: multer::Multipart<'_>) -> Result<Vec<PartRead>, String> {
    let mut read = Vec::new();
    while let Some(field) = parts.next_field().await.map_err(|error| error.to_string())? {
        let Some(name) = field.name().map(str::to_owned) else {
            return Err("a part has no `name` in its `Content-Disposition`".to_owned());
        };
        let is_file = field.file_name().is_some();
        let is_json = field.content_type().is_some_and(|media| Reading::of(media.essence_str()) == Reading::Json);
        let bytes = field.bytes().await.map_err(|error| error.to_string())?;
        read.push(PartRead { name, is_file, is_json, text: String::from_utf8_lossy(&bytes).into_owned() });
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::shape::Members, *};

    #[test]
    fn a_multipart_body_gives_fields_and_the_text_of_files() {
        let anything = Fields { shape: Shape::Object(Members::default()), written: Vec::new() };
        let body = "--b\r\nContent-Disposition: form-data; name=\"count\"\r\n\r\n3\r\n--b\r\n\
                    Content-Disposition: form-data; name=\"file\"; filename=\"7.txt\"\r\n\r\n7\r\n--b--\r\n";
        let read = multipart(&Bytes::from(body), "multipart/form-data; boundary=b", &anything);
        assert_eq!(read, Ok(json!({"count": "3", "file": "7"})));
        assert!(multipart(&Bytes::from("--b\r\n"), "multipart/form-data; boundary=b", &anything).is_err());
    }
}
