//! What the tables were before the latest writes, for reads that lag behind them.
//!
//! Kept only while somebody asked for such reads. A moment shares the tables of its time, so it costs a copy of each
//! table that was written to since.

use std::{collections::VecDeque, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Write, table::Table};

/// Most writes that are remembered; older ones are seen by all.
const MOMENTS: usize = 256;

/// How far reads lag behind a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lag {
    /// For so long.
    Time(TimeDelta),
    /// For so many reads.
    Reads(u64),
}

/// How an exchange looks at the state, and what of it is remembered.
#[derive(Clone, Copy, Debug, Default)]
pub struct View {
    /// The time.
    pub now: DateTime<Utc>,
    /// Whether the exchange only reads: what is written is always decided on the newest state.
    pub reads: bool,
    /// How far this read lags behind all writes.
    pub stale: Option<Lag>,
    /// How far all reads lag behind what this exchange writes.
    pub hides: Option<Lag>,
    /// Whether the state before a write is kept.
    pub remembers: bool,
}

/// The latest writes, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    moments: VecDeque<Moment>,
}

#[derive(Clone, Debug)]
struct Moment {
    at: DateTime<Utc>,
    /// The resources that were written to, with their rows before.
    before: Vec<(usize, Arc<Table>)>,
    hidden: Option<Lag>,
    /// How many reads came since.
    reads: u64,
}

impl Moment {
    fn is_within(&self, lag: Option<Lag>, now: DateTime<Utc>) -> bool {
        match lag {
            None => false,
            Some(Lag::Time(lag)) => now.signed_duration_since(self.at) < lag,
            Some(Lag::Reads(reads)) => self.reads < reads,
        }
    }

    fn table(&self, resource: usize) -> Option<&Arc<Table>> {
        self.before.iter().find(|(written, _)| *written == resource).map(|(_, table)| table)
    }
}

impl Past {
    /// Keeps what is about to be written over.
    pub(super) fn remember(&mut self, tables: &[Arc<Table>], writes: &[Write], view: &View) {
        let mut before: Vec<(usize, Arc<Table>)> = Vec::new();
        for resource in writes.iter().map(Write::resource) {
            if let Some(table) = tables.get(resource).filter(|_| before.iter().all(|(known, _)| *known != resource)) {
                before.push((resource, table.clone()));
            }
        }
        self.moments.push_back(Moment { at: view.now, before, hidden: view.hides, reads: 0 });
        if self.moments.len() > MOMENTS {
            self.moments.pop_front();
        }
    }

    /// The rows of a resource as a read that lags sees them; `None` when it sees the newest.
    pub(super) fn table(&mut self, resource: usize, view: &View) -> Option<Arc<Table>> {
        if self.moments.is_empty() || !view.reads {
            return None;
        }
        let is_hidden = |moment: &Moment| moment.is_within(moment.hidden, view.now) || moment.is_within(view.stale, view.now);
        let written = self.moments.iter().filter(|moment| moment.table(resource).is_some());
        let seen = written.filter(|moment| is_hidden(moment)).find_map(|moment| moment.table(resource)).cloned();
        for moment in self.moments.iter_mut().filter(|moment| moment.table(resource).is_some()) {
            moment.reads += 1;
        }
        seen
    }

    /// Lets every read see the newest state.
    pub(super) fn forget(&mut self) {
        self.moments.clear();
    }
}
