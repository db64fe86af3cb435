//! HTTP/2: it says elsewhere what HTTP/1.1 says, and means the same.

use http::{Method, Request, StatusCode, Version, header};
use mock_server::MockServer;
use specs::Source;

use crate::{
    client::{Client, Spoken},
    http::{orchard, start, telling},
};

const WORD: (&str, &str) = ("x-gate-word", "apple o'clock");

/// A mock of a document whose operation wants two cookies, and tells where what it makes is.
async fn cookies() -> MockServer {
    let text = "
openapi: 3.0.3
info: {title: Kites, version: '1'}
servers: [{url: https://kites.example}]
security: [{string: []}]
components:
  securitySchemes: {string: {type: apiKey, in: cookie, name: string}}
paths:
  /kites:
    get:
      parameters: [{name: wind, in: cookie, required: true, schema: {type: integer}}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object}, example: {flies: true}}}}
        '400': {description: no}
        '401': {description: no}
";
    MockServer::builder().source(Source::new("kites", "kites.yaml", text.to_owned())).root("kites").start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_listeners_speak_it_to_clients_that_know_so() {
    let server = start().await;
    let client = Client::new(None, Spoken::Two);
    let url = format!("{}/pickings/pick-001", server.base_url("orchard"));
    let reply = client.send(Request::get(&url).header(WORD.0, WORD.1).body("").unwrap()).await;
    assert_eq!((reply.status(), reply.version()), (StatusCode::OK, Version::HTTP_2));
    let health = client.send(Request::get(format!("{}/health", server.control_url().unwrap())).body("").unwrap()).await;
    assert_eq!((health.status(), health.version()), (StatusCode::OK, Version::HTTP_2));
    assert_eq!(server.journal().defects(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_item_is_where_the_authority_says_in_a_sandbox_too() {
    let server = MockServer::builder().source(telling()).document("orchard").start().await.unwrap();
    let sandbox = server.named_sandbox("red").unwrap();
    for spoken in [Spoken::One, Spoken::Two] {
        let url = format!("{}/trees/tree-07/pickings", sandbox.base_url("orchard"));
        let request = Request::post(&url).header(WORD.0, WORD.1).header(header::CONTENT_TYPE, "application/json");
        let client = Client::new(None, spoken);
        let made = client.send(request.body(r#"{"kilos":5}"#).unwrap()).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        let location = made.headers()[header::LOCATION].to_str().unwrap();
        assert!(location.starts_with(&sandbox.base_url("orchard")), "{spoken:?} {location}");
        let read = client.send(Request::get(location).header(WORD.0, WORD.1).body("").unwrap()).await;
        assert_eq!(read.status(), StatusCode::OK, "{spoken:?} {location}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_has_the_host_and_the_target_as_a_path() {
    let server = start().await;
    let url = format!("{}/pickings/pick-001", server.base_url("orchard"));
    Client::new(None, Spoken::Two).send(Request::get(&url).header(WORD.0, WORD.1).body("").unwrap()).await;
    let entry = server.journal().last().unwrap();
    assert_eq!(entry.request.target, "/orchard/garden/v2/pickings/pick-001");
    let host = entry.request.message.headers.iter().find(|header| header.name == "host").unwrap();
    assert_eq!(format!("http://{}", host.value), server.url());
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_may_come_in_a_field_each() {
    let server = cookies().await;
    for (fields, expected) in [
        (&["string=s; wind=7"][..], StatusCode::OK),
        (&["string=s", "wind=7"], StatusCode::OK),
        (&["wind=7", "string=s"], StatusCode::OK),
        (&["wind=7"], StatusCode::UNAUTHORIZED),
        (&["string=s"], StatusCode::BAD_REQUEST),
    ] {
        let request = Request::get(format!("{}/kites", server.url()));
        let request = fields.iter().fold(request, |request, field| request.header(header::COOKIE, *field));
        let reply = Client::new(None, Spoken::Two).send(request.body("").unwrap()).await;
        assert_eq!(reply.status(), expected, "{fields:?} {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_and_a_long_body_end_well() {
    let server = MockServer::builder().source(orchard()).document("orchard").max_body(100).start().await.unwrap();
    let client = Client::new(None, Spoken::Two);
    let url = format!("{}/pickings/pick-001", server.base_url("orchard"));
    let request = Request::builder().method(Method::HEAD).uri(&url).header(WORD.0, WORD.1);
    let head = client.send(request.body("").unwrap()).await;
    assert_eq!((head.status(), head.body().as_str()), (StatusCode::OK, ""));
    let request = Request::post(format!("{}/trees/tree-07/pickings", server.base_url("orchard"))).header(WORD.0, WORD.1);
    let long = client.send(request.header(header::CONTENT_TYPE, "application/json").body("x".repeat(300).as_str()).unwrap()).await;
    assert_eq!(long.status(), StatusCode::PAYLOAD_TOO_LARGE);
}
