//! HTTP by hand: a test sees the bytes that it sends, and no client mends them.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use mock_server::{MockServer, ProviderSummary};
use serde_json::Value;
use specs::Source;

/// The credentials of the fixture, as a header.
pub(crate) const KEY: &str = "X-Gate-Word: apple o'clock";

/// A response, taken apart.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The fixture as a document.
pub(crate) fn orchard() -> Source {
    Source::read(fixture().as_ref()).unwrap()
}

/// The fixture, its create operation telling where the new item is.
pub(crate) fn telling() -> Source {
    let source = orchard();
    let told = "          description: The picking\n          headers: {Location: {schema: {type: string}}}\n          content:";
    let text = source.text.replacen("          description: The picking\n          content:", told, 1);
    assert_ne!(text, source.text);
    Source { text, ..source }
}

pub(crate) fn fixture() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/orchard.yaml")
}

/// A mock of the fixture alone.
pub(crate) async fn start() -> MockServer {
    MockServer::builder().source(orchard()).document("orchard").start().await.unwrap()
}

/// The provider that a mock of the fixture serves.
pub(crate) fn served(server: &MockServer) -> ProviderSummary {
    server.providers().remove(0)
}

/// Where the control API of a mock is.
pub(crate) fn control(server: &MockServer) -> &str {
    server.control_url().unwrap()
}

/// `method url` with header lines and a body; adds `Host`, `Content-Length` and `Connection: close`.
pub(crate) fn send(method: &str, url: &str, headers: &[&str], body: &str) -> Reply {
    send_bytes(method, url, headers, body.as_bytes())
}

/// The same with a body that need not be text.
pub(crate) fn send_bytes(method: &str, url: &str, headers: &[&str], body: &[u8]) -> Reply {
    let (authority, target) = split(url);
    let mut text = format!("{method} {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n");
    for header in headers {
        let _ = write!(text, "{header}\r\n");
    }
    if !body.is_empty() {
        let _ = write!(text, "Content-Length: {}\r\n", body.len());
    }
    text.push_str("\r\n");
    exchange_bytes(&authority, &[text.as_bytes(), body].concat())
}

pub(crate) fn get(url: &str) -> Reply {
    send("GET", url, &[KEY], "")
}

pub(crate) fn post(url: &str, body: &str) -> Reply {
    send("POST", url, &[KEY, "Content-Type: application/json"], body)
}

/// A connection that is kept.
pub(crate) struct Line {
    stream: BufReader<TcpStream>,
    authority: String,
}

impl Line {
    pub(crate) fn to(server: &MockServer) -> Self {
        let (authority, _) = split(server.url());
        let stream = TcpStream::connect(&authority).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream), authority }
    }

    /// Sends a request and reads the answer, whose length has to be known.
    pub(crate) fn send(&mut self, method: &str, target: &str, headers: &[&str], body: &str) -> Reply {
        let mut text = format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n", self.authority, body.len());
        for header in headers {
            let _ = write!(text, "{header}\r\n");
        }
        text.push_str("\r\n");
        text.push_str(body);
        self.stream.get_mut().write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        while !answer.ends_with("\r\n\r\n") {
            assert!(self.stream.read_line(&mut answer).unwrap() > 0, "the connection ended after {answer:?}");
        }
        let mut reply = parse(&answer);
        let length = reply.header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; if method == "HEAD" { 0 } else { length }];
        self.stream.read_exact(&mut body).unwrap();
        reply.body = String::from_utf8(body).unwrap();
        reply
    }
}

/// Sends text as it is and reads until the connection ends.
pub(crate) fn exchange(authority: &str, text: &str) -> Reply {
    exchange_bytes(authority, text.as_bytes())
}

fn exchange_bytes(authority: &str, text: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(authority).unwrap();
    stream.write_all(text).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    parse(&String::from_utf8(answer).unwrap())
}

fn parse(answer: &str) -> Reply {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head in {answer:?}"));
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap().parse().unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Reply { status, headers, body: body.to_owned() }
}

/// Host with port, and path with query.
pub(crate) fn split(url: &str) -> (String, String) {
    let rest = url.strip_prefix("http://").unwrap();
    let at = rest.find('/').unwrap_or(rest.len());
    let (authority, target) = rest.split_at(at);
    (authority.to_owned(), if target.is_empty() { "/".to_owned() } else { target.to_owned() })
}
