//! The state in memory.

use std::sync::Arc;

use indexmap::IndexMap;
use parking_lot::Mutex;

use super::{Conflict, Contents, Counted, Holding, Meter, Reads, Row, Snapshot, View, Write, page::page, table::Table};

/// One sandbox's state for one document. Its lock is held for a look-up or a write, never while the engine thinks.
#[derive(Debug)]
pub struct World {
    start: Arc<Start>,
    /// Shared with the start until it is written to, so that a world costs what is changed in it.
    state: Mutex<Contents>,
    meter: Arc<Meter>,
    /// The worlds of other tenants, by name.
    tenants: Mutex<IndexMap<Box<str>, Arc<World>>>,
}

/// What a world begins with, shared by all worlds of a document.
#[derive(Debug)]
struct Start {
    names: Vec<String>,
    seed: Contents,
    max_rows: usize,
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
        let mut seed = Contents { sequences: vec![0; tables.len() + 1], tables, ..Contents::default() };
        for (resource, row) in rows {
            if seed.table(resource).is_some_and(|table| table.insert(row).is_ok()) {
                seed.rows += 1;
            }
        }
        // What all worlds share is nobody's.
        (seed.bytes, seed.costs) = (0, Vec::new());
        let start = Arc::new(Start { names, seed, max_rows });
        Self::beginning(start)
    }

    fn beginning(start: Arc<Start>) -> Self {
        Self { state: Mutex::new(start.seed.clone()), start, meter: Arc::default(), tenants: Mutex::default() }
    }

    /// Another world with the same start.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self::beginning(self.start.clone())
    }

    /// Another world that holds what this one does, its tenants included.
    #[must_use]
    pub fn fork(&self) -> Self {
        let new = self.fresh();
        new.set(self.contents());
        let tenants = self.tenants.lock();
        *new.tenants.lock() = tenants.iter().map(|(name, world)| (name.clone(), Arc::new(world.fork()))).collect();
        new
    }

    /// Lets what this world takes count here.
    #[must_use]
    pub fn metered(mut self, meter: Arc<Meter>) -> Self {
        for tenant in self.tenants.get_mut().values_mut() {
            let fork = tenant.fork().metered(meter.clone());
            *tenant = Arc::new(fork);
        }
        let bytes = self.state.get_mut().bytes;
        self.meter.add(-bytes);
        meter.add(bytes);
        self.meter = meter;
        self
    }

    /// Makes everything as it was at start.
    pub fn reset(&self) {
        self.set(self.start.seed.clone());
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
        let seed = Contents { tables, sequences: vec![far(name); self.start.names.len() + 1], ..Contents::default() };
        let start = Start { names: self.start.names.clone(), seed, max_rows: self.start.max_rows };
        let world = Arc::new(Self::beginning(Arc::new(start)).metered(self.meter.clone()));
        if tenants.len() >= MOST_TENANTS {
            tenants.shift_remove_index(0);
        }
        tenants.insert(name.into(), world.clone());
        world
    }

    /// The worlds of other tenants, by name.
    pub(crate) fn tenants(&self) -> Vec<(Box<str>, Arc<Self>)> {
        self.tenants.lock().iter().map(|(name, world)| (name.clone(), world.clone())).collect()
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

    /// Lets every read see the newest state.
    pub(crate) fn forget_past(&self) {
        self.state.lock().past.forget();
    }

    /// What it holds now.
    #[must_use]
    pub fn contents(&self) -> Contents {
        self.state.lock().clone()
    }

    /// Puts this in the place of what it holds.
    pub fn set(&self, view: Contents) {
        let bytes = view.bytes;
        let old = std::mem::replace(&mut *self.state.lock(), view);
        self.meter.add(bytes - old.bytes);
    }

    /// Changes what it holds; an error changes nothing. Nothing else goes on meanwhile.
    ///
    /// # Errors
    /// What the change returns.
    pub fn change<T, E>(&self, change: impl FnOnce(&mut Contents) -> Result<T, E>) -> Result<T, E> {
        let mut state = self.state.lock();
        let mut view = state.clone();
        let done = change(&mut view)?;
        self.meter.add(view.bytes - state.bytes);
        *state = view;
        Ok(done)
    }

    /// Takes a number of a resource, for an id.
    #[must_use]
    pub fn number(&self, resource: Option<usize>) -> u64 {
        self.fetch(&Reads { sequence: 1, numbered: resource, ..Reads::default() }, &View::default()).sequence
    }

    /// Begins all windows of limits anew.
    pub fn clear_windows(&self) {
        self.state.lock().clear_windows();
    }

    /// Says that a resource has given out so many numbers at least.
    pub fn count_on(&self, resource: usize, minted: u64) {
        let mut state = self.state.lock();
        let minted = state.minted(Some(resource)).max(minted);
        state.set_minted(Some(resource), minted);
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.state.lock().rows
    }

    /// How many there may be.
    #[must_use]
    pub fn max_rows(&self) -> usize {
        self.start.max_rows
    }

    /// The names of the resources, in the engine's order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.start.names
    }

    /// Counts a request by the limits that hold for it, at a moment in Unix milliseconds.
    pub(crate) fn count(&self, holding: &[Holding<'_>], now: i64, enforced: bool) -> Counted {
        self.state.lock().windows.count(holding, now, enforced)
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
        let is_short = self.meter.is_over();
        Snapshot {
            item: reads.item.as_ref().and_then(|(resource, key)| {
                let table = seen(*resource)?;
                table.get(key).or_else(|| table.get(reads.item_else.as_ref()?)).cloned()
            }),
            taken: reads.taken.iter().map(|(resource, key)| table(*resource)?.get(key).cloned()).collect(),
            exist: reads.exist.iter().map(|(resource, key)| table(*resource).is_some_and(|rows| rows.get(key).is_some())).collect(),
            page: reads.page.as_ref().and_then(|query| Some(page(seen(query.resource)?, query))).unwrap_or_default(),
            sequence,
            room: if is_short { 0 } else { self.start.max_rows.saturating_sub(state.rows) },
            is_short,
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
        let before = state.bytes;
        for write in writes {
            state.write(write);
        }
        self.meter.add(state.bytes - before);
        Ok(())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.meter.add(-self.state.get_mut().bytes);
    }
}

impl Contents {
    fn write(&mut self, write: Write) {
        let (resource, change) = match write {
            Write::Insert { resource, row } => {
                let Some(table) = self.table(resource) else { return };
                let (before, text) = (table.structure(), row.bytes());
                if table.insert(row).is_err() {
                    return;
                }
                let change = text + table.structure() - before;
                self.rows += 1;
                (resource, change)
            }
            Write::Replace { resource, key, json, parents, conforms, .. } => {
                let Some(table) = self.table(resource) else { return };
                let bytes = |table: &Table| table.get(&key).map_or(0, Row::bytes);
                let before = bytes(table);
                table.replace(&key, json, parents, conforms);
                (resource, bytes(table) - before)
            }
            Write::Delete { resource, key, .. } => {
                let Some(row) = self.table(resource).and_then(|table| table.remove(&key)) else { return };
                self.rows -= 1;
                (resource, -row.bytes())
            }
        };
        self.add_cost(resource, change);
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
