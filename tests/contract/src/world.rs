//! What a running case does to its target: it sends requests, makes items and looks for them.

use std::{
    cmp::Reverse,
    sync::atomic::{AtomicU64, Ordering},
};

use parking_lot::Mutex;
use serde_json::Value;
use specs::{
    api::{Direction, Operation},
    resources::{Action, Place, Role},
};

use crate::{
    assumed::Assumed,
    case::{BodyOf, Case, Failure, Kind, Refusal, Wanted},
    draft::{self, Draft},
    exchange::{Exchange, Intent, Request, Response},
    pages,
    settle::Window,
    suite::Suite,
    target::{Place as Server, Target},
    transport::Unreachable,
    vary,
};

/// How many keys are tried for what is created, at most.
const MOST_CHOSEN: u64 = 200;

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
    log: Mutex<Vec<Exchange>>,
    /// How many keys were chosen for what is created.
    chosen: AtomicU64,
    /// How many items were made.
    made: AtomicU64,
    pub(crate) assumed: Assumed,
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
        let (log, assumed, window) = (Mutex::default(), Assumed::default(), Window::new(target.settle));
        Self { suite, target, case: None, log, chosen: AtomicU64::new(0), made: AtomicU64::new(0), assumed, window }
    }

    /// Whether other people use the target, whose rows may be read, and nothing more.
    pub(crate) fn is_shared(&self) -> bool {
        self.target.place == Server::Live
    }

    /// The same, for a case.
    pub(crate) fn of(self, case: &'a Case) -> Self {
        Self { case: Some(case), ..self }
    }

    /// The id of its case, or nothing.
    pub(crate) fn case_id(&self) -> String {
        self.case.map(Case::id).unwrap_or_default()
    }

    /// Whether its case sends what has to be refused.
    pub(crate) fn is_to_be_refused(&self) -> bool {
        self.case.is_some_and(|case| matches!(case.kind, Kind::Refuse(..) | Kind::Method(_)))
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

    /// A key for what is created where the client chooses it: for the first item that which the body has anyway, for others
    /// one that was not used yet.
    pub(crate) fn unused_key(&self, create: &Operation, place: &Place) -> Option<Value> {
        let number = self.chosen.fetch_add(1, Ordering::Relaxed);
        let Place::Body(pointer) = place else { return None };
        let (_, schema, _) = self.suite.body(create)?;
        let schemas = &self.suite.api.schemas;
        let key = specs::pointer::tokens(pointer).try_fold(schema?.clone(), |at, token| schemas.property(&at, &token))?;
        (number > 0).then(|| self.suite.sampler(Direction::Request).random(&key, number).ok()).flatten()
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

    /// Makes an item with this operation and finds its key.
    pub(crate) async fn make(&self, create: &Operation, wanted: &Wanted) -> Step<Made> {
        self.make_below(create, wanted, 0).await
    }

    /// Makes an item for an operation of this role, which names what the creation named.
    pub(crate) async fn make_for(&self, role: &Role, wanted: &Wanted) -> Step<Made> {
        match self.suite.creating(role, None) {
            Some(create) => self.make(create, wanted).await,
            None => blocked(format!("nothing creates `{}`", role.resource)),
        }
    }

    /// Makes an item that is unlike those that were made before, as far as its texts may be any.
    pub(crate) async fn make_another(&self, create: &Operation, wanted: &Wanted) -> Step<Made> {
        self.make(create, &Wanted { is_another: true, ..wanted.clone() }).await
    }

    pub(crate) async fn make_below(&self, create: &Operation, wanted: &Wanted, depth: usize) -> Step<Made> {
        let resource = &role(create)?.resource;
        let (status, parents) = match self.attempt(create, wanted, depth).await? {
            Ok(made) => return Ok(made),
            Err(refused) => refused,
        };
        let again = |wanted: Wanted| async move { Box::pin(self.make_below(create, &wanted, depth)).await };
        match wanted.body {
            // There may be one like it already, and there may be no two.
            BodyOf::Full | BodyOf::Minimal if !wanted.is_another && self.made.load(Ordering::Relaxed) > 1 => {
                again(Wanted { is_another: true, ..wanted.clone() }).await
            }
            // What refuses a full body has cases of its own; the others are better off with a smaller one.
            BodyOf::Full => again(Wanted { body: BodyOf::Minimal, ..wanted.clone() }).await,
            _ => {
                self.assumed.excuse(self.target.place, status, &parents)?;
                blocked(format!("creating one of `{resource}` was answered {status}"))
            }
        }
    }

    /// Makes an item, unless that is refused, with this status.
    pub(crate) async fn try_make(&self, create: &Operation, wanted: &Wanted) -> Step<Result<Made, u16>> {
        Ok(self.attempt(create, wanted, 0).await?.map_err(|(status, _)| status))
    }

    async fn attempt(&self, create: &Operation, wanted: &Wanted, depth: usize) -> Step<Result<Made, (u16, Vec<(String, Value)>)>> {
        let role = role(create)?;
        let resource = role.resource.as_str();
        let mut draft = Box::pin(Draft::new(self, create, wanted, depth)).await?;
        let number = self.next_number();
        if wanted.is_another && number > 0 && matches!(wanted.body, BodyOf::Full | BodyOf::Minimal) {
            vary::draft(self, create, &mut draft, number)?;
        }
        let is_told = role.item.is_some() || role.items.is_some() || role.echo.is_some() || self.is_shared();
        let before = if is_told { None } else { Some(self.listed_keys(resource, &draft.parents).await?) };
        let response = self.send_to(create, Intent::Prepare, draft.request.clone()).await?;
        if response.status == 409 && role.key.is_some() && self.chosen.load(Ordering::Relaxed) < MOST_CHOSEN {
            return Box::pin(self.attempt(create, wanted, depth)).await;
        }
        if !response.is_success() {
            return Ok(Err((response.status, draft.parents)));
        }
        self.assumed.confirm(&draft.parents);
        let shown = self.shown(role, &response);
        let key = match self.key_told(role, &response, &draft, shown.as_ref()) {
            Some(key) => key,
            None => self.new_key(resource, &draft.parents, before.as_deref()).await?,
        };
        let made = Made { key, parents: draft.parents, sent: draft.body.unwrap_or(Value::Null), shown };
        self.appear(resource, &made).await?;
        Ok(Ok(made))
    }

    /// The number of the next item that is made, from 0.
    pub(crate) fn next_number(&self) -> u64 {
        self.made.fetch_add(1, Ordering::Relaxed)
    }

    /// The item as the answer to its creation shows it; of several the first.
    fn shown(&self, role: &Role, response: &Response) -> Option<Value> {
        let first = |items: &String| response.json()?.pointer(items)?.get(0).cloned();
        let shown = role.item.as_ref().and_then(|pointer| response.json()?.pointer(pointer).cloned());
        shown.or_else(|| role.items.as_ref().and_then(first))
    }

    /// The key of what was made, where the answer tells it, or the request chose it.
    fn key_told(&self, role: &Role, response: &Response, draft: &Draft, shown: Option<&Value>) -> Option<Value> {
        let own = || shown.and_then(|item| self.suite.key_of(&role.resource, item)).filter(|key| !key.is_null()).cloned();
        let echoed = || response.json()?.pointer(role.echo.as_ref()?).filter(|key| !key.is_null()).cloned();
        let chosen = || draft::get(role.key.as_ref()?, &draft.values, draft.body.as_ref());
        own().or_else(echoed).or_else(|| self.key_in_location(role, response)).or_else(chosen)
    }

    /// Waits until what was made is to be seen, as long as that may take.
    async fn appear(&self, resource: &str, made: &Made) -> Step<()> {
        if !self.window.is_open() || self.sights(resource, &made.parents).is_empty() {
            return Ok(());
        }
        let seen = self.settled(async || match Box::pin(self.see(resource, made)).await? {
            Some(_) => Ok(()),
            None => blocked("it is not to be seen yet"),
        });
        match seen.await {
            Err(Stop::Unreachable(error)) => Err(Stop::Unreachable(error)),
            // Whether it should be there by now is for a case to say.
            _ => Ok(()),
        }
    }

    /// The key that is listed now and was not before.
    async fn new_key(&self, resource: &str, parents: &[(String, Value)], before: Option<&[Value]>) -> Step<Value> {
        let name = self.suite.key(resource);
        let Some(before) = before else {
            let lacks = format!("the answer to the creation has no `{name}`");
            let shared = format!("{lacks}, and nothing that is listed on a live account is put into a request");
            return if self.is_shared() { skip(shared) } else { blocked(lacks) };
        };
        self.settled(async || {
            let after = self.listed_keys(resource, parents).await?;
            let new = after.into_iter().find(|key| !before.contains(key));
            new.ok_or_else(|| Stop::Blocked(format!("the answer has no `{name}`, and no new one is listed")))
        })
        .await
    }

    pub(crate) async fn listed_keys(&self, resource: &str, parents: &[(String, Value)]) -> Step<Vec<Value>> {
        let sights = self.sights(resource, parents);
        let Some(list) = sights.iter().find(|sight| is_list(sight)) else { return Ok(Vec::new()) };
        let items = Box::pin(pages::all(self, list, parents)).await?;
        Ok(items.iter().filter_map(|item| self.suite.key_of(resource, item).cloned()).collect())
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
        let key = shown.ok_or_else(|| Stop::Blocked(format!("no `{property}` is known for `{}`", operation.id)))?;
        self.assumed.note(property, &key);
        Ok(key)
    }
}
