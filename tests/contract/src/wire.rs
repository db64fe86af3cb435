//! Values as text: parameters by style, bodies by media type.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use specs::api::{Location, MediaType, Parameter, Style};

/// What stands for itself in a path segment and a query (RFC 3986, unreserved).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Between the parts of a multipart body; no sample contains it.
const BOUNDARY: &str = "contract-7MA4YWxkTrZu0gW";

/// A parameter on the wire.
pub(crate) enum Written {
    /// The text of a path variable, encoded.
    Path(String),
    /// Pairs of a query, encoded.
    Query(Vec<(String, String)>),
    /// The text of a header.
    Header(String),
    /// The text of a cookie.
    Cookie(String),
}

/// Writes a parameter's value as its style says (OpenAPI 3.0.3, "Style Values").
pub(crate) fn parameter(parameter: &Parameter, value: &Value) -> Written {
    if parameter.content.is_some() {
        return place(parameter, value.to_string());
    }
    match parameter.location {
        Location::Query => Written::Query(query(parameter, value)),
        Location::Path => Written::Path(path(parameter, value)),
        Location::Header => Written::Header(joined(value, ",", explode(parameter))),
        Location::Cookie => Written::Cookie(joined(value, ",", Pairs::Alternating)),
    }
}

fn place(parameter: &Parameter, text: String) -> Written {
    match parameter.location {
        Location::Query => Written::Query(vec![(encode(&parameter.name), encode(&text))]),
        Location::Path => Written::Path(encode(&text)),
        Location::Header => Written::Header(text),
        Location::Cookie => Written::Cookie(text),
    }
}

/// How an object's members are written: `a,1` or `a=1`.
#[derive(Clone, Copy)]
enum Pairs {
    Alternating,
    Equated,
}

fn explode(parameter: &Parameter) -> Pairs {
    if parameter.explode { Pairs::Equated } else { Pairs::Alternating }
}

fn query(parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    let name = encode(&parameter.name);
    let delimiter = match parameter.style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    };
    match value {
        Value::Array(elements) if parameter.explode => elements.iter().map(|element| (name.clone(), encode(&scalar(element)))).collect(),
        Value::Object(_) if parameter.style == Style::DeepObject => {
            let mut pairs = Vec::new();
            bracketed(&parameter.name, value, &mut pairs);
            pairs
        }
        Value::Object(members) if parameter.explode => members.iter().map(|(key, member)| (encode(key), encode(&scalar(member)))).collect(),
        Value::Array(elements) => vec![(name, elements.iter().map(|element| encode(&scalar(element))).collect::<Vec<_>>().join(delimiter))],
        other => vec![(name, encoded_join(other, ",", Pairs::Alternating))],
    }
}

/// `name[key]`, and further brackets for what is inside. OpenAPI says nothing of that, and servers agree.
fn bracketed(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, member)| bracketed(&format!("{name}[{key}]"), member, pairs)),
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(position, element)| bracketed(&format!("{name}[{position}]"), element, pairs));
        }
        other => pairs.push((encode(name), encode(&scalar(other)))),
    }
}

fn path(parameter: &Parameter, value: &Value) -> String {
    let text = |delimiter: &str| encoded_join(value, delimiter, explode(parameter));
    match parameter.style {
        Style::Label => format!(".{}", text(if parameter.explode { "." } else { "," })),
        Style::Matrix if parameter.explode && value.is_object() => format!(";{}", text(";")),
        Style::Matrix if parameter.explode && value.is_array() => {
            value.as_array().into_iter().flatten().fold(String::new(), |mut all, element| {
                _ = write!(all, ";{}={}", parameter.name, encode(&scalar(element)));
                all
            })
        }
        Style::Matrix => format!(";{}={}", parameter.name, text(",")),
        _ => text(","),
    }
}

fn encoded_join(value: &Value, delimiter: &str, pairs: Pairs) -> String {
    let encoded = |piece: &String| match (pairs, piece.split_once('=')) {
        (Pairs::Equated, Some((key, member))) if value.is_object() => format!("{}={}", encode(key), encode(member)),
        _ => encode(piece),
    };
    pieces(value, pairs).iter().map(encoded).collect::<Vec<_>>().join(delimiter)
}

fn joined(value: &Value, delimiter: &str, pairs: Pairs) -> String {
    pieces(value, pairs).join(delimiter)
}

fn pieces(value: &Value, pairs: Pairs) -> Vec<String> {
    match (value, pairs) {
        (Value::Array(elements), _) => elements.iter().map(scalar).collect(),
        (Value::Object(members), Pairs::Equated) => members.iter().map(|(key, member)| format!("{key}={}", scalar(member))).collect(),
        (Value::Object(members), Pairs::Alternating) => members.iter().flat_map(|(key, member)| [key.clone(), scalar(member)]).collect(),
        (other, _) => vec![scalar(other)],
    }
}

/// A value as bare text.
pub(crate) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A media type that bodies can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Json,
    Form,
    Multipart,
    /// The value is a text that is the body.
    Text,
}

/// How bodies of this media type are written.
pub(crate) fn kind(media: &MediaType) -> Kind {
    match media.essence() {
        _ if media.is_json() => Kind::Json,
        "application/x-www-form-urlencoded" => Kind::Form,
        essence if essence.starts_with("multipart/") => Kind::Multipart,
        _ => Kind::Text,
    }
}

/// How readily a media type is chosen among several, the least first.
pub(crate) fn rank(media: &MediaType) -> (u8, bool, usize) {
    let rank = match kind(media) {
        Kind::Json => 0,
        Kind::Form => 1,
        Kind::Multipart => 2,
        Kind::Text => 3,
    };
    (rank, rank == 3 && !media.essence().starts_with("text/"), media.name.matches('*').count())
}

/// A body with its `Content-Type`. `is_file` tells which properties of a multipart body are files.
pub(crate) fn body(media: &MediaType, value: &Value, is_file: impl Fn(&str) -> bool) -> (String, Vec<u8>) {
    match kind(media) {
        Kind::Json if media.name.contains('*') => ("application/json".to_owned(), value.to_string().into_bytes()),
        Kind::Json => (media.name.clone(), value.to_string().into_bytes()),
        Kind::Form => (media.name.clone(), form(media, value).into_bytes()),
        Kind::Multipart => (format!("{}; boundary={BOUNDARY}", media.essence()), multipart(value, is_file)),
        Kind::Text => {
            let name = if media.name.contains('*') { "text/plain".to_owned() } else { media.name.clone() };
            (name, scalar(value).into_bytes())
        }
    }
}

/// The members of an object; an array once per element.
fn members(value: &Value) -> Vec<(&String, &Value)> {
    let mut flat = Vec::new();
    for (name, member) in value.as_object().into_iter().flatten() {
        match member {
            Value::Array(elements) => flat.extend(elements.iter().map(|element| (name, element))),
            other => flat.push((name, other)),
        }
    }
    flat
}

/// The members as pairs; objects, and lists of them, have brackets, unless `encoding` says that they are JSON.
fn form(media: &MediaType, value: &Value) -> String {
    let is_json = |name: &str| {
        let known = media.encoding.as_ref().and_then(|encoding| encoding.get(name)?.get("contentType")?.as_str());
        known.is_some_and(|known| known.contains("json"))
    };
    let mut pairs = Vec::new();
    for (name, member) in value.as_object().into_iter().flatten() {
        match member {
            _ if is_json(name) => pairs.push((encode(name), encode(&member.to_string()))),
            Value::Array(elements) if !elements.iter().any(Value::is_object) => {
                pairs.extend(elements.iter().map(|element| (encode(name), encode(&scalar(element)))));
            }
            other => bracketed(name, other, &mut pairs),
        }
    }
    pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn multipart(value: &Value, is_file: impl Fn(&str) -> bool) -> Vec<u8> {
    let mut made = String::new();
    for (name, member) in members(value) {
        let file = if is_file(name) { "; filename=\"sample.txt\"\r\nContent-Type: text/plain" } else { "" };
        _ = write!(made, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{}\r\n", scalar(member));
    }
    _ = write!(made, "--{BOUNDARY}--\r\n");
    made.into_bytes()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use specs::api::{Evidence, Location, Parameter, Style};

    use super::{Written, parameter};

    fn written(location: Location, style: Style, explode: bool, value: &Value) -> String {
        let known = Parameter {
            name: "c".to_owned(),
            location,
            required: true,
            deprecated: false,
            description: String::new(),
            style,
            explode,
            allow_reserved: false,
            schema: None,
            content: None,
            examples: Vec::new(),
            evidence: Evidence::Page,
            pointer: String::new(),
        };
        match parameter(&known, value) {
            Written::Path(text) | Written::Header(text) | Written::Cookie(text) => text,
            Written::Query(pairs) => pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"),
        }
    }

    #[test]
    fn parameters_are_written_as_their_style_says() {
        let (text, list, object) = (json!("b l"), json!(["b", "r g"]), json!({"R": 100, "G": 200}));
        let rows = [
            (Location::Query, Style::Form, true, &text, "c=b%20l"),
            (Location::Query, Style::Form, true, &list, "c=b&c=r%20g"),
            (Location::Query, Style::Form, false, &list, "c=b,r%20g"),
            (Location::Query, Style::SpaceDelimited, false, &list, "c=b%20r%20g"),
            (Location::Query, Style::PipeDelimited, false, &list, "c=b%7Cr%20g"),
            (Location::Query, Style::Form, true, &object, "R=100&G=200"),
            (Location::Query, Style::Form, false, &object, "c=R,100,G,200"),
            (Location::Query, Style::DeepObject, true, &object, "c%5BR%5D=100&c%5BG%5D=200"),
            (Location::Path, Style::Simple, false, &list, "b,r%20g"),
            (Location::Path, Style::Simple, true, &object, "R=100,G=200"),
            (Location::Path, Style::Label, true, &list, ".b.r%20g"),
            (Location::Path, Style::Label, false, &object, ".R,100,G,200"),
            (Location::Path, Style::Matrix, false, &list, ";c=b,r%20g"),
            (Location::Path, Style::Matrix, true, &list, ";c=b;c=r%20g"),
            (Location::Path, Style::Matrix, true, &object, ";R=100;G=200"),
            (Location::Header, Style::Simple, false, &list, "b,r g"),
            (Location::Cookie, Style::Form, false, &text, "b l"),
        ];
        for (location, style, explode, value, expected) in rows {
            assert_eq!(written(location, style, explode, value), expected, "{location:?} {style:?} {explode} {value}");
        }
    }
}
