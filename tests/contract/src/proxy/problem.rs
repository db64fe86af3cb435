//! What the proxy itself answers: why a request was not passed on, as a problem (RFC 9457).

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use serde_json::json;

/// A body that is sent to a client.
pub(super) type Outgoing = UnsyncBoxBody<Bytes, hyper::Error>;

/// Why a request gets no answer of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// A fragment.
    pub(super) detail: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into() }
    }

    /// The answer that says so.
    pub(super) fn response(&self) -> Response<Outgoing> {
        let title = self.status.canonical_reason().unwrap_or_default();
        let problem = json!({"type": "about:blank", "title": title, "status": self.status.as_u16(), "detail": self.detail});
        let body = Full::new(Bytes::from(problem.to_string())).map_err(|never| match never {});
        let mut response = Response::new(body.boxed_unsync());
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
