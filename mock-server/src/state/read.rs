//! What the engine asks of the state and what it wants done to it, as data.

use std::sync::Arc;

use bytes::Bytes;

use super::Row;

/// What an exchange needs to know of the state.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// The item that the request names: index of the resource, key.
    pub item: Option<(usize, String)>,
    /// The key by which the item is known where nobody knows its parents.
    pub item_else: Option<String>,
    /// Keys that new rows are to have: index of the resource, key.
    pub taken: Vec<(usize, String)>,
    /// Rows whose existence matters: index of the resource, key.
    pub exist: Vec<(usize, String)>,
    /// A list.
    pub page: Option<PageQuery>,
    /// How many sequence numbers to take, for ids.
    pub sequence: u64,
    /// Index of the resource whose numbers they are; none: those of operations without one.
    pub numbered: Option<usize>,
}

/// What is asked of a list.
#[derive(Clone, Debug)]
pub struct PageQuery {
    /// Index of the resource.
    pub resource: usize,
    /// Position of a parent among the resource's parents, and its key: only rows under it.
    pub parent: Option<(usize, String)>,
    /// Other parents with their keys: of the rows in scope only those that hang on these too, or on none that is known.
    pub others: Vec<(usize, String)>,
    /// Whether the newest row comes first.
    pub newest_first: bool,
    /// Rows to pass over.
    pub skip: usize,
    /// Most rows to return; none: all.
    pub take: Option<usize>,
    /// Whether all rows of the scope are needed, because a filter chooses among them.
    pub scan: bool,
    /// The key of the row before the first one wanted.
    pub after: Option<String>,
    /// Whether rows come with their keys and versions, to be written to.
    pub named: bool,
}

/// The answer to [`Reads`], as of one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The item, if it is there.
    pub item: Option<Row>,
    /// For each of [`Reads::taken`]: the row that has the key.
    pub taken: Vec<Option<Row>>,
    /// For each of [`Reads::exist`]: whether it is there.
    pub exist: Vec<bool>,
    /// The list.
    pub page: Page,
    /// The first sequence number taken.
    pub sequence: u64,
    /// How many more rows there is room for.
    pub room: usize,
    /// Whether there is none because the memory for all sandboxes is taken.
    pub is_short: bool,
    /// How many rows there may be in all.
    pub max_rows: usize,
    /// Whether the item or the list is as it was before the latest writes.
    pub stale: bool,
}

/// Rows of a list.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The rows as JSON text, with whether each conforms to the schema.
    pub rows: Vec<(Bytes, bool)>,
    /// The key and the version of each row, where [`PageQuery::named`] asks for them.
    pub names: Vec<(Box<str>, u32)>,
    /// How many rows the scope has in all.
    pub total: usize,
    /// How many rows of the scope were passed over.
    pub skipped: usize,
    /// Whether no row of the scope has the key of [`PageQuery::after`].
    pub lost: bool,
}

/// What must become of the state.
#[derive(Clone, Debug)]
pub enum Write {
    /// A new row, at version 0.
    Insert {
        /// Index of the resource.
        resource: usize,
        /// The row.
        row: Row,
    },
    /// Other text for a row.
    Replace {
        /// Index of the resource.
        resource: usize,
        /// The key of the row.
        key: Box<str>,
        /// The version that the snapshot had.
        version: u32,
        /// The new text.
        json: Bytes,
        /// The keys of its parents, as [`Row::parents`].
        parents: Box<[Option<Arc<str>>]>,
        /// Whether the new text conforms to the resource's schema.
        conforms: bool,
    },
    /// A row goes.
    Delete {
        /// Index of the resource.
        resource: usize,
        /// The key of the row.
        key: Box<str>,
        /// The version that the snapshot had.
        version: u32,
    },
}

impl Write {
    /// The index of the resource.
    pub(super) fn resource(&self) -> usize {
        match self {
            Self::Insert { resource, .. } | Self::Replace { resource, .. } | Self::Delete { resource, .. } => *resource,
        }
    }
}

/// The state changed between snapshot and commit; nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict;
