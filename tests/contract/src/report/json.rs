//! A run for a program. The schema is that of the types here, and [`VERSION`] rises when a member goes or changes its
//! meaning; new members may come without.
//!
//! A body is `{"text": …}` when it is UTF-8, else `{"base64": …}`. Exchanges stand at the cases that did not pass.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

use super::{
    Counts, Shown,
    evidence::headers,
    shown::{Evidence, Told},
};
use crate::{
    case::{Class, Failure, Outcome},
    coverage::Coverage,
    exchange::Response,
};

/// The version of the schema.
const VERSION: u32 = 1;

/// A run, as JSON.
#[must_use]
pub fn json(shown: &Shown) -> String {
    let Shown { provider, file, url, seed, counts, cases, residue, warnings, coverage, .. } = shown;
    let Counts { passed, failed, blocked, new, skipped, accepted, unanswered } = *counts;
    let counts = Sums { passed, failed, blocked, new, skipped, accepted, unanswered };
    let cases = cases.iter().map(Case::of).collect();
    let coverage = coverage.as_ref();
    let run = Run { version: VERSION, provider, document: file, url, seed: *seed, counts, cases, residue, warnings, coverage };
    // Nothing here has keys that are no text, which is all that could fail.
    serde_json::to_string_pretty(&run).map(|text| text + "\n").unwrap_or_default()
}

#[derive(Serialize)]
struct Run<'a> {
    version: u32,
    provider: &'a str,
    document: &'a str,
    url: &'a str,
    seed: u64,
    counts: Sums,
    /// All that were run, in the order of the document.
    cases: Vec<Case<'a>>,
    /// What the run left behind.
    residue: &'a [String],
    warnings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<&'a Coverage>,
}

#[derive(Serialize)]
struct Sums {
    passed: usize,
    failed: usize,
    blocked: usize,
    new: usize,
    skipped: usize,
    accepted: usize,
    unanswered: usize,
}

#[derive(Serialize)]
struct Case<'a> {
    id: String,
    operation: &'a str,
    name: &'a str,
    rule: &'a str,
    promise: &'a str,
    place: &'a str,
    sentence: &'a str,
    /// `safe` or `mock-only`.
    class: &'static str,
    /// `passed`, `failed`, `new`, `blocked`, `skipped` or `unreachable`.
    outcome: &'static str,
    /// Of what is blocked, skipped or unreachable.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// Of what failed, or is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Broken<'a>>,
    /// Why that is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exchanges: Vec<Exchange<'a>>,
}

#[derive(Serialize)]
struct Broken<'a> {
    what: &'a str,
    place: &'a str,
    expected: &'a str,
    got: &'a str,
}

#[derive(Serialize)]
struct Exchange<'a> {
    operation: &'a str,
    /// `prepare`, `test`, `observe` or `clean`.
    intent: &'static str,
    request: Request<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<Answer<'a>>,
    /// Why there is no response.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    /// A line of bash that repeats the request.
    curl: &'a str,
}

#[derive(Serialize)]
struct Request<'a> {
    method: &'a str,
    url: &'a str,
    headers: Vec<Header<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Body>,
}

#[derive(Serialize)]
struct Answer<'a> {
    status: u16,
    /// Without `Date`.
    headers: Vec<Header<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Body>,
}

#[derive(Serialize)]
struct Header<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Body {
    Text(String),
    Base64(String),
}

impl<'a> Case<'a> {
    fn of(told: &'a Told) -> Self {
        let case = &told.case;
        let (outcome, reason, failure) = match &told.outcome {
            Outcome::Passed => ("passed", None, None),
            Outcome::Failed(failure) => ("failed", None, Some(failure)),
            Outcome::New(failure) => ("new", None, Some(failure)),
            Outcome::Blocked(reason) => ("blocked", Some(reason.as_str()), None),
            Outcome::Skipped(reason) => ("skipped", Some(reason.as_str()), None),
            Outcome::Unreachable(reason) => ("unreachable", Some(reason.as_str()), None),
        };
        let broken = |Failure { what, place, expected, got }: &'a Failure| Broken { what, place: told.place(place), expected, got };
        Self {
            id: case.id(),
            operation: &case.operation,
            name: &case.name,
            rule: case.rule.name,
            promise: case.rule.promise,
            place: &case.place,
            sentence: &case.sentence,
            class: if case.class == Class::Safe { "safe" } else { "mock-only" },
            outcome,
            reason,
            failure: failure.map(broken),
            accepted: told.accepted.as_deref(),
            exchanges: told.evidence.iter().map(Exchange::of).collect(),
        }
    }
}

impl<'a> Exchange<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        let Evidence { exchange, url, curl } = evidence;
        let headers = exchange.request.headers.iter().map(|field| Header { name: &field.name, value: &field.value }).collect();
        let body = exchange.request.body.as_deref().map(Body::of);
        Self {
            operation: &exchange.operation,
            intent: exchange.intent.as_str(),
            request: Request { method: exchange.request.method.as_str(), url, headers, body },
            response: exchange.response.as_ref().ok().map(Answer::of),
            error: exchange.response.as_ref().err().map(String::as_str),
            curl,
        }
    }
}

impl<'a> Answer<'a> {
    fn of(response: &'a Response) -> Self {
        let body = Some(response.body.as_slice()).filter(|body| !body.is_empty()).map(Body::of);
        Self { status: response.status, headers: headers(response).map(|(name, value)| Header { name, value }).collect(), body }
    }
}

impl Body {
    fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(STANDARD.encode(bytes)),
        }
    }
}
