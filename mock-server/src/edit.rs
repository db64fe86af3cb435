//! State as it is looked at and changed from outside: by the control API, and in one process.

use std::{collections::HashSet, sync::Arc};

use serde_json::Value;

use crate::{
    clock,
    engine::{Check, Conditions},
    sandbox::{Played, Sandbox},
    shell::Shell,
    state::{Contents, Misfit, Row, View, Write},
};

/// Keys of rows, and things that are wrong, that are told of at most.
const TOLD: usize = 10;
/// How often a change is tried anew when the state changes under it.
const ATTEMPTS: usize = 16;
/// How many keys are minted until one is new.
const MINTED: usize = 1_000;

/// Why an edit is refused, with what mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such thing.
    NotFound(String),
    /// What was given is not usable.
    Invalid(String),
    /// Something else is there already.
    Conflict(String),
    /// There is no room.
    Full(String),
}

impl Refusal {
    pub(crate) fn into_message(self) -> String {
        self.message().to_owned()
    }

    pub(crate) fn message(&self) -> &str {
        match self {
            Self::NotFound(message) | Self::Invalid(message) | Self::Conflict(message) | Self::Full(message) => message,
        }
    }
}

/// A resource of a provider in a sandbox.
pub(crate) struct Place {
    played: Arc<Played>,
    resource: usize,
    conditions: Conditions,
}

impl Place {
    pub(crate) fn find(shell: &Shell, sandbox: &Sandbox, provider: &str, resource: &str) -> Result<Self, Refusal> {
        let (slot, played) = played(shell, sandbox, provider)?;
        let engine = &played.provider.engine;
        let Some(index) = engine.resource(resource) else {
            let message = format!("`{provider}` has no resource `{resource}`; there are `{}`", engine.resources().join("`, `"));
            return Err(Refusal::NotFound(message));
        };
        let conditions = sandbox.conditions(slot, sandbox.clock.read(clock::now()));
        Ok(Self { played, resource: index, conditions })
    }

    /// Some of its rows, oldest first.
    pub(crate) fn list(&self, skip: usize, take: usize) -> Vec<Value> {
        let contents = self.played.world.contents();
        contents.rows(self.resource).skip(skip).take(take).map(|row| self.item(row)).collect()
    }

    pub(crate) fn get(&self, key: &str) -> Result<Value, Refusal> {
        self.row(key).map(|row| self.item(&row))
    }

    /// Puts these rows in the place of all that there are.
    pub(crate) fn seed(&self, items: &[Value], check: Check) -> Result<Vec<Value>, Refusal> {
        let rows = self.made(items, check)?;
        self.played.world.change(|contents| {
            let key = |position: usize| rows.get(position).map_or("", |row| &row.key).to_owned();
            contents.set_rows(self.resource, rows.clone()).map_err(|position| taken(&key(position)))?;
            self.count_on(contents, &rows);
            let most = self.played.world.max_rows();
            if contents.len() > most { Err(full(most)) } else { Ok(()) }
        })?;
        Ok(rows.iter().map(|row| self.item(row)).collect())
    }

    /// Adds rows: all or none.
    pub(crate) fn add(&self, items: &[Value], check: Check) -> Result<Vec<Value>, Refusal> {
        let rows = self.made(items, check)?;
        let made = rows.iter().map(|row| self.item(row)).collect();
        let contents = self.played.world.contents();
        let mut keys = HashSet::new();
        if let Some(row) = rows.iter().find(|row| contents.has(self.resource, &row.key) || !keys.insert(&row.key)) {
            return Err(taken(&row.key));
        }
        drop(contents);
        let writes = rows.iter().map(|row| Write::Insert { resource: self.resource, row: row.clone() });
        self.commit(writes.collect(), rows.len())?;
        self.played.world.count_on(self.resource, self.played.provider.engine.numbers_up_to(self.resource, &rows));
        Ok(made)
    }

    /// Puts a row there, whether or not there is one.
    pub(crate) fn put(&self, key: &str, item: &Value, check: Check) -> Result<Value, Refusal> {
        let engine = &self.played.provider.engine;
        let item = engine.called(self.resource, item, key);
        let row = engine.row(self.resource, &item, check).map_err(|wrong| invalid(&wrong, None))?;
        let own = row.key.rsplit('\n').next().unwrap_or_default();
        if own != key && *row.key != *key {
            return Err(Refusal::Invalid(format!("the key of the row is `{own}`, and that of the address is `{key}`; make them one")));
        }
        for _ in 0..ATTEMPTS {
            let old = self.played.world.contents().get(self.resource, &row.key).cloned();
            if self.exchange(old, row.clone()).is_ok() {
                self.played.world.count_on(self.resource, engine.numbers_up_to(self.resource, [&row]));
                return Ok(self.item(&row));
            }
            self.room(1)?;
        }
        Err(contended())
    }

    /// Changes a row by a JSON Merge Patch (RFC 7396).
    pub(crate) fn patch(&self, key: &str, patch: &Value, check: Check) -> Result<Value, Refusal> {
        for _ in 0..ATTEMPTS {
            let old = self.row(key)?;
            let mut item = self.item(&old);
            json_patch::merge(&mut item, patch);
            let row = self.played.provider.engine.row(self.resource, &item, check).map_err(|wrong| invalid(&wrong, None))?;
            if row.key != old.key && self.played.world.contents().has(self.resource, &row.key) {
                return Err(taken(&row.key));
            }
            if self.exchange(Some(old), row.clone()).is_ok() {
                return Ok(self.item(&row));
            }
        }
        Err(contended())
    }

    pub(crate) fn remove(&self, key: &str) -> Result<(), Refusal> {
        for _ in 0..ATTEMPTS {
            let row = self.row(key)?;
            if self.played.world.commit(vec![self.removal(&row)], &View::default()).is_ok() {
                return Ok(());
            }
        }
        Err(contended())
    }

    fn row(&self, key: &str) -> Result<Row, Refusal> {
        let contents = self.played.world.contents();
        match contents.called(self.resource, key).as_slice() {
            [row] => Ok((*row).clone()),
            [] => {
                let known: Vec<String> =
                    contents.rows(self.resource).take(TOLD).map(|row| format!("`{}`", row.key.escape_default())).collect();
                let known = if known.is_empty() { "it has no rows".to_owned() } else { format!("there are {}", known.join(", ")) };
                Err(Refusal::NotFound(format!("nothing in `{}` has the key `{key}`; {known}", self.name())))
            }
            several => {
                let keys = several.iter().take(TOLD).map(|row| format!("`{}`", row.key.replace('\n', "%0A"))).collect::<Vec<_>>();
                Err(Refusal::Conflict(format!("several rows have the key `{key}`; name the parents before it: {}", keys.join(", "))))
            }
        }
    }

    /// Rows of items, each with a key of its own.
    fn made(&self, items: &[Value], check: Check) -> Result<Vec<Row>, Refusal> {
        let Played { provider, world, .. } = &*self.played;
        let contents = world.contents();
        let mut rows: Vec<Row> = Vec::with_capacity(items.len());
        for (position, item) in items.iter().enumerate() {
            let mut row = None;
            for _ in 0..MINTED {
                let keyed = provider.engine.keyed(world, self.resource, item, &self.conditions);
                let is_minted = keyed != *item;
                let made = provider.engine.row(self.resource, &keyed, check).map_err(|wrong| invalid(&wrong, Some(position)))?;
                let is_new = !is_minted || !contents.has(self.resource, &made.key);
                row = Some(made);
                if is_new {
                    break;
                }
            }
            rows.extend(row);
        }
        Ok(rows)
    }

    fn exchange(&self, old: Option<Row>, row: Row) -> Result<(), Refusal> {
        let resource = self.resource;
        let writes = match old {
            Some(old) if old.key == row.key => {
                let Row { key, json, parents, conforms, .. } = row;
                vec![Write::Replace { resource, key, version: old.version, json, parents, conforms }]
            }
            old => old.iter().map(|old| self.removal(old)).chain([Write::Insert { resource, row }]).collect(),
        };
        self.played.world.commit(writes, &View::default()).map_err(|_| contended())
    }

    fn removal(&self, row: &Row) -> Write {
        Write::Delete { resource: self.resource, key: row.key.clone(), version: row.version }
    }

    fn commit(&self, writes: Vec<Write>, new: usize) -> Result<(), Refusal> {
        self.room(new)?;
        self.played
            .world
            .commit(writes, &View::default())
            .map_err(|_| Refusal::Conflict("the state changed meanwhile, and nothing was written; send it again".to_owned()))
    }

    fn room(&self, new: usize) -> Result<(), Refusal> {
        let most = self.played.world.max_rows();
        if self.played.world.rows() + new > most { Err(full(most)) } else { Ok(()) }
    }

    fn count_on(&self, contents: &mut Contents, rows: &[Row]) {
        let minted = self.played.provider.engine.numbers_up_to(self.resource, rows);
        contents.set_minted(Some(self.resource), contents.minted(Some(self.resource)).max(minted));
    }

    fn item(&self, row: &Row) -> Value {
        self.played.provider.engine.item(self.resource, row)
    }

    fn name(&self) -> &str {
        &self.played.provider.engine.resources()[self.resource]
    }
}

/// The position of a provider, and what a sandbox remembers of it.
fn played(shell: &Shell, sandbox: &Sandbox, name: &str) -> Result<(usize, Arc<Played>), Refusal> {
    let found = shell.slots.iter().position(|slot| *slot.name == *name);
    found.map(|index| (index, sandbox.played(index, &shell.slots[index].current()))).ok_or_else(|| {
        let names: Vec<&str> = shell.slots.iter().map(|slot| &*slot.name).collect();
        Refusal::NotFound(format!("no provider `{name}` is served; there are `{}`", names.join("`, `")))
    })
}

fn invalid(wrong: &[Misfit], position: Option<usize>) -> Refusal {
    let above = position.map(|position| format!("/{position}")).unwrap_or_default();
    let told = wrong.iter().take(TOLD).map(|one| match format!("{above}{}", one.pointer) {
        place if place.is_empty() => one.message.clone(),
        place => format!("`{place}`: {}", one.message),
    });
    let told = told.collect::<Vec<_>>().join("; ");
    let more = wrong.len().checked_sub(TOLD).filter(|more| *more > 0).map(|more| format!("; and {more} more")).unwrap_or_default();
    Refusal::Invalid(format!("the row does not fit: {told}{more}; mend it, or put it there all the same with `?unchecked=true`"))
}

fn taken(key: &str) -> Refusal {
    let key = key.rsplit('\n').next().unwrap_or_default();
    Refusal::Conflict(format!("a row has the key `{key}` already; choose another one, or change that row"))
}

fn full(most: usize) -> Refusal {
    Refusal::Full(format!("there may be {most} rows of a provider in a sandbox, and no more; raise `--max-rows`, or delete rows"))
}

fn contended() -> Refusal {
    Refusal::Conflict("the row changed under every attempt to change it; send it again".to_owned())
}
