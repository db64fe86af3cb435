//! The fingerprint of a value: the same for values that mean the same, whatever the order of their members.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

/// Members that constrain nothing.
const REMARKS: &[&str] =
    &["title", "description", "example", "examples", "externalDocs", "$comment", "summary", "xml", "tags", "operationId"];
/// Lists whose order means nothing.
const UNORDERED: &[&str] = &["required", "enum", "type", "oneOf", "anyOf", "allOf"];

/// The fingerprint. A reference counts as what it is called.
pub(in super::super) fn fingerprint(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Object(members) => {
            let mut prints: Vec<(&str, u64)> = members
                .iter()
                .filter(|(name, _)| !REMARKS.contains(&name.as_str()) && !name.starts_with("x-"))
                .map(|(name, member)| (name.as_str(), member_print(name, member)))
                .collect();
            prints.sort_unstable();
            prints.hash(&mut hasher);
        }
        Value::Array(items) => items.iter().map(fingerprint).collect::<Vec<_>>().hash(&mut hasher),
        // `1` and `1.0` are one number.
        Value::Number(number) => number.as_f64().map(f64::to_bits).hash(&mut hasher),
        scalar => scalar.to_string().hash(&mut hasher),
    }
    std::mem::discriminant(value).hash(&mut hasher);
    hasher.finish()
}

/// Names of properties are no keywords: one that is called `title` counts.
fn member_print(name: &str, member: &Value) -> u64 {
    match member {
        Value::Object(members) if matches!(name, "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions") => {
            let mut prints: Vec<(&str, u64)> = members.iter().map(|(name, schema)| (name.as_str(), fingerprint(schema))).collect();
            prints.sort_unstable();
            hashed(&prints)
        }
        Value::Array(items) if UNORDERED.contains(&name) => {
            let mut prints: Vec<u64> = items.iter().map(fingerprint).collect();
            prints.sort_unstable();
            hashed(&prints)
        }
        Value::String(one) if name == "type" => hashed(&vec![fingerprint(&Value::String(one.clone()))]),
        Value::String(target) if name == "$ref" => hashed(&target.rsplit('/').next()),
        other => fingerprint(other),
    }
}

fn hashed(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
