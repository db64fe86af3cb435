//! The control listener.

use std::{fs, path::Path};

use mock_server::MockServer;
use serde_json::{Value, json};
use specs::Source;

use crate::http::{control, get, post, send, served, start};

#[tokio::test(flavor = "multi_thread")]
async fn health_says_where_the_vendors_are() {
    let server = start().await;
    let health = get(&format!("{}/health", control(&server))).json();
    assert_eq!((health["status"].as_str(), health["url"].as_str()), (Some("ok"), Some(server.url())));
}

#[tokio::test(flavor = "multi_thread")]
async fn providers_say_all_that_a_client_needs() {
    let server = start().await;
    let providers = get(&format!("{}/providers", control(&server))).json();
    let orchard = &providers[0];
    assert_eq!(orchard["base_url"], json!(server.base_url("orchard")));
    assert_eq!(orchard["credentials"][0], json!({ "scheme": "gate", "sent_as": "header X-Gate-Word", "example": "apple o'clock" }));
    let operations: Vec<_> = orchard["operations"].as_array().unwrap().iter().map(|operation| operation["id"].clone()).collect();
    assert_eq!(operations, ["list_pickings", "pick_fruit", "show_picking", "spill_picking"]);
    assert_eq!(serde_json::to_value(served(&server)).unwrap(), *orchard);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_served_with_the_mock_as_its_server_and_its_comments() {
    let server = start().await;
    let yaml = get(&format!("{}/documents/orchard.yaml", control(&server)));
    assert_eq!((yaml.status, yaml.header("content-type")), (200, Some("application/yaml")));
    assert!(yaml.body.starts_with("# A made-up vendor"));
    assert!(!yaml.body.contains("api.orchard.example"));
    let read = |file: &str, text: String| specs::Document::read(&Source::new("orchard", file, text)).0.unwrap().value;
    let from_yaml = read("orchard.yaml", yaml.body);
    assert_eq!(from_yaml["servers"], json!([{ "url": server.base_url("orchard") }]));
    let json = get(&format!("{}/documents/orchard.json", control(&server)));
    assert_eq!(json.header("content-type"), Some("application/json"));
    assert_eq!(read("orchard.json", json.body), from_yaml);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_with_a_server_of_its_own_stays_below_the_mock() {
    let ok = "{security: [], responses: {'200': {description: ok, content: {application/json: {schema: {}, example: 1}}}}}";
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: Kites, version: '1'}}\nservers: [{{url: https://kites.example/air}}]\npaths:\n  \
         /near: {{get: {ok}}}\n  /far:\n    servers: [{{url: https://far.example/sky}}]\n    get: {ok}\n"
    );
    let server = MockServer::builder().source(Source::new("kites", "kites.yaml", text)).document("kites").start().await.unwrap();
    let document = get(&format!("{}/documents/kites.json", control(&server))).json();
    let (near, far) = (document["servers"][0]["url"].as_str(), document["paths"]["/far"]["get"]["servers"][0]["url"].as_str());
    assert_eq!(near, Some(server.base_url("kites").as_str()));
    assert_eq!(far, Some(format!("{}/kites/sky", server.url()).as_str()));
    assert_eq!(get(&format!("{}/near", near.unwrap())).status, 200);
    assert_eq!(get(&format!("{}/far", far.unwrap())).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_document_is_refused_with_those_that_there_are() {
    let server = start().await;
    for file in ["nobody.yaml", "orchard.txt", "orchard"] {
        let reply = get(&format!("{}/documents/{file}", control(&server)));
        assert_eq!(reply.status, 404);
        assert!(reply.body.contains("`orchard.yaml`"), "{reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn state_shows_rows_and_reset_makes_them_as_they_were() {
    let server = start().await;
    let state = || get(&format!("{}/state", control(&server))).json();
    let start = state();
    assert_eq!(start["orchard"]["pickings"].as_array().map(Vec::len), Some(1));
    assert_eq!(post(&format!("{}/trees/tree-07/pickings", server.base_url("orchard")), r#"{"kilos":5}"#).status, 201);
    assert_eq!(state()["orchard"]["pickings"].as_array().map(Vec::len), Some(2));
    assert_eq!(send("POST", &format!("{}/reset", control(&server)), &[], "").status, 204);
    assert_eq!(state(), start);
    assert_eq!(send("PUT", &format!("{}/reset", control(&server)), &[], "").status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_is_named_by_a_parameter() {
    let server = start().await;
    let red = server.named_sandbox("red").unwrap();
    assert_eq!(post(&format!("{}/trees/tree-07/pickings", red.base_url("orchard")), r#"{"kilos":5}"#).status, 201);
    let count = |path: &str| get(&format!("{}{path}", control(&server))).json()["orchard"]["pickings"].as_array().map(Vec::len);
    assert_eq!((count("/state?sandbox=red"), count("/state")), (Some(2), Some(1)));
    let unknown = get(&format!("{}/state?sandbox=blue", control(&server)));
    assert_eq!(unknown.status, 404);
    assert!(unknown.body.contains("default, red"), "{unknown:?}");
    assert_eq!(send("POST", &format!("{}/reset?sandbox=red", control(&server)), &[], "").status, 204);
    assert_eq!(count("/state?sandbox=red"), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_can_be_searched() {
    let server = start().await;
    let base = server.base_url("orchard");
    for path in ["/pickings/pick-001", "/pickings/nope", "/trees/tree-07/pickings", "/pickings/pick-001"] {
        get(&format!("{base}{path}"));
    }
    let numbers = |query: &str| -> Vec<Value> {
        let page = get(&format!("{}/journal?{query}", control(&server))).json();
        page["entries"].as_array().unwrap().iter().map(|entry| entry["number"].clone()).collect()
    };
    assert_eq!(numbers(""), [1, 2, 3, 4]);
    assert_eq!(numbers("status=404"), [2]);
    assert_eq!(numbers("status=2XX&limit=2"), [3, 4]);
    assert_eq!(numbers("operation=list_pickings"), [3]);
    assert_eq!(numbers("provider=orchard&operation=show_picking&status=200"), [1, 4]);
    assert_eq!(get(&format!("{}/journal?status=many", control(&server))).status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_leads_to_everything() {
    let server = start().await;
    let page = get(&format!("{}/", control(&server)));
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    for link in ["/documents/orchard.yaml", "/documents/orchard.json", "/journal", "/state"] {
        assert!(page.body.contains(&format!("href=\"{link}\"")), "{link}");
    }
    assert!(page.body.contains(&server.base_url("orchard")) && page.body.contains("apple o&#39;clock"));
}

#[test]
fn the_control_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("control-openapi.json");
    let new = mock_server::control_openapi().unwrap();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &new).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let help = "update it with `UPDATE=1 cargo test -p mock-server the_control_document` and look at the difference";
    assert!(kept == new, "mock-server/control-openapi.json is not what the control API is now\nhelp: {help}");
}
