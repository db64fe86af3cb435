//! The state in memory.

use std::sync::Arc;

use indexmap::IndexMap;
use parking_lot::Mutex;
use serde_json::Value;

use super::{Conflict, Page, PageQuery, Reads, Row, Snapshot, View, Write, past::Past, table::Table};

/// One sandbox's state for one document. Its lock is held for a look-up or a write, never while the engine thinks.
#[derive(Debug)]
pub struct World {
    start: Arc<Start>,
    state: Mutex<State>,
    /// The worlds of other tenants, by name.
    tenants: Mutex<IndexMap<Box<str>, Arc<World>>>,
}

/// What a world begins with, shared by all worlds of a document.
#[derive(Debug)]
struct Start {
    names: Vec<String>,
    seed: State,
    max_rows: usize,
}

#[derive(Clone, Debug, Default)]
struct State {
    /// Shared with the start until they are written to, so that a world costs what is changed in it.
    tables: Vec<Arc<Table>>,
    /// The next number for each table, and one for what belongs to none.
    sequences: Vec<u64>,
    windows: Vec<(u64, u64)>,
    rows: usize,
    past: Past,
}

/// Most tenants of a world; the oldest makes room.
const MOST_TENANTS: usize = 64;

/// Where the numbers of a tenant begin.
fn far(name: &str) -> u64 {
    // FNV-1a, so that the order in which tenants come does not matter.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    (hash % 997 + 1) * 1_000_000
}

impl World {
    /// A world whose resources have these names, in the engine's order, with these rows at start.
    pub(crate) fn new(names: Vec<String>, rows: Vec<(usize, Row)>, max_rows: usize) -> Self {
        let tables: Vec<Arc<Table>> = names.iter().map(|_| Arc::default()).collect();
        let mut seed = State { sequences: vec![0; tables.len() + 1], tables, ..State::default() };
        for (resource, row) in rows {
            if seed.table(resource).is_some_and(|table| table.insert(row).is_ok()) {
                seed.rows += 1;
            }
        }
        let start = Arc::new(Start { names, seed, max_rows });
        Self { state: Mutex::new(start.seed.clone()), start, tenants: Mutex::default() }
    }

    /// Another world with the same start.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self { start: self.start.clone(), state: Mutex::new(self.start.seed.clone()), tenants: Mutex::default() }
    }

    /// Makes everything as it was at start.
    pub fn reset(&self) {
        *self.state.lock() = self.start.seed.clone();
        self.tenants.lock().clear();
    }

    /// The world of another tenant, made on first use. It starts without rows, and counts its ids far from those of
    /// others, so that what one tenant has no other has.
    pub(crate) fn tenant(&self, name: &str) -> Arc<Self> {
        let mut tenants = self.tenants.lock();
        if let Some(known) = tenants.get(name) {
            return known.clone();
        }
        let tables = self.start.names.iter().map(|_| Arc::default()).collect();
        let seed = State { tables, sequences: vec![far(name); self.start.names.len() + 1], ..State::default() };
        let start = Start { names: self.start.names.clone(), seed: seed.clone(), max_rows: self.start.max_rows };
        let world = Arc::new(Self { start: Arc::new(start), state: Mutex::new(seed), tenants: Mutex::default() });
        if tenants.len() >= MOST_TENANTS {
            tenants.shift_remove_index(0);
        }
        tenants.insert(name.into(), world.clone());
        world
    }

    /// Whether this world, or that of one of its tenants, has what another one lacked.
    pub(crate) fn has_elsewhere(&self, reads: &Reads, lacked: &Snapshot) -> bool {
        let wanted = Reads { sequence: 0, page: None, taken: Vec::new(), ..reads.clone() };
        let has = |world: &Self| {
            let found = world.fetch(&wanted, &View::default());
            let parents = || found.exist.iter().zip(&lacked.exist).any(|(here, there)| *here && !there);
            found.item.is_some() && lacked.item.is_none() || parents()
        };
        has(self) || self.tenants.lock().values().any(|tenant| has(tenant))
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.state.lock().rows
    }

    /// All rows, by resource name, oldest first.
    #[must_use]
    pub fn export(&self) -> IndexMap<String, Vec<Value>> {
        let state = self.state.lock();
        let each = self.start.names.iter().zip(&state.tables);
        each.map(|(name, table)| {
            let rows = table.scope(None).oldest_first(0);
            let rows = rows.map(|row| serde_json::from_slice(&row.json).unwrap_or(Value::Null)).collect();
            (name.clone(), rows)
        })
        .collect()
    }

    /// Counts a request in each rate-limit window (its length in seconds) and returns the counts, itself included.
    pub(crate) fn count(&self, lengths: impl ExactSizeIterator<Item = u64>, now: u64) -> Vec<u64> {
        let mut state = self.state.lock();
        state.windows.resize(lengths.len(), (0, 0));
        let windows = lengths.zip(&mut state.windows);
        windows
            .map(|(length, (window, count))| {
                let current = now / length.max(1);
                if *window != current {
                    (*window, *count) = (current, 0);
                }
                *count += 1;
                *count
            })
            .collect()
    }

    /// Lets every read see the newest state.
    pub(crate) fn forget_past(&self) {
        self.state.lock().past.forget();
    }

    pub(crate) fn fetch(&self, reads: &Reads, view: &View) -> Snapshot {
        let mut state = self.state.lock();
        let sequence = state.number(reads).map_or(0, |number| {
            *number += reads.sequence;
            *number - reads.sequence
        });
        let main = reads.item.as_ref().map(|(resource, _)| *resource).or(reads.page.as_ref().map(|query| query.resource));
        let past = main.and_then(|resource| state.past.table(resource, view));
        let table = |resource: usize| state.tables.get(resource);
        let seen = |resource: usize| past.as_ref().or_else(|| table(resource));
        Snapshot {
            item: reads.item.as_ref().and_then(|(resource, key)| {
                let table = seen(*resource)?;
                table.get(key).or_else(|| table.get(reads.item_else.as_ref()?)).cloned()
            }),
            taken: reads.taken.iter().map(|(resource, key)| table(*resource)?.get(key).cloned()).collect(),
            exist: reads.exist.iter().map(|(resource, key)| table(*resource).is_some_and(|rows| rows.get(key).is_some())).collect(),
            page: reads.page.as_ref().and_then(|query| Some(page(seen(query.resource)?, query))).unwrap_or_default(),
            sequence,
            room: self.start.max_rows.saturating_sub(state.rows),
            max_rows: self.start.max_rows,
            stale: past.is_some(),
        }
    }

    /// Gives back the numbers that were taken for what did not come about, unless others were taken since.
    pub(crate) fn give_back(&self, reads: &Reads, snapshot: &Snapshot) {
        if let Some(number) = self.state.lock().number(reads).filter(|number| **number == snapshot.sequence + reads.sequence) {
            *number = snapshot.sequence;
        }
    }

    /// Does all writes or none.
    pub(crate) fn commit(&self, writes: Vec<Write>, view: &View) -> Result<(), Conflict> {
        if writes.is_empty() {
            return Ok(());
        }
        let mut state = self.state.lock();
        let state = &mut *state;
        let new = writes.iter().filter(|write| matches!(write, Write::Insert { .. })).count();
        let full = new > 0 && state.rows + new > self.start.max_rows;
        if full || !writes.iter().all(|write| holds(&state.tables, write)) {
            return Err(Conflict);
        }
        if view.remembers {
            state.past.remember(&state.tables, &writes, view);
        }
        for write in writes {
            match write {
                Write::Insert { resource, row } => {
                    if state.table(resource).is_some_and(|table| table.insert(row).is_ok()) {
                        state.rows += 1;
                    }
                }
                Write::Replace { resource, key, json, parents, conforms, .. } => {
                    if let Some(table) = state.table(resource) {
                        table.replace(&key, json, parents, conforms);
                    }
                }
                Write::Delete { resource, key, .. } => {
                    if state.table(resource).and_then(|table| table.remove(&key)).is_some() {
                        state.rows -= 1;
                    }
                }
            }
        }
        Ok(())
    }
}

impl State {
    /// A table to write to.
    fn table(&mut self, resource: usize) -> Option<&mut Table> {
        self.tables.get_mut(resource).map(Arc::make_mut)
    }

    fn number(&mut self, reads: &Reads) -> Option<&mut u64> {
        let position = reads.numbered.unwrap_or(self.tables.len());
        self.sequences.get_mut(position)
    }
}

/// Whether the state still is what the write was decided on.
fn holds(tables: &[Arc<Table>], write: &Write) -> bool {
    let version = |resource: &usize, key: &str| tables.get(*resource).and_then(|table| table.get(key)).map(|row| row.version);
    match write {
        Write::Insert { resource, row } => version(resource, &row.key).is_none(),
        Write::Replace { resource, key, version: seen, .. } | Write::Delete { resource, key, version: seen } => {
            version(resource, key) == Some(*seen)
        }
    }
}

fn page(table: &Table, query: &PageQuery) -> Page {
    let scope = table.scope(query.parent.as_ref().map(|(position, key)| (*position, key.as_str())));
    if !query.others.is_empty() {
        let rows: Box<dyn Iterator<Item = &Row>> =
            if query.newest_first { Box::new(scope.newest_first(0)) } else { Box::new(scope.oldest_first(0)) };
        return chosen(&rows.filter(|row| hangs_on(row, &query.others)).collect::<Vec<_>>(), query);
    }
    let total = scope.len();
    let after = query.after.as_deref().filter(|_| !query.scan).map(|after| scope.behind(after, query.newest_first));
    if after == Some(None) {
        return Page { total, lost: true, ..Page::default() };
    }
    let skip = if query.scan { 0 } else { after.flatten().unwrap_or(query.skip) };
    let take = query.take.unwrap_or(total);
    let rows = if query.newest_first { cut(scope.newest_first(skip), take) } else { cut(scope.oldest_first(skip), take) };
    let names =
        if query.newest_first { names(scope.newest_first(skip), take, query) } else { names(scope.oldest_first(skip), take, query) };
    Page { rows, names, total, skipped: skip, lost: false }
}

/// The page of rows that were chosen one by one.
fn chosen(rows: &[&Row], query: &PageQuery) -> Page {
    let total = rows.len();
    let after = query.after.as_deref().filter(|_| !query.scan).map(|after| rows.iter().position(|row| row.is_called(after)));
    if after == Some(None) {
        return Page { total, lost: true, ..Page::default() };
    }
    let skip = if query.scan { 0 } else { after.flatten().map_or(query.skip, |position| position + 1) };
    let take = query.take.unwrap_or(total);
    let wanted = || rows.iter().copied().skip(skip);
    Page { rows: cut(wanted(), take), names: names(wanted(), take, query), total, skipped: skip, lost: false }
}

fn hangs_on(row: &Row, parents: &[(usize, String)]) -> bool {
    parents.iter().all(|(position, key)| row.parents.get(*position).and_then(Option::as_deref).is_none_or(|known| known == key))
}

fn cut<'t>(rows: impl Iterator<Item = &'t Row>, take: usize) -> Vec<(bytes::Bytes, bool)> {
    rows.take(take).map(|row| (row.json.clone(), row.conforms)).collect()
}

fn names<'t>(rows: impl Iterator<Item = &'t Row>, take: usize, query: &PageQuery) -> Vec<(Box<str>, u32)> {
    let take = if query.named { take } else { 0 };
    rows.take(take).map(|row| (row.key.clone(), row.version)).collect()
}
