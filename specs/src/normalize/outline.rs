//! What objects of OpenAPI must have, and which kind of value their members take: what is clear is mended, with a
//! problem each, so that no pass behind this one has to ask.
//!
//! Schemas are no concern of this; their keywords are checked where they are converted.

use serde_json::{Map, Value};

use super::{
    queries,
    shape::{Kind, Shape},
    variables,
};
use crate::{pointer, problem::Problems};

/// The kinds of values that members take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Text,
    Flag,
    Map,
    List,
    Schema,
}

const DOCUMENT: &[(&str, Takes)] = &[
    ("info", Takes::Map),
    ("paths", Takes::Map),
    ("webhooks", Takes::Map),
    ("components", Takes::Map),
    ("servers", Takes::List),
    ("tags", Takes::List),
    ("security", Takes::List),
];
const INFO: &[(&str, Takes)] = &[("title", Takes::Text), ("version", Takes::Text), ("description", Takes::Text)];
const COMPONENTS: &[(&str, Takes)] = &[
    ("schemas", Takes::Map),
    ("parameters", Takes::Map),
    ("headers", Takes::Map),
    ("requestBodies", Takes::Map),
    ("responses", Takes::Map),
    ("examples", Takes::Map),
    ("links", Takes::Map),
    ("callbacks", Takes::Map),
    ("securitySchemes", Takes::Map),
    ("pathItems", Takes::Map),
];
const PATH_ITEM: &[(&str, Takes)] =
    &[("parameters", Takes::List), ("servers", Takes::List), ("summary", Takes::Text), ("description", Takes::Text)];
const OPERATION: &[(&str, Takes)] = &[
    ("operationId", Takes::Text),
    ("summary", Takes::Text),
    ("description", Takes::Text),
    ("tags", Takes::List),
    ("parameters", Takes::List),
    ("requestBody", Takes::Map),
    ("responses", Takes::Map),
    ("callbacks", Takes::Map),
    ("deprecated", Takes::Flag),
    ("security", Takes::List),
    ("servers", Takes::List),
];
const PARAMETER: &[(&str, Takes)] = &[
    ("name", Takes::Text),
    ("in", Takes::Text),
    ("description", Takes::Text),
    ("required", Takes::Flag),
    ("deprecated", Takes::Flag),
    ("explode", Takes::Flag),
    ("allowReserved", Takes::Flag),
    ("schema", Takes::Schema),
    ("content", Takes::Map),
    ("examples", Takes::Map),
];
const BODY: &[(&str, Takes)] = &[("description", Takes::Text), ("required", Takes::Flag), ("content", Takes::Map)];
const RESPONSE: &[(&str, Takes)] = &[("description", Takes::Text), ("headers", Takes::Map), ("content", Takes::Map), ("links", Takes::Map)];
const MEDIA_TYPE: &[(&str, Takes)] = &[("schema", Takes::Schema), ("examples", Takes::Map), ("encoding", Takes::Map)];

impl Takes {
    fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Flag => "`true` or `false`",
            Self::Map => "a mapping",
            Self::List => "a list",
            Self::Schema => "a schema",
        }
    }

    fn is_met(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::Map => value.is_object(),
            Self::List => value.is_array(),
            Self::Schema => value.is_object() || value.is_boolean(),
        }
    }

    /// What a value of another kind must mean.
    fn meant(self, value: &Value) -> Option<Value> {
        match (self, value) {
            (Self::Text, Value::Number(_) | Value::Bool(_)) => Some(value.to_string().into()),
            (Self::Flag, Value::String(text)) => text.trim().to_ascii_lowercase().parse().ok().map(Value::Bool),
            (Self::List, Value::Object(_) | Value::String(_)) => Some(Value::Array(vec![value.clone()])),
            _ => None,
        }
    }
}

/// Mends what is clear in the document, and tells of it.
pub(crate) fn mend(root: &mut Value, problems: &mut Problems) {
    if !root.is_object() || root.get("openapi").is_none() {
        return;
    }
    Walk { at: String::new(), problems }.object(root, Kind::Document);
    queries::declare(root);
    variables::declare(root, problems);
}

struct Walk<'w, 'd> {
    at: String,
    problems: &'w mut Problems<'d>,
}

impl Walk<'_, '_> {
    fn object(&mut self, value: &mut Value, kind: Kind) {
        let Value::Object(object) = value else { return };
        if object.get("$ref").is_some_and(Value::is_string) && kind != Kind::PathItem {
            return;
        }
        let members = match kind {
            Kind::Document => DOCUMENT,
            Kind::Components => COMPONENTS,
            Kind::PathItem => PATH_ITEM,
            Kind::Operation => OPERATION,
            Kind::Parameter => PARAMETER,
            Kind::Body => BODY,
            Kind::Response => RESPONSE,
            Kind::MediaType => MEDIA_TYPE,
            _ => &[],
        };
        self.members(object, members);
        self.requirements(object, kind);
        for (name, shape, kind) in kind.members().iter().filter(|(.., kind)| *kind != Kind::Schema) {
            if let Some(member) = object.get_mut(*name) {
                self.below(name, |walk| walk.shape(member, *shape, *kind));
            }
        }
        if let Some(every) = kind.every_member() {
            for (name, member) in object.iter_mut().filter(|(name, _)| !name.starts_with("x-")) {
                self.below(name, |walk| walk.object(member, every));
            }
        }
    }

    fn shape(&mut self, value: &mut Value, shape: Shape, kind: Kind) {
        match (shape, value) {
            (Shape::One, value) => self.object(value, kind),
            (Shape::Map, Value::Object(members)) => {
                for (name, member) in members.iter_mut().filter(|(name, _)| !name.starts_with("x-")) {
                    self.below(name, |walk| walk.object(member, kind));
                }
            }
            (Shape::List, Value::Array(items)) => {
                items.iter_mut().enumerate().for_each(|(position, item)| self.below(&position.to_string(), |walk| walk.object(item, kind)));
            }
            _ => {}
        }
    }

    fn members(&mut self, object: &mut Map<String, Value>, members: &[(&str, Takes)]) {
        for (name, takes) in members {
            let Some(value) = object.get(*name).filter(|value| !takes.is_met(value)) else { continue };
            let place = pointer::join(&self.at, name);
            if value.is_null() {
                self.problems.warning("empty-member", &place, &format!("`{name}` is empty"), "fill it, or leave it out");
                object.shift_remove(*name);
                continue;
            }
            let message = format!("`{name}` takes {}", takes.words());
            if let Some(meant) = takes.meant(value) {
                // Who writes `version: 1.0` without quotes is understood by everyone.
                if *takes != Takes::Text {
                    self.problems.warning("member-type", &place, &message, &format!("write `{name}: {meant}`"));
                }
                object.insert((*name).to_owned(), meant);
            } else {
                self.problems.error("member-type", &place, &message, "correct or remove it");
                object.shift_remove(*name);
            }
        }
    }

    fn requirements(&mut self, object: &mut Map<String, Value>, kind: Kind) {
        match kind {
            Kind::Document => self.document(object),
            Kind::Parameter => self.parameter(object),
            Kind::MediaType => self.one_of_both(object),
            Kind::Body if !object.contains_key("content") => {
                self.tell("missing-member", "the body does not say what it holds", "add `content`");
            }
            Kind::Response if !object.contains_key("description") => {
                self.tell("missing-member", "the response has no `description`", "add `description`");
            }
            _ => {}
        }
    }

    fn document(&mut self, object: &mut Map<String, Value>) {
        let Some(Value::Object(info)) = object.get_mut("info") else {
            self.tell("missing-member", "the document has no `info`", "add `info: {title: …, version: …}`");
            return;
        };
        self.below("info", |walk| walk.members(info, INFO));
        for name in ["title", "version"].into_iter().filter(|name| !info.contains_key(*name)) {
            let (message, help) = (format!("`info` has no `{name}`"), format!("add `{name}`"));
            self.problems.warning("missing-member", "/info", &message, &help);
        }
    }

    /// Headers have neither name nor place, and are looked at as parameters.
    fn parameter(&mut self, object: &mut Map<String, Value>) {
        self.one_of_both(object);
        let is_header = self.at.rsplit('/').nth(1) == Some("headers");
        if !object.contains_key("schema") && !object.contains_key("content") {
            let what = if is_header { "header" } else { "parameter" };
            let message = format!("the {what} does not say which values it takes");
            self.tell("missing-member", &message, "add `schema: {type: string}`, or what is true");
        }
        if !is_header {
            self.place_of_parameter(object);
        }
    }

    /// A parameter that the path names is in the path, any other in the query.
    fn place_of_parameter(&mut self, object: &mut Map<String, Value>) {
        let Some(name) = object.get("name").and_then(Value::as_str) else { return };
        let path = pointer::tokens(&self.at).nth(1).unwrap_or_default();
        let is_in_path = path.contains(&format!("{{{name}}}"));
        match object.get("in").and_then(Value::as_str) {
            Some("path" | "query" | "header" | "cookie") => {}
            Some(word) if matches!(word.to_ascii_lowercase().as_str(), "path" | "query" | "header" | "cookie") => {
                let low = word.to_ascii_lowercase();
                let (message, help) = (format!("`{word}` is read as `{low}`"), format!("write `in: {low}`"));
                self.problems.warning("parameter", &pointer::join(&self.at, "in"), &message, &help);
                object.insert("in".to_owned(), low.into());
            }
            None => {
                let place = if is_in_path { "path" } else { "query" };
                let message = format!("the parameter `{name}` does not say where it is sent; it is taken to be in the {place}");
                self.tell("parameter", &message, &format!("add `in: {place}`"));
                object.insert("in".to_owned(), place.into());
            }
            Some(_) => {}
        }
    }

    fn one_of_both(&mut self, object: &Map<String, Value>) {
        if object.contains_key("example") && object.contains_key("examples") {
            let place = pointer::join(&self.at, "example");
            let message = "`example` and `examples` exclude each other; both are taken";
            self.problems.warning("example-and-examples", &place, message, "move the example to `examples`");
        }
    }

    fn tell(&mut self, rule: &'static str, message: &str, help: &str) {
        self.problems.warning(rule, &self.at, message, help);
    }

    fn below(&mut self, token: &str, act: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        pointer::push(&mut self.at, token);
        act(self);
        self.at.truncate(length);
    }
}
