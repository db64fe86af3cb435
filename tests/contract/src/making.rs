//! How a case makes what it needs: with which body, again when it is refused, and how it learns the key.

use std::sync::atomic::Ordering;

use serde_json::Value;
use specs::{
    api::{Direction, Operation},
    resources::{Place, Role},
};

use crate::{
    case::{BodyOf, Wanted},
    draft::{self, Draft},
    exchange::{Intent, Response},
    pages, vary,
    world::{Made, Step, Stop, World, blocked, is_list, role, skip},
};

/// How many keys are tried for what is created, at most.
const MOST_CHOSEN: u64 = 200;

impl World<'_> {
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
        let status = match self.attempt(create, wanted, depth).await? {
            Ok(made) => return Ok(made),
            Err(refused) => refused,
        };
        let again = |wanted: Wanted| async move { Box::pin(self.make_below(create, &wanted, depth)).await };
        match wanted.body {
            // There may be one like it already, and there may be no two.
            BodyOf::Full | BodyOf::Minimal if !wanted.is_another && self.count.load(Ordering::Relaxed) > 1 => {
                again(Wanted { is_another: true, ..wanted.clone() }).await
            }
            // What refuses a full body has cases of its own; the others are better off with a smaller one.
            BodyOf::Full => again(Wanted { body: BodyOf::Minimal, ..wanted.clone() }).await,
            _ => blocked(format!("creating one of `{resource}` was answered {status}")),
        }
    }

    /// Makes an item, unless that is refused, with this status.
    pub(crate) async fn try_make(&self, create: &Operation, wanted: &Wanted) -> Step<Result<Made, u16>> {
        self.attempt(create, wanted, 0).await
    }

    async fn attempt(&self, create: &Operation, wanted: &Wanted, depth: usize) -> Step<Result<Made, u16>> {
        let role = role(create)?;
        let resource = role.resource.as_str();
        let mut draft = Box::pin(Draft::new(self, create, wanted, depth)).await?;
        vary::single(self, create, &mut draft)?;
        let number = self.next_number();
        if wanted.is_another && number > 0 && matches!(wanted.body, BodyOf::Full | BodyOf::Minimal) {
            vary::draft(self, create, &mut draft, number)?;
        }
        let is_told = role.item.is_some() || role.items.is_some() || role.echo.is_some() || self.session().is_some();
        let before = if is_told { None } else { Some(self.listed_keys(resource, &draft.parents).await?) };
        let response = self.send_to(create, Intent::Prepare, draft.request.clone()).await?;
        if response.status == 409 && role.key.is_some() && self.chosen.load(Ordering::Relaxed) < MOST_CHOSEN {
            return Box::pin(self.attempt(create, wanted, depth)).await;
        }
        if !response.is_success() {
            return Ok(Err(response.status));
        }
        let shown = Self::shown(role, &response);
        let key = match (self.key_told(role, &response, &draft, shown.as_ref()), self.session()) {
            (Some(key), _) => key,
            (None, Some(session)) => session.identify(self, resource).await.map_err(Stop::Blocked)?,
            (None, None) => self.new_key(resource, &draft.parents, before.as_deref()).await?,
        };
        self.made.lock().push(key.clone());
        let made = Made { key, parents: draft.parents, sent: draft.body.unwrap_or(Value::Null), shown };
        self.appear(resource, &made).await?;
        Ok(Ok(made))
    }

    /// The number of the next item that is made, from 0.
    pub(crate) fn next_number(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    /// The item as the answer to its creation shows it; of several the first.
    fn shown(role: &Role, response: &Response) -> Option<Value> {
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
}
