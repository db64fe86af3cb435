//! Beside the journey: what the vendor sends of its own accord once a request is done.
//!
//! What became of rows is noted before the writes are handed over, and what is to be sent is made when they are done
//! and the answer stands. Sending is the shell's. Where nobody listens nothing is made, so a document with webhooks costs
//! no more than one without.

mod address;
mod hook;
mod payload;
mod subscribers;

use std::cell::Cell;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderName, HeaderValue, Method, Response};
use serde_json::{Map, Value, json};
use specs::resources::Action;

use hook::On;
pub(super) use hook::{Hook, compile};
pub use subscribers::Subscriber;
use subscribers::newest;

use super::{
    Conditions, Request,
    compile::Engine,
    fields::Fields,
    json, mint, plan,
    respond::Trace,
    scope::{Exchanged, Input, Scope},
    validate::Validated,
};
use crate::state::{Row, Snapshot, View, World, Write};

/// Where draws for events begin, far from those of rows and answers.
const DRAWS: u64 = 1 << 48;

/// Something that is to be sent.
#[derive(Clone, Debug)]
pub struct Event {
    /// The index of its webhook in [`specs::Api::webhooks`].
    pub webhook: usize,
    /// The name of the webhook.
    pub name: String,
    /// Tells it from all others of the sandbox; the same for the same seed and number.
    pub id: String,
    /// When it came about.
    pub at: DateTime<Utc>,
    /// The method to send it with.
    pub method: Method,
    /// Where it is sent beside the places of subscriptions.
    pub target: Option<String>,
    /// Its headers, the type of the body first.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The payload.
    pub body: Bytes,
    /// Where the payload does not conform to the document.
    pub defects: Vec<String>,
}

/// What became of a row.
#[derive(Clone, Debug)]
pub(super) struct Written {
    kind: usize,
    action: Action,
    row: Bytes,
    old: Option<Bytes>,
}

impl Engine {
    /// What a request did to rows of which somebody may want to hear.
    pub(super) fn written(
        &self,
        validated: &Validated<'_>,
        made: bool,
        writes: &[Write],
        snapshot: &Snapshot,
        heard: bool,
    ) -> Vec<Written> {
        let Some(role) = validated.operation.role.as_ref().filter(|_| self.hooks.iter().any(|hook| heard || hook.addressed)) else {
            return Vec::new();
        };
        let action = match role.action {
            _ if made => Action::Create,
            Action::Replace => Action::Update,
            other => other,
        };
        let old = || snapshot.item.as_ref().map(|row| row.json.clone());
        let each = writes.iter().filter_map(|write| match (write, action) {
            (Write::Insert { resource, row: Row { json, .. } }, Action::Create) => Some((*resource, json.clone(), None)),
            (Write::Insert { resource, row: Row { json, .. } } | Write::Replace { resource, json, .. }, Action::Update) => {
                Some((*resource, json.clone(), old()))
            }
            (Write::Delete { resource, .. }, Action::Delete) => Some((*resource, old()?, old())),
            _ => None,
        });
        each.map(|(kind, row, old)| Written { kind, action, row, old }).collect()
    }

    /// What is to be sent after a request.
    pub(super) fn due(
        &self,
        validated: &Validated<'_>,
        written: &[Written],
        response: &Response<Bytes>,
        conditions: &Conditions,
        trace: &mut Trace,
    ) -> Vec<Event> {
        let mut found = Vec::new();
        for (index, hook) in self.hooks.iter().enumerate().filter(|(_, hook)| conditions.heard || hook.addressed) {
            let is_here = |on: &On| *on == On::Operation(validated.operation.index);
            let follows = hook.occasions.iter().any(is_here);
            let concerned: Vec<Option<&Written>> = written
                .iter()
                .filter(|written| follows || hook.occasions.contains(&On::Write(written.kind, written.action)))
                .map(Some)
                .chain((follows && written.is_empty()).then_some(None))
                .collect();
            if concerned.is_empty() {
                continue;
            }
            let target = match self.api.webhooks[index].target.as_deref().map(|target| address::resolve(target, validated, response)) {
                Some(Err(why)) => {
                    trace.notes.push(format!("`{}` was not sent to its own address: {why}", self.api.webhooks[index].name));
                    if !conditions.heard {
                        continue;
                    }
                    None
                }
                known => known.and_then(Result::ok),
            };
            for written in concerned {
                let number = conditions.event.wrapping_shl(16).wrapping_add(found.len() as u64);
                let shared = Exchanged::new(&validated.input, &validated.caller, conditions.now, conditions.seed);
                let making = Making { engine: self, index, hook, number, shared: &shared };
                found.extend(making.event(written, target.clone(), &mut trace.defects));
            }
        }
        for event in &found {
            trace.defects.extend(event.defects.iter().cloned());
        }
        found
    }

    /// An event as if something had just happened to the newest row, for whoever wants to see one. A payload that is given
    /// is taken as it is.
    ///
    /// # Panics
    /// Never: an index that is none gives nothing.
    #[must_use]
    pub fn example_event(&self, world: &World, webhook: usize, payload: Option<&Value>, conditions: &Conditions) -> Option<Event> {
        let hook = self.hooks.get(webhook)?;
        let known = hook.occasions.iter().find_map(|on| match on {
            On::Write(kind, action) => Some((*kind, *action)),
            On::Operation(index) => {
                let role = self.operation(*index).role.as_ref()?;
                Some((role.kind, role.action))
            }
        });
        let row = known.and_then(|(kind, _)| world.fetch(&newest(kind, 1), &View::default()).page.rows.into_iter().next());
        let written = known.zip(row).map(|((kind, action), (row, _))| Written { kind, action, old: Some(row.clone()), row });
        let input = Input::default();
        let shared = Exchanged::new(&input, &self.caller, conditions.now, conditions.seed);
        let making = Making { engine: self, index: webhook, hook, number: conditions.event.wrapping_shl(16), shared: &shared };
        let mut event = making.made(written.as_ref(), None, &mut Vec::new());
        if let Some(payload) = payload {
            event.body = json::bytes(payload);
            event.defects.clear();
        }
        Some(event)
    }
}

/// What an event is made from.
struct Making<'a> {
    engine: &'a Engine,
    index: usize,
    hook: &'a Hook,
    number: u64,
    shared: &'a Exchanged<'a>,
}

impl Making<'_> {
    /// The event, unless the document says that this is none.
    fn event(&self, written: Option<&Written>, target: Option<String>, defects: &mut Vec<String>) -> Option<Event> {
        if let Some(when) = &self.hook.when {
            let holds = self.scoped(written, |scope| when.run(scope).map(|found| found.is_some_and(|value| is_true(&value))));
            match holds {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => defects.push(format!("`{}`: {error}", self.name())),
            }
        }
        Some(self.made(written, target, defects))
    }

    fn made(&self, written: Option<&Written>, target: Option<String>, defects: &mut Vec<String>) -> Event {
        let webhook = &self.engine.api.webhooks[self.index];
        let (id, at) = (self.id(), self.shared.moment());
        let row = written.and_then(|written| serde_json::from_slice::<Map<String, Value>>(&written.row).ok()).unwrap_or_default();
        let kind = written.map(|written| self.engine.kind(written.kind));
        let value = if self.hook.set.is_empty() {
            payload::Payload { engine: self.engine, webhook, kind, row: &row, id: &id, now: at, number: self.number }.value()
        } else {
            self.scoped(written, |scope| {
                let mut object = Map::new();
                for (name, maker) in &self.hook.set {
                    match maker.make(scope) {
                        Ok(Some(value)) => drop(object.insert(name.clone(), value.into_owned())),
                        Ok(None) => {}
                        Err(error) => defects.push(format!("`{}`: {error}", webhook.name)),
                    }
                }
                Value::Object(object)
            })
        };
        let mut headers = self.hook.fixed.clone();
        let made = self.scoped(written, |scope| {
            let each = self.hook.headers.iter().filter_map(|(name, maker)| {
                let value = maker.make(scope).ok()??;
                Some((name.clone(), HeaderValue::try_from(plan::key_text(&value)?).ok()?))
            });
            each.collect::<Vec<_>>()
        });
        headers.retain(|(name, _)| !made.iter().any(|(known, _)| known == name));
        headers.extend(made);
        let defects = payload::defects(self.engine, webhook, &value);
        let name = webhook.name.clone();
        Event { webhook: self.index, name, id, at, method: webhook.method.clone(), target, headers, body: json::bytes(&value), defects }
    }

    /// Does something with all that expressions of this event can see.
    fn scoped<T>(&self, written: Option<&Written>, act: impl FnOnce(&Scope<'_, '_>) -> T) -> T {
        let object = |json: &Bytes| serde_json::from_slice::<Map<String, Value>>(json).ok();
        let (row, old) = (written.and_then(|written| object(&written.row)), written.and_then(|written| object(written.old.as_ref()?)));
        let (row, old) = (row.as_ref().map(Fields::of), old.as_ref().map(Fields::of));
        let event = json!({"id": self.id(), "name": self.name()});
        let draws = Cell::new(DRAWS);
        let format = written.map(|written| self.engine.kind(written.kind).format).unwrap_or_default();
        // What an expression gives may borrow from the exchange; the rows are this event's own.
        let shared = self.shared;
        act(&Scope {
            format,
            row: row.as_ref(),
            old: old.as_ref(),
            event: Some(&event),
            sequence: self.number,
            ..Scope::new(shared, &draws)
        })
    }

    fn id(&self) -> String {
        mint::text("evt_", 24, &mut mint::randomness(self.shared.seed(), self.number, u64::MAX - 7))
    }

    fn name(&self) -> &str {
        &self.engine.api.webhooks[self.index].name
    }
}

fn is_true(value: &Value) -> bool {
    super::expression::is_true(Some(value))
}

/// The address that the request was sent to.
fn url(request: &Request) -> String {
    super::links::itself(request)
}
