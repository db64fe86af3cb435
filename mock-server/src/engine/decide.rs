//! Fifth step: what comes of the request, and what must become of the state. Pure: it reads a snapshot and returns
//! the writes.

use std::{cell::Cell, sync::Arc};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::{Map, Value, json};
use specs::resources::{Action, PageFact, PageStyle};

use super::{
    Rejection, Step,
    compile::Engine,
    conform, filter,
    kind::Kind,
    plan,
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
}

type Decision = Result<(Outcome, Vec<Write>), Box<Rejection>>;

pub(super) fn decide(engine: &Engine, validated: &Validated<'_>, snapshot: &Snapshot, now: DateTime<Utc>) -> Decision {
    let shared = Exchanged::new(&validated.input, validated.caller, now, engine.seed);
    let Some(role) = &validated.operation.role else {
        let mut outcome = Outcome { rows_conform: true, ..Outcome::default() };
        fill_made(&validated.operation.respond, &shared, snapshot, None, &mut outcome);
        return Ok((outcome, Vec::new()));
    };
    let decision = Deciding { engine, validated, role, kind: &engine.kinds[role.kind], snapshot, shared: &shared };
    match role.action {
        Action::Create => decision.create(),
        Action::List => decision.list(),
        Action::Read => decision.read(),
        Action::Update => decision.update(),
        Action::Replace => decision.update(),
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
}

impl Deciding<'_> {
    fn create(&self) -> Decision {
        let elements = plan::elements(self.validated, self.role);
        let mut known = self.snapshot.exist.iter();
        let mut outcome = Outcome { rows_conform: true, ..Outcome::default() };
        let (mut writes, mut results) = (Vec::new(), Vec::new());
        for (position, element) in elements.iter().enumerate() {
            let parents = plan::closed_parents(self.validated, self.role, position);
            let absent = parents.into_iter().filter(|_| known.next() != Some(&true)).last();
            match absent {
                Some((link, key)) if element.is_none() => return Err(self.no_parent(&link.property, &key, link.kind)),
                Some(_) => results.push(json!({"item": element, "row": null, "ok": false})),
                None => {
                    let (row, fields) = self.new_row(position, element.as_ref(), &mut outcome);
                    if self.role.each.is_some() {
                        results.push(json!({"item": element, "row": fields, "ok": true}));
                    }
                    outcome.rows_conform &= row.conforms;
                    outcome.filling.item = Some(row.json.clone());
                    writes.push(Write::Insert { resource: self.role.kind, row });
                }
            }
        }
        if writes.len() > self.snapshot.room {
            return Err(self.no_room());
        }
        if !self.validated.operation.respond.is_empty() {
            fill_made(&self.validated.operation.respond, self.shared, self.snapshot, Some(Value::Array(results)), &mut outcome);
        }
        Ok((outcome, writes))
    }

    fn list(&self) -> Decision {
        let page = &self.snapshot.page;
        if let Some((link, key)) = self.absent_parent() {
            return Err(self.no_parent(&link, &key.0, key.1));
        }
        let (skip, take) = plan::window(self.validated, self.role)?;
        let mut outcome = Outcome { rows_conform: true, ..Outcome::default() };
        let filters: Vec<_> = plan::active(self.validated, self.role).collect();
        let chosen: Vec<(Bytes, bool)>;
        let total;
        if page.total > page.rows.len() && page.rows.len() >= plan::SCAN {
            outcome.notes.push(format!("filters looked at {} of {} rows", page.rows.len(), page.total));
        }
        let scanned = self.scanned();
        if scanned {
            let kept: Vec<_> = page.rows.iter().filter(|(row, _)| matches_all(row, &filters, self.kind)).cloned().collect();
            outcome.notes.push(format!("filters looked at {} rows", page.rows.len()));
            total = kept.len();
            chosen = kept.into_iter().skip(skip).take(take.unwrap_or(usize::MAX)).collect();
        } else {
            total = page.total;
            chosen = page.rows.clone();
        }
        outcome.filling.facts = self.facts(skip, take, chosen.len(), total);
        outcome.rows_conform = chosen.iter().all(|(_, conforms)| *conforms);
        outcome.filling.items = chosen.into_iter().map(|(row, _)| self.projected(row)).collect();
        fill_made(&self.validated.operation.respond, self.shared, self.snapshot, None, &mut outcome);
        Ok((outcome, Vec::new()))
    }

    fn read(&self) -> Decision {
        let row = self.item()?;
        let item = Some(self.projected(row.json.clone()));
        let mut outcome = Outcome { rows_conform: row.conforms, filling: Filling { item, ..Filling::default() }, ..Outcome::default() };
        fill_made(&self.validated.operation.respond, self.shared, self.snapshot, None, &mut outcome);
        Ok((outcome, Vec::new()))
    }

    fn delete(&self) -> Decision {
        let row = self.item()?;
        let write = Write::Delete { resource: self.role.kind, key: row.key.clone(), version: row.version };
        let filling = Filling { item: Some(row.json.clone()), ..Filling::default() };
        let mut outcome = Outcome { rows_conform: row.conforms, filling, ..Outcome::default() };
        fill_made(&self.validated.operation.respond, self.shared, self.snapshot, None, &mut outcome);
        Ok((outcome, vec![write]))
    }

    fn update(&self) -> Decision {
        let before = self.item()?;
        let old: Map<String, Value> = serde_json::from_slice(&before.json).unwrap_or_default();
        let draws = Cell::new(0);
        let mut outcome = Outcome::default();
        let mut row = if self.role.action == Action::Replace { self.kind.blank(self.role, self.body(), Some(&old)) } else { old.clone() };
        for (name, value) in self.sent() {
            row.insert(name.clone(), value.clone());
        }
        for property in &self.kind.updated {
            row.insert(property.clone(), self.shared.now(self.kind.format));
        }
        self.set(&mut row, Some(&old), None, 0, &draws, &mut outcome);
        let parents = self.kind.parents_of(&row, &before.parents);
        let conforms = self.judge(&row, &mut outcome);
        let json = Bytes::from(serde_json::to_vec(&row).unwrap_or_default());
        outcome.filling.item = Some(json.clone());
        outcome.rows_conform = conforms;
        fill_made(&self.validated.operation.respond, self.shared, self.snapshot, None, &mut outcome);
        let write = Write::Replace { resource: self.role.kind, key: before.key.clone(), version: before.version, json, parents, conforms };
        Ok((outcome, vec![write]))
    }

    /// The item that the request names, under the parents that it names.
    fn item(&self) -> Result<&Row, Box<Rejection>> {
        if let Some((property, (key, kind))) = self.absent_parent() {
            return Err(self.no_parent(&property, &key, kind));
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
        found.ok_or_else(|| {
            let place = place.map(ToString::to_string).unwrap_or_default();
            plan::missing(self.validated.operation, &self.engine.api, "unknown-item", self.kind, &key, &place)
        })
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
        plan::missing(self.validated.operation, &self.engine.api, "unknown-parent", &self.engine.kinds[kind], key, &place)
    }

    fn no_room(&self) -> Box<Rejection> {
        let message = format!("the mock holds {} rows and takes no more", self.snapshot.max_rows);
        Rejection::new(
            Step::Decide,
            StatusCode::INSUFFICIENT_STORAGE,
            "too-many-rows",
            message,
            "raise `--max-rows`, delete rows, or reset the state",
        )
    }

    fn new_row(&self, position: usize, element: Option<&Value>, outcome: &mut Outcome) -> (Row, Map<String, Value>) {
        let draws = Cell::new(0);
        let sequence = self.snapshot.sequence + position as u64;
        let mut random = super::mint::randomness(self.engine.seed, sequence, u64::MAX);
        let key = self.kind.key_shape.mint(sequence, &mut random);
        let mut row = self.kind.blank(self.role, self.body(), None);
        for property in self.kind.created.iter().chain(&self.kind.updated) {
            row.insert(property.clone(), self.shared.now(self.kind.format));
        }
        let mut parents: Vec<Option<Arc<str>>> = vec![None; self.kind.links.len()];
        for (link, place) in &self.role.parents {
            let Some(value) = plan::parent_value(self.validated, place, position) else { continue };
            if let Some(known) = parents.get_mut(*link) {
                *known = plan::key_text(value).map(Arc::from);
            }
            let property = &self.kind.links[*link].property;
            if self.kind.shows(property) {
                row.insert(property.clone(), value.clone());
            }
        }
        for (name, value) in self.role.defaults.iter().filter(|(name, _)| self.kind.shows(name)) {
            row.insert(name.clone(), value.clone());
        }
        for (name, value) in self.sent() {
            row.insert(name.clone(), value.clone());
        }
        row.insert(self.kind.key.clone(), key);
        self.set(&mut row, None, element, sequence, &draws, outcome);
        let parents = self.kind.parents_of(&row, &parents);
        let conforms = self.judge(&row, outcome);
        let key = row.get(&self.kind.key).and_then(plan::key_text).unwrap_or_default();
        let json = Bytes::from(serde_json::to_vec(&row).unwrap_or_default());
        (Row { key: key.into(), json, parents, conforms, version: 0 }, row)
    }

    fn body(&self) -> Option<&Map<String, Value>> {
        self.validated.input.body.as_ref().and_then(Value::as_object)
    }

    /// The properties of the body that are the row's.
    fn sent(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.body().into_iter().flatten().filter(|(name, _)| self.role.copies(name) && self.kind.shows(name) && **name != self.kind.key)
    }

    /// Runs what the document sets, in the order written.
    fn set(
        &self,
        row: &mut Map<String, Value>,
        old: Option<&Map<String, Value>>,
        item: Option<&Value>,
        sequence: u64,
        draws: &Cell<u64>,
        outcome: &mut Outcome,
    ) {
        for (name, maker) in &self.role.set {
            let scope = Scope { format: self.kind.format, row: Some(row), old, item, sequence, ..Scope::new(self.shared, draws) };
            match maker.make(&scope) {
                Ok(Some(value)) => {
                    row.insert(name.clone(), value);
                }
                Ok(None) => {
                    row.shift_remove(name);
                }
                Err(error) => outcome.defects.push(format!("`x-mock.set.{name}`: {error}")),
            }
        }
    }

    /// Whether the row conforms to its schema; what does not is a defect.
    fn judge(&self, row: &Map<String, Value>, outcome: &mut Outcome) -> bool {
        let Some(validator) = &self.kind.validator else { return true };
        // The validator wants a value; the map is put in one and taken back.
        let value = Value::Object(row.clone());
        let conforms = validator.is_valid(&value);
        if !conforms {
            outcome.defects.extend(conform::describe(validator, &value));
        }
        conforms
    }

    fn scanned(&self) -> bool {
        plan::scans(self.validated, self.role)
    }

    fn facts(&self, skip: usize, take: Option<usize>, shown: usize, total: usize) -> Vec<(PageFact, Value)> {
        let Some(paging) = &self.role.pagination else {
            return vec![(PageFact::HasMore, json!(false)), (PageFact::Total, json!(total)), (PageFact::Count, json!(shown))];
        };
        let size = take.unwrap_or(total).max(1);
        let has_more = skip + shown < total;
        let position = match paging.style {
            PageStyle::Offset => json!(skip),
            PageStyle::Page => json!(skip / size + 1),
            PageStyle::Cursor => json!(plan::to_cursor(skip)),
        };
        let next = match paging.style {
            _ if !has_more => Value::Null,
            PageStyle::Offset => json!(skip + shown),
            PageStyle::Page => json!(skip / size + 2),
            PageStyle::Cursor => json!(plan::to_cursor(skip + shown)),
        };
        vec![
            (PageFact::HasMore, json!(has_more)),
            (PageFact::Total, json!(total)),
            (PageFact::Position, position),
            (PageFact::Size, json!(take.unwrap_or(total))),
            (PageFact::Count, json!(shown)),
            (PageFact::Pages, json!(total.div_ceil(size))),
            (PageFact::Next, next),
        ]
    }

    /// The row with only the properties that the request asks for, and those that the schema requires.
    fn projected(&self, row: Bytes) -> Bytes {
        let asked = self.role.fields.as_deref().and_then(|name| self.validated.input.parameter(specs::api::Location::Query, name));
        let Some(asked) = asked else { return row };
        let names = filter::values(asked);
        let Ok(mut map) = serde_json::from_slice::<Map<String, Value>>(&row) else { return row };
        map.retain(|name, _| self.kind.required.contains(name) || names.iter().any(|asked| asked.as_str() == Some(name)));
        serde_json::to_vec(&map).map_or(row, Bytes::from)
    }
}

fn matches_all(row: &Bytes, filters: &[(&specs::resources::Filter, Option<usize>, &Value)], kind: &Kind) -> bool {
    let Ok(row) = serde_json::from_slice::<Map<String, Value>>(row) else { return false };
    filters.iter().all(|(filter, link, wanted)| {
        // A parent that the row does not show was chosen by the scope.
        link.is_some() && !kind.shows(&filter.property) || filter::keeps(filter.comparison, row.get(&filter.property), wanted)
    })
}

fn fill_made(
    makers: &[super::expression::Maker],
    shared: &Exchanged<'_>,
    snapshot: &Snapshot,
    results: Option<Value>,
    outcome: &mut Outcome,
) {
    if makers.is_empty() {
        return;
    }
    let draws = Cell::new(1 << 32);
    let row = outcome.filling.item.as_deref().and_then(|row| serde_json::from_slice::<Map<String, Value>>(row).ok());
    let scope = Scope { row: row.as_ref(), results: results.as_ref(), sequence: snapshot.sequence, ..Scope::new(shared, &draws) };
    for maker in makers {
        let made = maker.make(&scope).unwrap_or_else(|error| {
            outcome.defects.push(format!("`x-mock.respond`: {error}"));
            None
        });
        outcome.filling.made.push(made.unwrap_or(Value::Null));
    }
}
