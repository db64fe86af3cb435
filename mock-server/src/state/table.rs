//! The rows of one resource: found by key, cut into pages by creation order, whole or under one parent.
//!
//! A row is kept as the JSON text that reading it returns. So a read is a look-up and a reference count, a list
//! copies text, and a million rows cost little more than that text.

use std::{collections::HashMap, hash::BuildHasher, sync::Arc};

use bytes::Bytes;
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::order::{Entry, Order};

/// A stored item.
#[derive(Clone, Debug)]
pub struct Row {
    /// The text of the key property.
    pub key: Box<str>,
    /// The item as JSON text, as reading returns it.
    pub json: Bytes,
    /// The keys of its parents, in the order of the resource's parents; `None` where it has no such parent. A
    /// batch that names several parents makes several rows.
    pub parents: Box<[Option<Arc<str>>]>,
    /// Whether the item conforms to the resource's schema.
    pub conforms: bool,
    /// Counts the changes of the row, from 0.
    pub version: u32,
    /// Whether it was at the start and nobody said so: an example has it.
    pub assumed: bool,
}

/// What the place of a row costs beside its text, about: its entry in each index, and the slack of those.
const PLACE: usize = size_of::<Option<(u32, Row)>>() + 48;

impl Row {
    /// The memory that its text takes, about.
    pub(super) fn bytes(&self) -> i64 {
        let parents = self.parents.len() * size_of::<Option<Arc<str>>>();
        i64::try_from(self.key.len() + self.json.len() + parents).unwrap_or(i64::MAX)
    }

    /// Whether this is its key, whatever it hangs on.
    pub(super) fn is_called(&self, key: &str) -> bool {
        self.key.rsplit('\n').next() == Some(key)
    }
}

/// The rows of one resource.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    slots: Vec<Option<(u32, Row)>>,
    free: Vec<u32>,
    by_key: HashTable<u32>,
    all: Order,
    by_parent: HashMap<(usize, Arc<str>), Order, FxBuildHasher>,
    next_stamp: u32,
}

impl Table {
    pub(super) fn get(&self, key: &str) -> Option<&Row> {
        let slot = self.slot(key)?;
        self.row(slot)
    }

    /// The memory that its places take, about, without the texts of rows, which copies share.
    pub(super) fn structure(&self) -> i64 {
        i64::try_from(self.slots.len() * PLACE).unwrap_or(i64::MAX)
    }

    /// The memory that it takes, about. This looks at every row.
    pub(super) fn bytes(&self) -> i64 {
        self.structure() + self.scope(None).oldest_first(0).map(Row::bytes).sum::<i64>()
    }

    /// Adds a row; gives it back when its key is taken.
    pub(super) fn insert(&mut self, mut row: Row) -> Result<(), Row> {
        if self.slot(&row.key).is_some() || self.next_stamp == u32::MAX {
            return Err(row);
        }
        self.share(&mut row.parents);
        let stamp = self.next_stamp;
        self.next_stamp += 1;
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        });
        let entry = Entry { stamp, slot };
        self.all.insert(entry);
        self.link(&row.parents, entry);
        let hash = hash(&row.key);
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = Some((stamp, row));
        }
        let slots = &self.slots;
        self.by_key.insert_unique(hash, slot, |other| key_hash(slots, *other));
        Ok(())
    }

    /// Puts other text, and other parents, in the place of a row. Its key and its age stay.
    pub(super) fn replace(&mut self, key: &str, json: Bytes, mut parents: Box<[Option<Arc<str>>]>, conforms: bool) {
        self.share(&mut parents);
        let Some(slot) = self.slot(key) else { return };
        let Some(Some((stamp, row))) = self.slots.get_mut(slot as usize) else { return };
        row.json = json;
        row.conforms = conforms;
        row.assumed = false;
        row.version = row.version.wrapping_add(1);
        if row.parents != parents {
            let entry = Entry { stamp: *stamp, slot };
            let before = std::mem::replace(&mut row.parents, parents.clone());
            self.unlink(&before, entry.stamp);
            self.link(&parents, entry);
        }
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Row> {
        let hash = hash(key);
        let slots = &self.slots;
        let found = self.by_key.find_entry(hash, |slot| key_at(slots, *slot) == Some(key)).ok()?;
        let (slot, _) = found.remove();
        let (stamp, row) = self.slots.get_mut(slot as usize)?.take()?;
        self.free.push(slot);
        self.all.remove(stamp);
        self.unlink(&row.parents, stamp);
        Some(row)
    }

    /// All rows, or those under one parent: how many, and a walk from position `skip`.
    pub(super) fn scope(&self, parent: Option<(usize, &str)>) -> Scope<'_> {
        let order = match parent {
            None => Some(&self.all),
            Some((position, key)) => self.by_parent.get(&(position, Arc::from(key))),
        };
        Scope { table: self, order }
    }

    fn slot(&self, key: &str) -> Option<u32> {
        let slots = &self.slots;
        self.by_key.find(hash(key), |slot| key_at(slots, *slot) == Some(key)).copied()
    }

    fn row(&self, slot: u32) -> Option<&Row> {
        self.slots.get(slot as usize)?.as_ref().map(|(_, row)| row)
    }

    /// Makes rows of one parent share its key's text.
    fn share(&self, parents: &mut [Option<Arc<str>>]) {
        for (position, parent) in parents.iter_mut().enumerate() {
            let Some(key) = parent else { continue };
            if let Some(((_, known), _)) = self.by_parent.get_key_value(&(position, key.clone())) {
                *key = known.clone();
            }
        }
    }

    fn link(&mut self, parents: &[Option<Arc<str>>], entry: Entry) {
        for (position, parent) in parents.iter().enumerate() {
            if let Some(parent) = parent {
                self.by_parent.entry((position, parent.clone())).or_default().insert(entry);
            }
        }
    }

    fn unlink(&mut self, parents: &[Option<Arc<str>>], stamp: u32) {
        for (position, parent) in parents.iter().enumerate() {
            let Some(parent) = parent else { continue };
            let place = (position, parent.clone());
            if let Some(order) = self.by_parent.get_mut(&place) {
                order.remove(stamp);
                if order.len() == 0 {
                    self.by_parent.remove(&place);
                }
            }
        }
    }
}

/// Rows in creation order, all or those of one parent.
pub(super) struct Scope<'t> {
    table: &'t Table,
    order: Option<&'t Order>,
}

impl<'t> Scope<'t> {
    pub(super) fn len(&self) -> usize {
        self.order.map_or(0, Order::len)
    }

    /// The position of the row behind the one with this key.
    pub(super) fn behind(&self, key: &str, newest_first: bool) -> Option<usize> {
        let is_it = |row: &'t Row| row.is_called(key);
        let found = if newest_first { self.newest_first(0).position(is_it) } else { self.oldest_first(0).position(is_it) };
        found.map(|position| position + 1)
    }

    pub(super) fn oldest_first(&self, skip: usize) -> impl Iterator<Item = &'t Row> + use<'t> {
        let table = self.table;
        self.order.into_iter().flat_map(move |order| order.forwards(skip)).filter_map(move |slot| table.row(slot))
    }

    pub(super) fn newest_first(&self, skip: usize) -> impl Iterator<Item = &'t Row> + use<'t> {
        let table = self.table;
        self.order.into_iter().flat_map(move |order| order.backwards(skip)).filter_map(move |slot| table.row(slot))
    }
}

fn key_at(slots: &[Option<(u32, Row)>], slot: u32) -> Option<&str> {
    slots.get(slot as usize)?.as_ref().map(|(_, row)| &*row.key)
}

fn key_hash(slots: &[Option<(u32, Row)>], slot: u32) -> u64 {
    key_at(slots, slot).map_or(0, hash)
}

fn hash(key: &str) -> u64 {
    FxBuildHasher.hash_one(key)
}
