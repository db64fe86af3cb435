//! One sandbox and ten thousand: what a request costs in each, over loopback sockets, and what a sandbox costs in memory.
//!
//! Two mocks take turns in one run, so that what else goes on on the machine meets both, and the medians are compared.
//! The mark is a ratio of 1.10 at most.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Instant,
};

use mock_server::MockServer;
use specs::Source;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const MANY: usize = 10_000;
const ROUNDS: usize = 41;
const REQUESTS: usize = 1_000;
/// Requests that walk through all sandboxes and not through one after the other.
const STEP: usize = 7_919;

/// A mock with so many sandboxes, and a connection to it.
struct Measured {
    stream: TcpStream,
    sandboxes: usize,
    sent: usize,
    /// Microseconds for a request, for a create and for a read, by round.
    spent: [Vec<f64>; 2],
    _server: MockServer,
}

#[tokio::main]
async fn main() {
    let mut measured = [measure(1).await, measure(MANY).await];
    let before = resident();
    for one in &mut measured {
        one.fill();
    }
    println!(
        "{MANY} sandboxes with a row each take {} KiB, {} bytes each",
        resident() - before,
        (resident() - before) * 1_024 / MANY as u64
    );
    for _ in 0..ROUNDS {
        for one in &mut measured {
            one.round();
        }
    }
    println!("{:<8} {:>12} {:>12} {:>8}", "request", "1, µs", "10,000, µs", "ratio");
    for (kind, name) in ["create", "read"].into_iter().enumerate() {
        let [one, many] = measured.each_mut().map(|one| median(&mut one.spent[kind]));
        println!("{name:<8} {one:>12.2} {many:>12.2} {:>8.3}", many / one);
    }
}

async fn measure(sandboxes: usize) -> Measured {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/orchard.yaml");
    let source = Source::read(path.as_ref()).expect("the fixture can be read");
    let server = MockServer::builder().source(source).document("orchard").start().await.expect("a fixture is served");
    let stream = TcpStream::connect(server.url().trim_start_matches("http://")).expect("the mock listens");
    stream.set_nodelay(true).expect("a socket has options");
    Measured { stream, sandboxes, sent: 0, spent: [Vec::new(), Vec::new()], _server: server }
}

impl Measured {
    /// Makes all sandboxes, each with a row of its own.
    fn fill(&mut self) {
        for number in 0..self.sandboxes {
            self.create(number);
        }
    }

    fn round(&mut self) {
        for kind in 0..2 {
            let start = Instant::now();
            for _ in 0..REQUESTS {
                self.sent += STEP;
                let sandbox = self.sent % self.sandboxes;
                if kind == 0 { self.create(sandbox) } else { self.read(sandbox) }
            }
            self.spent[kind].push(start.elapsed().as_secs_f64() * 1e6 / REQUESTS as f64);
        }
    }

    fn create(&mut self, sandbox: usize) {
        let body = r#"{"kilos":4}"#;
        let target = format!("/~box-{sandbox}/orchard/garden/v2/trees/tree-07/pickings");
        self.send(&format!("POST {target} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}", body.len()), body, "201");
    }

    fn read(&mut self, sandbox: usize) {
        let target = format!("/~box-{sandbox}/orchard/garden/v2/pickings/pick-002");
        self.send(&format!("GET {target} HTTP/1.1"), "", "200");
    }

    fn send(&mut self, head: &str, body: &str, status: &str) {
        let text = format!("{head}\r\nHost: mock\r\nX-Gate-Word: apple o'clock\r\n\r\n{body}");
        self.stream.write_all(text.as_bytes()).expect("the mock reads");
        let mut answer = [0; 8_192];
        let mut read = 0;
        loop {
            let more = self.stream.read(&mut answer[read..]).expect("the mock answers");
            read += more;
            let text = std::str::from_utf8(&answer[..read]).expect("an answer is text");
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length =
                head.split("\r\n").find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.parse().unwrap_or(0));
            if body.len() >= length {
                assert!(text.get(9..12) == Some(status), "{text}");
                return;
            }
            assert!(more > 0, "the connection ended: {text}");
        }
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Resident memory in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse().unwrap_or(0)
}
