//! Whether an answer is as the document declares it. What is due is what the cases of a run go by; here it is asked of
//! every answer that passes.

use http::{HeaderMap, Method, StatusCode};
use specs::api::{Direction, Operation};

use super::{
    asked::Asked,
    finding::{Finding, Grade},
    rules,
    seen::Seen,
};
use crate::{
    case::{Aspect, Failure},
    cases::ASPECTS,
    check,
    exchange::Response,
    rule::{self, Rule},
    suite::Suite,
};

/// The status and the headers of an answer, as they came.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
}

impl Head {
    /// An answer that starts like this.
    pub(super) fn response(&self, body: Vec<u8>) -> Response {
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = self.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        Response { status: self.status.as_u16(), headers, body }
    }

    /// Whether the body is judged by what it holds.
    pub(super) fn is_judged_by_body(&self, asked: &Asked) -> bool {
        let name = self.headers.get(http::header::CONTENT_TYPE).and_then(|name| name.to_str().ok()).unwrap_or_default();
        let essence = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_json = essence.ends_with("/json") || essence.ends_with("+json");
        is_json && self.has_body(asked) && self.status != StatusCode::PARTIAL_CONTENT
    }

    /// Whether there can be a body.
    fn has_body(&self, asked: &Asked) -> bool {
        asked.method != Method::HEAD && ![StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&self.status)
    }

    /// Whether a body is announced by its length.
    fn has_length(&self) -> bool {
        let length = self.headers.get(http::header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        length.is_some_and(|length| length.bytes().any(|digit| digit != b'0'))
    }

    /// Whether HTTP has this answer to what the request makes a condition of, whatever the document says.
    fn is_conditional(&self, asked: &Asked) -> bool {
        let has = |names: &[&str]| names.iter().any(|name| asked.headers.contains_key(*name));
        match self.status.as_u16() {
            304 => has(&["if-none-match", "if-modified-since"]),
            412 => has(&["if-match", "if-unmodified-since", "if-none-match", "if-modified-since"]),
            206 | 416 => has(&["range"]),
            _ => false,
        }
    }
}

/// What is wrong with an answer, as far as it came.
pub(super) fn judge(suite: &Suite, operation: &Operation, asked: &Asked, head: &Head, body: &Seen) -> Vec<Finding> {
    if operation.response(head.status.as_u16()).is_none() && head.is_conditional(asked) {
        return Vec::new();
    }
    let of_body = match body {
        _ if !head.has_body(asked) || head.status == StatusCode::PARTIAL_CONTENT => OfBody::Nothing,
        Seen::Whole(_) => OfBody::All,
        Seen::Part(bytes, _) if bytes.is_empty() && !head.has_length() => OfBody::Nothing,
        Seen::Part(..) => OfBody::Type,
    };
    let response = head.response(match body {
        // What is announced is there, though it may not have come yet.
        Seen::Part(bytes, _) if bytes.is_empty() => b"...".to_vec(),
        body => body.bytes().to_vec(),
    });
    let aspects = ASPECTS.iter().filter(|(aspect, ..)| of_body.tells(*aspect, asked));
    let found = aspects.filter_map(|(aspect, rule, _)| Some((*rule, grade(*rule), check::answer(suite, operation, &response, *aspect)?)));
    let finding =
        |(rule, grade, failure)| Finding { rule, grade, direction: Direction::Response, operation: operation.id.clone(), failure };
    found.map(finding).collect()
}

/// What a vendor may have added since the document was written breaks nothing.
fn grade(rule: Rule) -> Grade {
    if rule == rule::ANSWER_UNDOCUMENTED { Grade::New } else { Grade::Wrong }
}

/// What is wrong with an answer that the server broke off.
pub(super) fn unfinished(operation: Option<&Operation>, why: &str) -> Finding {
    let failure = Failure::at("", "the rest of the body", why, format!("the body {}", why.trim_start_matches("it ")));
    let operation = operation.map(|operation| operation.id.clone()).unwrap_or_default();
    Finding { rule: rules::UNFINISHED_ANSWER, grade: Grade::Wrong, direction: Direction::Response, operation, failure }
}

/// What a body tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OfBody {
    Nothing,
    /// That it is there.
    Type,
    All,
}

impl OfBody {
    fn tells(self, aspect: Aspect, asked: &Asked) -> bool {
        match aspect {
            Aspect::Status | Aspect::Headers => true,
            // What has no body by its method or status is told from what lacks one.
            Aspect::MediaType => self != Self::Nothing && asked.method != Method::HEAD,
            _ => self == Self::All,
        }
    }
}
