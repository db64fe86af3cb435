//! A mock of the fixture with limits, and its control API.

use mock_server::{Builder, MockServer};
use serde_json::Value;
use specs::Source;

use crate::http::{Reply, send};

/// When the clock of these mocks stands still: 13 seconds before midnight.
pub(crate) const LATE: &str = "2028-02-28T23:59:47Z";

pub(crate) fn builder() -> Builder {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/barge.yaml");
    MockServer::builder().source(Source::read(path.as_ref()).unwrap()).document("barge")
}

/// A mock whose clock stands still.
pub(crate) async fn start() -> MockServer {
    builder().clock(LATE.parse().unwrap()).start().await.unwrap()
}

/// A request with the ticket of the fixture.
pub(crate) fn call(server: &MockServer, method: &str, path: &str, body: &str) -> Reply {
    call_as(server, "tk-aa", method, path, body)
}

pub(crate) fn call_as(server: &MockServer, ticket: &str, method: &str, path: &str, body: &str) -> Reply {
    send(method, &format!("{}{path}?ticket={ticket}", server.base_url("barge")), &["Content-Type: application/json"], body)
}

/// A request to the control API.
pub(crate) fn control(server: &MockServer, method: &str, path: &str, body: &Value) -> Reply {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let reply = send(method, &format!("{}{path}", server.control_url().unwrap()), &["Content-Type: application/json"], &body);
    assert!(reply.status != 500, "{reply:?}");
    reply
}

/// The same, of which a success is expected.
pub(crate) fn done(server: &MockServer, method: &str, path: &str, body: &Value) -> Value {
    let reply = control(server, method, path, body);
    assert!((200..300).contains(&reply.status), "{method} {path}: {reply:?}");
    if reply.body.is_empty() { Value::Null } else { reply.json() }
}
