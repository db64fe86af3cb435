//! An exchange as the journal shows it.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Record, Redactor};
use crate::engine::{Rejection, Violation};

/// An exchange, with the step that decided about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Entry {
    /// Counts the exchanges of the sandbox, from 1.
    pub number: u64,
    /// The sandbox.
    pub sandbox: String,
    /// Where this entry is to be had; absent when there is no control listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When the request was complete.
    pub at: DateTime<Utc>,
    /// The provider that it was for; absent when its path is none's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The operation that it was for; absent when none is at its path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The step of the journey that decided about the response.
    pub step: String,
    /// Why the request was refused, and what would have passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejection: Option<Refusal>,
    /// How the response does not conform to the document: faults of the mock or of the document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defects: Vec<String>,
    /// What else is worth knowing, as that a filter had to look at every row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What was made to go wrong, or to be answered, with the rule that said so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// What was asked.
    pub request: RequestEntry,
    /// What was answered.
    pub response: ResponseEntry,
}

/// Why a request was refused, for whoever sent it; the client got the vendor's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Refusal {
    /// The rule that the request broke.
    pub rule: String,
    /// JSON pointer into the body, or a place such as `query.limit`; empty for the request as a whole.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What would have passed.
    pub help: String,
    /// Everything that is wrong with parameters and body.
    pub violations: Vec<Wrong>,
}

/// One thing that is wrong with a parameter or the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Wrong {
    /// JSON pointer into the body, or a place such as `query.limit`.
    pub place: String,
    /// The keyword or rule that is broken.
    pub keyword: String,
    /// What is wrong, after the name of the field.
    pub message: String,
}

/// A request of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RequestEntry {
    /// The method.
    pub method: String,
    /// Path and query as sent, without the sandbox.
    pub target: String,
    /// Headers and body.
    #[serde(flatten)]
    pub message: Message,
}

/// A response of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ResponseEntry {
    /// The status.
    pub status: u16,
    /// Headers and body.
    #[serde(flatten)]
    pub message: Message,
}

/// Headers and body of a request or response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Message {
    /// The headers, secrets blotted out.
    pub headers: Vec<Header>,
    /// The body as text, secrets blotted out, without what is no UTF-8; only its beginning when it is long.
    pub body: String,
    /// The length of the whole body in bytes.
    pub body_length: usize,
}

/// A header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Header {
    /// Its name in lower case.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Entry {
    /// Shows a record.
    pub(crate) fn new(record: &Record, sandbox: &str, url: Option<String>, redactor: &Redactor) -> Self {
        Self {
            number: record.number,
            sandbox: sandbox.to_owned(),
            url,
            at: record.at,
            provider: record.provider().map(str::to_owned),
            operation: record.operation().map(str::to_owned),
            step: record.decided.step.to_owned(),
            rejection: record.decided.rejection.as_deref().map(refusal),
            defects: record.decided.defects.clone(),
            notes: record.decided.notes.clone(),
            faults: record.decided.faults.clone(),
            request: RequestEntry {
                method: record.method.to_string(),
                target: redactor.target(record.target()),
                message: message(record, record.request_headers(), record.request_body(), record.lengths[0], redactor),
            },
            response: ResponseEntry {
                status: record.status().as_u16(),
                message: message(record, record.response_headers(), record.response_body(), record.lengths[1], redactor),
            },
        }
    }
}

fn refusal(rejection: &Rejection) -> Refusal {
    let wrong = |violation: &Violation| Wrong {
        place: violation.place.clone(),
        keyword: violation.keyword.clone(),
        message: violation.message.clone(),
    };
    Refusal {
        rule: rejection.rule.to_owned(),
        place: rejection.place.clone(),
        message: rejection.message.clone(),
        help: rejection.help.clone(),
        violations: rejection.violations.iter().map(wrong).collect(),
    }
}

fn message<'r>(
    record: &Record,
    headers: impl Iterator<Item = (&'r str, String)>,
    body: &[u8],
    body_length: usize,
    redactor: &Redactor,
) -> Message {
    let headers: Vec<_> = headers.map(|(name, value)| Header { name: name.to_owned(), value: redactor.header(name, value) }).collect();
    let content_type = headers.iter().find(|header| header.name == "content-type").map_or("", |header| &header.value);
    let body = String::from_utf8_lossy(&redactor.body(record.provider(), content_type, body)).into_owned();
    Message { headers, body, body_length }
}
