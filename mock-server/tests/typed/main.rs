//! The control API by a typed client that is made from the committed document: what the document says is what it does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use control_client::control_openapi::{
    Client, Credentials,
    types::{ClockChange, ClockMode},
};
use mock_server::MockServer;

async fn start() -> (MockServer, Client) {
    let server = MockServer::start(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/orchard.yaml")).await.unwrap();
    let client = Client::new(Credentials::none()).with_base_url(server.control_url().unwrap());
    (server, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_stands_and_is_put_forward() {
    let (_server, client) = start().await;
    let clock = client.set_clock("red", &ClockChange::new().mode(ClockMode::Frozen).now("2028-02-29T00:00:00Z")).await.unwrap();
    assert_eq!((&clock.mode, clock.now.to_string().as_str()), (&ClockMode::Frozen, "2028-02-29T00:00:00Z"));
    let clock = client.set_clock("red", &ClockChange::new().advance(86_400.0)).await.unwrap();
    assert_eq!(clock.now.to_string(), "2028-03-01T00:00:00Z");
    assert_eq!(client.get_clock("red").await.unwrap().now, clock.now);
}
