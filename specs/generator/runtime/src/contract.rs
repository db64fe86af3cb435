//! Calls by operation id, with JSON arguments: how contract tests drive every client and name none.
//!
//! A crate that includes clients lists them as `PROVIDERS`. Each has the ids of its operations and a `call`:
//!
//! ```ignore
//! for provider in crm_notes::PROVIDERS {
//!     let connect = Connect::new("http://127.0.0.1:8080/acme").with_credential("apiKey", "key");
//!     let arguments = Arguments::new().with("query", "limit", json!(10)).with_body(json!({"title": "hi"}));
//!     let outcome = (provider.call)(connect, "list_notes".to_owned(), arguments).await;
//! }
//! ```
//!
//! Arguments are read by the types of the client, so what the types cannot hold is `NotSent`; the answer is decoded by
//! them and written back to JSON, so what they lose is missing from it. A file of a multipart form is its text, or
//! `{filename, content_type, content}`; a body that is text or bytes is a string.

use std::{fmt, future::Future, pin::Pin};

use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Credentials, Error, Secret};

/// A provider's client, without its types.
#[derive(Clone, Copy, Debug)]
pub struct Provider {
    /// The name of its module.
    pub name: &'static str,
    /// The ids of its operations.
    pub operations: &'static [&'static str],
    /// Calls an operation.
    pub call: fn(Connect, String, Arguments) -> Call,
}

/// A call under way.
pub type Call = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Where calls go, and as whom.
#[derive(Clone, Default)]
pub struct Connect {
    /// The address, as a server of the document would be written.
    pub base_url: String,
    /// Sent with every request.
    pub headers: HeaderMap,
    credentials: Vec<(String, String)>,
}

impl Connect {
    /// To an address, as nobody.
    #[must_use]
    pub fn new(base_url: &str) -> Self {
        Self { base_url: base_url.to_owned(), ..Self::default() }
    }

    /// The same with a credential: the name of the scheme, and the token, the key or `user:password`.
    #[must_use]
    pub fn with_credential(mut self, scheme: &str, text: &str) -> Self {
        self.credentials.push((scheme.to_owned(), text.to_owned()));
        self
    }

    /// The same with a header on every request; what no header can hold is left out.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The credentials as the document's schemes take them.
    pub fn credentials(&self, of: impl Fn(&str, &str) -> Option<Credentials>) -> Credentials {
        let known = self.credentials.iter().filter_map(|(scheme, text)| of(scheme, text));
        known.fold(Credentials::default(), Credentials::and)
    }
}

impl fmt::Debug for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// `user:password` as a secret.
#[must_use]
pub fn basic(text: &str) -> Secret {
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    Secret::Basic(user.to_owned(), password.to_owned())
}

/// Arguments of a call, as JSON.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    parameters: Map<String, Value>,
    body: Option<Value>,
}

impl Arguments {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a parameter: its location (`path`, `query`, `header`, `cookie`), its name, and its value.
    #[must_use]
    pub fn with(mut self, location: &str, name: &str, value: Value) -> Self {
        self.parameters.insert(format!("{location}.{name}"), value);
        self
    }

    /// The same with a body.
    #[must_use]
    pub fn with_body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// When it is not, or its type cannot hold it.
    pub fn required<T: DeserializeOwned>(&self, location: &str, name: &str) -> Result<T, String> {
        self.optional(location, name)?.ok_or_else(|| format!("no {location} parameter `{name}`"))
    }

    /// A parameter that may be there.
    ///
    /// # Errors
    /// When its type cannot hold it.
    pub fn optional<T: DeserializeOwned>(&self, location: &str, name: &str) -> Result<Option<T>, String> {
        let value = self.parameters.get(&format!("{location}.{name}"));
        value.map(|value| T::deserialize(value).map_err(|error| format!("{location} parameter `{name}`: {error}"))).transpose()
    }

    /// A body that is text or bytes: a string as it is, anything else as JSON.
    ///
    /// # Errors
    /// Never.
    pub fn text(&self) -> Result<Option<String>, String> {
        let text = |body: &Value| body.as_str().map_or_else(|| body.to_string(), str::to_owned);
        Ok(self.body.as_ref().map(text))
    }

    /// The body.
    ///
    /// # Errors
    /// When its type cannot hold it.
    pub fn body<T: DeserializeOwned>(&self) -> Result<Option<T>, String> {
        self.body.as_ref().map(|body| T::deserialize(body).map_err(|error| format!("body: {error}"))).transpose()
    }
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The status is declared and the body is as declared: decoded, and written back to JSON. A response without a
    /// body is null.
    Decoded {
        /// The status.
        status: u16,
        /// The body, as the types hold it.
        body: Value,
    },
    /// The document does not declare the status.
    Undeclared {
        /// The status.
        status: u16,
        /// The body as it came.
        text: String,
    },
    /// The status is declared and the body is not as declared.
    Undecodable {
        /// The status.
        status: u16,
        /// JSON pointer of the place that does not fit.
        pointer: String,
        /// Why it does not.
        message: String,
    },
    /// The arguments do not fit the types of the client, or the credentials do not do.
    NotSent(String),
    /// No answer came.
    Failed(String),
}

impl Outcome {
    /// A declared answer.
    pub fn decoded(status: StatusCode, body: serde_json::Result<Option<Value>>) -> Self {
        match body {
            Ok(Some(body)) => Self::Decoded { status: status.as_u16(), body },
            Ok(None) => Self::Undeclared { status: status.as_u16(), text: String::new() },
            Err(error) => Self::Failed(format!("the answer cannot be written back: {error}")),
        }
    }

    /// Anything but a success.
    pub fn failed<E: fmt::Debug>(error: &Error<E>, answer: Option<serde_json::Result<Option<Value>>>) -> Self {
        if let (Some(status), Some(undecoded)) = (error.status(), error.undecoded()) {
            let message = std::error::Error::source(undecoded).map_or_else(String::new, ToString::to_string);
            return Self::Undecodable { status: status.as_u16(), pointer: undecoded.pointer().to_owned(), message };
        }
        match (error.status(), answer) {
            (Some(status), Some(Ok(None))) => {
                let text = error.body().map(super::Body::text).unwrap_or_default();
                Self::Undeclared { status: status.as_u16(), text }
            }
            (Some(status), Some(answer)) => Self::decoded(status, answer),
            _ => Self::Failed(chain(error)),
        }
    }

    /// A request that was not sent.
    #[must_use]
    pub fn not_sent(why: String) -> Self {
        Self::NotSent(why)
    }
}

/// The error with its causes.
fn chain<E: fmt::Debug>(error: &Error<E>) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
