//! Each rule finds what it is for, and nothing in a document that is good.

use super::check;
use crate::document::Source;

#[track_caller]
fn expect(document: &str, expected: &[&str]) {
    let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{document}");
    let found: Vec<_> = check(&Source::new("fixture", "fixture.yaml", text))
        .problems
        .into_iter()
        .map(|one| format!("{} {}", one.rule, one.pointer))
        .collect();
    assert_eq!(found, expected, "{document}");
}

fn get(path: &str) -> String {
    let variables: Vec<_> = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    let parameters: Vec<_> = variables.iter().map(|name| format!("{{name: {name}, in: path, required: true}}")).collect();
    format!("  '{path}': {{get: {{parameters: [{}], responses: {{'200': {{description: ok}}}}}}}}\n", parameters.join(", "))
}

#[test]
fn paths_that_one_request_fits_twice() {
    let paths = |several: &[&str]| format!("paths:\n{}", several.iter().map(|path| get(path)).collect::<String>());
    expect(&paths(&["/a/{x}", "/a/me", "/b/{x}/c", "/b/{x}"]), &[]);
    expect(&paths(&["/a/{x}", "/a/{y}"]), &["ambiguous-paths /paths/~1a~1{y}"]);
    expect(&paths(&["/a/{x}/c", "/a/b/{y}"]), &["ambiguous-paths /paths/~1a~1{x}~1c"]);
    expect(&paths(&["/a/{x}/c", "/b/b/{y}"]), &[]);
}

#[test]
fn operations_without_a_success() {
    expect("paths: {/a: {get: {responses: {'404': {description: gone}}}}}", &["no-success /paths/~1a/get/responses"]);
    expect("paths: {/a: {get: {responses: {'302': {description: there}}}}}", &[]);
    expect("paths: {/a: {get: {responses: {default: {description: any}}}}}", &[]);
}

#[test]
fn schemas_that_say_two_things_at_once() {
    let schema = |schema: &str| format!("paths: {{}}\ncomponents: {{schemas: {{S: {schema}}}}}");
    let at = |rule: &str| format!("{rule} /components/schemas/S");
    expect(&schema("{type: string, enum: [a, 1]}"), &[&format!("{}/enum", at("enum-type"))]);
    expect(&schema("{type: string, nullable: true, enum: [a, null]}"), &[]);
    expect(&schema("{type: array}"), &[&at("array-without-items")]);
    expect(&schema("{minLength: 3, maxLength: 2}"), &[&format!("{}/minLength", at("empty-range"))]);
    let dangling = "{oneOf: [{type: object}], discriminator: {propertyName: k, mapping: {a: Nowhere}}}";
    expect(&schema(dangling), &[&format!("{}/discriminator/mapping/a", at("dangling-mapping"))]);
}

#[test]
fn extensions_where_nothing_reads_them() {
    expect("paths: {}\nx-mok: {}", &["extension-name /x-mok"]);
    expect("paths: {}\nx-tagGroups: []\nx-logo: {}", &[]);
    expect("paths: {/a: {x-pagination: {}}}", &["extension-place /paths/~1a/x-pagination"]);
    expect("paths: {}\ncomponents: {headers: {x-mok: {schema: {}}}, schemas: {x-docs: {properties: {x-mock: {}}}}}", &[]);
    expect(
        "paths: {}\ncomponents: {schemas: {A: {x-evidence: page, x-resource: {}, example: {x-mock: 1}}}}",
        &["extension-place /components/schemas/A/x-resource"],
    );
}

#[test]
fn seeds_that_fit_nothing() {
    let document = |seed: &str| {
        format!(
            "x-mock: {{seed: {seed}}}\npaths:\n  /stones: {{get: {{responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{type: array, items: {{$ref: '#/components/schemas/Stone'}}}}}}}}}}}}}}}}\ncomponents: {{schemas: {{Stone: {{type: object, properties: {{id: {{type: string}}}}}}}}}}"
        )
    };
    expect(&document("{stones: [{id: a}, {id: b}]}"), &[]);
    expect(&document("{stones: [{id: a}, {id: a}, {name: b}]}"), &["seed-key /x-mock/seed/stones/1", "seed-key /x-mock/seed/stones/2"]);
    expect(&document("{pebbles: [{id: a}]}"), &["seed-name /x-mock/seed/pebbles"]);
}

#[test]
fn places_that_the_success_body_does_not_declare() {
    let document = |resource: &str| {
        format!(
            "paths: {{/stones: {{get: {{{resource}, responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{type: object, properties: {{data: {{type: array, items: {{type: object}}}}, meta: {{type: object}}}}}}}}}}}}}}}}}}}}"
        )
    };
    expect(&document("x-resource: {name: stones, action: list, items: /data}"), &[]);
    expect(&document("x-resource: {name: stones, action: list, items: /rows}"), &["role-place /paths/~1stones/get/x-resource"]);
    let paged = "x-resource: {name: stones, items: /data}, x-pagination: {style: offset, shows: {total: /meta/anything, next: /next}}";
    expect(&document(paged), &["role-place /paths/~1stones/get/x-pagination"]);
}

#[cfg(feature = "validate")]
#[test]
fn examples_that_break_their_schema() {
    let document = |schema: &str, example: &str| {
        format!(
            "paths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {schema}, example: {example}}}}}}}, responses: {{'204': {{description: ok}}}}}}}}}}"
        )
    };
    let place = "/paths/~1a/post/requestBody/content/application~1json";
    expect(&document("{type: object, required: [id], properties: {id: {type: string, readOnly: true}}}", "{}"), &[]);
    expect(&document("{type: object, properties: {a: {type: string}}}", "{a: 1}"), &[&format!("invalid-example {place}/example/a")]);
    expect(&document("{type: string, pattern: '['}", "a"), &[&format!("schema {place}/schema")]);
}

#[cfg(feature = "validate")]
#[test]
fn extensions_that_break_their_schema() {
    expect("paths: {}\nx-docs: [{url: 'https://quarry.example', read: '2026-02-30'}]", &["extension /x-docs/0/read"]);
    expect("paths: {}\nx-drift-accepted: 1", &["extension /x-drift-accepted"]);
}
