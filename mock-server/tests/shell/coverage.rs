//! What of the documents was covered.

use mock_server::MockServer;
use serde_json::{Value, json};
use specs::Source;

use crate::http::{KEY, control, get, post, send, start};

const KITES: &str = "
openapi: 3.0.3
info: {title: Kites, version: '1'}
paths:
  /kites:
    get:
      operationId: listKites
      parameters:
        - {name: colour, in: query, schema: {type: string, enum: [red, blue]}}
        - {name: flying, in: query, schema: {type: boolean}}
      responses: {'200': {description: ok}, '400': {description: no}}
    post:
      operationId: makeKite
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string}
                tails: {type: array, items: {type: object, properties: {length: {type: integer}, colour: {type: string, enum: [red, blue]}}}}
      responses: {'204': {description: ok}, '422': {description: no}}
";

async fn kites() -> MockServer {
    MockServer::builder().source(Source::new("kites", "kites.yaml", KITES.to_owned())).document("kites").start().await.unwrap()
}

fn coverage(server: &MockServer, query: &str) -> Value {
    get(&format!("{}/coverage{query}", control(server))).json()
}

fn missing(report: &Value, kind: &str) -> Vec<String> {
    let missing = report["providers"][0][kind]["missing"].as_array().unwrap();
    missing.iter().map(|place| format!("{} {}", place["operation"].as_str().unwrap(), place["place"].as_str().unwrap())).collect()
}

fn figures(report: &Value) -> [String; 6] {
    let provider = &report["providers"][0];
    ["operations", "statuses", "parameters", "values", "properties", "errors"]
        .map(|kind| format!("{}/{}", provider[kind]["covered"], provider[kind]["total"]))
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_covered_before_the_first_request() {
    let report = coverage(&kites().await, "");
    assert_eq!(figures(&report), ["0/2", "0/4", "0/2", "0/6", "0/4", "0/10"], "{report:#}");
    assert_eq!((&report["covered"], &report["percent"]), (&json!(0), &json!(0.0)));
    assert_eq!(
        missing(&report, "values")[..3],
        ["list_kites query.colour = red", "list_kites query.colour = blue", "list_kites query.flying = true"]
    );
    assert_eq!(
        missing(&report, "errors"),
        [
            "list_kites invalid-parameter query.colour",
            "list_kites invalid-parameter query.flying",
            "make_kite missing-body",
            "make_kite malformed-body",
            "make_kite invalid-body",
            "make_kite missing-property /name",
            "make_kite invalid-body /name",
            "make_kite invalid-body /tails",
            "make_kite invalid-body /tails/*/length",
            "make_kite invalid-body /tails/*/colour",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_requests_have_is_covered() {
    let server = kites().await;
    let base = server.base_url("kites");
    assert_eq!(get(&format!("{base}/kites?colour=red&flying=true")).status, 200);
    assert_eq!(get(&format!("{base}/kites?colour=green")).status, 400);
    let report = coverage(&server, "");
    assert_eq!(missing(&report, "statuses"), ["make_kite 204", "make_kite 422"]);
    assert_eq!(missing(&report, "parameters"), Vec::<String>::new());
    assert_eq!(missing(&report, "values")[..2], ["list_kites query.colour = blue", "list_kites query.flying = false"]);
    assert!(!missing(&report, "errors").contains(&"list_kites invalid-parameter query.colour".to_owned()));
    assert_eq!(post(&format!("{base}/kites"), r#"{"name":"a","tails":[{},{"colour":"blue"}]}"#).status, 204);
    assert_eq!(post(&format!("{base}/kites"), r#"{"tails":[{"length":"long"}]}"#).status, 422);
    assert_eq!(post(&format!("{base}/kites"), "{").status, 422);
    let report = coverage(&server, "");
    assert_eq!(missing(&report, "operations"), Vec::<String>::new());
    assert_eq!(missing(&report, "properties"), Vec::<String>::new());
    assert_eq!(missing(&report, "values")[2..], ["make_kite /tails/*/colour = red"]);
    assert_eq!(
        missing(&report, "errors"),
        [
            "list_kites invalid-parameter query.flying",
            "make_kite missing-body",
            "make_kite invalid-body",
            "make_kite invalid-body /name",
            "make_kite invalid-body /tails",
            "make_kite invalid-body /tails/*/colour",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_by_state_and_credentials_counts_as_declared() {
    let server = start().await;
    let base = server.base_url("orchard");
    let before = coverage(&server, "");
    for name in ["show_picking unknown-item path.ref", "show_picking missing-credentials", "show_picking unknown-credentials"] {
        assert!(missing(&before, "errors").contains(&name.to_owned()), "{before:#}");
    }
    get(&format!("{base}/pickings/nope"));
    send("GET", &format!("{base}/pickings/nope"), &[], "");
    send("GET", &format!("{base}/pickings/nope"), &["X-Gate-Word: rotten"], "");
    let after = coverage(&server, "");
    assert!(!missing(&after, "errors").iter().any(|name| name.starts_with("show_picking")), "{after:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_document_does_not_declare_is_told_and_counts_nowhere() {
    let server = kites().await;
    send("POST", &format!("{}/kites", server.base_url("kites")), &["Content-Type: text/plain"], "x");
    let report = coverage(&server, "");
    let undeclared = json!([{"operation": "make_kite", "place": "415"}, {"operation": "make_kite", "place": "media-type"}]);
    assert_eq!(report["providers"][0]["undeclared"], undeclared);
    assert_eq!((&report["covered"], &report["providers"][0]["statuses"]["total"]), (&json!(1), &json!(4)));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sandbox_counts_and_all_of_them_together() {
    let server = kites().await;
    get(&format!("{}/kites", server.named_sandbox("red").unwrap().base_url("kites")));
    let of = |sandbox: &str| get(&format!("{}/sandboxes/{sandbox}/coverage", control(&server))).json()["covered"].clone();
    server.named_sandbox("blue").unwrap();
    assert_eq!((of("red"), of("blue"), &coverage(&server, "")["covered"]), (json!(2), json!(0), &json!(2)));
    server.named_sandbox("red").unwrap().state().reset();
    assert_eq!(of("red"), json!(2), "a reset is what tests do before each case");
    assert_eq!(send("DELETE", &format!("{}/sandboxes/red/coverage", control(&server)), &[], "").status, 204);
    assert_eq!((of("red"), &coverage(&server, "")["covered"]), (json!(0), &json!(2)));
    assert_eq!(send("DELETE", &format!("{}/coverage", control(&server)), &[], "").status, 204);
    assert_eq!(server.coverage().report().covered, 0);
    assert_eq!(get(&format!("{}/sandboxes/green/coverage", control(&server))).status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_counts_what_the_journal_forgot() {
    let server = MockServer::builder().source(Source::new("kites", "kites.yaml", KITES.to_owned())).document("kites").journal_entries(1);
    let server = server.start().await.unwrap();
    get(&format!("{}/kites?colour=red", server.base_url("kites")));
    get(&format!("{}/kites?colour=blue", server.base_url("kites")));
    server.journal().clear();
    assert!(!missing(&coverage(&server, ""), "values").iter().any(|name| name.contains("query.colour")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_minimum_that_is_not_reached_fails() {
    let server = kites().await;
    get(&format!("{}/kites", server.base_url("kites")));
    let ask = |query: &str| get(&format!("{}/coverage?{query}", control(&server)));
    let (low, high) = (ask("minimum=5"), ask("minimum=80"));
    assert_eq!((low.status, low.json()["is_enough"].clone()), (200, json!(true)));
    assert_eq!((high.status, high.json()["is_enough"].clone(), high.json()["minimum"].clone()), (409, json!(false), json!(80.0)));
    assert_eq!(high.json()["providers"], low.json()["providers"]);
    for (query, status, word) in [("minimum=101", 400, "0 to 100"), ("provider=nobody", 404, "`kites`"), ("format=xml", 400, "`markdown`")]
    {
        let reply = ask(query);
        assert_eq!(reply.status, status, "{query}");
        assert!(reply.body.contains(word), "{reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_written_for_people_too() {
    let server = kites().await;
    send("GET", &format!("{}/kites?colour=red", server.base_url("kites")), &[KEY], "");
    let text = get(&format!("{}/coverage?format=text&minimum=50", control(&server)));
    assert_eq!((text.status, text.header("content-type")), (409, Some("text/plain; charset=utf-8")));
    for line in [
        "kites\n",
        "  operations         1 of      2   50.0 %\n",
        "  not covered: operations\n    make_kite\n",
        "too little: the minimum is 50 %",
    ] {
        assert!(text.body.contains(line), "{line}{}", text.body);
    }
    let markdown = get(&format!("{}/coverage?format=markdown", control(&server)));
    assert_eq!(markdown.header("content-type"), Some("text/markdown; charset=utf-8"));
    assert!(markdown.body.contains("| kites | 1 of 2 | 1 of 4 | 1 of 2 | 1 of 6 |"), "{}", markdown.body);
    assert!(markdown.body.contains("- `list_kites` `query.colour = blue`"), "{}", markdown.body);
}
