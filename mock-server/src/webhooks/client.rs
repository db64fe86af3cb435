//! One attempt over HTTP.

use std::{error::Error, fmt::Write as _, io, sync::Arc, sync::OnceLock, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Response, Uri,
    header::{RETRY_AFTER, USER_AGENT},
};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};

use super::{
    Attempt, Delivery, Header,
    sign::{self, Sealed, Signed},
};
use crate::clock::{self, Clock};

/// How much of an answer is read.
const MOST: usize = 64 << 10;
/// How much of it is kept, in characters.
const SHOWN: usize = 2_000;
/// The longest pause that a receiver can ask for, in seconds.
const LONGEST_PAUSE: u64 = 86_400;

type Http = legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Sends over HTTP and HTTPS; made ready when it is first needed. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Client(Arc<OnceLock<Http>>);

impl Client {
    /// Connections are not kept: a receiver of a test comes and goes.
    fn http(&self) -> io::Result<&Http> {
        if let Some(ready) = self.0.get() {
            return Ok(ready);
        }
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        let connector = HttpsConnectorBuilder::new().try_with_platform_verifier().map_err(io::Error::other)?;
        let connector = connector.https_or_http().enable_http1().wrap_connector(tcp);
        let client = legacy::Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector);
        Ok(self.0.get_or_init(|| client))
    }
}

/// Makes an attempt; with the seconds after which the receiver wants another one.
pub(super) async fn attempt(client: &Client, clock: &Clock, delivery: &Delivery) -> (Attempt, Option<u64>) {
    let machine = clock::now();
    let at = clock.read(machine);
    let mut attempt =
        Attempt { at, milliseconds: 0, status: None, error: None, request_headers: Vec::new(), signed: None, response_body: String::new() };
    let request = request(delivery, &mut attempt);
    let most = Duration::from_millis(delivery.sending.timeout);
    let answered = async { answer(client, request?, &mut attempt).await };
    let asked = match tokio::time::timeout(most, answered).await {
        Ok(Ok(asked)) => asked,
        Ok(Err(error)) => {
            attempt.error = Some(error);
            None
        }
        Err(_) => {
            attempt.error = Some(format!("no answer within {} ms", delivery.sending.timeout));
            None
        }
    };
    attempt.milliseconds = u64::try_from((clock::now() - machine).num_milliseconds()).unwrap_or(0);
    (attempt, asked)
}

async fn answer(client: &Client, request: Request<Full<Bytes>>, attempt: &mut Attempt) -> Result<Option<u64>, String> {
    let client = client.http().map_err(|error| told(&error))?;
    let response = client.request(request).await.map_err(|error| told(&error))?;
    let status = response.status();
    let asked = pause(response.headers());
    let is_elsewhere = status.is_redirection();
    attempt.status = Some(status.as_u16());
    attempt.response_body = beginning(response).await;
    if is_elsewhere {
        return Err("it leads elsewhere, and redirects are not followed; subscribe the address that it leads to".to_owned());
    }
    if !status.is_success() {
        attempt.error = Some(format!("answered {status}"));
    }
    Ok(asked)
}

async fn beginning(response: Response<Incoming>) -> String {
    let read = Limited::new(response.into_body(), MOST).collect().await;
    let bytes = read.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    String::from_utf8_lossy(&bytes).chars().take(SHOWN).collect()
}

/// The seconds that a receiver asks to wait (RFC 9110, section 10.2.3).
fn pause(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let until = || {
        let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
        u64::try_from((date.to_utc() - clock::now()).num_seconds()).ok()
    };
    text.parse().ok().or_else(until).map(|seconds: u64| seconds.min(LONGEST_PAUSE))
}

fn request(delivery: &Delivery, attempt: &mut Attempt) -> Result<Request<Full<Bytes>>, String> {
    let (event, sending) = (&delivery.event, &delivery.sending);
    let url: Uri = sending.url.parse().map_err(|error| format!("`{}` is no address: {error}", sending.url))?;
    if !matches!(url.scheme_str(), Some("http" | "https")) || url.host().is_none() {
        return Err(format!("`{}` is no address of HTTP; it begins with `http://` or `https://`", sending.url));
    }
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static(concat!("mock-server/", env!("CARGO_PKG_VERSION"))));
    for (name, value) in &event.headers {
        headers.insert(name, value.clone());
    }
    if let (Some(signature), Some(secret)) = (&sending.signature, &sending.secret) {
        let method = event.method.as_str();
        let signed = Signed { body: &event.body, id: &event.id, at: attempt.at, url: &sending.url, method };
        let Sealed { headers: sealed, base } = sign::seal(signature, secret, &signed, sending.spoilt);
        attempt.signed = Some(String::from_utf8_lossy(&base).into_owned());
        put(&mut headers, &sealed)?;
    }
    put(&mut headers, &sending.headers)?;
    let mut request = Request::new(Full::new(event.body.clone()));
    *request.method_mut() = event.method.clone();
    *request.uri_mut() = url;
    let shown = headers
        .iter()
        .map(|(name, value)| Header { name: name.to_string(), value: String::from_utf8_lossy(value.as_bytes()).into_owned() });
    attempt.request_headers = shown.collect();
    *request.headers_mut() = headers;
    Ok(request)
}

fn put(to: &mut HeaderMap, headers: &[(String, String)]) -> Result<(), String> {
    for (name, value) in headers {
        let wrong = || format!("`{name}: {value}` is no header");
        to.insert(HeaderName::try_from(name).map_err(|_| wrong())?, HeaderValue::try_from(value).map_err(|_| wrong())?);
    }
    Ok(())
}

/// An error with all that caused it.
fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to memory cannot fail.
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}
