//! Credentials and their life: unknown, expired, revoked, out of scope, of another tenant, and fine again.

use mock_server::{Credential, CredentialState, MockServer, SchemeChange};
use specs::Source;

use crate::http::{Reply, send};

pub(crate) async fn ferry() -> MockServer {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/ferry.yaml");
    let source = Source::read(path.as_ref()).unwrap();
    MockServer::builder().source(source).document("ferry").start().await.unwrap()
}

/// Lists the crossings with a bearer token.
pub(crate) fn list(server: &MockServer, token: &str) -> Reply {
    send("GET", &format!("{}/crossings", server.base_url("ferry")), &[&format!("Authorization: Bearer {token}")], "")
}

/// The rule that a request broke.
pub(crate) fn rule(reply: &Reply) -> &str {
    reply.header("x-mock-problem").and_then(|problem| problem.split(';').next()).unwrap_or_default()
}

pub(crate) fn control(server: &MockServer, method: &str, path: &str, body: &str) -> Reply {
    send(method, &format!("{}{path}", crate::http::control(server)), &["Content-Type: application/json"], body)
}

const CAPTAIN: &str = "/sandboxes/default/credentials/ferry/captain";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_document_lists_is_told_apart() {
    let server = ferry().await;
    for (token, status, expected) in [
        ("cap_anchor", 200, ""),
        ("anything", 200, ""),
        ("cap_deck", 200, ""),
        ("cap_tide", 401, "expired-credentials"),
        ("cap_wreck", 401, "revoked-credentials"),
        ("cap_fog", 401, "unknown-credentials"),
        ("not well formed", 401, "malformed-credentials"),
    ] {
        let reply = list(&server, token);
        assert_eq!((reply.status, rule(&reply)), (status, expected), "{token}");
        assert!(status == 200 || reply.json()["alarm"].is_string(), "{reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bearer_challenge_says_what_was_wrong() {
    let server = ferry().await;
    let challenge = |reply: &Reply| {
        let all = reply.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("www-authenticate"));
        all.map(|(_, value)| value.clone()).collect::<Vec<_>>().join(" | ")
    };
    let expired = list(&server, "cap_tide");
    assert!(challenge(&expired).starts_with(r#"Bearer realm="mock", error="invalid_token""#), "{expired:?}");
    let none = send("GET", &format!("{}/crossings", server.base_url("ferry")), &[], "");
    assert_eq!(challenge(&none), r#"Bearer realm="mock" | Basic realm="mock""#);
    let headers = ["Authorization: Bearer cap_deck", "Content-Type: application/json"];
    let forbidden = send("POST", &format!("{}/crossings", server.base_url("ferry")), &headers, r#"{"port":"Texel"}"#);
    assert_eq!((forbidden.status, rule(&forbidden)), (403, "insufficient-scope"));
    assert!(challenge(&forbidden).contains(r#"error="insufficient_scope""#), "{forbidden:?}");
    assert!(challenge(&forbidden).contains(r#"scope="crossings:read crossings:write""#), "{forbidden:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_scheme_lets_in_what_it_lists_and_what_was_added() {
    let server = ferry().await;
    let knock =
        |pair: &str| send("GET", &format!("{}/crossings", server.base_url("ferry")), &[&format!("Authorization: Basic {pair}")], "");
    // quay: lock: door:
    let (quay, lock, door) = (knock("cXVheTo="), knock("bG9jazo="), knock("ZG9vcjo="));
    assert_eq!((quay.status, lock.status, door.status, rule(&door)), (200, 200, 401, "unknown-credentials"));
    let added = control(&server, "POST", "/sandboxes/default/credentials/ferry/harbour", r#"{"credential":"door"}"#);
    assert_eq!(added.status, 200, "{added:?}");
    assert_eq!(knock("ZG9vcjo=").status, 200, "the user alone is enough");
    let closed = control(&server, "PUT", CAPTAIN, r#"{"closed":true}"#);
    assert_eq!(closed.json()["closed"], true);
    assert_eq!((list(&server, "anything").status, list(&server, "cap_anchor").status), (401, 200));
    assert_eq!(control(&server, "PUT", CAPTAIN, r#"{"closed":false}"#).status, 200);
    assert_eq!(list(&server, "anything").status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_once_is_fine_then() {
    let server = ferry().await;
    let statuses = |token: &str| [(); 3].map(|()| list(&server, token).status);
    assert_eq!(control(&server, "PUT", CAPTAIN, r#"{"refuse":1}"#).status, 200);
    assert_eq!(statuses("cap_anchor"), [401, 200, 200]);
    assert_eq!(control(&server, "POST", CAPTAIN, r#"{"credential":"mine","refuse":2}"#).status, 200);
    assert_eq!(list(&server, "other").status, 200);
    assert_eq!(statuses("mine"), [401, 401, 200]);
    server.credentials().refuse("ferry", "captain", 1).unwrap();
    let reply = list(&server, "x");
    assert_eq!((reply.status, rule(&reply)), (401, "expired-credentials"));
    assert_eq!(list(&server, "x").status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_ends_by_the_clock_of_its_sandbox() {
    let server = ferry().await;
    assert_eq!(control(&server, "PUT", "/sandboxes/default/clock", r#"{"mode":"frozen","now":"2026-01-01T00:00:00Z"}"#).status, 200);
    assert_eq!(control(&server, "POST", CAPTAIN, r#"{"credential":"short","expires_in":60}"#).status, 200);
    assert_eq!(list(&server, "short").status, 200);
    assert_eq!(control(&server, "PUT", "/sandboxes/default/clock", r#"{"advance":60}"#).status, 200);
    let reply = list(&server, "short");
    assert_eq!((reply.status, rule(&reply)), (401, "expired-credentials"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_state_can_be_set_and_one_sandbox_is_not_another() {
    let server = ferry().await;
    let credentials = server.credentials();
    for (state, expected) in [
        (CredentialState::Revoked, "revoked-credentials"),
        (CredentialState::Expired, "expired-credentials"),
        (CredentialState::Unknown, "unknown-credentials"),
        (CredentialState::Valid, ""),
    ] {
        credentials.add("ferry", "captain", Credential { credential: "cap_anchor".into(), state, ..Credential::default() }).unwrap();
        assert_eq!(rule(&list(&server, "cap_anchor")), expected);
    }
    credentials.change("ferry", "captain", SchemeChange { expired: Some(true), ..SchemeChange::default() }).unwrap();
    assert_eq!(list(&server, "cap_anchor").status, 401);
    let red = server.named_sandbox("red").unwrap();
    let reply = send("GET", &format!("{}/crossings", red.base_url("ferry")), &["Authorization: Bearer cap_anchor"], "");
    assert_eq!(reply.status, 200);
    server.state().reset();
    assert_eq!(list(&server, "cap_anchor").status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_tenant_has_is_not_there() {
    let server = ferry().await;
    let base = server.base_url("ferry");
    let call = |method: &str, path: &str, token: &str, body: &str| {
        let headers = [&format!("Authorization: Bearer {token}"), "Content-Type: application/json"];
        send(method, &format!("{base}{path}"), &headers, body)
    };
    assert_eq!(call("GET", "/crossings/7", "cap_anchor", "").status, 200);
    let other = call("GET", "/crossings/7", "cap_rival", "");
    assert_eq!((other.status, rule(&other)), (403, "other-tenant"), "{other:?}");
    let nobody = call("GET", "/crossings/99", "cap_rival", "");
    assert_eq!((nobody.status, rule(&nobody)), (404, "unknown-item"), "{nobody:?}");
    assert_eq!(list(&server, "cap_rival").json(), serde_json::json!([]));
    let own = call("POST", "/crossings", "cap_rival", r#"{"port":"Texel"}"#);
    assert_eq!(own.status, 201, "{own:?}");
    let path = format!("/crossings/{}", own.json()["number"]);
    assert_eq!(call("GET", &path, "cap_rival", "").status, 200);
    assert_eq!(rule(&call("GET", &path, "cap_anchor", "")), "other-tenant");
    assert_eq!(list(&server, "cap_anchor").json().as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_api_tells_what_is_known_and_what_is_not_there() {
    let server = ferry().await;
    let all = control(&server, "GET", "/sandboxes/default/credentials", "").json();
    assert_eq!((all[0]["scheme"].as_str(), all[1]["scheme"].as_str()), (Some("captain"), Some("harbour")), "{all}");
    assert_eq!(all[0]["token_url"], format!("{}/ferry/oauth/token", server.url()));
    assert_eq!(all[0]["credentials"][0]["credential"], "cap_anchor");
    assert_eq!(all[1]["closed"], true);
    for (method, path, body, status, said) in [
        ("PUT", "/sandboxes/default/credentials/barge/captain", "{}", 404, "no provider is named `barge`; there are `ferry`"),
        ("PUT", "/sandboxes/default/credentials/ferry/mate", "{}", 404, "no security scheme `mate`; there is `captain`, `harbour`"),
        ("POST", CAPTAIN, r#"{"credential":""}"#, 400, "a credential is not empty"),
        ("POST", CAPTAIN, r#"{"credential":"a","tennant":"b"}"#, 400, "tennant"),
        ("DELETE", &format!("{CAPTAIN}?credential=cap_anchor"), "", 404, "no such credential"),
        ("DELETE", CAPTAIN, "", 204, ""),
    ] {
        let reply = control(&server, method, path, body);
        assert_eq!(reply.status, status, "{reply:?}");
        assert!(reply.body.contains(said), "{reply:?}");
    }
}
