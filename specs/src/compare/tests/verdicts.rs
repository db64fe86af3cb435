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

/// Places of requests, the two schemas there, and what is told from the first to the second with the worst verdict.
#[test]
fn numbers_that_become_text_are_no_matter_where_they_are_sent_as_text() {
    let parameter = |place: &str| format!("parameters: [{{name: tail, in: {place}, required: true, schema: SCHEMA}}]");
    let body = |name: &str, schema: &str| format!("requestBody: {{content: {{{name}: {{schema: {schema}}}}}}}");
    let fields = "{type: object, properties: {tail: SCHEMA, tails: {type: array, items: SCHEMA}}}";
    let text = [
        parameter("query"),
        parameter("path"),
        parameter("header"),
        parameter("cookie"),
        parameter("query").replace("SCHEMA", "{type: array, items: SCHEMA}"),
        body("application/x-www-form-urlencoded", fields),
        body("multipart/form-data", fields),
    ];
    let json = [
        body("application/json", fields),
        body("multipart/form-data", "{type: object, properties: {tail: {type: object, properties: {size: SCHEMA}}}}"),
        body("multipart/form-data", fields).replace("}}}}}", "}}}, encoding: {tail: {contentType: application/json}}}}"),
        parameter("query").replace("schema: SCHEMA", "content: {application/json: {schema: SCHEMA}}"),
    ];
    let told = |members: &str, schemas: [&str; 2]| {
        let [old, new] = schemas.map(|schema| framed(Frame::Operation, "MEMBERS").replace("MEMBERS", &members.replace("SCHEMA", schema)));
        let [old, new] =
            [old, new].map(|text| if members.contains("in: path") { text.replace("/kites:", "'/kites/{tail}':") } else { text });
        let told = changes(&old, &new);
        (super::found(&told).join(", "), told.first().map(|change| change.wire))
    };
    for schema in ["{type: integer}", "{type: number}", "{type: boolean}", "{type: [integer, 'null']}", "{type: integer, format: int32}"] {
        let string = if schema.contains("null") { "{type: [string, 'null']}" } else { "{type: string}" };
        for members in &text {
            assert_eq!(told(members, [schema, string]), ("type-widened request".to_owned(), Some(Wire::Compatible)), "{members} {schema}");
            assert_eq!(told(members, [string, schema]).1, Some(Wire::Breaking), "{members} {schema}");
        }
        for members in &json {
            assert_eq!(told(members, [schema, string]).1, Some(Wire::Breaking), "{members} {schema}");
        }
    }
    let rows = [
        ("{type: integer, enum: [1, 2]}", "{type: string, enum: ['1', '2', all]}", "enum-value-added request, type-widened request", false),
        ("{type: integer, enum: [1, 2]}", "{type: string, enum: ['1']}", "enum-value-removed request, type-widened request", true),
        ("{type: boolean}", "{type: string, enum: ['true', 'false']}", "type-widened request", false),
        (
            "{type: boolean}",
            "{type: string, enum: ['yes', 'no']}",
            "enum-value-added request, enum-value-removed request, type-widened request",
            true,
        ),
        ("{type: integer}", "{type: string, enum: ['1']}", "enum-added request, type-widened request", true),
        ("{type: integer}", "{type: string, pattern: '^[a-z]+$'}", "pattern-added request, type-widened request", true),
        ("{type: integer}", "{type: string, format: uuid}", "type-changed request", true),
        ("{type: integer}", "{type: string, format: decimal}", "format-added request, type-widened request", false),
        ("{type: integer}", "{type: string, minLength: 1, maxLength: 64}", "type-widened request", false),
        ("{type: integer}", "{type: string, maxLength: 3}", "length-limit-tightened request, type-widened request", true),
        ("{type: [integer, string]}", "{type: string}", "type-widened request", false),
        ("{type: integer}", "{type: boolean}", "type-changed request", true),
    ];
    for (old, new, expected, breaks) in rows {
        let (found, worst) = told(&text[0], [old, new]);
        assert_eq!((found.as_str(), worst == Some(Wire::Breaking)), (expected, breaks), "{old} {new}");
    }
}

#[test]
fn credentials_that_go_together_may_become_fewer() {
    let document = |security: &str| {
        let schemes = "key: {type: apiKey, in: header, name: X-Key}, token: {type: http, scheme: bearer}, login: {type: http, scheme: basic}, grant: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://kites.example', scopes: {fly: f, land: l}}}}";
        let operation = "operationId: list_kites, responses: {'200': {description: all}}";
        framed(
            Frame::Document,
            &format!("security: [{security}]\ncomponents: {{securitySchemes: {{{schemes}}}}}\npaths: {{/kites: {{get: {{{operation}}}}}}}"),
        )
    };
    let rows = [
        ("{token: [], key: []}", "{token: []}", "credentials-eased neither", Wire::Compatible),
        ("{token: [], key: []}", "{token: []}, {key: []}", "credentials-added neither, credentials-eased neither", Wire::Compatible),
        ("{token: [], key: []}, {token: []}", "{token: []}", "credentials-eased neither", Wire::Compatible),
        ("{token: []}", "{token: [], key: []}", "credentials-added neither, credentials-removed neither", Wire::Breaking),
        ("{token: [], key: []}", "{login: []}", "credentials-added neither, credentials-removed neither", Wire::Breaking),
        ("{token: [], key: []}", "{token: [], login: []}", "credentials-added neither, credentials-removed neither", Wire::Breaking),
        ("{grant: [fly], key: []}", "{grant: [fly]}", "credentials-eased neither", Wire::Compatible),
        ("{grant: [fly], key: []}", "{grant: [fly, land]}", "credentials-eased neither, scope-added neither", Wire::Breaking),
    ];
    for (old, new, expected, worst) in rows {
        let told = changes(&document(old), &document(new));
        assert_eq!((super::found(&told).join(", ").as_str(), told[0].wire), (expected, worst), "{old} {new}");
    }
}
