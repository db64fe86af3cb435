//! Operations that give out tokens: what they answer works, and belongs to whoever logged in.

use mock_server::{MockServer, SchemeChange};
use serde_json::Value;

use crate::{
    credentials::{ferry, list, rule},
    http::{Reply, send},
};

fn post(server: &MockServer, path: &str, body: &str) -> Reply {
    send("POST", &format!("{}{path}", server.base_url("ferry")), &["Content-Type: application/json"], body)
}

/// A mock in which only known credentials work.
async fn closed() -> MockServer {
    let server = ferry().await;
    server.credentials().change("ferry", "captain", SchemeChange { closed: Some(true), ..SchemeChange::default() }).unwrap();
    server
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

const ADA: &str = r#"{"email":"ada@ferry.example","password":"knots"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_login_gives_a_token_that_works_and_may_what_its_user_may() {
    let server = closed().await;
    let reply = post(&server, "/gangway/login", ADA);
    assert_eq!(reply.status, 200, "{reply:?}");
    let pass = &reply.json()["pass"];
    assert_eq!(pass["expiresIn"], 600);
    let token = text(&pass["accessToken"]);
    assert_eq!((list(&server, &token).status, list(&server, "made-up").status), (200, 401));
    let headers = [&format!("Authorization: Bearer {token}"), "Content-Type: application/json"];
    let sail = send("POST", &format!("{}/crossings", server.base_url("ferry")), &headers, r#"{"port":"Texel"}"#);
    assert_eq!((sail.status, rule(&sail)), (403, "insufficient-scope"));
    assert_eq!(server.journal().defects(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_refused_in_the_words_of_the_vendor() {
    let server = closed().await;
    for body in [r#"{"email":"ada@ferry.example","password":"bows"}"#, r#"{"email":"bob@ferry.example","password":"knots"}"#] {
        let reply = post(&server, "/gangway/login", body);
        assert_eq!((reply.status, rule(&reply)), (401, "wrong-password"));
        assert!(reply.json()["alarm"].is_string(), "{reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_once_and_ends_with_the_logout() {
    let server = closed().await;
    let pass = post(&server, "/gangway/login", ADA).json()["pass"].clone();
    let renewal = format!(r#"{{"refreshToken":"{}"}}"#, text(&pass["refreshToken"]));
    let renewed = post(&server, "/gangway/renewal", &renewal);
    let token = text(&renewed.json()["accessToken"]);
    assert_eq!(list(&server, &token).status, 200);
    let again = post(&server, "/gangway/renewal", &renewal);
    assert_eq!((again.status, rule(&again)), (401, "invalid-refresh"));
    let header = format!("Authorization: Bearer {token}");
    assert_eq!(send("POST", &format!("{}/gangway/logout", server.base_url("ferry")), &[&header], "").status, 204);
    let late = list(&server, &token);
    assert_eq!((late.status, rule(&late)), (401, "revoked-credentials"));
    assert_eq!(
        send("POST", &format!("{}/gangway/logout", server.base_url("ferry")), &["Authorization: Bearer cap_anchor"], "").status,
        204
    );
    assert_eq!(list(&server, "cap_anchor").status, 200, "what the mock did not give out stays good");
}
