//! The mock inside a test of somebody else.

use mock_server::{Error, Expectation, Fault, MockServer, embedded};
use serde_json::json;
use specs::{Overlay, Source};

use crate::http::{KEY, exchange, fixture, get, orchard, post, send, split, start};

#[tokio::test(flavor = "multi_thread")]
async fn it_serves_what_is_built_in_when_nothing_is_said() {
    let server = MockServer::builder().start().await.unwrap();
    let names: Vec<String> = server.providers().into_iter().map(|provider| provider.name).collect();
    assert_eq!(names, embedded().map(|source| source.name).collect::<Vec<_>>());
    assert!(!names.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_document_is_started_by_its_name_or_its_file() {
    let from_file = MockServer::start(fixture()).await.unwrap();
    assert_eq!(get(&format!("{}/pickings/pick-001", from_file.url())).status, 200);
    let name = embedded().next().unwrap().name;
    let by_name = MockServer::start(&name).await.unwrap();
    assert_eq!(by_name.providers().into_iter().map(|provider| provider.name).collect::<Vec<_>>(), [name]);
    assert!(matches!(MockServer::start("no/such.yaml").await, Err(Error::Read { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_of_its_own_tells_when_what_was_expected_did_not_come() {
    let server = MockServer::start(fixture()).await.unwrap();
    let (one, other) = (server.sandbox().unwrap(), server.sandbox().unwrap());
    assert_ne!(one.url(), other.url());
    one.expect(Expectation::operation("show_picking").times(1));
    other.expect(Expectation::operation("show_picking").times(1));
    one.inject(Fault::status(503).on("show_picking").times(1)).unwrap();
    assert_eq!(get(&format!("{}/pickings/pick-001", one.url())).status, 503);
    drop(one);
    let mut said = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(other))).unwrap_err();
    let said = said.downcast_mut::<String>().unwrap();
    assert!(said.contains("`show_picking` was expected once, and found never"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_can_be_chosen_by_name() {
    let name = embedded().next().unwrap().name;
    let server = MockServer::builder().document(&name).start().await.unwrap();
    assert_eq!(server.providers().len(), 1);
    assert!(server.base_url(&name).starts_with(&format!("{}/{name}", server.url())));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_document_is_named_with_those_that_there_are() {
    let error = MockServer::builder().document("nobody").start().await.unwrap_err();
    assert_eq!(error.to_string(), "no document is named `nobody`");
    assert!(error.help().contains(&embedded().next().unwrap().name), "{}", error.help());
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_root_a_provider_has_no_prefix_and_needs_no_server_path() {
    let server = MockServer::builder().source(orchard()).root("orchard").start().await.unwrap();
    assert_eq!(server.base_url("orchard"), format!("{}/garden/v2", server.url()));
    assert_eq!(get(&format!("{}/garden/v2/pickings/pick-001", server.url())).status, 200);
    assert_eq!(get(&format!("{}/pickings/pick-001", server.url())).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_of_a_base_path_have_any_of_their_values() {
    let ok = "{responses: {'200': {description: ok, content: {application/json: {schema: {}, example: 1}}}}}";
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: Canals, version: '1'}}\nservers:\n- url: https://{{sea}}.canal.example/{{stage}}/{{lock}}/v2\n  \
         variables: {{sea: {{default: north}}, stage: {{default: live, enum: [live, test]}}, lock: {{default: first}}}}\n\
         paths:\n  /gates/{{gate}}:\n    parameters: [{{name: gate, in: path, required: true, schema: {{type: integer}}}}]\n    get: {ok}\n"
    );
    let server = MockServer::builder().source(Source::new("canals", "canals.yaml", text)).document("canals").start().await.unwrap();
    assert_eq!(server.base_url("canals"), format!("{}/canals/live/first/v2", server.url()));
    let rows = [
        ("live/first/v2", "1", 200),
        ("test/first/v2", "1", 200),
        ("test/ninth/v2", "1", 200),
        ("live/ninth/v2", "one", 400),
        ("dream/first/v2", "1", 404),
        ("live/v2", "1", 404),
        ("live/first/v1", "1", 404),
    ];
    for (base, gate, status) in rows {
        let reply = get(&format!("{}/canals/{base}/gates/{gate}", server.url()));
        assert_eq!(reply.status, status, "{base} {gate}: {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_documents_of_one_name_are_refused() {
    let error = MockServer::builder().source(orchard()).source(orchard()).start().await.unwrap_err();
    assert!(matches!(&error, Error::DuplicateDocument { name } if name == "orchard"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_none_is_shown_with_its_problems() {
    let source = Source::new("broken", "broken.yaml", "paths: [".to_owned());
    let error = MockServer::builder().source(source).start().await.unwrap_err();
    let Error::InvalidDocument { file, problems } = error else { panic!("{error:?}") };
    assert_eq!(file, "broken.yaml");
    assert!(!problems.is_empty() && problems.iter().all(|problem| problem.file == "broken.yaml" && !problem.help.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overlay_changes_the_document_that_it_is_given_with() {
    let overlay = |target: &str| Overlay {
        file: "mine.yaml".to_owned(),
        text: format!("overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions:\n- target: {target}\n  remove: true\n"),
    };
    let gone = overlay("$.paths['/pickings/{ref}']");
    let server = MockServer::builder().source(orchard()).document("orchard").overlay(None, gone.clone()).start().await.unwrap();
    assert_eq!(get(&format!("{}/pickings/pick-001", server.base_url("orchard"))).status, 404);
    let named = MockServer::builder().source(orchard()).overlay(Some("orchard".to_owned()), gone.clone()).start().await.unwrap();
    assert_eq!(get(&format!("{}/pickings/pick-001", named.base_url("orchard"))).status, 404);
    let error = MockServer::builder().overlay(None, gone.clone()).start().await.unwrap_err();
    assert!(matches!(&error, Error::UnplacedOverlay { file, .. } if file == "mine.yaml"), "{error:?}");
    let error = MockServer::builder().overlay(Some("nobody".to_owned()), gone).start().await.unwrap_err();
    assert!(matches!(&error, Error::UnknownDocument { name, .. } if name == "nobody"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_mock_refuses_what_a_lenient_one_serves() {
    let text = "openapi: 3.0.3\npaths: {/a: {get: {responses: {'204': {description: done}}}}}\n";
    let sloppy = || MockServer::builder().source(Source::new("sloppy", "sloppy.yaml", text.to_owned())).document("sloppy");
    let server = sloppy().start().await.unwrap();
    assert_eq!(get(&format!("{}/a", server.base_url("sloppy"))).status, 204);
    let error = sloppy().strict().start().await.unwrap_err();
    let Error::InvalidDocument { problems, .. } = error else { panic!("{error:?}") };
    assert_eq!(problems.iter().map(|problem| problem.rule).collect::<Vec<_>>(), ["missing-member"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_given_take_the_place_of_the_documents() {
    let rows = json!({ "orchard": { "pickings": [{ "ref": "pick-900", "tree": "tree-12", "kilos": 2 }] } });
    let server = MockServer::builder().source(orchard()).document("orchard").rows(rows.clone()).start().await.unwrap();
    assert_eq!(server.state().rows("orchard", "pickings"), rows["orchard"]["pickings"].as_array().unwrap().clone());
    assert_eq!(server.state().rows("orchard", "trees").len(), 2);
    assert_eq!(get(&format!("{}/pickings/pick-900", server.base_url("orchard"))).status, 200);
    assert_eq!(get(&format!("{}/pickings/pick-001", server.base_url("orchard"))).status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_something_else_are_refused() {
    for rows in [json!({ "nobody": {} }), json!({ "orchard": { "roots": [] } }), json!([1])] {
        let error = MockServer::builder().source(orchard()).document("orchard").rows(rows).start().await.unwrap_err();
        assert!(matches!(error, Error::InvalidRows { .. }), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_state_is_a_state_to_start_with() {
    let first = start().await;
    assert_eq!(post(&format!("{}/trees/tree-12/pickings", first.base_url("orchard")), r#"{"kilos":5}"#).status, 201);
    let rows = first.state().export();
    let second = MockServer::builder().source(orchard()).document("orchard").rows(rows.clone()).start().await.unwrap();
    assert_eq!(second.state().export(), rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_makes_the_same_ids() {
    let mut made = Vec::new();
    for seed in [7, 7, 8] {
        let server = MockServer::builder().source(orchard()).document("orchard").seed(seed).start().await.unwrap();
        made.push(post(&format!("{}/trees/tree-07/pickings", server.base_url("orchard")), r#"{"kilos":5}"#).json()["ref"].clone());
    }
    assert_eq!(made[0], made[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_bound_of_rows_it_says_so() {
    let server = MockServer::builder().source(orchard()).document("orchard").max_rows(4).start().await.unwrap();
    let create = || post(&format!("{}/trees/tree-07/pickings", server.base_url("orchard")), r#"{"kilos":5}"#);
    assert_eq!(create().status, 201);
    assert_eq!(create().status, 507);
    assert!(server.journal().last().unwrap().rejection.unwrap().message.contains('4'));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_long_is_refused_and_the_answer_arrives() {
    let server = MockServer::builder().source(orchard()).document("orchard").max_body(1_000).start().await.unwrap();
    let url = format!("{}/trees/tree-07/pickings", server.base_url("orchard"));
    let body = format!(r#"{{"kilos":1,"remark":"{}"}}"#, "x".repeat(5_000));
    assert_eq!(post(&url, &body).status, 413);
    let expecting = send("POST", &url, &[KEY, "Content-Type: application/json", "Expect: 100-continue"], &body);
    assert_eq!(expecting.status, 413, "{expecting:?}");
    let (authority, target) = split(&url);
    let chunk = "1000\r\n".to_owned() + &"x".repeat(0x1000) + "\r\n0\r\n\r\n";
    let head = format!("POST {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n{KEY}\r\n");
    assert_eq!(exchange(&authority, &format!("{head}Content-Type: application/json\r\n\r\n{chunk}")).status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_in_pieces_is_whole() {
    let server = start().await;
    let (authority, target) = split(&format!("{}/trees/tree-07/pickings", server.base_url("orchard")));
    let head = format!("POST {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n{KEY}\r\n");
    let reply = exchange(&authority, &format!("{head}Content-Type: application/json\r\n\r\n4\r\n{{\"ki\r\n7\r\nlos\":6}}\r\n0\r\n\r\n"));
    assert_eq!((reply.status, reply.json()["kilos"].as_i64()), (201, Some(6)), "{reply:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_is_not_documented_gets_405_with_those_that_are() {
    let server = start().await;
    let reply = send("PATCH", &format!("{}/pickings/pick-001", server.base_url("orchard")), &[KEY], "");
    assert_eq!(reply.status, 405);
    let allow = reply.header("allow").unwrap();
    assert!(allow.contains("GET") && allow.contains("DELETE"), "{allow}");
}

#[tokio::test(flavor = "multi_thread")]
async fn head_is_get_without_a_body() {
    let server = start().await;
    let url = format!("{}/pickings/pick-001", server.base_url("orchard"));
    let (get, head) = (get(&url), send("HEAD", &url, &[KEY], ""));
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-type"), get.header("content-type"));
    assert_eq!(head.header("content-length"), get.header("content-length"));
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_waits_for_what_is_under_way_and_frees_the_port() {
    let server = start().await;
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    assert_eq!(get(&format!("{}/pickings/pick-001", server.base_url("orchard"))).status, 200);
    server.close().await;
    MockServer::builder().source(orchard()).listen(address).start().await.unwrap();
}
