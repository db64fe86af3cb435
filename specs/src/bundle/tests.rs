//! Documents of several files, and the one value that they become.

use serde_json::{Value, json};

use crate::document::{Document, Source};

fn read(files: &[(&str, Value)]) -> (Document, Vec<String>) {
    let (_, root) = &files[0];
    let texts = files.iter().map(|(path, value)| ((*path).to_owned(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    let source = Source::new("kites", "specs/kites.yaml", root.to_string()).with_texts(texts.skip(1));
    let (document, problems) = Document::read(&source);
    (document.unwrap(), problems.into_iter().map(|one| format!("{} {}:{} {}", one.rule, one.file, one.line, one.pointer)).collect())
}

/// The document's own file and others, and what stands at places of the one value.
#[track_caller]
fn check(root: &Value, others: &[(&str, Value)], places: &[(&str, Value)], problems: &[&str]) {
    let mut whole = json!({"openapi": "3.0.3"});
    for (name, member) in root.as_object().unwrap() {
        whole[name] = member.clone();
    }
    if root.get("swagger").is_some() {
        whole.as_object_mut().unwrap().shift_remove("openapi");
    }
    let files: Vec<_> = [("kites.yaml", whole)].into_iter().chain(others.iter().cloned()).collect();
    let (document, found) = read(&files);
    for (place, expected) in places {
        assert_eq!(document.value.pointer(place), Some(expected), "{place} of {}", document.value);
    }
    assert_eq!(found, problems, "{root}");
}

fn to(reference: &str) -> Value {
    json!({"$ref": reference})
}

#[test]
fn what_other_files_hold_stands_where_components_stand() {
    let text = json!({"type": "string"});
    let schema = |reference: &str| json!({"components": {"schemas": {"S": {"items": to(reference)}}}});
    let rows = [
        ("kite.yaml", "kite.yaml", text.clone(), "kite", text.clone()),
        ("all.json#/components/schemas/Kite", "all.json", json!({"components": {"schemas": {"Kite": text}}}), "Kite", text.clone()),
        ("./a/b/../c.yaml#/x~1y", "a/c.yaml", json!({"x/y": text}), "x_y", text.clone()),
        ("../up.yaml#/a%20b", "../up.yaml", json!({"a b": text}), "a_b", text.clone()),
        ("kite.yaml#tail", "kite.yaml", json!({"$defs": {"T": {"$anchor": "tail"}}}), "T", json!({"$anchor": "tail"})),
        ("index.yaml#/Kite", "index.yaml", json!({"Kite": to("#/Tail"), "Tail": text}), "Tail", text.clone()),
        ("index.yaml#/Kite/items", "index.yaml", json!({"Kite": to("#/Tail"), "Tail": {"items": text}}), "items", text.clone()),
    ];
    for (reference, path, file, name, expected) in rows {
        let home = format!("/components/schemas/{name}");
        let found = [("/components/schemas/S/items", to(&format!("#{home}"))), (home.as_str(), expected)];
        check(&schema(reference), &[(path, file)], &found, &[]);
    }
}

#[test]
fn every_kind_has_its_section_and_the_rest_its_place() {
    let operation = json!({
        "parameters": [to("p.yaml#/Page")],
        "requestBody": to("p.yaml#/Body"),
        "responses": {"200": to("p.yaml#/Done"), "201": {"headers": {"X": to("p.yaml#/Left")}, "links": {"l": to("p.yaml#/Next")}, "content": {"a/b": {"examples": {"e": to("p.yaml#/Shown"), "f": {"externalValue": "note.txt"}}, "example": to("p.yaml#/Shown")}}}},
        "callbacks": {"c": to("p.yaml#/Called")},
    });
    let item = json!({"get": operation, "summary": "s"});
    let kinds = json!({"Page": {"name": "p"}, "Body": {"content": {}}, "Done": {"description": "d"}, "Left": {"schema": {}}, "Next": {"operationId": "o"}, "Shown": {"value": 1}, "Called": {"{$url}": {}}});
    let at = |below: &str| format!("/paths/~1a/get{below}");
    let places = [
        ("/paths/~1a/summary".to_owned(), json!("own")),
        (at("/parameters/0"), to("#/components/parameters/Page")),
        (at("/requestBody"), to("#/components/requestBodies/Body")),
        (at("/responses/200"), to("#/components/responses/Done")),
        (at("/responses/201/headers/X"), to("#/components/headers/Left")),
        (at("/responses/201/links/l"), to("#/components/links/Next")),
        (at("/responses/201/content/a~1b/examples/e"), to("#/components/examples/Shown")),
        (at("/responses/201/content/a~1b/examples/f"), json!({"value": "two\nlines"})),
        (at("/responses/201/content/a~1b/example"), json!({"value": 1})),
        (at("/callbacks/c"), to("#/components/callbacks/Called")),
        ("/components/callbacks/Called".to_owned(), json!({"{$url}": {}})),
        ("/paths/~1b/get/responses".to_owned(), json!({})),
        ("/info/description".to_owned(), json!("two\nlines")),
        ("/components/schemas".to_owned(), json!({"K": {"properties": {"a": {"type": "string"}}}})),
    ];
    let places: Vec<_> = places.iter().map(|(place, value)| (place.as_str(), value.clone())).collect();
    check(
        &json!({
            "info": {"description": to("parts/note.txt")},
            "paths": {"/a": {"$ref": "parts/a.yaml", "summary": "own"}, "/b": {"get": {"responses": to("parts/b.yaml#/r")}}},
            "components": to("parts/components.yaml"),
        }),
        &[
            ("parts/a.yaml", item),
            ("parts/p.yaml", kinds),
            ("parts/b.yaml", json!({"r": {}})),
            ("parts/note.txt", json!("two\nlines")),
            ("parts/components.yaml", json!({"schemas": to("schemas/index.yaml")})),
            ("parts/schemas/index.yaml", json!({"K": {"properties": to("props.yaml")}})),
            ("parts/schemas/props.yaml", json!({"a": {"type": "string"}})),
        ],
        &places,
        &[],
    );
}

#[test]
fn components_that_are_references_are_the_homes_of_what_they_name() {
    let kite = json!({"properties": {"next": to("Kite.yaml"), "line": to("Line.yaml")}});
    check(
        &json!({"components": {"schemas": {"Glider": to("schemas/Kite.yaml"), "Same": to("schemas/Kite.yaml"), "Line": {"type": "string"}}}}),
        &[
            ("schemas/Kite.yaml", kite),
            ("schemas/Line.yaml", json!({"properties": {"kite": to("../kites.yaml#/components/schemas/Glider")}})),
        ],
        &[
            (
                "/components/schemas/Glider/properties",
                json!({"next": to("#/components/schemas/Glider"), "line": to("#/components/schemas/Line_2")}),
            ),
            ("/components/schemas/Same", to("#/components/schemas/Glider")),
            ("/components/schemas/Line_2/properties/kite", to("#/components/schemas/Glider")),
        ],
        &[],
    );
    check(
        &json!({"components": {"schemas": to("all.yaml")}}),
        &[
            ("all.yaml", json!({"Kite": to("k/Kite.yaml"), "Other": to("k/Line.yaml")})),
            ("k/Kite.yaml", json!({"items": to("Line.yaml")})),
            ("k/Line.yaml", json!({"type": "string"})),
        ],
        &[("/components/schemas", json!({"Kite": {"items": to("#/components/schemas/Other")}, "Other": {"type": "string"}}))],
        &[],
    );
    check(
        &json!({"swagger": "2.0", "paths": {"/a": {"get": {"responses": {"200": {"schema": to("d.json#/definitions/Kite")}, "400": to("d.json#/responses/No")}}}}}),
        &[(
            "d.json",
            json!({"definitions": {"Kite": {"items": to("#/definitions/Line")}, "Line": {"type": "string"}}, "responses": {"No": {"description": "d"}}}),
        )],
        &[
            ("/components/schemas", json!({"Kite": {"items": to("#/components/schemas/Line")}, "Line": {"type": "string"}})),
            ("/components/responses/No", json!({"description": "d"})),
            ("/paths/~1a/get/responses/400", to("#/components/responses/No")),
        ],
        &[],
    );
}

#[test]
fn what_cannot_be_had_is_told_at_its_reference() {
    let schema = |reference: &str| json!({"components": {"schemas": {"S": {"items": to(reference)}}}});
    let rows = [
        ("none.yaml", "missing-file"),
        ("kite.yaml#/nothing", "dangling-ref"),
        ("bad.yaml", "missing-file"),
        ("/etc/kite.yaml", "external-ref"),
        ("file:///etc/kite.yaml", "external-ref"),
        ("C:\\kite.yaml", "external-ref"),
    ];
    for (reference, rule) in rows {
        let place = format!("{rule} specs/kites.yaml:1 /components/schemas/S/items/$ref");
        let mut problems = vec![place.as_str()];
        if reference == "bad.yaml" {
            problems.insert(0, "yaml-syntax specs/bad.yaml:2 ");
        }
        let files = [("kite.yaml", json!({})), ("bad.yaml", json!("[\n]]"))];
        check(&schema(reference), &files, &[("/components/schemas/S/items", json!({}))], &problems);
    }
    for reference in ["https://kites.example/kite.yaml", "//kites.example/kite.yaml", "urn:kite"] {
        check(&schema(reference), &[], &[("/components/schemas/S/items", to(reference))], &[]);
    }
}

#[test]
fn files_that_refer_to_each_other_end() {
    check(
        &json!({"paths": {"/a": to("a.yaml")}}),
        &[("a.yaml", json!({"get": {"callbacks": {"c": {"u": to("a.yaml")}}}}))],
        &[("/paths/~1a/get/callbacks/c/u", json!({}))],
        &["endless-ref specs/a.yaml:1 /get/callbacks/c/u"],
    );
    check(&json!({"components": {"schemas": {"A": to("a.yaml")}}}), &[("a.yaml", to("b.yaml")), ("b.yaml", to("a.yaml"))], &[], &[]);
}

#[test]
fn places_are_those_of_the_file_that_says_it() {
    let (document, _) = read(&[
        (
            "kites.yaml",
            json!({"openapi": "3.0.3", "paths": {"/a": {"$ref": "a.yaml", "summary": "s"}}, "components": {"schemas": {"K": to("k.yaml#/K")}}}),
        ),
        ("a.yaml", json!("get:\n  summary: x\n  responses: {}\n")),
        ("k.yaml", json!("K:\n  properties:\n    a: {type: odd, items: {$ref: l.yaml}}\n")),
        ("l.yaml", json!("type:\n  odd\n")),
    ]);
    let rows = [
        ("/paths/~1a", "specs/a.yaml", 1, ""),
        ("/paths/~1a/get/summary", "specs/a.yaml", 2, "/get/summary"),
        ("/paths/~1a/summary", "specs/kites.yaml", 1, "/paths/~1a/summary"),
        ("/components/schemas/K/properties/a", "specs/k.yaml", 3, "/K/properties/a"),
        ("/components/schemas/l/type", "specs/l.yaml", 1, "/type"),
    ];
    for (pointer, file, line, origin) in rows {
        let problem = document.problem(crate::Severity::Error, "rule", pointer, "", "");
        assert_eq!((problem.file.as_str(), problem.line, problem.pointer.as_str()), (file, line, origin), "{pointer}");
    }
    assert_eq!(document.beside().collect::<Vec<_>>(), ["k.yaml", "l.yaml", "a.yaml"]);
}
