//! The journal as a HAR file.

use mock_server::MockServer;
use serde_json::{Value, json};
use specs::Source;

use crate::http::{control, get, orchard, post, send, start};

/// What HAR 1.2 asks of objects, by their place in an entry.
const MEMBERS: &[(&str, &[&str])] = &[
    ("", &["startedDateTime", "time", "request", "response", "cache", "timings"]),
    ("/request", &["method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"]),
    ("/response", &["status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"]),
    ("/response/content", &["size", "mimeType"]),
    ("/timings", &["send", "wait", "receive"]),
];

fn entries(server: &MockServer, sandbox: &str) -> Vec<Value> {
    let reply = get(&format!("{}/sandboxes/{sandbox}/har", control(server)));
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")), "{reply:?}");
    assert_eq!(reply.header("content-disposition"), Some(format!("attachment; filename=\"{sandbox}.har\"").as_str()));
    let har = reply.json();
    assert_eq!((&har["log"]["version"], &har["log"]["creator"]["name"]), (&json!("1.2"), &json!("mock-server")));
    har["log"]["entries"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_exchange_has_what_har_asks_for() {
    let server = start().await;
    let base = server.base_url("orchard");
    get(&format!("{base}/trees/tree-07/pickings?page=1&per_page=5"));
    post(&format!("{base}/trees/tree-07/pickings"), r#"{"kilos":0}"#);
    send("DELETE", &format!("{base}/pickings/pick-001"), &["Cookie: a=1; b=2"], "");
    let entries = entries(&server, "default");
    assert_eq!(entries.len(), 3);
    for entry in &entries {
        for (place, names) in MEMBERS {
            let object = entry.pointer(place).unwrap();
            names.iter().for_each(|name| assert!(object.get(name).is_some(), "{place}/{name}: {entry:#}"));
        }
        assert!(entry["time"].as_f64().unwrap() >= 0.0);
    }
    let [list, refused, closed] = entries.as_slice() else { panic!() };
    assert_eq!(list["request"]["url"], json!(format!("{base}/trees/tree-07/pickings?page=1&per_page=5")));
    assert_eq!(list["request"]["queryString"], json!([{"name": "page", "value": "1"}, {"name": "per_page", "value": "5"}]));
    assert!(list["response"]["content"]["text"].as_str().unwrap().contains("pick-001"));
    assert_eq!(list["comment"], "list_pickings; respond");
    assert_eq!(refused["request"]["postData"]["text"], r#"{"kilos":0}"#);
    assert_eq!(refused["request"]["postData"]["mimeType"], "application/json");
    assert!(refused["comment"].as_str().unwrap().starts_with("pick_fruit; validate; invalid-body; /kilos; "), "{refused:#}");
    assert_eq!(closed["request"]["cookies"], json!([{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]));
    assert_eq!((&closed["response"]["status"], &closed["response"]["statusText"]), (&json!(401), &json!("Unauthorized")));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_exported() {
    let server = start().await;
    let url = format!("{}/trees/tree-07/pickings?api_key=hush", server.base_url("orchard"));
    send("POST", &url, &["X-Gate-Word: hush", "Content-Type: application/json"], r#"{"kilos":1,"password":"hush"}"#);
    let entries = entries(&server, "default");
    assert!(!entries[0].to_string().contains("hush"), "{:#}", entries[0]);
    assert_eq!(entries[0]["request"]["postData"]["text"], r#"{"kilos":1,"password":"[redacted]"}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_has_a_file_of_its_own_whose_urls_lead_back() {
    let server = start().await;
    let red = server.named_sandbox("red").unwrap();
    get(&format!("{}/pickings/pick-001", red.base_url("orchard")));
    assert!(entries(&server, "default").is_empty());
    assert_eq!(entries(&server, "red")[0]["request"]["url"], json!(format!("{}/pickings/pick-001", red.base_url("orchard"))));
    assert_eq!(get(&format!("{}/sandboxes/blue/har", control(&server))).status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_has_its_fields_and_what_is_no_text_is_base64() {
    let text = "openapi: 3.0.3\ninfo: {title: Kites, version: '1'}\npaths:\n  /kites:\n    post:\n      requestBody:\n        content:\n          \
        application/x-www-form-urlencoded: {schema: {type: object}}\n          application/octet-stream: {schema: {type: string, format: binary}}\n      \
        responses: {'204': {description: flies}}\n";
    let server = MockServer::builder().source(Source::new("kites", "kites.yaml", text.to_owned())).root("kites").start().await.unwrap();
    let url = format!("{}/kites", server.url());
    assert_eq!(send("POST", &url, &["Content-Type: application/x-www-form-urlencoded"], "a=1+2&pass_word=x").status, 204);
    crate::http::send_bytes("POST", &url, &["Content-Type: application/octet-stream"], b"\xff\xfe");
    let entries = entries(&server, "default");
    let form = &entries[0]["request"]["postData"];
    assert_eq!(form["params"], json!([{"name": "a", "value": "1 2"}, {"name": "pass_word", "value": "[redacted]"}]));
    assert_eq!(form["text"], "a=1+2&pass_word=[redacted]");
    let binary = &entries[1]["request"]["postData"];
    assert_eq!((&binary["text"], &binary["_encoding"]), (&json!("//4="), &json!("base64")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_to_see_secrets_sees_them() {
    let server = MockServer::builder().source(orchard()).document("orchard").reveal_secrets().start().await.unwrap();
    send("GET", &format!("{}/pickings/pick-001", server.base_url("orchard")), &["X-Gate-Word: hush"], "");
    assert!(entries(&server, "default")[0].to_string().contains("hush"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bounds_of_the_journal_can_be_chosen() {
    let builder = || MockServer::builder().source(orchard()).document("orchard");
    for server in [builder().journal_entries(2).start().await.unwrap(), builder().journal_bytes(1_500).start().await.unwrap()] {
        for _ in 0..9 {
            get(&format!("{}/pickings/pick-001", server.base_url("orchard")));
        }
        let kept = entries(&server, "default").len();
        assert!((1..=3).contains(&kept), "{kept}");
        assert_eq!(server.journal().last().unwrap().number, 9);
    }
}
