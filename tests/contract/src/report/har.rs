//! The exchanges of a run as a HAR 1.2, which browsers and proxies open: an entry for each, labelled by its case, its
//! intent and its operation (`_case`, `_intent`, `_operation`, and the `comment` that viewers show).
//!
//! What HAR has no word for is under names with a `_`, as it asks: a request that had no answer has status 0 and says
//! why in `_error`, as browsers do; a request body that is no text is Base64 under `_encoding`. Cookies stand in the
//! headers alone, where they are hidden. The transport speaks HTTP/1.1 and does not tell sizes of headers.

use std::time::{Duration, SystemTime};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;

use super::Report;
use crate::{
    exchange::{Exchange, Field, Request, Response},
    redact::Redactor,
};

const VERSION: &str = "HTTP/1.1";
/// HAR's word for what is not known.
const UNKNOWN: i64 = -1;

/// A log of exchanges, in the order in which they began.
#[derive(Clone, Debug, Default)]
pub struct Har {
    entries: Vec<Entry>,
}

impl Har {
    /// All exchanges of a run.
    #[must_use]
    pub fn of(report: &Report, redactor: &Redactor) -> Self {
        let mut har = Self::default();
        for finished in &report.finished {
            let case = finished.case.id();
            finished.exchanges().for_each(|exchange| har.add(&case, exchange, &report.url, redactor));
        }
        har
    }

    /// Adds an exchange with the server at a base URL, under a label: the id of its case, mostly.
    pub fn add(&mut self, label: &str, exchange: &Exchange, base: &str, redactor: &Redactor) {
        let exchange = redactor.exchange(exchange);
        let url = redactor.url(&exchange.request.url(base));
        self.entries.push(Entry::of(label, &exchange, url));
    }

    /// The log, as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort_by_key(|entry| entry.started);
        let creator = Creator { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
        let file = File { log: Log { version: "1.2", creator, entries } };
        // Nothing here has keys that are no text, which is all that could fail.
        serde_json::to_string_pretty(&file).map(|text| text + "\n").unwrap_or_default()
    }
}

/// What stands before the entries of a log that is written while it grows, entry by entry.
pub(crate) fn opening() -> String {
    let creator = Creator { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
    let text = serde_json::to_string(&File { log: Log { version: "1.2", creator, entries: Vec::new() } }).unwrap_or_default();
    text.trim_end_matches("]}}").to_owned()
}

/// What stands behind them.
pub(crate) const CLOSING: &str = "\n]}}\n";

/// One such entry: an exchange with a server at a base URL, without credentials, and what is wrong with it.
pub(crate) fn entry(exchange: &Exchange, found: Vec<Value>, comment: String, base: &str) -> String {
    let made = Entry { comment, found, ..Entry::of("", exchange, exchange.request.url(base)) };
    serde_json::to_string(&made).unwrap_or_default()
}

#[derive(Serialize)]
struct File<'a> {
    log: Log<'a>,
}

#[derive(Serialize)]
struct Log<'a> {
    version: &'static str,
    creator: Creator,
    entries: Vec<&'a Entry>,
}

#[derive(Serialize)]
struct Creator {
    name: &'static str,
    version: &'static str,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(skip)]
    started: SystemTime,
    started_date_time: String,
    time: f64,
    request: Sent,
    response: Answer,
    cache: Empty,
    timings: Timings,
    comment: String,
    #[serde(rename = "_case", skip_serializing_if = "String::is_empty")]
    case: String,
    #[serde(rename = "_intent")]
    intent: &'static str,
    #[serde(rename = "_operation")]
    operation: String,
    #[serde(rename = "_findings", skip_serializing_if = "Vec::is_empty")]
    found: Vec<Value>,
}

#[derive(Clone, Debug, Serialize)]
struct Empty {}

#[derive(Clone, Debug, Serialize)]
struct Timings {
    send: f64,
    wait: f64,
    receive: f64,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    method: String,
    url: String,
    http_version: &'static str,
    cookies: [Pair; 0],
    headers: Vec<Pair>,
    query_string: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData>,
    headers_size: i64,
    body_size: usize,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    mime_type: String,
    text: String,
    params: Vec<Pair>,
    #[serde(rename = "_encoding", skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status: u16,
    status_text: &'static str,
    http_version: &'static str,
    cookies: [Pair; 0],
    headers: Vec<Pair>,
    content: Content,
    #[serde(rename = "redirectURL")]
    redirect_url: String,
    headers_size: i64,
    body_size: i64,
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    size: usize,
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct Pair {
    name: String,
    value: String,
}

impl Entry {
    fn of(case: &str, exchange: &Exchange, url: String) -> Self {
        let time = milliseconds(exchange.took);
        let (intent, operation) = (exchange.intent.as_str(), exchange.operation.clone());
        Self {
            started: exchange.started,
            started_date_time: DateTime::<Utc>::from(exchange.started).to_rfc3339_opts(SecondsFormat::Millis, true),
            time,
            request: Sent::of(&exchange.request, url),
            response: exchange.response.as_ref().map_or_else(|why| Answer::missing(why), Answer::of),
            cache: Empty {},
            timings: Timings { send: 0.0, wait: time, receive: 0.0 },
            comment: format!("{case}: {intent} by {operation}"),
            case: case.to_owned(),
            intent,
            operation,
            found: Vec::new(),
        }
    }
}

impl Sent {
    fn of(request: &Request, url: String) -> Self {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let media_type = request.headers.iter().find(|field| field.name.eq_ignore_ascii_case("content-type"));
        let media_type = media_type.map_or("x-unknown", |field| &field.value).to_owned();
        Self {
            method: request.method.to_string(),
            http_version: VERSION,
            cookies: [],
            headers: request.headers.iter().map(|Field { name, value, .. }| pair(name, value)).collect(),
            query_string: form_urlencoded::parse(query.as_bytes()).map(|(name, value)| pair(&name, &value)).collect(),
            post_data: request.body.as_ref().map(|body| PostData::of(body, media_type)),
            headers_size: UNKNOWN,
            body_size: request.body.as_ref().map_or(0, Vec::len),
            url,
        }
    }
}

impl PostData {
    fn of(body: &[u8], mime_type: String) -> Self {
        let (text, encoding) = written(body);
        Self { mime_type, text, params: Vec::new(), encoding }
    }
}

impl Answer {
    fn of(response: &Response) -> Self {
        let size = response.body.len();
        let (text, encoding) = written(&response.body);
        let mime_type = response.header("content-type").unwrap_or("x-unknown").to_owned();
        let status = http::StatusCode::from_u16(response.status).ok();
        Self {
            status: response.status,
            status_text: status.and_then(|status| status.canonical_reason()).unwrap_or_default(),
            http_version: VERSION,
            cookies: [],
            headers: response.headers.iter().map(|(name, value)| pair(name, value)).collect(),
            content: Content { size, mime_type, text: (size > 0).then_some(text), encoding },
            redirect_url: response.header("location").unwrap_or_default().to_owned(),
            headers_size: UNKNOWN,
            body_size: i64::try_from(size).unwrap_or(UNKNOWN),
            error: None,
        }
    }

    fn missing(why: &str) -> Self {
        Self {
            status: 0,
            status_text: "",
            http_version: VERSION,
            cookies: [],
            headers: Vec::new(),
            content: Content { mime_type: "x-unknown".to_owned(), ..Content::default() },
            redirect_url: String::new(),
            headers_size: UNKNOWN,
            body_size: UNKNOWN,
            error: Some(why.to_owned()),
        }
    }
}

/// Bytes as text, and how they are encoded in it.
fn written(bytes: &[u8]) -> (String, Option<&'static str>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (STANDARD.encode(bytes), Some("base64")),
    }
}

fn pair(name: &str, value: &str) -> Pair {
    Pair { name: name.to_owned(), value: value.to_owned() }
}

fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1_000_000.0).round() / 1000.0
}
