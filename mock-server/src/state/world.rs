//! The state in memory.

use std::sync::Arc;

use parking_lot::Mutex;

use super::{Conflict, Counted, Holding, Meter, Page, PageQuery, Reads, Row, Snapshot, View, Write, table::Table};

/// One sandbox's state for one document. Its lock is held for a look-up or a write, never while the engine thinks.
#[derive(Debug)]
pub struct World {
    start: Arc<Start>,
    /// Shared with the start until it is written to, so that a world costs what is changed in it.
    state: Mutex<View>,
    meter: Arc<Meter>,
}

/// What a world begins with, shared by all worlds of a document.
#[derive(Debug)]
struct Start {
    names: Vec<String>,
    seed: View,
    max_rows: usize,
}

impl World {
    /// A world whose resources have these names, in the engine's order, with these rows at start.
    pub(crate) fn new(names: Vec<String>, rows: Vec<(usize, Row)>, max_rows: usize) -> Self {
        let tables: Vec<Arc<Table>> = names.iter().map(|_| Arc::default()).collect();
        let mut seed = View { sequences: vec![0; tables.len() + 1], tables, ..View::default() };
        for (resource, row) in rows {
            if seed.table(resource).is_some_and(|table| table.insert(row).is_ok()) {
                seed.rows += 1;
            }
        }
        // What all worlds share is nobody's.
        (seed.bytes, seed.costs) = (0, Vec::new());
        let start = Arc::new(Start { names, seed, max_rows });
        Self { state: Mutex::new(start.seed.clone()), start, meter: Arc::default() }
    }

    /// Another world with the same start.
    #[must_use]
    pub fn fresh(&self) -> Self {
        self.holding(self.start.seed.clone())
    }

    /// Another world with the same start, which now holds this.
    #[must_use]
    pub fn holding(&self, view: View) -> Self {
        Self { start: self.start.clone(), state: Mutex::new(view), meter: Arc::default() }
    }

    /// Lets what this world takes count here.
    #[must_use]
    pub fn metered(mut self, meter: Arc<Meter>) -> Self {
        let bytes = self.state.get_mut().bytes;
        self.meter.add(-bytes);
        meter.add(bytes);
        self.meter = meter;
        self
    }

    /// Makes everything as it was at start.
    pub fn reset(&self) {
        self.set(self.start.seed.clone());
    }

    /// What it holds now.
    #[must_use]
    pub fn view(&self) -> View {
        self.state.lock().clone()
    }

    /// Puts this in the place of what it holds.
    pub fn set(&self, view: View) {
        let bytes = view.bytes;
        let old = std::mem::replace(&mut *self.state.lock(), view);
        self.meter.add(bytes - old.bytes);
    }

    /// Changes what it holds; an error changes nothing. Nothing else goes on meanwhile.
    ///
    /// # Errors
    /// What the change returns.
    pub fn change<T, E>(&self, change: impl FnOnce(&mut View) -> Result<T, E>) -> Result<T, E> {
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
        self.fetch(&Reads { sequence: 1, numbered: resource, ..Reads::default() }).sequence
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

    pub(crate) fn fetch(&self, reads: &Reads) -> Snapshot {
        let mut state = self.state.lock();
        let sequence = state.number(reads).map_or(0, |number| {
            *number += reads.sequence;
            *number - reads.sequence
        });
        let table = |resource: usize| state.tables.get(resource);
        let is_short = self.meter.is_over();
        Snapshot {
            item: reads.item.as_ref().and_then(|(resource, key)| {
                let table = table(*resource)?;
                table.get(key).or_else(|| table.get(reads.item_else.as_ref()?)).cloned()
            }),
            taken: reads.taken.iter().map(|(resource, key)| table(*resource)?.get(key).cloned()).collect(),
            exist: reads.exist.iter().map(|(resource, key)| table(*resource).is_some_and(|rows| rows.get(key).is_some())).collect(),
            page: reads.page.as_ref().and_then(|query| Some(page(table(query.resource)?, query))).unwrap_or_default(),
            sequence,
            room: if is_short { 0 } else { self.start.max_rows.saturating_sub(state.rows) },
            is_short,
            max_rows: self.start.max_rows,
        }
    }

    /// Gives back the numbers that were taken for what did not come about, unless others were taken since.
    pub(crate) fn give_back(&self, reads: &Reads, snapshot: &Snapshot) {
        if let Some(number) = self.state.lock().number(reads).filter(|number| **number == snapshot.sequence + reads.sequence) {
            *number = snapshot.sequence;
        }
    }

    /// Does all writes or none.
    pub(crate) fn commit(&self, writes: Vec<Write>) -> Result<(), Conflict> {
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

impl View {
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
    Page { rows, total, skipped: skip, lost: false }
}

/// The page of rows that were chosen one by one.
fn chosen(rows: &[&Row], query: &PageQuery) -> Page {
    let total = rows.len();
    let after = query.after.as_deref().filter(|_| !query.scan).map(|after| rows.iter().position(|row| row.is_called(after)));
    if after == Some(None) {
        return Page { total, lost: true, ..Page::default() };
    }
    let skip = if query.scan { 0 } else { after.flatten().map_or(query.skip, |position| position + 1) };
    Page { rows: cut(rows.iter().copied().skip(skip), query.take.unwrap_or(total)), total, skipped: skip, lost: false }
}

fn hangs_on(row: &Row, parents: &[(usize, String)]) -> bool {
    parents.iter().all(|(position, key)| row.parents.get(*position).and_then(Option::as_deref).is_none_or(|known| known == key))
}

fn cut<'t>(rows: impl Iterator<Item = &'t Row>, take: usize) -> Vec<(bytes::Bytes, bool)> {
    rows.take(take).map(|row| (row.json.clone(), row.conforms)).collect()
}
