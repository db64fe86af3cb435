//! The journey of a request through the mock, in order, on one screen.
//!
//! ```text
//! Request → Routed → Authenticated → Authorized → Validated → Plan → (Outcome, Writes) → Exchange
//!           route    authenticate    authorize    validate    plan      decide            respond
//! ```
//!
//! Each step is a file and takes the proof that the step before returned, so none can be skipped. Everything here
//! is pure and sync: the same request, snapshot, time and seed ([`Conditions`]) give the same exchange. What a document says is
//! compiled once, in `compile`; a request allocates for its own data and takes no lock but that of its own world.

mod authenticate;
mod challenge;
mod compile;
mod complete;
mod conditions;
mod conform;
mod credential;
mod decide;
mod declared;
mod envelope;
mod events;
mod expression;
mod fields;
mod filter;
mod held;
mod json;
mod kind;
mod kinds;
mod limits;
mod links;
mod login;
mod mint;
mod moments;
mod mount;
mod negotiate;
mod orders;
mod plan;
mod prefer;
mod prove;
mod refuse;
mod rejection;
mod reply;
mod respond;
mod role;
mod route;
mod rows;
mod scope;
mod sort;
mod start;
mod surface;
mod template;
mod text;
mod timestamp;
mod token;
mod validate;
mod view;

use specs::{Api, resources::Action};

pub use self::{
    compile::{AT_ONCE, Engine, EngineOptions},
    conditions::{Conditions, LimitChange, Limiting},
    events::{Event, Subscriber},
    limits::LimitView,
    orders::{Given, Obeyed, Orders, Outage, Share},
    prefer::Preferences,
    rejection::{Rejection, Violation},
    rows::Check,
    surface::{Kind as PlaceKind, Place, Surface, Touched},
};
pub(crate) use self::{mint::randomness, token::paths as flow_paths};
use crate::state::{Reads, Snapshot, World};

/// A request as it came, its sandbox prefix removed.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: http::Method,
    /// Path and query as sent.
    pub target: http::Uri,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body; empty when there was none, and when it was larger than the limit.
    pub body: bytes::Bytes,
    /// Whether the body was larger than the listener takes.
    pub oversized: bool,
    /// The sandbox that the path named, so that addresses in the answer can name it too.
    pub sandbox: Option<String>,
}

impl Request {
    /// One of nothing.
    pub(crate) fn blank() -> Self {
        let (method, target, headers) = (http::Method::GET, http::Uri::default(), http::HeaderMap::new());
        Self { method, target, headers, body: bytes::Bytes::new(), oversized: false, sandbox: None }
    }
}

/// A request with its response, and how that came about.
#[derive(Debug)]
pub struct Exchange {
    /// The request.
    pub request: Request,
    /// The response.
    pub response: http::Response<bytes::Bytes>,
    /// The index of the operation in [`Api::operations`], when the request has one.
    pub operation: Option<usize>,
    /// The step that decided.
    pub step: Step,
    /// Why the request was refused.
    pub rejection: Option<Box<Rejection>>,
    /// Where the response does not conform to the document.
    pub defects: Vec<String>,
    /// What else is worth knowing, as a list that had to be scanned.
    pub notes: Vec<String>,
    /// What of the operation the request and the response had.
    pub touched: Touched,
    /// What was done of the orders in the conditions.
    pub obeyed: Obeyed,
    /// What the vendor sends of its own accord because of it.
    pub events: Vec<Event>,
}

/// A step of the journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Which operation it is: 404, 405.
    Route,
    /// Whose request it is: 401, 403.
    Authenticate,
    /// Whether it is one too many: 429.
    Limit,
    /// A token was given out, or refused.
    Token,
    /// Whether it is well formed: 400, 406, 413, 415, 422.
    Validate,
    /// What it does: 404, 409, 507.
    Decide,
    /// It was done.
    Respond,
}

impl Step {
    /// The word in the journal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Authenticate => "authenticate",
            Self::Limit => "limit",
            Self::Token => "token",
            Self::Validate => "validate",
            Self::Decide => "decide",
            Self::Respond => "respond",
        }
    }
}

/// What an operation has to do with logging in, and why that is believed; `None` when it has nothing to do with it.
#[must_use]
pub fn login_fact(api: &Api, operation: &specs::api::Operation) -> Option<(&'static str, String)> {
    login::Login::of(api, operation).map(|login| (login.what(), login.why))
}

/// Where a request looks for rows: those of its tenant, in the world of all.
#[derive(Clone, Copy)]
struct Home<'w> {
    own: &'w World,
    all: &'w World,
}

impl Home<'_> {
    /// A rejection that tells what is another tenant's from what is nobody's.
    fn told(self, mut rejection: Box<Rejection>, reads: &Reads, lacked: &Snapshot) -> Box<Rejection> {
        if matches!(rejection.rule, "unknown-item" | "unknown-parent") && self.all.has_elsewhere(reads, lacked) {
            rejection.rule = "other-tenant";
            "it is there for another tenant; use a credential of that one".clone_into(&mut rejection.help);
        }
        rejection
    }
}

/// How often a write is decided anew when the state changes under it, before that counts as a conflict.
const ATTEMPTS: usize = 16;

impl Engine {
    /// The document that this acts out.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// The path where tokens of OAuth are given out, for people.
    #[must_use]
    pub fn token_path(&self) -> Option<&str> {
        self.endpoints.first.as_deref()
    }

    /// The whole journey of one request.
    #[must_use]
    pub fn exchange(&self, world: &World, request: Request, conditions: &Conditions) -> Exchange {
        if let Some(endpoint) = self.endpoints.find(&request, &self.router) {
            return token::exchange(self, endpoint, request, conditions);
        }
        let mut trace = respond::Trace::default();
        match self.journey(world, &request, conditions, &mut trace) {
            Ok(response) => trace.exchange(request, response, None),
            Err(mut rejection) => {
                refuse::choose(self, trace.operation, &mut rejection);
                let (response, defects) = refuse::refuse(self, trace.operation, &rejection, &request, conditions);
                trace.defects.extend(defects);
                trace.exchange(request, response, Some(rejection))
            }
        }
    }

    fn journey(
        &self,
        world: &World,
        request: &Request,
        conditions: &Conditions,
        trace: &mut respond::Trace,
    ) -> Result<http::Response<bytes::Bytes>, Box<Rejection>> {
        let routed = route::route(self, request);
        trace.operation = routed.as_ref().ok().map(|routed| routed.operation.index);
        // Vendors send the headers of their limits with refusals too.
        trace.limits = limits::Limits::count(self, world, request, trace.operation, conditions);
        let authenticated = authenticate::authenticate(self, routed?, request, conditions)?;
        trace.limits.refuse(self, authenticated.operation)?;
        let mut authorized = authenticate::authorize(self, authenticated)?;
        let tenant = authorized.tenant.take().map(|name| world.tenant(&name));
        let home = Home { own: tenant.as_deref().unwrap_or(world), all: world };
        let validated = validate::validate(self, authorized, request, &mut trace.touched)?;
        if let Some(given) = conditions.orders.as_ref().and_then(|orders| orders.answer.as_ref()) {
            return self.answered(home, &validated, given, conditions, trace);
        }
        if let Some(wish) = &validated.wish {
            return Ok(self.granted(home, &validated, wish, conditions, trace));
        }
        let key = login::admit(self, home.own, &validated, conditions)?;
        let mut response = self.decided(home, &validated, conditions, trace)?;
        login::settle(self, &validated, key, conditions, trace, &mut response);
        Ok(response)
    }

    /// What was chosen beforehand, for a request that is well formed.
    fn answered(
        &self,
        home: Home<'_>,
        validated: &validate::Validated<'_>,
        given: &Given,
        conditions: &Conditions,
        trace: &mut respond::Trace,
    ) -> Result<http::Response<bytes::Bytes>, Box<Rejection>> {
        let response = match given {
            Given::Literal(response) => orders::literal(response, validated.head),
            Given::Declared(wanted) => {
                let wish = wanted.wish(self, validated.operation, validated.request)?;
                self.granted(home, validated, &wish, conditions, trace)
            }
        };
        trace.obeyed.answered = true;
        Ok(response)
    }

    /// What a client asked for by name. The response that the operation gives of itself comes of what is stored, as
    /// far as that has it.
    fn granted(
        &self,
        home: Home<'_>,
        validated: &validate::Validated<'_>,
        wish: &prefer::Wish<'_>,
        conditions: &Conditions,
        trace: &mut respond::Trace,
    ) -> http::Response<bytes::Bytes> {
        if wish.is_usual(validated.operation)
            && let Ok(mut response) = self.decided(home, validated, conditions, trace)
        {
            wish.mark(&mut response);
            return response;
        }
        wish.grant(self, validated.operation, validated.head, trace)
    }

    fn decided(
        &self,
        home: Home<'_>,
        validated: &validate::Validated<'_>,
        conditions: &Conditions,
        trace: &mut respond::Trace,
    ) -> Result<http::Response<bytes::Bytes>, Box<Rejection>> {
        let kind = validated.operation.role.as_ref().map(|role| self.kind(role.kind));
        let plan = plan::plan(validated, kind, conditions)?;
        let reads = validated.operation.role.as_ref().is_some_and(|role| matches!(role.action, Action::Read | Action::List));
        let view = conditions.view(reads);
        for _ in 0..ATTEMPTS {
            let snapshot = home.own.fetch(&plan.reads, &view);
            trace.obeyed.stale = snapshot.stale;
            let decided = decide::decide(self, validated, &plan, &snapshot, conditions);
            let (outcome, writes) = decided.map_err(|rejection| {
                home.own.give_back(&plan.reads, &snapshot);
                home.told(rejection, &plan.reads, &snapshot)
            })?;
            let hidden = view.hides.is_some() && !writes.is_empty();
            let written = self.written(validated, outcome.made, &writes, &snapshot, conditions.heard);
            if home.own.commit(writes, &view).is_ok() {
                trace.obeyed = Obeyed { hidden, failed: outcome.failed, vanished: outcome.vanished, ..trace.obeyed };
                let response = respond::respond(validated, outcome, trace);
                trace.events = self.due(validated, &written, &response, conditions, trace);
                return Ok(response);
            }
        }
        Err(Rejection::contended())
    }
}
