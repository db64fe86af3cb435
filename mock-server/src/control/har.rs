//! The journal of a sandbox as a HAR 1.2, which browsers, Postman and Insomnia open.
//!
//! What HAR has no word for is under names with a `_`, as it asks. A request body that is no text is Base64 under
//! `_encoding`, and of a long body the beginning is there, as in the journal. Sizes of heads are not known.

use std::marker::PhantomData;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::SecondsFormat;
use dropshot::Body;
use http::{Response, header};
use schemars::JsonSchema;
use serde::Serialize;
use specs::wire::pairs;

use super::{handlers::find, journal::JournalFilter, refusal::HttpError, reply::Reply};
use crate::{
    journal::{Record, Redactor, Wanted},
    sandbox::{DEFAULT_SANDBOX, Sandbox},
    shell::Shell,
};

/// The version that clients mostly speak; the journal does not know it.
const HTTP_VERSION: &str = "HTTP/1.1";
/// HAR's word for what is not known.
const UNKNOWN: i64 = -1;

/// A HAR file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Har {
    /// The log.
    log: Log,
}

/// The log of a HAR file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Log {
    /// The version of the format.
    version: String,
    /// Who wrote it.
    creator: Creator,
    /// The exchanges, oldest first.
    entries: Vec<HarEntry>,
}

/// Who wrote a HAR file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Creator {
    name: String,
    version: String,
}

/// An exchange of a HAR file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HarEntry {
    /// When the request was complete, by the clock of the sandbox.
    started_date_time: String,
    /// How long the answer took, in milliseconds.
    time: f64,
    request: HarRequest,
    response: HarResponse,
    cache: HarCache,
    timings: HarTimings,
    /// The operation, the step that decided, and the rule that the request broke.
    comment: String,
    /// The number of the exchange in the journal.
    #[serde(rename = "_number")]
    number: u64,
}

/// What HAR says of caches: nothing.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct HarCache {}

/// Where the time of an exchange went, in milliseconds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct HarTimings {
    send: f64,
    wait: f64,
    receive: f64,
}

/// A request of a HAR file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HarRequest {
    method: String,
    url: String,
    http_version: String,
    cookies: Vec<HarPair>,
    headers: Vec<HarPair>,
    query_string: Vec<HarPair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<HarPostData>,
    headers_size: i64,
    body_size: i64,
}

/// A request body of a HAR file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HarPostData {
    mime_type: String,
    /// The fields of a form.
    params: Vec<HarPair>,
    text: String,
    /// `base64`, where the body is no text.
    #[serde(rename = "_encoding", skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
}

/// A response of a HAR file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HarResponse {
    status: u16,
    status_text: String,
    http_version: String,
    cookies: Vec<HarPair>,
    headers: Vec<HarPair>,
    content: HarContent,
    #[serde(rename = "redirectURL")]
    redirect_url: String,
    headers_size: i64,
    body_size: i64,
}

/// A response body of a HAR file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HarContent {
    /// The length of the whole body in bytes.
    size: i64,
    mime_type: String,
    text: String,
    /// `base64`, where the body is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
}

/// A name with a value.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct HarPair {
    name: String,
    value: String,
}

/// The journal of a sandbox as a file.
pub(super) fn attached(shell: &Shell, sandbox: &str, filter: &JournalFilter) -> Result<Reply<Har>, HttpError> {
    let sandbox = find(shell, Some(sandbox))?;
    let har = export(shell, &sandbox, &filter.wanted()?, filter.limit.unwrap_or(usize::MAX));
    let text = serde_json::to_string_pretty(&har).map_err(|error| HttpError::for_internal_error(error.to_string()))?;
    let name = format!("attachment; filename=\"{}.har\"", sandbox.name);
    let response = Response::builder().header(header::CONTENT_TYPE, "application/json").header(header::CONTENT_DISPOSITION, name);
    Ok(Reply { response: response.body(Body::from(text + "\n"))?, holds: PhantomData })
}

/// The exchanges of a sandbox that are wanted.
fn export(shell: &Shell, sandbox: &Sandbox, wanted: &Wanted, limit: usize) -> Har {
    let base = match &*sandbox.name {
        DEFAULT_SANDBOX => shell.url().to_owned(),
        name => format!("{}/~{name}", shell.url()),
    };
    let redactor = shell.redactor.load();
    let show = |record: &Record| wanted.covers(record).then(|| HarEntry::new(record, &base, &redactor));
    let creator = Creator { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
    Har { log: Log { version: "1.2".to_owned(), creator, entries: sandbox.journal.newest(limit, show) } }
}

impl HarEntry {
    fn new(record: &Record, base: &str, redactor: &Redactor) -> Self {
        let time = record.took.num_microseconds().map_or(0.0, |took| took.max(0) as f64 / 1_000.0);
        Self {
            started_date_time: record.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            time,
            request: HarRequest::new(record, base, redactor),
            response: HarResponse::new(record, redactor),
            cache: HarCache {},
            timings: HarTimings { send: 0.0, wait: time, receive: 0.0 },
            comment: comment(record),
            number: record.number,
        }
    }
}

/// What a viewer shows beside an exchange.
fn comment(record: &Record) -> String {
    let decided = &record.decided;
    let mut words: Vec<&str> = record.operation().into_iter().chain([decided.step]).collect();
    if let Some(rejection) = decided.rejection.as_deref() {
        words.extend([rejection.rule, rejection.place.as_str(), rejection.message.as_str()]);
    }
    words.retain(|word| !word.is_empty());
    words.join("; ")
}

impl HarRequest {
    fn new(record: &Record, base: &str, redactor: &Redactor) -> Self {
        let target = redactor.target(record.target());
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let headers = shown(record.request_headers(), redactor);
        let length = record.lengths[0];
        Self {
            method: record.method.to_string(),
            url: format!("{base}{target}"),
            http_version: HTTP_VERSION.to_owned(),
            cookies: values(&headers, header::COOKIE.as_str()).flat_map(|value| value.split(';')).map(cookie).collect(),
            query_string: decoded(query),
            post_data: (length > 0).then(|| HarPostData::new(record, &headers, redactor)),
            headers,
            headers_size: UNKNOWN,
            body_size: size(length),
        }
    }
}

impl HarPostData {
    fn new(record: &Record, headers: &[HarPair], redactor: &Redactor) -> Self {
        let mime_type = media_type(headers);
        let body = redactor.body(record.provider(), &mime_type, record.request_body());
        let (text, encoding) = written(&body, record.lengths[0]);
        let is_form = mime_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded");
        let params = if is_form { decoded(&text) } else { Vec::new() };
        Self { mime_type, params, text, encoding }
    }
}

impl HarResponse {
    fn new(record: &Record, redactor: &Redactor) -> Self {
        let headers = shown(record.response_headers(), redactor);
        let mime_type = media_type(&headers);
        let (text, encoding) = written(&redactor.body(record.provider(), &mime_type, record.response_body()), record.lengths[1]);
        let size = size(record.lengths[1]);
        let status = record.status();
        let redirect_url = values(&headers, header::LOCATION.as_str()).next().unwrap_or_default().to_owned();
        let cookies = values(&headers, header::SET_COOKIE.as_str()).filter_map(|value| value.split(';').next()).map(cookie).collect();
        Self {
            status: status.as_u16(),
            status_text: status.canonical_reason().unwrap_or_default().to_owned(),
            http_version: HTTP_VERSION.to_owned(),
            cookies,
            redirect_url,
            content: HarContent { size, mime_type, text, encoding },
            headers,
            headers_size: UNKNOWN,
            body_size: size,
        }
    }
}

fn shown<'r>(headers: impl Iterator<Item = (&'r str, String)>, redactor: &Redactor) -> Vec<HarPair> {
    headers.map(|(name, value)| HarPair { name: name.to_owned(), value: redactor.header(name, value) }).collect()
}

fn values<'h>(headers: &'h [HarPair], name: &str) -> impl Iterator<Item = &'h str> {
    headers.iter().filter(move |header| header.name == name).map(|header| header.value.as_str())
}

fn media_type(headers: &[HarPair]) -> String {
    values(headers, header::CONTENT_TYPE.as_str()).next().unwrap_or("x-unknown").to_owned()
}

fn cookie(pair: &str) -> HarPair {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    HarPair { name: name.trim().to_owned(), value: value.trim().to_owned() }
}

fn decoded(text: &str) -> Vec<HarPair> {
    pairs(text).iter().map(|pair| HarPair { name: pair.name.to_string(), value: pair.decoded().into_owned() }).collect()
}

/// A body as text, and how it is encoded in it. A letter that the end of what is kept cuts is left out.
fn written(body: &[u8], length: usize) -> (String, Option<String>) {
    match std::str::from_utf8(body) {
        Ok(text) => (text.to_owned(), None),
        Err(error) if error.error_len().is_none() && length > body.len() => {
            (String::from_utf8_lossy(&body[..error.valid_up_to()]).into_owned(), None)
        }
        Err(_) => (STANDARD.encode(body), Some("base64".to_owned())),
    }
}

fn size(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(UNKNOWN)
}
