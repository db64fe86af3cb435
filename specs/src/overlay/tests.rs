//! Overlays, and what they make of a document.

use serde_json::{Value, json};

use crate::document::{Document, Overlay, Source};

const DOCUMENT: &str = "\
openapi: 3.0.3
tags: [{name: a}, {name: b}, {name: c}]
paths:
  /kites: {$ref: kites.yaml}
  /lines:
    get: {deprecated: true, tags: [a], responses: {}}
";

fn read(actions: &Value) -> (Document, Vec<String>) {
    let overlay = json!({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions});
    let overlay = Overlay { file: "mine.json".to_owned(), text: overlay.to_string() };
    let texts =
        [("kites.yaml".to_owned(), "get: {operationId: kites, responses: {}}\n".to_owned()), ("x.yaml".to_owned(), "{a: 1}".to_owned())];
    let source = Source::new("kites", "doc.yaml", DOCUMENT.to_owned()).with_texts(texts).with_overlay(overlay);
    let (document, problems) = Document::read(&source);
    (document.unwrap(), problems.into_iter().map(|one| format!("{} {} {}", one.rule, one.file, one.pointer)).collect())
}

#[track_caller]
fn check(action: &Value, place: &str, expected: Option<&Value>, problems: &[&str]) {
    let (document, found) = read(&json!([action]));
    assert_eq!(document.value.pointer(place), expected, "{action}");
    assert_eq!(found, problems, "{action}");
}

#[test]
fn updates_are_merged_and_appended() {
    let rows = [
        (
            json!({"target": "$.paths['/lines'].get", "update": {"x-mock": {"set": {"a": "1"}}}}),
            "/paths/~1lines/get/x-mock",
            json!({"set": {"a": "1"}}),
        ),
        (
            json!({"target": "$.paths['/kites'].get", "update": {"operationId": "list"}}),
            "/paths/~1kites/get",
            json!({"operationId": "list", "responses": {}}),
        ),
        (json!({"target": "$.paths['/lines'].get", "update": {"tags": ["b"]}}), "/paths/~1lines/get/tags", json!(["a", "b"])),
        (json!({"target": "$.tags", "update": {"name": "d"}}), "/tags/3", json!({"name": "d"})),
        (json!({"target": "$.tags", "update": [{"name": "d"}]}), "/tags/3", json!({"name": "d"})),
        (json!({"target": "$.tags[?@.name=='b']", "update": {"description": "d"}}), "/tags/1", json!({"name": "b", "description": "d"})),
        (json!({"target": "$", "update": {"info": {"title": "t"}}}), "/info/title", json!("t")),
        (json!({"target": "$.paths.*.get", "update": {"deprecated": false}}), "/paths/~1kites/get/deprecated", json!(false)),
        (
            json!({"target": "$", "update": {"components": {"schemas": {"X": {"$ref": "x.yaml"}}}}}),
            "/components/schemas/X",
            json!({"a": 1}),
        ),
    ];
    for (action, place, expected) in rows {
        check(&action, place, Some(&expected), &[]);
    }
}

#[test]
fn what_is_removed_is_gone() {
    check(&json!({"target": "$.paths['/lines']", "remove": true}), "/paths/~1lines", None, &[]);
    check(&json!({"target": "$.paths.*.get.deprecated", "remove": true}), "/paths/~1lines/get/deprecated", None, &[]);
    check(&json!({"target": "$.tags[?@.name!='b']", "remove": true}), "/tags", Some(&json!([{"name": "b"}])), &[]);
    check(&json!({"target": "$.tags[0,2,0]", "remove": true}), "/tags", Some(&json!([{"name": "b"}])), &[]);
    let (document, _) = read(&json!([{"target": "$.tags[0]", "remove": true}]));
    assert_eq!(document.origin("/tags/0/name").pointer, "/tags/1/name");
}

#[test]
fn what_is_wrong_with_an_action_is_told_in_the_overlay() {
    let rows = [
        (json!({"target": "$.nothing", "update": {}}), "overlay mine.json /actions/0/target"),
        (json!({"target": "paths", "update": {}}), "overlay mine.json /actions/0/target"),
        (json!({"target": "$.paths"}), "overlay mine.json /actions/0"),
        (json!({"update": {}}), "overlay mine.json /actions/0"),
        (json!({"target": "$.paths", "update": "text"}), "overlay mine.json /actions/0/update"),
        (json!({"target": "$.openapi", "update": {}}), "overlay mine.json /actions/0/update"),
        (json!({"target": "$", "update": {"info": {"$ref": "none.yaml"}}}), "missing-file mine.json /actions/0/update/info/$ref"),
    ];
    for (action, problem) in rows {
        check(&action, "/openapi", Some(&json!("3.0.3")), &[problem]);
    }
}

#[test]
fn what_an_overlay_says_is_in_the_overlay() {
    let (document, _) = read(&json!([
        {"target": "$.paths['/lines'].get", "update": {"x-mock": {"set": {"a": "1"}}, "tags": ["b"]}},
        {"target": "$.tags", "update": {"name": "d"}},
    ]));
    let rows = [
        ("/paths/~1lines/get/x-mock/set/a", "mine.json", "/actions/0/update/x-mock/set/a"),
        ("/paths/~1lines/get/tags/1", "mine.json", "/actions/0/update/tags/0"),
        ("/paths/~1lines/get/tags/0", "doc.yaml", "/paths/~1lines/get/tags/0"),
        ("/tags/3/name", "mine.json", "/actions/1/update/name"),
        ("/paths/~1kites/get", "kites.yaml", "/get"),
    ];
    for (pointer, file, origin) in rows {
        let problem = document.problem(crate::Severity::Error, "rule", pointer, "", "");
        assert_eq!((problem.file.as_str(), problem.pointer.as_str()), (file, origin), "{pointer}");
    }
}

#[test]
fn a_document_may_be_an_overlay_that_extends_another() {
    let overlay =
        |extends: &str| format!("overlay: 1.0.0\nextends: {extends}\nactions:\n- target: $.paths['/a'].get\n  update: {{x-mock: {{}}}}\n");
    let texts = [
        ("vendor/api.yaml".to_owned(), "swagger: '2.0'\npaths:\n  /a: {$ref: a.yaml}\n".to_owned()),
        ("vendor/a.yaml".to_owned(), "get: {responses: {}}\n".to_owned()),
    ];
    let source = Source::new("kites", "specs/kites.yaml", overlay("./vendor/api.yaml")).with_texts(texts.clone());
    let (document, problems) = Document::read(&source);
    let document = document.unwrap();
    assert_eq!(problems, []);
    assert_eq!(document.value["paths"]["/a"]["get"], json!({"responses": {}, "x-mock": {}}));
    let place = |pointer: &str| document.problem(crate::Severity::Error, "rule", pointer, "", "").to_string();
    assert!(place("/paths/~1a/get/x-mock").contains("specs/kites.yaml:5"), "{}", place("/paths/~1a/get/x-mock"));
    assert!(place("/paths/~1a/get").contains("specs/vendor/a.yaml:1"));
    assert!(place("/paths").contains("specs/vendor/api.yaml:2"));
    assert_eq!(document.beside().collect::<Vec<_>>(), ["vendor/api.yaml", "vendor/a.yaml"]);
    for extends in ["none.yaml", "https://kites.example/api.yaml", "/etc/api.yaml"] {
        let source = Source::new("kites", "specs/kites.yaml", overlay(extends)).with_texts(texts.clone());
        let (_, problems) = Document::read(&source);
        assert_eq!(problems.iter().map(|one| (one.rule, one.line)).collect::<Vec<_>>(), [("missing-file", 2)], "{extends}");
    }
}
