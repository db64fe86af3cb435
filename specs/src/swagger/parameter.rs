//! Parameters and headers: what was beside `name` and `in` becomes their schema, and how lists are written their style.

use serde_json::{Map, Value};

use super::{Converter, schema};
use crate::pointer;

impl Converter {
    /// A parameter that is no part of a body, at `now`, written at `from`.
    pub(super) fn parameter(&mut self, parameter: Value, now: &str, from: &str) -> Value {
        let Value::Object(mut object) = parameter else { return parameter };
        if object.contains_key("$ref") || object.contains_key("schema") && !object.contains_key("type") {
            return object.into();
        }
        let location = object.get("in").and_then(Value::as_str).unwrap_or_default().to_owned();
        let format = object.shift_remove("collectionFormat");
        let is_list = object.get("type").is_some_and(|name| name == "array");
        example(&mut object);
        let schema = schema::split(&mut object);
        object.insert("schema".to_owned(), schema);
        self.layer.moved(&pointer::join(now, "schema"), from);
        if is_list {
            let word = format.as_ref().and_then(Value::as_str).unwrap_or("csv");
            self.style(&mut object, word, &location, &pointer::join(from, "collectionFormat"));
        }
        object.into()
    }

    /// `style` and `explode` for a collection format.
    pub(super) fn style(&mut self, object: &mut Map<String, Value>, word: &str, location: &str, from: &str) {
        let (style, explode) = match (word, location) {
            ("multi", "query" | "formData") => ("form", true),
            ("csv", "query" | "formData") => ("form", false),
            ("ssv", "query" | "formData") => ("spaceDelimited", false),
            ("pipes", "query" | "formData") => ("pipeDelimited", false),
            ("csv", _) => ("simple", false),
            _ => {
                let message = format!("OpenAPI 3.0 has no way to write `{word}` in the {location}; it is read as `csv`");
                self.tell("collection-format", from, message, "write `csv`, if the server takes it");
                if matches!(location, "query" | "formData") { ("form", false) } else { ("simple", false) }
            }
        };
        object.insert("style".to_owned(), style.into());
        object.insert("explode".to_owned(), explode.into());
    }

    /// A header of a response, at `now`, written at `from`.
    pub(super) fn header(&mut self, header: Value, now: &str, from: &str) -> Value {
        let Value::Object(mut object) = header else { return header };
        if object.contains_key("schema") {
            return object.into();
        }
        object.shift_remove("collectionFormat");
        example(&mut object);
        let schema = schema::split(&mut object);
        object.insert("schema".to_owned(), schema);
        self.layer.moved(&pointer::join(now, "schema"), from);
        object.into()
    }
}

/// `x-example` is what everyone wrote before there was `example`.
pub(super) fn example(object: &mut Map<String, Value>) {
    if let Some(example) = object.shift_remove("x-example") {
        object.entry("example").or_insert(example);
    }
}
