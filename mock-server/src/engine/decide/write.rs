//! Writes: rows that are made, and rows that are changed.

use std::{cell::Cell, sync::Arc};

use bytes::Bytes;
use serde_json::{Map, Value};
use specs::resources::Action;

use super::{
    super::{conform, mint, plan, scope::Scope},
    Deciding, Decision, Outcome, fill_made,
};
use crate::state::{Row, Write};

impl Deciding<'_> {
    /// The row for one element of a batch, or for the request as a whole, and the same as a value.
    pub(super) fn new_row(&self, position: usize, element: Option<&Value>, outcome: &mut Outcome) -> (Row, Value) {
        let sequence = self.snapshot.sequence + position as u64;
        let key = self.kind.key_shape.mint(sequence, &mut mint::randomness(self.engine.seed, sequence, u64::MAX));
        let mut row = self.role.fresh.clone();
        for property in self.kind.created.iter().chain(&self.kind.updated) {
            put(&mut row, property, self.shared.now(self.kind.format));
        }
        let mut parents: Vec<Option<Arc<str>>> = vec![None; self.kind.links.len()];
        for (link, place) in &self.role.parents {
            let (Some(value), Some(known)) = (plan::parent_value(self.validated, place, position), self.kind.links.get(*link)) else {
                continue;
            };
            parents[*link] = plan::key_text(value).map(Arc::from);
            if self.kind.shows(&known.property) {
                put(&mut row, &known.property, value.clone());
            }
        }
        self.copy_sent(&mut row);
        put(&mut row, &self.kind.key, key);
        self.set(&mut row, None, element, sequence, outcome);
        let parents = self.kind.parents_of(&row, &parents);
        let key = row.get(&self.kind.key).and_then(plan::key_text).unwrap_or_default();
        let row = Value::Object(row);
        let conforms = self.judge(&row, outcome);
        (Row { key: key.into(), json: text(&row), parents, conforms, version: 0 }, row)
    }

    /// The row that the request names, with what the request changes.
    pub(super) fn update(&self) -> Decision {
        let before = self.item()?;
        let old: Map<String, Value> = serde_json::from_slice(&before.json).unwrap_or_default();
        let mut outcome = Outcome::default();
        let mut row = if self.role.action == Action::Replace { self.replaced(&old) } else { old.clone() };
        if self.role.action == Action::Replace {
            self.copy_sent(&mut row);
        } else {
            for (name, value) in self.sent() {
                put(&mut row, name, value.clone());
            }
        }
        for property in &self.kind.updated {
            put(&mut row, property, self.shared.now(self.kind.format));
        }
        self.set(&mut row, Some(&old), None, 0, &mut outcome);
        let parents = self.kind.parents_of(&row, &before.parents);
        let row = Value::Object(row);
        let conforms = self.judge(&row, &mut outcome);
        let json = text(&row);
        outcome.filling.item = Some(json.clone());
        outcome.rows_conform = conforms;
        fill_made(&self.validated.operation.respond, self.shared, self.snapshot, None, &mut outcome);
        let write = Write::Replace { resource: self.role.kind, key: before.key.clone(), version: before.version, json, parents, conforms };
        Ok((outcome, vec![write]))
    }

    /// What stays of a row that is replaced: its key, its age and its parents.
    fn replaced(&self, old: &Map<String, Value>) -> Map<String, Value> {
        let mut row = self.role.fresh.clone();
        for (name, value) in old.iter().filter(|(name, _)| self.kind.keeps(name)) {
            put(&mut row, name, value.clone());
        }
        row
    }

    /// Takes over what the request says of the row, and what its schema says where it is silent.
    fn copy_sent(&self, row: &mut Map<String, Value>) {
        for (name, value) in self.role.defaults.iter().filter(|(name, _)| self.kind.shows(name)) {
            put(row, name, value.clone());
        }
        for (name, value) in self.sent() {
            put(row, name, value.clone());
        }
        let body = self.body();
        for name in self.role.uncertain.iter().filter(|name| body.is_none_or(|body| !body.contains_key(*name))) {
            if row.get(name) == Some(&Value::Null) {
                row.shift_remove(name);
            }
        }
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
        outcome: &mut Outcome,
    ) {
        let draws = Cell::new(0);
        for (name, maker) in &self.role.set {
            let scope = Scope { format: self.kind.format, row: Some(row), old, item, sequence, ..Scope::new(self.shared, &draws) };
            match maker.make(&scope) {
                Ok(Some(value)) => {
                    put(row, name, value);
                }
                Ok(None) => {
                    row.shift_remove(name);
                }
                Err(error) => outcome.defects.push(format!("`x-mock.set.{name}`: {error}")),
            }
        }
    }

    /// Whether the row conforms to its schema; what does not is a defect.
    fn judge(&self, row: &Value, outcome: &mut Outcome) -> bool {
        let Some(validator) = &self.kind.validator else { return true };
        let conforms = validator.is_valid(row);
        if !conforms {
            outcome.defects.extend(conform::describe(validator, row));
        }
        conforms
    }
}

/// Sets a property; one that has its place already keeps it.
fn put(row: &mut Map<String, Value>, name: &str, value: Value) {
    match row.get_mut(name) {
        Some(place) => *place = value,
        None => {
            row.insert(name.to_owned(), value);
        }
    }
}

fn text(row: &Value) -> Bytes {
    // Serializing a JSON value to memory cannot fail.
    Bytes::from(serde_json::to_vec(row).unwrap_or_default())
}
