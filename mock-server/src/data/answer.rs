//! A raw request to its sandbox, to its provider's engine, and back.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use dropshot::{Body, HttpError};
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Map, Value, json};

use super::{body, cors, direct};
use crate::{
    clock,
    engine::{Rejection, Request, Step},
    journal::{Decided, Record},
    sandbox::{Refused, Sandbox},
    shell::{Answered, Shell},
};

pub(super) async fn answer(shell: &Shell, request: http::Request<Body>) -> Result<Response<Body>, HttpError> {
    let (parts, body) = request.into_parts();
    let received = body::read(body, &parts.headers, shell.max_body).await.map_err(|why| HttpError::for_bad_request(None, why))?;
    let (name, target, in_path) = direct::sandbox(parts.uri, &parts.headers);
    let sandbox = name.clone().filter(|_| in_path);
    let (method, headers) = (parts.method, parts.headers);
    let request = Request { method, target, headers, body: received.bytes, oversized: received.oversized, sandbox };
    let now = clock::now();
    let response = match name {
        None => within(shell, &shell.sandboxes.default, request, now),
        Some(name) => match shell.sandboxes.open(&name, now) {
            Ok(sandbox) => within(shell, &sandbox, request, now),
            Err(refused) => {
                let mut response = no_sandbox(shell, &name, refused);
                cors::allow(&request.headers, response.headers_mut());
                response
            }
        },
    };
    Ok(response.map(Body::from))
}

/// Answers in a sandbox, and writes down what was sent.
fn within(shell: &Shell, sandbox: &Sandbox, request: Request, now: DateTime<Utc>) -> Response<Bytes> {
    let provider = shell.provider_of(request.target.path());
    let answered = if cors::is_preflight(&request.method, &request.headers) {
        let response = cors::preflight(&request.headers);
        Answered { request, response, decided: Decided { provider, step: "cors", ..Decided::default() } }
    } else {
        let mut answered = match provider {
            Some(index) => shell.exchange(sandbox, index, request, now),
            None => unknown(shell, request),
        };
        cors::allow(&answered.request.headers, answered.response.headers_mut());
        answered
    };
    sandbox.journal.add(Record::new(now, &answered.request, &answered.response, answered.decided));
    answered.response
}

/// No provider is at the path: says which there are, and where.
fn unknown(shell: &Shell, request: Request) -> Answered {
    let url = shell.url();
    let bases = shell.providers.iter().map(|provider| (provider.name.clone(), Value::from(format!("{url}{}", provider.base))));
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
    Answered { request, response, decided }
}

fn no_sandbox(shell: &Shell, name: &str, refused: Refused) -> Response<Bytes> {
    match refused {
        Refused::Name => {
            let message = format!("`{name}` cannot name a sandbox: use 1 to 64 letters, digits, `.`, `_` and `-`");
            ours(StatusCode::BAD_REQUEST, &json!({ "error": message }))
        }
        Refused::Full => {
            let message = format!("there are {} sandboxes, as many as there may be, and none is idle", shell.sandboxes.max());
            ours(StatusCode::INSUFFICIENT_STORAGE, &json!({ "error": message }))
        }
    }
}

/// A response of the mock itself, where there is no vendor whose envelope it could have.
fn ours(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
