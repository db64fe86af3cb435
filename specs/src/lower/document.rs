//! The lowered document itself.

use std::{collections::HashMap, fmt::Write as _};

use openapiv3::OpenAPI;
use serde_json::{Map, Value, json};

use super::{Argument, LoweredOperation, QUERY};
use crate::{
    Api,
    api::{Operation, Part},
};

/// The document of these operations, without those whose method and path others have already.
pub(super) fn of(api: &Api, lowered: &mut Vec<LoweredOperation>) -> OpenAPI {
    let mut paths: Map<String, Value> = Map::new();
    let mut taken: HashMap<(String, String), usize> = HashMap::new();
    let models: HashMap<&str, &Operation> = api.operations.iter().map(|model| (model.id.as_str(), model)).collect();
    lowered.retain(|operation| {
        let Some(model) = models.get(operation.id.as_str()).copied() else { return false };
        let method = model.method.as_str().to_ascii_lowercase();
        let first = template(model, &prefix(0));
        let others = taken.entry((first.clone(), method.clone())).or_default();
        // Paths with variables can be told apart by their names.
        let is_free = *others == 0 || first.contains("{p0}");
        if is_free {
            let prefix = prefix(*others);
            *others += 1;
            let item = paths.entry(template(model, &prefix)).or_insert_with(|| json!({}));
            item[method.as_str()] = operation_object(operation, &prefix);
        }
        is_free
    });
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": api.name, "version": "lowered"},
        "paths": paths,
        "components": {"schemas": {QUERY: {"type": "object", "additionalProperties": {"type": "string"}}}},
    });
    serde_json::from_value(document).unwrap_or_default()
}

/// Whether an argument could be called like a path variable.
pub(super) fn is_like_a_variable(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let many = || name.strip_prefix('v')?.split_once('x').map(|(prefix, number)| is_number(prefix) && is_number(number));
    name.strip_prefix(['p', 'q', 'r', 's']).is_some_and(is_number) || many().unwrap_or_default()
}

/// What the names of path variables start with; the second is for a path that differs from another in the names of its
/// variables alone, and so on.
pub(super) fn prefix(number: usize) -> String {
    ["p", "q", "r", "s"].get(number).map_or_else(|| format!("v{number}x"), |letter| (*letter).to_owned())
}

/// The path with variables that are numbered, so that no two have the same Rust name. One that shares its path has an
/// empty variable more, by whose name it is told apart.
fn template(operation: &Operation, prefix: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    let mut path = String::new();
    for segment in &operation.segments {
        path.push('/');
        for part in &segment.parts {
            match part {
                Part::Literal(text) => path.push_str(text),
                Part::Variable(name) => {
                    let position = names.iter().position(|known| known == name).unwrap_or_else(|| {
                        names.push(name);
                        names.len() - 1
                    });
                    // Writing to a string cannot fail.
                    let _ = write!(path, "{{{prefix}{position}}}");
                }
            }
        }
    }
    if operation.shares_path {
        let _ = write!(path, "{{{prefix}{}}}", names.len());
    }
    path
}

fn operation_object(operation: &LoweredOperation, prefix: &str) -> Value {
    let mut parameters = Vec::new();
    let mut object = json!({
        "operationId": operation.method,
        "responses": {"default": {"description": "", "content": {"x/raw": {}}}},
    });
    let text = json!({"type": "string"});
    let header = |name: &str| json!({"name": name, "in": "header", "schema": text});
    for argument in &operation.arguments {
        match argument {
            Argument::Path(_) => {
                let name = format!("{prefix}{}", parameters.len());
                parameters.push(json!({"name": name, "in": "path", "required": true, "schema": text}));
            }
            Argument::Query => {
                let schema = json!({"$ref": format!("#/components/schemas/{QUERY}")});
                parameters.push(json!({"name": "query", "in": "query", "required": true, "schema": schema}));
            }
            Argument::Header(name) => {
                let renamed = operation.renamed.iter().find(|(_, known)| known == name);
                parameters.push(header(renamed.map_or(name, |(alias, _)| alias)));
            }
            Argument::Cookie => parameters.push(header("Cookie")),
            Argument::Accept => parameters.push(header("Accept")),
            Argument::ContentType => parameters.push(header("Content-Type")),
            Argument::Body => {
                let bytes = json!({"type": "string", "format": "binary"});
                object["requestBody"] = json!({"required": true, "content": {"application/octet-stream": {"schema": bytes}}});
            }
        }
    }
    object["parameters"] = Value::Array(parameters);
    object
}
