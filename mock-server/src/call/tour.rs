//! A first visit: what makes an item, shows it and deletes it, as commands that work as written, one after the other.
//!
//! The second command names what the first one made. Its key is known beforehand, because a mock of the same seed mints
//! the same keys: the calls are made here, in a world that nobody else sees.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::Value;
use specs::{api::Operation, resources::Action};

use super::{Call, Values, call, sample};
use crate::{
    engine::{Conditions, Exchange, Request},
    provider::Provider,
    state::World,
};

/// A call of the visit.
pub(crate) struct Stop<'p> {
    pub(crate) operation: &'p Operation,
    pub(crate) call: Call,
}

/// The calls of a first visit: the one that shows best what the provider does, and what follows it.
pub(crate) fn tour<'p>(provider: &'p Provider, conditions: &Conditions) -> Vec<Stop<'p>> {
    let Some((operation, call)) = sample(provider.api()) else { return Vec::new() };
    let visit = Visit { provider, world: provider.engine.world(), conditions };
    let more = visit.after(operation, &call);
    std::iter::once(Stop { operation, call }).chain(more).collect()
}

struct Visit<'p, 'c> {
    provider: &'p Provider,
    world: World,
    conditions: &'c Conditions,
}

impl<'p> Visit<'p, '_> {
    /// What shows and what deletes the item that the first call makes.
    fn after(&self, operation: &Operation, first: &Call) -> Vec<Stop<'p>> {
        let Some(made) = operation.role.as_ref().filter(|role| role.action == Action::Create) else { return Vec::new() };
        let before = self.keys(&made.resource);
        if self.send(operation, first).is_none() {
            return Vec::new();
        }
        let Some(key) = self.keys(&made.resource).into_iter().find(|key| !before.contains(key)) else { return Vec::new() };
        let values = Values { api: self.provider.api(), inventor: None, made: Some((&made.resource, &key)) };
        let shows = |exchange: &Exchange| contains(exchange.response.body(), &key);
        let shown = [Action::Read, Action::List].into_iter().find_map(|action| self.stop(&values, &made.resource, action, shows));
        let deleted = self.stop(&values, &made.resource, Action::Delete, |_| true);
        shown.into_iter().chain(deleted).collect()
    }

    /// The first operation that does this to the resource, if it does what it should.
    fn stop(&self, values: &Values<'_>, resource: &str, action: Action, holds: impl Fn(&Exchange) -> bool) -> Option<Stop<'p>> {
        let acts = |operation: &&Operation| {
            !operation.deprecated && operation.role.as_ref().is_some_and(|role| role.action == action && role.resource == resource)
        };
        let found = self.provider.api().operations.iter().filter(acts);
        found.filter_map(|operation| Some(Stop { operation, call: call(values, operation)? })).find(|stop| {
            let exchange = self.send(stop.operation, &stop.call);
            exchange.is_some_and(|exchange| holds(&exchange))
        })
    }

    /// The exchange of a call, if it is a success.
    fn send(&self, operation: &Operation, call: &Call) -> Option<Exchange> {
        let request = request(call, &self.provider.base_of(operation))?;
        let exchange = self.provider.engine.exchange(&self.world, request, self.conditions);
        exchange.response.status().is_success().then_some(exchange)
    }

    /// The keys of a resource's rows.
    fn keys(&self, resource: &str) -> Vec<Value> {
        let property = self.provider.api().resources.iter().find(|known| known.name == resource).map_or("id", |known| known.key.as_str());
        let rows = self.provider.engine.items(&self.world).shift_remove(resource).unwrap_or_default();
        rows.into_iter().filter_map(|mut row| Some(row.get_mut(property)?.take())).collect()
    }
}

/// A call as the engine takes it.
fn request(call: &Call, base: &str) -> Option<Request> {
    let mut headers = HeaderMap::new();
    for (name, value) in &call.headers {
        headers.append(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
    }
    if let Some(user) = &call.user {
        headers.insert(AUTHORIZATION, HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(user))).ok()?);
    }
    let body = call.body.clone().map(Bytes::from).unwrap_or_default();
    if !body.is_empty() && !headers.contains_key(CONTENT_TYPE) {
        return None;
    }
    let target = format!("{base}{}", call.target).parse().ok()?;
    Some(Request { method: call.method.clone(), target, headers, body, oversized: false, sandbox: None })
}

/// Whether a body says a key somewhere.
fn contains(body: &[u8], key: &Value) -> bool {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return false };
    let mut open = vec![&body];
    while let Some(value) = open.pop() {
        match value {
            found if found == key => return true,
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    false
}
