//! What a proxy does not pass on, what it says of that, and what it sums up when it is stopped.

use std::io;

use contract::proxy::{Error, Forwarded, Grade, Proxy, Verbosity};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::{
    Client, Told, header, message, options, proxied,
    upstream::{Raw, Upstream},
};

const READ: &str = "GET /jars/7 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer tok_secret\r\n\r\n";
const WRONG: &str = "GET /jars/seven?colour=red HTTP/1.1\r\nhost: a\r\nauthorization: Bearer tok_secret\r\n\r\n";

async fn ask(target: &str, requests: &[&str]) -> (Told, Vec<Raw>) {
    proxied(options(target), async |port| {
        let mut answers = Vec::new();
        for request in requests {
            let mut client = Client::new(port).await;
            client.send(request.as_bytes()).await;
            answers.push(client.receive().await.unwrap());
        }
        answers
    })
    .await
}

fn jar() -> Vec<u8> {
    message("HTTP/1.1 200 OK\ncontent-type: application/json", br#"{"id": 7, "title": "Plums"}"#)
}

/// An address at which nobody listens.
async fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn the_exit_code_says_what_was_found() {
    let upstream = Upstream::new(|_| jar()).await;
    let new = READ.replace("/7", "/7?colour=red");
    for (requests, code, says) in [
        (vec![], 0, "nothing passed through"),
        (vec![READ], 0, "1 answered"),
        (vec![READ, &new], 0, "1× new, undeclared_parameter at `query.colour` of `get_jar`"),
        (
            vec![WRONG, WRONG],
            1,
            "2× invalid_parameter at `path.id` of `get_jar`: `path.id` must be a whole number\n       first in GET /jars/seven",
        ),
        // What was answered by nobody came before.
        (vec![&READ.replace("HTTP/1.1", "HTTP/1.1\r\nupgrade: websocket\r\nconnection: upgrade")], 0, "1 not passed on"),
    ] {
        let (told, _) = ask(&upstream.url(""), &requests).await;
        assert_eq!(told.summary.exit_code(), code, "{}", told.screen);
        assert!(told.screen.contains(says), "`{says}` is not in {}", told.screen);
    }
    let (told, _) = ask(&nowhere().await, &[WRONG]).await;
    assert_eq!(told.summary.exit_code(), 3, "{}", told.screen);
    assert!(told.screen.contains("1 without an answer") && told.screen.contains("help: the target never answered"), "{}", told.screen);
}

#[tokio::test]
async fn the_same_mistake_is_summed_up_once() {
    let many = format!(r#"{{"jars": [{}]}}"#, r#"{"id": 7, "title": "a", "x": 1}, {"id": "b", "title": 0}"#);
    let other = format!(r#"{{"jars": [{}]}}"#, r#"{"id": "7", "title": "a"}"#);
    let upstream = Upstream::new(move |request| {
        let body = if request.head.contains("limit=1") { &many } else { &other };
        message("HTTP/1.1 200 OK\ncontent-type: application/json\nx-cost: 1", body.as_bytes())
    })
    .await;
    let list = |limit: u8| format!("GET /shelves/sh_1/jars?key=tok_secret&limit={limit} HTTP/1.1\r\nhost: a\r\nx-units: metric\r\n\r\n");
    let (told, _) = ask(&upstream.url(""), &[&list(1), &list(2)]).await;
    let counted: Vec<(u64, &str, Grade)> =
        told.summary.findings().map(|one| (one.count, one.finding.failure.place.as_str(), one.finding.grade)).collect();
    assert_eq!(counted, [(2, "/jars/1/id", Grade::Wrong), (1, "/jars/0/x", Grade::New)], "{}", told.screen);
}

#[tokio::test]
async fn a_target_that_is_down_is_told_as_a_problem() {
    let target = nowhere().await;
    let (told, answers) = ask(&target, &[WRONG]).await;
    let problem: Value = serde_json::from_slice(&answers[0].body).unwrap();
    assert!(answers[0].head.starts_with("HTTP/1.1 502 Bad Gateway"), "{}", answers[0].head);
    assert_eq!(header(&answers[0], "content-type"), Some("application/problem+json"));
    assert_eq!(header(&answers[0], "x-contract-findings"), Some("2; invalid_parameter path.id; undeclared_parameter query.colour"));
    assert_eq!((&problem["status"], &problem["title"]), (&Value::from(502), &Value::from("Bad Gateway")));
    assert!(problem["detail"].as_str().unwrap().contains(&target), "{problem}");
    assert!(told.screen.contains("GET /jars/seven?colour=red → no answer: "), "{}", told.screen);
}

#[tokio::test]
async fn what_is_no_plain_request_is_not_passed_on() {
    let mut upstream = Upstream::new(|_| jar()).await;
    let upgrade = READ.replace("HTTP/1.1", "HTTP/1.1\r\nconnection: keep-alive, Upgrade\r\nupgrade: WebSocket");
    let other = READ.replace("GET /", "GET http://elsewhere.example/");
    let asked =
        [upgrade.as_str(), &other, "CONNECT elsewhere.example:443 HTTP/1.1\r\nhost: a\r\n\r\n", "OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n"];
    let (told, answers) = ask(&upstream.url(""), &asked).await;
    let statuses: Vec<&str> = answers.iter().filter_map(|answer| answer.head.split(' ').nth(1)).collect();
    assert_eq!((statuses.as_slice(), told.summary.refused), (["501", "421", "501", "501"].as_slice(), 4), "{}", told.screen);
    assert!(told.screen.contains("not passed on (501): `websocket` is not passed on"), "{}", told.screen);
    assert!(upstream.heard.try_recv().is_err());
}

#[tokio::test]
async fn the_target_is_told_of_the_client_when_that_is_asked_for() {
    for (forwarded, expected) in [(Forwarded::Untold, None), (Forwarded::Told, Some("127.0.0.1"))] {
        let mut upstream = Upstream::new(|_| jar()).await;
        let (_, ()) = proxied(contract::proxy::Options { forwarded, ..options(&upstream.url("")) }, async |port| {
            let mut client = Client::new(port).await;
            client.send(READ.as_bytes()).await;
            client.receive().await.unwrap();
        })
        .await;
        let heard = upstream.heard.recv().await.unwrap().unwrap();
        assert_eq!(header(&heard, "x-forwarded-for"), expected);
        assert_eq!(
            (header(&heard, "x-forwarded-host"), header(&heard, "x-forwarded-proto")),
            (expected.map(|_| "a"), expected.map(|_| "http"))
        );
    }
}

#[tokio::test]
async fn no_credential_is_told() {
    let echo =
        |request: &Raw| message("HTTP/1.1 200 OK\ncontent-type: application/json\nset-cookie: s=tok_session", request.head.as_bytes());
    let upstream = Upstream::new(echo).await;
    let folder = std::env::temp_dir().join(format!("contract-proxy-{}-credentials.har", std::process::id()));
    let requests = [
        READ.replace("/7", "/tok_secret"),
        READ.replace("Bearer tok_secret", "Basic dXNlcjp0b2tfc2VjcmV0"),
        READ.replace("authorization: Bearer tok_secret", "cookie: s=tok_session").replace("/7", "/7?key=tok_secret&x=tok_secret"),
    ];
    let (told, ()) = proxied(contract::proxy::Options { har: Some(folder.clone()), ..options(&upstream.url("")) }, async |port| {
        for request in &requests {
            let mut client = Client::new(port).await;
            client.send(request.as_bytes()).await;
            client.receive().await.unwrap();
        }
    })
    .await;
    let log = std::fs::read_to_string(&folder).unwrap();
    std::fs::remove_file(&folder).unwrap();
    for text in [&told.screen, &log] {
        for secret in ["tok_secret", "tok_session", "dXNlcjp0b2tfc2VjcmV0"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(text.contains("REDACTED"), "{text}");
    }
}

#[tokio::test]
async fn all_exchanges_are_in_the_file_with_what_was_found() {
    let upstream = Upstream::new(|_| jar()).await;
    let file = std::env::temp_dir().join(format!("contract-proxy-{}-all.har", std::process::id()));
    let create = "POST /shelves/sh_1/jars?key=k HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n{\"title\": null}";
    let create = create.replace("14", "15");
    let read = || -> Value { serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap() };
    let (_, ()) = proxied(
        contract::proxy::Options { har: Some(file.clone()), verbosity: Verbosity::Findings, ..options(&upstream.url("/v1")) },
        async |port| {
            // It can be read before there is anything in it.
            assert_eq!(read()["log"]["entries"], Value::Array(Vec::new()));
            for request in [READ, &create] {
                let mut client = Client::new(port).await;
                client.send(request.as_bytes()).await;
                client.receive().await.unwrap();
            }
        },
    )
    .await;
    let log = &read()["log"];
    std::fs::remove_file(&file).unwrap();
    assert_eq!((&log["version"], log["entries"].as_array().map(Vec::len)), (&Value::from("1.2"), Some(2)));
    let (first, second) = (&log["entries"][0], &log["entries"][1]);
    assert_eq!(first["request"]["url"], upstream.url("/v1/jars/7"));
    assert_eq!((&first["comment"], first.get("_findings")), (&Value::from("get_jar"), None));
    assert_eq!(first["response"]["content"]["text"], r#"{"id": 7, "title": "Plums"}"#);
    assert_eq!((&second["_operation"], &second["_intent"]), (&Value::from("create_jar"), &Value::from("relay")));
    let found: Vec<(&str, &str)> =
        second["_findings"].as_array().unwrap().iter().map(|one| (one["rule"].as_str().unwrap(), one["place"].as_str().unwrap())).collect();
    assert_eq!(found, [("invalid_body", "/title"), ("answer_status", "status")]);
}

#[tokio::test]
async fn nothing_is_told_of_what_is_right_unless_that_is_asked_for() {
    for (verbosity, is_told) in [(Verbosity::Findings, false), (Verbosity::All, true)] {
        let upstream = Upstream::new(|_| jar()).await;
        let (told, ()) = proxied(contract::proxy::Options { verbosity, ..options(&upstream.url("")) }, async |port| {
            let mut client = Client::new(port).await;
            client.send(READ.as_bytes()).await;
            client.receive().await.unwrap();
        })
        .await;
        assert_eq!(told.screen.contains("GET /jars/7 → 200 get_jar"), is_told, "{}", told.screen);
        let lines: Vec<&str> = told.screen.lines().collect();
        assert!(lines.iter().any(|line| line.starts_with("ready http://127.0.0.1:")), "{}", told.screen);
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_end_is_cut_off_when_the_proxy_is_stopped() {
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    sender.send(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n".to_vec()).unwrap();
    let pieces = parking_lot::Mutex::new(Some(receiver));
    let upstream = Upstream::pieces(move |_| pieces.lock().take().unwrap()).await;
    let (told, _client) = proxied(options(&upstream.url("")), async |port| {
        let mut client = Client::new(port).await;
        client.send(b"GET /events HTTP/1.1\r\nhost: a\r\n\r\n").await;
        while !String::from_utf8_lossy(&client.early).contains("data: 1") {
            assert!(client.more().await);
        }
        client
    })
    .await;
    assert_eq!((told.summary.answered, told.summary.exit_code()), (1, 0), "{}", told.screen);
    drop(sender);
}

#[tokio::test]
async fn what_cannot_start_says_why() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let fine = "http://127.0.0.1:1";
    let rows = [
        (options("127.0.0.1:1"), "begins neither with `http://` nor with `https://`"),
        (options("ftp://127.0.0.1"), "begins neither with"),
        (options("http://127.0.0.1/a?b=c"), "a base URL has no query"),
        (options("http://user:tok_secret@127.0.0.1/"), "`127.0.0.1` cannot be a target: credentials have no place in it"),
        (contract::proxy::Options { port, ..options(fine) }, "failed to listen on"),
        (
            contract::proxy::Options { har: Some("/no/such/folder/a.har".into()), ..options(fine) },
            "failed to write `/no/such/folder/a.har`",
        ),
    ];
    for (options, says) in rows {
        let error = Proxy::bind(options).await.err().unwrap();
        assert!(error.to_string().contains(says) && !error.to_string().contains("tok_secret"), "{error}");
        assert!(!error.help().is_empty());
    }
}

#[tokio::test]
async fn a_proxy_ends_when_nobody_reads_what_it_tells() {
    struct Closed;
    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let proxy = Proxy::bind(options("http://127.0.0.1:1")).await.unwrap();
    assert!(matches!(proxy.run(std::future::pending(), &mut Closed).await, Err(Error::Write(_))));
}
