//! A parameter that is the body, and those that are parts of a form, become the request body.

use serde_json::{Map, Value, json};

use super::{Converter, parameter, schema};
use crate::pointer;

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// A part of a form, and where it was written.
pub(super) struct Field {
    pub(super) value: Value,
    pub(super) from: String,
}

impl Converter {
    /// The request body for a parameter that is the body, at `now`, written at `from`.
    pub(super) fn body(&mut self, parameter: &Value, now: &str, from: &str, consumes: &[String]) -> Value {
        let mut body = Map::new();
        for (name, member) in parameter.as_object().into_iter().flatten() {
            if matches!(name.as_str(), "description" | "required") || name.starts_with("x-") {
                body.insert(name.clone(), member.clone());
            }
        }
        self.layer.moved(now, from);
        // What a generator shows as an example, by media type.
        let examples = body.shift_remove("x-examples");
        parameter::example(&mut body);
        let example = body.shift_remove("example");
        let schema = parameter.get("schema").map(|schema| schema::convert(schema.clone()));
        let mut content = Map::new();
        for media in or_json(consumes) {
            let place = pointer::join(&pointer::join(now, "content"), media);
            let mut made = Map::new();
            if let Some(schema) = &schema {
                self.move_to(&pointer::join(&place, "schema"), &pointer::join(from, "schema"));
                made.insert("schema".to_owned(), schema.clone());
            }
            let of_media = examples.as_ref().and_then(|examples| examples.get(media));
            if let Some(example) = of_media.or(example.as_ref()) {
                made.insert("example".to_owned(), example.clone());
            }
            content.insert(media.to_owned(), made.into());
        }
        body.insert("content".to_owned(), content.into());
        body.into()
    }

    /// The request body for the parts of a form, at `now`.
    pub(super) fn form(&mut self, fields: &[Field], now: &str, consumes: &[String]) -> Value {
        let Some(first) = fields.first() else { return Value::Null };
        self.layer.moved(now, &first.from);
        let content: Map<String, Value> = self
            .form_types(fields, consumes)
            .into_iter()
            .map(|media| {
                let place = pointer::join(&pointer::join(now, "content"), media);
                (media.to_owned(), self.form_content(fields, &place))
            })
            .collect();
        let is_required = fields.iter().any(|field| field.value.get("required") == Some(&Value::Bool(true)));
        let mut body = json!({ "content": content });
        if is_required {
            body["required"] = true.into();
        }
        body
    }

    /// A file can only be sent as multipart.
    fn form_types(&mut self, fields: &[Field], consumes: &[String]) -> Vec<&'static str> {
        let file = fields.iter().find(|field| field.value.get("type").is_some_and(|name| name == "file"));
        let says = |media: &str| consumes.iter().any(|one| one.to_ascii_lowercase().starts_with(media));
        match (file, says(MULTIPART), says(FORM)) {
            (Some(file), false, true) => {
                let message = format!("a file cannot be sent as `{FORM}`; it is taken as `{MULTIPART}`");
                self.tell("file-in-form", &file.from, message, "add `multipart/form-data` to `consumes`");
                vec![MULTIPART]
            }
            (Some(_), ..) | (None, true, false) => vec![MULTIPART],
            (None, true, true) => vec![FORM, MULTIPART],
            (None, false, _) => vec![FORM],
        }
    }

    fn form_content(&mut self, fields: &[Field], place: &str) -> Value {
        let (mut properties, mut required, mut encoding) = (Map::new(), Vec::new(), Map::new());
        let schema = pointer::join(place, "schema");
        for field in fields {
            let Value::Object(mut object) = field.value.clone() else { continue };
            let Some(name) = object.get("name").and_then(Value::as_str).map(str::to_owned) else { continue };
            let format = object.shift_remove("collectionFormat");
            let is_list = object.get("type").is_some_and(|name| name == "array");
            if object.get("required") == Some(&Value::Bool(true)) {
                required.push(Value::from(name.as_str()));
            }
            parameter::example(&mut object);
            for member in ["name", "in", "required", "allowEmptyValue"] {
                object.shift_remove(member);
            }
            if is_list {
                let word = format.as_ref().and_then(Value::as_str).unwrap_or("csv");
                let mut style = Map::new();
                self.style(&mut style, word, "formData", &pointer::join(&field.from, "collectionFormat"));
                encoding.insert(name.clone(), style.into());
            }
            self.layer.moved(&pointer::join(&pointer::join(&schema, "properties"), &name), &field.from);
            properties.insert(name, schema::convert(object.into()));
        }
        let mut made = json!({ "schema": { "type": "object", "properties": properties } });
        if !required.is_empty() {
            made["schema"]["required"] = required.into();
        }
        if !encoding.is_empty() {
            made["encoding"] = encoding.into();
        }
        made
    }
}

/// What is taken or given when a document does not say.
pub(super) fn or_json(media: &[String]) -> Vec<&str> {
    if media.is_empty() { vec!["application/json"] } else { media.iter().map(String::as_str).collect() }
}
