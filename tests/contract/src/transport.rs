//! How requests reach a target. What a run adds to sending (pace, record, keep a ledger) is a transport around another.

use std::time::Duration;

use async_trait::async_trait;
use http::Method;

use crate::exchange::{Request, Response};

/// How long a target may take to answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How often a request over the rate limit is repeated, and how long one wait may be.
const REPEATS: usize = 5;
const LONGEST_WAIT: Duration = Duration::from_mins(1);

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
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Goes nowhere: for requests that are written and not sent.
pub(crate) struct Nowhere;

#[async_trait]
impl Transport for Nowhere {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        Err(Unreachable { method: request.method.clone(), path: request.path.clone(), source: "there is no target".into() })
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
        self.exchange(request).await.map_err(|source| Unreachable {
            method: request.method.clone(),
            path: request.path.clone(),
            source: Box::new(source),
        })
    }
}

/// Waits and repeats when the target says that it is asked too often, so that a limit never fails a case.
#[derive(Clone, Debug)]
pub struct Patient<T>(pub T);

#[async_trait]
impl<T: Transport> Transport for Patient<T> {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        let mut response = self.0.send(request).await?;
        for _ in 0..REPEATS {
            let Some(wait) = wait(&response) else { break };
            tokio::time::sleep(wait).await;
            response = self.0.send(request).await?;
        }
        Ok(response)
    }
}

/// How long a refusal asks to wait; `None` for what is no such refusal, or asks for too much.
fn wait(response: &Response) -> Option<Duration> {
    let seconds = (response.status == 429).then(|| response.header("retry-after"))??.trim().parse().ok()?;
    Some(Duration::from_secs(seconds)).filter(|wait| *wait <= LONGEST_WAIT)
}
