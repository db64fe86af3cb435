//! Answers a request in a sandbox that has faults, or answers chosen beforehand; others do not come here.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use dropshot::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header::CONTENT_TYPE, header::RETRY_AFTER};
use serde_json::json;

use super::{
    answer::{explain, ours, visible, within},
    cors,
    trickle::{Trickle, cut},
};
use crate::{
    clock,
    engine::{Conditions, Orders, Outage, Request, randomness},
    inject::{self, Call, Cut, Effect, Plan, Rule, Taken, Wrong},
    journal::{Decided, Record},
    provider::Provider,
    sandbox::Sandbox,
    shell::{Answered, Shell, answered},
};

/// What is to go wrong with a request, and in the answer, what did.
static FAULT: HeaderName = HeaderName::from_static("x-mock-fault");
/// The step of what the engine never decided.
const STEP: &str = "inject";
/// The status of an exchange that had no answer, in the journal alone.
const NO_ANSWER: u16 = 444;

/// Whether a request has to come here.
pub(super) fn concerns(sandbox: &Sandbox, headers: &HeaderMap) -> bool {
    !sandbox.faults.is_empty() || !sandbox.answers.is_empty() || headers.contains_key(&FAULT)
}

/// A request on its way through faults.
struct Passage<'p> {
    shell: &'p Shell,
    sandbox: &'p Sandbox,
    /// The position of the provider.
    index: usize,
    operation: Option<usize>,
    is_read: bool,
    method: Method,
    path: String,
    number: u64,
    /// What the machine's clock showed when the request was complete.
    began: DateTime<Utc>,
}

pub(super) async fn faulty(shell: &Shell, sandbox: &Sandbox, request: Request, now: DateTime<Utc>) -> Response<Body> {
    let index = shell.slot_of(request.target.path()).filter(|_| cors::preflight(&shell.cors, &request.method, &request.headers).is_none());
    let Some(index) = index else { return within(shell, sandbox, request, now).map(Body::from) };
    let number = sandbox.journal.number();
    let provider = shell.slots[index].current();
    let brought = match brought(shell, sandbox, &request.headers) {
        Ok(rules) => rules,
        Err(wrong) => return refuse(shell, sandbox, number, &provider, &request, &wrong),
    };
    let operation = provider.engine.operation_of(&request);
    let is_read = provider.engine.is_read(operation, &request);
    let (method, path) = (request.method.clone(), request.target.path().to_owned());
    let mut passage = Passage { shell, sandbox, index, operation, is_read, method, path, number, began: now };
    let name = operation.and_then(|operation| provider.operation(operation));
    let mut plan = sandbox.faults.plan(&passage.call(&provider, name.as_deref(), sandbox.clock.read(now)), brought);
    passage.wait(&mut plan).await;
    let mut answered = passage.answer(&provider, request, &mut plan);
    if plan.find(|effect| matches!(effect, Effect::Cut(Cut::Before)).then_some(())).is_none() {
        let call = passage.call(&provider, name.as_deref(), passage.time());
        sandbox.faults.plan_after(&call, answered.response.status(), &mut plan);
        passage.wait(&mut plan).await;
        passage.answer_otherwise(&provider, &mut answered, &mut plan);
    }
    passage.finish(&provider, answered, plan)
}

impl Passage<'_> {
    fn call<'c>(&'c self, provider: &'c Provider, operation: Option<&'c str>, now: DateTime<Utc>) -> Call<'c> {
        let (is_read, method, path, seed) = (self.is_read, &self.method, self.path.as_str(), self.sandbox.seed());
        Call { provider: &provider.name, base: &provider.base, operation, is_read, method, path, seed, now }
    }

    /// What time it is in the sandbox.
    fn time(&self) -> DateTime<Utc> {
        self.sandbox.clock.read(clock::now())
    }

    async fn wait(&self, plan: &mut Plan) {
        let mut random = randomness(self.sandbox.seed(), plan.luck, 1);
        let delay = plan.perform_once(|effect| if let Effect::Delay(delay) = effect { Some(*delay) } else { None });
        if let Some(delay) = delay {
            tokio::time::sleep(delay.draw(&mut random)).await;
        }
    }

    fn conditions(&self, orders: Option<Orders>) -> Conditions {
        Conditions { orders: orders.map(Box::new), ..self.sandbox.conditions(self.index, self.time()) }
    }

    /// The answer, as far as it is known what goes wrong before.
    fn answer(&mut self, provider: &Provider, request: Request, plan: &mut Plan) -> Answered {
        if plan.perform(|effect| matches!(effect, Effect::Cut(Cut::Before)).then_some(())).is_some() {
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = StatusCode::from_u16(NO_ANSWER).unwrap_or_default();
            let operation = self.operation.and_then(|index| provider.operation(index));
            let decided = Decided { provider: Some(provider.name.clone()), operation, step: STEP, ..Decided::default() };
            return Answered { request, response, decided, told: None };
        }
        match outage(plan) {
            Some(outage) => self.fail(provider, request, &outage),
            None => self.decide(provider, request, plan),
        }
    }

    /// The answer of a vendor that is out of order.
    fn fail(&self, provider: &Provider, request: Request, outage: &Outage) -> Answered {
        let mut exchange = provider.engine.fail(request, self.operation, outage, &self.conditions(None));
        self.shell.count(self.sandbox, self.index, &mut exchange);
        let mut answered = answered(provider, exchange);
        answered.decided.step = STEP;
        answered
    }

    /// The answer of the engine, or one that was chosen beforehand.
    fn decide(&mut self, provider: &Provider, request: Request, plan: &mut Plan) -> Answered {
        let operation = self.operation.and_then(|index| provider.operation(index));
        let taken = operation.as_deref().and_then(|operation| self.sandbox.answers.take(&provider.name, operation));
        if let Some((operation, taken)) = self.operation.zip(taken.as_ref().filter(|taken| taken.unchecked))
            && let Some(given) = &taken.given
        {
            let mut exchange = provider.engine.give(request, operation, given);
            self.shell.count(self.sandbox, self.index, &mut exchange);
            let mut answered = answered(provider, exchange);
            answered.decided.step = STEP;
            answered.decided.faults.push(taken.says.clone());
            return answered;
        }
        if plan.perform(|effect| matches!(effect, Effect::Duplicate).then_some(())).is_some() {
            self.decide_first(&request, plan);
        }
        let (mut answered, obeyed) = self.exchange(request, plan, taken.as_ref());
        if let (Some(taken), Some(operation)) = (&taken, operation.as_deref()) {
            if obeyed.answered {
                answered.decided.faults.push(taken.says.clone());
            } else if taken.given.is_some() || answered.decided.rejection.is_some() {
                self.sandbox.answers.give_back(&provider.name, operation, taken);
            }
        }
        answered
    }

    /// The first of two executions of one request; nobody gets its answer.
    fn decide_first(&mut self, request: &Request, plan: &mut Plan) {
        let (mut first, _) = self.exchange(request.clone(), plan, None);
        first.decided.faults.push("duplicate: the first of two, whose answer nobody got".to_owned());
        let number = std::mem::replace(&mut self.number, self.sandbox.journal.number());
        first.keep(self.shell, self.sandbox, number, (self.time(), self.began));
    }

    fn exchange(&self, request: Request, plan: &mut Plan, taken: Option<&Taken>) -> (Answered, crate::engine::Obeyed) {
        let orders = self.orders(plan, taken);
        let (answered, obeyed) = self.shell.exchange_by(self.sandbox, self.index, request, self.conditions(Some(orders)));
        let lags = obeyed.stale || obeyed.hidden;
        for (is_done, is_it) in [
            (lags, (|effect| matches!(effect, Effect::Stale(_))) as fn(&Effect) -> bool),
            (obeyed.failed > 0, |effect| matches!(effect, Effect::FailItems(_))),
            (obeyed.vanished > 0, |effect| matches!(effect, Effect::Vanish(_))),
        ] {
            if !is_done {
                plan.fell_short(is_it);
            }
        }
        (answered, obeyed)
    }

    fn orders(&self, plan: &mut Plan, taken: Option<&Taken>) -> Orders {
        let lag = plan.perform(|effect| if let Effect::Stale(lag) = effect { Some(*lag) } else { None });
        Orders {
            stale: lag.filter(|_| self.is_read),
            hide: lag.filter(|_| !self.is_read),
            remember: plan.remembers,
            fail: plan.perform(|effect| if let Effect::FailItems(share) = effect { Some(*share) } else { None }),
            vanish: plan.perform(|effect| if let Effect::Vanish(rows) = effect { Some(*rows) } else { None }).unwrap_or(0),
            answer: taken.and_then(|taken| taken.given.clone()),
        }
    }

    /// Puts what was planned in the light of the answer in its place.
    fn answer_otherwise(&self, provider: &Provider, answered: &mut Answered, plan: &mut Plan) {
        let is_decided = answered.decided.step != STEP;
        if let Some(outage) = is_decided.then(|| outage(plan)).flatten() {
            let failed = self.fail(provider, answered.request.clone(), &outage);
            answered.response = failed.response;
        }
        if self.method != Method::HEAD {
            self.spoil(provider, answered, plan);
        }
        let media = plan.perform(|effect| if let Effect::ContentType(media) = effect { Some(media.clone()) } else { None });
        if let Some(media) = media {
            answered.response.headers_mut().insert(CONTENT_TYPE, media);
        }
        let wait = plan.perform(|effect| if let Effect::RetryAfter(time) = effect { Some(whole(*time)) } else { None });
        if let Some(wait) = wait {
            answered.response.headers_mut().insert(RETRY_AFTER, wait.into());
        }
    }

    /// Makes the body what it should not be.
    fn spoil(&self, provider: &Provider, answered: &mut Answered, plan: &mut Plan) {
        let mut random = randomness(self.sandbox.seed(), plan.luck, 2);
        let response = &mut answered.response;
        if let Some(misfit) = plan.perform(|effect| if let Effect::WrongSchema(misfit) = effect { Some(*misfit) } else { None }) {
            let status = response.status();
            let allows = |value: &_| self.operation.and_then(|operation| provider.engine.allows(operation, status, value));
            let body = serde_json::from_slice(response.body()).ok();
            match body.and_then(|body| inject::misfit(&body, misfit, &mut random, allows)) {
                Some((body, what)) => {
                    *response.body_mut() = Bytes::from(body.to_string());
                    answered.decided.faults.push(what);
                }
                None => plan.fell_short(|effect| matches!(effect, Effect::WrongSchema(_))),
            }
        }
        if response.status() != StatusCode::NO_CONTENT {
            if let Some(body) = plan.perform(|effect| if let Effect::Body(body) = effect { Some(body.clone()) } else { None }) {
                *response.body_mut() = Bytes::from(body.as_str().map_or_else(|| body.to_string(), str::to_owned));
            }
            if plan.perform(|effect| matches!(effect, Effect::Malformed).then_some(())).is_some() {
                *response.body_mut() = inject::mangle(response.body(), &mut random);
            }
        }
        if !response.body().is_empty() && plan.perform(|effect| matches!(effect, Effect::Empty).then_some(())).is_some() {
            *response.body_mut() = Bytes::new();
        }
    }

    /// Writes down what was done, and sends it as the faults want it.
    fn finish(&self, provider: &Provider, mut answered: Answered, mut plan: Plan) -> Response<Body> {
        let drip = plan.find(|effect| if let Effect::Drip(drip) = effect { Some(*drip) } else { None });
        let truncate = plan.find(|effect| if let Effect::Truncate(share) = effect { Some(*share) } else { None });
        let has_body = self.method != Method::HEAD && !answered.response.body().is_empty();
        if has_body {
            plan.perform_all(|effect| matches!(effect, Effect::Drip(_) | Effect::Truncate(_)));
        }
        // Of a body that there is not, nothing can be cut off but the answer.
        let has_nothing = truncate.is_some() && !has_body;
        let is_cut =
            plan.perform(|effect| (matches!(effect, Effect::Cut(_)) || has_nothing && matches!(effect, Effect::Truncate(_))).then_some(()));
        self.sandbox.faults.settle(&plan);
        answered.decided.faults.extend(plan.done());
        explain(self.shell, self.sandbox, self.number, &mut answered);
        if let Some(text) = visible(&answered.decided.faults.join(", ")).filter(|text| !text.is_empty()) {
            answered.response.headers_mut().insert(FAULT.clone(), text);
        }
        self.note(provider, &mut answered);
        cors::allow(&self.shell.cors, &answered.request.headers, answered.response.headers_mut());
        let response = answered.keep(self.shell, self.sandbox, self.number, (self.time(), self.began));
        if is_cut.is_some() {
            return cut();
        }
        let arrives = truncate.filter(|_| has_body).map(|share| share.of(response.body().len()).min(response.body().len() - 1));
        if has_body && (arrives.is_some() || drip.is_some()) {
            return response.map(|body| Trickle::body(&body, arrives, drip));
        }
        response.map(Body::from)
    }

    /// Says where a body that somebody gave is not what the document declares.
    fn note(&self, provider: &Provider, answered: &mut Answered) {
        let is_given = answered.decided.faults.iter().any(|says| says.ends_with("of a sequence"));
        let Some(operation) = self.operation.filter(|_| is_given) else { return };
        let body = serde_json::from_slice(answered.response.body()).ok();
        if body.is_some_and(|body| provider.engine.allows(operation, answered.response.status(), &body) == Some(false)) {
            answered.decided.notes.push("the body that was given is not one that the document declares".to_owned());
        }
    }
}

/// Seconds, the last of which may not be whole.
fn whole(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// The refusal that is planned, if any.
fn outage(plan: &mut Plan) -> Option<Outage> {
    let status = plan.perform(|effect| if let Effect::Status(status) = effect { Some(*status) } else { None })?;
    let body = plan.perform(|effect| if let Effect::Body(body) = effect { Some(body.clone()) } else { None });
    let retry_after = plan.perform(|effect| if let Effect::RetryAfter(time) = effect { Some(whole(*time)) } else { None });
    Some(Outage { status, body, retry_after })
}

/// The rules that a request brings itself.
fn brought(shell: &Shell, sandbox: &Sandbox, headers: &HeaderMap) -> Result<Vec<Rule>, Wrong> {
    let mut rules = Vec::new();
    for line in headers.get_all(&FAULT) {
        let text = line.to_str().map_err(|_| Wrong::new("", "the header is no ASCII", "write it as `status=503; times=2`"))?;
        rules.extend(Rule::parse(text)?);
    }
    shell.check(&rules, &sandbox.name)?;
    Ok(rules)
}

/// Nobody wants a fault that is not understood to be left out.
fn refuse(shell: &Shell, sandbox: &Sandbox, number: u64, provider: &Provider, request: &Request, wrong: &Wrong) -> Response<Body> {
    let message = format!("the header `{FAULT}` is not understood: {}", wrong.message);
    let mut response = ours(StatusCode::BAD_REQUEST, &json!({ "error": message, "help": wrong.help }));
    let problem = [Some("invalid-fault; header.x-mock-fault".to_owned()), shell.journal_url(sandbox, number)];
    let problem = problem.into_iter().flatten().collect::<Vec<_>>().join("; see ");
    response.headers_mut().extend(HeaderValue::try_from(problem).map(|problem| (HeaderName::from_static("x-mock-problem"), problem)));
    let faults = vec![format!("none: {message}: {}", wrong.help)];
    let decided = Decided { provider: Some(provider.name.clone()), step: STEP, notes: faults, ..Decided::default() };
    cors::allow(&shell.cors, &request.headers, response.headers_mut());
    shell.write_down(sandbox, Record::new(number, sandbox.clock.read(clock::now()), request, &response, decided));
    response.map(Body::from)
}
