//! A server that takes one request, keeps it, and answers what it was told to: what no other server would answer.

use std::fmt::Write as _;
use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread::{self, JoinHandle},
    time::Duration,
};

use contract::{Field, Request, Visibility};

/// How long a client may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A server for one request.
pub(crate) struct Socket {
    address: SocketAddr,
    thread: JoinHandle<io::Result<Request>>,
}

impl Socket {
    /// A server that answers so.
    pub(crate) fn answering(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let thread = thread::spawn(move || {
            let (mut stream, _) = listener.accept()?;
            stream.set_read_timeout(Some(TIMEOUT))?;
            let request = read(&mut stream)?;
            let mut head = format!("HTTP/1.1 {status} Told\r\nConnection: close\r\n");
            for (name, value) in headers {
                let _ = write!(head, "{name}: {value}\r\n");
            }
            if status != 204 {
                head.push_str(&format!("Content-Length: {}\r\n", body.len()));
            }
            stream.write_all(head.as_bytes())?;
            stream.write_all(b"\r\n")?;
            stream.write_all(&body)?;
            Ok(request)
        });
        Ok(Self { address, thread })
    }

    /// Its base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The request that it got.
    pub(crate) fn request(self) -> io::Result<Request> {
        self.thread.join().map_err(|_| io::Error::other("the server stopped"))?
    }
}

fn read(stream: &mut TcpStream) -> io::Result<Request> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(request) = parse(&bytes)? {
            return Ok(request);
        }
        match stream.read(&mut chunk)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

/// The request, when all of it is there.
fn parse(bytes: &[u8]) -> io::Result<Option<Request>> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let headers: Vec<Field> = lines.filter_map(|line| line.split_once(':')).map(|(name, value)| field(name, value.trim())).collect();
    let header = |wanted: &str| headers.iter().find(|field| field.name.eq_ignore_ascii_case(wanted)).map(|field| field.value.as_str());
    let rest = &bytes[end + 4..];
    let body = if header("transfer-encoding").is_some() {
        let Some(body) = chunks(rest) else { return Ok(None) };
        body
    } else {
        let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let Some(body) = rest.get(..length) else { return Ok(None) };
        body.to_vec()
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    Ok(Some(Request {
        method: method.parse().map_err(io::Error::other)?,
        elsewhere: None,
        path: path.to_owned(),
        query: query.map(|(name, value)| field(name, value)).collect(),
        body: Some(body).filter(|body| !body.is_empty()),
        headers,
    }))
}

/// A chunked body, when all of it is there.
fn chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?.trim(), 16).ok()?;
        let chunk = rest.get(end + 2..end + 2 + size)?;
        body.extend_from_slice(chunk);
        rest = rest.get(end + 4 + size..)?;
        if size == 0 {
            return Some(body);
        }
    }
}

fn field(name: &str, value: &str) -> Field {
    Field { name: name.to_owned(), value: value.to_owned(), visibility: Visibility::Shown }
}
