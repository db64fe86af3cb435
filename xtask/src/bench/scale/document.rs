//! Documents of any size, made of as many groups of five operations as are wanted.
//!
//! Each group is a resource of its own, with a list, a create, a read, an update and a deletion, and with schemas of its
//! own that nest: what a large document costs is the sum of what it says, and nothing here is said twice.

use serde_json::{Map, Value, json};

/// Operations of a group.
const GROUP: usize = 5;

/// A document with this many operations, and a text of `padding` bytes in each group.
pub(super) fn document(operations: usize, padding: usize) -> Value {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for group in 0..groups(operations) {
        paths.insert(collection(group), collection_of(group, &"lorem ipsum ".repeat(padding / 12)));
        paths.insert(format!("{}/{{id}}", collection(group)), item_of(group));
        schemas.insert(format!("Thing{group}"), thing(group));
        schemas.insert(format!("Part{group}"), part());
    }
    let missing = json!({ "type": "object", "required": ["message"], "properties": { "message": { "type": "string" } } });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Things", "version": "1" },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": { "Missing": { "description": "There is none.", "content": { "application/json": { "schema": missing } } } },
        },
    })
}

/// How many groups a document with this many operations has.
pub(super) fn groups(operations: usize) -> usize {
    (operations / GROUP).max(1)
}

/// The path of a group's list.
pub(super) fn collection(group: usize) -> String {
    format!("/things{group}")
}

/// What creates something in a group.
pub(super) fn body() -> Value {
    json!({ "name": "one", "kind": "a", "size": 3, "tags": ["x", "y"], "part": { "label": "small", "inner": { "deep": "down" } } })
}

fn collection_of(group: usize, text: &str) -> Value {
    let limit = json!({ "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 100 } });
    let things = json!({ "type": "array", "items": reference("schemas", &format!("Thing{group}")) });
    json!({
        "get": operation(group, "list", json!({ "description": text, "parameters": [limit] }), "200", &things),
        "post": operation(group, "create", sent(group), "201", &reference("schemas", &format!("Thing{group}"))),
    })
}

fn item_of(group: usize) -> Value {
    let thing = reference("schemas", &format!("Thing{group}"));
    let gone = json!({
        "operationId": format!("delete_thing{group}"),
        "responses": { "204": { "description": "It is gone." }, "404": reference("responses", "Missing") },
    });
    json!({
        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } }],
        "get": operation(group, "read", json!({}), "200", &thing),
        "put": operation(group, "update", sent(group), "200", &thing),
        "delete": gone,
    })
}

fn operation(group: usize, verb: &str, mut said: Value, status: &str, schema: &Value) -> Value {
    said["operationId"] = format!("{verb}_thing{group}").into();
    let success = json!({ "description": "It is done.", "content": { "application/json": { "schema": schema } } });
    said["responses"] = json!({ status: success, "404": reference("responses", "Missing") });
    said
}

fn sent(group: usize) -> Value {
    let schema = reference("schemas", &format!("Thing{group}"));
    json!({ "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } } })
}

fn thing(group: usize) -> Value {
    let part = reference("schemas", &format!("Part{group}"));
    json!({
        "type": "object",
        "required": ["id", "name", "kind", "size"],
        "properties": {
            "id": { "type": "string", "format": "uuid", "readOnly": true },
            "name": { "type": "string", "minLength": 1, "maxLength": 80 },
            "kind": { "type": "string", "enum": ["a", "b", "c"] },
            "size": { "type": "integer", "minimum": 0 },
            "weight": { "type": "number", "nullable": true },
            "email": { "type": "string", "format": "email" },
            "tags": { "type": "array", "items": { "type": "string" } },
            "part": part,
            "parts": { "type": "array", "items": part },
            "created_at": { "type": "string", "format": "date-time", "readOnly": true },
        },
    })
}

/// A schema that is put together, and nests.
fn part() -> Value {
    let deeper = json!({ "type": "object", "properties": { "x": { "type": "integer" } } });
    let inner = json!({ "type": "object", "properties": { "deep": { "type": "string" }, "deeper": deeper } });
    json!({
        "allOf": [
            { "type": "object", "properties": { "amount": { "type": "number" }, "label": { "type": "string", "pattern": "^[a-z]+$" } } },
            { "type": "object", "properties": { "inner": inner } },
        ],
    })
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

#[cfg(test)]
mod tests {
    use super::document;

    #[test]
    fn it_has_the_operations_and_every_one_has_its_part_in_a_resource() {
        let source = specs::Source::new("things", "things.json", document(20, 100).to_string());
        let loaded = specs::load(&source);
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
        let api = loaded.api.unwrap();
        assert_eq!((api.operations.len(), api.resources.len()), (20, 4));
        assert!(api.operations.iter().all(|operation| operation.role.is_some()));
    }
}
