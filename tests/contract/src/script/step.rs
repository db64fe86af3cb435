//! What a step of a script says, as it was read.

use http::Method;
use serde_json::Value;
use specs::api::SchemeKind;

use super::matcher::Expected;

/// A request, and what its answer must be.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) line: usize,
    pub(super) method: Method,
    /// Path and query, as written.
    pub(super) target: String,
    pub(super) proof: Proof,
    /// Each name once, with its values; without any, the header is not sent.
    pub(super) headers: Vec<(String, Vec<String>)>,
    pub(super) body: Option<Content>,
    pub(super) gets: Vec<Statuses>,
    pub(super) answers: Vec<(String, Check)>,
    pub(super) headers_of_answer: Vec<(String, Check)>,
    pub(super) type_of_answer: Option<Check>,
    pub(super) text_of_answer: Option<Check>,
    pub(super) bytes_of_answer: Option<(usize, Vec<u8>)>,
    /// The name of each value, and where it stands.
    pub(super) keep: Vec<(String, Place, usize)>,
}

/// What a request proves itself with.
#[derive(Clone, Debug)]
pub(super) enum Proof {
    /// What the document offers for the operation.
    Offered,
    Nothing,
    /// Credentials, each of a scheme.
    These(Vec<(SchemeKind, String)>),
}

/// A body with its media type.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) media: Option<String>,
    pub(super) body: Body,
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    Json(Value),
    Form(Vec<(String, Vec<String>)>),
    Text(String),
    Bytes(Vec<u8>),
}

/// Statuses that are fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statuses {
    Exactly(u16),
    /// Those of a hundred: `4` is 4XX.
    Hundred(u16),
}

/// What has to be somewhere, and the line that says so.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub(super) line: usize,
    pub(super) expected: Expected,
}

/// Where a value stands in an answer.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Pointer(String),
    Header(String),
}
