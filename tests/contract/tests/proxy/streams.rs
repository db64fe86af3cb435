//! What comes bit by bit goes on bit by bit, and what is no longer wanted ends on both sides.

use parking_lot::Mutex;
use tokio::sync::mpsc::{self, UnboundedSender};

use crate::{
    Client, Told, header, options, proxied,
    upstream::{Raw, Upstream},
};

/// An upstream that answers one request, as it is told.
async fn told_what_to_say() -> (Upstream, UnboundedSender<Vec<u8>>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let pieces = Mutex::new(Some(receiver));
    let upstream = Upstream::pieces(move |_| pieces.lock().take().expect("there is one request")).await;
    (upstream, sender)
}

/// A client that asked for something, with the way to what the upstream says.
struct Scene {
    client: Client,
    upstream: Upstream,
    say: UnboundedSender<Vec<u8>>,
}

async fn scene<T>(request: &str, act: impl AsyncFnOnce(Scene) -> T) -> (Told, T) {
    let (mut upstream, say) = told_what_to_say().await;
    let url = upstream.url("");
    proxied(options(&url), async |port| {
        let mut client = Client::new(port).await;
        client.send(format!("{request}\r\nhost: a\r\nauthorization: Bearer t\r\n\r\n").as_bytes()).await;
        assert!(upstream.heard.recv().await.unwrap().is_some());
        act(Scene { client, upstream, say }).await
    })
    .await
}

/// Reads on until this has come.
async fn until(client: &mut Client, wanted: &str) -> String {
    while !String::from_utf8_lossy(&client.early).contains(wanted) {
        assert!(client.more().await, "it ends before `{wanted}`: {}", String::from_utf8_lossy(&client.early));
    }
    String::from_utf8_lossy(&client.early).into_owned()
}

const JSON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";

#[tokio::test]
async fn events_arrive_before_there_are_more() {
    let (told, ()) = scene("GET /events HTTP/1.1", async |Scene { mut client, say, .. }| {
        say.send(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n".to_vec()).unwrap();
        until(&mut client, "\r\n\r\n").await;
        for event in ["data: 1\n\n", "data: 2\n\n"] {
            say.send(format!("9\r\n{event}\r\n").into_bytes()).unwrap();
            until(&mut client, event).await;
        }
        say.send(b"0\r\n\r\n".to_vec()).unwrap();
        until(&mut client, "0\r\n\r\n").await;
    })
    .await;
    assert_eq!((told.summary.answered, told.summary.faulty, told.summary.unchecked), (1, 0, 0), "{}", told.screen);
}

#[tokio::test]
async fn a_long_download_is_not_held_back() {
    let (told, ()) = scene("POST /labels HTTP/1.1", async |Scene { mut client, say, .. }| {
        say.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: 20000000\r\n\r\nbegin".to_vec()).unwrap();
        until(&mut client, "begin").await;
        say.send(vec![b'.'; 20_000_000 - 5]).unwrap();
        drop(say);
        let head = client.early.iter().position(|byte| *byte == b'b').unwrap();
        assert!(client.receive().await.unwrap().body.len() == 20_000_000, "{head}");
    })
    .await;
    assert_eq!(told.summary.faulty, 0, "{}", told.screen);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_slow_is_held_back_for_no_longer_than_that() {
    let (told, answer) = scene("GET /jars/7 HTTP/1.1", async |Scene { mut client, say, .. }| {
        say.send([JSON, "6\r\n{\"id\":\r\n"].concat().into_bytes()).unwrap();
        let head = until(&mut client, "{\"id\":").await;
        say.send(b"4\r\n\"7\"}\r\n0\r\n\r\n".to_vec()).unwrap();
        (head, client.receive().await.unwrap())
    })
    .await;
    // What is found after the header went out is told on the terminal.
    assert!(!answer.0.contains("x-contract-findings"), "{}", answer.0);
    assert_eq!(answer.1.body, br#"{"id":"7"}"#);
    assert_eq!(
        told.summary.findings().map(|repeated| repeated.finding.rule.name).collect::<Vec<_>>(),
        ["answer_schema"],
        "{}",
        told.screen
    );
}

#[tokio::test]
async fn whoever_goes_away_ends_the_request_at_the_target() {
    for said in [None, Some(JSON), Some("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")] {
        let (told, ()) = scene("GET /events HTTP/1.1", async |Scene { mut client, mut upstream, say }| {
            if let Some(said) = said {
                say.send(said.as_bytes().to_vec()).unwrap();
                until(&mut client, "\r\n\r\n").await;
            }
            drop(client);
            assert_eq!(upstream.heard.recv().await.unwrap(), None);
        })
        .await;
        let summary = &told.summary;
        assert_eq!((summary.abandoned, summary.answered), if said.is_none() { (1, 0) } else { (0, 1) }, "{}", told.screen);
        assert_eq!(told.screen.contains("the client went away"), said.is_none(), "{}", told.screen);
    }
}

#[tokio::test]
async fn an_answer_that_is_held_back_is_given_up_with_its_client() {
    let (told, ()) = scene("GET /jars/7 HTTP/1.1", async |Scene { client, mut upstream, say }| {
        say.send([JSON, "6\r\n{\"id\":\r\n"].concat().into_bytes()).unwrap();
        drop(client);
        assert_eq!(upstream.heard.recv().await.unwrap(), None);
    })
    .await;
    assert_eq!(told.summary.abandoned, 1, "{}", told.screen);
}

#[tokio::test]
async fn an_answer_that_breaks_off_breaks_off_and_is_found() {
    let said = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 27\r\n\r\n{\"id\":";
    let (told, rest) = scene("GET /jars/7 HTTP/1.1", async |Scene { mut client, say, .. }| {
        say.send(said.as_bytes().to_vec()).unwrap();
        drop(say);
        client.rest().await
    })
    .await;
    assert!(rest.contains("content-length: 27") && rest.ends_with("{\"id\":"), "{rest}");
    assert_eq!(
        told.summary.findings().map(|repeated| repeated.finding.rule.name).collect::<Vec<_>>(),
        ["unfinished_answer"],
        "{}",
        told.screen
    );
}

#[tokio::test]
async fn an_upload_reaches_the_target_before_its_end() {
    let (sender, mut heads) = mpsc::unbounded_channel::<String>();
    let upstream = Upstream::raw(move |head| sender.send(head).unwrap()).await;
    let (_, answer) = proxied(options(&upstream), async |port| {
        let mut client = Client::new(port).await;
        client.send(b"POST /labels HTTP/1.1\r\nhost: a\r\ncontent-type: application/octet-stream\r\ncontent-length: 10\r\n\r\nabcde").await;
        while !heads.recv().await.unwrap().ends_with("abcde") {}
        client.send(b"fghij").await;
        while !heads.recv().await.unwrap().ends_with("abcdefghij") {}
        client.receive().await.unwrap()
    })
    .await;
    let Raw { head, .. } = &answer;
    assert!(head.starts_with("HTTP/1.1 200 OK") && header(&answer, "content-length") == Some("0"), "{head}");
}
