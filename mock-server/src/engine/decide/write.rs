//! Writes: rows that are made, and rows that are changed.

use std::{cell::Cell, sync::Arc};

use bytes::Bytes;
use serde_json::{Map, Value};
use specs::resources::Action;

use super::{
    super::{fields::Fields, mint, plan, scope::Scope},
    Deciding, Decision, Outcome, fill_made,
};
use crate::state::{Row, Write};

impl Deciding<'_> {
    /// The row for one element of a batch, or for the request as a whole, and the same as a value.
    pub(super) fn new_row(&self, position: usize, element: Option<&Value>, outcome: &mut Outcome) -> (Row, Option<Value>) {
        let sequence = self.snapshot.sequence + position as u64;
        let key = self.kind.key_shape.mint(sequence, &mut mint::randomness(self.engine.seed, sequence, u64::MAX));
        let mut row = self.role.fresh_row();
        for property in self.kind.created.iter().chain(&self.kind.updated) {
            row.put(property, self.shared.now(self.kind.format));
        }
        let mut parents: Vec<Option<Arc<str>>> = vec![None; self.kind.links.len()];
        for (link, place) in &self.role.parents {
            let (Some(value), Some(known)) = (plan::parent_value(self.validated, place, position), self.kind.links.get(*link)) else {
                continue;
            };
            parents[*link] = plan::key_text(value).map(Arc::from);
            if self.kind.shows(&known.property) {
                row.put(&known.property, value.clone());
            }
        }
        self.copy_sent(&mut row);
        row.put(&self.kind.key, key);
        self.set(&mut row, None, element, sequence, outcome);
        let parents = self.kind.parents_of(|name| row.get(name), &parents);
        let key = row.get(&self.kind.key).and_then(plan::key_text).unwrap_or_default();
        let conforms = self.judge(&row, outcome);
        let shown = element.map(|_| row.to_value());
        (Row { key: key.into(), json: text(&row), parents, conforms, version: 0 }, shown)
    }

    /// The row that the request names, with what the request changes.
    pub(super) fn update(&self) -> Decision {
        let before = self.item()?;
        let before_map: Map<String, Value> = serde_json::from_slice(&before.json).unwrap_or_default();
        let old = Fields::of(&before_map);
        let mut outcome = Outcome::default();
        let mut row = if self.role.action == Action::Replace { self.replaced(&old) } else { old.clone() };
        if self.role.action == Action::Replace {
            self.copy_sent(&mut row);
        } else {
            for (name, value) in self.sent() {
                row.put(name, value.clone());
            }
        }
        for property in &self.kind.updated {
            row.put(property, self.shared.now(self.kind.format));
        }
        self.set(&mut row, Some(&old), None, 0, &mut outcome);
        let parents = self.kind.parents_of(|name| row.get(name), &before.parents);
        let conforms = self.judge(&row, &mut outcome);
        let json = text(&row);
        outcome.filling.item = Some(json.clone());
        outcome.rows_conform = conforms;
        fill_made(&self.validated.operation.respond, self.shared, self.snapshot, None, &mut outcome);
        let write = Write::Replace { resource: self.role.kind, key: before.key.clone(), version: before.version, json, parents, conforms };
        Ok((outcome, vec![write]))
    }

    /// What stays of a row that is replaced: its key, its age and its parents.
    fn replaced<'n>(&'n self, old: &Fields<'n>) -> Fields<'n> {
        let mut row = self.role.fresh_row();
        for (name, value) in old.iter().filter(|(name, _)| self.kind.keeps(name)) {
            row.put(name, value.clone());
        }
        row
    }

    /// Takes over what the request says of the row, and what its schema says where it is silent.
    fn copy_sent<'n>(&'n self, row: &mut Fields<'n>) {
        for (name, value) in self.role.defaults.iter().filter(|(name, _)| self.kind.shows(name)) {
            row.put(name, value.clone());
        }
        for (name, value) in self.sent() {
            row.put(name, value.clone());
        }
        let body = self.body();
        for name in self.role.uncertain.iter().filter(|name| body.is_none_or(|body| !body.contains_key(*name))) {
            if row.get(name) == Some(&Value::Null) {
                row.remove(name);
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
    fn set<'n>(&'n self, row: &mut Fields<'n>, old: Option<&Fields<'_>>, item: Option<&Value>, sequence: u64, outcome: &mut Outcome) {
        let draws = Cell::new(0);
        for (name, maker) in &self.role.set {
            let scope = Scope { format: self.kind.format, row: Some(row), old, item, sequence, ..Scope::new(self.shared, &draws) };
            match maker.make(&scope) {
                Ok(Some(value)) => {
                    row.put(name, value);
                }
                Ok(None) => {
                    row.remove(name);
                }
                Err(error) => outcome.defects.push(format!("`x-mock.set.{name}`: {error}")),
            }
        }
    }

    /// Whether the row conforms to its schema; what does not is a defect.
    fn judge(&self, row: &Fields<'_>, outcome: &mut Outcome) -> bool {
        let defects = self.kind.defects(row);
        let conforms = defects.is_empty();
        outcome.defects.extend(defects);
        conforms
    }
}

/// The row as text, in memory of just that size: rows stay, and there are many.
fn text(row: &Fields<'_>) -> Bytes {
    let mut buffer = Vec::with_capacity(1_024);
    // Serializing values to memory cannot fail.
    let _ = serde_json::to_writer(&mut buffer, row);
    Bytes::copy_from_slice(&buffer)
}
