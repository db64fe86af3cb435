//! What a sandbox was asked and what it answered, with the reason: the newest exchanges, bounded by count and bytes.
//!
//! An exchange is written down as a block of text, in the shape of HTTP. Keeping the request as it is was
//! rejected: its header map is several times the text, and its parts hold on to the connection's whole read buffer,
//! so that the bound would not bound memory. Secrets are blotted out when an entry is shown, not when it is written.

mod entry;
mod follow;
mod record;
mod redact;
mod verify;
mod wanted;

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicU64, Ordering},
};

use parking_lot::Mutex;
use tokio::sync::watch;

pub use entry::{Entry, Header, Message, Refusal, RequestEntry, ResponseEntry, Wrong};
pub(crate) use follow::{Position, Since};
pub(crate) use record::{Decided, Record};
pub(crate) use redact::Redactor;
pub use verify::{Expectation, Mismatch};
pub(crate) use verify::{Judged, Verification, VerifyRequest, judge};
pub(crate) use wanted::{Statuses, Wanted};

/// How many exchanges a journal keeps, unless that is said.
pub const DEFAULT_JOURNAL_ENTRIES: usize = 1_000;
/// How many bytes a journal takes, unless that is said.
pub const DEFAULT_JOURNAL_BYTES: usize = 4 << 20;

/// How much a journal keeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// Most entries.
    pub(crate) entries: usize,
    /// Most bytes; the newest entry is kept all the same.
    pub(crate) bytes: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { entries: DEFAULT_JOURNAL_ENTRIES, bytes: DEFAULT_JOURNAL_BYTES }
    }
}

/// The newest exchanges of one sandbox, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    room: Room,
    /// How many numbers were given out.
    numbers: AtomicU64,
    kept: Mutex<Kept>,
    /// Wakes those who wait for an exchange, and tells them when the sandbox is no more.
    arrived: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Kept {
    records: VecDeque<Record>,
    bytes: usize,
    counts: Counts,
    /// How often everything was forgotten.
    clearings: u64,
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
    pub(crate) fn new(room: Room) -> Self {
        Self { room, ..Self::default() }
    }

    pub(crate) fn room(&self) -> Room {
        self.room
    }

    /// The number of the next exchange, which can be told to its client before it is written down.
    pub(crate) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Adds an exchange.
    pub(crate) fn add(&self, record: Record) {
        let size = record.size();
        let mut fallen: Option<Record> = None;
        let mut kept = self.kept.lock();
        kept.counts.exchanges += 1;
        kept.counts.defects += record.defects();
        kept.bytes += size;
        kept.records.push_back(record);
        while kept.records.len() > self.room.entries || (kept.bytes > self.room.bytes && kept.records.len() > 1) {
            let Some(oldest) = kept.records.pop_front() else { break };
            kept.bytes -= oldest.size();
            kept.counts.forgotten += 1;
            // Mostly one falls for one that comes: that one is freed after the lock.
            fallen = Some(oldest);
        }
        drop(kept);
        self.tell();
        drop(fallen);
    }

    /// Lets the oldest exchanges fall out until it takes no more than this many bytes, and says how many it takes. The
    /// newest one stays.
    pub(crate) fn shrink(&self, most: usize) -> usize {
        let mut fallen = Vec::new();
        let mut kept = self.kept.lock();
        while kept.bytes > most && kept.records.len() > 1 {
            let Some(oldest) = kept.records.pop_front() else { break };
            kept.bytes -= oldest.size();
            kept.counts.forgotten += 1;
            fallen.push(oldest);
        }
        kept.bytes
    }

    pub(crate) fn clear(&self) {
        let mut kept = self.kept.lock();
        let clearings = kept.clearings + 1;
        let old = std::mem::replace(&mut *kept, Kept { clearings, ..Kept::default() });
        self.numbers.store(0, Ordering::Relaxed);
        drop(kept);
        drop(old);
        self.tell();
    }

    pub(crate) fn counts(&self) -> Counts {
        self.kept.lock().counts
    }

    /// What `show` makes of the oldest `limit` records for which it makes anything, oldest first.
    pub(crate) fn oldest<T>(&self, limit: usize, show: impl Fn(&Record) -> Option<T>) -> Vec<T> {
        in_order(&self.kept.lock().records).into_iter().filter_map(show).take(limit).collect()
    }

    /// What `show` makes of the newest `limit` records for which it makes anything, oldest first.
    pub(crate) fn newest<T>(&self, limit: usize, show: impl Fn(&Record) -> Option<T>) -> Vec<T> {
        let mut found: Vec<T> = in_order(&self.kept.lock().records).into_iter().rev().filter_map(show).take(limit).collect();
        found.reverse();
        found
    }
}

/// Of two requests at once the one that came second may be written down first.
fn in_order(records: &VecDeque<Record>) -> Vec<&Record> {
    let mut sorted: Vec<&Record> = records.iter().collect();
    sorted.sort_by_key(|record| record.number);
    sorted
}

#[cfg(test)]
pub(super) mod tests {
    use bytes::Bytes;
    use chrono::DateTime;
    use http::{HeaderMap, Method, Response, Uri};

    use super::*;
    use crate::engine::Request;

    pub(super) fn record(number: u64, body: &'static [u8]) -> Record {
        let body = Bytes::from_static(body);
        let target = Uri::from_static("/kites?high=1");
        let request = Request { method: Method::POST, target, headers: HeaderMap::new(), body, oversized: false, sandbox: None };
        Record::new(number, DateTime::UNIX_EPOCH, &request, &Response::new(Bytes::from_static(b"up")), Decided::default())
    }

    #[test]
    fn the_oldest_entries_fall_out_when_there_are_too_many() {
        let journal = Journal::default();
        for _ in 0..DEFAULT_JOURNAL_ENTRIES + 3 {
            journal.add(record(journal.number(), b"{}"));
        }
        let numbers = journal.newest(usize::MAX, |record| Some(record.number));
        assert_eq!((numbers.len(), numbers.first(), numbers.last()), (DEFAULT_JOURNAL_ENTRIES, Some(&4), Some(&1_003)));
        assert_eq!(journal.counts(), Counts { exchanges: 1_003, forgotten: 3, defects: 0 });
    }

    #[test]
    fn the_oldest_entries_fall_out_when_they_are_too_large() {
        static BODY: [u8; 60_000] = [b'x'; 60_000];
        let journal = Journal::default();
        for _ in 0..100 {
            journal.add(record(journal.number(), &BODY));
        }
        let kept = journal.newest(usize::MAX, |record| Some(record.size()));
        assert!(kept.iter().sum::<usize>() <= DEFAULT_JOURNAL_BYTES && kept.len() > 60, "{}", kept.len());
        assert_eq!(journal.kept.lock().bytes, kept.iter().sum::<usize>());
    }

    #[test]
    fn a_record_gives_back_what_it_was_made_of() {
        let record = record(1, b"{\"kite\":1}");
        assert_eq!((record.target(), record.request_body(), record.response_body()), ("/kites?high=1", &b"{\"kite\":1}"[..], &b"up"[..]));
    }
}
