//! Writes: rows that are made, and rows that are changed.

use std::{cell::Cell, sync::Arc};

use bytes::Bytes;
use serde_json::{Map, Value};
use specs::resources::Action;

use super::{
    super::{
        fields::{Field, Fields},
        held::Held,
        mint, plan,
        role::{Copied, Setting, Stamp},
        scope::{Scope, member},
    },
    Deciding, Decision, Outcome, fill_made, unique,
};
use crate::state::{Row, Write};

impl Deciding<'_> {
    /// The row for one element of a batch, or for the request as a whole, and the same as a value.
    pub(super) fn new_row(&self, position: usize, element: Option<&Value>, outcome: &mut Outcome) -> (Row, Option<Value>) {
        let sequence = self.snapshot.sequence + position as u64;
        let number = unique(Some(self.role.kind), sequence);
        let key = self.kind.key_shape.mint(sequence, &mut mint::randomness(self.engine.seed, number, u64::MAX));
        let mut row = self.role.fresh_row();
        self.stamp(&mut row);
        let mut parents: Vec<Option<Arc<str>>> = vec![None; self.kind.links.len()];
        for (link, place) in &self.role.parents {
            let (Some(value), Some(known)) = (plan::parent_value(self.validated, place, position), self.kind.links.get(*link)) else {
                continue;
            };
            parents[*link] = plan::key_text(value).map(Arc::from);
            if self.kind.shows(&known.property) {
                row.put(usize::MAX, Field::new(&known.property, Held::Borrowed(value)));
            }
        }
        self.copy_sent(&mut row);
        let (position_of_key, proven) = self.role.minted;
        row.put(position_of_key, Field { proven, ..Field::new(&self.kind.key, Held::from(key)) });
        self.set(&mut row, None, element, number, outcome);
        let parents = self.kind.parents_of(|name| row.get(name).map(|value| &**value), &parents);
        let key = row.get(&self.kind.key).and_then(|key| plan::key_text(key)).unwrap_or_default();
        let conforms = self.judge(&row, outcome);
        let shown = element.map(|_| row.to_value());
        (Row { key: key.into(), json: text(&row), parents, conforms, version: 0 }, shown)
    }

    /// The row that the request names, with what the request changes.
    pub(super) fn update(&self) -> Decision {
        let before = self.item()?;
        let before_map: Map<String, Value> = serde_json::from_slice(&before.json).unwrap_or_default();
        let old = if before.conforms { Fields::of(&before_map).proven() } else { Fields::of(&before_map) };
        let mut outcome = Outcome::default();
        let mut row = if self.role.action == Action::Replace { self.replaced(&old) } else { old.clone() };
        if self.role.action == Action::Replace {
            self.copy_sent(&mut row);
        } else {
            self.sent().for_each(|(position, field)| row.put(position, field));
        }
        self.stamp(&mut row);
        self.set(&mut row, Some(&old), None, unique(None, self.snapshot.sequence), &mut outcome);
        let parents = self.kind.parents_of(|name| row.get(name).map(|value| &**value), &before.parents);
        let conforms = self.judge(&row, &mut outcome);
        let json = text(&row);
        outcome.filling.item = Some(json.clone());
        outcome.rows_conform = conforms;
        fill_made(self.validated.operation, self.shared, self.snapshot, None, &mut outcome);
        let write = Write::Replace { resource: self.role.kind, key: before.key.clone(), version: before.version, json, parents, conforms };
        Ok((outcome, vec![write]))
    }

    /// What stays of a row that is replaced: its key, its age and its parents.
    fn replaced<'n>(&'n self, old: &Fields<'n>) -> Fields<'n> {
        let mut row = self.role.fresh_row();
        for field in old.iter().filter(|field| self.kind.keeps(field.name)) {
            row.put(usize::MAX, field.clone());
        }
        row
    }

    /// Writes the time of the request into the properties that hold it.
    fn stamp<'n>(&'n self, row: &mut Fields<'n>) {
        for Stamp { name, position, proven } in &self.role.stamps {
            row.put(*position, Field { proven: *proven, ..Field::new(name, self.shared.now(self.kind.format)) });
        }
    }

    /// Takes over what the request says of the row, and what its schema says where it is silent.
    fn copy_sent<'n>(&'n self, row: &mut Fields<'n>) {
        for (position, constant) in &self.role.defaults {
            row.put(*position, constant.field());
        }
        self.sent().for_each(|(position, field)| row.put(position, field));
        let body = self.body();
        let is_silent = |name: &str| body.is_none_or(|body| member(body, name).is_none());
        for (position, name) in self.role.uncertain.iter().filter(|(_, name)| is_silent(name)) {
            row.remove_if(*position, name, Value::is_null);
        }
    }

    fn body(&self) -> Option<&Map<String, Value>> {
        self.validated.input.body.as_ref().and_then(Value::as_object)
    }

    /// The properties of the body that are the row's, with their positions in a new row.
    fn sent(&self) -> impl Iterator<Item = (usize, Field<'_>)> {
        let properties = self.body().into_iter().flatten();
        properties.filter_map(|(name, value)| {
            let Copied { position, proven } = self.role.copies(self.kind, name)?;
            Some((position, Field { proven, ..Field::new(name, Held::Borrowed(value)) }))
        })
    }

    /// Runs what the document sets, in the order written.
    fn set<'n>(&'n self, row: &mut Fields<'n>, old: Option<&Fields<'n>>, item: Option<&Value>, sequence: u64, outcome: &mut Outcome) {
        let draws = Cell::new(0);
        for Setting { name, maker, position, proven, takes_now } in &self.role.set {
            let scope = Scope { format: self.kind.format, row: Some(row), old, item, sequence, ..Scope::new(self.shared, &draws) };
            match maker.make(&scope) {
                Ok(Some(value)) => {
                    let proven = *proven || (*takes_now && self.shared.is_now(&value));
                    row.put(*position, Field { proven, ..Field::new(name, value) });
                }
                Ok(None) => row.remove_if(*position, name, |_| true),
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
    let mut buffer = Vec::with_capacity(2_048);
    row.write(&mut buffer);
    Bytes::copy_from_slice(&buffer)
}
