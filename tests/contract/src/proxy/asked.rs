//! A request as it came, without its body.

use std::time::{Instant, SystemTime};

use http::{HeaderMap, Method, Uri, request::Parts};
use specs::wire::Asked as Sought;

/// A request as it came, without its body.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) started: SystemTime,
    pub(super) clock: Instant,
}

impl Asked {
    /// What a request asks for, now.
    #[expect(clippy::disallowed_methods, reason = "a log says when its exchanges really were")]
    pub(super) fn of(parts: &Parts) -> Self {
        let (method, uri, headers) = (parts.method.clone(), parts.uri.clone(), parts.headers.clone());
        Self { method, uri, headers, started: SystemTime::now(), clock: Instant::now() }
    }

    /// The path, as sent.
    pub(super) fn path(&self) -> &str {
        self.uri.path()
    }

    /// The same, for a router.
    pub(super) fn sought(&self) -> Sought<'_> {
        let query = self.uri.query().unwrap_or_default();
        Sought { path: self.uri.path(), method: &self.method, query, headers: Some(&self.headers) }
    }

    /// A header, when it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
