//! What every call of a client shares, and what is done to every request before it leaves.

use std::time::Duration;

use reqwest::{
    Request,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};

use super::{Credentials, NotSent};

/// The header that progenitor adds to every request; no document of ours asks for it.
const VERSION: &str = "api-version";
/// What progenitor says of a body when nothing else is said.
const UNSAID: &[u8] = b"application/octet-stream";
/// How long a call may take unless the caller says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Credentials, time limit and headers of a client.
#[derive(Clone, Debug)]
pub struct Connection {
    /// What proves who is calling.
    pub credentials: Credentials,
    /// How long a call may take, connecting and reading included.
    pub timeout: Duration,
    /// Sent with every request, in front of nothing that a call sets itself.
    pub headers: HeaderMap,
}

impl Connection {
    /// A connection with the usual time limit.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        Self { credentials, timeout: TIMEOUT, headers: HeaderMap::new() }
    }

    /// Makes a request ready to leave. The server in `own` replaces `base`: some operations have one of their own.
    ///
    /// # Errors
    /// When the credentials do not do for the operation.
    pub fn prepare(&self, request: &mut Request, alternatives: &[&[&str]]) -> Result<(), NotSent> {
        drop_version(request.headers_mut());
        drop_type_of_nothing(request);
        for (name, value) in &self.headers {
            if !request.headers().contains_key(name) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        *request.timeout_mut() = Some(self.timeout);
        self.credentials.apply(request, alternatives)
    }
}

/// Takes away the first value, progenitor's; others are a documented parameter's.
fn drop_version(headers: &mut HeaderMap) {
    let name = HeaderName::from_static(VERSION);
    let documented: Vec<HeaderValue> = headers.get_all(&name).iter().skip(1).cloned().collect();
    headers.remove(&name);
    for value in documented {
        headers.append(&name, value);
    }
}

fn drop_type_of_nothing(request: &mut Request) {
    let empty = request.body().and_then(reqwest::Body::as_bytes).is_some_and(<[u8]>::is_empty);
    if empty && request.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes() == UNSAID) {
        request.headers_mut().remove(CONTENT_TYPE);
    }
}
