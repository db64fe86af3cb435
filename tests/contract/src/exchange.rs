//! A request with its response, as raw as the wire: nothing here knows what a document declares.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use http::Method;
use serde_json::Value;

/// How much of a body is shown.
const SHOWN: usize = 600;

/// A header or a query parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its value; in a query, percent-encoded.
    pub value: String,
    /// Whether it is shown.
    pub visibility: Visibility,
}

/// Whether a value may appear in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// It may.
    Shown,
    /// It is a credential.
    Redacted,
}

/// A server that an operation has of its own: its path takes the place of that of the document's server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The path of the document's server, without a trailing slash.
    pub instead_of: String,
    /// The path of the operation's own.
    pub path: String,
}

/// A request, relative to the base URL of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where its operation is, when not at the server of the document.
    pub elsewhere: Option<Elsewhere>,
    /// The path, percent-encoded, from its first slash; with the query behind it where that is sent as it was written.
    pub path: String,
    /// The query, in order.
    pub query: Vec<Field>,
    /// The headers, in order.
    pub headers: Vec<Field>,
    /// The body.
    pub body: Option<Vec<u8>>,
}

impl Request {
    /// Sets a header, in place of one with the same name.
    pub fn set_header(&mut self, name: &str, value: impl Into<String>, visibility: Visibility) {
        self.headers.retain(|field| !field.name.eq_ignore_ascii_case(name));
        self.headers.push(Field { name: name.to_owned(), value: value.into(), visibility });
    }

    /// Removes a header.
    pub fn remove_header(&mut self, name: &str) {
        self.headers.retain(|field| !field.name.eq_ignore_ascii_case(name));
    }

    /// The path and the query.
    #[must_use]
    pub fn target(&self) -> String {
        self.written(|field| &field.value)
    }

    /// Where it goes, at a server with this base URL.
    #[must_use]
    pub fn url(&self, base: &str) -> String {
        let base = base.trim_end_matches('/');
        match &self.elsewhere {
            Some(own) => format!("{}{}{}", base.strip_suffix(&own.instead_of).unwrap_or(base), own.path, self.target()),
            None => format!("{base}{}", self.target()),
        }
    }

    fn written<'f>(&'f self, value: impl Fn(&'f Field) -> &'f str) -> String {
        let pairs: Vec<String> = self.query.iter().map(|field| format!("{}={}", field.name, value(field))).collect();
        let joint = if self.path.contains('?') { '&' } else { '?' };
        if pairs.is_empty() { self.path.clone() } else { format!("{}{joint}{}", self.path, pairs.join("&")) }
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of the first header with this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// What a request is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Intent {
    /// To make what the test needs.
    Prepare,
    /// To be judged by its answer.
    Test,
    /// To see what came of another request.
    Observe,
    /// To remove what was made.
    Clean,
    /// For somebody else, whose it is.
    Relay,
}

impl Intent {
    /// A word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Test => "test",
            Self::Observe => "observe",
            Self::Clean => "clean",
            Self::Relay => "relay",
        }
    }
}

/// A request with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The id of the operation that was asked for.
    pub operation: String,
    /// What it was sent for.
    pub intent: Intent,
    /// When it was sent.
    pub started: SystemTime,
    /// How long the answer took.
    pub took: Duration,
    /// What was sent.
    pub request: Request,
    /// What came back, or why nothing did.
    pub response: Result<Response, String>,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |field: &'_ Field| match field.visibility {
            Visibility::Shown => field.value.clone(),
            Visibility::Redacted => "…".to_owned(),
        };
        let request = &self.request;
        write!(
            f,
            "{} {}",
            request.method,
            request.written(|field| if field.visibility == Visibility::Shown { &field.value } else { "…" })
        )?;
        for field in &request.headers {
            write!(f, "\n  {}: {}", field.name, shown(field))?;
        }
        write!(f, "{}", body(request.body.as_deref().unwrap_or_default()))?;
        let response = match &self.response {
            Ok(response) => response,
            Err(why) => return write!(f, "\n→ no answer: {why}"),
        };
        write!(f, "\n→ {}", response.status)?;
        for (name, value) in response.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("date")) {
            write!(f, "\n  {name}: {value}")?;
        }
        write!(f, "{}", body(&response.body))
    }
}

/// A body for people, on a line of its own and cut where it gets long.
fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let cut: String = text.chars().take(SHOWN).collect();
    let rest = if cut.len() < text.len() { format!("… ({} bytes)", bytes.len()) } else { String::new() };
    if text.is_empty() { String::new() } else { format!("\n  {cut}{rest}") }
}
