//! Schemas of Swagger 2.0: close to those of 3.0.

use serde_json::{Map, Value, json};

/// Members of a parameter, a header or an item that are its schema in 3.0.
pub(super) const SCHEMA: &[&str] = &[
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
    "title",
    "properties",
    "additionalProperties",
    "allOf",
];

/// Members that hold one schema.
const ONE: &[&str] = &["items", "additionalProperties", "not"];
/// Members that hold a list of schemas.
const SEVERAL: &[&str] = &["allOf", "anyOf", "oneOf"];
/// Members that hold schemas by name.
const NAMED: &[&str] = &["properties", "patternProperties", "definitions"];

/// The schema as 3.0 writes it; it stays where it is.
pub(super) fn convert(mut schema: Value) -> Value {
    let Value::Object(object) = &mut schema else { return schema };
    for (name, member) in object.iter_mut() {
        match (name.as_str(), member) {
            (name, Value::Array(items)) if SEVERAL.contains(&name) || name == "items" => {
                for item in items {
                    *item = convert(item.take());
                }
            }
            (name, Value::Object(members)) if NAMED.contains(&name) => {
                for member in members.values_mut() {
                    *member = convert(member.take());
                }
            }
            (name, member) if ONE.contains(&name) => *member = convert(member.take()),
            _ => {}
        }
    }
    object.shift_remove("collectionFormat");
    if let Some(Value::String(property)) = object.get("discriminator") {
        let discriminator = json!({ "propertyName": property });
        object.insert("discriminator".to_owned(), discriminator);
    }
    if object.get("type").is_some_and(|name| name == "file") {
        object.insert("type".to_owned(), "string".into());
        object.insert("format".to_owned(), "binary".into());
    }
    nullable(object);
    schema
}

/// `x-nullable` is what everyone wrote before there was `nullable`.
fn nullable(object: &mut Map<String, Value>) {
    let Some(nullable) = object.shift_remove("x-nullable") else { return };
    if nullable == Value::Bool(true)
        && let Some(reference) = object.shift_remove("$ref")
    {
        object.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
    object.insert("nullable".to_owned(), nullable);
}

/// Takes the members that make a schema out of a parameter or a header.
pub(super) fn split(object: &mut Map<String, Value>) -> Value {
    let (schema, rest): (Map<_, _>, Map<_, _>) = std::mem::take(object).into_iter().partition(|(name, _)| SCHEMA.contains(&name.as_str()));
    *object = rest;
    convert(schema.into())
}
