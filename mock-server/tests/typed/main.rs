//! The control API by a typed client that is made from the committed document: what the document says is what it does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use control_client::control_openapi::{
    Client, Credentials,
    types::{ClockChange, ClockMode, Count, Expectation, FaultRuleInput, FaultRules, Fork, SchemeChange, VerifyRequest},
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

/// The status of reading the item that is there from the start, in a sandbox.
async fn read(server: &MockServer, sandbox: &str) -> u16 {
    let url = format!("{}/~{sandbox}/pickings/pick-001", server.url());
    reqwest::Client::new().get(url).header("x-gate-word", "apple o'clock").send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suite_prepares_a_sandbox_and_is_told_what_came() {
    let (server, client) = start().await;
    let rule = FaultRules::from(FaultRuleInput::new().id("calm").operation("show_picking").status(503).times(1));
    assert_eq!(client.add_faults("red", &rule).await.unwrap()[0].id, "calm");
    assert_eq!((read(&server, "red").await, read(&server, "red").await), (503, 200));
    client.seed_rows("orchard", "pickings", "red", &[]).await.unwrap();
    assert_eq!(read(&server, "red").await, 404);
    let twice = Expectation::new().operation("show_picking").count(Count::new().exactly(2));
    let asked = VerifyRequest::new().expectations([twice]);
    let found = client.verify("red", &asked).await.unwrap();
    assert!(!found.verified && found.expectations[0].matching == [1, 2, 3], "{found:?}");
    assert!(client.verify("red", &asked).fail(true).await.unwrap_err().is_conflict());
    client.fork_sandbox("red", &Fork::new("blue")).await.unwrap();
    assert_eq!((read(&server, "blue").await, read(&server, "blue").await), (503, 404));
    let entries = client.list_exchanges("red").faulty(true).await.unwrap().into_inner().entries;
    assert_eq!(entries.iter().map(|entry| entry.number).collect::<Vec<_>>(), [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_is_refused_once_and_a_refusal_says_why() {
    let (server, client) = start().await;
    client.set_scheme("orchard", "red", "gate", &SchemeChange::new().refuse(1)).await.unwrap();
    assert_eq!((read(&server, "red").await, read(&server, "red").await), (401, 200));
    let entry = client.get_exchange(1, "red").await.unwrap();
    assert_eq!(entry.step, "authenticate");
    assert!(client.get_exchange(7, "red").await.unwrap_err().is_not_found());
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_shown_alike_however_they_were_written() {
    let (_server, client) = start().await;
    assert!(client.list_fault_profiles().await.unwrap().iter().any(|profile| profile.rules[0].status == Some(503)));
    client.add_faults("red", &FaultRules::from("status=503; probability=8%; times=2")).await.unwrap();
    let rule = &client.list_faults("red").await.unwrap()[0].rule;
    assert_eq!((rule.status, rule.probability, rule.times), (Some(503), Some(0.08), Some(2)));
}
