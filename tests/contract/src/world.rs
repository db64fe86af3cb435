//! What a running case does to its target: it sends requests, makes items and looks for them.

use std::{cmp::Reverse, sync::atomic::AtomicU64};

use parking_lot::Mutex;
use serde_json::Value;
use specs::{
    api::Operation,
    resources::{Action, Place, Role},
};

use crate::{
    absent::Borrowed,
    case::{Case, Failure, Kind, Refusal, Wanted, Whose},
    draft::Draft,
    exchange::{Exchange, Intent, Request, Response},
    pages,
    rule::Rule,
    settle::Window,
    suite::Suite,
    target::{Place as Server, Target},
    transport::Unreachable,
};

/// How deep parents of parents are made.
const DEEPEST: usize = 6;

/// Why a case ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    Failed(Failure),
    New(Failure),
    Skipped(String),
    Blocked(String),
    Unreachable(Unreachable),
}

pub(crate) type Step<T> = Result<T, Stop>;

/// Ends a case: the promise is broken.
pub(crate) fn fail<T>(what: impl Into<Failure>) -> Step<T> {
    Err(Stop::Failed(what.into()))
}

/// Ends a case: what has to happen before did not work.
pub(crate) fn blocked<T>(what: impl Into<String>) -> Step<T> {
    Err(Stop::Blocked(what.into()))
}

/// Ends a case: there is nothing to test.
pub(crate) fn skip<T>(why: impl Into<String>) -> Step<T> {
    Err(Stop::Skipped(why.into()))
}

/// What an operation does to which resource.
pub(crate) fn role(operation: &Operation) -> Step<&Role> {
    operation.role.as_ref().ok_or_else(|| Stop::Blocked(format!("what `{}` does is unknown", operation.id)))
}

pub(crate) fn is_list(operation: &Operation) -> bool {
    operation.role.as_ref().is_some_and(|role| role.action == Action::List)
}

/// One run of one case.
pub(crate) struct World<'a> {
    pub(crate) suite: &'a Suite,
    pub(crate) target: &'a Target,
    case: Option<&'a Case>,
    /// Whether all that is sent serves to remove what was made.
    is_cleaning: bool,
    log: Mutex<Vec<Exchange>>,
    /// How many keys were chosen for what is created.
    pub(crate) chosen: AtomicU64,
    /// The keys of what the case made.
    pub(crate) made: Mutex<Vec<Value>>,
    /// What requests name because the document shows it.
    borrowed: Mutex<Vec<Borrowed>>,
    /// How many items were made.
    pub(crate) count: AtomicU64,
    pub(crate) window: Window,
}

/// An item that a case made.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) key: Value,
    /// Keys of its parents, by property.
    pub(crate) parents: Vec<(String, Value)>,
    /// The body that made it.
    pub(crate) sent: Value,
    /// The item as the response showed it.
    pub(crate) shown: Option<Value>,
}

impl Made {
    /// A request that names this item.
    pub(crate) fn wanted(&self) -> Wanted {
        Wanted { key: Some(self.key.clone()), parents: self.parents.clone(), ..Wanted::default() }
    }
}

impl<'a> World<'a> {
    pub(crate) fn new(suite: &'a Suite, target: &'a Target) -> Self {
        Self {
            suite,
            target,
            case: None,
            is_cleaning: false,
            log: Mutex::default(),
            chosen: AtomicU64::new(0),
            made: Mutex::default(),
            borrowed: Mutex::default(),
            count: AtomicU64::new(0),
            window: Window::new(target.settle),
        }
    }

    /// The exchanges until now.
    pub(crate) fn log(&self) -> Vec<Exchange> {
        self.log.lock().clone()
    }

    /// What requests until now named because the document shows it.
    pub(crate) fn borrowed(&self) -> Vec<Borrowed> {
        self.borrowed.lock().clone()
    }

    /// Notes a key that a request names, unless the case made it or was given it.
    pub(crate) fn names(&self, name: &str, key: &Value, in_body: bool) {
        let new = Borrowed { name: name.to_owned(), key: key.clone(), in_body };
        let is_known = self.made.lock().contains(key) || self.target.given.values().any(|given| given == key);
        let mut borrowed = self.borrowed.lock();
        if !is_known && !borrowed.contains(&new) {
            borrowed.push(new);
        }
    }

    /// Whether other people use the target, whose rows may be read, and nothing more.
    pub(crate) fn is_shared(&self) -> bool {
        self.target.place == Server::Live
    }

    /// The same, for a case.
    pub(crate) fn of(self, case: &'a Case) -> Self {
        Self { case: Some(case), ..self }
    }

    /// The same, to remove what was made.
    pub(crate) fn cleaning(self) -> Self {
        Self { is_cleaning: true, ..self }
    }

    /// The id of its case, or nothing.
    pub(crate) fn case_id(&self) -> String {
        self.case.map(Case::id).unwrap_or_default()
    }

    /// Whether its case sends what has to be refused.
    pub(crate) fn is_to_be_refused(&self) -> bool {
        self.case.is_some_and(|case| matches!(case.kind, Kind::Refuse(..) | Kind::Method(_) | Kind::Answers(Whose::Refusals, _)))
    }

    /// Whether its case tests this rule.
    pub(crate) fn is_about(&self, rule: Rule) -> bool {
        self.case.is_some_and(|case| case.rule == rule)
    }

    /// The refusal that its case is about.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        match self.case?.kind {
            Kind::Refuse(_, _, refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The exchanges so far.
    pub(crate) fn exchanges(self) -> Vec<Exchange> {
        self.log.into_inner()
    }

    /// Sends a request that is to be judged, and notes the exchange.
    pub(crate) async fn send(&self, operation: &Operation, request: Request) -> Step<Response> {
        self.send_to(operation, Intent::Test, request).await
    }

    /// Sends a request for a purpose, and notes the exchange.
    pub(crate) async fn send_to(&self, operation: &Operation, intent: Intent, request: Request) -> Step<Response> {
        let intent = if self.is_cleaning { Intent::Clean } else { intent };
        let ticket = match self.session() {
            Some(session) => session.before(self, operation, intent, &request).await.map_err(Stop::Skipped)?,
            None => None,
        };
        let is_write = !request.method.is_safe();
        let (exchange, response) = match &self.target.rehearsal {
            Some(rehearsal) => rehearsal.exchange(self, operation, intent, request),
            None => self.target.exchange(&operation.id, intent, request).await,
        };
        self.log.lock().push(exchange);
        if is_write {
            self.window.open();
        }
        if let Some((session, ticket)) = self.session().zip(ticket) {
            let written = session.after(self, operation, ticket, &response);
            written.map_err(|error| Stop::Blocked(format!("the ledger cannot be written: {error}")))?;
        }
        response.map_err(Stop::Unreachable)
    }

    /// Sends a valid request that is to be judged.
    pub(crate) async fn call(&self, operation: &Operation, wanted: &Wanted) -> Step<Response> {
        let draft = self.draft(operation, wanted).await?;
        self.send(operation, draft.request).await
    }

    /// Sends a valid request to see what came of another.
    pub(crate) async fn look(&self, operation: &Operation, wanted: &Wanted) -> Step<Response> {
        let draft = self.draft(operation, wanted).await?;
        self.send_to(operation, Intent::Observe, draft.request).await
    }

    /// A valid request with credentials.
    pub(crate) async fn draft(&self, operation: &Operation, wanted: &Wanted) -> Step<Draft> {
        Draft::new(self, operation, wanted, 0).await
    }

    /// The operations that show an item of these parents; when all of them need another one, the document's will do.
    pub(crate) fn sights(&self, resource: &str, parents: &[(String, Value)]) -> Vec<&'a Operation> {
        let sights = self.suite.sights(resource, |need| parents.iter().any(|(known, _)| known == need));
        let mut sights = if sights.is_empty() { self.suite.sights(resource, |_| true) } else { sights };
        if self.is_shared() {
            // Below a parent there are the fewest rows of other people.
            sights.sort_by_key(|sight| (is_list(sight), Reverse(sight.role.as_ref().map_or(0, |role| role.parents.len()))));
        }
        sights
    }

    /// The item as it can be seen now, by reading or else by listing; `None` when it cannot be seen.
    pub(crate) async fn see(&self, resource: &str, made: &Made) -> Step<Option<Value>> {
        match self.sights(resource, &made.parents).first() {
            Some(sight) => self.see_by(sight, made).await,
            None => blocked(format!("nothing reads or lists `{resource}`")),
        }
    }

    /// The item as this operation shows it; `None` when it does not.
    pub(crate) async fn see_by(&self, sight: &Operation, made: &Made) -> Step<Option<Value>> {
        let role = role(sight)?;
        if is_list(sight) {
            return pages::find(self, sight, made).await?.or_skip(sight);
        }
        let response = self.look(sight, &made.wanted()).await?;
        let pointer = role.item.clone().unwrap_or_default();
        match response.status {
            404 | 410 => Ok(None),
            _ if response.is_success() => Ok(response.json().and_then(|body| body.pointer(&pointer).cloned())),
            status => blocked(format!("reading one of `{}` was answered {status}", role.resource)),
        }
    }

    /// The key of a parent that exists.
    pub(crate) async fn parent(&self, operation: &Operation, role: &Role, property: &str, place: &Place, depth: usize) -> Step<Value> {
        let resource = self.suite.parent_of(&role.resource, property);
        if let Some(key) = self.target.given(resource, property, place) {
            return Ok(key.clone());
        }
        // What a document shows is there for certain only where the document is acted out.
        let is_mock = self.target.place == Server::Mock;
        let create = resource.and_then(|resource| self.suite.acting(resource, Action::Create)).filter(|_| depth < DEEPEST);
        let seeded = resource.and_then(|resource| self.suite.seeded(resource).next());
        let seeded = seeded.filter(|_| is_mock || create.is_none());
        if let Some(create) = create.filter(|_| seeded.is_none()) {
            return Ok(Box::pin(self.make_below(create, &Wanted::default(), depth + 1)).await?.key);
        }
        let elsewhere = || {
            self.suite.api.operations.iter().find_map(|other| {
                let role = other.role.as_ref().filter(|known| known.resource == role.resource)?;
                let (_, place) = role.parents.iter().find(|(known, _)| known == property)?;
                self.suite.shown_at(other, place)
            })
        };
        let shown = seeded.cloned().or_else(|| self.suite.shown_at(operation, place)).or_else(elsewhere);
        shown.ok_or_else(|| Stop::Blocked(format!("no `{property}` is known for `{}`", operation.id)))
    }
}
