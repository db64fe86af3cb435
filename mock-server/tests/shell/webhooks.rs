//! What vendors send of their own accord, to a receiver that is none of the mock's.

use aws_lc_rs::digest::{self, Algorithm};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use mock_server::MockServer;
use serde_json::{Value, json};
use specs::Source;

use crate::{
    http::{Reply, get, post, send},
    receiver::{Got, Receiver},
};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/lighthouse.yaml");
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A mock of the fixture, seen from one sandbox.
struct World {
    server: MockServer,
    sandbox: &'static str,
}

impl World {
    async fn start() -> Self {
        let source = Source::read(FIXTURE.as_ref()).unwrap();
        let server = MockServer::builder().source(source).document("lighthouse").start().await.unwrap();
        assert_eq!(server.problems().map(|problem| problem.to_string()).collect::<Vec<_>>(), Vec::<String>::new());
        Self { server, sandbox: "default" }
    }

    fn control(&self, path: &str) -> String {
        format!("{}/sandboxes/{}{path}", self.server.control_url().unwrap(), self.sandbox)
    }

    fn subscribe(&self, wanted: &Value) -> Value {
        let reply = send("POST", &self.control("/webhooks/subscriptions"), &["Content-Type: application/json"], &wanted.to_string());
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.json()
    }

    fn call(&self, method: &str, path: &str, body: &str) -> Reply {
        send(method, &format!("{}{path}", self.server.base_url("lighthouse")), &["Content-Type: application/json"], body)
    }

    fn build(&self, body: &str) -> Value {
        let reply = self.call("POST", "/beacons", body);
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.json()
    }

    /// The deliveries, once there are so many and they have come to an end.
    fn settled(&self, query: &str) -> Vec<Value> {
        self.deliveries(&format!("wait=20&{query}"))
    }

    fn deliveries(&self, query: &str) -> Vec<Value> {
        let page = get(&self.control(&format!("/webhooks/deliveries?{query}"))).json();
        page["deliveries"].as_array().unwrap_or_else(|| panic!("{page}")).clone()
    }

    fn clock(&self, change: &Value) {
        let reply = send("PUT", &self.control("/clock"), &["Content-Type: application/json"], &change.to_string());
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}

/// HMAC as RFC 2104 defines it, from the bare hash.
fn hmac(hash: &'static Algorithm, key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = key.to_vec();
    block.resize(hash.block_len(), 0);
    let padded = |pad: u8| block.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>();
    let inner = digest::digest(hash, &[padded(0x36), text.to_vec()].concat());
    digest::digest(hash, &[padded(0x5C), inner.as_ref().to_vec()].concat()).as_ref().to_vec()
}

/// The signature that Standard Webhooks ask for.
fn standard(got: &Got, secret: &str) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let text = [got.header("webhook-id").as_bytes(), b".", got.header("webhook-timestamp").as_bytes(), b".", &got.body].concat();
    format!("v1,{}", STANDARD.encode(hmac(&digest::SHA256, &key, &text)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_described_webhook_is_sent_after_the_write_and_signed() {
    let (world, receiver) = (World::start().await, Receiver::start(&[]));
    world.subscribe(&json!({"url": receiver.url("/hook"), "secret": SECRET, "events": ["beaconCreated"], "headers": [{"name": "x-mine", "value": "1"}]}));
    let beacon = world.build(r#"{"name": "Old Head", "lumens": 90}"#);
    let got = receiver.next();
    assert_eq!(got.line, "POST /hook HTTP/1.1");
    assert_eq!((got.header("content-type"), got.header("x-lamp-event"), got.header("x-mine")), ("application/json", "built", "1"));
    let payload = got.json();
    assert_eq!((&payload["kind"], &payload["beacon"]), (&json!("beacon-built"), &beacon));
    assert_eq!(payload["eventId"], got.header("webhook-id"));
    assert_eq!(got.header("webhook-signature"), standard(&got, SECRET));
    let delivered = &world.settled("event=beaconCreated")[0];
    assert_eq!((&delivered["status"], &delivered["exchange"], &delivered["defects"]), (&json!("delivered"), &json!(1), &Value::Null));
    let attempt = &delivered["attempts"][0];
    assert_eq!(attempt["status"], 200);
    assert_eq!(attempt["signed"].as_str().unwrap().split('.').next().unwrap(), got.header("webhook-id"));
    assert_eq!(world.server.journal().defects(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_and_an_end_are_told_and_a_condition_is_kept() {
    let (world, receiver) = (World::start().await, Receiver::start(&[]));
    world.subscribe(&json!({"url": receiver.url("/"), "events": ["beacon.dimmed", "beaconDeleted"]}));
    let id = world.build(r#"{"name": "Old Head", "lumens": 90}"#)["id"].as_str().unwrap().to_owned();
    for lumens in ["99", "60"] {
        assert_eq!(world.call("PATCH", &format!("/beacons/{id}"), &format!("{{\"lumens\": {lumens}}}")).status, 200);
    }
    assert_eq!(world.call("DELETE", &format!("/beacons/{id}"), "").status, 204);
    let dimmed = receiver.next();
    assert_eq!(dimmed.json(), json!({"what": "beacon.dimmed", "coast": "north", "beacon": "Old Head", "fell_by": 39, "kind": "alarm"}));
    assert_eq!(dimmed.header("x-coast"), "north");
    let text = [dimmed.header("x-lamp-time").as_bytes(), b":", &dimmed.body].concat();
    let sum = hmac(&digest::SHA1_FOR_LEGACY_USE_ONLY, b"wick", &text).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    assert_eq!(dimmed.header("x-lamp-sum"), format!("sha1={sum}"));
    assert_eq!(receiver.next().json(), json!({"id": id, "name": "Old Head", "lumens": 60}));
    assert_eq!(world.settled("count=2").len(), 2);
    assert!(receiver.is_quiet());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_or_not_subscribed_to_is_not_sent() {
    let world = World::start().await;
    world.build(r#"{"name": "before anybody listened"}"#);
    let receiver = Receiver::start(&[]);
    world.subscribe(&json!({"url": receiver.url("/"), "events": ["beaconDeleted"]}));
    assert_eq!(world.call("POST", "/beacons", r#"{"name": ""}"#).status, 400);
    assert_eq!(world.call("DELETE", "/beacons/nowhere", "").status, 404);
    world.build(r#"{"name": "not asked for"}"#);
    assert_eq!(world.deliveries(""), Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sandbox_hears_of_another() {
    let (world, receiver) = (World::start().await, Receiver::start(&[]));
    world.subscribe(&json!({"url": receiver.url("/")}));
    let base = world.server.named_sandbox("red").unwrap().base_url("lighthouse");
    assert_eq!(post(&format!("{base}/beacons"), r#"{"name": "elsewhere"}"#).status, 201);
    world.build(r#"{"name": "here"}"#);
    assert_eq!(receiver.next().json()["beacon"]["name"], "here");
    let red = World { sandbox: "red", ..world };
    assert_eq!(red.deliveries(""), Vec::<Value>::new());
    assert_eq!(get(&red.control("/webhooks/subscriptions")).json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_attempt_is_repeated_when_its_time_has_come() {
    const DOWN: &str = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 0";
    const MOVED: &str = "HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0";
    let (world, receiver) = (World::start().await, Receiver::start(&[DOWN, MOVED]));
    world.clock(&json!({"mode": "frozen", "now": "2026-02-01T08:00:00Z"}));
    world.subscribe(&json!({"url": receiver.url("/"), "secret": SECRET, "events": ["beaconCreated"]}));
    world.build(r#"{"name": "Old Head"}"#);
    let first = receiver.next();
    let waiting = || world.deliveries("").remove(0);
    let until = |attempts: usize| while waiting()["attempts"].as_array().map_or(0, Vec::len) < attempts {};
    until(1);
    assert_eq!(waiting()["next"], "2026-02-01T08:00:30Z", "the receiver asked for more than the five seconds of the document");
    assert_eq!((waiting()["status"].clone(), receiver.is_quiet()), (json!("pending"), true));
    world.clock(&json!({"advance": 30}));
    let second = receiver.next();
    assert_eq!((first.header("webhook-id"), &first.body), (second.header("webhook-id"), &second.body));
    assert_eq!(second.header("webhook-signature"), standard(&second, SECRET), "another time is signed anew");
    assert_ne!(first.header("webhook-timestamp"), second.header("webhook-timestamp"));
    until(2);
    world.clock(&json!({"advance": 60}));
    receiver.next();
    let delivered = world.settled("").remove(0);
    let statuses: Vec<_> = delivered["attempts"].as_array().unwrap().iter().map(|attempt| attempt["status"].clone()).collect();
    assert_eq!((&delivered["status"], statuses), (&json!("delivered"), vec![json!(503), json!(302), json!(200)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_takes_is_given_up() {
    let world = World::start().await;
    let gone = Receiver::start(&[]).url("/");
    world.subscribe(&json!({"url": gone, "retries": [0, 0], "events": ["beaconCreated"]}));
    world.build(r#"{"name": "Old Head"}"#);
    let failed = world.settled("").remove(0);
    let attempts = failed["attempts"].as_array().unwrap();
    assert_eq!((&failed["status"], attempts.len()), (&json!("failed"), 3));
    assert!(attempts[0]["error"].as_str().unwrap().contains("refused"), "{failed}");
    let again = send("POST", &world.control("/webhooks/deliveries/1/redeliver"), &[], "");
    assert_eq!((again.status, again.json()["repeats"].clone()), (202, json!(1)));
    assert_eq!(world.settled("status=failed&count=2").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_can_be_made_to_suffer() {
    let (world, receiver) = (World::start().await, Receiver::start(&[]));
    let id = world.subscribe(&json!({"url": receiver.url("/"), "secret": SECRET, "events": ["beaconCreated"]}))["id"].clone();
    let path = format!("/webhooks/subscriptions/{}/faults", id.as_str().unwrap());
    let faults = |faults: Value| {
        let reply = send("PUT", &world.control(&path), &["Content-Type: application/json"], &faults.to_string());
        assert_eq!(reply.status, 200, "{reply:?}");
    };
    let names =
        |count: usize| (0..count).map(|_| receiver.next().json()["beacon"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();

    faults(json!({"duplicate": true, "times": 1}));
    world.build(r#"{"name": "twice"}"#);
    world.build(r#"{"name": "once"}"#);
    assert_eq!(names(3), ["twice", "twice", "once"]);
    let sent = world.settled("count=3");
    assert_eq!((&sent[0]["id"], &sent[1]["repeats"]), (&sent[1]["id"], &json!(1)));

    faults(json!({"out_of_order": true, "times": 1}));
    world.build(r#"{"name": "first"}"#);
    world.build(r#"{"name": "second"}"#);
    assert_eq!(names(2), ["second", "first"]);

    faults(json!({"lost": true, "times": 1}));
    world.build(r#"{"name": "never"}"#);
    world.build(r#"{"name": "after it"}"#);
    assert_eq!(names(1), ["after it"]);
    assert_eq!(world.settled("status=lost").len(), 1);

    faults(json!({"bad_signature": true, "times": 1}));
    world.build(r#"{"name": "forged"}"#);
    let forged = receiver.next();
    assert_ne!(forged.header("webhook-signature"), standard(&forged, SECRET));

    world.clock(&json!({"mode": "frozen"}));
    faults(json!({"late": 90, "times": 1}));
    world.build(r#"{"name": "late"}"#);
    world.build(r#"{"name": "on time"}"#);
    assert_eq!(names(1), ["on time"]);
    assert!(receiver.is_quiet());
    world.clock(&json!({"advance": 90}));
    assert_eq!(names(1), ["late"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_goes_where_the_request_says() {
    let (world, receiver) = (World::start().await, Receiver::start(&[]));
    let beacon = world.build(&json!({"name": "Old Head", "report_to": receiver.url("/report")}).to_string());
    let got = receiver.next();
    assert_eq!(got.line, format!("POST /report?beacon={}&status=201 HTTP/1.1", beacon["id"].as_str().unwrap()));
    assert_eq!(got.json(), json!({"id": beacon["id"], "name": "Old Head"}));
    let ring = receiver.url("/ring").replace(':', "%3A");
    assert_eq!(world.call("POST", &format!("/beacons?ring={ring}"), r#"{"name": "Bell Rock"}"#).status, 201);
    assert_eq!(receiver.next().line, "PUT /ring HTTP/1.1");
    assert_eq!(world.settled("count=2").len(), 2);
    let notes = world.server.journal().last().unwrap().notes;
    assert_eq!(notes, ["`checked` was not sent to its own address: `$request.body#/report_to` gives nothing"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_is_for_its_address_and_for_whoever_names_it() {
    let world = World::start().await;
    let [address, everything, named] = [(); 3].map(|()| Receiver::start(&[]));
    world.subscribe(&json!({"url": everything.url("/")}));
    world.subscribe(&json!({"url": named.url("/"), "events": ["check*"]}));
    world.build(&json!({"name": "Old Head", "report_to": address.url("/report")}).to_string());
    assert_eq!(world.settled("count=3").len(), 3);
    assert!(address.next().line.contains("/report") && everything.next().json()["kind"] == "beacon-built");
    assert_eq!(named.next().json()["name"], "Old Head");
    assert!(address.is_quiet() && everything.is_quiet() && named.is_quiet());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_the_vendors_own_resource_are_subscriptions() {
    let (world, receiver) = (World::start().await, Receiver::start(&[]));
    let watcher = json!({"at": receiver.url("/watch"), "topics": ["beaconCreated"], "phrase": SECRET});
    let added = world.call("POST", "/watchers", &watcher.to_string());
    assert_eq!(added.status, 201, "{added:?}");
    world.build(r#"{"name": "Old Head"}"#);
    let got = receiver.next();
    assert_eq!((got.line.as_str(), got.header("webhook-signature")), ("POST /watch HTTP/1.1", standard(&got, SECRET).as_str()));
    let id = added.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(world.settled(&format!("subscription={id}")).len(), 1);
    assert_eq!(world.call("DELETE", &format!("/watchers/{id}"), "").status, 204);
    world.build(r#"{"name": "unwatched"}"#);
    assert_eq!(world.deliveries("").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_can_be_sent_by_hand() {
    let (world, receiver) = (World::start().await, Receiver::start(&[]));
    let secret = world.subscribe(&json!({"url": receiver.url("/"), "provider": "lighthouse"}))["secret"].as_str().unwrap().to_owned();
    let fire = |event: Value| send("POST", &world.control("/webhooks/send"), &["Content-Type: application/json"], &event.to_string());
    assert_eq!(fire(json!({"event": "tideTurned", "payload": {"height": [1, 2]}})).json()["deliveries"], json!([1]));
    assert_eq!(receiver.next().json(), json!({"height": [1, 2]}));
    assert_eq!(fire(json!({"event": "beaconCreated"})).status, 202);
    let got = receiver.next();
    assert_eq!(got.header("webhook-signature"), standard(&got, &secret), "a secret was minted");
    let unknown = fire(json!({"event": "tideTurns"}));
    assert!(unknown.status == 404 && unknown.body.contains("`tideTurned`"), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_there_is_to_hear_of_is_told_with_its_reason() {
    let world = World::start().await;
    let all = get(&world.control("/webhooks")).json();
    let found: Vec<_> = all.as_array().unwrap().iter().map(|one| (one["event"].as_str().unwrap(), one["sent_after"].clone())).collect();
    assert_eq!(
        found,
        [
            ("beaconCreated", json!(["create beacons"])),
            ("beaconDeleted", json!(["delete beacons"])),
            ("tideTurned", json!([])),
            ("checked", json!(["build_beacon"])),
            ("rung", json!(["build_beacon"])),
            ("beacon.dimmed", json!(["update beacons"])),
        ]
    );
    assert_eq!(all[0]["signature"]["header"], "webhook-signature");
    assert!(all[2]["why"].as_str().unwrap().contains("x-mock.webhooks"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_could_never_be_served_is_refused() {
    let world = World::start().await;
    for (wanted, expected) in [
        (json!({"url": "there"}), "no address of HTTP"),
        (json!({"url": "ftp://there.example"}), "no address of HTTP"),
        (json!({"url": "http://there.example", "events": ["beaconLit"]}), "there are `beaconCreated`"),
        (json!({"url": "http://there.example", "provider": "harbour"}), "there are `lighthouse`"),
        (json!({"url": "http://there.example", "secret": "not base64!"}), "no base64"),
        (json!({"url": "http://there.example", "faults": {"late": -1}}), "late by -1"),
        (json!({"url": "http://there.example", "headers": [{"name": "a b", "value": "c"}]}), "no header"),
    ] {
        let reply = send("POST", &world.control("/webhooks/subscriptions"), &["Content-Type: application/json"], &wanted.to_string());
        assert!(reply.status == 400 && reply.body.contains(expected), "{wanted}: {reply:?}");
    }
    let ended = send("DELETE", &world.control("/webhooks/subscriptions/sub_1"), &[], "");
    assert!(ended.status == 404 && ended.body.contains("none at all"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_ends_subscriptions_and_what_is_on_its_way() {
    let (world, receiver) = (World::start().await, Receiver::start(&[]));
    world.clock(&json!({"mode": "frozen"}));
    world.subscribe(&json!({"url": receiver.url("/"), "faults": {"late": 10}, "events": ["beaconCreated"]}));
    world.build(r#"{"name": "Old Head"}"#);
    world.server.state().reset();
    world.clock(&json!({"advance": 20}));
    assert_eq!((world.deliveries(""), get(&world.control("/webhooks/subscriptions")).json()), (Vec::new(), json!([])));
    assert!(receiver.is_quiet());
    world.server.close().await;
}
