//! Each rule finds what it is for, and nothing in a document that is good.

use super::check;
use crate::document::Source;

/// Rules that find something in nearly every row, as rows have only what theirs is about.
const BROAD: [&str; 8] = [
    "unused-component",
    "operation-id",
    "operation-summary",
    "operation-tags",
    "operation-security",
    "operation-evidence",
    "no-refusal",
    "no-example",
];

/// Rows are about one rule; the broad ones are told about where they are the point.
#[track_caller]
fn expect(document: &str, expected: &[&str]) {
    let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{document}");
    let is_point = |rule: &str| expected.iter().any(|line| line.starts_with(rule));
    let problems = check(&Source::new("fixture", "fixture.yaml", text)).problems;
    let told = problems.into_iter().filter(|one| !BROAD.contains(&one.rule) || is_point(one.rule));
    let found: Vec<_> = told.map(|one| format!("{} {}", one.rule, one.pointer)).collect();
    assert_eq!(found, expected, "{document}");
}

fn get(path: &str) -> String {
    let variables: Vec<_> = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    let parameters: Vec<_> =
        variables.iter().map(|name| format!("{{name: {name}, in: path, required: true, schema: {{type: string}}}}")).collect();
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
fn operations_that_tell_too_little() {
    let good = "operationId: a, summary: A, tags: [t], x-evidence: page, responses: {'200': {description: ok}, '404': {description: gone}}";
    let told = |text: &str| {
        let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{text}");
        let problems = check(&Source::new("fixture", "fixture.yaml", text)).problems;
        problems.into_iter().map(|one| format!("{}: {}", one.rule, one.message)).collect::<Vec<_>>()
    };
    assert_eq!(told(&format!("security: []\npaths: {{/a: {{get: {{{good}}}}}}}")), Vec::<String>::new());
    assert_eq!(told(&format!("paths: {{/a: {{get: {{{good}, security: []}}}}}}")), Vec::<String>::new());
    assert_eq!(told(&format!("paths: {{/a: {{get: {{{good}}}}}}}")), ["operation-security: `a` has no `security`"]);
    let bare = "security: []\npaths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {}}}}}}}}";
    let expected = [
        "operation-id: `get_a` has no `operationId`",
        "operation-summary: `get_a` has no `summary`",
        "operation-tags: `get_a` has no `tags`",
        "operation-evidence: `get_a` has no `x-docs` and no `x-evidence`",
        "no-refusal: `get_a` has no response that refuses",
        "no-example: an answer of `get_a` has no example",
    ];
    assert_eq!(told(bare), expected);
}

#[test]
fn pages_that_are_larger_than_they_may_be() {
    let document = |pages: &str| format!("paths: {{/a: {{get: {{x-pagination: {pages}, responses: {{'200': {{description: ok}}}}}}}}}}");
    expect(&document("{default: 10, max: 10}"), &[]);
    expect(&document("{default: 11, max: 10}"), &["x-pagination /paths/~1a/get/x-pagination"]);
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
    expect(
        &document("x-resource: {name: stones, items: /data, sort: {by: arrange}}"),
        &["x-resource /paths/~1stones/get/x-resource/sort/by"],
    );
    expect(&document("x-resource: {name: stones, items: /data, input: ''}"), &["x-resource /paths/~1stones/get/x-resource/input"]);
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
}

/// Wherever a schema stands, and once.
#[cfg(feature = "validate")]
#[test]
fn defaults_and_examples_of_schemas_that_they_do_not_fit() {
    let component = |schema: &str| format!("paths: {{}}\ncomponents: {{schemas: {{S: {schema}}}}}");
    let parameter = |schema: &str| {
        format!(
            "paths: {{/a: {{get: {{parameters: [{{name: q, in: query, schema: {schema}}}], responses: {{'204': {{description: ok}}}}}}}}}}"
        )
    };
    let body = |schema: &str| {
        format!(
            "paths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}, responses: {{'204': {{description: ok}}}}}}}}}}"
        )
    };
    let (at_component, at_parameter) = ("/components/schemas/S", "/paths/~1a/get/parameters/0/schema");
    let at_body = "/paths/~1a/post/requestBody/content/application~1json/schema";
    let rows = [
        ("{type: integer, default: 1, example: 2}", ""),
        ("{type: string, nullable: true, default: null}", ""),
        ("{type: integer, default: a}", "invalid-default /default"),
        ("{type: integer, default: '1'}", "invalid-default /default"),
        ("{type: string, enum: [a, b], default: c}", "invalid-default /default"),
        ("{type: integer, maximum: 5, example: 6}", "invalid-example /example"),
        ("{type: array, items: {type: string, default: 1}}", "invalid-default /items/default"),
        ("{type: object, properties: {default: {type: string}, example: {type: string}}}", ""),
        ("{type: object, properties: {a: {type: integer, example: b}}}", "invalid-example /properties/a/example"),
        ("{type: object, properties: {a: {type: integer}}, example: {a: b}}", "invalid-example /example/a"),
        ("{allOf: [{type: object, properties: {a: {type: integer, default: b}}}]}", "invalid-default /allOf/0/properties/a/default"),
        ("{type: object, required: [a], properties: {a: {type: string, readOnly: true}}, default: {}}", ""),
        ("{type: object, required: [a], properties: {a: {type: string, writeOnly: true}}, default: {}}", ""),
    ];
    for (schema, expected) in rows {
        for (document, place) in [(component(schema), at_component), (parameter(schema), at_parameter), (body(schema), at_body)] {
            let expected: Vec<_> = expected.split_once(' ').into_iter().map(|(rule, below)| format!("{rule} {place}{below}")).collect();
            expect(&document, &expected.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\n{}",
        component("\n      type: integer\n      examples:\n      - 1\n      - a\n    T: {}")
    );
    let text = text.replace("{schemas: {S:", "\n  schemas:\n    S:").replace("T: {}}}", "T: {}");
    let problems = check(&Source::new("fixture", "fixture.yaml", text)).problems;
    let found: Vec<_> = problems.iter().filter(|one| !BROAD.contains(&one.rule)).map(|one| (one.rule, one.line, one.column)).collect();
    assert_eq!(found, [("invalid-example", 10, 9)], "{problems:?}");
}

#[cfg(feature = "validate")]
#[test]
fn extensions_that_break_their_schema() {
    expect("paths: {}\nx-docs: [{url: 'https://quarry.example', read: '2026-02-30'}]", &["extension /x-docs/0/read"]);
    expect("paths: {}\nx-drift-accepted: 1", &["extension /x-drift-accepted"]);
}

#[test]
fn components_that_nothing_uses() {
    let document = |paths: &str, schemas: &str| {
        format!(
            "paths: {paths}\ncomponents: {{schemas: {{{schemas}}}, securitySchemes: {{gate: {{type: http, scheme: bearer}}}}}}\nsecurity: [{{gate: []}}]"
        )
    };
    let returning = |schema: &str| {
        format!("{{/a: {{get: {{responses: {{'200': {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}")
    };
    let a = returning("{$ref: '#/components/schemas/A'}");
    let unused = |name: &str| format!("unused-component /components/schemas/{name}");
    let chain = "A: {properties: {b: {$ref: '#/components/schemas/B/properties/c'}}}, B: {properties: {c: {type: string}}}, C: {properties: {d: {$ref: '#/components/schemas/C'}}}";
    expect(&document(&a, chain), &[&unused("C")]);
    let variants = "A: {type: object, discriminator: {propertyName: k, mapping: {b: '#/components/schemas/B'}}}, B: {type: object}, C: {allOf: [{$ref: '#/components/schemas/A'}]}, D: {allOf: [{$ref: '#/components/schemas/B'}]}";
    expect(&document(&a, variants), &[&unused("D")]);
    let scheme = document(&a, "A: {type: object}").replace("security: [{gate: []}]", "");
    expect(&scheme, &["unused-component /components/securitySchemes/gate"]);
}

const STONES: &str = "
x-rate-limits: [{name: all, limit: 1, window: 1, headers: {X-Left: remaining}}]
x-resource:
  stones: {key: id, parents: {walls: wall_id}}
x-mock:
  seed: {stones: [{id: a}]}
paths:
  /stones:
    get:
      x-resource: {filters: {q: {property: name, comparison: contains}}}
      x-mock: {respond: {/data: '[]'}}
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses:
        '200':
          description: ok
          headers: {X-Left: {schema: {type: integer}}}
          content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Stone'}}}}}}
        '400':
          description: no
          x-mock: {set: {why: problem.message}}
          content: {application/json: {schema: {type: object, properties: {why: {type: string}}}}}
components: {schemas: {Stone: {type: object, properties: {id: {type: string}, wall_id: {type: string}, name: {type: string}}}}}
";

/// One mistake each, in an otherwise good document, is told about where it is and nowhere else.
#[test]
fn names_in_extensions_that_nothing_has() {
    expect(STONES, &[]);
    let rows = [
        ("{X-Left: remaining}", "{X-Lft: remaining}", "undeclared-header /x-rate-limits/0/headers/X-Lft"),
        ("key: id", "key: idd", "unknown-property /x-resource/stones/key"),
        ("walls: wall_id", "walls: wal_id", "unknown-property /x-resource/stones/parents/walls"),
        ("\nx-mock", "\n  pebbles: {key: id}\nx-mock", "idle-resource /x-resource/pebbles"),
        ("seed: {stones", "seed: {stoness", "seed-name /x-mock/seed/stoness"),
        ("\n  seed", "\n  credentials: {gate: {example: a}}\n  seed", "x-mock /x-mock/credentials/gate"),
        ("property: name", "property: nme", "unknown-property /paths/~1stones/get/x-resource/filters/q/property"),
        ("{/data: '[]'}", "{/dta: '[]'}", "mock-place /paths/~1stones/get/x-mock/respond/~1dta"),
        ("{set: {why:", "{set: {wy:", "mock-place /paths/~1stones/get/responses/400/x-mock/set/wy"),
    ];
    for (right, wrong, expected) in rows {
        // A key that no row has is told about at the row too.
        let more = if wrong == "key: idd" { vec!["seed-key /x-mock/seed/stones/0"] } else { Vec::new() };
        assert!(STONES.contains(right), "{right}");
        expect(&STONES.replacen(right, wrong, 1), &[vec![expected], more].concat());
    }
}

#[test]
fn words_that_no_request_is_refused_for() {
    let document = |words: &str| {
        let body = "requestBody: {content: {application/json: {schema: {type: object, properties: {size: {type: integer}}}}}}";
        let parameters = "parameters: [{name: X-Wall, in: header, schema: {type: string}}]";
        let responses = format!("responses: {{'200': {{description: ok}}, '400': {{description: no, x-mock: {{for: [{words}]}}}}}}");
        format!("paths: {{/stones: {{post: {{{parameters}, {body}, {responses}}}}}}}")
    };
    let at = |position: usize| format!("mock-word /paths/~1stones/post/responses/400/x-mock/for/{position}");
    expect(&document("missing-body, maxLength, header.x-wall, header.Authorization, /size"), &[]);
    expect(&document("maxLenght, header.X-Wal, /sise"), &[&at(0), &at(1), &at(2)]);
}

/// A person needs file, line, rule and fix.
#[cfg(feature = "validate")]
#[test]
fn every_extension_is_held_to_its_schema() {
    let rows = [
        ("x-docs: [{url: here, read: '2026-01-02'}]", "extension"),
        ("x-docs: {}", "x-docs"),
        ("x-evidence: maybe", "x-evidence"),
        ("x-drift-accepted: ''", "extension"),
        ("x-rate-limits: [{name: all, limit: 1, window: 1, heders: {}}]", "x-rate-limits"),
        ("x-rate-limits: [{name: '', limit: 1, window: 1}]", "extension"),
        ("x-resource: {stones: {kei: id}}", "x-resource"),
        ("x-resource: {stones: {key: ''}}", "extension"),
        ("x-mock: {seeds: {}}", "x-mock"),
        ("x-mock: {credentials: []}", "extension"),
        ("paths: {/a: {get: {x-resource: {action: creat}, responses: {'200': {description: ok}}}}}", "x-resource"),
        ("paths: {/a: {get: {x-pagination: {style: offset, max: 0}, responses: {'200': {description: ok}}}}}", "x-pagination"),
        ("paths: {/a: {get: {x-mock: {set: {a: [1]}}, responses: {'200': {description: ok}}}}}", "extension"),
        ("paths: {/a: {get: {responses: {'400': {description: no, x-mock: {set: 1}}, '200': {description: ok}}}}}", "x-mock"),
    ];
    for (line, rule) in rows {
        let paths = if line.starts_with("paths") { "" } else { "paths: {}\n" };
        let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{paths}{line}\n");
        let last = text.lines().count();
        let problems = check(&Source::new("fixture", "fixture.yaml", text)).problems;
        let problem = problems.iter().find(|problem| problem.rule == rule).unwrap_or_else(|| panic!("{line}: {problems:?}"));
        let place = (problem.file.as_str(), problem.line, problem.column > 0, problem.help.is_empty());
        assert_eq!(place, ("fixture.yaml", last, true, false), "{line}: {problem}");
    }
}
