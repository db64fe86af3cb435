//! Isolated worlds.

use mock_server::MockServer;

use crate::http::{KEY, get, orchard, post, send, start};

const PICKING: &str = r#"{"kilos":4}"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_one_sandbox_creates_no_other_sees() {
    let server = start().await;
    let (red, green) = (server.sandbox("red").unwrap(), server.sandbox("green").unwrap());
    let created = post(&format!("{}/trees/tree-07/pickings", red.base_url("orchard")), PICKING);
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(red.state().rows("orchard", "pickings").len(), 2);
    assert_eq!(green.state().rows("orchard", "pickings").len(), 1);
    assert_eq!(server.state().rows("orchard", "pickings").len(), 1);
    assert_eq!((red.journal().entries().len(), green.journal().entries().len(), server.journal().entries().len()), (1, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn path_and_header_name_the_same_sandbox() {
    let server = start().await;
    let list = "/trees/tree-07/pickings";
    let created = post(&format!("{}{list}", server.sandbox("red").unwrap().base_url("orchard")), PICKING);
    assert_eq!(created.status, 201);
    let listed = send("GET", &format!("{}{list}", server.base_url("orchard")), &[KEY, "X-Mock-Sandbox: red"], "");
    assert_eq!(listed.json()["basket"].as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tilde_may_be_escaped() {
    let server = start().await;
    let base = server.sandbox("red").unwrap().base_url("orchard").replace('~', "%7E");
    assert_eq!(get(&format!("{base}/pickings/pick-001")).status, 200);
    assert_eq!(server.sandbox("red").unwrap().journal().entries().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_none_is_explained() {
    let server = start().await;
    let reply = send("GET", &format!("{}/pickings/pick-001", server.base_url("orchard")), &[KEY, "X-Mock-Sandbox: a b"], "");
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("`a b` cannot name a sandbox"), "{reply:?}");
    assert!(server.sandbox("a b").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_sandboxes_are_refused_and_the_old_ones_stay() {
    let server = MockServer::builder().source(orchard()).document("orchard").max_sandboxes(2).start().await.unwrap();
    let call = |name: &str| get(&format!("{}/~{name}/orchard/garden/v2/pickings/pick-001", server.url()));
    assert_eq!((call("one").status, call("two").status), (200, 200));
    let third = call("three");
    assert_eq!(third.status, 507);
    assert!(third.body.contains("2 sandboxes"), "{third:?}");
    assert_eq!((call("one").status, call("default").status), (200, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_makes_a_sandbox_as_it_was_at_start() {
    let server = start().await;
    let sandbox = server.sandbox("red").unwrap();
    let start = sandbox.state().export();
    assert_eq!(post(&format!("{}/trees/tree-07/pickings", sandbox.base_url("orchard")), PICKING).status, 201);
    assert_ne!(sandbox.state().export(), start);
    sandbox.state().reset();
    assert_eq!(sandbox.state().export(), start);
    assert!(sandbox.journal().entries().is_empty());
}
