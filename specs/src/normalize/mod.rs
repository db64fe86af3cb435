//! OpenAPI 3.0 and 3.1 become one: schemas are JSON Schema 2020-12.
//!
//! Only what JSON Schema understands differently is changed, and it stays where it was: pointers into the document
//! hold for the normalized value, but for a few schemas that have to be wrapped to admit null. Annotations stay, since
//! the passes behind this one read them. Afterwards every keyword of a schema has a value of the right kind, and every
//! `$ref` of a schema names something inside the document by a plain JSON pointer (`#/…`) that does not lead back to
//! itself: a document can be wrong without any pass behind this one having to ask.

mod anchors;
mod keywords;
mod lenient;
mod outline;
mod patterns;
pub(crate) mod queries;
mod references;
mod schema;
mod shape;
#[cfg(test)]
mod tests;
mod variables;

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::{document::Document, pointer, problem::Problems};
use anchors::Anchors;
pub(crate) use outline::mend;
pub(crate) use references::{local as local_target, percent_decoded};
#[cfg(feature = "validate")]
pub(crate) use schema::is_constraint;
#[cfg(feature = "validate")]
pub(crate) use shape::subschemas;
pub(crate) use shape::{Kind, Shape};

/// Which dialect schemas are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// OpenAPI 3.0: close to JSON Schema draft 5, with `nullable`.
    V30,
    /// OpenAPI 3.1: JSON Schema 2020-12.
    V31,
}

/// The document, mended as `root`, with every schema in JSON Schema 2020-12; `None` when it is no OpenAPI 3.0 or 3.1.
pub(crate) fn normalize(document: &Document, mut root: Value, problems: &mut Problems) -> Option<Value> {
    let dialect = dialect(&document.value, problems)?;
    schema_dialect(&document.value, problems);
    let anchors = if dialect == Dialect::V31 { Anchors::of(&document.value) } else { Anchors::default() };
    let written = &document.value;
    let mut walk = Walk { dialect, written, anchors, at: String::new(), references: Vec::new(), patterns: HashMap::new(), problems };
    walk.visit(&mut root, Kind::Document);
    let mut references = std::mem::take(&mut walk.references);
    references.extend(walk.stray_targets(&mut root, &references));
    references::mend(&mut root, references, problems);
    Some(root)
}

fn dialect(value: &Value, problems: &mut Problems) -> Option<Dialect> {
    const HELP: &str = "write `openapi: 3.0.3` or `openapi: 3.1.0`, or `swagger: '2.0'`";
    if !value.is_object() {
        problems.error("not-openapi", "", "the document is no mapping", HELP);
        return None;
    }
    if value.get("swagger").is_some() {
        problems.error("openapi-version", "/swagger", "of Swagger only 2.0 is supported", HELP);
        return None;
    }
    let Some(version) = value.get("openapi") else {
        problems.error("not-openapi", "", "the document has no `openapi`, so it is no OpenAPI document", HELP);
        return None;
    };
    let text = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
    let mut numbers = text.split('.');
    match (numbers.next(), numbers.next()) {
        (Some("3"), Some("0")) => Some(Dialect::V30),
        (Some("3"), Some("1")) => Some(Dialect::V31),
        (Some("3"), Some("2")) => {
            problems.warning(
                "openapi-version",
                "/openapi",
                "OpenAPI 3.2 is read as 3.1; what is new in it is not seen",
                "write `openapi: 3.1.0`",
            );
            Some(Dialect::V31)
        }
        _ => {
            problems.error("openapi-version", "/openapi", &format!("OpenAPI `{text}` is not supported, only 3.0 and 3.1"), HELP);
            None
        }
    }
}

/// Dialects of JSON Schema whose keywords are read as they mean.
const KNOWN_DIALECTS: &[&str] = &["https://spec.openapis.org/oas/3.1/dialect/", "https://json-schema.org/draft/2020-12/schema"];

/// Schemas in a dialect that nobody here knows are read as those of OpenAPI 3.1, which is told.
fn schema_dialect(value: &Value, problems: &mut Problems) {
    let Some(named) = value.get("jsonSchemaDialect") else { return };
    if !named.as_str().is_some_and(|name| KNOWN_DIALECTS.iter().any(|known| name.starts_with(known))) {
        let message = format!("schemas of the dialect {named} are read as those of OpenAPI 3.1, which is JSON Schema 2020-12");
        let help = "leave `jsonSchemaDialect` out, and write keywords of JSON Schema 2020-12";
        problems.warning("schema-dialect", "/jsonSchemaDialect", &message, help);
    }
}

/// A `$ref` of a schema: where it stands and what it says.
struct Reference {
    /// JSON pointer of the schema that holds it.
    from: String,
    /// JSON pointer of its target.
    to: String,
}

/// A walk over the document that knows at each place what kind of object stands there.
struct Walk<'w, 'd> {
    dialect: Dialect,
    /// The document as it was.
    written: &'w Value,
    anchors: Anchors,
    /// JSON pointer of the place.
    at: String,
    references: Vec<Reference>,
    /// What each pattern that was met means; nothing for one that cannot be compiled.
    patterns: HashMap<String, Option<String>>,
    problems: &'w mut Problems<'d>,
}

impl Walk<'_, '_> {
    fn visit(&mut self, value: &mut Value, kind: Kind) {
        if kind == Kind::Schema {
            self.schema(value);
            return;
        }
        let Some(object) = value.as_object_mut() else { return };
        for (name, shape, kind) in kind.members() {
            if let Some(member) = object.get_mut(*name) {
                self.below(name, |walk| walk.visit_shape(member, *shape, *kind));
            }
        }
        if let Some(every) = kind.every_member() {
            for (name, member) in object.iter_mut().filter(|(name, _)| !name.starts_with("x-") && *name != "$ref") {
                self.below(name, |walk| walk.visit(member, every));
            }
        }
    }

    fn visit_shape(&mut self, value: &mut Value, shape: Shape, kind: Kind) {
        match (shape, value) {
            (Shape::One, value) => self.visit(value, kind),
            (Shape::Map, Value::Object(members)) => {
                for (name, member) in members {
                    self.below(name, |walk| walk.visit(member, kind));
                }
            }
            (Shape::List, Value::Array(items)) => {
                for (position, item) in items.iter_mut().enumerate() {
                    self.below(&position.to_string(), |walk| walk.visit(item, kind));
                }
            }
            _ => {}
        }
    }

    fn below(&mut self, token: &str, act: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        pointer::push(&mut self.at, token);
        act(self);
        self.at.truncate(length);
    }

    /// Normalizes what references name although it is not where schemas usually stand, and returns the references
    /// in there.
    fn stray_targets(&mut self, root: &mut Value, references: &[Reference]) -> Vec<Reference> {
        let mut found: Vec<Reference> = Vec::new();
        let mut done = HashSet::new();
        let mut open: Vec<String> = references.iter().map(|reference| reference.to.clone()).collect();
        while let Some(target) = open.pop() {
            if Kind::at(&target).is_some() || !done.insert(target.clone()) {
                continue;
            }
            if let Some(value) = root.pointer_mut(&target).filter(|value| value.is_object()) {
                self.at = target;
                self.visit(value, Kind::Schema);
                let new = std::mem::take(&mut self.references);
                open.extend(new.iter().map(|reference| reference.to.clone()));
                found.extend(new);
            }
        }
        found
    }
}
