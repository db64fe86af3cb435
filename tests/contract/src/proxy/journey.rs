//! The journey of a request through the proxy, in order: it is read, sent on, answered, and then told.
//!
//! An answer is passed on while it comes, and what is found is told in a header, which goes before the body. So an answer
//! whose body is judged is held back until all of it is there, as far as it is not long and comes soon; what is found
//! in a body after its header went out is told at the terminal and in the file of exchanges alone.

use std::{net::IpAddr, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version, request::Parts};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use specs::api::Operation;
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::{
    answers::{self, Head},
    asked::Asked,
    finding::Finding,
    hops,
    kept::{Gone, Kept, Passing},
    mark,
    problem::{Outgoing, Refusal},
    requests::{Meant, Reader},
    seen::{self, Seen},
    target::Target,
    told::{self, Came, Told},
};

/// How long an answer is held back whose body is judged.
const HELD: Duration = Duration::from_secs(2);
/// How much is kept of a body that is not judged.
const GLIMPSE: usize = 64 * 1024;

/// What all exchanges share.
pub(super) struct Shared {
    pub(super) reader: Reader,
    pub(super) target: Target,
    pub(super) forwarded: Forwarded,
    /// The port that clients reach this at.
    pub(super) port: u16,
    /// How many exchanges there may be at once, those included that are not told yet.
    pub(super) room: Arc<Semaphore>,
    pub(super) told: mpsc::Sender<Told>,
}

/// Whether the target is told whom requests are passed on for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Forwarded {
    /// It sees what the client sent.
    #[default]
    Untold,
    /// It gets `X-Forwarded-For`, `-Host` and `-Proto`.
    Told,
}

/// Answers a request.
pub(super) async fn pass(shared: Arc<Shared>, client: IpAddr, request: Request<Incoming>) -> Response<Outgoing> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&parts);
    let Ok(room) = Arc::clone(&shared.room).acquire_owned().await else {
        return Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the proxy is stopping").response();
    };
    let refusal = refused(&shared, &parts);
    let meant = if refusal.is_none() { shared.reader.head(&asked) } else { Meant::default() };
    let journey = Journey { shared, asked, meant, sent: Kept::new(seen::MOST) };
    let (sender, arrival) = oneshot::channel();
    tokio::spawn(told::tell(journey.clone(), arrival, room));
    if let Some(refusal) = refusal {
        let response = refusal.response();
        _ = sender.send(Arrival::Nothing(Came::Refused(refusal)));
        return response;
    }
    let (body, _) = Passing::new(body, Arc::clone(&journey.sent));
    match journey.shared.target.send(outbound(&journey.shared, client, parts, body)).await {
        Ok(response) => journey.answer(response, sender).await,
        Err(why) => {
            let refusal = Refusal::new(StatusCode::BAD_GATEWAY, format!("`{}` gave no answer: {why}", journey.shared.target.url));
            let mut response = refusal.response();
            mark(response.headers_mut(), &journey.request());
            _ = sender.send(Arrival::Nothing(Came::Nothing(why)));
            response
        }
    }
}

/// Why a request is not passed on.
fn refused(shared: &Shared, parts: &Parts) -> Option<Refusal> {
    if let Some(protocol) = hops::upgrade(&parts.headers).filter(|protocol| protocol == "websocket") {
        return Some(Refusal::new(StatusCode::NOT_IMPLEMENTED, format!("`{protocol}` is not passed on; this proxy passes on HTTP alone")));
    }
    if parts.method == Method::CONNECT || !parts.uri.path().starts_with('/') {
        let detail = "this is no forward proxy; give its address to the client as the base URL";
        return Some(Refusal::new(StatusCode::NOT_IMPLEMENTED, detail));
    }
    let is_elsewhere = parts.uri.authority().is_some_and(|authority| authority.port_u16() != Some(shared.port));
    let detail = "the request is for another host, and this is no forward proxy; give its address to the client as the base URL";
    is_elsewhere.then(|| Refusal::new(StatusCode::MISDIRECTED_REQUEST, detail))
}

/// The request as it goes to the target.
fn outbound(shared: &Shared, client: IpAddr, mut parts: Parts, body: Passing<Incoming>) -> Request<Passing<Incoming>> {
    let host = hops::to_target(&mut parts.headers);
    if shared.forwarded == Forwarded::Told {
        let before = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok()).map(|value| format!("{value}, "));
        let all = format!("{}{client}", before.unwrap_or_default());
        let told = [
            ("x-forwarded-for", HeaderValue::from_str(&all).ok()),
            ("x-forwarded-host", host),
            ("x-forwarded-proto", Some(HeaderValue::from_static("http"))),
        ];
        for (name, value) in told {
            value.map(|value| parts.headers.insert(name, value));
        }
    }
    parts.version = Version::HTTP_11;
    Request::from_parts(parts, body)
}

fn mark(headers: &mut HeaderMap, findings: &[Finding]) {
    headers.remove(mark::NAME);
    mark::value(findings).map(|value| headers.insert(mark::NAME, value));
}

/// An exchange under way.
#[derive(Clone)]
pub(super) struct Journey {
    pub(super) shared: Arc<Shared>,
    pub(super) asked: Asked,
    pub(super) meant: Meant,
    /// The body of the request.
    pub(super) sent: Arc<Kept>,
}

/// What came of a request, when its client is given an answer.
pub(super) enum Arrival {
    /// The answer of the target.
    Answer(Answer),
    /// None of the target.
    Nothing(Came),
}

/// An answer of the target, on its way to the client.
pub(super) struct Answer {
    pub(super) head: Head,
    pub(super) body: Arc<Kept>,
    pub(super) gone: Gone,
    /// What is wrong with the exchange, when all of it was there before the answer was passed on.
    pub(super) findings: Option<Vec<Finding>>,
}

impl Journey {
    /// Passes an answer on, with what is found until its header has to go.
    async fn answer(&self, response: Response<Incoming>, sender: oneshot::Sender<Arrival>) -> Response<Outgoing> {
        let (mut parts, body) = response.into_parts();
        hops::end_to_end(&mut parts.headers);
        let head = Head { status: parts.status, headers: parts.headers.clone() };
        let is_short = body.size_hint().lower() <= seen::MOST as u64;
        let is_held = self.operation().is_some() && head.is_judged_by_body(&self.asked) && seen::is_readable(&head.headers) && is_short;
        let kept = Kept::new(if is_held { seen::MOST } else { GLIMPSE });
        let (mut body, gone) = Passing::new(body, Arc::clone(&kept));
        if is_held {
            body.hold(HELD).await;
        }
        let is_whole = self.sent.is_whole() && kept.is_whole();
        let findings = self.findings(&head, &Seen::of(kept.copied(), &head.headers));
        mark(&mut parts.headers, &findings);
        _ = sender.send(Arrival::Answer(Answer { head, body: kept, gone, findings: is_whole.then_some(findings) }));
        Response::from_parts(parts, body.boxed_unsync())
    }

    /// What is wrong with the exchange, as far as it went.
    pub(super) fn findings(&self, head: &Head, body: &Seen) -> Vec<Finding> {
        let mut findings = self.request();
        let judge = |operation| answers::judge(&self.shared.reader.suite, operation, &self.asked, head, body);
        findings.extend(self.operation().map(judge).unwrap_or_default());
        findings
    }

    /// What is wrong with the request, as far as it was sent.
    pub(super) fn request(&self) -> Vec<Finding> {
        let mut findings = self.meant.findings.clone();
        if let (Some(number), Seen::Whole(bytes)) = (self.meant.operation, self.body()) {
            findings.extend(self.shared.reader.body(number, &self.asked, &bytes));
        }
        findings
    }

    /// The body of the request, as far as it was sent.
    pub(super) fn body(&self) -> Seen {
        Seen::of(self.sent.copied(), &self.asked.headers)
    }

    /// What the request is for.
    pub(super) fn operation(&self) -> Option<&Operation> {
        self.shared.reader.operation(self.meant.operation?)
    }
}
