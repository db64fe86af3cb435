//! The model of a document that has one of everything, and what is said about documents that are wrong.

use serde_json::json;

use super::{Api, Evidence, Link, Location, Operation, Setter, Status, Style};
use crate::{document::Source, load};

fn quarry() -> Api {
    let text = include_str!("../../tests/documents/quarry.yaml").to_owned();
    let loaded = load(&Source::new("quarry", "quarry.yaml", text));
    let found: Vec<_> = loaded.problems.iter().map(|problem| (problem.rule, problem.line)).collect();
    assert_eq!(found, [("repeated-operation-id", 91)]);
    loaded.api.unwrap()
}

fn list(api: &Api) -> &Operation {
    api.operation("list_stones").unwrap()
}

#[test]
fn servers_have_their_variables_filled_in() {
    let api = quarry();
    let urls: Vec<_> = api.servers.iter().map(|server| (server.url.as_str(), server.path.as_str())).collect();
    assert_eq!(urls, [("https://eu.quarry.example/v2/", "/v2"), ("/local", "/local")]);
    assert_eq!(list(&api).servers[0].url, "https://stones.quarry.example");
    assert_eq!((api.title.as_str(), api.version.as_str()), ("Quarry", "1.0"));
}

#[test]
fn operations_are_in_the_order_written_with_ids_of_their_own() {
    let api = quarry();
    let found: Vec<_> = api.operations.iter().map(|operation| (operation.id.as_str(), operation.method.as_str())).collect();
    assert_eq!(found, [("post_sites_site_id_stones", "POST"), ("list_stones", "GET"), ("list_stones_2", "DELETE")]);
    assert_eq!(list(&api).segments.len(), 4);
    assert!(list(&api).deprecated);
    assert_eq!(list(&api).docs[0].read, "2026-01-03");
}

#[test]
fn parameters_of_the_path_come_first_and_give_way() {
    let api = quarry();
    let parameters = &list(&api).parameters;
    let found: Vec<_> = parameters.iter().map(|one| (one.name.as_str(), one.location, one.required, one.style, one.explode)).collect();
    assert_eq!(
        found,
        [
            ("site_id", Location::Path, true, Style::Simple, false),
            ("shape", Location::Cookie, false, Style::Form, true),
            ("trace", Location::Header, true, Style::Simple, false),
            ("colours", Location::Query, false, Style::PipeDelimited, false),
            ("where", Location::Query, false, Style::Form, true),
        ]
    );
    assert_eq!(parameters[0].examples[0].value, "site_1");
    assert_eq!((parameters[1].examples[0].name.as_str(), &parameters[1].examples[0].value), ("flat", &json!("flat")));
    assert_eq!(parameters[4].content.as_deref(), Some("application/json"));
    assert_eq!(parameters[4].examples[0].value, json!({"colour": "red"}));
}

#[test]
fn responses_are_found_by_status_then_range_then_default() {
    let api = quarry();
    let statuses: Vec<_> = list(&api).responses.iter().map(|response| response.status).collect();
    assert_eq!(statuses, [Status::Exactly(200), Status::Range(4), Status::Default]);
    for (status, pointer) in [(200, "/200"), (404, "/components/responses/Refused"), (500, "/default"), (201, "/default")] {
        assert!(list(&api).response(status).unwrap().pointer.ends_with(pointer), "{status}");
    }
    let success = list(&api).success().unwrap();
    assert_eq!(success.headers.iter().map(|header| (header.name.as_str(), header.required)).collect::<Vec<_>>(), [("X-Left", true)]);
    let examples: Vec<_> = success.content[0].examples.iter().map(|one| (one.name.as_str(), one.pointer.as_str())).collect();
    assert_eq!(examples, [("two", "/components/examples/Two/value")]);
}

#[test]
fn media_types_carry_the_examples_of_their_schema() {
    let api = quarry();
    let create = api.operation("post_sites_site_id_stones").unwrap();
    let body = create.body.as_ref().unwrap();
    assert!(body.required && body.content[0].is_json());
    assert_eq!(body.content[0].name, "application/json");
    assert_eq!(body.content[0].examples[0].pointer, "/components/schemas/Stone/example");
    assert_eq!(create.success().unwrap().content[0].essence(), "application/json");
}

#[test]
fn evidence_is_inherited_downwards() {
    let api = quarry();
    let list = list(&api);
    let found: Vec<_> = list.responses.iter().map(|response| response.evidence).collect();
    assert_eq!((list.evidence, list.parameters[0].evidence), (Evidence::Observed, Evidence::Observed));
    assert_eq!(found, [Evidence::Page, Evidence::Observed, Evidence::Observed]);
    assert_eq!(api.operation("list_stones_2").unwrap().evidence, Evidence::Elsewhere);
}

#[test]
fn security_is_inherited_and_credentials_are_those_of_the_mock() {
    let api = quarry();
    let names = |operation: &Operation| -> Vec<Vec<String>> {
        operation.security.iter().map(|wanted| wanted.schemes.iter().map(|(name, _)| name.clone()).collect()).collect()
    };
    assert_eq!(names(list(&api)), [vec!["token"], vec!["user", "key"], vec![]]);
    assert!(api.operation("post_sites_site_id_stones").unwrap().security.is_empty());
    let kinds: Vec<_> = api.schemes.values().map(|scheme| format!("{:?}", scheme.kind)).collect();
    assert_eq!(
        kinds,
        [
            "Bearer { scopes: [] }",
            "Basic",
            "ApiKey { location: Query, name: \"api_key\" }",
            "Bearer { scopes: [\"read\", \"write\"] }",
            "MutualTls",
            "Http(\"Digest\")",
        ]
    );
    let credentials = &api.schemes["token"].credentials;
    assert_eq!((credentials.example.as_deref(), credentials.invalid.as_slice()), (Some("abc"), &["revoked".to_owned()][..]));
    assert_eq!(credentials.expired, ["stale"]);
}

#[test]
fn what_the_mock_does_is_read_where_it_stands() {
    let api = quarry();
    let mock = &api.operation("post_sites_site_id_stones").unwrap().mock;
    assert_eq!(mock.each.as_ref().unwrap().source, "request.body.colours");
    let found: Vec<_> = mock.set.iter().map(|(name, setter)| format!("{name} {}", words(setter))).collect();
    assert_eq!(
        found,
        ["colour =item", "weight \"request\"", "size 3", "finder {name =caller.name}", "marks each request.body.marks { =item.name}"]
    );
    assert_eq!(mock.respond[0].0, "/made");
    assert_eq!(list(&api).response(404).unwrap().mock.set[0].0, "message");
    assert_eq!((api.mock.seed.len(), api.mock.caller.is_some()), (2, true));
}

fn words(setter: &Setter) -> String {
    let all =
        |set: &[(String, Setter)]| set.iter().map(|(name, setter)| format!("{name} {}", words(setter))).collect::<Vec<_>>().join(", ");
    match setter {
        Setter::Expression(expression) => format!("={}", expression.source),
        Setter::Literal(value) => value.to_string(),
        Setter::Each { each, set } => format!("each {} {{{}}}", each.source, all(set)),
        Setter::Object(set) => format!("{{{}}}", all(set)),
    }
}

#[track_caller]
fn check(document: &str, expected: &[&str]) {
    let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{document}");
    let found: Vec<_> = load(&Source::new("fixture", "fixture.yaml", text))
        .problems
        .into_iter()
        .map(|one| format!("{} {}", one.rule, one.pointer))
        .collect();
    assert_eq!(found, expected, "{document}");
}

#[test]
fn what_is_clear_is_read_although_it_is_not_as_it_should_be() {
    let at = |rest: &str| format!("{rest} /paths/~1a~1{{b}}/get");
    let operation = |rest: &str| format!("paths: {{'/a/{{b}}': {{get: {{responses: {{'200': {{description: ok}}}}, {rest}}}}}}}");
    let b = "{name: b, in: path, required: true, schema: {}}";
    check(
        &operation(&format!("parameters: [{b}, null], tags: null, deprecated: 'true'")),
        &[
            &at("empty-member").replace("/get", "/get/tags"),
            &at("member-type").replace("/get", "/get/deprecated"),
            &format!("{}/parameters/1", at("parameter")),
        ],
    );
    check(
        &operation("parameters: [{name: b, required: true}]"),
        &[&format!("{}/parameters/0", at("missing-member")), &format!("{}/parameters/0", at("parameter"))],
    );
    check(
        &operation(&format!("parameters: [{b}, {{name: c, in: Query, schema: {{}}}}]")),
        &[&format!("{}/parameters/1/in", at("parameter"))],
    );
    check(
        &operation(&format!("parameters: [{b}], requestBody: {{content: null}}")),
        &[&format!("{}/requestBody/content", at("empty-member")), &format!("{}/requestBody", at("missing-member"))],
    );
    check(
        &operation(&format!("parameters: [{b}], tags: t, summary: 5, security: 7")),
        &[&format!("{}/tags", at("member-type")), &format!("{}/security", at("member-type"))],
    );
    check(
        "paths: {/a: {get: {responses: {'200': {}, '201': {description: null}}}}}",
        &[
            "missing-member /paths/~1a/get/responses/200",
            "empty-member /paths/~1a/get/responses/201/description",
            "missing-member /paths/~1a/get/responses/201",
        ],
    );
    check(
        "paths: {}\nwebhooks: {a: {get: {responses: {'200': {content: {a/b: {example: 1, examples: {}}}, description: d}}}}}",
        &["example-and-examples /webhooks/a/get/responses/200/content/a~1b/example"],
    );
}

#[test]
fn links_lead_to_operations_by_id_and_by_place() {
    let text = include_str!("../../tests/corpus/loading-links.yaml").to_owned();
    let loaded = load(&Source::new("links", "links.yaml", text));
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let api = loaded.api.unwrap();
    let links = &api.operation("bring_clock").unwrap().responses[0].links;
    let told = |link: &Link| {
        let parameters = link.parameters.iter().map(|one| format!("{:?} {} {}", one.location, one.name, one.value));
        format!("{} {:?} {}", link.name, link.operation, parameters.collect::<Vec<_>>().join(" "))
    };
    assert_eq!(
        links.iter().map(told).collect::<Vec<_>>(),
        [
            r#"fetch Some("get_clock") None id "$response.body#/id""#,
            r#"also Some("get_clock") None id "$response.body#/id""#,
            r#"look Some("get_clock") Some(Path) id "{$response.body#/id}""#,
        ]
    );
}

#[test]
fn members_beside_a_reference_go_before_what_it_leads_to() {
    let text = "paths: {/a: {$ref: '#/components/pathItems/a', parameters: [{name: p, in: query, schema: {}}], get: {operationId: own, responses: {'200': {description: d}}}}}\ncomponents: {pathItems: {a: {get: {operationId: other, responses: {'200': {description: d}}}, put: {operationId: put, responses: {'200': {description: d}}}}}}";
    let api = load(&Source::new("fixture", "fixture.yaml", format!("openapi: 3.1.0\n{text}"))).api.unwrap();
    let found: Vec<_> = api.operations.iter().map(|one| (one.id.as_str(), one.parameters.len())).collect();
    assert_eq!(found, [("own", 1), ("put", 1)]);
}

#[test]
fn what_is_wrong_has_a_rule_and_a_place() {
    let operation = |rest: &str| format!("paths: {{/a: {{get: {{responses: {{'200': {{description: ok}}}}, {rest}}}}}}}");
    check("tags: []", &["no-paths "]);
    check("paths: {a: {}, '/a?b': {}}", &["path /paths/a", "path /paths/~1a?b"]);
    check("paths: {/a: {get: {}}}", &["no-responses /paths/~1a/get"]);
    check(
        "paths: {/a: {get: {responses: {20X: {description: d}, 2000: {description: d}}}}}",
        &["response-status /paths/~1a/get/responses/20X", "response-status /paths/~1a/get/responses/2000"],
    );
    check("paths: {'/a/{b': {}}", &["path-braces /paths/~1a~1{b"]);
    check("paths: {'/{b}/{b}': {}}", &["repeated-path-variable /paths/~1{b}~1{b}"]);
    check("paths: {'/{b}': {get: {responses: {'200': {description: d}}}}}", &["undeclared-path-variable /paths/~1{b}/get"]);
    check(
        &operation("parameters: [{name: x, in: path, required: true, schema: {}}]"),
        &["unused-path-parameter /paths/~1a/get/parameters/0"],
    );
    check(
        &operation("parameters: [{name: x, schema: {}}, {name: y, in: body, schema: {}}]"),
        &["parameter /paths/~1a/get/parameters/0", "parameter /paths/~1a/get/parameters/1"],
    );
    check(
        &operation("parameters: [{name: x, in: query, style: label, schema: {}}]"),
        &["parameter-style /paths/~1a/get/parameters/0/style"],
    );
    check(&operation("parameters: [{$ref: '#/components/parameters/X'}]"), &["dangling-ref /paths/~1a/get/parameters/0/$ref"]);
    let linked = |link: &str| {
        let two = "{operationId: two, parameters: [{name: id, in: query, schema: {}}], responses: {'200': {description: d}}}";
        format!("paths: {{/a: {{get: {{operationId: one, responses: {{'200': {{description: d, links: {{l: {link}}}}}}}}}, put: {two}}}}}")
    };
    let link = "/paths/~1a/get/responses/200/links/l";
    check(&linked("{operationId: two, parameters: {id: 1, query.id: 1}}"), &[]);
    check(&linked("{operationRef: '#/paths/~1a/put'}"), &[]);
    check(&linked("{operationRef: 'https://kites.example/a.yaml#/paths/~1b/get'}"), &[]);
    check(&linked("{operationId: twoo}"), &[&format!("link-target {link}/operationId")]);
    check(&linked("{operationRef: '#/paths/~1a/post'}"), &[&format!("link-target {link}/operationRef")]);
    check(&linked("{description: nowhere}"), &[&format!("link-target {link}")]);
    check(&linked("{operationId: two, parameters: {key: 1}}"), &[&format!("link-parameter {link}/parameters/key")]);
    check(&linked("{$ref: '#/components/links/L'}"), &[&format!("dangling-ref {link}/$ref")]);
    check(&operation("security: [{nobody: []}]"), &["unknown-security-scheme /paths/~1a/get/security/0/nobody"]);
    check(&operation("x-evidence: hearsay"), &["x-evidence /paths/~1a/get/x-evidence"]);
    check(&operation("x-mock: {sett: {}}"), &["x-mock /paths/~1a/get/x-mock/sett"]);
    check(&operation("x-mock: {set: {a: {b: 1}, c: ''}}"), &["x-mock /paths/~1a/get/x-mock/set/a", "x-mock /paths/~1a/get/x-mock/set/c"]);
    check(&operation("x-resource: {action: destroy}"), &["x-resource /paths/~1a/get/x-resource/action"]);
    check(&operation("x-resource: {name: s, key: path.id}"), &["x-resource /paths/~1a/get/x-resource/key"]);
    check(
        &operation("x-pagination: {style: leaf, position: at}"),
        &["x-pagination /paths/~1a/get/x-pagination/style", "x-pagination /paths/~1a/get/x-pagination/position"],
    );
    check("paths: {}\nx-rate-limits: [{name: a, limit: 0, window: 1}]", &["x-rate-limits /x-rate-limits/0"]);
    check("paths: {}\nx-mock: {credentials: {nobody: {}}}", &["x-mock /x-mock/credentials/nobody"]);
    check("paths: {}\nservers: [{url: 'https://{a}.example'}, {}]", &["server-variable /servers/0", "server-url /servers/1"]);
    check("paths: {}\ncomponents: {securitySchemes: {a: {type: magic}}}", &["security-scheme /components/securitySchemes/a"]);
    check("paths: {}\ncomponents: {parameters: {A: {$ref: '#/components/parameters/A'}}}", &[]);
    check("paths: {/a: {$ref: '#/paths/~1b'}, /b: {$ref: '#/paths/~1a'}}", &["circular-ref /paths/~1a", "circular-ref /paths/~1b"]);
}
