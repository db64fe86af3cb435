//! Whether what the mock sends conforms to the document, at the least cost that still is a proof.
//!
//! A row is validated when it is written. A body that is made of such rows, and of text that was validated at load,
//! needs no second look if the schema says nothing that looks across its parts; otherwise it is parsed and validated
//! whole, each time.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;
use specs::{
    api::{SchemaId, Schemas},
    pointer,
    validate::Validator,
};

use super::template::Hole;

/// Keywords that look at one place alone, or at nothing.
const LOCAL: [&str; 12] = [
    "$ref",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "example",
    "examples",
];

/// How a body is known to conform.
pub(super) enum Proof {
    /// There is no schema to conform to.
    Nothing,
    /// It does when its rows do.
    ByRows,
    /// It has to be looked at.
    Validate(Arc<Validator>),
}

impl Proof {
    /// The cheapest proof for a body whose rows have the schema `row`, given that one body was found valid.
    pub(super) fn of(
        schemas: &Schemas,
        body: &SchemaId,
        row: Option<&SchemaId>,
        holes: &[(String, Hole)],
        validator: Arc<Validator>,
    ) -> Self {
        let by_rows = holes.iter().all(|(place, hole)| is_local(schemas, body, row, place, *hole));
        if by_rows { Self::ByRows } else { Self::Validate(validator) }
    }

    /// What is wrong with a body.
    pub(super) fn defects(&self, body: &Bytes, rows_conform: bool) -> Vec<String> {
        match self {
            Self::Nothing => Vec::new(),
            Self::ByRows if rows_conform => Vec::new(),
            Self::ByRows => vec!["a stored row does not conform to the schema of its resource".to_owned()],
            Self::Validate(validator) => match serde_json::from_slice(body) {
                Ok(value) if validator.is_valid(&value) => Vec::new(),
                Ok(value) => describe(validator, &value),
                Err(error) => vec![format!("the body is no JSON: {error}")],
            },
        }
    }
}

/// The violations of a value as sentences.
pub(super) fn describe(validator: &Validator, value: &Value) -> Vec<String> {
    let violations = validator.violations(value).into_iter();
    violations.map(|violation| format!("`{}` at `{}`: {}", violation.keyword, violation.instance, violation.message)).collect()
}

/// Whether what fills a hole is judged by the schema of that hole alone.
fn is_local(schemas: &Schemas, body: &SchemaId, row: Option<&SchemaId>, place: &str, hole: Hole) -> bool {
    let mut at = body.clone();
    for token in pointer::tokens(place) {
        let (resolved, value) = schemas.resolve(&at);
        if !has_only(value, &LOCAL) {
            return false;
        }
        match schemas.below(&resolved, &["properties", &token]) {
            Some(next) => at = next,
            None => return false,
        }
    }
    let same = |id: &SchemaId| row.is_some_and(|row| schemas.resolve(row).0 == schemas.resolve(id).0);
    let (resolved, value) = schemas.resolve(&at);
    match hole {
        Hole::Item => same(&at),
        Hole::Items => {
            has_only(value, &["type", "items", "title", "description", "example", "examples"])
                && schemas.below(&resolved, &["items"]).is_some_and(|items| same(&items))
        }
        Hole::Fact(_) => {
            let numbers = ["type", "format", "minimum", "title", "description", "example", "examples", "default"];
            has_only(value, &numbers) && value.get("minimum").and_then(Value::as_f64).is_none_or(|least| least <= 0.0)
        }
        Hole::Link(_) | Hole::Key | Hole::Made(_) => false,
    }
}

/// Whether a schema asks for no more than a type and a format.
pub(super) fn is_simple(schemas: &Schemas, id: &SchemaId) -> bool {
    let known = ["type", "format", "title", "description", "default", "deprecated", "readOnly", "example", "examples"];
    has_only(schemas.get(id), &known) && !schemas.types(id).is_empty()
}

/// Whether any text conforms to a schema.
pub(super) fn is_any_text(schemas: &Schemas, id: &SchemaId) -> bool {
    is_simple(schemas, id) && schemas.get(id).get("format").is_none() && schemas.types(id).iter().any(|kind| kind == "string")
}

/// Whether what conforms to the schema `part` conforms to the schema `whole`, as far as types and formats tell.
pub(super) fn includes(schemas: &Schemas, whole: &SchemaId, part: &SchemaId) -> bool {
    let (types, known) = (schemas.types(part), schemas.types(whole));
    let format = schemas.get(whole).get("format");
    is_simple(schemas, whole)
        && !types.is_empty()
        && types.iter().all(|kind| known.contains(kind))
        && format.is_none_or(|format| schemas.resolve(part).1.get("format") == Some(format))
}

/// Whether a schema says nothing but which properties there are, which are required, and what each is.
pub(super) fn is_plain_object(schemas: &Schemas, id: &SchemaId) -> bool {
    let (_, schema) = schemas.resolve(id);
    let open = schema.get("additionalProperties").is_none_or(|more| *more == Value::Bool(true));
    open && schemas.get(id).get("$ref").is_none_or(|_| has_only(schemas.get(id), &["$ref", "description"]))
        && schema.get("$ref").is_none()
        && has_only(schema, &LOCAL)
}

fn has_only(schema: &Value, keywords: &[&str]) -> bool {
    schema.as_object().is_some_and(|schema| schema.keys().all(|keyword| keyword.starts_with("x-") || keywords.contains(&keyword.as_str())))
}
