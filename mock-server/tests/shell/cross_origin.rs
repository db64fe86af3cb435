//! Pages from another origin.

use crate::http::{KEY, send, start};

const ORIGIN: &str = "Origin: http://localhost:5173";

#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_is_allowed_what_it_asks_for() {
    let server = start().await;
    let url = format!("{}/pickings/pick-001", server.base_url("orchard"));
    let asked = [ORIGIN, "Access-Control-Request-Method: DELETE", "Access-Control-Request-Headers: x-gate-word, content-type"];
    let reply = send("OPTIONS", &url, &asked, "");
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("access-control-allow-origin"), Some("http://localhost:5173"));
    assert_eq!(reply.header("access-control-allow-methods"), Some("DELETE"));
    assert_eq!(reply.header("access-control-allow-headers"), Some("x-gate-word, content-type"));
    assert_eq!(reply.header("access-control-allow-credentials"), Some("true"));
    assert!(reply.header("vary").unwrap().contains("origin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_read_responses_and_their_headers() {
    let server = start().await;
    let reply = send("GET", &format!("{}/pickings/pick-001", server.base_url("orchard")), &[KEY, ORIGIN], "");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("access-control-allow-origin"), Some("http://localhost:5173"));
    assert_eq!(reply.header("access-control-allow-credentials"), Some("true"));
    assert!(reply.header("access-control-expose-headers").unwrap().contains("x-request-id"));
    assert!(server.journal().last().unwrap().response.message.headers.iter().any(|header| header.name == "access-control-allow-origin"));
    assert!(reply.headers.iter().any(|(name, value)| name == "vary" && value.to_ascii_lowercase().contains("origin")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_read_refusals() {
    let server = start().await;
    let refused = send("GET", &format!("{}/pickings/pick-001", server.base_url("orchard")), &[ORIGIN], "");
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, Some("http://localhost:5173")));
    let unknown = send("GET", &format!("{}/nobody", server.url()), &[ORIGIN], "");
    assert_eq!((unknown.status, unknown.header("access-control-allow-origin")), (404, Some("http://localhost:5173")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_no_page_sees_nothing_of_it() {
    let server = start().await;
    let reply = send("GET", &format!("{}/pickings/pick-001", server.base_url("orchard")), &[KEY], "");
    assert!(!reply.headers.iter().any(|(name, _)| name.starts_with("access-control-")), "{reply:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn options_that_is_no_preflight_goes_to_the_engine() {
    let server = start().await;
    let reply = send("OPTIONS", &format!("{}/pickings/pick-001", server.base_url("orchard")), &[KEY, ORIGIN], "");
    assert_ne!(reply.header("access-control-allow-methods"), Some("DELETE"));
    let entry = server.journal().last().unwrap();
    assert_ne!(entry.step, "cors");
}
