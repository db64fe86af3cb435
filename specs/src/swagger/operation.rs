//! Paths and operations: parameters are parted into those that stay and those that make the body.

use serde_json::{Map, Value};

use super::{Converter, Media, body::Field, names, servers};
use crate::pointer;

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch"];

/// The parameters of an operation or a path, parted.
#[derive(Default)]
struct Parted {
    parameters: Vec<Value>,
    body: Option<Field>,
    fields: Vec<Field>,
}

impl Converter {
    pub(super) fn paths(&mut self, paths: Value, media: &Media) -> Value {
        let Value::Object(mut paths) = paths else { return paths };
        for (path, item) in paths.iter_mut().filter(|(path, _)| !path.starts_with("x-")) {
            let at = pointer::join("/paths", path);
            self.path_item(item, &at, media);
        }
        paths.into()
    }

    fn path_item(&mut self, item: &mut Value, at: &str, media: &Media) {
        let Value::Object(item) = item else { return };
        let mut shared = Parted::default();
        if let Some(parameters) = item.shift_remove("parameters") {
            shared = self.part(parameters, &pointer::join(at, "parameters"));
            if !shared.parameters.is_empty() {
                item.insert("parameters".to_owned(), std::mem::take(&mut shared.parameters).into());
            }
        }
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(*method) {
                self.operation(operation, &pointer::join(at, method), &shared, media);
            }
        }
    }

    fn operation(&mut self, operation: &mut Map<String, Value>, at: &str, shared: &Parted, media: &Media) {
        let own = |operation: &mut Map<String, Value>, name: &str, above: &[String]| {
            operation.shift_remove(name).map_or_else(|| above.to_vec(), |own| names(Some(&own)))
        };
        let own = Media { consumes: own(operation, "consumes", &media.consumes), produces: own(operation, "produces", &media.produces) };
        if let Some(schemes) = operation.shift_remove("schemes")
            && Some(&schemes) != self.root.get("schemes")
        {
            let servers = servers(&self.root, Some(&schemes));
            if !servers.is_empty() {
                operation.insert("servers".to_owned(), servers.into());
                self.layer.moved(&pointer::join(at, "servers"), &pointer::join(at, "schemes"));
            }
        }
        self.parameters(operation, at, shared, &own, media);
        self.responses(operation, at, &own, media);
    }

    fn parameters(&mut self, operation: &mut Map<String, Value>, at: &str, shared: &Parted, own: &Media, media: &Media) {
        let from = pointer::join(at, "parameters");
        let parted = operation.shift_remove("parameters").map(|parameters| self.part(parameters, &from)).unwrap_or_default();
        if !parted.parameters.is_empty() {
            operation.insert("parameters".to_owned(), parted.parameters.into());
        }
        let now = pointer::join(at, "requestBody");
        let name = |field: &Field| field.value.get("name").cloned();
        let shared_fields = shared.fields.iter().filter(|field| !parted.fields.iter().any(|own| name(own) == name(field)));
        let fields: Vec<Field> =
            parted.fields.iter().chain(shared_fields).map(|field| Field { value: field.value.clone(), from: field.from.clone() }).collect();
        let body = match (parted.body.as_ref().or(shared.body.as_ref()), fields.is_empty()) {
            (None, true) => return,
            (None, false) => self.form(&fields, &now, &own.consumes),
            (Some(body), is_alone) => {
                if !is_alone {
                    let message = "an operation takes a body or a form, and this one has both; the form is left out".to_owned();
                    self.tell("body-and-form", &fields[0].from, message, "take the body or the form out");
                }
                self.body_or_reference(body, &now, own, media)
            }
        };
        operation.insert("requestBody".to_owned(), body);
    }

    /// A body that is referred to can stay a reference where the operation takes what all take.
    fn body_or_reference(&mut self, body: &Field, now: &str, own: &Media, media: &Media) -> Value {
        let Some((target, from)) = self.named(&body.value).map(|(target, from)| (target.clone(), from)) else {
            return self.body(&body.value, now, &body.from, &own.consumes);
        };
        if own.consumes == media.consumes && from.starts_with("/parameters/") {
            self.layer.moved(now, &body.from);
            return body.value.clone();
        }
        self.body(&target, now, &from, &own.consumes)
    }

    fn responses(&mut self, operation: &mut Map<String, Value>, at: &str, own: &Media, media: &Media) {
        let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
        let at = pointer::join(at, "responses");
        for (status, response) in responses.iter_mut().filter(|(status, _)| !status.starts_with("x-")) {
            let place = pointer::join(&at, status);
            let named = self.named(response).map(|(target, from)| (target.clone(), from));
            match named.filter(|_| own.produces != media.produces) {
                // What it refers to is given in the media types of this operation.
                Some((target, from)) if !target.get("$ref").is_some_and(Value::is_string) => {
                    self.layer.moved(&place, &from);
                    *response = self.response(target, &place, &from, &own.produces);
                }
                _ => *response = self.response(response.take(), &place, &place, &own.produces),
            }
        }
    }

    /// Parts the parameters written at `from`, and converts those that stay.
    fn part(&mut self, parameters: Value, from: &str) -> Parted {
        let Value::Array(items) = parameters else {
            return Parted { parameters: Vec::new(), ..Parted::default() };
        };
        let mut parted = Parted::default();
        for (position, item) in items.into_iter().enumerate() {
            let place = pointer::index(from, position);
            let named = self.named(&item).map(|(target, from)| (target.clone(), from));
            let location = named.as_ref().map_or(&item, |(target, _)| target).get("in").and_then(Value::as_str);
            match location {
                Some("body") if parted.body.is_some() => {
                    let message = "an operation takes one body, and this is the second; it is left out".to_owned();
                    self.tell("second-body", &place, message, "take one of the two out");
                }
                Some("body") => parted.body = Some(Field { value: item, from: place }),
                Some("formData") => {
                    let (value, from) = named.unwrap_or((item, place));
                    parted.fields.push(Field { value, from });
                }
                _ => {
                    let now = pointer::index(from, parted.parameters.len());
                    self.move_to(&now, &place);
                    parted.parameters.push(self.parameter(item, &now, &place));
                }
            }
        }
        parted
    }
}
