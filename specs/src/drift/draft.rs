//! What a page says of a place, as a schema: what a document would have there that was written from the page.

use serde_json::{Map, Value, json};

use crate::pages::{Basis, Claim, Place, Step};

use super::{scene::Groups, written};

/// How deep a schema is drafted; pages do not go further.
const DEEPEST: usize = 24;

/// The schema of a place, with all that is said of what it holds.
pub(super) fn place(groups: &Groups, place: &Place) -> Value {
    at(groups, place, 0)
}

/// Whether the page says that the place must be there.
pub(super) fn is_required(groups: &Groups, place: &Place) -> bool {
    groups.get(place).is_some_and(|said| said.iter().any(|(_, claim)| **claim == Claim::Required(true)))
}

fn at(groups: &Groups, place: &Place, depth: usize) -> Value {
    let mut schema = json!({});
    let mut is_nullable = false;
    let mut said: Vec<_> = groups.get(place).into_iter().flatten().collect();
    said.sort_by_key(|(fact, _)| fact.basis);
    for (fact, claim) in said.into_iter().rev() {
        match claim {
            // What was seen in an example is a type when nothing firmer says so.
            Claim::Type(kind) => merge(&mut schema, written::schema(kind)),
            Claim::Nullable(nullable) => is_nullable = *nullable,
            Claim::Default(value) => schema["default"] = value.clone(),
            Claim::Enum(values) => schema["enum"] = json!(values),
            Claim::Limit { keyword, value } => schema[*keyword] = value.clone(),
            Claim::Example(value) if fact.basis <= Basis::Example => schema["example"] = value.clone(),
            Claim::Deprecated(true) => schema["deprecated"] = json!(true),
            Claim::Example(_) | Claim::Exists | Claim::Required(_) | Claim::Deprecated(false) => {}
        }
    }
    if depth < DEEPEST {
        hold(groups, place, &mut schema, depth);
    }
    // What a page says of a list's values, it says of its elements.
    if schema.get("type").is_some_and(|kind| kind == "array")
        && let Some(values) = schema.as_object_mut().and_then(|schema| schema.remove("enum"))
    {
        if schema.get("items").is_none() {
            schema["items"] = json!({});
        }
        schema["items"]["enum"] = values;
    }
    if is_nullable && schema.get("type").is_some() {
        schema["nullable"] = json!(true);
    }
    schema
}

/// The properties or elements that the page tells of.
fn hold(groups: &Groups, place: &Place, schema: &mut Value, depth: usize) {
    let Place::Property { side, path } = place else { return };
    let mut properties = Map::new();
    let mut required = Vec::new();
    for other in groups.keys() {
        let Place::Property { side: own, path: longer } = other else { continue };
        let Some(step) = longer.get(path.len()).filter(|_| own == side && longer.starts_with(path)) else { continue };
        let below = Place::Property { side: *side, path: longer[..=path.len()].to_vec() };
        match step {
            Step::Property(name) if !properties.contains_key(name) => {
                properties.insert(name.clone(), at(groups, &below, depth + 1));
                if is_required(groups, &below) {
                    required.push(json!(name));
                }
            }
            Step::Item if schema.get("items").is_none_or(|items| items.get("properties").is_none()) => {
                schema["type"] = json!("array");
                let items = at(groups, &below, depth + 1);
                if items.as_object().is_some_and(|items| !items.is_empty()) || schema.get("items").is_none() {
                    schema["items"] = items;
                }
            }
            _ => {}
        }
    }
    if !properties.is_empty() {
        schema["type"] = json!("object");
        if !required.is_empty() {
            schema["required"] = Value::Array(required);
        }
        schema["properties"] = Value::Object(properties);
    }
}

fn merge(into: &mut Value, from: Value) {
    let (Value::Object(into), Value::Object(from)) = (into, from) else { return };
    into.extend(from);
}
