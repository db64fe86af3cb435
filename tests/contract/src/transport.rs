//! How requests reach a target. What a run adds to sending (pace, record, keep a ledger) is a transport around another.

use std::{error::Error, io, time::Duration};

use async_trait::async_trait;
use http::Method;

use crate::{
    exchange::{Request, Response},
    pace::OverLimit,
};

/// How long a target may take to answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A way to a target.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a request and gives what came back, whatever its status.
    async fn send(&self, request: &Request) -> Result<Response, Unreachable>;
}

/// No response came.
#[derive(Debug, thiserror::Error)]
#[error("no response to {method} {path}")]
pub struct Unreachable {
    /// The method of the request.
    pub method: Method,
    /// Its path.
    pub path: String,
    /// Why.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

impl Unreachable {
    /// No response came to this request, and this is why.
    pub fn new(request: &Request, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { method: request.method.clone(), path: request.path.clone(), source: source.into() }
    }

    /// The limit that is why, when the target may well be there and too much was asked of it.
    #[must_use]
    pub fn over_limit(&self) -> Option<&OverLimit> {
        self.source.downcast_ref()
    }

    /// Whether nobody seems to be there at all, as opposed to somebody who does not answer this request.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.source.downcast_ref::<reqwest::Error>().map_or(!self.is_reset(), reqwest::Error::is_connect)
    }

    /// Whether the connection broke before the response was whole.
    #[must_use]
    pub fn is_reset(&self) -> bool {
        let breaks = [io::ErrorKind::ConnectionReset, io::ErrorKind::ConnectionAborted, io::ErrorKind::BrokenPipe];
        let broken = |error: &(dyn Error + 'static)| {
            error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_incomplete_message)
                || error.downcast_ref::<io::Error>().is_some_and(|error| breaks.contains(&error.kind()))
        };
        let mut next: Option<&(dyn Error + 'static)> = Some(&*self.source);
        while let Some(error) = next {
            if broken(error) {
                return true;
            }
            next = error.source();
        }
        false
    }
}

/// Goes nowhere: for requests that are written and not sent.
pub(crate) struct Nowhere;

#[async_trait]
impl Transport for Nowhere {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        Err(Unreachable::new(request, "there is no target"))
    }
}

/// HTTP to a base URL: no redirects, no decompression, no cookies.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
    base: String,
}

impl Http {
    /// A transport to this base URL, which stands in the place of the documented server URL.
    pub fn new(base: &str) -> Result<Self, reqwest::Error> {
        let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(TIMEOUT).no_proxy();
        if base.starts_with("http://") {
            // Reading the system's certificates takes longer than most cases.
            builder = builder.tls_certs_only([]);
        }
        Ok(Self { client: builder.build()?, base: base.trim_end_matches('/').to_owned() })
    }

    async fn exchange(&self, request: &Request) -> Result<Response, reqwest::Error> {
        let mut builder = self.client.request(request.method.clone(), request.url(&self.base));
        for field in &request.headers {
            builder = builder.header(&field.name, &field.value);
        }
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        let response = builder.send().await?;
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        Ok(Response { status: response.status().as_u16(), headers, body: response.bytes().await?.to_vec() })
    }
}

#[async_trait]
impl Transport for Http {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        self.exchange(request).await.map_err(|source| Unreachable::new(request, source))
    }
}
