//! What somebody wants to go wrong, or to be answered, as data: the engine stays pure, and whoever wants it says it
//! with the conditions of the exchange.

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use serde_json::Value;
use specs::{api::Direction, resources::Action};

use super::{
    Conditions, Exchange, Rejection, Request, Step,
    compile::Engine,
    json as text,
    limits::Limits,
    prefer::Preferences,
    refuse,
    respond::{Trace, headless},
    route,
};
use crate::state::{Lag, View};

/// What is to become of an exchange otherwise than the document says.
#[derive(Clone, Debug, Default)]
pub struct Orders {
    /// How far this read lags behind all writes.
    pub stale: Option<Lag>,
    /// How far all reads lag behind what this exchange writes.
    pub hide: Option<Lag>,
    /// Whether the state before a write is kept, because other reads lag.
    pub remember: bool,
    /// Which part of a batch fails.
    pub fail: Option<Share>,
    /// How many rows go before a later page of a list is answered.
    pub vanish: usize,
    /// The answer, for a request that is well formed.
    pub answer: Option<Given>,
}

/// Some of many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Share {
    /// So many.
    Count(usize),
    /// This part of them, from 0 to 1.
    Part(f64),
}

impl Share {
    /// How many of `all`; of something at least one.
    #[must_use]
    pub fn of(self, all: usize) -> usize {
        match self {
            Self::Count(count) => count.min(all),
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and `all`")]
            Self::Part(part) => ((all as f64 * part.clamp(0.0, 1.0)).round() as usize).max(1).min(all),
        }
    }
}

/// An answer that was chosen beforehand.
#[derive(Clone, Debug)]
pub enum Given {
    /// One that the document declares.
    Declared(Preferences),
    /// This one.
    Literal(Response<Bytes>),
}

/// What was done of the [`Orders`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Obeyed {
    /// The read did not see the newest state.
    pub stale: bool,
    /// What was written is hidden for a while.
    pub hidden: bool,
    /// So many elements of a batch failed.
    pub failed: usize,
    /// So many rows went.
    pub vanished: usize,
    /// The answer was given.
    pub answered: bool,
}

/// A refusal that no request deserves.
#[derive(Clone, Debug)]
pub struct Outage {
    /// The status.
    pub status: StatusCode,
    /// The body, instead of the vendor's.
    pub body: Option<Value>,
    /// Seconds, for `Retry-After`.
    pub retry_after: Option<u64>,
}

impl Conditions {
    /// How an exchange looks at the state.
    pub(super) fn view(&self, reads: bool) -> View {
        let view = View { now: self.now, reads, ..View::default() };
        match &self.orders {
            None => view,
            Some(orders) => View { stale: orders.stale, hides: orders.hide, remembers: orders.remember || orders.hide.is_some(), ..view },
        }
    }
}

impl Engine {
    /// The index of the operation that a request is for.
    pub(crate) fn operation_of(&self, request: &Request) -> Option<usize> {
        route::route(self, request).ok().map(|routed| routed.operation.index)
    }

    /// Whether an operation only reads.
    pub(crate) fn is_read(&self, operation: Option<usize>, request: &Request) -> bool {
        let role = operation.and_then(|index| self.api.operations.get(index)?.role.as_ref());
        role.map_or_else(|| request.method.is_safe(), |role| matches!(role.action, Action::Read | Action::List))
    }

    /// The answer of a vendor that is out of order: its own words for the status, and nothing is done.
    pub(crate) fn fail(&self, request: Request, operation: Option<usize>, outage: &Outage, conditions: &Conditions) -> Exchange {
        let mut trace = Trace { operation, ..Trace::default() };
        let mut response = self.refusal(&request, outage, conditions, &mut trace);
        if let Some(body) = &outage.body {
            let (media, body) = match body {
                Value::String(text) => ("text/html; charset=utf-8", Bytes::from(text.clone())),
                other => ("application/json", text::bytes(other)),
            };
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
            *response.body_mut() = body;
            if request.method == http::Method::HEAD {
                headless(&mut response);
            }
        }
        let waits = matches!(outage.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        if outage.status == StatusCode::TOO_MANY_REQUESTS {
            trace.limits = Limits::spent(self, conditions);
        }
        let window = || Limits::left(self, conditions).filter(|_| outage.status == StatusCode::TOO_MANY_REQUESTS).unwrap_or(1);
        let wait = outage.retry_after.or_else(|| waits.then(window));
        let mut exchange = trace.exchange(request, response, None);
        exchange.response.headers_mut().extend(wait.map(|seconds| (RETRY_AFTER, seconds.into())));
        exchange
    }

    fn refusal(&self, request: &Request, outage: &Outage, conditions: &Conditions, trace: &mut Trace) -> Response<Bytes> {
        let status = outage.status;
        if !status.is_client_error() && !status.is_server_error() {
            let wanted = Preferences { code: Some(status.as_str().to_owned()), ..Preferences::default() };
            return trace.operation.and_then(|index| self.declared(index, &wanted, request, trace)).unwrap_or_else(|| {
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = status;
                response
            });
        }
        let reason = status.canonical_reason().unwrap_or("the request failed").to_ascii_lowercase();
        let rejection = Rejection::new(Step::Decide, status, "injected-fault", reason, "send the request again");
        let (response, defects) = refuse::refuse(self, trace.operation, &rejection, request, conditions);
        trace.defects.extend(defects);
        response
    }

    /// An answer that was chosen beforehand, whatever the request is.
    pub(crate) fn give(&self, request: Request, operation: usize, given: &Given) -> Exchange {
        let mut trace = Trace { operation: Some(operation), ..Trace::default() };
        let response = match given {
            Given::Literal(response) => Some(literal(response, request.method == http::Method::HEAD)),
            Given::Declared(wanted) => self.declared(operation, wanted, &request, &mut trace),
        };
        trace.obeyed.answered = response.is_some();
        trace.exchange(request, response.unwrap_or_default(), None)
    }

    fn declared(&self, operation: usize, wanted: &Preferences, request: &Request, trace: &mut Trace) -> Option<Response<Bytes>> {
        let compiled = self.operation(operation);
        let wish = wanted.wish(self, compiled, request).ok()?;
        Some(wish.grant(self, compiled, request.method == http::Method::HEAD, trace))
    }

    /// Why an operation cannot answer so.
    pub(crate) fn cannot_answer(&self, operation: usize, wanted: &Preferences) -> Option<String> {
        let rejection = wanted.wish(self, self.operation(operation), &Request::blank()).err()?;
        Some(format!("{}: {}", rejection.message, rejection.help))
    }

    /// Whether the document allows a body in the response of an operation with a status; `None` where it says nothing.
    pub(crate) fn allows(&self, operation: usize, status: StatusCode, body: &Value) -> Option<bool> {
        let response = self.api.operations.get(operation)?.response(status.as_u16())?;
        let schema = response.content.iter().find(|media| media.is_json())?.schema.as_ref()?;
        Some(self.validators.get(schema, Direction::Response).ok()?.is_valid(body))
    }
}

/// A response as it was written down; one to HEAD has no content.
pub(super) fn literal(response: &Response<Bytes>, is_head: bool) -> Response<Bytes> {
    let mut response = response.clone();
    if is_head {
        headless(&mut response);
    }
    response
}
