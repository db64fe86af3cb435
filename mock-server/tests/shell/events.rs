//! New exchanges as server-sent events.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use mock_server::MockServer;
use serde_json::Value;

use crate::http::{control, get, orchard, send, split, start};

/// A client that listens.
struct Listener(BufReader<TcpStream>);

/// An event.
#[derive(Debug, Default, PartialEq)]
struct Event {
    id: String,
    name: String,
    data: String,
}

impl Listener {
    /// Connects and waits until the mock listens to it.
    fn new(server: &MockServer, sandbox: &str, query: &str, header: &str) -> Self {
        let (authority, target) = split(&format!("{}/sandboxes/{sandbox}/events{query}", control(server)));
        let mut stream = TcpStream::connect(&authority).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "GET {target} HTTP/1.1\r\nHost: {authority}\r\n{header}\r\n").unwrap();
        let mut listener = Self(BufReader::new(stream));
        let head = listener.until("\r\n");
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-type: text/event-stream"), "{head}");
        assert!(listener.until("\n").contains("retry: "));
        listener
    }

    /// Lines up to an empty one, without the sizes of chunks.
    fn until(&mut self, empty: &str) -> String {
        let mut text = String::new();
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream ended: {text}");
            if line == empty {
                return text;
            }
            text.push_str(&line);
        }
    }

    fn next(&mut self) -> Event {
        let mut event = Event::default();
        for line in self.until("\n").lines() {
            match line.split_once(": ") {
                Some(("id", id)) => id.clone_into(&mut event.id),
                Some(("event", name)) => name.clone_into(&mut event.name),
                Some(("data", data)) => data.clone_into(&mut event.data),
                _ => {}
            }
        }
        event
    }

    /// The numbers of the next exchanges.
    fn numbers(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.next()).map(|event| if event.name == "exchange" { event.id } else { format!("{event:?}") }).collect()
    }

    /// Waits for the end.
    fn end(mut self) {
        let mut line = String::new();
        while self.0.read_line(&mut line).unwrap_or(0) > 0 {
            line.clear();
        }
    }
}

fn ask(server: &MockServer, count: usize) {
    (0..count).for_each(|_| assert_eq!(get(&format!("{}/pickings/pick-001", server.base_url("orchard"))).status, 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanges_come_as_they_happen() {
    let server = start().await;
    ask(&server, 1);
    let mut listener = Listener::new(&server, "default", "", "");
    ask(&server, 1);
    let event = listener.next();
    assert_eq!((event.id.as_str(), event.name.as_str()), ("2", "exchange"));
    let entry: Value = serde_json::from_str(&event.data).unwrap();
    assert_eq!((&entry["number"], &entry["operation"]), (&Value::from(2), &Value::from("show_picking")));
    assert!(!event.data.contains("apple o'clock"), "{event:?}");
    ask(&server, 3);
    assert_eq!(listener.numbers(3), ["3", "4", "5"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_connects_again_misses_nothing() {
    let server = start().await;
    ask(&server, 3);
    assert_eq!(Listener::new(&server, "default", "?after=0", "").numbers(3), ["1", "2", "3"]);
    assert_eq!(Listener::new(&server, "default", "?after=0", "Last-Event-ID: 2\r\n").numbers(1), ["3"]);
    let reply = send("GET", &format!("{}/sandboxes/default/events", control(&server)), &["Last-Event-ID: x"], "");
    assert_eq!(reply.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_too_slow_is_told_how_much_was_missed() {
    let server = MockServer::builder().source(orchard()).document("orchard").journal_entries(2).start().await.unwrap();
    ask(&server, 5);
    let mut listener = Listener::new(&server, "default", "?after=1", "");
    assert_eq!(listener.next(), Event { name: "gap".to_owned(), data: "{\"missed\":2}".to_owned(), ..Event::default() });
    assert_eq!(listener.numbers(2), ["4", "5"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cleared_journal_is_told_and_numbers_begin_again() {
    let server = start().await;
    ask(&server, 2);
    let mut listener = Listener::new(&server, "default", "", "");
    server.state().reset();
    assert_eq!(listener.next().name, "cleared");
    ask(&server, 1);
    assert_eq!(listener.numbers(1), ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sandbox_has_events_of_its_own_even_before_its_first_request() {
    let server = start().await;
    let mut listener = Listener::new(&server, "red", "?status=404", "");
    ask(&server, 1);
    assert_eq!(get(&format!("{}/pickings/nope", server.named_sandbox("red").unwrap().base_url("orchard"))).status, 404);
    let event = listener.next();
    assert!(event.data.contains("/pickings/nope") && event.id == "1", "{event:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn open_streams_do_not_hold_up_the_end() {
    let server = start().await;
    let listeners = [Listener::new(&server, "default", "", ""), Listener::new(&server, "red", "", "")];
    let begin = Instant::now();
    server.close().await;
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    listeners.into_iter().for_each(Listener::end);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mock_that_is_dropped_ends_its_streams() {
    let server = start().await;
    let listener = Listener::new(&server, "default", "", "");
    drop(server);
    listener.end();
}
