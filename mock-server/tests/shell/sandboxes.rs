//! Isolated worlds.

use mock_server::MockServer;
use serde_json::{Value, json};

use crate::{
    barge::{control, done},
    http::{KEY, Line, get, orchard, post, send, start},
};

const PICKING: &str = r#"{"kilos":4}"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_one_sandbox_creates_no_other_sees() {
    let server = start().await;
    let (red, green) = (server.named_sandbox("red").unwrap(), server.named_sandbox("green").unwrap());
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
    let created = post(&format!("{}{list}", server.named_sandbox("red").unwrap().base_url("orchard")), PICKING);
    assert_eq!(created.status, 201);
    let listed = send("GET", &format!("{}{list}", server.base_url("orchard")), &[KEY, "X-Mock-Sandbox: red"], "");
    assert_eq!(listed.json()["basket"].as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tilde_may_be_escaped() {
    let server = start().await;
    let base = server.named_sandbox("red").unwrap().base_url("orchard").replace('~', "%7E");
    assert_eq!(get(&format!("{base}/pickings/pick-001")).status, 200);
    assert_eq!(server.named_sandbox("red").unwrap().journal().entries().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_none_is_explained() {
    let server = start().await;
    let reply = send("GET", &format!("{}/pickings/pick-001", server.base_url("orchard")), &[KEY, "X-Mock-Sandbox: a b"], "");
    assert_eq!(reply.status, 400);
    assert!(reply.body.contains("`a b` cannot name a sandbox"), "{reply:?}");
    assert!(server.named_sandbox("a b").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_that_is_idle_longest_makes_room_and_its_successor_says_so() {
    let server = MockServer::builder().source(orchard()).document("orchard").max_sandboxes(2).start().await.unwrap();
    let call = |name: &str| get(&format!("{}/~{name}/orchard/garden/v2/pickings/pick-001", server.url())).status;
    assert_eq!(["one", "two", "one", "three", "default"].map(call), [200; 5]);
    let list = done(&server, "GET", "/sandboxes", &Value::Null);
    let names = |key: &str| list[key].as_array().unwrap().iter().map(|one| one["name"].clone()).collect::<Vec<_>>();
    assert_eq!((names("sandboxes"), names("evicted")), (vec!["default".into(), "one".into(), "three".into()], vec!["two".into()]));
    assert_eq!(list["evicted"][0]["reason"], "count");
    assert_eq!(call("two"), 200);
    let entry = server.named_sandbox("two").unwrap().journal().last().unwrap();
    assert!(entry.notes[0].contains("an earlier sandbox of this name") && entry.notes[0].contains("--max-sandboxes"), "{entry:?}");
    assert_eq!(call("two"), 200);
    assert!(server.named_sandbox("two").unwrap().journal().last().unwrap().notes.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_that_a_handle_holds_stays_and_then_there_is_no_room() {
    let server = MockServer::builder().source(orchard()).document("orchard").max_sandboxes(1).start().await.unwrap();
    let held = server.named_sandbox("one").unwrap();
    let refused = get(&format!("{}/~two/orchard/garden/v2/pickings/pick-001", server.url()));
    assert_eq!(refused.status, 507);
    assert!(refused.body.contains("1 sandboxes") && refused.body.contains("--max-sandboxes"), "{refused:?}");
    assert_eq!(control(&server, "GET", "/sandboxes/two/clock", &Value::Null).status, 507);
    drop(held);
    assert_eq!(get(&format!("{}/~two/orchard/garden/v2/pickings/pick-001", server.url())).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_memory_is_taken_old_sandboxes_go_and_then_no_more_is_written() {
    let server = MockServer::builder().source(orchard()).document("orchard").max_memory(400_000).start().await.unwrap();
    let create = |name: &str| {
        let body = json!({ "kilos": 1, "remark": "r".repeat(190) }).to_string();
        post(&format!("{}/~{name}/orchard/garden/v2/trees/tree-07/pickings", server.url()), &body).status
    };
    let all = |name: &str| (0..40).map(|_| create(name)).collect::<Vec<_>>();
    for number in 0..12 {
        assert_eq!(all(&number.to_string()), [201; 40]);
    }
    let list = done(&server, "GET", "/sandboxes", &Value::Null);
    assert!(list["bytes"].as_u64() <= list["max_bytes"].as_u64(), "{list}");
    let evicted: Vec<_> = list["evicted"].as_array().unwrap().iter().map(|one| (one["name"].clone(), one["reason"].clone())).collect();
    assert_eq!(evicted[0], ("0".into(), "memory".into()));
    assert!(list["sandboxes"].as_array().unwrap().iter().any(|one| one["name"] == "11"));
    let refused = (0..4_000).map(|_| create("default")).find(|status| *status != 201);
    assert_eq!(refused, Some(507));
    let entry = server.journal().last().unwrap();
    assert!(entry.rejection.unwrap().help.contains("--max-memory"));
    assert_eq!(get(&format!("{}/~default/orchard/garden/v2/pickings/pick-001", server.url())).status, 200);
    server.state().reset();
    assert_eq!(create("default"), 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_sandboxes_each_keep_their_own_row() {
    let server = start().await;
    let mut line = Line::to(&server);
    for number in 0..10_000 {
        let body = json!({ "kilos": number + 1 }).to_string();
        let target = format!("/~box-{number}/orchard/garden/v2/trees/tree-07/pickings");
        assert_eq!(line.send("POST", &target, &[KEY, "Content-Type: application/json"], &body).status, 201);
    }
    for number in (0..10_000).rev() {
        let reply = line.send("GET", &format!("/~box-{number}/orchard/garden/v2/pickings/pick-002"), &[KEY], "");
        assert_eq!(reply.json()["kilos"], json!(number + 1));
    }
    let list = done(&server, "GET", "/sandboxes", &Value::Null);
    assert_eq!((list["sandboxes"].as_array().map(Vec::len), list["evicted"].as_array().map(Vec::len)), (Some(10_001), Some(0)));
    assert_eq!(list["sandboxes"][10_000]["rows"], json!(4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_is_made_changed_and_forgotten_by_the_control_api() {
    let server = start().await;
    let change = json!({ "seed": 7, "clock": { "mode": "frozen", "now": "2026-01-01T00:00:00Z" }, "limits": { "enforcement": "on" } });
    for _ in 0..2 {
        let made = done(&server, "PUT", "/sandboxes/red", &change);
        assert_eq!((made["seed"].as_u64(), made["clock"]["now"].as_str()), (Some(7), Some("2026-01-01T00:00:00Z")));
    }
    assert_eq!(done(&server, "PUT", "/sandboxes/red", &json!({}))["seed"], 7);
    assert_eq!(control(&server, "PUT", "/sandboxes/red", &json!({ "seed": 8, "clock": { "advance": 1e30 } })).status, 400);
    assert_eq!(done(&server, "GET", "/sandboxes/red", &Value::Null)["seed"], 7);
    assert_eq!(control(&server, "DELETE", "/sandboxes/red", &Value::Null).status, 204);
    assert_eq!(control(&server, "GET", "/sandboxes/red", &Value::Null).status, 404);
    assert_eq!(control(&server, "DELETE", "/sandboxes/red", &Value::Null).status, 404);
    assert_eq!(control(&server, "PUT", "/sandboxes/a%20b", &json!({})).status, 400);
    done(&server, "PUT", "/sandboxes/default", &json!({ "seed": 9 }));
    assert_eq!(control(&server, "DELETE", "/sandboxes/default", &Value::Null).status, 204);
    assert_eq!(done(&server, "GET", "/sandboxes/default", &Value::Null)["seed"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_goes_on_where_the_original_was_and_neither_sees_the_other() {
    let server = start().await;
    let red = server.named_sandbox("red").unwrap();
    red.freeze("2026-01-01T00:00:00Z".parse().unwrap());
    let pick =
        |name: &str| post(&format!("{}/~{name}/orchard/garden/v2/trees/tree-07/pickings", server.url()), PICKING).json()["ref"].clone();
    assert_eq!(pick("red"), "pick-002");
    let copy = done(&server, "POST", "/sandboxes/red/fork", &json!({ "to": "copy" }));
    assert_eq!((copy["name"].as_str(), copy["exchanges"].as_u64(), copy["rows"].as_u64()), (Some("copy"), Some(0), Some(4)));
    assert_eq!(copy["clock"]["now"], "2026-01-01T00:00:00Z");
    assert_eq!((pick("red"), pick("copy"), pick("red")), ("pick-003".into(), "pick-003".into(), "pick-004".into()));
    assert_eq!(control(&server, "POST", "/sandboxes/red/fork", &json!({ "to": "copy" })).status, 409);
    assert_eq!(control(&server, "POST", "/sandboxes/nobody/fork", &json!({ "to": "x" })).status, 404);
    done(&server, "POST", "/sandboxes/red/faults", &json!([{ "operation": "list_pickings", "status": 503 }]));
    let third = red.fork("third").unwrap();
    assert_eq!(get(&format!("{}/trees/tree-07/pickings", third.base_url("orchard"))).status, 503);
    assert_eq!(third.state().export(), red.state().export());
    assert!(red.fork("third").is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_makes_a_sandbox_as_it_was_at_start() {
    let server = start().await;
    let sandbox = server.named_sandbox("red").unwrap();
    let start = sandbox.state().export();
    assert_eq!(post(&format!("{}/trees/tree-07/pickings", sandbox.base_url("orchard")), PICKING).status, 201);
    assert_ne!(sandbox.state().export(), start);
    sandbox.state().reset();
    assert_eq!(sandbox.state().export(), start);
    assert!(sandbox.journal().entries().is_empty());
}
