//! Beside the journey: what the vendor sends of its own accord once a request is done.
//!
//! What became of rows is noted before the writes are handed over, and what is to be sent is made when they are done
//! and the answer stands. Sending is the shell's. Where nobody listens nothing is made, so a document with webhooks costs
//! no more than one without.

mod address;
mod payload;

use std::cell::Cell;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderName, HeaderValue, Method, Response, header::CONTENT_TYPE};
use serde_json::{Map, Value, json};
use specs::{
    Api, Problem,
    api::Example,
    resources::Action,
    webhooks::{Occasion, Webhook},
};

use super::{
    Conditions, Request,
    compile::{Engine, problem},
    expression::{Compiler, Maker, Program},
    fields::Fields,
    json,
    kinds::Kinds,
    mint, plan,
    respond::Trace,
    scope::{Exchanged, Input, Scope},
    validate::Validated,
};
use crate::state::{PageQuery, Reads, Row, Snapshot, World, Write};

/// Where draws for events begin, far from those of rows and answers.
const DRAWS: u64 = 1 << 48;

/// Something that is to be sent.
#[derive(Clone, Debug)]
pub struct Event {
    /// The index of its webhook in [`Api::webhooks`].
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

/// A row of a resource whose rows are subscriptions, read as one.
#[derive(Clone, Debug)]
pub struct Subscriber {
    /// The key of the row.
    pub key: String,
    /// Where to send.
    pub url: String,
    /// The names of the events; empty: all.
    pub events: Vec<String>,
    /// The secret to sign with.
    pub secret: Option<String>,
}

/// What became of a row.
#[derive(Clone, Debug)]
pub(super) struct Written {
    kind: usize,
    action: Action,
    row: Bytes,
    old: Option<Bytes>,
}

/// A webhook, compiled.
pub(super) struct Hook {
    occasions: Vec<On>,
    /// Whether it has an address of its own, so that somebody always listens.
    addressed: bool,
    when: Option<Program>,
    set: Vec<(String, Maker)>,
    headers: Vec<(HeaderName, Maker)>,
    fixed: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum On {
    Operation(usize),
    Write(usize, Action),
}

/// Compiles the webhooks of a document.
pub(super) fn compile(api: &Api, kinds: &Kinds, problems: &mut Vec<Problem>) -> Vec<Hook> {
    api.webhooks.iter().map(|webhook| hook(api, kinds, webhook, problems)).collect()
}

fn hook(api: &Api, kinds: &Kinds, webhook: &Webhook, problems: &mut Vec<Problem>) -> Hook {
    let occasion = |occasion: &Occasion| match occasion {
        Occasion::Operation(id) => api.operations.iter().position(|operation| operation.id == *id).map(On::Operation),
        Occasion::Write { resource, action } => kinds.index(resource).map(|kind| On::Write(kind, *action)),
    };
    let content = webhook.body.iter().flat_map(|body| &body.content);
    if content.clone().next().is_some() && !content.clone().any(specs::api::MediaType::is_json) {
        let message = format!("the payload of `{}` is sent as JSON, which is none of its media types", webhook.name);
        problems.push(problem(api, "webhook-payload", &webhook.pointer, message, "declare it as `application/json` too"));
    }
    let mut compiler = Compiler { file: &api.file, problems };
    let made = compiler.makers(&webhook.headers);
    Hook {
        occasions: webhook.occasions.iter().filter_map(occasion).collect(),
        addressed: webhook.target.is_some(),
        when: webhook.when.as_ref().and_then(|when| compiler.program(when)),
        set: compiler.makers(&webhook.set),
        headers: made.into_iter().filter_map(|(name, maker)| Some((HeaderName::try_from(name).ok()?, maker))).collect(),
        fixed: fixed(api, webhook),
    }
}

/// Declared headers of which it is known what they hold. A signature of an example would be none.
fn fixed(api: &Api, webhook: &Webhook) -> Vec<(HeaderName, HeaderValue)> {
    let media = webhook.body.iter().flat_map(|body| &body.content).find(|media| media.is_json());
    let json = HeaderValue::from_static("application/json");
    let essence = media.filter(|media| !media.essence().contains('*')).and_then(|media| HeaderValue::try_from(media.name.as_str()).ok());
    let mut found = vec![(CONTENT_TYPE, essence.unwrap_or(json))];
    for parameter in &webhook.parameters {
        let name = parameter.name.to_ascii_lowercase();
        let schema = parameter.schema.as_ref().map(|schema| api.schemas.resolve(schema).1);
        let only = schema.and_then(|schema| {
            schema.get("const").or_else(|| match schema.get("enum")?.as_array()?.as_slice() {
                [only] => Some(only),
                _ => None,
            })
        });
        let is_sum = ["signature", "hmac", "digest"].iter().any(|word| name.contains(word));
        let shown = parameter.examples.first().map(|Example { value, .. }| value).filter(|_| !is_sum);
        let value = only.or(shown).and_then(plan::key_text);
        let header = value.and_then(|value| Some((HeaderName::try_from(&name).ok()?, HeaderValue::try_from(value).ok()?)));
        found.extend(header);
    }
    found
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
                let shared = Exchanged::new(&validated.input, validated.caller, conditions.now, conditions.seed);
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
        let row = known.and_then(|(kind, _)| world.fetch(&newest(kind, 1)).page.rows.into_iter().next());
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

    /// The rows that are subscriptions, the newest thousand of them.
    #[must_use]
    pub fn subscribers(&self, world: &World) -> Vec<Subscriber> {
        let Some((declared, kind)) = self.api.subscriptions.as_ref().and_then(|known| Some((known, self.kind_index(&known.resource)?)))
        else {
            return Vec::new();
        };
        let rows = world.fetch(&newest(kind, MAX_SUBSCRIBERS)).page.rows;
        let rows = rows.iter().rev().filter_map(|(json, _)| serde_json::from_slice::<Map<String, Value>>(json).ok());
        rows.filter_map(|row| subscriber(declared, &self.kind(kind).key, &row)).collect()
    }
}

/// How many rows are looked at as subscriptions.
const MAX_SUBSCRIBERS: usize = 1_000;
/// Words by which a row says that it is in use.
const IN_USE: [&str; 6] = ["active", "enabled", "on", "true", "1", "yes"];

fn subscriber(declared: &specs::webhooks::Subscriptions, key: &str, row: &Map<String, Value>) -> Option<Subscriber> {
    let text = |name: &Option<String>| row.get(name.as_ref()?).and_then(plan::key_text);
    if text(&declared.active).is_some_and(|word| !IN_USE.contains(&word.to_ascii_lowercase().as_str())) {
        return None;
    }
    if declared.active.as_ref().and_then(|name| row.get(name)) == Some(&Value::Bool(false)) {
        return None;
    }
    let events = match declared.events.as_ref().and_then(|name| row.get(name)) {
        Some(Value::Array(names)) => names.iter().filter_map(plan::key_text).collect(),
        Some(one) => plan::key_text(one).into_iter().filter(|name| !name.is_empty()).collect(),
        None => Vec::new(),
    };
    let key = row.get(key).and_then(plan::key_text).unwrap_or_default();
    Some(Subscriber { key, url: row.get(&declared.url)?.as_str()?.to_owned(), events, secret: text(&declared.secret) })
}

/// Asks for the newest rows of a kind.
fn newest(kind: usize, take: usize) -> Reads {
    let page = PageQuery {
        resource: kind,
        parent: None,
        others: Vec::new(),
        newest_first: true,
        skip: 0,
        take: Some(take),
        scan: false,
        after: None,
    };
    Reads { page: Some(page), ..Reads::default() }
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
