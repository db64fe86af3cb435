//! What passes is what was sent, to the byte.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::{
    Client, Told, header, message, options, proxied,
    upstream::{Raw, Upstream},
};

/// Sends a request to an upstream that answers like this: what reached it, what came back, and what was told.
async fn pass(request: &[u8], answer: &[u8]) -> (Raw, Raw, Told) {
    let answer = answer.to_vec();
    let mut upstream = Upstream::new(move |_| answer.clone()).await;
    let (told, received) = proxied(options(&upstream.url("/v1")), async |port| {
        let mut client = Client::new(port).await;
        client.send(request).await;
        client.receive().await.unwrap()
    })
    .await;
    (upstream.heard.recv().await.unwrap().unwrap(), received, told)
}

/// The lines of a head, without those that are about a connection.
fn lines(raw: &Raw) -> Vec<&str> {
    raw.head.lines().filter(|line| !line.is_empty() && !line.to_ascii_lowercase().starts_with("host:")).collect()
}

#[tokio::test]
async fn a_request_goes_on_to_the_letter() {
    let target = "//shelves/sh_1//jars/%2e%2e/./a%2Fb;c=1/%c3%a9|{}?b=2&a=1&a=%20+|{}&&c&%61=";
    let head =
        format!("POST {target} HTTP/1.1\nHost: here\nX-One: 1\nx-two:  2 \nX-One: 3\nConnection: close, X-Mine\nX-Mine: no\nTE: trailers");
    let (heard, ..) = pass(&message(&head, b"\0\xff\r\n\r\n"), &message("HTTP/1.1 404 Not Found", b"")).await;
    let expected = format!("POST /v1{target} HTTP/1.1");
    assert_eq!(lines(&heard), [expected.as_str(), "X-One: 1", "X-One: 3", "x-two: 2", "content-length: 6"]);
    assert_eq!(heard.body, b"\0\xff\r\n\r\n");
}

#[tokio::test]
async fn a_request_goes_to_the_host_of_the_target() {
    let upstream = Upstream::new(|request| message("HTTP/1.1 200 OK", header(request, "host").unwrap().as_bytes())).await;
    let (_, host) = proxied(options(&upstream.url("")), async |port| {
        let mut client = Client::new(port).await;
        client.send(format!("GET http://127.0.0.1:{port}/jars/7 HTTP/1.1\r\nHost: elsewhere\r\n\r\n").as_bytes()).await;
        client.receive().await.unwrap().body
    })
    .await;
    assert_eq!(host, upstream.address.to_string().as_bytes());
}

#[tokio::test]
async fn an_answer_comes_back_to_the_letter() {
    let head = "HTTP/1.1 299 Quite Fine\nSet-Cookie: a=1\nX-Odd: \u{e9}\nSet-Cookie: b=2\nLocation: http://elsewhere/x\nKeep-Alive: 5\nX-Contract-Findings: 9";
    let (_, received, _) = pass(b"GET /events HTTP/1.1\r\nhost: a\r\n\r\n", &message(head, b"\0\xff")).await;
    let lines = lines(&received);
    assert_eq!(lines[0], "HTTP/1.1 299 Quite Fine");
    assert!(lines.contains(&"Set-Cookie: a=1") && lines.contains(&"Set-Cookie: b=2"), "{lines:?}");
    assert!(lines.contains(&"Location: http://elsewhere/x") && lines.contains(&"X-Odd: \u{e9}"), "{lines:?}");
    assert_eq!((header(&received, "keep-alive"), header(&received, "date")), (None, None));
    assert_eq!(header(&received, "x-contract-findings"), Some("1; answer_status status"));
    assert_eq!(received.body, b"\0\xff");
}

#[tokio::test]
async fn a_long_body_passes_whole_and_is_not_checked() {
    let long: Vec<u8> = (0..10_000_000_u32).map(|number| number.to_le_bytes()[0]).collect();
    let head = "HTTP/1.1 201 Created\ncontent-type: application/json";
    let request = message("POST /shelves/sh_1/jars?key=k HTTP/1.1\nhost: a\ncontent-type: application/json", &long);
    let (heard, received, told) = pass(&request, &message(head, &long)).await;
    assert!(heard.body == long && received.body == long);
    assert_eq!((told.summary.exit_code(), told.summary.unchecked), (0, 1), "{}", told.screen);
    for said in [
        "the body of the request is not checked: it is longer than 8 MiB",
        "the body of the answer is not checked: it is longer than 8 MiB",
    ] {
        assert!(told.screen.contains(said), "{}", told.screen);
    }
}

#[tokio::test]
async fn an_answer_without_a_body_keeps_what_its_header_says() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 27\r\n\r\n";
    for (method, answer, length) in [
        ("HEAD", head, Some("27")),
        ("GET", "HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n", None),
        ("DELETE", "HTTP/1.1 204 No Content\r\nx-left: 3\r\n\r\n", None),
    ] {
        let upstream = Upstream::new(|_| answer.as_bytes().to_vec()).await;
        let (told, received) = proxied(options(&upstream.url("")), async |port| {
            let mut client = Client::new(port).await;
            client.send(format!("{method} /jars/7 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer t\r\nif-none-match: \"a\"\r\nconnection: close\r\n\r\n").as_bytes()).await;
            client.rest().await
        })
        .await;
        assert!(received.ends_with("\r\n\r\n"), "{received}");
        let shown = received.lines().find_map(|line| line.strip_prefix("content-length: "));
        assert_eq!((shown, told.summary.faulty), (length, 0), "{method}: {received}{}", told.screen);
    }
}

#[tokio::test]
async fn a_chunked_body_stays_chunked_and_is_checked() {
    let request = "POST /shelves/sh_1/jars?key=k HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n\
                   8\r\n{\"title\"\r\n4\r\n: 1}\r\n0\r\n\r\n";
    let answer = "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n4\r\n: 1}\r\n0\r\n\r\n";
    let (heard, received, _) = pass(request.as_bytes(), answer.as_bytes()).await;
    assert_eq!((header(&heard, "transfer-encoding"), heard.body.as_slice()), (Some("chunked"), b"{\"title\": 1}".as_slice()));
    assert_eq!((header(&received, "transfer-encoding"), received.body.as_slice()), (Some("chunked"), b"{\"id\": 1}".as_slice()));
    assert_eq!(header(&received, "x-contract-findings"), Some("2; invalid_body /title; answer_schema"));
}

#[tokio::test]
async fn whoever_asks_first_is_told_to_go_on() {
    let upstream = Upstream::new(|request| message("HTTP/1.1 200 OK\ncontent-type: application/octet-stream", &request.body)).await;
    let (told, answers) = proxied(options(&upstream.url("")), async |port| {
        let mut client = Client::new(port).await;
        let head = "POST /labels HTTP/1.1\r\nhost: a\r\ncontent-type: application/octet-stream\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n";
        client.send(head.as_bytes()).await;
        let first = client.receive().await.unwrap();
        client.send(b"ab").await;
        (first, client.receive().await.unwrap())
    })
    .await;
    assert!(answers.0.head.starts_with("HTTP/1.1 100 Continue"), "{}", answers.0.head);
    assert_eq!((answers.1.body.as_slice(), told.summary.faulty), (b"ab".as_slice(), 0), "{}", told.screen);
}

#[tokio::test]
async fn a_compressed_body_passes_as_it_is_and_is_checked_where_it_can_be_read() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(br#"{"id": "7", "title": "Plums"}"#).unwrap();
    let zipped = encoder.finish().unwrap();
    let request = b"GET /jars/7 HTTP/1.1\r\nhost: a\r\nauthorization: Bearer t\r\naccept-encoding: gzip, br\r\n\r\n";
    for (encoding, found) in [("gzip", Some("1; answer_schema /id")), ("br", None)] {
        let head = format!("HTTP/1.1 200 OK\ncontent-type: application/json\ncontent-encoding: {encoding}");
        let (heard, received, told) = pass(request, &message(&head, &zipped)).await;
        assert_eq!(header(&heard, "accept-encoding"), Some("gzip, br"));
        assert_eq!((header(&received, "content-encoding"), &received.body), (Some(encoding), &zipped));
        assert_eq!(header(&received, "x-contract-findings"), found);
        assert_eq!(told.screen.contains("it is compressed as `br`"), found.is_none(), "{}", told.screen);
    }
}

#[tokio::test]
async fn many_clients_are_served_at_once() {
    let upstream = Upstream::new(|request| message("HTTP/1.1 200 OK", request.head.lines().next().unwrap_or_default().as_bytes())).await;
    let (told, ()) = proxied(options(&upstream.url("")), async |port| {
        let ask = |number: usize| async move {
            let mut client = Client::new(port).await;
            for turn in 0..5 {
                client.send(format!("GET /jars/{number}?key={turn} HTTP/1.1\r\nhost: a\r\n\r\n").as_bytes()).await;
                let expected = format!("GET /jars/{number}?key={turn} HTTP/1.1");
                assert_eq!(client.receive().await.unwrap().body, expected.as_bytes());
            }
        };
        futures_util::future::join_all((0..100).map(ask)).await;
    })
    .await;
    assert_eq!(told.summary.answered, 500);
}
