//! Writes: rows that are made, and rows that are changed.

use std::{cell::Cell, sync::Arc};

use bytes::Bytes;
use serde_json::{Map, Value};
use specs::resources::{Action, Effect};

use super::{
    super::{
        fields::{Field, Fields},
        held::Held,
        mint, plan,
        role::{Copied, Setting, Stamp},
        scope::{Scope, member},
        validate::Patch,
    },
    Deciding, Decision, Outcome, fill_made, unique,
};
use crate::state::{Row, Write};

impl Deciding<'_> {
    /// The row for one element of a batch, or for the request as a whole, and the same as a value. It has the chosen key,
    /// else a new one.
    pub(super) fn new_row<'n>(
        &'n self,
        position: usize,
        element: Option<&'n Value>,
        chosen: Option<&'n Value>,
        outcome: &mut Outcome,
    ) -> (Row, Option<Value>) {
        let sequence = self.snapshot.sequence + position as u64;
        let number = unique(Some(self.role.kind), sequence);
        let mut row = self.role.fresh_row();
        self.stamp(&mut row, Birth::New);
        let mut parents: Vec<Option<Arc<str>>> = vec![None; self.kind.links.len()];
        for (link, place) in &self.role.parents {
            let (Some(value), Some(known)) = (plan::parent_value(self.validated, place, position), self.kind.links.get(*link)) else {
                continue;
            };
            parents[*link] = plan::key_text(value).map(Arc::from);
            if self.kind.shows(&known.property) && self.kind.takes(&known.property, value) {
                row.put(usize::MAX, Field::new(&known.property, Held::Borrowed(value)));
            }
        }
        self.copy_sent(self.body(element), &mut row, outcome);
        for (at, (name, shape)) in self.kind.others.iter().enumerate() {
            if self.body(element).is_none_or(|body| member(body, name).is_none()) {
                let random = &mut mint::randomness(self.shared.seed, number, u64::MAX - 1 - at as u64);
                row.put(usize::MAX, Field::new(name, Held::from(shape.mint(sequence, random))));
            }
        }
        let key = chosen.map_or_else(|| self.minted(sequence, number), Held::Borrowed);
        let own_key = plan::key_text(&key).unwrap_or_default();
        let (position_of_key, proven) = self.role.minted;
        if self.kind.shows(&self.kind.key) {
            row.put(position_of_key, Field { proven: proven && chosen.is_none(), ..Field::new(&self.kind.key, key) });
        } else {
            self.put_key_below(&key, &mut row);
        }
        self.set(&mut row, None, element, number, outcome);
        let parents = self.kind.parents_of(|name| row.get(name).map(|value| &**value), &parents);
        let key = row.get(&self.kind.key).and_then(|key| plan::key_text(key)).unwrap_or(own_key);
        let key = self.kind.scoped(key, |link| parents.get(link)?.as_deref().map(str::to_owned));
        let (json, conforms) = self.judged(&row, outcome);
        let shown = element.map(|_| serde_json::from_slice(&json).unwrap_or_default());
        (Row { key: key.into(), json, parents, conforms, version: 0, assumed: false }, shown)
    }

    /// Puts a key into the property that holds it with other things.
    fn put_key_below<'n>(&'n self, key: &Value, row: &mut Fields<'n>) {
        let Some((outer, name)) = self.kind.key.split_once('/').filter(|(outer, _)| self.kind.shows(outer)) else { return };
        let mut held = match row.get(outer).map(|held| (**held).clone()) {
            Some(Value::Object(held)) => held,
            _ => Map::new(),
        };
        held.insert(name.to_owned(), key.clone());
        row.put(usize::MAX, Field::new(outer, Held::from(Value::Object(held))));
    }

    /// A key that nobody has. One that looks like those that are there may not be valid all the same.
    fn minted(&self, sequence: u64, number: u64) -> Held<'static> {
        let minted = self.kind.key_shape.mint(sequence, &mut mint::randomness(self.shared.seed, number, u64::MAX));
        if self.role.minted.1 || self.kind.takes(&self.kind.key, &minted) {
            return Held::from(minted);
        }
        Held::from(self.kind.sampled_key(self.engine, number).unwrap_or(minted))
    }

    /// The row that the request names, with what the request changes.
    pub(super) fn update(&self) -> Decision {
        if self.role.makes && self.snapshot.item.is_none() && self.absent_parent().is_none() {
            return self.make_there();
        }
        let before = self.item()?;
        let before_map: Map<String, Value> = serde_json::from_slice(&before.json).unwrap_or_default();
        let old = if before.conforms { Fields::of(&before_map).proven() } else { Fields::of(&before_map) };
        let mut outcome = Outcome::default();
        let patched;
        let mut row = match (self.validated.patch, self.role.action) {
            (Patch::Operations, _) => {
                patched = self.patched(&before_map)?;
                Fields::of(&patched)
            }
            (_, Action::Replace) => {
                let mut row = self.replaced(&old);
                self.copy_sent(self.body(None), &mut row, &mut outcome);
                row
            }
            _ => {
                let mut row = old.clone();
                self.put_sent(self.body(None), &mut row, &mut outcome);
                row
            }
        };
        if let Some(key) = old.get(self.kind.key.split('/').next().unwrap_or_default()).and_then(|held| held.pointer(&self.kind.below())) {
            self.put_key_below(key, &mut row);
        }
        self.stamp(&mut row, Birth::Before);
        self.take_effect(&mut row);
        self.set(&mut row, Some(&old), None, unique(None, self.snapshot.sequence), &mut outcome);
        let parents = self.kind.parents_of(|name| row.get(name).map(|value| &**value), &before.parents);
        if self.validated.patch == Patch::Operations && !self.kind.defects(&row).is_empty() {
            return Err(self.unfit(&self.kind.defects(&row)));
        }
        let (json, conforms) = self.judged(&row, &mut outcome);
        outcome.rows_conform = conforms;
        let (key, resource) = (before.key.clone(), self.role.kind);
        outcome.filling.item = Some(json.clone());
        self.echo(&mut outcome);
        fill_made(self.validated.operation, self.shared, self.snapshot, None, &mut outcome);
        let write = match &self.snapshot.item {
            Some(_) => Write::Replace { resource, key, version: before.version, json, parents, conforms },
            None => Write::Insert { resource, row: Row { key, json, parents, conforms, version: 0, assumed: false } },
        };
        Ok((outcome, vec![write]))
    }

    /// Makes what the request names and is not there.
    fn make_there(&self) -> Decision {
        if self.snapshot.room == 0 {
            return Err(self.no_room());
        }
        let mut outcome = Outcome { made: true, ..Outcome::default() };
        let chosen = self.role.key.as_ref().and_then(|place| self.validated.input.at(place));
        let (row, _) = self.new_row(0, None, chosen, &mut outcome);
        outcome.rows_conform = row.conforms;
        self.tell_of(&row, &mut outcome);
        fill_made(self.validated.operation, self.shared, self.snapshot, None, &mut outcome);
        Ok((outcome, vec![Write::Insert { resource: self.role.kind, row }]))
    }

    /// What becomes of properties by the operation alone.
    fn take_effect<'n>(&'n self, row: &mut Fields<'n>) {
        for (name, effect) in &self.role.effects {
            let value = match effect {
                Effect::Value(value) => Held::Borrowed(value),
                Effect::Now => self.shared.now(self.kind.format),
            };
            row.put(usize::MAX, Field::new(name, value));
        }
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
    fn stamp<'n>(&'n self, row: &mut Fields<'n>, birth: Birth) {
        for Stamp { name, position, proven, at_birth } in &self.role.stamps {
            if birth == Birth::New || !at_birth {
                row.put(*position, Field { proven: *proven, ..Field::new(name, self.shared.now(self.kind.format)) });
            }
        }
        let Some(inner) = &self.kind.inner else { return };
        let born = inner.created.iter().filter(|_| birth == Birth::New);
        let mut held = match row.get(&inner.name).map(|held| (**held).clone()) {
            Some(Value::Object(held)) => held,
            _ => Map::new(),
        };
        let now = self.shared.now(self.kind.format).into_owned();
        held.extend(born.chain(&inner.updated).map(|name| (name.clone(), now.clone())));
        row.put(usize::MAX, Field::new(&inner.name, Held::from(Value::Object(held))));
    }

    /// Takes over what the request says of the row, and what its schema says where it is silent.
    fn copy_sent<'n>(&'n self, body: Option<&'n Map<String, Value>>, row: &mut Fields<'n>, outcome: &mut Outcome) {
        for (position, constant) in &self.role.defaults {
            if self.kind.takes(&constant.name, &constant.value) {
                row.put(*position, constant.field());
            }
        }
        self.put_sent(body, row, outcome);
        let says = |body: &Map<String, Value>, name: &str| {
            member(body, name).is_some() || self.role.respells() && body.keys().any(|sent| self.role.spelt(sent) == name)
        };
        let is_silent = |name: &str| body.is_none_or(|body| !says(body, name));
        for (position, name) in self.role.uncertain.iter().filter(|(_, name)| is_silent(name)) {
            row.remove_if(*position, name, Value::is_null);
        }
    }

    /// What the request says of the item.
    fn body<'n>(&'n self, element: Option<&'n Value>) -> Option<&'n Map<String, Value>> {
        let element = element.filter(|_| self.role.batch.is_some());
        element.or_else(|| self.validated.input.at(&self.role.input))?.as_object()
    }

    /// Puts the properties of the body that are the row's into it, as far as it can hold them.
    fn put_sent<'n>(&'n self, body: Option<&'n Map<String, Value>>, row: &mut Fields<'n>, outcome: &mut Outcome) {
        let mut held = Map::new();
        for (name, value) in body.into_iter().flatten() {
            let name = self.role.spelt(name);
            match self.role.copies(self.kind, name) {
                Some(copied) if copied.inner => {
                    held.insert(name.to_owned(), value.clone());
                }
                Some(copied) => self.put_one(copied, name, Held::Borrowed(value), row, outcome),
                None => {}
            }
        }
        if let Some(inner) = self.kind.inner.as_ref().filter(|_| !held.is_empty()) {
            let copied = Copied { position: usize::MAX, proven: false, inner: false };
            self.put_one(copied, &inner.name, Held::from(Value::Object(held)), row, outcome);
        }
    }

    fn put_one<'n>(&'n self, copied: Copied, name: &'n str, value: Held<'n>, row: &mut Fields<'n>, outcome: &mut Outcome) {
        let Copied { position, proven, .. } = copied;
        let merges = self.validated.patch == Patch::Merge || self.kind.inner.as_ref().is_some_and(|inner| inner.name == name);
        let value = match row.get(name) {
            Some(old) if merges && value.is_object() && old.is_object() => {
                let mut merged = (**old).clone();
                json_patch::merge(&mut merged, &value);
                Held::from(merged)
            }
            _ => value,
        };
        if proven || self.kind.takes(name, &value) {
            return row.put(position, Field { proven: true, ..Field::new(name, value) });
        }
        if let Some(fitted) = self.kind.fitted(self.engine, name, &value) {
            outcome.notes.push(format!("`{name}` was completed: an item holds more than was sent"));
            return row.put(position, Field { proven: true, ..Field::new(name, Held::from(fitted)) });
        }
        if value.is_null() && !self.kind.required.iter().any(|required| required == name) {
            return row.remove_if(position, name, |_| true);
        }
        outcome.notes.push(format!("`{name}` was left out: an item holds something else there"));
        if !self.kind.has_default(name) {
            row.remove_if(position, name, Value::is_null);
        }
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

    /// The row as text, and whether it conforms to its schema. One that does not is completed; where that fails too it is
    /// a defect.
    fn judged(&self, row: &Fields<'_>, outcome: &mut Outcome) -> (Bytes, bool) {
        let defects = self.kind.defects(row);
        if defects.is_empty() {
            return (text(row), true);
        }
        if let Some(whole) = self.kind.whole(self.engine, row) {
            outcome.notes.push("the row was completed with what its schema needs".to_owned());
            return (text(&Fields::of(&whole)), true);
        }
        outcome.defects.extend(defects);
        (text(row), false)
    }
}

/// Whether an item is made now, or was before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Birth {
    New,
    Before,
}

/// The row as text, in memory of just that size: rows stay, and there are many.
fn text(row: &Fields<'_>) -> Bytes {
    let mut buffer = Vec::with_capacity(2_048);
    row.write(&mut buffer);
    Bytes::copy_from_slice(&buffer)
}
