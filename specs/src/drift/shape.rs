//! The schema of a value that was seen: no more than what every value of its kind has.

use serde_json::{Map, Value, json};

use super::spot;

/// The schema, with the value as its example where it is plain.
pub(super) fn of(value: &Value) -> Value {
    let mut schema = bare(value);
    if let Some(own) = schema.as_object_mut().filter(|_| !value.is_null()) {
        if !value.is_object() && !value.is_array() {
            own.insert("example".to_owned(), value.clone());
        }
        own.insert("x-evidence".to_owned(), json!("page"));
    }
    schema
}

pub(super) fn bare(value: &Value) -> Value {
    match value {
        Value::Null => json!({}),
        Value::Object(members) => {
            let properties: Map<String, Value> = members.iter().map(|(name, value)| (name.clone(), bare(value))).collect();
            json!({ "type": "object", "properties": properties })
        }
        Value::Array(items) => json!({ "type": "array", "items": items.first().map_or_else(|| json!({}), bare) }),
        plain => json!({ "type": spot::kind_of(plain) }),
    }
}
