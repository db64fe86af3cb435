//! What a sandbox was asked and what it answered, with the reason: the newest exchanges, bounded by count and bytes.
//!
//! An exchange is written down as one block of text, in the shape of HTTP. Keeping the request as it is was
//! rejected: its header map is several times the text, and its parts hold on to the connection's whole read buffer,
//! so that the bound would not bound memory. Secrets are blotted out when an entry is shown, not when it is written.

mod entry;
mod record;
mod redact;
mod wanted;

use std::collections::VecDeque;

use parking_lot::Mutex;

pub use entry::{Entry, Header, Message, Refusal, RequestEntry, ResponseEntry, Wrong};
pub(crate) use record::{Decided, Record};
pub(crate) use redact::Redactor;
pub(crate) use wanted::{Statuses, Wanted};

/// Most entries of a journal.
const MAX_ENTRIES: usize = 1_000;
/// Most bytes of a journal.
const MAX_BYTES: usize = 4 << 20;

/// The newest exchanges of one sandbox, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    records: VecDeque<Record>,
    bytes: usize,
    counts: Counts,
}

/// How much a journal has seen since it was last cleared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Exchanges in all.
    pub(crate) exchanges: u64,
    /// Exchanges that fell out because newer ones needed the room.
    pub(crate) forgotten: u64,
    /// Responses that did not conform to the document.
    pub(crate) defects: u64,
}

impl Journal {
    /// Adds an exchange, and numbers it.
    pub(crate) fn add(&self, mut record: Record) {
        let size = record.size();
        let mut fallen: Option<Record> = None;
        let mut kept = self.kept.lock();
        kept.counts.exchanges += 1;
        kept.counts.defects += record.defects();
        record.number = kept.counts.exchanges;
        kept.bytes += size;
        kept.records.push_back(record);
        while kept.records.len() > MAX_ENTRIES || (kept.bytes > MAX_BYTES && kept.records.len() > 1) {
            let Some(oldest) = kept.records.pop_front() else { break };
            kept.bytes -= oldest.size();
            kept.counts.forgotten += 1;
            // Mostly one falls for one that comes: that one is freed after the lock.
            fallen = Some(oldest);
        }
        drop(kept);
        drop(fallen);
    }

    pub(crate) fn clear(&self) {
        let _old = std::mem::take(&mut *self.kept.lock());
    }

    pub(crate) fn counts(&self) -> Counts {
        self.kept.lock().counts
    }

    /// What `show` makes of the newest `limit` records for which it makes anything, oldest first.
    pub(crate) fn newest<T>(&self, limit: usize, show: impl Fn(&Record) -> Option<T>) -> Vec<T> {
        let kept = self.kept.lock();
        let mut found: Vec<T> = kept.records.iter().rev().filter_map(show).take(limit).collect();
        found.reverse();
        found
    }
}
