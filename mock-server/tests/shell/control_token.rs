//! Who may use the control API.

use std::{fs, path::Path};

use mock_server::{Error, MockServer};
use serde_json::Value;

use crate::http::{KEY, Reply, control, exchange, get, orchard, send, split, start};

const TOKEN: &str = "open-sesame";
const BEARER: &str = "Authorization: Bearer open-sesame";

async fn guarded() -> MockServer {
    MockServer::builder().source(orchard()).document("orchard").control_token(TOKEN).start().await.unwrap()
}

/// Method, path and whether it is open, of every operation in the committed document; variables have some value.
fn operations() -> Vec<(String, String, bool)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("control-openapi.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let pieces: Vec<_> = path.split('/').map(|piece| if piece.starts_with('{') { "default" } else { piece }).collect();
        for (method, operation) in item.as_object().unwrap() {
            all.push((method.to_uppercase(), pieces.join("/"), operation["security"] == Value::Array(Vec::new())));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_operation_forgets_the_token() {
    let server = guarded().await;
    let operations = operations();
    assert!(operations.len() > 5);
    for (method, path, is_open) in &operations {
        let url = format!("{}{path}", control(&server));
        let without = send(method, &url, &[], "");
        assert_eq!(without.status == 401, !is_open, "{method} {path} {without:?}");
        // Events would have no end; what is no number of an exchange has none.
        let with = send(method, &url, &[BEARER, "Last-Event-ID: none"], "");
        assert_ne!(with.status, 401, "{method} {path} {with:?}");
    }
    let open: Vec<_> = operations.iter().filter(|(_, _, is_open)| *is_open).map(|(_, path, _)| path.as_str()).collect();
    assert_eq!(open, ["/health"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_and_what_is_not_there_want_the_token_too() {
    let server = guarded().await;
    for (method, path) in [("GET", "/"), ("PUT", "/reset"), ("GET", "/nothing"), ("DELETE", "/health/x"), ("OPTIONS", "/state")] {
        let reply = send(method, &format!("{}{path}", control(&server)), &[], "");
        assert_eq!(reply.status, 401, "{method} {path}");
        assert!(reply.header("www-authenticate").unwrap().starts_with("Bearer"), "{reply:?}");
        assert!(reply.json()["message"].as_str().unwrap().contains("\nhelp: "), "{reply:?}");
    }
    assert_eq!(get(&format!("{}/pickings/pick-001", server.base_url("orchard"))).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_is_none() {
    let server = guarded().await;
    let url = format!("{}/state", control(&server));
    for header in ["Authorization: Bearer open-sesam", "Authorization: Bearer", "Authorization: Basic open-sesame", "Cookie: a=open-sesame"]
    {
        assert_eq!(send("GET", &url, &[header], "").status, 401, "{header}");
    }
    assert_eq!(send("GET", &format!("{url}?token=open-sesam"), &[], "").status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_shows_the_token_once_and_keeps_it_as_a_cookie() {
    let server = guarded().await;
    let html = "Accept: text/html,*/*";
    let asked = send("GET", control(&server), &[html], "");
    assert_eq!((asked.status, asked.header("content-type")), (401, Some("text/html; charset=utf-8")));
    assert!(asked.body.contains("<form>"), "{asked:?}");
    let opened = send("GET", &format!("{}/?token={TOKEN}&a=1", control(&server)), &[html], "");
    assert_eq!((opened.status, opened.header("location")), (303, Some("/?a=1")));
    let cookie = opened.header("set-cookie").unwrap();
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"), "{cookie}");
    let kept = format!("Cookie: a=b; {}", cookie.split(';').next().unwrap());
    assert_eq!(send("GET", control(&server), &[html, &kept], "").status, 200);
    assert_eq!(send("POST", &format!("{}/reset", control(&server)), &[&kept], "").status, 204);
    let program = send("GET", &format!("{}/state?token={TOKEN}", control(&server)), &[], "");
    assert!(program.status == 200 && program.header("set-cookie").is_some(), "{program:?}");
    get(&format!("{}/pickings/pick-001", server.base_url("orchard")));
    send("GET", &format!("{}/pickings/pick-001", server.base_url("orchard")), &[KEY, &kept], "");
    let entry = serde_json::to_string(&server.journal().last().unwrap()).unwrap();
    assert!(!entry.contains(TOKEN) && entry.contains("mock_control_"), "{entry}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_others_can_reach_it_there_is_a_token() {
    let everywhere = "0.0.0.0:0".parse().unwrap();
    let mock = || MockServer::builder().source(orchard()).document("orchard").control(everywhere);
    let (one, other) = (mock().start().await.unwrap(), mock().start().await.unwrap());
    let token = one.control_token().unwrap();
    assert!(token.len() >= 32 && Some(token) != other.control_token());
    assert_eq!(get(&format!("{}/state", control(&one))).status, 401);
    assert_eq!(send("GET", &format!("{}/state", control(&one)), &[&format!("Authorization: Bearer {token}")], "").status, 200);
    assert_eq!(mock().control_token(TOKEN).start().await.unwrap().control_token(), Some(TOKEN));
    assert_eq!(start().await.control_token(), None);
    assert!(matches!(mock().control_token("a b").start().await, Err(Error::InvalidToken)));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_a_foreign_name_is_refused() {
    let ask = |server: &MockServer, host: &str, header: &str| -> Reply {
        let (authority, _) = split(control(server));
        exchange(&authority, &format!("GET /state HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{header}\r\n"))
    };
    let server = start().await;
    for (host, expected) in [
        ("localhost:1", 200),
        ("app.localhost", 200),
        ("127.0.0.1:9", 200),
        ("[::1]:9", 200),
        ("10.1.2.3", 200),
        ("evil.example", 403),
        ("localhost.evil.example:80", 403),
    ] {
        assert_eq!(ask(&server, host, "").status, expected, "{host}");
    }
    assert!(ask(&server, "evil.example", "").body.contains("--control-token"));
    assert_eq!(ask(&guarded().await, "mock.example", &format!("{BEARER}\r\n")).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_api_can_be_left_out() {
    let server = MockServer::builder().source(orchard()).document("orchard").without_control().start().await.unwrap();
    assert_eq!((server.control_url(), server.control_token()), (None, None));
    let refused = send("GET", &format!("{}/pickings/nope", server.base_url("orchard")), &[KEY], "");
    assert_eq!(refused.status, 404);
    assert!(!refused.headers.iter().any(|(_, value)| value.contains("/journal")), "{refused:?}");
    server.close().await;
}
