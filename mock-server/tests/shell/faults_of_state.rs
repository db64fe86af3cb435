//! Faults that the state takes part in: reads that lag, writes that come twice, batches that fail in part, rows that go.

use std::time::Duration;

use mock_server::{Fault, MockServer, Sandbox};
use serde_json::{Value, json};
use specs::Source;

use crate::http::{Reply, get, orchard, post, send};

const PICKING: &str = r#"{"kilos":4}"#;

async fn start() -> MockServer {
    MockServer::builder().source(orchard()).document("orchard").start().await.unwrap()
}

fn pickings(base: &str, query: &str) -> Vec<Value> {
    get(&format!("{base}/trees/tree-07/pickings{query}")).json()["basket"].as_array().unwrap().clone()
}

fn pick(base: &str, headers: &[&str]) -> Reply {
    let url = format!("{base}/trees/tree-07/pickings");
    let all: Vec<&str> = [crate::http::KEY, "Content-Type: application/json"].into_iter().chain(headers.iter().copied()).collect();
    send("POST", &url, &all, PICKING)
}

fn advance(server: &MockServer, seconds: u64) {
    let url = format!("{}/sandboxes/default/clock", server.control_url().unwrap());
    let change = json!({ "mode": "frozen", "advance": seconds }).to_string();
    assert_eq!(send("PUT", &url, &["Content-Type: application/json"], &change).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_lag_for_a_time() {
    let server = start().await;
    let base = server.base_url("orchard");
    advance(&server, 0);
    server.inject(Fault::stale(Duration::from_secs(2))).unwrap();
    let made = pick(&base, &[]);
    let own = format!("{base}/pickings/{}", made.json()["ref"].as_str().unwrap());
    assert_eq!((get(&own).status, pickings(&base, "").len()), (404, 1));
    assert!(server.journal().last().unwrap().faults[0].starts_with("stale="));
    advance(&server, 1);
    assert_eq!(get(&own).status, 404);
    advance(&server, 1);
    assert_eq!((get(&own).status, pickings(&base, "").len()), (200, 2));
    assert!(server.journal().last().unwrap().faults.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_write_can_be_hidden_from_so_many_reads() {
    let server = start().await;
    let base = server.base_url("orchard");
    assert_eq!(pick(&base, &["X-Mock-Fault: stale=2"]).status, 201);
    let seen: Vec<_> = (0..3).map(|_| pickings(&base, "").len()).collect();
    assert_eq!(seen, [1, 1, 2]);
    assert_eq!(pick(&base, &[]).status, 201);
    assert_eq!(pickings(&base, "").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_can_lag_behind_what_is_found_by_its_id() {
    let server = start().await;
    let base = server.base_url("orchard");
    server.inject(Fault::stale_reads(1).on("list_pickings")).unwrap();
    let made = pick(&base, &[]).json()["ref"].as_str().unwrap().to_owned();
    assert_eq!(pickings(&base, "").len(), 1);
    assert_eq!(get(&format!("{base}/pickings/{made}")).status, 200);
    assert_eq!(pickings(&base, "").len(), 2);
    assert_eq!(pick(&base, &[]).status, 201);
    server.clear_faults();
    assert_eq!(pickings(&base, "").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_can_be_done_twice() {
    let server = start().await;
    let base = server.base_url("orchard");
    server.inject(Fault::duplicate().times(2)).unwrap();
    assert_eq!(pickings(&base, "").len(), 1);
    assert_eq!((pick(&base, &[]).status, pickings(&base, "").len()), (201, 3));
    let gone = send("DELETE", &format!("{base}/pickings/pick-001"), &[crate::http::KEY], "");
    assert_eq!(gone.status, 404, "the second of the two finds nothing");
    let entries = server.journal().entries();
    let marks: Vec<_> = entries.iter().map(|entry| (entry.response.status, entry.faults.len())).collect();
    assert_eq!(marks, [(200, 0), (201, 1), (201, 1), (200, 0), (204, 1), (404, 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_acknowledgement_and_its_repetition_make_two() {
    let server = start().await;
    let base = server.base_url("orchard");
    server.inject(Fault::lost().on("pickFruit").times(1)).unwrap();
    let (authority, target) = crate::http::split(&format!("{base}/trees/tree-07/pickings"));
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: x\r\n{}\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n",
        crate::http::KEY
    );
    let mut stream = std::net::TcpStream::connect(authority).unwrap();
    std::io::Write::write_all(&mut stream, (head + PICKING).as_bytes()).unwrap();
    assert_eq!(std::io::Read::read_to_end(&mut stream, &mut Vec::new()).unwrap_or(0), 0);
    assert_eq!((pick(&base, &[]).status, pickings(&base, "").len()), (201, 3));
}

fn five(sandbox: &Sandbox<'_>) -> String {
    let base = sandbox.base_url("orchard");
    for _ in 0..4 {
        assert_eq!(pick(&base, &[]).status, 201);
    }
    base
}

fn refs(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["ref"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_vanish_between_pages() {
    let server = start().await;
    let sandbox = server.named_sandbox("walk").unwrap();
    let base = five(&sandbox);
    let all = refs(&pickings(&base, ""));
    sandbox.inject(Fault::vanish(1).times(1)).unwrap();
    let pages: Vec<_> = (1..=3).map(|page| refs(&pickings(&base, &format!("?per_page=2&page={page}")))).collect();
    assert_eq!(pages, [all[..2].to_vec(), all[3..].to_vec(), vec![]], "the third is passed over, as the second went");
    assert_eq!(sandbox.state().rows("orchard", "pickings").len(), 4);
    let marks: Vec<_> = sandbox.journal().entries().iter().skip(5).map(|entry| entry.faults.len()).collect();
    assert_eq!(marks, [0, 1, 0]);
}

const CRATES: &str = r"
openapi: 3.0.3
info: {title: Crates, version: '1'}
paths:
  /crates:
    post:
      operationId: pack
      x-resource: {name: crates, action: create}
      x-mock:
        each: request.body.names
        set: {name: item}
        respond: {/packed: {each: results, set: {name: item.item, ok: item.ok}}}
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [names], properties: {names: {type: array, items: {type: string}}}}}}}
      responses: {'200': {description: done, content: {application/json: {schema: {type: object, required: [packed], properties: {packed: {type: array, items: {type: object}}}}}}}}
  /crates/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: open
      responses: {'200': {description: one, content: {application/json: {schema: {type: object, properties: {id: {type: string}, name: {type: string}}}}}}}
";

#[tokio::test(flavor = "multi_thread")]
async fn some_of_a_batch_fail_in_the_vendors_words() {
    let server =
        MockServer::builder().source(Source::new("crates", "crates.yaml", CRATES.to_owned())).document("crates").start().await.unwrap();
    let pack = |names: Value| post(&format!("{}/crates", server.base_url("crates")), &json!({ "names": names }).to_string());
    server.inject(Fault::fail_items(1).times(1)).unwrap();
    let reply = pack(json!(["a", "b", "c", "d"]));
    let packed = reply.json()["packed"].as_array().unwrap_or_else(|| panic!("{reply:?}")).clone();
    assert_eq!(packed.iter().filter(|one| one["ok"] == json!(false)).count(), 1, "{packed:?}");
    assert_eq!(server.state().rows("crates", "crates").len(), 3);
    assert_eq!(server.journal().last().unwrap().faults, ["fail_items=1 (rule `fault-1`)"]);
    assert_eq!(pack(json!(["e"])).json()["packed"], json!([{ "name": "e", "ok": true }]));
    server.inject(Fault::written("fail_items=50%; times=1")).unwrap();
    let half = pack(json!(["f", "g"])).json()["packed"].as_array().unwrap().clone();
    assert_eq!(half.iter().filter(|one| one["ok"] == json!(false)).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_picks_the_same_requests() {
    let mut runs = Vec::new();
    for seed in [3, 3, 4] {
        let server = MockServer::builder().source(orchard()).document("orchard").seed(seed).fault(Fault::profile("flaky").only_reads());
        let server = server.start().await;
        let error = server.err().map(|error| error.to_string());
        assert_eq!(error, None);
        let server = MockServer::builder().source(orchard()).document("orchard").seed(seed).fault(Fault::status(503).probability(0.4));
        let server = server.start().await.unwrap();
        let url = format!("{}/pickings/pick-001", server.base_url("orchard"));
        runs.push((0..30).map(|_| get(&url).status).collect::<Vec<_>>());
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}
