//! A raw request to its sandbox, to its provider's engine, and back.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use dropshot::{Body, HttpError};
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Map, Value, json};

use super::{body, cors, direct, faulty, target};
use crate::{
    clock,
    engine::{Rejection, Request, Step},
    journal::Decided,
    sandbox::Sandbox,
    sandboxes::Refused,
    shell::{Answered, Shell},
};

/// Which rule a request broke, where, and the address of the journal's entry.
const PROBLEM: HeaderName = HeaderName::from_static("x-mock-problem");
/// What is wrong, and what would have passed.
const HELP: HeaderName = HeaderName::from_static("x-mock-help");
/// The longest header that explains something, in characters.
const LONGEST_HEADER: usize = 1_000;

pub(super) async fn answer(shell: &Shell, request: http::Request<Body>) -> Result<Response<Body>, HttpError> {
    let (mut parts, body) = request.into_parts();
    parts.uri = target::settle(parts.uri, &mut parts.headers, shell.is_secure());
    let received = body::read(body, &parts.headers, shell.max_body).await.map_err(|why| HttpError::for_bad_request(None, why))?;
    let (name, target, in_path) = direct::sandbox(parts.uri, &parts.headers);
    let sandbox = name.clone().filter(|_| in_path);
    let (method, headers) = (parts.method, parts.headers);
    let request = Request { method, target, headers, body: received.bytes, oversized: received.oversized, sandbox };
    let now = clock::now();
    shell.sandboxes.expire(now);
    let response = match name {
        None => inside(shell, &shell.sandboxes.default, request, now).await,
        Some(name) => match shell.sandboxes.open(&name, now) {
            Ok(sandbox) => inside(shell, &sandbox, request, now).await,
            Err(refused) => {
                // A preflight is granted all the same: a page reads the refusal of what comes after it.
                cors::preflight(&shell.cors, &request.method, &request.headers)
                    .unwrap_or_else(|| {
                        let mut response = no_sandbox(shell, &name, refused);
                        cors::allow(&shell.cors, &request.headers, response.headers_mut());
                        response
                    })
                    .map(Body::from)
            }
        },
    };
    Ok(response)
}

/// Answers in a sandbox, with what is to go wrong in it.
async fn inside(shell: &Shell, sandbox: &Sandbox, request: Request, now: DateTime<Utc>) -> Response<Body> {
    if faulty::concerns(sandbox, &request.headers) {
        // Few requests come there, and none of the others carries its weight.
        return Box::pin(faulty::faulty(shell, sandbox, request, now)).await;
    }
    within(shell, sandbox, request, now).map(Body::from)
}

/// Answers in a sandbox, and writes down what was sent.
pub(super) fn within(shell: &Shell, sandbox: &Sandbox, request: Request, now: DateTime<Utc>) -> Response<Bytes> {
    let number = sandbox.journal.number();
    let slot = shell.slot_of(request.target.path());
    let time = sandbox.clock.read(now);
    let mut answered = if let Some(response) = cors::preflight(&shell.cors, &request.method, &request.headers) {
        let provider = slot.map(|slot| shell.slots[slot].name.clone());
        Answered { request, response, decided: Decided { provider, step: "cors", ..Decided::default() }, told: None }
    } else {
        let mut answered = match slot {
            Some(index) => shell.exchange(sandbox, index, request, time),
            None => unknown(shell, request),
        };
        explain(shell, sandbox, number, &mut answered);
        cors::allow(&shell.cors, &answered.request.headers, answered.response.headers_mut());
        answered
    };
    answered.decided.notes.extend(sandbox.news());
    answered.keep(shell, sandbox, number, (time, now))
}

/// Tells the developer why a request was refused, whose client got the vendor's words: the rule, the place and where
/// the journal says more, and in another header what it says.
pub(super) fn explain(shell: &Shell, sandbox: &Sandbox, number: u64, answered: &mut Answered) {
    let status = answered.response.status();
    let Some(rejection) = answered.decided.rejection.as_deref().filter(|_| status != StatusCode::NO_CONTENT) else { return };
    let mut problem = format!("{}; {}", rejection.rule, rejection.place);
    if let Some(url) = shell.journal_url(sandbox, number) {
        problem.push_str("; see ");
        problem.push_str(&url);
    }
    let help = format!("{}; {}", rejection.message, rejection.help);
    for (name, text) in [(PROBLEM, problem), (HELP, help)] {
        answered.response.headers_mut().extend(visible(&text).map(|text| (name, text)));
    }
}

/// Text as the value of a header: the beginning, in visible ASCII.
pub(super) fn visible(text: &str) -> Option<HeaderValue> {
    let text = text.chars().take(LONGEST_HEADER).map(|letter| if letter.is_ascii_graphic() || letter == ' ' { letter } else { '?' });
    HeaderValue::try_from(text.collect::<String>()).ok()
}

/// No provider is at the path: says which there are, and where.
fn unknown(shell: &Shell, request: Request) -> Answered {
    let url = shell.url();
    let bases = shell.providers().map(|provider| (provider.name.to_string(), Value::from(format!("{url}{}", provider.base))));
    let bases: Map<String, Value> = bases.collect();
    let message = format!("no provider is at `{}`", request.target.path());
    let response = ours(StatusCode::NOT_FOUND, &json!({ "error": message, "providers": bases }));
    let rejection = Rejection {
        step: Step::Route,
        status: response.status(),
        rule: "unknown-provider",
        place: "path".to_owned(),
        message,
        help: "begin the path with the name of a provider".to_owned(),
        violations: Vec::new(),
        allow: Vec::new(),
    };
    let decided = Decided { step: Step::Route.as_str(), rejection: Some(Box::new(rejection)), ..Decided::default() };
    Answered { request, response, decided, told: None }
}

fn no_sandbox(shell: &Shell, name: &str, refused: Refused) -> Response<Bytes> {
    let status = if refused == Refused::Name { StatusCode::BAD_REQUEST } else { StatusCode::INSUFFICIENT_STORAGE };
    ours(status, &json!({ "error": refused.explain(name, shell.sandboxes.bounds()) }))
}

/// A response of the mock itself, where there is no vendor whose envelope it could have.
pub(super) fn ours(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
