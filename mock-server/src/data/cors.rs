//! Cross-origin requests: a page from anywhere may use the mock, with credentials, as pages under development do,
//! unless the mock is told which.
//!
//! Vendors mostly do not allow this, and a front end under development needs it. A document that declares it itself
//! is followed: `OPTIONS` that is no preflight goes to the engine, and an origin that a response allows stays. Nothing
//! here changes what a client that is no browser sees. What is reflected and not `*` is so because browsers take no
//! `*` for requests with credentials (Fetch, "CORS protocol and credentials").

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
        CACHE_CONTROL, CONTENT_TYPE, EXPIRES, LAST_MODIFIED, ORIGIN, VARY,
    },
};

use crate::origins::Cors;

/// A page on the web asks whether it may reach into a private network, where mocks are.
const REQUEST_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");
/// What dropshot and hyper add after everything here.
const ADDED: [&str; 3] = ["content-length", "date", "x-request-id"];

/// Whether a request asks what is allowed instead of asking for something.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS && headers.contains_key(ORIGIN) && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a preflight, unless nothing is said of the matter.
pub(super) fn preflight(cors: &Cors, method: &Method, asked: &HeaderMap) -> Option<Response<Bytes>> {
    if *cors == Cors::Off || !is_preflight(method, asked) {
        return None;
    }
    Some(cors.allowed(asked).map_or_else(refusal, |origin| grant(origin, asked)))
}

/// Allows what is asked for.
pub(crate) fn grant(origin: &HeaderValue, asked: &HeaderMap) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    let reflected = [
        (ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_ALLOW_METHODS),
        (ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_ALLOW_HEADERS),
        (REQUEST_PRIVATE_NETWORK, ALLOW_PRIVATE_NETWORK),
    ];
    for (from, to) in reflected {
        if let Some(value) = asked.get(&from) {
            headers.insert(to, value.clone());
        }
    }
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    headers.insert(VARY, HeaderValue::from_static("origin, access-control-request-method, access-control-request-headers"));
    response
}

/// Allows nothing, and tells people why, in the network tab of their browser.
fn refusal() -> Response<Bytes> {
    let text = "pages of this origin may not use the mock\nhelp: allow them with `--cors`, as `--cors http://localhost:5173`\n";
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = StatusCode::FORBIDDEN;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response.headers_mut().insert(VARY, HeaderValue::from_static("origin"));
    response
}

/// Lets the page that asked read a response, when a page asked that may.
pub(crate) fn allow(cors: &Cors, asked: &HeaderMap, headers: &mut HeaderMap) {
    if *cors == Cors::Off || headers.get(ACCESS_CONTROL_ALLOW_ORIGIN).is_some_and(says_an_origin) {
        return;
    }
    if asked.contains_key(ORIGIN) || may_be_kept(headers) {
        headers.append(VARY, HeaderValue::from_static("origin"));
    }
    let Some(origin) = cors.allowed(asked) else { return };
    expose(origin, headers);
}

/// Lets a page of this origin read a response with all its headers.
pub(crate) fn expose(origin: &HeaderValue, headers: &mut HeaderMap) {
    let is_ours = |name: &str| name.starts_with("access-control-") || name == VARY.as_str();
    let mut exposed: Vec<&str> = headers.keys().map(HeaderName::as_str).filter(|name| !is_ours(name)).collect();
    exposed.extend(ADDED.into_iter().filter(|name| !headers.contains_key(*name)));
    let exposed = HeaderValue::try_from(exposed.join(", "));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    if let Ok(exposed) = exposed {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
}

/// Whether what a document declares as the allowed origin is one, and not a value made up for a schema that any text fits.
fn says_an_origin(value: &HeaderValue) -> bool {
    let value = value.as_bytes();
    matches!(value, b"*" | b"null") || value.windows(3).any(|three| three == b"://")
}

/// Whether a browser may answer another request with this response, perhaps one of a page.
fn may_be_kept(headers: &HeaderMap) -> bool {
    [CACHE_CONTROL, EXPIRES, LAST_MODIFIED].iter().any(|name| headers.contains_key(name))
}
