//! An exchange as one block of text.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, Method, Response, StatusCode};

use crate::engine::{Rejection, Request};

/// Bodies are kept up to this length; what they were longer is known.
const MAX_BODY: usize = 64 << 10;

/// Who decided about an exchange, and why.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decided {
    /// The name of the provider.
    pub(crate) provider: Option<Arc<str>>,
    /// The id of the operation.
    pub(crate) operation: Option<Arc<str>>,
    /// The step that decided.
    pub(crate) step: &'static str,
    /// Why it was refused.
    pub(crate) rejection: Option<Box<Rejection>>,
    /// How the response does not conform to the document.
    pub(crate) defects: Vec<String>,
    /// What else is worth knowing.
    pub(crate) notes: Vec<String>,
    /// What was made to go wrong.
    pub(crate) faults: Vec<String>,
}

/// An exchange as the journal keeps it.
#[derive(Debug)]
pub(crate) struct Record {
    /// Counts the exchanges of the sandbox, from 1.
    pub(crate) number: u64,
    pub(crate) at: DateTime<Utc>,
    /// How long the answer took, once the request was complete.
    pub(crate) took: TimeDelta,
    pub(crate) decided: Decided,
    pub(crate) method: Method,
    status: StatusCode,
    /// Target, request head, request body and response head, one after the other.
    text: Box<[u8]>,
    ends: [usize; 3],
    /// The beginning of the response body. It is mostly a row that is kept anyway, so it is not copied.
    response_body: Bytes,
    /// The lengths of request and response body, of which only the beginning may be kept.
    pub(crate) lengths: [usize; 2],
}

impl Record {
    pub(crate) fn new(number: u64, at: DateTime<Utc>, request: &Request, response: &Response<Bytes>, decided: Decided) -> Self {
        let target = request.target.path_and_query().map_or("", http::uri::PathAndQuery::as_str);
        let body = request.body.get(..MAX_BODY).unwrap_or(&request.body);
        let size = target.len() + head_size(&request.headers) + body.len() + head_size(response.headers());
        let mut text = Vec::with_capacity(size);
        text.extend_from_slice(target.as_bytes());
        let target_end = text.len();
        push_head(&mut text, &request.headers);
        let head_end = text.len();
        text.extend_from_slice(body);
        let body_end = text.len();
        push_head(&mut text, response.headers());
        Self {
            number,
            at,
            took: TimeDelta::zero(),
            decided,
            method: request.method.clone(),
            status: response.status(),
            text: text.into_boxed_slice(),
            ends: [target_end, head_end, body_end],
            response_body: beginning(response.body()),
            lengths: [request.body.len(), response.body().len()],
        }
    }

    /// The same, with how long the answer took.
    pub(crate) fn took(self, took: TimeDelta) -> Self {
        Self { took, ..self }
    }

    pub(crate) fn provider(&self) -> Option<&str> {
        self.decided.provider.as_deref()
    }

    pub(crate) fn operation(&self) -> Option<&str> {
        self.decided.operation.as_deref()
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// About how much memory the record takes.
    pub(super) fn size(&self) -> usize {
        let decided = &self.decided;
        let said: usize =
            decided.defects.iter().chain(&decided.notes).chain(&decided.faults).map(|text| text.len() + size_of::<String>()).sum();
        size_of::<Self>() + self.text.len() + self.response_body.len() + said + decided.rejection.as_deref().map_or(0, rejection_size)
    }

    pub(super) fn defects(&self) -> u64 {
        self.decided.defects.len() as u64
    }

    pub(crate) fn target(&self) -> &str {
        std::str::from_utf8(self.part(0, self.ends[0])).unwrap_or_default()
    }

    /// The target without the query.
    pub(super) fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or_default()
    }

    /// Whether a text is in the target or in a body.
    pub(super) fn says(&self, text: &str) -> bool {
        let text = text.as_bytes();
        let has = |bytes: &[u8]| text.is_empty() || bytes.windows(text.len()).any(|part| part == text);
        has(self.target().as_bytes()) || has(self.request_body()) || has(self.response_body())
    }

    pub(crate) fn request_headers(&self) -> impl Iterator<Item = (&str, String)> {
        headers(self.part(self.ends[0], self.ends[1]))
    }

    pub(crate) fn request_body(&self) -> &[u8] {
        self.part(self.ends[1], self.ends[2])
    }

    pub(crate) fn response_headers(&self) -> impl Iterator<Item = (&str, String)> {
        headers(self.part(self.ends[2], self.text.len()))
    }

    pub(crate) fn response_body(&self) -> &[u8] {
        &self.response_body
    }

    fn part(&self, from: usize, to: usize) -> &[u8] {
        self.text.get(from..to).unwrap_or_default()
    }
}

fn rejection_size(rejection: &Rejection) -> usize {
    let violations = rejection.violations.iter();
    let violations = violations.map(|one| size_of_val(one) + one.place.len() + one.field.len() + one.keyword.len() + one.message.len());
    let text = rejection.place.len() + rejection.message.len() + rejection.help.len();
    size_of_val(rejection) + text + violations.sum::<usize>()
}

fn beginning(body: &Bytes) -> Bytes {
    // A part of it would hold on to all of it.
    body.get(..MAX_BODY).map_or_else(|| body.clone(), Bytes::copy_from_slice)
}

fn head_size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 2).sum()
}

/// A line per header. Names have no colon and values no line break, which `http` has checked.
fn push_head(text: &mut Vec<u8>, headers: &HeaderMap) {
    for (name, value) in headers {
        text.extend_from_slice(name.as_str().as_bytes());
        text.push(b':');
        text.extend_from_slice(value.as_bytes());
        text.push(b'\n');
    }
}

fn headers(head: &[u8]) -> impl Iterator<Item = (&str, String)> {
    head.split(|byte| *byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = std::str::from_utf8(line.get(..colon)?).ok()?;
        Some((name, String::from_utf8_lossy(line.get(colon + 1..)?).into_owned()))
    })
}
