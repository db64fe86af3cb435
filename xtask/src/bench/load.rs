//! The load: keep-alive connections over loopback, one request under way on each.
//!
//! Of the two ways to have many requests under way, a thread for each connection was rejected: two hundred threads
//! that wake each other on the server's cores measure the scheduler. Here a thread owns several connections, writes
//! a request on each of them, and then reads the answers; so the server finds several sockets ready at once, as it
//! does behind any busy client.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

/// Threads that send; the server has the same cores, so more would only queue.
const THREADS: usize = 2;

/// Connections of each thread.
const CONNECTIONS: usize = 16;

/// How long to wait for any one answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request, as the bytes that are sent.
#[derive(Clone, Debug)]
pub(crate) struct Request(Vec<u8>);

impl Request {
    /// The header is the same every time, but for the host: servers do not read it, and it saves work between two.
    pub(crate) fn new(method: &str, target: &str, headers: &[(String, String)], body: &[u8]) -> Self {
        let mut bytes = format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\n").into_bytes();
        for (name, value) in headers {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        if !body.is_empty() {
            bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body);
        Self(bytes)
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Sends a request once.
pub(crate) fn once(address: SocketAddr, request: &Request) -> io::Result<Answer> {
    let mut connection = Connection::open(address)?;
    connection.send(request)?;
    let answer = connection.receive()?;
    let body = connection.buffer[answer.body..answer.body + answer.length].to_vec();
    Ok(Answer { status: answer.status, body })
}

/// Sends a request over and over for a time, and counts the answers. Any status but a success ends it.
pub(crate) fn sustained(address: SocketAddr, request: &Request, time: Duration) -> io::Result<u64> {
    thread::scope(|scope| {
        let threads = (0..THREADS).map(|_| scope.spawn(|| keep_sending(address, request, time))).collect::<Vec<_>>();
        let counts = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(io::Error::other("a sender panicked"))));
        counts.sum()
    })
}

fn keep_sending(address: SocketAddr, request: &Request, time: Duration) -> io::Result<u64> {
    let mut connections = (0..CONNECTIONS).map(|_| Connection::open(address)).collect::<io::Result<Vec<_>>>()?;
    let end = Instant::now() + time;
    let mut count = 0;
    while Instant::now() < end {
        for connection in &mut connections {
            connection.send(request)?;
        }
        for connection in &mut connections {
            let head = connection.receive()?;
            if !(200..300).contains(&head.status) {
                return Err(io::Error::other(format!("status {} after {count} requests", head.status)));
            }
            count += 1;
        }
    }
    Ok(count)
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// Where the parts of an answer are in the buffer.
struct Head {
    status: u16,
    body: usize,
    length: usize,
}

impl Connection {
    fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    fn send(&mut self, request: &Request) -> io::Result<()> {
        self.stream.write_all(&request.0)
    }

    /// Reads one whole answer into the buffer.
    fn receive(&mut self) -> io::Result<Head> {
        self.buffer.clear();
        let mut head = None;
        loop {
            if head.is_none() {
                head = parse_head(&self.buffer)?;
            }
            match head {
                Some(head) if self.buffer.len() >= head.body + head.length => return Ok(head),
                _ => self.read_more()?,
            }
        }
    }

    fn read_more(&mut self) -> io::Result<()> {
        let mut chunk = [0; 16 * 1024];
        match self.stream.read(&mut chunk)? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            read => {
                self.buffer.extend_from_slice(&chunk[..read]);
                Ok(())
            }
        }
    }
}

/// The head of an answer, once it is whole.
fn parse_head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let strange = |what: &str| io::Error::new(ErrorKind::InvalidData, format!("the answer has no {what}"));
    let text = std::str::from_utf8(&bytes[..end]).map_err(|_| strange("readable head"))?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
    let mut headers = lines.filter_map(|line| line.split_once(':'));
    let length = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = match (status, length) {
        // An answer without a body need not say so.
        (Some(204), None) => 0,
        (_, length) => length.and_then(|(_, value)| value.trim().parse().ok()).ok_or_else(|| strange("`content-length`"))?,
    };
    Ok(Some(Head { status: status.ok_or_else(|| strange("status"))?, body: end + 4, length }))
}

#[cfg(test)]
mod tests {
    use super::{Request, once, parse_head, sustained};
    use std::{
        io::{BufRead, BufReader, Write},
        net::{SocketAddr, TcpListener},
        thread,
        time::Duration,
    };

    /// A server that gives every request without a body the same bytes; it ends with the test.
    fn server(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for mut stream in listener.incoming().map(Result::unwrap) {
                thread::spawn(move || {
                    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
                    for _ in lines.map_while(Result::ok).filter(String::is_empty) {
                        stream.write_all(answer.as_bytes()).unwrap();
                    }
                });
            }
        });
        address
    }

    #[test]
    fn an_answer_is_read_whole() {
        let request = Request::new("GET", "/", &[("a".to_owned(), "b".to_owned())], b"");
        let answer = once(server("HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nabc"), &request).unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (201, b"abc".as_slice()));
    }

    #[test]
    fn successes_are_counted() {
        let request = Request::new("GET", "/", &[], b"");
        let count = sustained(server("HTTP/1.1 204 No Content\r\n\r\n"), &request, Duration::from_millis(20)).unwrap();
        assert!(count >= 32, "{count}");
    }

    #[test]
    fn a_refusal_ends_the_load() {
        let request = Request::new("GET", "/", &[], b"");
        let address = server("HTTP/1.1 507 Full\r\ncontent-length: 0\r\n\r\n");
        let refused = sustained(address, &request, Duration::from_secs(9)).unwrap_err();
        assert_eq!(refused.to_string(), "status 507 after 0 requests");
    }

    #[test]
    fn a_head_is_whole_or_awaited_or_strange() {
        assert!(parse_head(b"HTTP/1.1 200 OK\r\ncontent-le").unwrap().is_none());
        assert!(parse_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
        assert!(parse_head(b"nothing\r\n\r\n").is_err());
    }
}
