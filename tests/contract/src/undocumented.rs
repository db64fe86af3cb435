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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use specs::{Api, Source};

    use super::first;

    const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Shelf, version: '1'}
servers: [{url: 'https://shelf.example'}]
paths: {}
components:
  schemas:
    Plain: {type: object, properties: {a: {type: integer}, b: {$ref: '#/components/schemas/Plain'}}}
    Closed: {type: object, additionalProperties: false, properties: {a: {}}}
    Open: {type: object, additionalProperties: true, properties: {a: {}}}
    Typed: {type: object, additionalProperties: {$ref: '#/components/schemas/Plain'}, properties: {a: {}}}
    Patterned: {type: object, patternProperties: {'^x-': {}}, properties: {a: {}}}
    Unevaluated: {allOf: [{$ref: '#/components/schemas/Plain'}], unevaluatedProperties: {type: string}}
    Bare: {type: object}
    Any: {}
    Joined: {allOf: [{$ref: '#/components/schemas/Plain'}, {properties: {c: {}}}]}
    Either: {properties: {k: {}}, oneOf: [{properties: {d: {$ref: '#/components/schemas/Plain'}}}, {properties: {e: {}}}]}
    Some: {anyOf: [{type: 'null'}, {$ref: '#/components/schemas/Plain'}]}
    If: {properties: {a: {}}, if: {properties: {f: {}}}, then: {properties: {g: {}}}}
    Tagged: {properties: {a: {}}, discriminator: {propertyName: kind}}
    List: {type: array, prefixItems: [{type: integer}], items: {$ref: '#/components/schemas/Plain'}}
";

    fn api() -> Api {
        let loaded = specs::load(&Source::new("shelf", "shelf.yaml", DOCUMENT.to_owned()));
        loaded.api.expect("the document is one")
    }

    #[test]
    fn a_property_is_documented_where_a_schema_names_it_or_allows_others() {
        let api = api();
        let rows: &[(&str, Value, Option<&str>)] = &[
            ("Plain", json!({"a": 1, "b": {"a": 2}}), None),
            ("Plain", json!({"a": 1, "z": 2}), Some("/z")),
            ("Plain", json!({"b": {"b": {"z": 1}}}), Some("/b/b/z")),
            ("Plain", json!([{"z": 1}]), None),
            ("Closed", json!({"z": 1}), Some("/z")),
            ("Open", json!({"z": {"y": 1}}), None),
            ("Typed", json!({"z": {"a": 1}}), None),
            ("Typed", json!({"z": {"y": 1}}), Some("/z/y")),
            ("Patterned", json!({"x-z": 1, "z": 1}), None),
            ("Unevaluated", json!({"a": 1, "z": "text"}), None),
            ("Bare", json!({"z": 1}), None),
            ("Any", json!({"z": {"y": 1}}), None),
            ("Joined", json!({"a": 1, "c": 1}), None),
            ("Joined", json!({"z": 1}), Some("/z")),
            ("Either", json!({"k": 1, "d": {"a": 1}, "e": 1}), None),
            ("Either", json!({"d": {"z": 1}}), Some("/d/z")),
            ("Either", json!({"z": 1}), Some("/z")),
            ("Some", json!(null), None),
            ("Some", json!({"z": 1}), Some("/z")),
            ("If", json!({"a": 1, "f": 1, "g": 1}), None),
            ("Tagged", json!({"a": 1, "kind": "b"}), None),
            ("List", json!([1, {"a": 1}, {"a": 1, "z": 2}]), Some("/2/z")),
        ];
        for (name, value, expected) in rows {
            let id = api.schemas.target(&format!("#/components/schemas/{name}")).expect("the document has the schema");
            assert_eq!(first(&api.schemas, &id, value).as_deref(), *expected, "{name} {value}");
        }
    }
}
