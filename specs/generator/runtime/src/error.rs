//! Why a call gave no success.

use std::{error::Error as StdError, fmt, time::Duration};

use reqwest::{StatusCode, header::HeaderMap};

use super::Body;

/// A call that gave no success: the server refused it, its answer was no answer that the document knows how to read,
/// or none came.
///
/// What to do is mostly decided by the predicates; [`answer`](Self::answer) gives the refusal as the document types
/// it, one variant for each status.
pub struct Error<E> {
    operation: &'static str,
    wait: Option<Duration>,
    kind: Box<Kind<E>>,
}

enum Kind<E> {
    Answer { status: StatusCode, headers: HeaderMap, answer: E, body: Body },
    Undecodable(Box<Undecodable>),
    Transport(reqwest::Error),
    NotSent(NotSent),
}

/// A body that is not what the document declares for its status.
#[derive(Debug)]
pub struct Undecodable {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) pointer: String,
    pub(crate) body: Body,
    pub(crate) source: serde_json::Error,
}

/// Why a request was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSent(String);

impl NotSent {
    /// For this reason: a lower-case fragment without a period.
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for NotSent {}

impl Undecodable {
    /// The status that came with it.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// JSON pointer of the place that does not fit; empty for the body as a whole.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The text of the body, up to a bound.
    #[must_use]
    pub fn text(&self) -> String {
        self.body.shown()
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the body of status {} is not as documented", self.status.as_u16())?;
        if !self.pointer.is_empty() {
            write!(f, " at `{}`", self.pointer)?;
        }
        Ok(())
    }
}

impl StdError for Undecodable {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.source)
    }
}

impl<E> Error<E> {
    /// A refusal, decoded.
    pub(crate) fn refused(operation: &'static str, status: StatusCode, headers: HeaderMap, answer: E, body: Body) -> Self {
        Self { operation, wait: None, kind: Box::new(Kind::Answer { status, headers, answer, body }) }
    }

    /// A body that does not decode.
    pub(crate) fn undecodable(operation: &'static str, why: Box<Undecodable>) -> Self {
        Self { operation, wait: None, kind: Box::new(Kind::Undecodable(why)) }
    }

    /// A connection that failed. The URL is taken out: a query can hold secrets.
    pub(crate) fn transport(operation: &'static str, error: reqwest::Error) -> Self {
        Self { operation, wait: None, kind: Box::new(Kind::Transport(error.without_url())) }
    }

    /// A request that was not sent.
    #[must_use]
    pub fn not_sent(operation: &'static str, why: NotSent) -> Self {
        Self { operation, wait: None, kind: Box::new(Kind::NotSent(why)) }
    }

    /// The same, with how long the server asks to wait.
    pub(crate) fn waiting(mut self, wait: Option<Duration>) -> Self {
        self.wait = wait;
        self
    }

    /// The id of the operation.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The refusal as the document types it: one variant for each status, and `Undeclared` for the others.
    #[must_use]
    pub fn answer(&self) -> Option<&E> {
        match &*self.kind {
            Kind::Answer { answer, .. } => Some(answer),
            _ => None,
        }
    }

    /// The refusal by value, or the error again when there is none.
    ///
    /// # Errors
    /// When the server gave no answer that decodes.
    pub fn into_answer(self) -> Result<E, Self> {
        match *self.kind {
            Kind::Answer { answer, .. } => Ok(answer),
            kind => Err(Self { operation: self.operation, wait: self.wait, kind: Box::new(kind) }),
        }
    }

    /// The body that is not as documented, when that is what is wrong.
    #[must_use]
    pub fn undecoded(&self) -> Option<&Undecodable> {
        match &*self.kind {
            Kind::Undecodable(why) => Some(why),
            _ => None,
        }
    }

    /// The status, when the server gave one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match &*self.kind {
            Kind::Answer { status, .. } => Some(*status),
            Kind::Undecodable(why) => Some(why.status),
            Kind::Transport(_) | Kind::NotSent(_) => None,
        }
    }

    /// The headers, when the server gave an answer.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        match &*self.kind {
            Kind::Answer { headers, .. } => Some(headers),
            Kind::Undecodable(why) => Some(&why.headers),
            Kind::Transport(_) | Kind::NotSent(_) => None,
        }
    }

    /// The body as it came, when the server gave one.
    #[must_use]
    pub fn body(&self) -> Option<&Body> {
        match &*self.kind {
            Kind::Answer { body, .. } => Some(body),
            Kind::Undecodable(why) => Some(&why.body),
            Kind::Transport(_) | Kind::NotSent(_) => None,
        }
    }

    /// The request is not what the server takes: 400 or 422.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.has(&[400, 422])
    }

    /// Credentials are missing or wrong: 401.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.has(&[401])
    }

    /// The credentials do not allow it: 403.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.has(&[403])
    }

    /// There is no such thing: 404 or 410.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.has(&[404, 410])
    }

    /// It does not agree with what is there: 409.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.has(&[409])
    }

    /// Too many requests: 429. [`retry_after`](Self::retry_after) may say how long to wait.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.has(&[429])
    }

    /// The server failed: 5xx.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        self.status().is_some_and(|status| status.is_server_error())
    }

    /// No answer came in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(&*self.kind, Kind::Transport(error) if error.is_timeout())
    }

    /// No connection could be made: nothing was done.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(&*self.kind, Kind::Transport(error) if error.is_connect())
    }

    /// The server answered with a status that the document does not declare, or a body that is not as it declares:
    /// the document may be out of date.
    #[must_use]
    pub fn is_undocumented(&self) -> bool
    where
        E: Undeclared,
    {
        self.undecoded().is_some() || self.answer().is_some_and(Undeclared::is_undeclared)
    }

    /// How long to wait before the next attempt, counted from when the answer came: by `Retry-After`, or on a 429 by
    /// the rate-limit headers that the document describes.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.wait
    }

    fn has(&self, codes: &[u16]) -> bool {
        self.status().is_some_and(|status| codes.contains(&status.as_u16()))
    }
}

/// Refusals of an operation, of which one stands for what the document does not declare.
pub trait Undeclared {
    /// Whether this is that one.
    fn is_undeclared(&self) -> bool;
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` failed", self.operation)?;
        match &*self.kind {
            Kind::Answer { status, body, .. } if body.is_empty() => write!(f, " with status {}", status.as_u16()),
            Kind::Answer { status, body, .. } => write!(f, " with status {}: {}", status.as_u16(), body.shown()),
            Kind::Undecodable(why) => write!(f, " with status {}", why.status.as_u16()),
            Kind::Transport(_) => write!(f, " on the way"),
            Kind::NotSent(_) => write!(f, " before it was sent"),
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("operation", &self.operation);
        match &*self.kind {
            Kind::Answer { status, answer, .. } => debug.field("status", status).field("answer", answer),
            Kind::Undecodable(why) => {
                debug.field("status", &why.status).field("pointer", &why.pointer).field("body", &why.body).field("source", &why.source)
            }
            Kind::Transport(error) => debug.field("transport", error),
            Kind::NotSent(why) => debug.field("not_sent", why),
        };
        debug.finish_non_exhaustive()
    }
}

impl<E: fmt::Debug> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.kind {
            Kind::Answer { .. } => None,
            Kind::Undecodable(why) => Some(why),
            Kind::Transport(error) => Some(error),
            Kind::NotSent(why) => Some(why),
        }
    }
}
