//! Pages from another origin.

use mock_server::{Cors, MockServer};
use specs::Source;

use crate::http::{KEY, control, orchard, send, start};

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

/// A mock of the fixture alone that lets these pages in.
async fn allowing(cors: Cors) -> MockServer {
    MockServer::builder().source(orchard()).document("orchard").cors(cors).start().await.unwrap()
}

fn item(server: &MockServer) -> String {
    format!("{}/pickings/pick-001", server.base_url("orchard"))
}

const PREFLIGHT: &str = "Access-Control-Request-Method: GET";

#[tokio::test(flavor = "multi_thread")]
async fn every_header_of_a_response_may_be_read() {
    let server = start().await;
    let reply = send("GET", &format!("{}/pickings/nope", server.base_url("orchard")), &[KEY, ORIGIN], "");
    let exposed: Vec<_> = reply.header("access-control-expose-headers").unwrap().split(", ").collect();
    for name in ["x-mock-problem", "x-mock-help", "x-request-id", "content-type"] {
        assert!(exposed.contains(&name) && reply.header(name).is_some(), "{name} {reply:?}");
    }
    let all = reply.headers.iter().map(|(name, _)| name.as_str());
    let own = |name: &&str| !name.starts_with("access-control-") && !["vary", "connection"].contains(name);
    for name in all.filter(own) {
        assert!(exposed.contains(&name), "{name} {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_is_granted_where_the_request_will_be_refused() {
    let server = start().await;
    for path in ["/nobody/at/all", "/orchard/garden/v2/nothing", "/~not%20a%20name/orchard/garden/v2/pickings/pick-001"] {
        let url = format!("{}{path}", server.url());
        let asked = send("OPTIONS", &url, &["Origin: null", PREFLIGHT, "Access-Control-Request-Private-Network: true"], "");
        assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, Some("null")), "{path}");
        assert_eq!(asked.header("access-control-allow-private-network"), Some("true"));
        let refused = send("GET", &url, &[KEY, "Origin: null"], "");
        assert!(refused.status >= 400 && refused.header("access-control-allow-origin") == Some("null"), "{path} {refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_pages_that_are_listed_may() {
    let server = allowing(Cors::only(["http://localhost:5173", "https://app.example"]).unwrap()).await;
    for (origin, is_allowed) in
        [("http://localhost:5173", true), ("https://app.example", true), ("http://localhost:5174", false), ("null", false)]
    {
        let header = format!("Origin: {origin}");
        let preflight = send("OPTIONS", &item(&server), &[&header, PREFLIGHT], "");
        let read = send("GET", &item(&server), &[KEY, &header], "");
        let expected = is_allowed.then_some(origin);
        assert_eq!((preflight.status, read.status), (if is_allowed { 204 } else { 403 }, 200), "{origin}");
        for reply in [preflight, read] {
            assert_eq!(reply.header("access-control-allow-origin"), expected, "{origin} {reply:?}");
            assert_eq!(reply.header("access-control-allow-credentials"), expected.map(|_| "true"));
            assert!(reply.header("vary").unwrap().contains("origin"), "{reply:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_off_nothing_is_said_and_the_document_is_asked() {
    let server = allowing(Cors::Off).await;
    let preflight = send("OPTIONS", &item(&server), &[ORIGIN, PREFLIGHT], "");
    assert_eq!((preflight.status, preflight.header("allow")), (204, Some("GET, DELETE, HEAD, OPTIONS")), "{preflight:?}");
    assert_ne!(server.journal().last().unwrap().step, "cors");
    for reply in [preflight, send("GET", &item(&server), &[KEY, ORIGIN], "")] {
        assert!(!reply.headers.iter().any(|(name, _)| name.starts_with("access-control-")), "{reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_document_declares_itself_stays() {
    let origin = |schema: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: Kites, version: '1'}}\nservers: [{{url: https://kites.example}}]\npaths:\n  /kites:\n    get:\n      \
             security: []\n      responses: {{'200': {{description: ok, headers: {{Access-Control-Allow-Origin: {{schema: {schema}}}}}}}}}\n    \
             options:\n      security: []\n      responses: {{'200': {{description: ok, headers: {{Allow: {{schema: {{type: string, example: GET}}}}}}}}}}\n"
        )
    };
    for (schema, expected) in [
        ("{type: string, example: 'https://app.kites.example'}", "https://app.kites.example"),
        ("{type: string, enum: ['*']}", "*"),
        ("{type: string}", "http://localhost:5173"),
    ] {
        let source = Source::new("kites", "kites.yaml", origin(schema));
        let server = MockServer::builder().source(source).root("kites").start().await.unwrap();
        let url = format!("{}/kites", server.url());
        assert_eq!(send("GET", &url, &[ORIGIN], "").header("access-control-allow-origin"), Some(expected), "{schema}");
        let options = send("OPTIONS", &url, &[ORIGIN], "");
        assert_eq!((options.status, options.header("allow")), (200, Some("GET")), "{options:?}");
        assert_eq!(send("OPTIONS", &url, &[ORIGIN, PREFLIGHT], "").header("access-control-allow-origin"), Some("http://localhost:5173"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_api_is_for_pages_of_this_machine_unless_others_are_listed() {
    let any = start().await;
    let listed = allowing(Cors::only(["https://app.example"]).unwrap()).await;
    let off = allowing(Cors::Off).await;
    let own = control(&any).to_owned();
    for (server, origin, is_let_in) in [
        (&any, "http://localhost:5173", true),
        (&any, "http://[::1]:3000", true),
        (&any, any.url(), true),
        (&any, "https://evil.example", false),
        (&any, "null", false),
        (&listed, "https://app.example", true),
        (&listed, "http://localhost:5173", false),
        (&off, "http://localhost:5173", false),
    ] {
        let (header, expected) = (format!("Origin: {origin}"), is_let_in.then_some(origin));
        let preflight = send("OPTIONS", &format!("{}/state", control(server)), &[&header, PREFLIGHT], "");
        let read = send("GET", &format!("{}/state", control(server)), &[&header], "");
        let written = send("POST", &format!("{}/reset", control(server)), &[&header], "");
        let statuses = (preflight.status, read.status, written.status);
        assert_eq!(statuses, if is_let_in { (204, 200, 204) } else { (403, 403, 403) }, "{origin}");
        for reply in [preflight, read, written] {
            assert_eq!(reply.header("access-control-allow-origin"), expected, "{origin} {reply:?}");
        }
        for path in ["/nothing", "/state?sandbox=nobody", "/journal?limit=x"] {
            let refused = send("GET", &format!("{}{path}", control(server)), &[&header], "");
            assert_eq!(refused.header("access-control-allow-origin"), expected, "{origin} {path} {refused:?}");
        }
    }
    let own = send("POST", &format!("{own}/reset"), &[&format!("Origin: {own}")], "");
    assert_eq!((own.status, own.header("access-control-allow-origin")), (204, None));
}
