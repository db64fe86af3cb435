//! Places, operations and verdicts of changes, and verdicts that a file sets.

use super::{
    super::{Frame, Severities, Wire},
    changes, framed,
};
use crate::document::Source;

const SHARED: &str = "\
openapi: 3.1.0
info: {title: Kites, version: '1'}
paths:
  /kites:
    get: {operationId: list_kites, responses: {'200': {description: a, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Kite'}}}}}}}
    post: {operationId: make_kite, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Kite'}}}}, responses: {'204': {description: b}}}
components:
  schemas:
    Kite:
      type: object
      properties:
        colour: {type: string, enum: [red, green]}
";

#[test]
fn a_shared_place_is_told_once_for_each_direction_with_all_that_it_reaches() {
    let told = changes(SHARED, &SHARED.replace("green]", "green, blue]"));
    let row = |position: usize| {
        let change: &super::Change = &told[position];
        (change.wire, change.way(), change.operations.join(" "), change.at.clone())
    };
    assert_eq!(told.len(), 2, "{told:#?}");
    assert_eq!(row(0), (Wire::Caution, "response", "list_kites".to_owned(), "response 200 `[].colour`".to_owned()));
    assert_eq!(row(1), (Wire::Compatible, "request", "make_kite".to_owned(), "request body `colour`".to_owned()));
    let (old, new) = (&told[0].old, &told[0].new);
    assert_eq!((old.line, new.line, new.value.as_deref()), (12, 12, Some("`blue`")));
    assert_eq!(new.pointer, "/components/schemas/Kite/properties/colour/enum");
    assert_eq!(told[0].sentence(), "a value was added to an `enum`: nothing → `blue`");
}

#[test]
fn what_became_of_a_file_is_told_with_the_file_it_is_in() {
    let source = |schema: &str| {
        let text = SHARED.replace("'#/components/schemas/Kite'", "'schemas/kite.yaml'");
        Source::new("kites", "specs/kites.yaml", text).with_texts([("schemas/kite.yaml".to_owned(), schema.to_owned())])
    };
    let [old, new] = ["type: object\nproperties: {tail: {type: string}}\n", "type: object\nproperties: {tail: {type: integer}}\n"]
        .map(|schema| crate::api::load(&source(schema)));
    let told = super::compare(Some(&old), Some(&new));
    assert_eq!(told.len(), 2, "{told:#?}");
    assert_eq!(told[0].new.to_string(), "specs/schemas/kite.yaml:2:21 (#/properties/tail/type)");
}

#[test]
fn a_file_sets_verdicts_with_a_reason() {
    let read = |text: &str| Severities::read(&Source::new("s", "severity.yaml", text.to_owned()));
    let [old, new] = ["enum: [red]", "enum: [red, blue]"].map(|schema| framed(Frame::Schema, schema));
    let mut told = changes(&old, &new);
    read("enum-value-added: {verdict: breaking, direction: request, reason: the kites are all red}").unwrap().apply(&mut told);
    let rows: Vec<_> = told.iter().map(|change| (change.way(), change.wire, change.reason.as_str())).collect();
    assert_eq!(rows[0], ("request", Wire::Breaking, "the kites are all red"));
    assert_eq!((rows[1].0, rows[1].1), ("response", Wire::Caution));
    for (text, message, help) in [
        ("enum-value-aded: {verdict: none, reason: r}", "there is no rule `enum-value-aded`", "did you mean `enum-value-added`?"),
        ("enum-value-added: {verdict: none}", "the verdict of `enum-value-added` has no reason", "write `reason"),
        ("enum-value-added: {verdict: fine, reason: r}", "`enum-value-added` has no verdict", "write `verdict: none`"),
        ("enum-value-added: {verdict: none, reason: r, why: r}", "`why` means nothing here", "write `verdict`"),
        ("enum-value-added: {verdict: none, reason: r, direction: up}", "the direction is none", "write `request`"),
        ("- a", "the file is no mapping of rules", "write `<rule>"),
    ] {
        let problems = read(text).unwrap_err();
        assert!(problems.iter().any(|problem| problem.message == message && problem.help.starts_with(help)), "{text}: {problems:#?}");
    }
}

#[test]
fn an_operation_that_moved_is_one_operation() {
    let moved = SHARED.replace("  /kites:\n    get:", "  /all-kites:\n    get:").replace("    post:", "  /kites:\n    post:");
    let told = changes(SHARED, &moved);
    assert_eq!(super::found(&told), ["path-changed neither"], "{told:#?}");
    assert_eq!(told[0].sentence(), "an operation is at another path: `GET /kites` → `GET /all-kites`");
}
