//! What every call of a client shares, and what is done to every request before it leaves.

use std::time::Duration;

use reqwest::{
    Request,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};

use super::{Credentials, NotSent};

/// The header that progenitor adds to every request; no document of ours asks for it.
const VERSION: &str = "api-version";
/// What progenitor says of a body when nothing else is said.
const UNSAID: &[u8] = b"application/octet-stream";
/// How long a call may take unless the caller says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How many redirects are followed.
const REDIRECTS: usize = 5;

/// The HTTP client of those who do not bring their own. It follows redirects on the same server alone: another one
/// must not be shown the credentials.
///
/// # Panics
/// When the system cannot set up TLS.
#[must_use]
pub fn http_client() -> reqwest::Client {
    let policy = Policy::custom(|attempt| {
        let is_same = attempt.previous().last().is_some_and(|last| last.origin() == attempt.url().origin());
        if is_same && attempt.previous().len() <= REDIRECTS { attempt.follow() } else { attempt.stop() }
    });
    let builder = reqwest::Client::builder().redirect(policy).user_agent(concat!("crm-notes/", env!("CARGO_PKG_VERSION")));
    builder.build().unwrap_or_default()
}

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

/// What an operation asks of the requests for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// Alternatives of credentials, each a list of schemes that go together; empty when none are asked for.
    pub security: &'static [&'static [&'static str]],
    /// The address that the document has for this operation alone.
    pub server: Option<&'static str>,
    /// Headers that are written under another name than their own, which comes second.
    pub renamed: &'static [(&'static str, &'static str)],
}

impl Connection {
    /// A connection with the usual time limit.
    #[must_use]
    pub fn new(credentials: Credentials) -> Self {
        Self { credentials, timeout: TIMEOUT, headers: HeaderMap::new() }
    }

    /// Makes a request ready to leave. An operation with a server of its own goes there instead of to `base`, unless
    /// the caller said where to go: then `base` is `None`.
    ///
    /// # Errors
    /// When the credentials do not do for the operation.
    pub fn prepare(&self, request: &mut Request, facts: Facts, base: Option<&str>) -> Result<(), NotSent> {
        if let (Some(base), Some(server)) = (base, facts.server) {
            relocate(request, base, server)?;
        }
        drop_version(request.headers_mut());
        rename(request.headers_mut(), facts.renamed);
        drop_type_of_nothing(request);
        for (name, value) in &self.headers {
            if !request.headers().contains_key(name) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        *request.timeout_mut() = Some(self.timeout);
        self.credentials.apply(request, facts.security)
    }
}

fn relocate(request: &mut Request, base: &str, server: &str) -> Result<(), NotSent> {
    let Some(rest) = request.url().as_str().strip_prefix(base) else { return Ok(()) };
    let moved = format!("{}{rest}", server.trim_end_matches('/'));
    *request.url_mut() = moved.parse().map_err(|_| NotSent::new(format!("`{server}` is no address; name one with `with_base_url`")))?;
    Ok(())
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

/// Gives headers their own names.
fn rename(headers: &mut HeaderMap, names: &[(&str, &'static str)]) {
    for (alias, name) in names {
        if let (Some(value), Ok(name)) = (headers.remove(*alias), HeaderName::from_bytes(name.as_bytes())) {
            headers.insert(name, value);
        }
    }
}

fn drop_type_of_nothing(request: &mut Request) {
    let empty = request.body().and_then(reqwest::Body::as_bytes).is_some_and(<[u8]>::is_empty);
    if empty && request.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes() == UNSAID) {
        request.headers_mut().remove(CONTENT_TYPE);
    }
}
