//! Operations that give out tokens: what they answer works, and belongs to whoever logged in.

use mock_server::{MockServer, SchemeChange};
use serde_json::Value;
use specs::Source;

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

/// A mock of one document, written in the test.
async fn buoy(text: &str) -> MockServer {
    let head = "openapi: 3.1.0\ninfo: {title: Buoys, version: '1'}\n";
    MockServer::builder().source(Source::new("buoy", "buoy.yaml", format!("{head}{text}"))).document("buoy").start().await.unwrap()
}

const BUOYS: &str =
    "  /buoys: {get: {operationId: list, security: [{key: []}], responses: {'200': {description: ok}, '401': {description: no}}}}\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_at_the_place_of_tokens_answers_itself() {
    let login = "paths:\n  /token:\n    post:\n      operationId: login\n      requestBody: {content: {application/x-www-form-urlencoded: \
        {schema: {type: object, required: [username, password], properties: {username: {type: string}, password: {type: string}}}}}}\n      \
        responses: {'200': {description: ok, content: {application/json: {schema: {type: object, required: [access_token, token_type], \
        properties: {access_token: {type: string}, token_type: {type: string, const: bearer}}}}}}}\n";
    let scheme = "components: {securitySchemes: {key: {type: oauth2, flows: {password: {tokenUrl: token, scopes: {}}}}}}\n\
        x-mock: {credentials: {key: {only: true}}}\n";
    let server = buoy(&format!("{login}{BUOYS}{scheme}")).await;
    let base = server.base_url("buoy");
    let reply = send("POST", &format!("{base}/token"), &["Content-Type: application/x-www-form-urlencoded"], "username=a&password=b");
    assert_eq!((reply.status, &reply.json()["token_type"]), (200, &"bearer".into()), "{reply:?}");
    assert_eq!(server.journal().last().unwrap().operation.as_deref(), Some("login"));
    let header = format!("Authorization: Bearer {}", text(&reply.json()["access_token"]));
    assert_eq!(send("GET", &format!("{base}/buoys"), &[&header], "").status, 200);
    assert_eq!(send("GET", &format!("{base}/buoys"), &["Authorization: Bearer other"], "").status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_has_the_form_that_the_document_asks_for() {
    let login = "paths:\n  /login:\n    post:\n      operationId: login\n      x-mock: {login: {token: /key/value}}\n      \
        responses: {'200': {description: ok, content: {application/json: {schema: {type: object, required: [key], \
        properties: {key: {type: object, required: [value], properties: {value: {type: string}}}}}}}}}\n";
    let scheme = "components: {securitySchemes: {key: {type: http, scheme: bearer, bearerFormat: JWT}}}\n";
    let server = buoy(&format!("{login}{BUOYS}{scheme}")).await;
    let reply = send("POST", &format!("{}/login", server.base_url("buoy")), &[], "");
    let token = text(&reply.json()["key"]["value"]);
    assert!(token.starts_with("eyJ") && token.matches('.').count() == 2, "{token}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_sets_the_cookie_that_is_the_credential() {
    let login = "paths:\n  /login:\n    post:\n      operationId: login\n      x-mock: {login: {}}\n      \
        responses: {'204': {description: ok}}\n";
    let scheme =
        "components: {securitySchemes: {key: {type: apiKey, in: cookie, name: mast}}}\nx-mock: {credentials: {key: {only: true}}}\n";
    let server = buoy(&format!("{login}{BUOYS}{scheme}")).await;
    let base = server.base_url("buoy");
    let reply = send("POST", &format!("{base}/login"), &[], "");
    let cookie = reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(send("GET", &format!("{base}/buoys"), &[&format!("Cookie: {cookie}")], "").status, 200);
    assert_eq!(send("GET", &format!("{base}/buoys"), &["Cookie: mast=other"], "").status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relative_place_of_tokens_is_below_the_server() {
    let scheme = "servers: [{url: 'https://sea.example/v2/'}]\npaths:\n";
    let schemes =
        "components: {securitySchemes: {key: {type: oauth2, flows: {clientCredentials: {tokenUrl: /oauth/token, scopes: {}}}}}}\n";
    let server = buoy(&format!("{scheme}{BUOYS}{schemes}")).await;
    for path in ["/buoy/oauth/token", "/buoy/v2/oauth/token"] {
        let form = ["Content-Type: application/x-www-form-urlencoded"];
        let reply = send("POST", &format!("{}{path}", server.url()), &form, "grant_type=client_credentials&client_id=a&client_secret=b");
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
    }
}
