//! Swagger 2.0 becomes OpenAPI 3.0.
//!
//! The whole document is converted before any other pass sees it, so that none of them knows of Swagger. What moves is
//! noted, and a problem is told at the place where the thing was written. What 3.0 cannot say (tab-separated lists) is
//! read as the nearest that it can, with a problem.

mod body;
mod operation;
mod parameter;
mod response;
mod schema;
mod security;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::{
    document::{Document, origin::Layer},
    pointer,
    problem::{Problem, Severity},
};

/// Converts the document, if it is Swagger 2.0; any other stays as it is.
pub(crate) fn convert(document: &mut Document, problems: &mut Vec<Problem>) {
    if !is_swagger(&document.value) {
        return;
    }
    let Value::Object(root) = std::mem::take(&mut document.value) else { return };
    let mut converter = Converter::new(root);
    document.value = converter.document();
    problems.extend(converter.told.iter().map(|told| {
        let Told { rule, pointer, message, help } = told;
        document.problem(Severity::Warning, rule, pointer, message, help)
    }));
    document.add_layer(converter.layer);
}

fn is_swagger(root: &Value) -> bool {
    let is_two = match root.get("swagger") {
        Some(Value::String(version)) => version.trim() == "2" || version.trim().starts_with("2."),
        Some(Value::Number(version)) => version.as_f64().is_some_and(|version| (2.0..3.0).contains(&version)),
        _ => false,
    };
    is_two && root.get("openapi").is_none()
}

/// Something that 3.0 cannot say, at a place of the document as it was written.
struct Told {
    rule: &'static str,
    pointer: String,
    message: String,
    help: &'static str,
}

struct Converter {
    /// The document as it was.
    root: Map<String, Value>,
    /// What has moved, from where.
    layer: Layer,
    /// The same the other way round, for references: where schemas, parameters and responses went.
    went: HashMap<String, String>,
    told: Vec<Told>,
}

impl Converter {
    fn new(root: Map<String, Value>) -> Self {
        let went =
            [("/definitions", "/components/schemas"), ("/parameters", "/components/parameters"), ("/responses", "/components/responses")];
        let went = went.into_iter().map(|(before, now)| (before.to_owned(), now.to_owned())).collect();
        Self { root, layer: Layer::default(), went, told: Vec::new() }
    }

    fn document(&mut self) -> Value {
        let root = std::mem::take(&mut self.root);
        let mut made = Map::new();
        made.insert("openapi".to_owned(), "3.0.3".into());
        self.layer.moved("/openapi", "/swagger");
        let media = Media { consumes: names(root.get("consumes")), produces: names(root.get("produces")) };
        let servers = servers(&root, root.get("schemes"));
        let paths = root.get("paths").cloned();
        self.root = root;
        for (name, member) in self.root.iter().filter(|(name, _)| !CONVERTED.contains(&name.as_str())) {
            made.insert(name.clone(), member.clone());
        }
        if !servers.is_empty() {
            made.insert("servers".to_owned(), servers.into());
            let place = ["host", "basePath", "schemes"].into_iter().find(|name| self.root.contains_key(*name));
            self.layer.moved("/servers", &pointer::join("", place.unwrap_or_default()));
        }
        let components = self.components(&media);
        if let Some(paths) = paths {
            made.insert("paths".to_owned(), self.paths(paths, &media));
        }
        if !components.is_empty() {
            made.insert("components".to_owned(), components.into());
        }
        let mut made = made.into();
        self.references(&mut made, Names::Fixed);
        made
    }

    fn components(&mut self, media: &Media) -> Map<String, Value> {
        let mut made = Map::new();
        for (before, now) in [("definitions", "schemas"), ("responses", "responses"), ("securityDefinitions", "securitySchemes")] {
            let (from, to) = (pointer::join("", before), pointer::join("/components", now));
            let Some(Value::Object(members)) = self.root.get(before).cloned() else { continue };
            self.move_to(&to, &from);
            let mut section = Map::new();
            for (name, member) in members {
                let (now, from) = (pointer::join(&to, &name), pointer::join(&from, &name));
                let member = match before {
                    "definitions" => schema::convert(member),
                    "responses" => self.response(member, &now, &from, &media.produces),
                    _ => security::convert(member),
                };
                section.insert(name, member);
            }
            made.insert(now.to_owned(), section.into());
        }
        self.parameter_components(&mut made, media);
        made
    }

    /// Parameters that are no part of a body stay parameters, a body becomes a request body; parts of a form are put
    /// where they are referred to, since 3.0 has no place for one of them alone.
    fn parameter_components(&mut self, made: &mut Map<String, Value>, media: &Media) {
        let Some(Value::Object(members)) = self.root.get("parameters").cloned() else { return };
        for (name, member) in members {
            let from = pointer::join("/parameters", &name);
            let (section, part) = match member.get("in").and_then(Value::as_str) {
                Some("formData") => continue,
                Some("body") => {
                    let now = pointer::join("/components/requestBodies", &name);
                    ("requestBodies", self.body(&member, &now, &from, &media.consumes))
                }
                _ => {
                    let now = pointer::join("/components/parameters", &name);
                    ("parameters", self.parameter(member, &now, &from))
                }
            };
            self.move_to(&pointer::join(&pointer::join("/components", section), &name), &from);
            if let Some(section) = made.entry(section).or_insert_with(|| json!({})).as_object_mut() {
                section.insert(name, part);
            }
        }
    }

    fn move_to(&mut self, now: &str, from: &str) {
        self.layer.moved(now, from);
        self.went.entry(from.to_owned()).or_insert_with(|| now.to_owned());
    }

    fn tell(&mut self, rule: &'static str, pointer: &str, message: String, help: &'static str) {
        self.told.push(Told { rule, pointer: pointer.to_owned(), message, help });
    }

    /// What a reference within the document names, and where that was written.
    fn named<'v>(&'v self, value: &'v Value) -> Option<(&'v Value, String)> {
        let reference = value.get("$ref")?.as_str()?;
        let target = crate::normalize::local_target(reference)?;
        let mut tokens = pointer::tokens(&target);
        let first = self.root.get(&*tokens.next()?)?;
        let rest: String = tokens.map(|token| pointer::join("", &token)).collect();
        Some((pointer::get(first, &rest)?, target))
    }

    /// Rewrites every reference within the document to where things went, in an object whose members have names that
    /// mean something, or are free.
    fn references(&self, value: &mut Value, names: Names) {
        match value {
            Value::Object(members) => {
                for (name, member) in members.iter_mut() {
                    match (names, name.as_str(), member) {
                        (Names::Fixed, "$ref", Value::String(reference)) => {
                            if let Some(target) = crate::normalize::local_target(reference) {
                                *reference = format!("#{}", self.now(&target));
                            }
                        }
                        (Names::Fixed, "example" | "examples" | "default" | "enum", _) => {}
                        (Names::Fixed, name, member) if FREE.contains(&name) => self.references(member, Names::Free),
                        (_, _, member) => self.references(member, Names::Fixed),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.references(item, Names::Fixed)),
            _ => {}
        }
    }

    fn now(&self, target: &str) -> String {
        let mut above = target;
        loop {
            if let Some(now) = self.went.get(above) {
                return format!("{now}{}", &target[above.len()..]);
            }
            let Some(end) = above.rfind('/') else { return target.to_owned() };
            above = &above[..end];
        }
    }
}

/// The media types that operations take and give, unless they say otherwise.
#[derive(Clone)]
struct Media {
    consumes: Vec<String>,
    produces: Vec<String>,
}

/// Whether the names of an object's members mean something by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    Fixed,
    Free,
}

/// Members that hold others by names of the document's own.
const FREE: &[&str] = &[
    "properties",
    "patternProperties",
    "definitions",
    "schemas",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "content",
    "paths",
];

/// Members of the document that are not simply kept.
const CONVERTED: &[&str] = &[
    "swagger",
    "host",
    "basePath",
    "schemes",
    "consumes",
    "produces",
    "paths",
    "definitions",
    "parameters",
    "responses",
    "securityDefinitions",
];

/// A list of words; one word alone counts, too.
fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}

/// A server for each scheme; https when the document does not say, and a path alone where it names no host.
fn servers(root: &Map<String, Value>, schemes: Option<&Value>) -> Vec<Value> {
    let text = |name: &str| root.get(name).and_then(Value::as_str).map(str::trim).unwrap_or_default();
    let path = text("basePath").trim_matches('/');
    let path = if path.is_empty() { String::new() } else { format!("/{path}") };
    let host = text("host").trim_end_matches('/');
    if host.is_empty() {
        return if path.is_empty() { Vec::new() } else { vec![json!({ "url": path })] };
    }
    // Some write the scheme where the host belongs.
    if host.contains("://") {
        return vec![json!({ "url": format!("{host}{path}") })];
    }
    let schemes = Some(names(schemes)).filter(|schemes| !schemes.is_empty()).unwrap_or_else(|| vec!["https".to_owned()]);
    schemes.iter().map(|scheme| json!({ "url": format!("{scheme}://{host}{path}") })).collect()
}
