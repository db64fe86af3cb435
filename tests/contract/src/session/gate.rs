//! The gate: whether a request may be sent, and what is written down before and after it.

use http::Method;
use serde_json::Value;
use specs::{
    api::Operation,
    resources::{Action, Role},
};

use super::{
    Session,
    ledger::{Fate, Intention},
    named::{self, Effect, Named, effect, named},
    owned,
};
use crate::{
    case::Wanted,
    exchange::{Intent, Request, Response},
    target::Place,
    transport::Unreachable,
    wire,
    world::{Stop, World},
};

/// The least length of a made-up key that nothing can have by chance.
const UNGUESSABLE: usize = 12;

/// The number of an entry of the ledger that waits for its fate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket(usize);

impl Session {
    /// Whether a request may be sent; what it may make is in the ledger then.
    ///
    /// # Errors
    /// Why it may not.
    pub(crate) async fn before(
        &self,
        world: &World<'_>,
        operation: &Operation,
        intent: Intent,
        request: &Request,
    ) -> Result<Option<Ticket>, String> {
        self.is_open(intent)?;
        let effect = effect(operation, &request.method);
        let ticket = match (effect, &operation.role) {
            _ if intent == Intent::Clean => None,
            (Effect::Looks, _) => None,
            (Effect::Creates, Some(role)) => Some(self.creation(world, operation, role, intent, request).await?),
            (effect, role) => {
                self.is_allowed(effect)?;
                match role {
                    Some(role) => self.change(world, operation, role, request).await?,
                    None => self.unknown(operation)?,
                }
            }
        };
        self.tally.lock().add(effect, intent);
        Ok(ticket)
    }

    /// Writes down what came of a request.
    pub(crate) fn after(
        &self,
        world: &World<'_>,
        operation: &Operation,
        ticket: Ticket,
        response: &Result<Response, Unreachable>,
    ) -> std::io::Result<()> {
        let mut ledger = self.ledger.lock();
        let Some(entry) = ledger.entries.iter().find(|entry| entry.intention.number == ticket.0) else { return Ok(()) };
        let fate = match response {
            Ok(response) if response.is_success() => {
                let mut keys = keys(world, operation, response);
                if let Some(chosen) = entry.intention.key.clone().filter(|chosen| !keys.contains(chosen)) {
                    keys.push(chosen);
                }
                Fate::Made(keys)
            }
            Ok(response) if response.status < 500 => Fate::Refused(response.status),
            // What is over a limit is not done (RFC 6585, section 4).
            Err(error) if error.over_limit().is_some() => Fate::Refused(429),
            // Whoever fails, or says nothing, may have done it all the same.
            Ok(_) | Err(_) => return Ok(()),
        };
        if let Fate::Made(keys) = &fate {
            self.owned.lock().extend(owned(&entry.intention, keys));
        }
        ledger.tell(ticket.0, fate)
    }

    fn is_open(&self, intent: Intent) -> Result<(), String> {
        if intent == Intent::Clean {
            return Ok(());
        }
        if self.is_stopped() {
            return Err("the run was ended before".to_owned());
        }
        let Some(most) = self.policy.most else { return Ok(()) };
        let left = most.saturating_sub(self.tally.lock().requests);
        if left > self.reserve() { Ok(()) } else { Err(format!("the {most} requests that are allowed are used up")) }
    }

    fn is_allowed(&self, effect: Effect) -> Result<(), String> {
        let allow = &self.policy.allow;
        match effect {
            Effect::Creates if !allow.create => Err("creating is not allowed in this run".to_owned()),
            Effect::Updates if !allow.update => Err("updating is not allowed in this run".to_owned()),
            Effect::Deletes if !allow.delete => Err("deleting is not allowed in this run".to_owned()),
            Effect::Unknown if !(allow.create && allow.update && allow.delete) => {
                Err("what it changes is not known, and not everything is allowed in this run".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// Nobody knows what the operation changes.
    fn unknown(&self, operation: &Operation) -> Result<Option<Ticket>, String> {
        match self.policy.place {
            Place::Live => Err(format!("what `{}` changes is not known, so it is kept from accounts", operation.id)),
            Place::Here | Place::Mock => Ok(None),
        }
    }

    async fn creation(
        &self,
        world: &World<'_>,
        operation: &Operation,
        role: &Role,
        intent: Intent,
        request: &Request,
    ) -> Result<Ticket, String> {
        self.is_allowed(Effect::Creates)?;
        let names = named(operation, role, request);
        let is_to_be_refused = intent == Intent::Test && world.is_to_be_refused();
        if self.policy.place == Place::Live {
            self.can_be_removed(world, role)?;
            // What names a parent that does not exist is to be refused, and is not sent where it might exist.
            if !is_to_be_refused {
                self.is_below_own(world, role, &names)?;
            }
        }
        let sent = named::body(request).unwrap_or_default();
        let marked = self.mark.all(&sent);
        let key = names.item.first().map(|key| Value::from(key.as_str()));
        if marked.is_empty() && key.is_none() && self.policy.place == Place::Live && !is_to_be_refused {
            return Err("no text of it can hold a mark, so that it could not be found again if its answer were lost".to_owned());
        }
        let parents = parents(&names);
        let is_unmarked = marked.is_empty() && key.is_none() && !sent.is_null() && !is_to_be_refused;
        let before = if is_unmarked { Box::pin(world.listed_keys(&role.resource, &parents)).await.ok() } else { None };
        self.intend(world, operation, role, Seen { parents, sent, marked, key, before })
    }

    fn intend(&self, world: &World<'_>, operation: &Operation, role: &Role, seen: Seen) -> Result<Ticket, String> {
        let mut ledger = self.ledger.lock();
        let intention = Intention {
            number: ledger.entries.len(),
            case: world.case_id(),
            operation: operation.id.clone(),
            resource: role.resource.clone(),
            parents: seen.parents,
            sent: seen.sent,
            marked: seen.marked,
            key: seen.key,
            before: seen.before,
        };
        ledger.intend(intention).map(Ticket).map_err(|error| format!("the ledger cannot be written: {error}"))
    }

    /// Whether what is made can be removed again, or may stay.
    fn can_be_removed(&self, world: &World<'_>, role: &Role) -> Result<(), String> {
        let deletes = world.suite.acting(&role.resource, Action::Delete).is_some() && self.policy.allow.delete;
        if deletes || self.policy.residue {
            return Ok(());
        }
        Err(format!("nothing deletes `{}`, so that it would stay; `--allow-residue` allows that", role.resource))
    }

    /// Whether all parents that a request names are given, or made by this run.
    fn is_below_own(&self, world: &World<'_>, role: &Role, names: &Named) -> Result<(), String> {
        for (property, texts) in &names.parents {
            let resource = world.suite.parent_of(&role.resource, property).unwrap_or(property);
            let is_own =
                |text: &String| self.owns(resource, text, &[]) || self.policy.given.values().any(|given| wire::scalar(given) == *text);
            if let Some(foreign) = texts.iter().find(|text| !is_own(text)) {
                return Err(format!("`{property}` is `{foreign}`, which is neither given nor made by this run"));
            }
        }
        Ok(())
    }

    /// What is changed is this run's own, or is not there.
    async fn change(&self, world: &World<'_>, operation: &Operation, role: &Role, request: &Request) -> Result<Option<Ticket>, String> {
        let names = named(operation, role, request);
        if names.item.is_empty() {
            return self.nameless(world, operation, role);
        }
        let Some(foreign) = names.item.iter().find(|key| !self.owns(&role.resource, key, &names.parents)) else { return Ok(None) };
        self.is_missing(world, role, foreign, &names).await?;
        if request.method != Method::PUT && !role.makes {
            return Ok(None);
        }
        // A server may make what it is told to replace.
        let sent = named::body(request).unwrap_or_default();
        let seen = Seen { parents: parents(&names), marked: self.mark.all(&sent), sent, key: Some(foreign.as_str().into()), before: None };
        self.intend(world, operation, role, seen).map(Some)
    }

    fn nameless(&self, world: &World<'_>, operation: &Operation, role: &Role) -> Result<Option<Ticket>, String> {
        let is_single = world.suite.resource(&role.resource).is_some_and(|resource| resource.single);
        match self.policy.place {
            Place::Live if is_single => Err(format!("there is one `{}` alone, and it is not this run's own", role.resource)),
            Place::Live => Err(format!("`{}` names no item of this run's own", operation.id)),
            Place::Here | Place::Mock => Ok(None),
        }
    }

    /// Whether there is no item of this key, as far as can be told without harm.
    async fn is_missing(&self, world: &World<'_>, role: &Role, key: &str, names: &Named) -> Result<(), String> {
        let foreign = || format!("`{key}` is there, and is not this run's own");
        let reads = world.suite.acting(&role.resource, Action::Read);
        let Some(read) = reads else {
            let is_unguessable = key.len() >= UNGUESSABLE && !key.bytes().all(|byte| byte.is_ascii_digit());
            let is_listed = Box::pin(world.listed_keys(&role.resource, &parents(names))).await.unwrap_or_default();
            let is_there = is_listed.iter().any(|known| wire::scalar(known) == key);
            let is_fine = !is_there && (is_unguessable || self.policy.place != Place::Live);
            return if is_fine { Ok(()) } else { Err(foreign()) };
        };
        let wanted = Wanted { key: Some(key.into()), parents: parents(names), ..Wanted::default() };
        match Box::pin(world.look(read, &wanted)).await {
            Ok(response) if response.is_success() => Err(foreign()),
            Ok(response) if matches!(response.status, 400 | 404 | 410 | 422) => Ok(()),
            Ok(response) if self.policy.place == Place::Live => {
                Err(format!("whether `{key}` is there could not be seen: reading it was answered {}", response.status))
            }
            Err(Stop::Unreachable(error)) => Err(crate::run::chain(&error)),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

/// What is written down of a request that makes something.
struct Seen {
    parents: Vec<(String, Value)>,
    sent: Value,
    marked: Vec<(String, String)>,
    key: Option<Value>,
    before: Option<Vec<Value>>,
}

/// The parents as a request can name them again.
fn parents(names: &Named) -> Vec<(String, Value)> {
    names.parents.iter().flat_map(|(property, texts)| texts.iter().map(|text| (property.clone(), text.as_str().into()))).collect()
}

/// The keys of what an answer says that it made.
fn keys(world: &World<'_>, operation: &Operation, response: &Response) -> Vec<Value> {
    let Some(role) = &operation.role else { return Vec::new() };
    let body = response.json().unwrap_or_default();
    let key = |item: &Value| world.suite.key_of(&role.resource, item).filter(|key| key.is_string() || key.is_number()).cloned();
    let several = role.items.iter().chain(&role.item).filter_map(|pointer| body.pointer(pointer)?.as_array()).flatten().filter_map(key);
    let one = role.item.iter().filter_map(|pointer| key(body.pointer(pointer)?));
    let echo = role.echo.iter().filter_map(|pointer| body.pointer(pointer).cloned());
    let mut keys: Vec<Value> = several.chain(one).chain(echo).collect();
    if keys.is_empty() {
        keys.extend(world.key_in_location(role, response));
    }
    keys.dedup();
    keys
}
