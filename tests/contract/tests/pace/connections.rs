//! Requests that get no answer.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use contract::{Http, Pace, Place, Transport};
use http::Method;

use crate::vendor::{document, request, settings};

/// A server that answers each first request of a connection and breaks off at the next; it counts requests.
fn breaking() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let (address, asked) = (listener.local_addr().expect("a listener has an address"), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&asked);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            for answers in [true, false] {
                if !stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
                    break;
                }
                counted.fetch_add(1, Ordering::SeqCst);
                if answers {
                    _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                }
            }
        }
    });
    (address, asked)
}

async fn check(method: Method, succeeds: bool, requests: usize) {
    let (address, asked) = breaking();
    let http = Http::new(&format!("http://{address}")).expect("the address is one");
    let paced = Pace::new(&document("[]"), Place::Live, &settings()).around(http);
    assert_eq!(paced.send(&request(Method::GET)).await.expect("the first request is answered").status, 200);
    let second = paced.send(&request(method.clone())).await;
    assert_eq!(second.is_ok(), succeeds, "{method}: {second:?}");
    assert!(second.as_ref().err().is_none_or(|error| error.is_reset() && error.over_limit().is_none()));
    assert_eq!(asked.load(Ordering::SeqCst), requests, "{method}");
}

#[tokio::test]
async fn what_is_safe_is_sent_again_when_a_connection_breaks() {
    check(Method::GET, true, 3).await;
    check(Method::HEAD, true, 3).await;
}

#[tokio::test]
async fn what_is_unsafe_may_have_been_done_and_is_not_sent_again() {
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        check(method, false, 2).await;
    }
}

#[tokio::test]
async fn nobody_there_is_no_broken_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("a listener has an address");
    drop(listener);
    let http = Http::new(&format!("http://{address}")).expect("the address is one");
    let paced = Pace::new(&document("[]"), Place::Live, &settings()).around(http);
    let error = paced.send(&request(Method::GET)).await.expect_err("nobody is there");
    assert!(!error.is_reset() && error.over_limit().is_none(), "{error:?}");
}
