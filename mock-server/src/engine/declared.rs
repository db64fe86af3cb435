//! What a declared response holds: its examples first, else what its schemas allow.
//!
//! An example that its schema refuses is sent as the nearest value that the schema takes, since clients are generated
//! from schemas; whoever asks for such an example by name gets it as it is written, and the journal says what is wrong.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;
use specs::{
    Api,
    api::{Direction, Example, MediaType, Response, SchemaId},
    sample::{Sampler, Shape},
    validate::Validators,
    wire::Framing,
};

use super::conform;

/// How many values a sequence has that nobody gave an example of.
const SEQUENCE: u64 = 3;

/// Headers that say how a message is sent, which the transport alone knows.
const OF_TRANSPORT: [HeaderName; 6] =
    [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION, header::CONTENT_ENCODING, header::TRAILER, header::UPGRADE];

/// Where a body comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin<'a> {
    /// The first example that conforms, else the schema.
    Document,
    /// This example, as it is.
    Example(&'a Example),
    /// The schema alone, another value for each number.
    Schema(u64),
}

/// Makes bodies and headers of responses.
#[derive(Clone, Copy)]
pub(super) struct Declared<'a> {
    pub(super) api: &'a Api,
    pub(super) validators: &'a Validators,
    pub(super) sampler: &'a Sampler,
}

impl Declared<'_> {
    /// The value of a body, and what is wrong with it.
    pub(super) fn value(&self, media: &MediaType, origin: Origin<'_>) -> (Value, Option<String>) {
        let first = || media.examples.first().map(|example| example.value.clone());
        let Some(schema) = &media.schema else {
            let example = if let Origin::Example(example) = origin { Some(example.value.clone()) } else { first() };
            return (example.unwrap_or(Value::Null), None);
        };
        let sampled = |shape, like: Option<&Value>| self.sampler.sample(schema, shape, like);
        match origin {
            Origin::Example(example) => (example.value.clone(), self.wrong(schema, &example.value)),
            Origin::Schema(number) => match sampled(Shape::Lifelike(number), None).or_else(|_| sampled(Shape::Full, None)) {
                Ok(value) => (value, None),
                Err(reason) => (first().unwrap_or(Value::Null), Some(reason.to_string())),
            },
            Origin::Document => match media.examples.iter().find(|example| self.wrong(schema, &example.value).is_none()) {
                Some(example) => (example.value.clone(), None),
                None => match (sampled(Shape::Full, media.examples.first().map(|example| &example.value)), first()) {
                    (Ok(value), _) => (value, None),
                    (Err(_), Some(example)) => {
                        let wrong = self.wrong(schema, &example);
                        (example, wrong)
                    }
                    (Err(reason), None) => (Value::Null, Some(reason.to_string())),
                },
            },
        }
    }

    /// A body, and what is wrong with it.
    pub(super) fn body(&self, media: &MediaType, origin: Origin<'_>) -> (Bytes, Option<String>) {
        let framing = Framing::of(media.essence(), media.is_json());
        if framing.is_sequence() {
            return (self.sequence(media, origin, framing), None);
        }
        if framing == Framing::Text && media.schema.is_none() && media.examples.is_empty() {
            return (Bytes::new(), None);
        }
        // The schema of XML is not that of its text.
        let written = media.examples.iter().map(|example| &example.value).find(|value| value.is_string());
        if let (Origin::Document, true, Some(text)) = (origin, media.is_xml(), written) {
            return (framing.body(std::slice::from_ref(text)).into(), None);
        }
        let (value, wrong) = self.value(media, origin);
        // What is no JSON is not told apart by the schema: text and bytes are sent as they are.
        let wrong = wrong.filter(|_| framing == Framing::Json);
        (framing.body(&[value]).into(), wrong)
    }

    /// The declared headers of a response, required or not, each with an example of it or a value of its schema.
    pub(super) fn headers(&self, response: &Response) -> Vec<(HeaderName, HeaderValue)> {
        let limits: Vec<&str> = self.api.rate_limits.iter().flat_map(|limit| &limit.headers).map(|(name, _)| name.as_str()).collect();
        let sent = response.headers.iter().filter(|header| !limits.iter().any(|name| name.eq_ignore_ascii_case(&header.name)));
        sent.filter_map(|header| {
            let name = HeaderName::try_from(&header.name).ok().filter(|name| !OF_TRANSPORT.contains(name))?;
            let fits = |value: &Value| header.schema.as_ref().is_none_or(|schema| self.wrong(schema, value).is_none());
            let example = header.examples.iter().map(|example| &example.value).find(|value| fits(value)).cloned();
            let sampled = || self.sampler.full(header.schema.as_ref()?).ok();
            let text = simple(&example.or_else(sampled)?);
            Some((name, HeaderValue::from_bytes(text.as_bytes()).ok()?))
        })
        .collect()
    }

    /// What a schema says against a value.
    fn wrong(&self, schema: &SchemaId, value: &Value) -> Option<String> {
        let validator = self.validators.get(schema, Direction::Response).ok()?;
        (!validator.is_valid(value)).then(|| conform::describe(&validator, value).join("; "))
    }

    /// An example that is text is the whole body; one that is a list has a frame around each element.
    fn sequence(&self, media: &MediaType, origin: Origin<'_>, framing: Framing) -> Bytes {
        let example = match origin {
            Origin::Example(example) => Some(&example.value),
            Origin::Document => media.examples.first().map(|example| &example.value),
            Origin::Schema(_) => None,
        };
        match (example, &media.schema) {
            (Some(Value::String(text)), _) => Bytes::from(text.clone()),
            (Some(Value::Array(items)), _) => framing.body(items).into(),
            (Some(one), _) => framing.body(std::slice::from_ref(one)).into(),
            (None, None) => Bytes::new(),
            (None, Some(schema)) => {
                let start = if let Origin::Schema(number) = origin { number } else { 0 };
                let item = self.api.schemas.items(schema).unwrap_or_else(|| schema.clone());
                let items = (start..start.saturating_add(SEQUENCE))
                    .filter_map(|number| self.sampler.sample(&item, Shape::Lifelike(number), None).ok());
                framing.body(&items.collect::<Vec<_>>()).into()
            }
        }
    }
}

/// A value in the style of headers: `1,2,3`, and `a,1,b,2` for an object.
fn simple(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(simple).collect::<Vec<_>>().join(","),
        Value::Object(map) => map.iter().map(|(name, value)| format!("{name},{}", simple(value))).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// What stands for a range such as `text/*`.
pub(super) fn concrete(media: &MediaType) -> &str {
    match media.essence() {
        _ if media.is_json() && media.name.contains('*') => "application/json",
        "*/*" | "application/*" => "application/octet-stream",
        "text/*" => "text/plain",
        "image/*" => "image/png",
        "audio/*" => "audio/mpeg",
        "video/*" => "video/mp4",
        _ => &media.name,
    }
}

/// Whether a response with this status has no content, whatever the document says (RFC 9110, section 6.4.1).
pub(super) fn is_bodiless(status: StatusCode) -> bool {
    status.is_informational() || matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED)
}
