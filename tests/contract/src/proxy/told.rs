//! What an exchange has to tell, when it is over.

use http::{HeaderMap, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::{
    answers::{self, Head},
    asked::Asked,
    finding::Finding,
    journey::{Answer, Arrival, Journey},
    kept::End,
    problem::Refusal,
    seen::Seen,
};
use crate::{
    credentials::Credentials,
    exchange::{Exchange, Field, Intent, Request, Response, Visibility},
    redact::Redactor,
};

/// An exchange that is over.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) exchange: Exchange,
    pub(super) came: Came,
    pub(super) findings: Vec<Finding>,
    /// What was not looked at, and why: fragments.
    pub(super) unchecked: Vec<String>,
    /// What the client proved itself with.
    pub(super) credentials: Credentials,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// An answer with this status.
    Answer(StatusCode),
    /// No answer, for this reason.
    Nothing(String),
    /// It was not passed on.
    Refused(Refusal),
    /// The client left before there was an answer.
    Abandoned,
}

impl Told {
    /// The same without credentials.
    pub(super) fn redacted(self, redactor: &Redactor) -> Self {
        let Self { exchange, came, findings, unchecked, credentials } = self;
        let redacted = |finding: Finding| Finding { failure: redactor.failure(&finding.failure), ..finding };
        let came = match came {
            Came::Nothing(why) => Came::Nothing(redactor.text(&why)),
            other => other,
        };
        let (exchange, findings) = (redactor.exchange(&exchange), findings.into_iter().map(redacted).collect());
        Self { exchange, came, findings, unchecked, credentials }
    }
}

impl Came {
    /// Whether it is as it should be.
    pub(super) fn is_quiet(&self) -> bool {
        matches!(self, Self::Answer(_) | Self::Abandoned)
    }
}

/// Waits for the end of an exchange, and tells of it. The room that it takes is free when somebody listened.
pub(super) async fn tell(journey: Journey, arrival: oneshot::Receiver<Arrival>, room: OwnedSemaphorePermit) {
    let told = match arrival.await {
        Ok(Arrival::Answer(answer)) => answered(&journey, answer).await,
        Ok(Arrival::Nothing(came)) => unanswered(&journey, came),
        Err(_) => unanswered(&journey, Came::Abandoned),
    };
    // Nobody listens any more when the proxy has ended.
    _ = journey.shared.told.send(told).await;
    drop(room);
}

async fn answered(journey: &Journey, answer: Answer) -> Told {
    let Answer { head, body, gone, findings } = answer;
    gone.wait().await;
    let copied = body.copied();
    let is_broken = matches!(copied.end, Some(End::Broken(_)));
    let seen = Seen::of(copied, &head.headers);
    let mut findings = findings.unwrap_or_else(|| journey.findings(&head, &seen));
    let mut unchecked = unchecked_request(journey);
    if let Seen::Part(_, why) = &seen {
        if is_broken {
            findings.push(answers::unfinished(journey.operation(), why));
        } else if journey.operation().is_some() && head.is_judged_by_body(&journey.asked) {
            unchecked.push(format!("the body of the answer is not checked: {why}"));
        }
    }
    let came = Came::Answer(head.status);
    Told { exchange: exchange(journey, Ok(response(&head, &seen))), came, findings, unchecked, credentials: credentials(journey) }
}

fn unanswered(journey: &Journey, came: Came) -> Told {
    let why = match &came {
        Came::Nothing(why) => why.clone(),
        Came::Refused(refusal) => refusal.detail.clone(),
        Came::Answer(_) | Came::Abandoned => "the client went away".to_owned(),
    };
    let (findings, unchecked) = (journey.request(), unchecked_request(journey));
    Told { exchange: exchange(journey, Err(why)), came, findings, unchecked, credentials: credentials(journey) }
}

fn credentials(journey: &Journey) -> Credentials {
    Credentials::seen(journey.shared.reader.suite.api(), &journey.asked.headers, journey.asked.uri.query())
}

fn unchecked_request(journey: &Journey) -> Vec<String> {
    match journey.body() {
        Seen::Part(_, why) if journey.operation().is_some_and(|operation| operation.body.is_some()) => {
            vec![format!("the body of the request is not checked: {why}")]
        }
        _ => Vec::new(),
    }
}

fn exchange(journey: &Journey, response: Result<Response, String>) -> Exchange {
    let operation = journey.operation().map(|operation| operation.id.clone()).unwrap_or_default();
    let started = journey.asked.started;
    Exchange { operation, intent: Intent::Relay, started, took: journey.asked.clock.elapsed(), request: request(journey), response }
}

fn request(journey: &Journey) -> Request {
    let Asked { method, uri, headers, .. } = &journey.asked;
    // Whoever tells of it looks for credentials itself.
    let field = |name: String, value: String| Field { name, value, visibility: Visibility::Shown };
    let pairs = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let query = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        field(name.to_owned(), value.to_owned())
    });
    let seen = journey.body();
    let sent = without_encoding(headers, &seen).into_iter().map(|(name, value)| field(name, value));
    let body = Some(seen.bytes().to_vec()).filter(|body| !body.is_empty());
    Request { method: method.clone(), elsewhere: None, path: uri.path().to_owned(), query: query.collect(), headers: sent.collect(), body }
}

fn response(head: &Head, seen: &Seen) -> Response {
    Response { status: head.status.as_u16(), headers: without_encoding(&head.headers, seen), body: seen.bytes().to_vec() }
}

/// The headers of a body as it is told: where it was decompressed, it no longer is what it was sent as.
fn without_encoding(headers: &HeaderMap, seen: &Seen) -> Vec<(String, String)> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let shown = headers.iter().filter(|(name, _)| !(*name == http::header::CONTENT_ENCODING && matches!(seen, Seen::Whole(_))));
    shown.map(|(name, value)| (name.to_string(), text(value))).collect()
}
