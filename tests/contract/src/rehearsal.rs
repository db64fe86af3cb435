//! A server that is imagined: it keeps the document, so that a run against it sends what a run against a correct server
//! would. That is how a plan is made: by the same code that sends, and not by a second opinion of it.
//!
//! It knows what the request is for, so that it need not judge: what is to be refused is refused, and the rest succeeds.

use std::time::{Duration, SystemTime};

use indexmap::IndexMap;
use parking_lot::Mutex;
use serde_json::Value;
use specs::{
    api::{Direction, Operation, Status},
    resources::{Action, PageFact, PageStyle, Role},
};

use crate::{
    exchange::{Exchange, Intent, Request, Response},
    refusal,
    session::{Named, named},
    suite::Suite,
    transport::Unreachable,
    wire,
    world::World,
};

/// The imagined server, with its rows.
#[derive(Debug, Default)]
pub(crate) struct Rehearsal {
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    rows: Vec<Row>,
    count: u64,
}

#[derive(Clone, Debug)]
struct Row {
    resource: String,
    key: Value,
    parents: Vec<(String, Vec<String>)>,
    members: IndexMap<String, Value>,
}

impl Rehearsal {
    /// Answers a request.
    pub(crate) fn exchange(
        &self,
        world: &World<'_>,
        operation: &Operation,
        intent: Intent,
        request: Request,
    ) -> (Exchange, Result<Response, Unreachable>) {
        let response = self.answer(world, operation, intent, &request);
        let exchange = Exchange {
            operation: operation.id.clone(),
            intent,
            started: SystemTime::UNIX_EPOCH,
            took: Duration::ZERO,
            request,
            response: Ok(response.clone()),
        };
        (exchange, Ok(response))
    }

    fn answer(&self, world: &World<'_>, operation: &Operation, intent: Intent, request: &Request) -> Response {
        if intent == Intent::Test
            && let Some(due) = world.refusal()
        {
            return bare(refusal::due(operation, due).first().copied().unwrap_or(400));
        }
        if request.method != operation.method {
            let same = |other: &&Operation| other.path == operation.path && other.servers == operation.servers;
            let methods: Vec<&str> = world.suite.api.operations.iter().filter(same).map(|other| other.method.as_str()).collect();
            return Response { status: 405, headers: vec![("allow".to_owned(), methods.join(", "))], body: Vec::new() };
        }
        let Some(role) = &operation.role else { return success(world.suite, operation, None) };
        self.act(world.suite, operation, role, request)
    }

    fn act(&self, suite: &Suite, operation: &Operation, role: &Role, request: &Request) -> Response {
        let names = named(operation, role, request);
        let mut rows = self.rows.lock();
        let at = rows.rows.iter().position(|row| row.resource == role.resource && names.item.contains(&wire::scalar(&row.key)));
        let is_single = suite.resource(&role.resource).is_some_and(|resource| resource.single);
        match (role.action, at) {
            (Action::Create, _) => {
                let row = rows.make(suite, role, names, request);
                success(suite, operation, Some(&row))
            }
            (Action::List, _) => list(suite, operation, role, &rows.below(role, &names), request),
            (Action::Delete, Some(at)) => {
                rows.rows.remove(at);
                success(suite, operation, None)
            }
            (Action::Read | Action::Update | Action::Replace, Some(at)) => {
                let Some(row) = rows.rows.get_mut(at) else { return bare(404) };
                if role.action != Action::Read {
                    row.members.extend(members(role, request));
                }
                success(suite, operation, Some(row))
            }
            _ if is_single => success(suite, operation, None),
            _ => bare(404),
        }
    }
}

impl Rows {
    fn make(&mut self, suite: &Suite, role: &Role, names: Named, request: &Request) -> Row {
        self.count += 1;
        let chosen = names.item.first().map(|key| Value::from(key.as_str()));
        let row = Row {
            resource: role.resource.clone(),
            key: chosen.or_else(|| key(suite, role, self.count)).unwrap_or_else(|| self.count.into()),
            parents: names.parents,
            members: members(role, request),
        };
        self.rows.push(row.clone());
        row
    }

    /// The rows that a list with these parents shows.
    fn below(&self, role: &Role, names: &Named) -> Vec<Row> {
        let is_below = |row: &&Row| {
            let of_row = |property: &String| row.parents.iter().find(|(known, _)| known == property).map(|(_, keys)| keys);
            let has = |(property, wanted): &(String, Vec<String>)| {
                wanted.is_empty() || of_row(property).is_none_or(|keys| keys.iter().any(|key| wanted.contains(key)))
            };
            row.resource == role.resource && names.parents.iter().all(has)
        };
        self.rows.iter().filter(is_below).cloned().collect()
    }
}

/// A key of the form that the resource's have.
fn key(suite: &Suite, role: &Role, number: u64) -> Option<Value> {
    let resource = suite.resource(&role.resource)?;
    let path = resource.key.split('/');
    let schema = path.fold(resource.schema.clone(), |at, name| suite.api.schemas.property(&at?, name))?;
    let sampled = suite.sampler(Direction::Response).random(&schema, number).ok()?;
    (!sampled.is_null()).then_some(sampled)
}

/// What a request sets.
fn members(role: &Role, request: &Request) -> IndexMap<String, Value> {
    let body = crate::session::body(request).unwrap_or_default();
    let input = body.pointer(&role.input).and_then(Value::as_object).cloned().unwrap_or_default();
    input.into_iter().collect()
}

fn bare(status: u16) -> Response {
    Response { status, headers: Vec::new(), body: Vec::new() }
}

/// The declared success, with a row where the document shows the item.
fn success(suite: &Suite, operation: &Operation, row: Option<&Row>) -> Response {
    let mut body = sample(suite, operation);
    let place = operation.role.as_ref().and_then(|role| Some((role, role.item.as_ref()?)));
    if let Some(((role, pointer), row)) = place.zip(row)
        && let Some(item) = body.as_mut().and_then(|body| specs::pointer::create(body, pointer))
    {
        show(suite, role, row, item);
    }
    answered(operation, body)
}

fn answered(operation: &Operation, body: Option<Value>) -> Response {
    let status = operation.success().map_or(200, |response| match response.status {
        Status::Exactly(status) => status,
        Status::Range(_) | Status::Default => 200,
    });
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status, headers, body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default() }
}

fn sample(suite: &Suite, operation: &Operation) -> Option<Value> {
    let media = operation.success()?.content.iter().find(|media| media.is_json())?;
    let example = media.examples.first().map(|example| &example.value);
    suite.sampler(Direction::Response).sample(media.schema.as_ref()?, specs::sample::Shape::Full, example).ok()
}

fn show(suite: &Suite, role: &Role, row: &Row, item: &mut Value) {
    if !item.is_object() {
        *item = Value::Object(serde_json::Map::new());
    }
    for (name, value) in &row.members {
        if let Some(members) = item.as_object_mut() {
            members.insert(name.clone(), value.clone());
        }
    }
    let key = specs::pointer::join("", suite.key(&role.resource)).replace("~1", "/");
    if let Some(place) = specs::pointer::create(item, &key) {
        *place = row.key.clone();
    }
}

/// The page of a list that a request asks for.
fn list(suite: &Suite, operation: &Operation, role: &Role, rows: &[Row], request: &Request) -> Response {
    let mut body = sample(suite, operation).unwrap_or_default();
    let number = |name: &Option<String>| {
        let field = request.query.iter().find(|field| name.as_ref() == Some(&field.name))?;
        field.value.parse::<usize>().ok()
    };
    let paging = role.pagination.as_ref();
    let size = paging.map_or(usize::MAX, |paging| number(&paging.size).unwrap_or(paging.default_size).max(1));
    let from = paging.map_or(0, |paging| match (paging.style, number(&paging.position)) {
        (PageStyle::Page, Some(page)) => page.saturating_sub(paging.first).saturating_mul(size),
        (_, position) => position.unwrap_or(0),
    });
    let shown = rows.iter().skip(from).take(size);
    let items = shown.map(|row| {
        let mut item = Value::Null;
        show(suite, role, row, &mut item);
        item
    });
    let items: Value = items.collect();
    let is_last = rows.len() <= from.saturating_add(size);
    if let Some(place) = role.items.as_ref().and_then(|pointer| specs::pointer::create(&mut body, pointer)) {
        *place = items;
    }
    let next = paging.into_iter().flat_map(|paging| &paging.shows).find(|(fact, _)| *fact == PageFact::Next);
    if let Some(place) = next.and_then(|(_, pointer)| specs::pointer::create(&mut body, pointer)) {
        *place = if is_last { Value::Null } else { (from + size).to_string().into() };
    }
    answered(operation, Some(body))
}
