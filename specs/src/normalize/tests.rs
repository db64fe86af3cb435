//! Schemas of both dialects, and the 2020-12 schemas that they become.

use serde_json::{Value, json};

use super::normalize;
use crate::{
    document::{Document, Source},
    problem::Problems,
};

fn run(document: &Value) -> (Option<Value>, Vec<String>) {
    let source = Source::new("fixture", "fixture.json", document.to_string());
    let document = Document::read(&source).0.unwrap();
    let mut problems = Problems::new(&document);
    let root = normalize(&document, document.value.clone(), &mut problems);
    (root, problems.into_found().into_iter().map(|one| format!("{} {}", one.rule, one.pointer)).collect())
}

#[track_caller]
fn check(version: &str, schema: &Value, expected: &Value, problems: &[&str]) {
    let fixture = json!({"openapi": version, "components": {"schemas": {"S": schema, "Stone": {"type": "object"}, "Gem": true}}});
    let (root, found) = run(&fixture);
    assert_eq!(root.unwrap()["components"]["schemas"]["S"], *expected, "{schema}");
    let place = |problem: &&str| {
        let (rule, pointer) = problem.split_once(' ').unwrap_or((problem, ""));
        format!("{rule} /components/schemas/S{pointer}")
    };
    assert_eq!(found, problems.iter().map(place).collect::<Vec<_>>(), "{schema}");
}

#[test]
fn keywords_of_3_0_become_those_of_2020_12() {
    let stone = json!({"$ref": "#/components/schemas/Stone"});
    let rows = [
        (json!({"type": "string", "nullable": true}), json!({"type": ["string", "null"]})),
        (json!({"type": "string", "nullable": false}), json!({"type": "string"})),
        (json!({"nullable": true}), json!({})),
        (json!({"type": "string", "enum": ["a"], "nullable": true}), json!({"type": ["string", "null"], "enum": ["a", null]})),
        (
            json!({"nullable": true, "allOf": [stone], "description": "who", "x-evidence": "page"}),
            json!({"description": "who", "x-evidence": "page", "anyOf": [{"allOf": [stone]}, {"type": "null"}]}),
        ),
        (json!({"minimum": 1, "exclusiveMinimum": true}), json!({"exclusiveMinimum": 1})),
        (json!({"maximum": 1, "exclusiveMaximum": false}), json!({"maximum": 1})),
        (json!({"exclusiveMaximum": true}), json!({})),
        (
            json!({"type": "integer", "format": "int32", "minimum": 0}),
            json!({"type": "integer", "format": "int32", "minimum": 0, "maximum": i32::MAX}),
        ),
        (
            json!({"type": "integer", "format": "int64", "nullable": true}),
            json!({"type": ["integer", "null"], "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX}),
        ),
        (json!({"type": "number", "format": "int32"}), json!({"type": "number", "format": "int32"})),
        (
            json!({"title": "t", "example": {"nullable": true, "$ref": "#/nowhere"}, "default": {"type": 1}, "readOnly": true}),
            json!({"title": "t", "example": {"nullable": true, "$ref": "#/nowhere"}, "default": {"type": 1}, "readOnly": true}),
        ),
        (
            json!({"properties": {"nullable": {"type": "string", "nullable": true}, "$ref": {"type": "string"}}}),
            json!({"properties": {"nullable": {"type": ["string", "null"]}, "$ref": {"type": "string"}}}),
        ),
        (
            json!({"items": {"additionalProperties": {"type": "string", "nullable": true}}}),
            json!({"items": {"additionalProperties": {"type": ["string", "null"]}}}),
        ),
        (json!({"$ref": "#/components/schemas/%53tone", "description": "d"}), stone.clone()),
        (
            json!({"oneOf": [stone, {"$ref": "#/components/schemas/Gem"}], "discriminator": {"propertyName": "kind", "mapping": {"gem": "Gem"}}}),
            json!({"oneOf": [stone, {"$ref": "#/components/schemas/Gem"}], "discriminator": {"propertyName": "kind", "mapping": {"gem": "#/components/schemas/Gem", "Stone": "#/components/schemas/Stone"}}}),
        ),
    ];
    for (schema, expected) in rows {
        check("3.0.3", &schema, &expected, &[]);
    }
}

#[test]
fn keywords_of_3_1_stay() {
    let sibling = json!({"$ref": "#/components/schemas/Stone", "description": "d", "$defs": {"X": true}});
    check("3.1.0", &sibling, &sibling, &[]);
    check(
        "3.1.0",
        &json!({"$ref": "#/components/schemas/Stone", "description": "d", "maxProperties": 1}),
        &json!({"description": "d", "maxProperties": 1, "allOf": [{"$ref": "#/components/schemas/Stone"}]}),
        &[],
    );
    check(
        "3.1.0",
        &json!({"allOf": [true], "$ref": "#/components/schemas/Stone"}),
        &json!({"allOf": [true, {"$ref": "#/components/schemas/Stone"}]}),
        &[],
    );
    check(
        "3.1.0",
        &json!({"type": ["string", "null"], "const": "a", "if": {}, "then": false}),
        &json!({"type": ["string", "null"], "const": "a", "if": {}, "then": false}),
        &[],
    );
    check("3.1.0", &json!({"$id": "https://quarry.example/s", "$schema": "x", "type": "string"}), &json!({"type": "string"}), &[]);
    check("3.1.0", &json!({"type": "string", "nullable": true}), &json!({"type": ["string", "null"]}), &["nullable"]);
    check(
        "3.1.0",
        &json!({"$defs": {"X": {"type": "integer", "format": "int32"}}}),
        &json!({"$defs": {"X": {"type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX}}}),
        &[],
    );
}

#[test]
fn what_means_nothing_is_dropped_with_a_problem() {
    check("3.0.3", &json!({"minLength": "five", "type": "string"}), &json!({"type": "string"}), &["schema-keyword /minLength"]);
    check("3.0.3", &json!({"required": true}), &json!({}), &["schema-keyword /required"]);
    check("3.0.3", &json!({"allOf": []}), &json!({}), &["schema-keyword /allOf"]);
    check("3.0.3", &json!({"properties": {"a": 1, "b": {}}}), &json!({}), &["schema-keyword /properties"]);
    check("3.0.3", &json!({"multipleOf": 0, "enum": []}), &json!({}), &["schema-keyword /multipleOf", "schema-keyword /enum"]);
    check("3.0.3", &json!({"type": "strng"}), &json!({}), &["schema-type /type"]);
    check("3.0.3", &json!("a string"), &json!({}), &["not-a-schema"]);
    check(
        "3.0.3",
        &json!({"$ref": "#/components/schemas/Stone", "nullable": true}),
        &json!({"$ref": "#/components/schemas/Stone"}),
        &["ref-siblings"],
    );
    check("3.0.3", &json!({"$ref": "other.yaml#/Stone"}), &json!({}), &["external-ref"]);
    check("3.0.3", &json!({"not": {"$ref": "#/components/schemas/stone"}}), &json!({"not": {}}), &["dangling-ref /not/$ref"]);
    check("3.0.3", &json!({"$ref": "#/components/responses"}), &json!({}), &["dangling-ref /$ref"]);
    check("3.0.3", &json!({"$ref": "#"}), &json!({}), &["dangling-ref /$ref"]);
}

#[test]
fn what_is_clear_is_read_with_a_problem() {
    let rows = [
        (
            json!({"minLength": "5", "uniqueItems": "true"}),
            json!({"minLength": 5, "uniqueItems": true}),
            vec!["schema-keyword /minLength", "schema-keyword /uniqueItems"],
        ),
        (json!({"type": "any"}), json!({}), vec!["schema-type /type"]),
        (json!({"type": "file"}), json!({"type": "string", "format": "binary"}), vec!["schema-type /type"]),
        (json!({"type": "String", "format": "a"}), json!({"type": "string", "format": "a"}), vec!["schema-type /type"]),
        (json!({"items": [{"type": "string"}]}), json!({"prefixItems": [{"type": "string"}]}), vec!["schema-keyword /items"]),
        (
            json!({"required": ["a", "a"], "enum": [1, 1]}),
            json!({"required": ["a"], "enum": [1]}),
            vec!["repeated-value /required", "repeated-value /enum"],
        ),
        (json!({"required": "a"}), json!({"required": ["a"]}), vec!["schema-keyword /required"]),
        (
            json!({"properties": {"a": {"required": true}, "b": {"required": "false"}}, "required": ["c"]}),
            json!({"properties": {"a": {}, "b": {}}, "required": ["c", "a"]}),
            vec!["required-property /properties/a/required", "required-property /properties/b/required"],
        ),
    ];
    for (schema, expected, problems) in rows {
        check("3.0.3", &schema, &expected, &problems);
    }
}

#[test]
fn schemas_are_found_by_what_they_call_themselves() {
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let schemas = json!({
        "Kite": {"$id": "https://k.example/kite", "$anchor": "kite", "$defs": {"Tail": {"$anchor": "tail", "type": "string"}}, "items": {"$ref": "#tail"}, "not": {"$ref": "#/$defs/Tail"}},
        "Line": {"$id": "https://k.example/line", "items": {"$ref": "kite"}, "not": {"$ref": "#/components/schemas/Kite"}},
        "Far": {"items": {"$ref": "https://k.example/kite#tail"}, "not": {"$ref": "#tail"}},
        "Tree": {"$id": "tree", "$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}},
        "Lost": {"items": {"$ref": "#nothing"}, "not": {"$ref": "https://k.example/nothing"}},
    });
    let (root, problems) = run(&json!({"openapi": "3.1.0", "components": {"schemas": schemas}}));
    let root = root.unwrap();
    let rows = [
        ("Kite/items", to("Kite/$defs/Tail")),
        ("Kite/not", to("Kite/$defs/Tail")),
        ("Line/items", to("Kite")),
        ("Line/not", to("Kite")),
        ("Far/items", to("Kite/$defs/Tail")),
        ("Far/not", to("Kite/$defs/Tail")),
        ("Tree/items", to("Tree")),
        ("Lost/items", json!({})),
    ];
    for (place, expected) in rows {
        assert_eq!(root.pointer(&format!("/components/schemas/{place}")), Some(&expected), "{place}");
    }
    assert_eq!(problems, ["dangling-ref /components/schemas/Lost/items", "external-ref /components/schemas/Lost/not"]);
    let two = json!({"A": {"$id": "a", "$dynamicAnchor": "n", "items": {"$dynamicRef": "#n"}}, "B": {"$id": "b", "$dynamicAnchor": "n"}});
    let (root, problems) = run(&json!({"openapi": "3.1.0", "components": {"schemas": two}}));
    assert_eq!(root.unwrap()["components"]["schemas"]["A"]["items"], to("A"));
    assert_eq!(problems, ["dynamic-ref /components/schemas/A/items"]);
}

#[test]
fn schemas_that_never_end_are_cut_and_cycles_through_values_are_not() {
    let tree = json!({"type": "object", "properties": {"left": {"$ref": "#/components/schemas/S"}}, "allOf": [{"properties": {"right": {"$ref": "#/components/schemas/S"}}}]});
    check("3.0.3", &tree, &tree, &[]);
    check("3.0.3", &json!({"$ref": "#/components/schemas/S"}), &json!({}), &["endless-schema /$ref"]);
    check(
        "3.0.3",
        &json!({"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/S"}]}),
        &json!({"anyOf": [{"type": "null"}, {}]}),
        &["endless-schema /anyOf/1/$ref"],
    );
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let (root, problems) = run(
        &json!({"openapi": "3.0.0", "components": {"schemas": {"A": {"allOf": [reference("B")]}, "B": {"oneOf": [reference("C")]}, "C": reference("A")}}}),
    );
    assert_eq!(problems.len(), 1, "{problems:?}");
    let cut = root.unwrap()["components"]["schemas"].to_string().matches("$ref").count();
    assert_eq!(cut, 2);
}

#[test]
fn schemas_are_found_wherever_they_stand() {
    let short = json!({"type": "string", "nullable": true});
    let long = json!({"type": ["string", "null"]});
    let fixture = |schema: &Value| {
        json!({
            "openapi": "3.0.3",
            "paths": {"/a": {
                "parameters": [{"name": "p", "in": "query", "schema": schema}],
                "post": {
                    "requestBody": {"content": {"application/json": {"schema": schema, "encoding": {"a": {"headers": {"X": {"schema": schema}}}}}}},
                    "responses": {"200": {"headers": {"X-A": {"schema": schema}}, "content": {"application/json": {"schema": {"$ref": "#/x-shapes/s"}, "example": {"nullable": true}}}}},
                    "callbacks": {"done": {"{$request.body#/url}": {"post": {"requestBody": {"content": {"a/b": {"schema": schema}}}}}}},
                },
            }},
            "components": {"parameters": {"P": {"content": {"application/json": {"schema": schema}}}}},
            "x-shapes": {"s": schema, "unused": short},
        })
    };
    let (root, problems) = run(&fixture(&short));
    assert_eq!(problems, [""; 0]);
    assert_eq!(root.unwrap(), fixture(&long));
}

#[test]
fn only_versions_2_and_3_are_read() {
    let rows = [
        (json!({"swagger": "1.2"}), false, vec!["openapi-version /swagger"]),
        (json!({"swagger": "2.0"}), true, vec![]),
        (json!({"openapi": "4.0.0"}), false, vec!["openapi-version /openapi"]),
        (json!({"openapi": "3.2.0"}), true, vec!["openapi-version /openapi"]),
        (json!({"openapi": 3.1}), true, vec![]),
        (json!({"openapi": "3.1.0", "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base"}), true, vec![]),
        (json!({"openapi": "3.1.0", "jsonSchemaDialect": "https://words.example/1"}), true, vec!["schema-dialect /jsonSchemaDialect"]),
        (json!({"openapi": null}), false, vec!["openapi-version /openapi"]),
        (json!({"info": {}}), false, vec!["not-openapi "]),
        (json!([1]), false, vec!["not-openapi "]),
        (json!(null), false, vec!["not-openapi "]),
    ];
    for (document, is_read, problems) in rows {
        let (root, found) = run(&document);
        assert_eq!((root.is_some(), found), (is_read, problems.into_iter().map(str::to_owned).collect()), "{document}");
    }
}
