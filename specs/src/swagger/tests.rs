//! Swagger 2.0 documents, and the OpenAPI 3.0 documents that they become.

use serde_json::{Value, json};

use crate::document::{Document, Source};

fn read(document: &Value) -> (Value, Document, Vec<String>) {
    let mut whole = json!({"swagger": "2.0"});
    for (name, member) in document.as_object().unwrap() {
        whole[name] = member.clone();
    }
    let source = Source::new("fixture", "fixture.json", whole.to_string());
    let (document, problems) = Document::read(&source);
    let document = document.unwrap();
    (whole, document, problems.into_iter().map(|one| format!("{} {}", one.rule, one.pointer)).collect())
}

#[track_caller]
fn check(before: &Value, place: &str, expected: &Value, problems: &[&str]) {
    let (_, document, found) = read(before);
    assert_eq!(document.value.pointer(place), Some(expected), "{before}");
    assert_eq!(found, problems, "{before}");
}

/// One operation in Swagger, and what stands at a place below it in OpenAPI 3.
#[track_caller]
fn operation(before: &Value, place: &str, expected: &Value, problems: &[&str]) {
    let place = format!("/paths/~1kites/post{place}");
    let problems: Vec<_> = problems
        .iter()
        .map(|one| one.split_once(' ').map_or_else(String::new, |(rule, at)| format!("{rule} /paths/~1kites/post{at}")))
        .collect();
    check(&json!({"paths": {"/kites": {"post": before}}}), &place, expected, &problems.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn host_base_path_and_schemes_are_servers() {
    let rows = [
        (json!({"host": "kites.example", "basePath": "/v1/"}), json!([{"url": "https://kites.example/v1"}])),
        (
            json!({"host": "kites.example:8080", "schemes": ["http", "https"]}),
            json!([{"url": "http://kites.example:8080"}, {"url": "https://kites.example:8080"}]),
        ),
        (json!({"basePath": "v1"}), json!([{"url": "/v1"}])),
        (json!({"host": "http://kites.example/", "basePath": "/"}), json!([{"url": "http://kites.example"}])),
    ];
    for (before, servers) in rows {
        check(&before, "/servers", &servers, &[]);
    }
    let own = json!({"host": "kites.example", "basePath": "/v1", "paths": {"/kites": {"get": {"schemes": ["ws"]}}}});
    check(&own, "/paths/~1kites/get", &json!({"servers": [{"url": "ws://kites.example/v1"}]}), &[]);
}

#[test]
fn parameters_get_a_schema_and_a_style() {
    let list = |format: &str, at: &str| json!({"parameters": [{"name": "p", "in": at, "type": "array", "items": {"type": "string"}, "collectionFormat": format}]});
    let made = |at: &str, style: &str, explode: bool| json!([{"name": "p", "in": at, "schema": {"type": "array", "items": {"type": "string"}}, "style": style, "explode": explode}]);
    let odd = "collection-format /parameters/0/collectionFormat";
    let rows = [
        ("multi", "query", "form", true, vec![]),
        ("csv", "query", "form", false, vec![]),
        ("ssv", "query", "spaceDelimited", false, vec![]),
        ("pipes", "query", "pipeDelimited", false, vec![]),
        ("csv", "path", "simple", false, vec![]),
        ("tsv", "query", "form", false, vec![odd]),
        ("pipes", "header", "simple", false, vec![odd]),
    ];
    for (format, at, style, explode, problems) in rows {
        operation(&list(format, at), "/parameters", &made(at, style, explode), &problems);
    }
    let before = json!({"parameters": [{"name": "p", "in": "query", "required": true, "type": "integer", "format": "int32", "maximum": 9, "x-nullable": true, "x-example": 3, "x-note": "n"}]});
    let after = json!({"name": "p", "in": "query", "required": true, "x-note": "n", "example": 3, "schema": {"type": "integer", "format": "int32", "maximum": 9, "nullable": true}});
    operation(&before, "/parameters/0", &after, &[]);
}

#[test]
fn bodies_and_forms_are_request_bodies() {
    let kite = json!({"$ref": "#/definitions/Kite"});
    let body = json!({"name": "b", "in": "body", "required": true, "description": "d", "schema": kite});
    let schema = json!({"schema": {"$ref": "#/components/schemas/Kite"}});
    operation(
        &json!({"parameters": [body], "consumes": ["application/json", "text/x-kite"]}),
        "/requestBody",
        &json!({"required": true, "description": "d", "content": {"application/json": schema, "text/x-kite": schema}}),
        &[],
    );
    let text = json!({"name": "t", "in": "formData", "type": "string", "required": true});
    let file = json!({"name": "f", "in": "formData", "type": "file", "description": "d"});
    let list = json!({"name": "l", "in": "formData", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"});
    let form = |media: &str, content: Value| json!({"content": {media: content}, "required": true});
    operation(
        &json!({"parameters": [text, list]}),
        "/requestBody",
        &form(
            "application/x-www-form-urlencoded",
            json!({
                "schema": {"type": "object", "properties": {"t": {"type": "string"}, "l": {"type": "array", "items": {"type": "string"}}}, "required": ["t"]},
                "encoding": {"l": {"style": "form", "explode": true}},
            }),
        ),
        &[],
    );
    let upload = form(
        "multipart/form-data",
        json!({"schema": {"type": "object", "properties": {"t": {"type": "string"}, "f": {"type": "string", "format": "binary", "description": "d"}}, "required": ["t"]}}),
    );
    operation(&json!({"parameters": [text, file]}), "/requestBody", &upload, &[]);
    operation(
        &json!({"parameters": [text, file], "consumes": ["application/x-www-form-urlencoded"]}),
        "/requestBody",
        &upload,
        &["file-in-form /parameters/1"],
    );
    operation(&json!({"parameters": [body, body]}), "/requestBody/required", &json!(true), &["second-body /parameters/1"]);
    operation(&json!({"parameters": [text, body]}), "/requestBody/description", &json!("d"), &["body-and-form /parameters/0"]);
}

#[test]
fn responses_have_a_schema_for_each_media_type() {
    let kite = json!({"$ref": "#/definitions/Kite"});
    let moved = json!({"$ref": "#/components/schemas/Kite"});
    let respond = |response: Value, produces: &[&str]| json!({"produces": produces, "responses": {"200": response}});
    let rows = [
        (json!({"description": "d"}), vec![], json!({"description": "d"})),
        (json!({"schema": kite}), vec![], json!({"content": {"application/json": {"schema": moved}}})),
        (
            json!({"schema": kite, "examples": {"application/json": {"a": 1}, "text/plain": "a"}}),
            vec!["application/json"],
            json!({"content": {"application/json": {"schema": moved, "example": {"a": 1}}, "text/plain": {"schema": moved, "example": "a"}}}),
        ),
        (
            json!({"schema": kite, "examples": {"a": 1}}),
            vec!["text/x-kite"],
            json!({"content": {"text/x-kite": {"schema": moved, "example": {"a": 1}}}}),
        ),
        (
            json!({"schema": {"type": "file"}}),
            vec![],
            json!({"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}),
        ),
        (
            json!({"schema": {"type": "file"}}),
            vec!["image/png"],
            json!({"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}),
        ),
        (
            json!({"headers": {"X-Left": {"type": "integer", "description": "d"}}}),
            vec![],
            json!({"headers": {"X-Left": {"description": "d", "schema": {"type": "integer"}}}}),
        ),
    ];
    for (before, produces, after) in rows {
        operation(&respond(before, &produces), "/responses/200", &after, &[]);
    }
}

#[test]
fn security_definitions_are_security_schemes() {
    let flow = |flow: &str| json!({"type": "oauth2", "flow": flow, "authorizationUrl": "a", "tokenUrl": "t", "scopes": {"fly": "s"}});
    let flows = |name: &str| json!({"type": "oauth2", "flows": {name: {"authorizationUrl": "a", "tokenUrl": "t", "scopes": {"fly": "s"}}}});
    let rows = [
        (json!({"type": "basic"}), json!({"type": "http", "scheme": "basic"})),
        (json!({"type": "apiKey", "in": "query", "name": "k"}), json!({"type": "apiKey", "in": "query", "name": "k"})),
        (flow("implicit"), flows("implicit")),
        (flow("password"), flows("password")),
        (flow("application"), flows("clientCredentials")),
        (flow("accessCode"), flows("authorizationCode")),
    ];
    for (before, after) in rows {
        check(&json!({"securityDefinitions": {"s": before}}), "/components/securitySchemes/s", &after, &[]);
    }
}

#[test]
fn schemas_are_those_of_3_0() {
    let rows = [
        (json!({"type": "string", "x-nullable": true}), json!({"type": "string", "nullable": true})),
        (
            json!({"properties": {"a": {"$ref": "#/definitions/B", "x-nullable": true}}}),
            json!({"properties": {"a": {"allOf": [{"$ref": "#/components/schemas/B"}], "nullable": true}}}),
        ),
        (json!({"discriminator": "kind"}), json!({"discriminator": {"propertyName": "kind"}})),
        (json!({"items": {"type": "file"}}), json!({"items": {"type": "string", "format": "binary"}})),
        (json!({"example": {"$ref": "#/definitions/B"}}), json!({"example": {"$ref": "#/definitions/B"}})),
    ];
    for (before, after) in rows {
        check(&json!({"definitions": {"S": before}}), "/components/schemas/S", &after, &[]);
    }
}

#[test]
fn references_follow_what_they_name() {
    let before = json!({
        "consumes": ["application/json"],
        "parameters": {
            "Page": {"name": "page", "in": "query", "type": "integer"},
            "Kite": {"name": "kite", "in": "body", "schema": {"type": "object"}},
            "Tail": {"name": "tail", "in": "formData", "type": "string"},
        },
        "responses": {"Gone": {"description": "gone", "schema": {"type": "string"}}},
        "definitions": {"P": {"properties": {"example": {"$ref": "#/definitions/Same"}}}, "Same": {"$ref": "#/paths/~1a/post/responses/200/schema"}, "Sent": {"$ref": "#/parameters/Kite/schema"}},
        "paths": {"/a": {
            "post": {"parameters": [{"$ref": "#/parameters/Kite"}, {"$ref": "#/parameters/Page"}], "responses": {"200": {"schema": {"type": "array"}}, "410": {"$ref": "#/responses/Gone"}, "default": {"$ref": "#/responses/Gone"}}},
            "put": {"parameters": [{"$ref": "#/parameters/Tail"}], "produces": ["text/plain"], "responses": {"410": {"$ref": "#/responses/Gone"}}},
        }},
    });
    let rows = [
        ("/components/schemas/P/properties/example/$ref", json!("#/components/schemas/Same")),
        ("/paths/~1a/post/responses/default/$ref", json!("#/components/responses/Gone")),
        ("/components/schemas/Same/$ref", json!("#/paths/~1a/post/responses/200/content/application~1json/schema")),
        ("/components/schemas/Sent/$ref", json!("#/components/requestBodies/Kite/content/application~1json/schema")),
        ("/paths/~1a/post/requestBody", json!({"$ref": "#/components/requestBodies/Kite"})),
        ("/paths/~1a/post/parameters", json!([{"$ref": "#/components/parameters/Page"}])),
        ("/paths/~1a/post/responses/410", json!({"$ref": "#/components/responses/Gone"})),
        ("/paths/~1a/put/responses/410", json!({"description": "gone", "content": {"text/plain": {"schema": {"type": "string"}}}})),
        ("/paths/~1a/put/requestBody/content/application~1x-www-form-urlencoded/schema/properties/tail/type", json!("string")),
    ];
    for (place, expected) in rows {
        check(&before, place, &expected, &[]);
    }
}

/// Whatever is wrong with the converted document is told where it was written.
#[test]
fn places_are_those_of_the_document_as_it_was_written() {
    let (whole, document, _) = read(&json!({
        "paths": {"/a": {"parameters": [{"name": "b", "in": "body", "schema": {"type": "odd"}}], "post": {
            "parameters": [{"name": "q", "in": "query", "type": "odd"}, {"name": "h", "in": "header", "type": "odd"}],
            "responses": {"200": {"schema": {"type": "odd"}, "headers": {"X": {"type": "odd"}}}},
        }, "put": {"parameters": [{"name": "f", "in": "formData", "type": "odd"}, {"name": "q", "in": "query", "type": "odd"}]}}},
        "definitions": {"S": {"properties": {"p": {"type": "odd"}}}},
        "responses": {"R": {"schema": {"type": "odd"}}},
        "parameters": {"P": {"name": "p", "in": "body", "schema": {"type": "odd"}}, "Q": {"name": "p", "in": "query", "type": "odd"}},
    }));
    let mut places = Vec::new();
    odd(&document.value, "", &mut places);
    assert!(places.len() >= 11, "{places:?}");
    for place in places {
        let origin = document.origin(&place).pointer;
        assert_eq!(whole.pointer(&origin), Some(&json!("odd")), "{place} is {origin}");
    }
}

fn odd(value: &Value, at: &str, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| odd(member, &crate::pointer::join(at, name), places)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(position, item)| odd(item, &crate::pointer::index(at, position), places));
        }
        Value::String(text) if text == "odd" => places.push(at.to_owned()),
        _ => {}
    }
}
