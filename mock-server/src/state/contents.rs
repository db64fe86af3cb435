//! The state of one moment, to be looked at while requests go on, and to be put in the place of what is there.

use std::sync::Arc;

use super::{Row, Window, past::Past, table::Table, windows::Windows};

/// What a world holds. A copy costs a few counters: tables are shared until they are written to.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    pub(super) tables: Vec<Arc<Table>>,
    /// The next number for each table, and one for what belongs to none.
    pub(super) sequences: Vec<u64>,
    pub(super) windows: Windows,
    pub(super) rows: usize,
    pub(super) past: Past,
    /// The memory that each table takes, about; nothing for one that is as it was at start.
    pub(super) costs: Vec<i64>,
    /// The sum of it.
    pub(super) bytes: i64,
}

impl Contents {
    /// The rows of a resource, oldest first.
    pub fn rows(&self, resource: usize) -> impl ExactSizeIterator<Item = &Row> {
        let scope = self.tables.get(resource).map(|table| table.scope(None));
        let rows: Vec<&Row> = scope.iter().flat_map(|scope| scope.oldest_first(0)).collect();
        rows.into_iter()
    }

    /// How many rows there are in all.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The row with this key.
    #[must_use]
    pub fn get(&self, resource: usize, key: &str) -> Option<&Row> {
        self.tables.get(resource)?.get(key)
    }

    /// Whether a row has this key.
    #[must_use]
    pub fn has(&self, resource: usize, key: &str) -> bool {
        self.get(resource, key).is_some()
    }

    /// The rows that are found by a key: the one that has it, else those that have it below parents.
    #[must_use]
    pub fn called(&self, resource: usize, key: &str) -> Vec<&Row> {
        let Some(table) = self.tables.get(resource) else { return Vec::new() };
        match table.get(key) {
            Some(row) => vec![row],
            None => table.scope(None).oldest_first(0).filter(|row| row.is_called(key)).collect(),
        }
    }

    /// How many numbers a resource has given out; `None`: those of operations without one.
    #[must_use]
    pub fn minted(&self, resource: Option<usize>) -> u64 {
        self.sequences.get(resource.unwrap_or(self.tables.len())).copied().unwrap_or(0)
    }

    /// Says that a resource has given out so many numbers.
    pub fn set_minted(&mut self, resource: Option<usize>, minted: u64) {
        let position = resource.unwrap_or(self.tables.len());
        if let Some(place) = self.sequences.get_mut(position) {
            *place = minted;
        }
    }

    /// The windows of limits that have begun: whose requests they count, position of the limit, window.
    pub fn windows(&self) -> impl Iterator<Item = (&str, usize, Window)> {
        self.windows.all()
    }

    /// Puts a window there.
    pub fn set_window(&mut self, key: &str, limit: usize, window: Window) {
        self.windows.put(key, limit, window);
    }

    /// Forgets all windows.
    pub fn clear_windows(&mut self) {
        self.windows = Windows::default();
    }

    /// Puts these rows in the place of a resource's. The position of one whose key another one has is returned, and then
    /// nothing is changed.
    ///
    /// # Errors
    /// When two have the same key.
    pub fn set_rows(&mut self, resource: usize, rows: Vec<Row>) -> Result<(), usize> {
        let mut table = Table::default();
        let count = rows.len();
        for (position, row) in rows.into_iter().enumerate() {
            table.insert(row).map_err(|_| position)?;
        }
        if let Some(place) = self.tables.get_mut(resource) {
            self.rows = self.rows - place.scope(None).len() + count;
            let cost = table.bytes();
            *place = Arc::new(table);
            self.set_cost(resource, cost);
        }
        Ok(())
    }

    /// A table to write to. One that was shared until now is copied, and its copy is counted.
    pub(super) fn table(&mut self, resource: usize) -> Option<&mut Table> {
        let shared = self.tables.get(resource).filter(|table| Arc::strong_count(table) > 1);
        if let Some(cost) = shared.map(|table| table.bytes()) {
            self.set_cost(resource, cost);
        }
        self.tables.get_mut(resource).map(Arc::make_mut)
    }

    /// Says that a table takes so much more.
    pub(super) fn add_cost(&mut self, resource: usize, bytes: i64) {
        self.set_cost(resource, self.costs.get(resource).copied().unwrap_or(0) + bytes);
    }

    fn set_cost(&mut self, resource: usize, bytes: i64) {
        if self.costs.len() <= resource {
            self.costs.resize(resource + 1, 0);
        }
        if let Some(place) = self.costs.get_mut(resource) {
            self.bytes += bytes - *place;
            *place = bytes;
        }
    }
}
