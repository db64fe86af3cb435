//! Two schemas of one place, from two witnesses, become one.

use serde_json::{Value, json};

/// Adds what the other one says; where both speak, the other one counts.
pub(super) fn into(schema: &mut Value, other: Value) {
    match (schema, other) {
        (Value::Object(own), Value::Object(other)) => {
            for (name, value) in other {
                match own.get_mut(&name).filter(|own| own.is_object()) {
                    Some(own) => into(own, value),
                    None => {
                        own.insert(name, value);
                    }
                }
            }
        }
        (own, other) => *own = other,
    }
}

/// Adds what an example shows and the schema does not say: properties, elements, and types of what has none.
pub(super) fn beside(schema: &mut Value, shown: &Value) {
    if schema.get("type").is_none()
        && let Some(kind) = shown.get("type")
    {
        schema["type"] = kind.clone();
    }
    if schema.get("type") != shown.get("type") {
        if shown.get("type").is_none() && schema.get("type").is_some() {
            schema["nullable"] = json!(true);
        }
        return;
    }
    for (name, below) in shown.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if schema.get("properties").is_none() {
            schema["properties"] = json!({});
        }
        match schema["properties"].get_mut(name) {
            Some(own) => beside(own, below),
            None => schema["properties"][name] = below.clone(),
        }
    }
    if let Some(items) = shown.get("items").filter(|items| items.as_object().is_some_and(|items| !items.is_empty())) {
        if schema.get("items").is_none() {
            schema["items"] = json!({});
        }
        beside(&mut schema["items"], items);
    }
}
