//! The lowered document itself.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
};

use openapiv3::OpenAPI;
use serde_json::{Map, Value, json};

use super::{Argument, LoweredOperation, QUERY};
use crate::{
    Api,
    api::{Operation, Part},
};

/// First letters of path variables; the second is for a path that differs from another in the names of its variables
/// alone, and so on.
pub(super) const LETTERS: [char; 4] = ['p', 'q', 'r', 's'];

/// The document of these operations, without those whose method and path others have already.
pub(super) fn of(api: &Api, lowered: &mut Vec<LoweredOperation>) -> OpenAPI {
    let mut paths: Map<String, Value> = Map::new();
    let mut taken = HashSet::new();
    let models: HashMap<&str, &Operation> = api.operations.iter().map(|model| (model.id.as_str(), model)).collect();
    lowered.retain(|operation| {
        let Some(model) = models.get(operation.id.as_str()).copied() else { return false };
        let method = model.method.as_str().to_ascii_lowercase();
        let free = LETTERS.into_iter().find(|letter| taken.insert((template(model, *letter), method.clone())));
        if let Some(letter) = free {
            let item = paths.entry(template(model, letter)).or_insert_with(|| json!({}));
            item[method.as_str()] = operation_object(operation, letter);
        }
        free.is_some()
    });
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": api.name, "version": "lowered"},
        "paths": paths,
        "components": {"schemas": {QUERY: {"type": "object", "additionalProperties": {"type": "string"}}}},
    });
    serde_json::from_value(document).unwrap_or_default()
}

/// The path with variables that are numbered, so that no two have the same Rust name.
fn template(operation: &Operation, letter: char) -> String {
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
                    let _ = write!(path, "{{{letter}{position}}}");
                }
            }
        }
    }
    path
}

fn operation_object(operation: &LoweredOperation, letter: char) -> Value {
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
                let name = format!("{letter}{}", parameters.len());
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
