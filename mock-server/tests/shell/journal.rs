//! What the journal keeps, and what it does not show.

use mock_server::Entry;
use serde_json::json;

use crate::http::{KEY, get, post, send, start};

fn header<'e>(entry: &'e Entry, name: &str) -> Option<&'e str> {
    entry.request.message.headers.iter().find(|header| header.name == name).map(|header| header.value.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_is_kept_with_the_operation_that_answered() {
    let server = start().await;
    let reply = post(&format!("{}/trees/tree-07/pickings?a=1", server.base_url("orchard")), r#"{"kilos":4}"#);
    let entry = server.journal().last().unwrap();
    assert_eq!((entry.number, entry.provider.as_deref(), entry.operation.as_deref()), (1, Some("orchard"), Some("pick_fruit")));
    assert_eq!((entry.request.method.as_str(), entry.request.target.as_str()), ("POST", "/orchard/garden/v2/trees/tree-07/pickings?a=1"));
    assert_eq!((entry.request.message.body.as_str(), entry.request.message.body_length), (r#"{"kilos":4}"#, 11));
    assert_eq!((entry.response.status, entry.response.message.body.as_str()), (201, reply.body.as_str()));
    assert!(entry.response.message.headers.iter().any(|header| header.name == "content-type"));
    assert_eq!((entry.rejection, server.journal().defects()), (None, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_kept_with_what_would_have_passed() {
    let server = start().await;
    let reply = post(&format!("{}/trees/tree-07/pickings", server.base_url("orchard")), r#"{"kilos":0}"#);
    assert_eq!(reply.status, 422, "{reply:?}");
    let refusal = server.journal().last().unwrap().rejection.unwrap();
    assert_eq!(refusal.place, "/kilos");
    assert!(!refusal.rule.is_empty() && !refusal.message.is_empty() && !refusal.help.is_empty(), "{refusal:?}");
    assert!(reply.header("x-mock-problem").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_blotted_out() {
    let server = start().await;
    let url = format!("{}/pickings/pick-001", server.base_url("orchard"));
    send("GET", &url, &["Authorization: Basic ZXZlOnBvbW9uYQ=="], "");
    assert_eq!(header(&server.journal().last().unwrap(), "authorization"), Some("Basic [redacted]"));
    send("GET", &url, &[KEY], "");
    assert_eq!(header(&server.journal().last().unwrap(), "x-gate-word"), Some("[redacted]"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_is_nobodys_is_kept_too() {
    let server = start().await;
    get(&format!("{}/orchad/pickings", server.url()));
    let entry = server.journal().last().unwrap();
    assert_eq!((entry.provider, entry.response.status), (None, 404));
    assert_eq!(entry.rejection.map(|refusal| refusal.rule).as_deref(), Some("unknown-provider"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_long_body_the_beginning_is_kept_and_its_length() {
    let server = start().await;
    let body = format!(r#"{{"kilos":1,"remark":"{}"}}"#, "x".repeat(100_000));
    post(&format!("{}/trees/tree-07/pickings", server.base_url("orchard")), &body);
    let message = server.journal().last().unwrap().request.message;
    assert_eq!(message.body_length, body.len());
    assert!(message.body.len() < body.len() && body.starts_with(&message.body));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_where_it_is_explained() {
    let server = start().await;
    get(&format!("{}/pickings/pick-001", server.base_url("orchard")));
    let reply = post(&format!("{}/trees/tree-07/pickings", server.base_url("orchard")), r#"{"kilos":0}"#);
    let problem = reply.header("x-mock-problem").unwrap();
    let [rule, place, see] = problem.split("; ").collect::<Vec<_>>().try_into().unwrap();
    let entry = get(see.strip_prefix("see ").unwrap()).json();
    assert_eq!(
        (&entry["number"], &entry["sandbox"], &entry["url"]),
        (&json!(2), &json!("default"), &json!(see.strip_prefix("see ").unwrap()))
    );
    assert_eq!((&entry["rejection"]["rule"], &entry["rejection"]["place"]), (&json!(rule), &json!(place)));
    let help = reply.header("x-mock-help").unwrap();
    assert!(help.contains(entry["rejection"]["help"].as_str().unwrap()), "{help}");
    let forgotten = get(&format!("{}/sandboxes/default/journal/3", crate::http::control(&server)));
    assert_eq!(forgotten.status, 404);
    assert!(forgotten.body.contains("those from 1 to 2 are kept"), "{forgotten:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_found_by_all_that_is_known_of_them() {
    let server = start().await;
    let base = server.base_url("orchard");
    get(&format!("{base}/pickings/pick-001"));
    post(&format!("{base}/trees/tree-07/pickings"), r#"{"kilos":0}"#);
    post(&format!("{base}/trees/tree-07/pickings"), r#"{"kilos":4,"remark":"very ripe"}"#);
    get(&format!("{base}/nowhere"));
    let numbers = |query: &str| {
        let page = get(&format!("{}/sandboxes/default/journal?{query}", crate::http::control(&server)));
        assert_eq!(page.status, 200, "{page:?}");
        page.json()["entries"].as_array().unwrap().iter().map(|entry| entry["number"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    for (query, found) in [
        ("method=post", vec![2, 3]),
        ("path=*/trees/*", vec![2, 3]),
        ("refused=true", vec![2, 4]),
        ("refused=false", vec![1, 3]),
        ("rule=unknown-path", vec![4]),
        ("step=validate", vec![2]),
        ("text=very%20ripe", vec![3]),
        ("faulty=true", vec![]),
        ("defective=false", vec![1, 2, 3, 4]),
        ("after=1&limit=2", vec![2, 3]),
        ("limit=2", vec![3, 4]),
        ("before=3", vec![1, 2]),
    ] {
        assert_eq!(numbers(query), found, "{query}");
    }
    assert_eq!(get(&format!("{}/sandboxes/default/journal?wait=600", crate::http::control(&server))).status, 400);
    assert_eq!(send("DELETE", &format!("{}/sandboxes/default/journal", crate::http::control(&server)), &[], "").status, 204);
    assert!(numbers("").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_gets_the_next_exchange() {
    let server = start().await;
    let base = server.base_url("orchard");
    get(&format!("{base}/pickings/pick-001"));
    let url = format!("{}/sandboxes/default/journal?after=1&wait=50", crate::http::control(&server));
    let waiting = tokio::task::spawn_blocking(move || get(&url).json());
    get(&format!("{base}/pickings/pick-002"));
    assert_eq!(waiting.await.unwrap()["entries"][0]["number"], 2);
}
