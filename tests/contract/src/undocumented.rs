//! Properties of an answer that its schema does not declare.
//!
//! JSON Schema allows them wherever it does not forbid them, so they are no violation. A document that lists properties
//! and says nothing of others is taken to mean these alone; one that says so (`additionalProperties`,
//! `unevaluatedProperties` or `patternProperties`) means more. A property that any branch declares is declared: which of
//! them holds is a matter of the schema.

use serde_json::{Map, Value};
use specs::api::{SchemaId, Schemas};

/// Keywords whose schemas are about the same value.
const BRANCHES: [&str; 3] = ["allOf", "anyOf", "oneOf"];
const CONDITIONS: [&str; 3] = ["if", "then", "else"];
/// Keywords that allow properties which `properties` does not name.
const OPENERS: [&str; 2] = ["additionalProperties", "unevaluatedProperties"];

/// The place of the first property that is not declared, by JSON pointer.
pub(crate) fn first(schemas: &Schemas, schema: &SchemaId, value: &Value) -> Option<String> {
    at(schemas, vec![schema.clone()], value, "")
}

fn at(schemas: &Schemas, ids: Vec<SchemaId>, value: &Value, place: &str) -> Option<String> {
    let parts = parts(schemas, ids);
    match value {
        Value::Object(members) => object(schemas, &parts, members, place),
        Value::Array(elements) => {
            let within = |position: usize| below(schemas, &parts, &[&["prefixItems", &position.to_string()], &["items"], &["contains"]]);
            let mut all = elements.iter().enumerate();
            all.find_map(|(position, element)| at(schemas, within(position), element, &specs::pointer::index(place, position)))
        }
        _ => None,
    }
}

fn object(schemas: &Schemas, parts: &[SchemaId], members: &Map<String, Value>, place: &str) -> Option<String> {
    let has = |keyword: &str| parts.iter().any(|part| schemas.get(part).get(keyword).is_some());
    let opens = |keyword: &&str| parts.iter().any(|part| schemas.get(part).get(*keyword).is_some_and(|value| *value != Value::Bool(false)));
    let is_open = !has("properties") || has("patternProperties") || OPENERS.iter().any(opens);
    members.iter().find_map(|(name, member)| {
        let here = specs::pointer::join(place, name);
        let declared = below(schemas, parts, &[&["properties", name]]);
        match (declared.is_empty(), is_open) {
            (false, _) => at(schemas, declared, member, &here),
            (true, true) => at(schemas, others(schemas, parts), member, &here),
            (true, false) => (!is_discriminator(schemas, parts, name)).then_some(here),
        }
    })
}

/// What a property is that none declares.
fn others(schemas: &Schemas, parts: &[SchemaId]) -> Vec<SchemaId> {
    let mut found = below(schemas, parts, &OPENERS.map(|keyword| [keyword]).each_ref().map(<[&str; 1]>::as_slice));
    for part in parts {
        let patterns = schemas.get(part).get("patternProperties").and_then(Value::as_object);
        found.extend(patterns.into_iter().flatten().filter_map(|(pattern, _)| schemas.below(part, &["patternProperties", pattern])));
    }
    found
}

fn is_discriminator(schemas: &Schemas, parts: &[SchemaId], name: &str) -> bool {
    parts.iter().any(|part| schemas.get(part).pointer("/discriminator/propertyName").is_some_and(|known| known == name))
}

/// The schemas at these places below the parts.
fn below(schemas: &Schemas, parts: &[SchemaId], places: &[&[&str]]) -> Vec<SchemaId> {
    parts.iter().flat_map(|part| places.iter().filter_map(|place| schemas.below(part, place))).collect()
}

/// All schemas that are about the same value as these: references and branches followed, each once.
fn parts(schemas: &Schemas, mut open: Vec<SchemaId>) -> Vec<SchemaId> {
    let mut found: Vec<SchemaId> = Vec::new();
    while let Some(id) = open.pop() {
        if found.contains(&id) {
            continue;
        }
        let value = schemas.get(&id);
        open.extend(value.get("$ref").and_then(Value::as_str).and_then(|target| schemas.target(target)));
        for keyword in BRANCHES {
            let count = value.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
            open.extend((0..count).filter_map(|position| schemas.below(&id, &[keyword, &position.to_string()])));
        }
        open.extend(CONDITIONS.iter().filter_map(|keyword| schemas.below(&id, &[keyword])));
        let dependent = value.get("dependentSchemas").and_then(Value::as_object);
        open.extend(dependent.into_iter().flatten().filter_map(|(name, _)| schemas.below(&id, &["dependentSchemas", name])));
        found.push(id);
    }
    found
}
