//! Tokens of OAuth 2.0, as clients get and renew them.

use mock_server::MockServer;
use serde_json::Value;
use specs::Source;

use crate::{
    credentials::{control, ferry, list, rule},
    http::{Reply, send},
};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
/// bridge:sextant
const BRIDGE: &str = "Authorization: Basic YnJpZGdlOnNleHRhbnQ=";

fn token(server: &MockServer, headers: &[&str], form: &str) -> Reply {
    let headers: Vec<&str> = headers.iter().copied().chain([FORM]).collect();
    send("POST", &format!("{}/ferry/oauth/token", server.url()), &headers, form)
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no `{name}` in {value}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_gets_a_token_that_works_until_it_ends() {
    let server = ferry().await;
    assert_eq!(control(&server, "PUT", "/sandboxes/default/clock", r#"{"mode":"frozen","now":"2026-01-01T00:00:00Z"}"#).status, 200);
    let reply = token(&server, &[BRIDGE], "grant_type=client_credentials&scope=crossings%3Aread");
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!((reply.header("cache-control"), reply.header("pragma")), (Some("no-store"), Some("no-cache")));
    let body = reply.json();
    assert_eq!((&body["token_type"], &body["expires_in"], &body["scope"]), (&"Bearer".into(), &600.into(), &"crossings:read".into()));
    let access = text(&body, "access_token");
    assert!(access.starts_with("cap_"), "{access}");
    assert_eq!(list(&server, &access).status, 200);
    let headers = [&format!("Authorization: Bearer {access}"), "Content-Type: application/json"];
    let sail = send("POST", &format!("{}/crossings", server.base_url("ferry")), &headers, r#"{"port":"Texel"}"#);
    assert_eq!((sail.status, rule(&sail)), (403, "insufficient-scope"));
    assert_eq!(control(&server, "PUT", "/sandboxes/default/clock", r#"{"advance":600}"#).status, 200);
    let late = list(&server, &access);
    assert_eq!((late.status, rule(&late)), (401, "expired-credentials"));
    let renewed = token(&server, &[BRIDGE], &format!("grant_type=refresh_token&refresh_token={}", text(&body, "refresh_token")));
    assert_eq!(renewed.json()["scope"], "crossings:read");
    assert_eq!(list(&server, &text(&renewed.json(), "access_token")).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_renews_a_token_is_good_once() {
    let server = ferry().await;
    let first = token(&server, &[BRIDGE], "grant_type=client_credentials").json();
    let form = format!("grant_type=refresh_token&refresh_token={}", text(&first, "refresh_token"));
    let second = token(&server, &[BRIDGE], &form);
    assert_eq!(second.status, 200);
    assert_ne!(text(&second.json(), "refresh_token"), text(&first, "refresh_token"));
    let again = token(&server, &[BRIDGE], &form);
    assert_eq!((again.status, &again.json()["error"]), (400, &"invalid_grant".into()));
    let more = format!("grant_type=refresh_token&scope=crossings%3Awrite+x&refresh_token={}", text(&second.json(), "refresh_token"));
    assert_eq!(token(&server, &[BRIDGE], &more).json()["error"], "invalid_scope");
    assert_eq!(list(&server, &text(&second.json(), "refresh_token")).status, 401, "it is no access token");
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_until_a_token_is_got() {
    let server = ferry().await;
    let old = text(&token(&server, &[BRIDGE], "grant_type=client_credentials").json(), "access_token");
    let changed = control(&server, "PUT", "/sandboxes/default/credentials/ferry/captain", r#"{"expired":true}"#);
    assert_eq!(changed.status, 200);
    assert_eq!([list(&server, &old).status, list(&server, "cap_anchor").status, list(&server, "any").status], [401, 401, 401]);
    let new = text(&token(&server, &[BRIDGE], "grant_type=client_credentials").json(), "access_token");
    assert_eq!([list(&server, &new).status, list(&server, &old).status], [200, 401]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_in_the_words_of_the_standard() {
    let server = ferry().await;
    for (headers, form, status, error) in [
        (vec![], "grant_type=client_credentials", 401, "invalid_client"),
        (vec![], "grant_type=client_credentials&client_id=bridge&client_secret=wrong", 401, "invalid_client"),
        (vec![], "grant_type=client_credentials&client_id=nobody", 401, "invalid_client"),
        (vec!["Authorization: Basic !"], "grant_type=client_credentials", 401, "invalid_client"),
        (vec![BRIDGE], "grant_type=client_credentials&client_id=pier", 400, "invalid_request"),
        (vec![BRIDGE], "", 400, "invalid_request"),
        (vec![BRIDGE], "scope=x", 400, "invalid_request"),
        (vec![BRIDGE], "grant_type=a&grant_type=b", 400, "invalid_request"),
        (vec![BRIDGE], "grant_type=barter", 400, "unsupported_grant_type"),
        (vec![BRIDGE], "grant_type=client_credentials&scope=sink", 400, "invalid_scope"),
        (vec![BRIDGE], "grant_type=authorization_code&code=made-up", 400, "invalid_grant"),
        (vec![BRIDGE], "grant_type=refresh_token&refresh_token=made-up", 400, "invalid_grant"),
        (vec![BRIDGE], "grant_type=refresh_token", 400, "invalid_request"),
        (vec![BRIDGE], "grant_type=password&username=ada@ferry.example&password=wrong", 400, "invalid_grant"),
        (vec![], "grant_type=client_credentials&client_id=bridge&client_secret=sextant", 200, ""),
        (vec![], "grant_type=client_credentials&client_id=pier", 200, ""),
        (vec![BRIDGE], "grant_type=password&username=ada@ferry.example&password=knots", 200, ""),
    ] {
        let reply = token(&server, &headers, form);
        let said = reply.json()["error"].as_str().unwrap_or_default().to_owned();
        assert_eq!((reply.status, said.as_str()), (status, error), "{form}: {reply:?}");
        assert_eq!(reply.header("www-authenticate").is_some(), status == 401, "{reply:?}");
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
    let url = format!("{}/ferry/oauth/token", server.url());
    let asked = send("GET", &url, &[], "");
    assert_eq!((asked.status, asked.header("allow")), (405, Some("POST, OPTIONS")));
    let json = send("POST", &url, &[BRIDGE, "Content-Type: application/json"], r#"{"grant_type":"client_credentials"}"#);
    assert_eq!(json.status, 200, "{json:?}");
    assert!(server.journal().last().unwrap().notes[0].contains("RFC 6749"));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_come_back_with_a_code_that_is_good_once() {
    let server = ferry().await;
    // The verifier and challenge of RFC 7636, appendix B.
    let challenge = "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let query = format!("response_type=code&client_id=pier&redirect_uri=http%3A%2F%2Flocalhost%2Fback%3Fa%3Db&state=s%26t&{challenge}");
    let ask = |query: &str| send("GET", &format!("{}/ferry/oauth/authorize?{query}", server.url()), &[], "");
    let reply = ask(&query);
    assert_eq!(reply.status, 302, "{reply:?}");
    let location = reply.header("location").unwrap();
    let code = location.strip_prefix("http://localhost/back?a=b&code=").and_then(|rest| rest.strip_suffix("&state=s%26t"));
    let code = code.unwrap_or_else(|| panic!("{location}"));
    let form = |verifier: &str, redirect: &str| {
        format!("grant_type=authorization_code&client_id=pier&code={code}&redirect_uri={redirect}&code_verifier={verifier}")
    };
    let back = "http%3A%2F%2Flocalhost%2Fback%3Fa%3Db";
    assert_eq!(token(&server, &[], &form("wrong", back)).json()["error"], "invalid_grant");
    assert_eq!(token(&server, &[], &form(verifier, "http%3A%2F%2Felsewhere")).json()["error"], "invalid_grant");
    let got = token(&server, &[], &form(verifier, back));
    assert_eq!(got.json()["scope"], "crossings:read crossings:write", "{got:?}");
    assert_eq!(list(&server, &text(&got.json(), "access_token")).status, 200);
    assert_eq!(token(&server, &[], &form(verifier, back)).json()["error"], "invalid_grant");
    let wrong = ask("response_type=token&client_id=pier&redirect_uri=http%3A%2F%2Flocalhost&state=1");
    assert!(wrong.header("location").unwrap().starts_with("http://localhost#error=unsupported_response_type"), "{wrong:?}");
    for query in
        ["response_type=code&redirect_uri=http%3A%2F%2Fa", "response_type=code&client_id=pier", "client_id=x&redirect_uri=http%3A%2F%2Fa"]
    {
        assert_eq!(ask(query).status, 400, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_tells_of_tokens_without_telling_them() {
    let server = ferry().await;
    let body = token(&server, &[], "grant_type=client_credentials&client_id=bridge&client_secret=sextant").json();
    let entry = server.journal().last().unwrap();
    assert_eq!((entry.step.as_str(), entry.operation.as_deref(), entry.provider.as_deref()), ("token", None, Some("ferry")));
    let shown = serde_json::to_string(&entry).unwrap();
    for secret in ["sextant", &text(&body, "access_token"), &text(&body, "refresh_token")] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    token(&server, &[BRIDGE], "grant_type=barter");
    assert_eq!(server.journal().last().unwrap().rejection.map(|rejection| rejection.rule), Some("unsupported-grant-type".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sandbox_gives_out_its_own_tokens() {
    let server = ferry().await;
    let access = text(&token(&server, &[BRIDGE], "grant_type=client_credentials").json(), "access_token");
    let red = server.named_sandbox("red").unwrap();
    red.credentials().change("ferry", "captain", mock_server::SchemeChange { closed: Some(true), ..Default::default() }).unwrap();
    let header = format!("Authorization: Bearer {access}");
    assert_eq!(send("GET", &format!("{}/crossings", red.base_url("ferry")), &[&header], "").status, 401);
    let url = format!("{}/~red/ferry/oauth/token", server.url());
    let own = text(&send("POST", &url, &[BRIDGE, FORM], "grant_type=client_credentials").json(), "access_token");
    assert_eq!(own, access, "the same seed and number give the same token");
    assert_eq!(send("GET", &format!("{}/crossings", red.base_url("ferry")), &[&header], "").status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_how_to_get_a_token() {
    let server = ferry().await;
    let provider = server.providers().remove(0);
    assert_eq!(provider.token_url, Some(format!("{}/ferry/oauth/token", server.url())));
    let curl = provider.token_curl.unwrap();
    assert_eq!(curl, format!("curl -u bridge:sextant --data-urlencode grant_type=client_credentials {}/ferry/oauth/token", server.url()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_gets_a_token_where_only_people_would() {
    let text = "openapi: 3.0.3\ninfo: {title: Buoys, version: '1'}\npaths: {}\ncomponents: {securitySchemes: {key: {type: oauth2, flows: \
        {authorizationCode: {authorizationUrl: 'https://a.example/in', tokenUrl: 'https://a.example/token', scopes: {see: See}}}}}}\n";
    let server = MockServer::builder().source(Source::new("buoy", "buoy.yaml", text.to_owned())).document("buoy").start().await.unwrap();
    let url = format!("{}/buoy/token", server.url());
    let got = send("POST", &url, &[FORM], "grant_type=client_credentials&client_id=a");
    assert_eq!((got.status, &got.json()["scope"]), (200, &"see".into()), "{got:?}");
    assert!(server.journal().last().unwrap().notes[0].contains("no flow `clientCredentials`"));
    let other = send("POST", &url, &[FORM], "grant_type=password&username=a&password=b");
    assert_eq!(other.json()["error"], "unsupported_grant_type");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_keeps_the_methods_that_the_place_of_tokens_does_not_have() {
    let text = "openapi: 3.0.3\ninfo: {title: Locks, version: '1'}\npaths:\n  /token: {get: {responses: {'200': {description: ok}}}}\n\
        components: {securitySchemes: {oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {}}}}}}\n";
    let source = Source::new("locks", "locks.yaml", text.to_owned());
    let server = MockServer::builder().source(source).document("locks").start().await.unwrap();
    let url = format!("{}/token", server.base_url("locks"));
    assert_eq!(send("GET", &url, &[], "").status, 200);
    assert_eq!(send("POST", &url, &[BRIDGE, FORM], "grant_type=client_credentials").status, 200);
    assert_eq!(send("PUT", &url, &[], "").status, 405);
}
