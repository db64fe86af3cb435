//! Rows from outside, held against their resource; and the state of a document as data, and back.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value};
use specs::pointer;

use super::{Conditions, compile::Engine, conform, json, kind::Kind, mint, plan::key_text};
use crate::state::{Kept, KeptRow, KeptWindow, Misfit, Row, Window, World};

/// How much of a row from outside is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// It has to conform to its schema, and to say nothing that the schema does not know.
    Whole,
    /// It has to have a key.
    Key,
}

impl Engine {
    /// The names of the resources, in the order of their indices.
    #[must_use]
    pub fn resources(&self) -> &[String] {
        self.kinds.names()
    }

    /// The index of a resource.
    #[must_use]
    pub fn resource(&self, name: &str) -> Option<usize> {
        self.kinds.index(name)
    }

    /// A row of a resource, by its index, from an item as reading returns it. It may name parents beside it, by the
    /// properties that would hold them.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn row(&self, resource: usize, item: &Value, check: Check) -> Result<Row, Vec<Misfit>> {
        let kind = self.kind(resource);
        let Some(map) = item.as_object() else { return Err(vec![Misfit::new("", "a row is an object")]) };
        let Some(row) = kind.row(item) else {
            let message = format!("it has no `{}` that is text or a number, which is its key", kind.key);
            return Err(vec![Misfit::new(pointer::join("", &kind.key), message)]);
        };
        let wrong = if check == Check::Whole { misfits(kind, map, row.conforms) } else { Vec::new() };
        if wrong.is_empty() { Ok(Row { assumed: false, ..row }) } else { Err(wrong) }
    }

    /// The item with this key, if it has none of its own.
    #[must_use]
    pub fn called(&self, resource: usize, item: &Value, key: &str) -> Value {
        let kind = self.kind(resource);
        let own = key.rsplit('\n').next().unwrap_or_default();
        let text = Value::String(own.to_owned());
        let number = || own.parse::<serde_json::Number>().ok().map(Value::Number).filter(|number| kind.takes(&kind.key, number));
        let value = if kind.takes(&kind.key, &text) { text } else { number().unwrap_or(text) };
        with_key(kind, item, value)
    }

    /// The item with a key that nothing in the world has, if it has none of its own.
    #[must_use]
    pub fn keyed(&self, world: &World, resource: usize, item: &Value, conditions: &Conditions) -> Value {
        let kind = self.kind(resource);
        if !item.is_object() || kind.key_in(item).is_some_and(|key| key_text(key).is_some()) {
            return item.clone();
        }
        let number = world.number(Some(resource));
        let unique = number ^ ((resource as u64 + 1) << 40);
        let minted = kind.key_shape.mint(number, &mut mint::randomness(conditions.seed, unique, u64::MAX));
        let fits = kind.takes(&kind.key, &minted);
        let key = if fits { minted } else { kind.sampled_key(self, unique).unwrap_or(minted) };
        with_key(kind, item, key)
    }

    /// How many numbers a resource has to have given out so that it mints none of the keys of these rows.
    #[must_use]
    pub fn numbers_up_to<'r>(&self, resource: usize, rows: impl IntoIterator<Item = &'r Row>) -> u64 {
        let shape = &self.kind(resource).key_shape;
        rows.into_iter().map(|row| shape.numbers_up_to(row.key.rsplit('\n').next().unwrap_or_default())).max().unwrap_or(0)
    }

    /// A row as people see it: the item, and the parents that it does not tell of itself.
    #[must_use]
    pub fn item(&self, resource: usize, row: &Row) -> Value {
        let mut item = serde_json::from_slice(&row.json).unwrap_or(Value::Null);
        if let Value::Object(map) = &mut item {
            for (name, key) in parents(self.kind(resource), row) {
                map.entry(name).or_insert(Value::String(key));
            }
        }
        item
    }

    /// All rows of a world, by resource, as people see them.
    #[must_use]
    pub fn items(&self, world: &World) -> IndexMap<String, Vec<Value>> {
        let contents = world.contents();
        let each = self.resources().iter().enumerate();
        each.map(|(index, name)| (name.clone(), contents.rows(index).map(|row| self.item(index, row)).collect())).collect()
    }

    /// The state of a world, as data that outlives both the world and this document.
    #[must_use]
    pub fn keep(&self, world: &World) -> Kept {
        let contents = world.contents();
        let kept = |index: usize, row: &Row| KeptRow {
            key: row.key.to_string(),
            item: serde_json::from_slice(&row.json).unwrap_or(Value::Null),
            parents: parents(self.kind(index), row),
            assumed: row.assumed,
        };
        let named = |(index, name): (usize, &String)| (name.clone(), contents.rows(index).map(|row| kept(index, row)).collect());
        let minted = self.resources().iter().enumerate().map(|(index, name)| (name.clone(), contents.minted(Some(index))));
        let windows = contents.windows().filter_map(|(key, limit, window)| {
            let limit = self.api.rate_limits.get(limit)?.name.clone();
            Some(KeptWindow { limit, key: key.to_owned(), since: window.since, used: window.used })
        });
        Kept {
            rows: self.resources().iter().enumerate().map(named).collect(),
            minted: minted.filter(|(_, minted)| *minted > 0).collect(),
            minted_else: contents.minted(None),
            windows: windows.collect(),
            tenants: world.tenants().iter().map(|(name, tenant)| (name.to_string(), self.keep(tenant))).collect(),
        }
    }

    /// A world that holds what was kept, as far as it fits this document, and what does not. Resources of which nothing
    /// was kept have their rows at start. A row that does not conform fits all the same: reading it tells.
    #[must_use]
    pub fn restore(&self, kept: &Kept) -> (World, Vec<Misfit>) {
        let world = self.world();
        let mut misfits = self.fill(&world, kept);
        for (name, kept) in &kept.tenants {
            let place = pointer::join("/tenants", name);
            let wrong = self.fill(&world.tenant(name), kept).into_iter();
            misfits.extend(wrong.map(|misfit| Misfit::new(format!("{place}{}", misfit.pointer), misfit.message)));
        }
        (world, misfits)
    }

    /// Puts what was kept into a world, as far as it fits.
    fn fill(&self, world: &World, kept: &Kept) -> Vec<Misfit> {
        let (mut contents, mut misfits) = (world.contents(), Vec::new());
        for (name, rows) in &kept.rows {
            let place = pointer::join("/rows", name);
            let Some(index) = self.resource(name) else {
                misfits.push(Misfit::new(place, self.no_resource(name)));
                continue;
            };
            let rows = rows.iter().enumerate().filter_map(|(position, row)| {
                let restored = self.restored(index, row);
                restored.map_err(|message| misfits.push(Misfit::new(pointer::index(&place, position), message))).ok()
            });
            let rows = rows.collect();
            if let Err(position) = contents.set_rows(index, rows) {
                misfits.push(Misfit::new(pointer::index(&place, position), "another row has its key"));
            }
        }
        let (rows, most) = (contents.len(), world.max_rows());
        if rows > most {
            misfits.push(Misfit::new("/rows", format!("there are {rows} rows, and {most} is the most there may be")));
        }
        for (name, minted) in &kept.minted {
            match self.resource(name) {
                Some(index) => contents.set_minted(Some(index), *minted),
                None => misfits.push(Misfit::new(pointer::join("/minted", name), self.no_resource(name))),
            }
        }
        contents.set_minted(None, kept.minted_else);
        for (position, kept) in kept.windows.iter().enumerate() {
            match self.api.rate_limits.iter().position(|limit| limit.name == kept.limit) {
                Some(limit) => contents.set_window(&kept.key, limit, Window { since: kept.since, used: kept.used }),
                None => {
                    let message = format!("the document has no limit `{}`", kept.limit);
                    misfits.push(Misfit::new(pointer::index("/windows", position), message));
                }
            }
        }
        world.set(contents);
        misfits
    }

    fn restored(&self, resource: usize, kept: &KeptRow) -> Result<Row, String> {
        let kind = self.kind(resource);
        let Some(item) = kept.item.as_object() else { return Err("the item of a row is an object".to_owned()) };
        let links = &kind.links;
        if let Some(name) = kept.parents.keys().find(|name| !links.iter().any(|link| link.property == **name)) {
            let known: Vec<_> = links.iter().map(|link| format!("`{}`", link.property)).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(format!("`{name}` is no parent of `{}`; there are {known}", kind.name));
        }
        let before: Vec<Option<Arc<str>>> =
            links.iter().map(|link| kept.parents.get(&link.property).map(|key| Arc::from(key.as_str()))).collect();
        let parents = kind.parents_of(|name| item.get(name), &before);
        Ok(Row {
            key: kept.key.as_str().into(),
            json: json::object(item),
            parents,
            conforms: kind.takes_row(&kept.item),
            version: 0,
            assumed: kept.assumed,
        })
    }

    fn no_resource(&self, name: &str) -> String {
        format!("`{}` has no resource `{name}`; there are `{}`", self.api.name, self.resources().join("`, `"))
    }
}

/// The item with this key, if it has none of its own.
fn with_key(kind: &Kind, item: &Value, key: Value) -> Value {
    let mut keyed = item.clone();
    let Some(map) = keyed.as_object_mut().filter(|_| kind.key_in(item).and_then(key_text).is_none()) else { return keyed };
    match kind.key.split_once('/') {
        Some((outer, name)) => {
            let held = map.entry(outer).or_insert_with(|| Value::Object(Map::new()));
            held.as_object_mut().map(|held| held.insert(name.to_owned(), key));
        }
        None => _ = map.insert(kind.key.clone(), key),
    }
    keyed
}

/// What is wrong with a row that has a key.
fn misfits(kind: &Kind, map: &Map<String, Value>, conforms: bool) -> Vec<Misfit> {
    let outer = kind.key.split('/').next().unwrap_or_default();
    let is_known = |name: &str| kind.shows(name) || name == outer || kind.links.iter().any(|link| link.property == name);
    let unknown = map.keys().filter(|name| !is_known(name)).map(|name| {
        let hint = kind.spelling(name).map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
        Misfit::new(pointer::join("", name), format!("`{}` has no such property{hint}", kind.name))
    });
    let mut wrong: Vec<Misfit> = unknown.collect();
    if let (false, Some(validator)) = (conforms, &kind.validator) {
        wrong.extend(conform::describe(validator, &kind.shown(map)).into_iter().map(|message| Misfit::new("", message)));
    }
    wrong
}

/// The keys of the parents of a row that its item does not tell.
fn parents(kind: &Kind, row: &Row) -> IndexMap<String, String> {
    let named = kind.links.iter().zip(&row.parents).filter_map(|(link, key)| Some((&link.property, key.as_deref()?)));
    let item = serde_json::from_slice::<Map<String, Value>>(&row.json).unwrap_or_default();
    let untold = named.filter(|(name, key)| item.get(*name).and_then(key_text).as_deref() != Some(*key));
    untold.map(|(name, key)| (name.clone(), key.to_owned())).collect()
}
