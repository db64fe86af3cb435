//! A made-up vendor that answers as a test says, and notes when it was asked.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use contract::{
    Pace, Paced, Place, Request, Response, Transport, Unreachable,
    pace::{Clock, Settings},
};
use http::Method;
use parking_lot::Mutex;
use specs::{Api, Source};
use tokio::time::Instant;

/// 2027-01-15 08:00:00 UTC, when each test begins.
const NOW: u64 = 1_800_000_000;

/// An answer: its status and headers.
pub(crate) type Answer = (u16, &'static [(&'static str, &'static str)]);

/// The vendor. Its clones are the same.
#[derive(Clone)]
pub(crate) struct Vendor {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    asked: Arc<Mutex<Vec<u64>>>,
    takes: Duration,
    start: Instant,
}

impl Vendor {
    /// It gives these answers in turn, and then 200.
    pub(crate) fn new(answers: &[Answer]) -> Self {
        let answers = Arc::new(Mutex::new(answers.iter().copied().collect()));
        Self { answers, asked: Arc::default(), takes: Duration::ZERO, start: Instant::now() }
    }

    /// Each answer takes this long.
    pub(crate) fn taking(self, takes: Duration) -> Self {
        Self { takes, ..self }
    }

    /// When it was asked, in milliseconds from the start.
    pub(crate) fn asked(&self) -> Vec<u64> {
        self.asked.lock().clone()
    }
}

#[async_trait]
impl Transport for Vendor {
    async fn send(&self, _: &Request) -> Result<Response, Unreachable> {
        self.asked.lock().push(u64::try_from(self.start.elapsed().as_millis()).expect("tests are short"));
        let (status, headers) = self.answers.lock().pop_front().unwrap_or((200, &[]));
        tokio::time::sleep(self.takes).await;
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Ok(Response { status, headers, body: Vec::new() })
    }
}

pub(crate) fn get() -> Request {
    request(Method::GET)
}

pub(crate) fn request(method: Method) -> Request {
    Request { method, elsewhere: None, path: "/pans".to_owned(), query: Vec::new(), headers: Vec::new(), body: None }
}

/// Settings with a clock that shows when tests begin.
pub(crate) fn settings() -> Settings {
    Settings { clock: Clock::at(date()), ..Settings::default() }
}

fn date() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

/// A document with these `x-rate-limits`.
pub(crate) fn document(limits: &str) -> Api {
    let text = format!("openapi: 3.1.0\ninfo: {{title: Kitchen, version: '1'}}\nx-rate-limits: {limits}\npaths: {{}}\n");
    let loaded = specs::load(&Source::new("kitchen", "kitchen.yaml", text));
    loaded.api.expect("the document is sound")
}

pub(crate) fn paced(vendor: &Vendor, limits: &str, place: Place) -> Paced<Vendor> {
    Pace::new(&document(limits), place, &settings()).around(vendor.clone())
}
