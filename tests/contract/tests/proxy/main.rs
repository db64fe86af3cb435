//! The proxy, over real sockets: what passes is what was sent, and what is wrong with it is found, with nothing else.

#![expect(clippy::unwrap_used, reason = "tests report by panicking, their helpers too")]

mod findings;
mod passing;
mod program;
mod stopping;
mod streams;
mod upstream;

use std::sync::Arc;

use contract::{
    Suite,
    proxy::{Forwarded, Options, Proxy, Summary, Verbosity},
};
use specs::Source;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
};

use self::upstream::{Raw, read};

/// What a proxy told while a client used it.
struct Told {
    summary: Summary,
    screen: String,
}

fn suite() -> Arc<Suite> {
    let source = Source::new("cellar", "cellar.yaml", include_str!("cellar.yaml").to_owned());
    let loaded = specs::load(&source);
    assert!(loaded.problems.is_empty(), "{:#?}", loaded.problems);
    Arc::new(Suite::new(loaded.api.expect("a document without problems has a model"), 0))
}

fn options(target: &str) -> Options {
    let (verbosity, forwarded) = (Verbosity::All, Forwarded::Untold);
    Options { suite: suite(), target: target.to_owned(), port: 0, har: None, verbosity, forwarded }
}

/// Runs a proxy for as long as its client, which is given the port.
async fn proxied<T>(options: Options, client: impl AsyncFnOnce(u16) -> T) -> (Told, T) {
    let proxy = Proxy::bind(options).await.unwrap();
    let port = proxy.address().port();
    let (stop, stopped) = oneshot::channel::<()>();
    let mut screen = Vec::new();
    let run = proxy.run(
        async {
            _ = stopped.await;
        },
        &mut screen,
    );
    let (summary, done) = tokio::join!(run, async {
        let done = client(port).await;
        drop(stop);
        done
    });
    (Told { summary: summary.unwrap(), screen: String::from_utf8(screen).unwrap() }, done)
}

/// A client with a connection of its own.
struct Client {
    stream: TcpStream,
    early: Vec<u8>,
}

impl Client {
    async fn new(port: u16) -> Self {
        Self { stream: TcpStream::connect(("127.0.0.1", port)).await.unwrap(), early: Vec::new() }
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    async fn receive(&mut self) -> Option<Raw> {
        read(&mut self.stream, &mut self.early).await
    }

    /// Reads on; whether there was more.
    async fn more(&mut self) -> bool {
        self.stream.read_buf(&mut self.early).await.unwrap() > 0
    }

    /// Everything until the connection ends.
    async fn rest(&mut self) -> String {
        let mut all = std::mem::take(&mut self.early);
        self.stream.read_to_end(&mut all).await.unwrap();
        String::from_utf8(all).unwrap()
    }
}

/// A header of a message.
fn header<'r>(raw: &'r Raw, name: &str) -> Option<&'r str> {
    let named = |line: &'r str| line.split_once(':').filter(|(known, _)| known.eq_ignore_ascii_case(name));
    raw.head.lines().find_map(named).map(|(_, value)| value.trim())
}

/// A message with a length.
fn message(head: &str, body: &[u8]) -> Vec<u8> {
    let head = head.lines().map(str::trim).collect::<Vec<_>>().join("\r\n");
    [format!("{head}\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
}
