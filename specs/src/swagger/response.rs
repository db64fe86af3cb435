//! Responses: one schema becomes one for each media type.

use serde_json::{Map, Value};

use super::{Converter, body::or_json, schema};
use crate::pointer;

impl Converter {
    /// A response at `now`, written at `from`.
    pub(super) fn response(&mut self, response: Value, now: &str, from: &str, produces: &[String]) -> Value {
        let Value::Object(mut object) = response else { return response };
        if object.contains_key("$ref") {
            return object.into();
        }
        let (schema, examples) = (object.shift_remove("schema"), object.shift_remove("examples"));
        if let Some(Value::Object(headers)) = object.get_mut("headers") {
            let (now, from) = (pointer::join(now, "headers"), pointer::join(from, "headers"));
            for (name, header) in headers.iter_mut() {
                *header = self.header(header.take(), &pointer::join(&now, name), &pointer::join(&from, name));
            }
        }
        let content = self.content(schema, examples.as_ref(), now, from, produces);
        if !content.is_empty() {
            object.insert("content".to_owned(), content.into());
        }
        object.into()
    }

    fn content(
        &mut self,
        schema: Option<Value>,
        examples: Option<&Value>,
        now: &str,
        from: &str,
        produces: &[String],
    ) -> Map<String, Value> {
        let is_file = schema.as_ref().and_then(|schema| schema.get("type")).is_some_and(|name| name == "file");
        let schema = schema.map(schema::convert);
        let mut media: Vec<String> = match (&schema, is_file && produces.is_empty()) {
            (None, _) => Vec::new(),
            (Some(_), true) => vec!["application/octet-stream".to_owned()],
            (Some(_), false) => or_json(produces).into_iter().map(str::to_owned).collect(),
        };
        let examples = examples.and_then(Value::as_object).map(|examples| by_media(examples, &media)).unwrap_or_default();
        media.extend(examples.iter().map(|(name, ..)| name.clone()).filter(|name| !media.contains(name)).collect::<Vec<_>>());
        let mut content = Map::new();
        for name in media {
            let place = pointer::join(&pointer::join(now, "content"), &name);
            let mut made = Map::new();
            if let Some(schema) = &schema {
                self.move_to(&pointer::join(&place, "schema"), &pointer::join(from, "schema"));
                made.insert("schema".to_owned(), schema.clone());
            }
            if let Some((_, key, example)) = examples.iter().find(|(media, ..)| *media == name) {
                let from = pointer::join(from, "examples");
                let from = key.as_ref().map_or_else(|| from.clone(), |key| pointer::join(&from, key));
                self.layer.moved(&pointer::join(&place, "example"), &from);
                made.insert("example".to_owned(), example.clone());
            }
            content.insert(name, made.into());
        }
        content
    }
}

/// Examples by media type; what is keyed by none is one example of the first.
fn by_media(examples: &Map<String, Value>, media: &[String]) -> Vec<(String, Option<String>, Value)> {
    let (typed, others): (Vec<_>, Vec<_>) = examples.iter().partition(|(name, _)| name.contains('/'));
    if typed.is_empty() && !others.is_empty() {
        let first = media.first().cloned().unwrap_or_else(|| "application/json".to_owned());
        return vec![(first, None, Value::Object(examples.clone()))];
    }
    typed.into_iter().map(|(name, example)| (name.clone(), Some(name.clone()), example.clone())).collect()
}
