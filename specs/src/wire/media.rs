//! What a request body may be: its media types, each with how its bytes become a value and what that has to be.

use std::{cmp::Reverse, sync::Arc};

use bytes::Bytes;
use serde_json::Value;

use super::{
    body::{Fields, Reading},
    framing::Framing,
    shape::{Members, Shape},
};
use crate::{
    api::{Body, MediaType, SchemaId, Schemas},
    validate::Validator,
};

/// A request body, compiled.
pub struct Content {
    /// Whether it has to be there.
    pub required: bool,
    /// Its media types.
    pub media: Vec<Media>,
}

/// A media type of a request body, compiled.
pub struct Media {
    /// Without parameters, in lower case; `*/*` and `text/*` are ranges.
    pub essence: String,
    /// What its values have to be, where that is known and bytes can be held against it.
    pub validator: Option<Arc<Validator>>,
    /// Why a body is taken as it comes, where the document has a schema for it.
    pub untyped: Option<&'static str>,
    /// JSON pointer of its place.
    pub pointer: String,
    /// How its bytes are read; `None` for a range, which is read as what is sent.
    reading: Option<Reading>,
    fields: Fields,
}

impl Content {
    /// Compiles a body, with the validators that are had from `validator`.
    pub fn new(schemas: &Schemas, body: &Body, mut validator: impl FnMut(&SchemaId) -> Option<Arc<Validator>>) -> Self {
        let media = body.content.iter().map(|media| Media::new(schemas, media, &mut validator)).collect();
        Self { required: body.required, media }
    }

    /// The media type that a `Content-Type` names, or that covers it.
    #[must_use]
    pub fn find(&self, content_type: &str) -> Option<&Media> {
        meant(&self.media, |media| &media.essence, content_type)
    }

    /// Whether an empty body can be a value, as of a form or of text.
    #[must_use]
    pub fn takes_empty(&self, content_type: &str) -> bool {
        let is_read = |media: &&Media| matches!(media.reading, Some(Reading::Form | Reading::Text));
        self.media.iter().filter(is_read).any(|media| content_type.starts_with(&media.essence))
    }
}

impl Media {
    fn new(schemas: &Schemas, media: &MediaType, validator: impl FnOnce(&SchemaId) -> Option<Arc<Validator>>) -> Self {
        let shape = media.schema.as_ref().map_or(Shape::Object(Members::default()), |schema| Shape::of(schemas, schema));
        let essence = media.essence().to_owned();
        // How a range is read depends on what is sent.
        let reading = (!essence.contains('*')).then(|| Reading::of(&essence));
        let untyped = untyped(media, &shape);
        // Bytes that are read as nothing more than text are not held against a schema made for binary data.
        let is_judged = untyped.is_none() && (reading != Some(Reading::Text) || essence.starts_with("text/"));
        let validator = media.schema.as_ref().filter(|_| is_judged).and_then(validator);
        Self { fields: Fields::new(media, shape), essence, reading, validator, untyped, pointer: media.pointer.clone() }
    }

    /// The value that the bytes hold.
    ///
    /// # Errors
    /// What is wrong with them, when they hold none.
    pub fn read(&self, bytes: &Bytes, content_type: &str) -> Result<Value, String> {
        let reading = self.reading.unwrap_or_else(|| Reading::of(&essence(content_type)));
        reading.read(bytes, content_type, &self.fields)
    }
}

/// Why a request body is not checked against its schema, if it is not.
fn untyped(media: &MediaType, shape: &Shape) -> Option<&'static str> {
    let essence = media.essence();
    let is_plain = Reading::of(essence) == Reading::Text && !essence.contains('*') && !media.is_json();
    let is_structured = matches!(shape, Shape::List { .. } | Shape::Object(_)) && media.schema.is_some();
    match () {
        () if media.is_xml() && media.schema.is_some() => Some("XML is not read"),
        () if Framing::of(essence, false).is_sequence() && media.schema.is_some() => Some("what a sequence holds is not read"),
        () if is_plain && is_structured && !essence.starts_with("text/plain") => {
            Some("nothing says how text becomes what the schema describes")
        }
        () => None,
    }
}

/// Which of several media types a `Content-Type` means: the one that it names, else the most specific one that covers
/// it, which is `application/*+json` before `application/*`, and that before `*/*`.
pub fn meant<'m, M>(media: &'m [M], name: impl Fn(&M) -> &str, content_type: &str) -> Option<&'m M> {
    let essence = essence(content_type);
    let covering = || media.iter().filter(|one| covers(name(one), &essence)).min_by_key(|one| Reverse(name(one).len()));
    media.iter().find(|one| name(one) == essence).or_else(covering)
}

/// A media type without its parameters, in lower case.
fn essence(sent: &str) -> String {
    sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a media type falls under `*/*`, `text/*`, or `application/*+json`.
fn covers(range: &str, essence: &str) -> bool {
    let Some((before, after)) = range.split_once('*') else { return false };
    range == "*/*" || essence.len() >= before.len() + after.len() && essence.starts_with(before) && essence.ends_with(after)
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn the_most_specific_media_type_is_meant() {
        let all = ["*/*", "application/*", "application/*+json", "text/plain", "application/json"];
        for (sent, expected) in [
            ("Application/JSON; charset=utf-8", Some("application/json")),
            ("application/problem+json", Some("application/*+json")),
            ("application/xml", Some("application/*")),
            ("image/png", Some("*/*")),
        ] {
            assert_eq!(meant(&all, |name| name, sent).copied(), expected, "{sent}");
        }
        assert_eq!(meant(&all[3..], |name| name, "text/html"), None);
    }
}
