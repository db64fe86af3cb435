//! Fifth step: what comes of the request, and what must become of the state. Pure: it reads a snapshot and returns
//! the writes.

mod list;
mod patch;
mod turn;
mod write;

use std::{borrow::Cow, cell::Cell, sync::Arc};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header::LOCATION};
use serde_json::{Map, Value, json};
use specs::resources::Action;

use super::{
    Conditions, Orders, Rejection, Step,
    compile::{Compiled, Engine},
    fields::Fields,
    held::Held,
    kind::Kind,
    mint,
    plan::{self, Plan},
    role::Role,
    scope::{Exchanged, Scope},
    template::Filling,
    validate::Validated,
};
use crate::state::{Row, Snapshot, Write};

/// What a request comes to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) filling: Filling,
    /// Whether all rows of the answer conform to the schema of their resource.
    pub(super) rows_conform: bool,
    pub(super) defects: Vec<String>,
    pub(super) notes: Vec<String>,
    /// Headers that this exchange alone has.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether an item was made by an operation that else changes one.
    pub(super) made: bool,
    /// How many elements of a batch failed because somebody wanted it.
    pub(super) failed: usize,
    /// How many rows went because somebody wanted it.
    pub(super) vanished: usize,
}

type Decision = Result<(Outcome, Vec<Write>), Box<Rejection>>;

pub(super) fn decide(engine: &Engine, validated: &Validated<'_>, plan: &Plan, snapshot: &Snapshot, conditions: &Conditions) -> Decision {
    let shared = Exchanged::new(&validated.input, &validated.caller, conditions.now, conditions.seed);
    let Some(role) = &validated.operation.role else {
        let mut outcome = Outcome { rows_conform: true, ..Outcome::default() };
        fill_made(validated.operation, &shared, snapshot, None, &mut outcome);
        return Ok((outcome, Vec::new()));
    };
    let orders = conditions.orders.as_deref();
    let decision = Deciding { engine, validated, role, kind: engine.kind(role.kind), snapshot, shared: &shared, orders };
    match role.action {
        Action::Create => decision.create(plan),
        Action::List => decision.list(),
        Action::Read => decision.read(),
        Action::Update | Action::Replace => decision.update(),
        Action::Delete => decision.delete(),
    }
}

/// All that a decision looks at.
struct Deciding<'a> {
    engine: &'a Engine,
    validated: &'a Validated<'a>,
    role: &'a Role,
    kind: &'a Kind,
    snapshot: &'a Snapshot,
    shared: &'a Exchanged<'a>,
    orders: Option<&'a Orders>,
}

impl Deciding<'_> {
    fn create(&self, plan: &Plan) -> Decision {
        let mut known = self.snapshot.exist.iter();
        let defects = plan.defect.iter().cloned().collect();
        let mut outcome = Outcome { rows_conform: true, defects, ..Outcome::default() };
        let (mut writes, mut results) = (Vec::new(), Vec::new());
        let fails = self.failing(plan);
        for (position, element) in plan.elements.iter().enumerate() {
            if fails.contains(&position) {
                outcome.failed += 1;
                results.push(json!({"item": element, "row": null, "ok": false}));
                continue;
            }
            let parents = plan::closed_parents(self.validated, self.role, position);
            let absent = parents.into_iter().filter(|_| known.next() != Some(&true)).last();
            if let Some(key) = self.taken(position) {
                return Err(self.conflict(&key));
            }
            match absent {
                Some((link, key)) if self.role.each.is_none() => return Err(self.no_parent(&link.property, &key, link.kind)),
                Some(_) => results.push(json!({"item": element, "row": null, "ok": false})),
                None => {
                    let chosen = plan::chosen_key(self.validated, self.role, element.as_ref()).filter(|_| !self.gives_way(position));
                    let (row, fields) = self.new_row(position, element.as_ref(), chosen, &mut outcome);
                    if self.role.each.is_some() {
                        results.push(json!({"item": element, "row": fields, "ok": true}));
                    }
                    outcome.rows_conform &= row.conforms;
                    self.tell_of(&row, &mut outcome);
                    if self.role.batch.is_some() {
                        outcome.filling.items.push(row.json.clone());
                    }
                    writes.extend(self.insert(position, row));
                }
            }
        }
        if writes.len() > self.snapshot.room {
            return Err(self.no_room());
        }
        if !self.validated.operation.respond.is_empty() {
            fill_made(self.validated.operation, self.shared, self.snapshot, Some(&Value::Array(results)), &mut outcome);
        }
        Ok((outcome, writes))
    }

    /// The positions of the elements of a batch that fail because somebody wants it.
    fn failing(&self, plan: &Plan) -> Vec<usize> {
        let Some(share) = self.orders.and_then(|orders| orders.fail).filter(|_| plan.elements.iter().all(Option::is_some)) else {
            return Vec::new();
        };
        let random = &mut mint::randomness(self.shared.seed, self.snapshot.sequence, u64::MAX);
        random.choose_multiple(0..plan.elements.len(), share.of(plan.elements.len()))
    }

    fn read(&self) -> Decision {
        let row = self.item()?;
        let item = Some(self.projected(row.json.clone()));
        let mut outcome = Outcome { rows_conform: row.conforms, filling: Filling { item, ..Filling::default() }, ..Outcome::default() };
        fill_made(self.validated.operation, self.shared, self.snapshot, None, &mut outcome);
        Ok((outcome, Vec::new()))
    }

    fn delete(&self) -> Decision {
        let row = self.item()?;
        let write = Write::Delete { resource: self.role.kind, key: row.key.clone(), version: row.version };
        let filling = Filling { item: Some(row.json.clone()), ..Filling::default() };
        let mut outcome = Outcome { rows_conform: row.conforms, filling, ..Outcome::default() };
        self.echo(&mut outcome);
        fill_made(self.validated.operation, self.shared, self.snapshot, None, &mut outcome);
        Ok((outcome, vec![write]))
    }

    /// The key that a new row is to have and another one has, where that is refused.
    fn taken(&self, position: usize) -> Option<String> {
        let row = self.snapshot.taken.get(position)?.as_ref()?;
        let key = row.key.rsplit('\n').next().unwrap_or_default();
        (self.role.insists && !row.assumed).then(|| key.to_owned())
    }

    /// Whether a chosen key is taken, and the new row is to have another one.
    fn gives_way(&self, position: usize) -> bool {
        !self.role.insists && self.snapshot.taken.get(position).is_some_and(|row| row.as_ref().is_some_and(|row| !row.assumed))
    }

    /// A new row. One that is only there because an example shows it makes room.
    fn insert(&self, position: usize, row: Row) -> Vec<Write> {
        let assumed = self.snapshot.taken.get(position).and_then(Option::as_ref).filter(|known| known.assumed && known.key == row.key);
        let resource = self.role.kind;
        let removed = assumed.map(|known| Write::Delete { resource, key: known.key.clone(), version: known.version });
        removed.into_iter().chain([Write::Insert { resource, row }]).collect()
    }

    fn conflict(&self, key: &str) -> Box<Rejection> {
        let wanted = [StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::BAD_REQUEST];
        let status = self.validated.operation.refusal_status(&self.engine.api, &wanted);
        let message = format!("something in `{}` has the id `{key}` already", self.kind.name);
        let place = self.role.key.as_ref().map(ToString::to_string).unwrap_or_default();
        Rejection::new(Step::Decide, status, "taken-id", message, "choose another one, or change the one that is there").at(place)
    }

    /// What an answer says of a row that was made or changed.
    fn tell_of(&self, row: &Row, outcome: &mut Outcome) {
        outcome.filling.item = Some(row.json.clone());
        self.echo(outcome);
        if let Some(location) = &self.role.location {
            let parameter = |name: &str| plan::key_text(self.validated.input.parameter(specs::api::Location::Path, name)?);
            let key = row.key.rsplit('\n').next().unwrap_or_default();
            let address = location.address(self.validated.request, &self.engine.prefix, key, parameter);
            outcome.headers.extend(HeaderValue::try_from(address).map(|address| (LOCATION, address)));
        }
    }

    /// The key, for an answer that tells it and not the item.
    fn echo(&self, outcome: &mut Outcome) {
        if self.role.echoes {
            let row = outcome.filling.item.as_deref().and_then(|row| serde_json::from_slice::<Value>(row).ok());
            outcome.filling.key = row.and_then(|row| self.kind.key_in(&row).cloned()).unwrap_or_default();
        }
    }

    /// The item that the request names, under the parents that it names.
    fn item(&self) -> Result<Cow<'_, Row>, Box<Rejection>> {
        if let Some((property, (key, kind))) = self.absent_parent() {
            return Err(self.no_parent(&property, &key, kind));
        }
        if let Some(row) = self.role.single.then(|| self.only()).flatten() {
            return Ok(row);
        }
        let place = self.role.key.as_ref();
        let key = place.and_then(|place| self.validated.input.at(place)).and_then(plan::key_text).unwrap_or_default();
        let here = |row: &&Row| {
            self.role.parents.iter().all(|(link, place)| {
                let named = plan::parent_value(self.validated, place, 0).and_then(plan::key_text);
                let stored = row.parents.get(*link).and_then(Option::as_deref);
                named.is_none() || stored.is_none() || named.as_deref() == stored
            })
        };
        let found = self.snapshot.item.as_ref().filter(|row| !self.under_parent() || here(row));
        found.map(Cow::Borrowed).ok_or_else(|| {
            let place = place.map(ToString::to_string).unwrap_or_default();
            plan::missing(self.validated.operation, &self.engine.api, "unknown-item", self.kind, &key, &place)
        })
    }

    /// The one thing that is there from the start, changed or not.
    fn only(&self) -> Option<Cow<'_, Row>> {
        if let Some(row) = &self.snapshot.item {
            return Some(Cow::Borrowed(row));
        }
        let blank = self.kind.blank.as_ref()?;
        let parents: Vec<Option<Arc<str>>> = (0..self.kind.links.len()).map(|link| self.parent_key(link).map(Arc::from)).collect();
        let key = self.kind.scoped(String::new(), |link| self.parent_key(link));
        let json = Bytes::from(blank.to_string());
        let conforms = self.kind.takes_row(blank);
        Some(Cow::Owned(Row { key: key.into(), json, parents: parents.into(), conforms, version: 0, assumed: true }))
    }

    /// The key of a parent that the request names, by its position among the links.
    fn parent_key(&self, link: usize) -> Option<String> {
        let (_, place) = self.role.parents.iter().find(|(known, _)| *known == link)?;
        plan::parent_value(self.validated, place, 0).and_then(plan::key_text)
    }

    /// Whether the path names parents: then an item is looked for under them alone. In a body they are new values.
    fn under_parent(&self) -> bool {
        self.role.parents.iter().any(|(_, place)| matches!(place, specs::resources::Place::Path(_)))
    }

    fn absent_parent(&self) -> Option<(String, (String, usize))> {
        let parents = plan::closed_parents(self.validated, self.role, 0);
        let mut known = self.snapshot.exist.iter();
        let absent = parents.into_iter().find(|_| known.next() != Some(&true));
        absent.map(|(link, key)| (link.property.clone(), (key, link.kind)))
    }

    fn no_parent(&self, property: &str, key: &str, kind: usize) -> Box<Rejection> {
        let place = self.role.parents.iter().find(|(link, _)| self.role.links.get(*link).is_some_and(|link| link.property == property));
        let place = place.map(|(_, place)| place.to_string()).unwrap_or_default();
        plan::missing(self.validated.operation, &self.engine.api, "unknown-parent", self.engine.kind(kind), key, &place)
    }

    fn no_room(&self) -> Box<Rejection> {
        if self.snapshot.is_short {
            let message = "the memory for sandboxes is taken, and the mock takes no more rows";
            let help = "raise `--max-memory`, or delete or reset sandboxes";
            return Rejection::new(Step::Decide, StatusCode::INSUFFICIENT_STORAGE, "no-memory", message, help);
        }
        let message = format!("the mock holds {} rows and takes no more", self.snapshot.max_rows);
        Rejection::new(
            Step::Decide,
            StatusCode::INSUFFICIENT_STORAGE,
            "too-many-rows",
            message,
            "raise `--max-rows`, delete rows, or reset the state",
        )
    }
}

/// A number that nobody else has who counts from the same start: so they mint different ids.
fn unique(counter: Option<usize>, sequence: u64) -> u64 {
    counter.map_or(sequence, |counter| sequence ^ ((counter as u64 + 1) << 40))
}

fn fill_made(operation: &Compiled, shared: &Exchanged<'_>, snapshot: &Snapshot, results: Option<&Value>, outcome: &mut Outcome) {
    if operation.respond.is_empty() {
        return;
    }
    let draws = Cell::new(1 << 32);
    let item = outcome.filling.item.as_deref().and_then(|row| serde_json::from_slice::<Map<String, Value>>(row).ok());
    let row = item.as_ref().map(Fields::of);
    let scope =
        Scope { row: row.as_ref(), results, sequence: unique(Some(operation.index), snapshot.sequence), ..Scope::new(shared, &draws) };
    for maker in &operation.respond {
        let made = maker.make(&scope).unwrap_or_else(|error| {
            outcome.defects.push(format!("`x-mock.respond`: {error}"));
            None
        });
        if made.is_none() {
            outcome.filling.absent.push(outcome.filling.made.len());
        }
        outcome.filling.made.push(made.map(Held::into_owned).unwrap_or_default());
    }
}
