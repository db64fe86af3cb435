//! Pages are fetched from a server of the test's own, which says what it was asked.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::PathBuf,
    thread::JoinHandle,
    time::Duration,
};

use xtask::{
    Failure,
    fetch::{Cache, Fetched, fetch},
};

/// Answers one connection after the other by these texts, and returns the heads of the requests.
struct Server {
    url: String,
    served: JoinHandle<Vec<String>>,
}

impl Server {
    fn new(answers: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let url = format!("http://{}/page", listener.local_addr().expect("it listens"));
        let served = std::thread::spawn(move || answers.iter().map(|answer| serve(&listener, answer)).collect());
        Self { url, served }
    }

    fn asked(self) -> Vec<String> {
        self.served.join().expect("it serves")
    }
}

fn serve(listener: &TcpListener, answer: &[u8]) -> String {
    let (mut stream, _) = listener.accept().expect("a client comes");
    let lines = BufReader::new(stream.try_clone().expect("a stream can be read")).lines();
    let head: Vec<_> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    // Who has read enough goes away before the end.
    stream.write_all(answer).ok();
    head.join("\n").to_ascii_lowercase()
}

fn page(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{head}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()).into_bytes()
}

fn bare(head: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}content-length: 0\r\nconnection: close\r\n\r\n").into_bytes()
}

struct Folder(PathBuf);

impl Folder {
    fn cache(test: &str) -> (Self, Cache) {
        let folder = std::env::temp_dir().join(format!("crm-notes-fetch-{test}-{}", std::process::id()));
        (Self(folder.clone()), Cache::new(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn get(url: &str, cache: &Cache) -> Result<Fetched, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(fetch(url, cache))
}

#[track_caller]
fn refused(answers: Vec<Vec<u8>>, limit: impl Fn(&mut Cache), why: &str) {
    let (_folder, mut cache) = Folder::cache(why.split(' ').next_back().unwrap_or_default());
    limit(&mut cache);
    let server = Server::new(answers);
    let failure = get(&server.url, &cache).expect_err("the answer is no page").to_string();
    assert!(failure.starts_with(&format!("error: cannot fetch `{}`: ", server.url)) && failure.contains(why), "{failure}");
    server.asked();
}

#[test]
fn a_page_that_is_the_same_is_not_sent_again() {
    let (_folder, cache) = Folder::cache("same");
    let first = page("content-type: text/HTML; charset=utf-8\r\netag: \"a\"\r\nlast-modified: Mon, 01 Jun 2026 10:00:00 GMT\r\n", "kites");
    let server = Server::new(vec![first, bare("304 Not Modified\r\n"), page("etag: \"b\"\r\n", "kites"), page("", "tails")]);
    let fetched = |body: &str, media_type: &str, unchanged| Fetched { body: body.to_owned(), media_type: media_type.to_owned(), unchanged };
    assert_eq!(get(&server.url, &cache).unwrap(), fetched("kites", "text/html", false));
    assert_eq!(get(&server.url, &cache).unwrap(), fetched("kites", "text/html", true));
    // A server that forgets is no change of the page.
    assert_eq!(get(&server.url, &cache).unwrap(), fetched("kites", "", true));
    assert_eq!(get(&server.url, &cache).unwrap(), fetched("tails", "", false));
    let asked = server.asked();
    assert!(!asked[0].contains("if-none-match") && asked[0].contains("user-agent: crm-notes/"), "{}", asked[0]);
    assert!(
        asked[1].contains("if-none-match: \"a\"") && asked[1].contains("if-modified-since: mon, 01 jun 2026 10:00:00 gmt"),
        "{}",
        asked[1]
    );
    assert!(asked[3].contains("if-none-match: \"b\"") && !asked[3].contains("if-modified-since"), "{}", asked[3]);
}

#[test]
fn a_page_that_moved_is_followed() {
    let (_folder, cache) = Folder::cache("moved");
    let server = Server::new(vec![bare("302 Found\r\nlocation: /elsewhere\r\n"), page("content-type: text/plain\r\n", "kites")]);
    assert_eq!(get(&server.url, &cache).unwrap().body, "kites");
    assert!(server.asked()[1].starts_with("get /elsewhere "));
}

#[test]
fn what_is_no_page_is_told() {
    refused(vec![bare("404 Not Found\r\n")], |_| {}, "the server answers 404 Not Found");
    refused(vec![bare("304 Not Modified\r\n")], |_| {}, "the server answers 304 Not Modified");
    refused(vec![page("content-type: image/png\r\n", "x")], |_| {}, "it is `image/png`, and no text");
    refused(vec![page("", "0123456789")], |cache| cache.largest = 9, "it is larger than 9 bytes");
    refused(vec![page("", "\u{e9}").into_iter().filter(|byte| *byte != 0xA9).collect()], |_| {}, "error");
    refused((0..6).map(|_| bare("302 Found\r\nlocation: /page\r\n")).collect(), |_| {}, "redirect");
}

#[test]
fn a_server_that_is_silent_is_not_waited_for() {
    let (_folder, mut cache) = Folder::cache("silent");
    cache.longest = Duration::from_millis(50);
    // It listens, so that connections are made, and answers none.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}/page", listener.local_addr().expect("it listens"));
    let failure = get(&url, &cache).unwrap_err().to_string();
    assert!(failure.contains("timed out") && failure.contains("\nhelp: "), "{failure}");
}
