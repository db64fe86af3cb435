//! What progenitor is given, by rows.

use super::{Argument, Lowered, lower};
use crate::{Source, load};

fn lowered(paths: &str) -> Lowered {
    let text = format!("openapi: 3.0.3\ninfo: {{title: Quarry, version: '1'}}\npaths:\n{paths}");
    let api = load(&Source::new("quarry", "quarry.yaml", text)).api.unwrap();
    lower(&api)
}

const OK: &str = "responses: {'200': {description: ok}}";

#[test]
fn an_operation_is_bytes_both_ways_with_one_query() {
    let lowered = lowered(&format!(
        "  /stones/{{stone-id}}/{{part}}.json:
    put:
      operationId: putPart
      parameters:
        - {{name: stone-id, in: path, required: true, schema: {{type: integer}}}}
        - {{name: part, in: path, required: true, schema: {{type: string}}}}
        - {{name: a, in: query, schema: {{type: array, items: {{type: string}}}}}}
        - {{name: b, in: query, style: deepObject, schema: {{type: object}}}}
        - {{name: X-Z, in: header, schema: {{type: string}}}}
        - {{name: X-A, in: header, schema: {{type: array, items: {{type: string}}}}}}
        - {{name: c, in: cookie, schema: {{type: string}}}}
      requestBody: {{content: {{application/xml: {{}}, application/json: {{}}}}}}
      {OK}\n"
    ));
    let path = |name: &str| Argument::Path(name.to_owned());
    let header = |name: &str| Argument::Header(name.to_owned());
    let expected = [
        path("stone-id"),
        path("part"),
        Argument::Query,
        Argument::Accept,
        Argument::ContentType,
        Argument::Cookie,
        header("X-A"),
        header("X-Z"),
        Argument::Body,
    ];
    assert_eq!(lowered.operations[0].arguments, expected);
    assert_eq!(lowered.operations[0].method, "call_put_part");
    assert!(lowered.document.paths.paths.contains_key("/stones/{p0}/{p1}.json"));
    assert!(lowered.problems.is_empty());
}

#[test]
fn paths_that_differ_in_the_names_of_variables_are_kept_apart() {
    let get = |variable: &str, id: &str| {
        format!(
            "  /stones/{{{variable}}}:\n    get:\n      operationId: {id}\n      parameters: [{{name: {variable}, in: path, required: true, \
             schema: {{type: string}}}}]\n      {OK}\n"
        )
    };
    let lowered = lowered(&[get("id", "one"), get("stone", "two")].concat());
    let paths: Vec<&String> = lowered.document.paths.paths.keys().collect();
    assert_eq!(paths, ["/stones/{p0}", "/stones/{q0}"]);
}

#[test]
fn a_header_that_cannot_be_an_argument_goes_by_another_name() {
    let check = |names: &[&str], renamed: &[&str], refused: &[&str]| {
        let parameters: Vec<String> = names.iter().map(|name| format!("{{name: {name}, in: header, schema: {{type: string}}}}")).collect();
        let lowered =
            lowered(&format!("  /a:\n    get:\n      operationId: a\n      parameters: [{}]\n      {OK}\n", parameters.join(", ")));
        let places: Vec<&str> = lowered.problems.iter().map(|problem| problem.pointer.as_str()).collect();
        let others: Vec<&str> = lowered.operations[0].renamed.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!((others.as_slice(), places.as_slice()), (renamed, refused), "{names:?}");
    };
    check(&["X-A", "P0ssible"], &[], &[]);
    check(&["X-A", "X_A"], &["X_A"], &[]);
    check(&["Query", "Body", "header_map", "P0"], &["Query", "Body", "header_map", "P0"], &[]);
    check(&["'no good'"], &[], &["/paths/~1a/get/parameters/0"]);
}
