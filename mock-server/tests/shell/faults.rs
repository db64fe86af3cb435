//! Faults of messages and connections, as clients see them on the wire.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use mock_server::{Error, Fault, MockServer};
use serde_json::{Value, json};
use specs::Source;

use crate::http::{KEY, Reply, exchange, get, orchard, post, send, split, start};

/// A vendor with limits, an envelope for failures, and a body that knows its schema.
const KITES: &str = r"
openapi: 3.0.3
info: {title: Kites, version: '1'}
x-rate-limits:
  - {name: wind, limit: 9, window: 60, headers: {X-Left: remaining, X-Limit: limit}}
x-mock:
  seed: {kites: [{id: k1, size: 3}, {id: k2, size: 4}]}
paths:
  /kites:
    get:
      operationId: listKites
      responses: {'200': {description: all, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Kite'}}}}}}
    post:
      operationId: makeKite
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [size], properties: {size: {type: integer}}}}}}
      responses:
        '201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Kite'}}}}
        '503': {description: calm, content: {application/json: {schema: {type: object, required: [calm], properties: {calm: {type: string}}}, example: {calm: no wind}}}}
        '429': {description: storm, content: {application/json: {schema: {type: object, required: [gust], properties: {gust: {type: string}}}, example: {gust: too much wind}}}}
components:
  schemas:
    Kite: {type: object, required: [id, size], properties: {id: {type: string}, size: {type: integer}}}
";

async fn kites() -> MockServer {
    MockServer::builder().source(Source::new("kites", "kites.yaml", KITES.to_owned())).document("kites").start().await.unwrap()
}

fn make(server: &MockServer, headers: &[&str]) -> Reply {
    let all: Vec<&str> = ["Content-Type: application/json"].into_iter().chain(headers.iter().copied()).collect();
    send("POST", &format!("{}/kites", server.base_url("kites")), &all, r#"{"size":5}"#)
}

fn list(server: &MockServer, headers: &[&str]) -> Reply {
    send("GET", &format!("{}/kites", server.base_url("kites")), headers, "")
}

fn kept(server: &MockServer) -> usize {
    server.state().rows("kites", "kites").len()
}

/// All that arrives of an answer.
fn raw(server: &MockServer, method: &str, header: &str) -> Vec<u8> {
    let (authority, target) = split(&format!("{}/kites", server.base_url("kites")));
    let body = if method == "POST" { r#"{"size":5}"# } else { "" };
    let mut stream = TcpStream::connect(authority).unwrap();
    let length = body.len();
    let head =
        format!("{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{header}\r\n\r\n");
    stream.write_all((head + body).as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A connection that is reset has sent nothing more either.
    let _ = stream.read_to_end(&mut answer);
    answer
}

fn last_faults(server: &MockServer) -> Vec<String> {
    server.journal().last().unwrap().faults
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_has_the_vendors_body_and_nothing_is_done() {
    let server = kites().await;
    let reply = make(&server, &["X-Mock-Fault: status=503"]);
    assert_eq!((reply.status, reply.json()), (503, json!({ "calm": "no wind" })));
    assert_eq!((reply.header("retry-after"), kept(&server)), (Some("1"), 2));
    assert_eq!(reply.header("x-mock-fault"), Some("status=503 (header)"));
    let entry = server.journal().last().unwrap();
    assert_eq!(
        (entry.step.as_str(), entry.operation.as_deref(), entry.faults),
        ("inject", Some("make_kite"), vec!["status=503 (header)".to_owned()])
    );
    assert_eq!(make(&server, &[]).status, 201);
    assert_eq!(last_faults(&server), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_can_be_for_requests_that_follow() {
    let server = kites().await;
    let twice = ["X-Mock-Fault: status=503; times=2"];
    assert_eq!(
        [make(&server, &twice).status, list(&server, &[]).status, make(&server, &[]).status, make(&server, &[]).status],
        [503, 200, 503, 201]
    );
    // A client that tries again sends its header again.
    assert_eq!([make(&server, &twice).status, make(&server, &twice).status, make(&server, &twice).status], [503, 503, 201]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_is_not_understood_is_refused_and_nothing_is_done() {
    let server = kites().await;
    for (header, said) in [
        ("stauts=503", "did you mean `status`?"),
        ("flakey", "did you mean `flaky`?"),
        ("status=503; operation=make_kit", "did you mean `make_kite`?"),
        ("delay=soon", "a time such as"),
        ("", "no fault is named"),
    ] {
        let reply = make(&server, &[&format!("X-Mock-Fault: {header}")]);
        assert_eq!(reply.status, 400, "{header}");
        assert!(reply.body.contains("x-mock-fault") && reply.body.contains(said), "{reply:?}");
        assert_eq!(kept(&server), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_says_that_nothing_is_left_to_every_operation() {
    let server = kites().await;
    let reply = make(&server, &["X-Mock-Fault: storm=3; retry-after=7"]);
    assert_eq!((reply.status, reply.json()), (429, json!({ "gust": "too much wind" })));
    let headers = ["x-left", "x-limit", "retry-after"].map(|name| reply.header(name).unwrap().to_owned());
    assert_eq!(headers, ["0", "9", "7"]);
    assert_eq!([list(&server, &[]).status, make(&server, &[]).status, list(&server, &[]).status], [429, 429, 200]);
    let control = format!("{}/sandboxes/default", server.control_url().unwrap());
    let freeze = |advance: u64| {
        send(
            "PUT",
            &format!("{control}/clock"),
            &["Content-Type: application/json"],
            &json!({ "mode": "frozen", "advance": advance }).to_string(),
        )
    };
    assert_eq!(freeze(0).status, 200);
    server.inject(Fault::storm(Duration::from_secs(10))).unwrap();
    let first = list(&server, &[]);
    assert_eq!((first.status, first.header("retry-after")), (429, Some("10")));
    assert_eq!(freeze(9).status, 200);
    assert_eq!(list(&server, &[]).header("retry-after"), Some("1"));
    assert_eq!(freeze(1).status, 200);
    assert_eq!(list(&server, &[]).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_connection_gives_nothing_and_the_server_lives() {
    let server = kites().await;
    for method in ["POST", "GET", "HEAD", "DELETE"] {
        assert_eq!(raw(&server, method, "X-Mock-Fault: cut"), b"", "{method}");
    }
    assert_eq!(kept(&server), 2);
    let entry = server.journal().entries().remove(0);
    assert_eq!((entry.step.as_str(), entry.response.status, entry.faults), ("inject", 444, vec!["cut (header)".to_owned()]));
    assert_eq!(raw(&server, "POST", "X-Mock-Fault: lost"), b"");
    assert_eq!(kept(&server), 3);
    let entry = server.journal().last().unwrap();
    assert_eq!((entry.step.as_str(), entry.response.status, entry.faults), ("respond", 201, vec!["lost (header)".to_owned()]));
    assert_eq!(list(&server, &[]).status, 200);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_body_is_shorter_than_it_was_promised() {
    let server = kites().await;
    for (share, arrives) in [("40%", 17), ("7", 7), ("100%", 42), ("0", 0)] {
        let text = String::from_utf8(raw(&server, "GET", &format!("X-Mock-Fault: truncate={share}"))).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("content-length: 43"), "{head}");
        assert_eq!(body.len(), arrives, "{share} {text}");
    }
    assert_eq!(list(&server, &[]).body.len(), 43);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_drip_is_whole_in_the_end() {
    let server = kites().await;
    let start = Instant::now();
    let reply = list(&server, &["X-Mock-Fault: drip=10/2ms"]);
    assert_eq!((reply.status, reply.json().as_array().map(Vec::len)), (200, Some(2)));
    assert!(start.elapsed() >= Duration::from_millis(6));
    assert_eq!(last_faults(&server), ["drip=10/2ms (header)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delay_lets_the_answer_wait() {
    let server = kites().await;
    for delay in ["5ms", "5ms..6ms", "uniform(5ms, 6ms)"] {
        let start = Instant::now();
        assert_eq!(list(&server, &[&format!("X-Mock-Fault: delay={delay}")]).status, 200);
        assert!(start.elapsed() >= Duration::from_millis(5), "{delay}");
    }
    let start = Instant::now();
    let both = make(&server, &["X-Mock-Fault: delay=5ms, status=500"]);
    assert_eq!((both.status, both.header("x-mock-fault")), (500, Some("delay=5ms (header), status=500 (header)")));
    assert!(start.elapsed() >= Duration::from_millis(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_can_be_wrong_in_every_way() {
    let server = kites().await;
    let malformed = list(&server, &["X-Mock-Fault: malformed"]);
    assert_eq!(malformed.header("content-type"), Some("application/json"));
    assert!(serde_json::from_str::<Value>(&malformed.body).is_err(), "{malformed:?}");
    let media = list(&server, &["X-Mock-Fault: content-type=text/html"]);
    assert_eq!((media.header("content-type"), media.json().is_array()), (Some("text/html"), true));
    let empty = list(&server, &["X-Mock-Fault: empty"]);
    assert_eq!((empty.status, empty.body.as_str(), empty.header("content-length")), (200, "", Some("0")));
    for (kind, fits) in [("missing", false), ("type", false), ("null", false)] {
        let wrong = list(&server, &[&format!("X-Mock-Fault: wrong-schema={kind}")]).json();
        let conforms = |kite: &Value| kite["id"].is_string() && kite["size"].is_i64();
        assert_eq!(wrong.as_array().unwrap().iter().all(conforms), fits, "{kind} {wrong}");
        assert_eq!(last_faults(&server).len(), 2);
    }
    let page = make(&server, &["X-Mock-Fault: status=502; body=\"<h1>Bad, very bad; gateway</h1>\""]);
    assert_eq!((page.status, page.body.as_str()), (502, "<h1>Bad, very bad; gateway</h1>"));
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(server.journal().defects(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_can_decide_after_all_is_done() {
    let server = kites().await;
    let reply = make(&server, &["X-Mock-Fault: status=500; answer=2XX"]);
    assert_eq!((reply.status, kept(&server)), (500, 3));
    let refused = send(
        "POST",
        &format!("{}/kites", server.base_url("kites")),
        &["Content-Type: application/json", "X-Mock-Fault: cut; answer=201"],
        "{}",
    );
    assert!(refused.status >= 400 && last_faults(&server).is_empty(), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_compressed_into_http_2_can_be_cut_too() {
    use http_body_util::{BodyExt as _, Full};
    let server = kites().await;
    let address = server.url().trim_start_matches("http://").to_owned();
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let executor = hyper_util::rt::TokioExecutor::new();
    let (mut sender, connection) = hyper::client::conn::http2::handshake(executor, hyper_util::rt::TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut ask = |fault: Option<&str>| {
        let mut request = http::Request::get(format!("{}/kites", server.base_url("kites")));
        if let Some(fault) = fault {
            request = request.header("x-mock-fault", fault);
        }
        sender.send_request(request.body(Full::<bytes::Bytes>::default()).unwrap())
    };
    assert!(ask(Some("cut")).await.is_err());
    assert_eq!(ask(None).await.unwrap().status(), 200, "the other streams of the connection live");
    let truncated = ask(Some("truncate=50%")).await.unwrap();
    assert!(truncated.into_body().collect().await.is_err());
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_set_counted_and_taken_away_over_the_control_api() {
    let server = kites().await;
    let url = format!("{}/sandboxes/default/faults", server.control_url().unwrap());
    let json = ["Content-Type: application/json"];
    let added = send("POST", &url, &json, r#"{"id": "calm", "operation": "makeKite", "status": 503, "times": 2}"#);
    assert_eq!(added.status, 201, "{added:?}");
    assert_eq!(make(&server, &[]).status, 503);
    let shown = get(&format!("{url}/calm")).json();
    assert_eq!(
        shown,
        json!({ "id": "calm", "origin": "control", "rule": { "id": "calm", "operation": "makeKite", "status": 503, "times": 2 },
            "text": "id=calm; operation=makeKite; status=503; times=2", "calls": 1, "hits": 1, "remaining": 1, "active": true })
    );
    assert_eq!(last_faults(&server), ["status=503 (rule `calm`)"]);
    assert_eq!(send("PUT", &format!("{url}/calm"), &json, r#"{"empty": true}"#).status, 200);
    assert_eq!(make(&server, &[]).body, "");
    assert_eq!(send("POST", &url, &json, r#"[{"cut": true, "nth": 99}, "delay=1ms; times=1"]"#).status, 201);
    assert_eq!(get(&url).json().as_array().map(Vec::len), Some(3));
    assert_eq!(send("DELETE", &format!("{url}/calm"), &[], "").status, 204);
    assert_eq!(send("DELETE", &format!("{url}/calm"), &[], "").status, 404);
    let replaced = send("PUT", &url, &json, r#""flaky; operation=list_kites""#).json();
    assert!(replaced.as_array().unwrap().iter().all(|fault| fault["rule"]["operation"] == "list_kites"), "{replaced}");
    assert_eq!(send("DELETE", &url, &[], "").status, 204);
    assert_eq!(get(&url).json(), json!([]));
    for (wrong, said) in [
        (r#"{"status": 503, "tims": 2}"#, "did you mean `times`?"),
        (r#"{"status": 503, "operation": "nothing"}"#, "no operation is named `nothing`"),
        (r#"{"profile": "calm"}"#, "the profiles are `flaky`"),
        ("7", "a rule is an object"),
    ] {
        let reply = send("POST", &url, &json, wrong);
        assert!(reply.status == 400 && reply.body.contains(said), "{reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_are_shown_with_rules_that_can_be_sent_back() {
    let server = kites().await;
    let profiles = get(&format!("{}/fault-profiles", server.control_url().unwrap())).json();
    let names: Vec<_> = profiles.as_array().unwrap().iter().map(|profile| profile["name"].clone()).collect();
    assert_eq!(names, ["flaky", "slow", "rate-limited", "outage"]);
    let url = format!("{}/sandboxes/default/faults", server.control_url().unwrap());
    for profile in profiles.as_array().unwrap() {
        for form in [profile["rules"].to_string(), profile["text"].to_string(), json!({ "profile": profile["name"] }).to_string()] {
            let reply = send("PUT", &url, &["Content-Type: application/json"], &form);
            assert_eq!(reply.status, 200, "{reply:?}");
        }
    }
    for _ in 0..9 {
        let answer = raw(&server, "GET", "Connection: close");
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 503 "), "an outage");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_the_start_hold_in_every_sandbox_with_counters_of_its_own() {
    let file =
        Source::new("faults", "faults.yaml", "faults:\n- {operation: pick_fruit, status: 503, times: 1}\n- cut; sandbox=dark\n".to_owned());
    let server = MockServer::builder().source(orchard()).document("orchard").faults(file).start().await.unwrap();
    let pick = |base: &str| post(&format!("{base}/trees/tree-07/pickings"), r#"{"kilos":4}"#).status;
    let red = server.named_sandbox("red").unwrap();
    for base in [server.base_url("orchard"), red.base_url("orchard")] {
        assert_eq!([pick(&base), pick(&base)], [503, 201]);
    }
    red.state().reset();
    assert_eq!(pick(&red.base_url("orchard")), 503);
    red.state().reset();
    red.clear_faults();
    assert_eq!(pick(&red.base_url("orchard")), 201);
    let dark = server.named_sandbox("dark").unwrap().base_url("orchard");
    let (authority, target) = split(&format!("{dark}/pickings/pick-001"));
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: x\r\n{KEY}\r\n\r\n").as_bytes()).unwrap();
    assert_eq!(stream.read_to_end(&mut Vec::new()).unwrap_or(0), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_wrong_is_shown_with_line_and_fix() {
    for (text, line, said) in [
        ("faults:\n- {status: 503}\n- {stauts: 503}\n", 3, "did you mean `status`?"),
        ("- status: 99\n", 1, "a status from 200 to 599"),
        ("- operation: pick_friut\n  cut: true\n", 1, "did you mean `pick_fruit`?"),
    ] {
        let file = Source::new("faults", "faults.yaml", text.to_owned());
        let error = MockServer::builder().source(orchard()).document("orchard").faults(file).start().await.unwrap_err();
        let Error::InvalidFaults { problems, .. } = error else { panic!("{error:?}") };
        assert_eq!((problems[0].line, problems[0].file.as_str()), (line, "faults.yaml"), "{problems:?}");
        assert!(problems[0].help.contains(said), "{problems:?}");
    }
    let error = MockServer::builder().fault(Fault::written("slo")).start().await.unwrap_err();
    assert!(matches!(&error, Error::InvalidFault { help, .. } if help == "did you mean `slow`?"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_is_spared() {
    let server = start().await;
    server.inject(Fault::status(503)).unwrap();
    let (authority, target) = split(&format!("{}/pickings/pick-001", server.base_url("orchard")));
    let head = format!("OPTIONS {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: http://page.example\r\n");
    assert_eq!(exchange(&authority, &format!("{head}Access-Control-Request-Method: GET\r\n\r\n")).status, 204);
    assert_eq!(get(&format!("{}/pickings/pick-001", server.base_url("orchard"))).status, 503);
}
