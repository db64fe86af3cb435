//! A server that knows nothing but bytes, so that what reaches it, and what leaves it, is exactly what was written.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// A server on this machine.
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    /// What reached it: each request, and `None` where a connection ended.
    pub(crate) heard: mpsc::UnboundedReceiver<Option<Raw>>,
}

/// A message, as it was on the wire; a chunked body is put together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Raw {
    /// Everything before the body.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// What is written as an answer, piece by piece; the connection is closed after the last one.
pub(crate) type Pieces = mpsc::UnboundedReceiver<Vec<u8>>;

impl Upstream {
    /// A server that answers each request in pieces.
    pub(crate) async fn pieces(answer: impl Fn(&Raw) -> Pieces + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, heard) = mpsc::unbounded_channel();
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, sender) = (Arc::clone(&answer), sender.clone());
                tokio::spawn(async move {
                    serve(stream, answer.as_ref(), &sender).await;
                    _ = sender.send(None);
                });
            }
        });
        Self { address, heard }
    }

    /// A server that tells of everything that reached it so far whenever there is more, and answers when it is much. Its
    /// base URL.
    pub(crate) async fn raw(tell: impl Fn(String) + Send + 'static) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut all = Vec::new();
            while !all.ends_with(b"j") && more(&mut stream, &mut all).await.is_some() {
                tell(String::from_utf8(all.clone()).unwrap());
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        });
        format!("http://{address}")
    }

    /// A server that answers each request at once.
    pub(crate) async fn new(answer: impl Fn(&Raw) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::pieces(move |request| once(answer(request))).await
    }

    /// The base URL, with a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// An answer in one piece.
pub(crate) fn once(answer: Vec<u8>) -> Pieces {
    let (sender, receiver) = mpsc::unbounded_channel();
    sender.send(answer).unwrap();
    receiver
}

async fn serve(mut stream: TcpStream, answer: &(dyn Fn(&Raw) -> Pieces + Send + Sync), heard: &mpsc::UnboundedSender<Option<Raw>>) {
    let mut early = Vec::new();
    let Some(request) = read(&mut stream, &mut early).await else { return };
    let mut pieces = answer(&request);
    _ = heard.send(Some(request));
    let mut nothing = [0; 1];
    loop {
        tokio::select! {
            piece = pieces.recv() => match piece {
                Some(piece) => {
                    if stream.write_all(&piece).await.is_err() {
                        return;
                    }
                }
                None => return,
            },
            // Whoever asked went away.
            Ok(0) | Err(_) = stream.read(&mut nothing) => return,
        }
    }
}

/// Reads one message; `early` has what came behind it.
pub(crate) async fn read(stream: &mut TcpStream, early: &mut Vec<u8>) -> Option<Raw> {
    let end = loop {
        match find(early, b"\r\n\r\n") {
            Some(at) => break at + 4,
            None => more(stream, early).await?,
        }
    };
    let head = String::from_utf8(early.drain(..end).collect()).unwrap();
    let field =
        |name: &str| head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix(name).map(|value| value.trim().to_owned()));
    if field("expect:").is_some_and(|value| value == "100-continue") {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.unwrap();
    }
    let mut body = Vec::new();
    if field("transfer-encoding:").is_some_and(|value| value == "chunked") {
        while let Some(chunk) = chunk(stream, early).await? {
            body.extend(chunk);
        }
    } else if let Some(length) = field("content-length:").and_then(|value| value.parse::<usize>().ok()) {
        while early.len() < length {
            more(stream, early).await?;
        }
        body = early.drain(..length).collect();
    }
    Some(Raw { head, body })
}

/// The next chunk; `None` inside for the last one.
async fn chunk(stream: &mut TcpStream, early: &mut Vec<u8>) -> Option<Option<Vec<u8>>> {
    let end = loop {
        match find(early, b"\r\n") {
            Some(at) => break at + 2,
            None => more(stream, early).await?,
        }
    };
    let line = String::from_utf8(early.drain(..end).collect()).unwrap();
    let length = usize::from_str_radix(line.trim(), 16).unwrap();
    while early.len() < length + 2 {
        more(stream, early).await?;
    }
    let mut chunk: Vec<u8> = early.drain(..length + 2).collect();
    chunk.truncate(length);
    Some((length > 0).then_some(chunk))
}

async fn more(stream: &mut TcpStream, early: &mut Vec<u8>) -> Option<()> {
    let count = stream.read_buf(early).await.ok()?;
    (count > 0).then_some(())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
