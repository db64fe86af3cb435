//! Following a journal: what came since a position, in the order in which it was written down.
//!
//! Numbers would not do as positions: of two requests at once the one that came second may be written down first.

use tokio::sync::watch;

use super::{Journal, Kept, Record};

/// How far somebody who follows a journal has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// How many exchanges are behind, of those since the journal was last cleared.
    added: u64,
    clearings: u64,
}

/// What came since a position.
#[derive(Debug)]
pub(crate) struct Since<T> {
    /// Whether the journal was cleared.
    pub(crate) cleared: bool,
    /// How many exchanges fell out of the journal before they could be shown.
    pub(crate) missed: u64,
    /// The exchanges, oldest first.
    pub(crate) shown: Vec<T>,
}

impl Kept {
    /// How many exchanges fell out.
    fn fallen(&self) -> u64 {
        self.counts.exchanges - self.records.len() as u64
    }
}

impl Journal {
    /// Wakes those who wait; where nobody does, that is a look at a counter.
    pub(super) fn tell(&self) {
        if self.arrived.receiver_count() > 0 {
            self.arrived.send_replace(());
        }
    }

    /// Changes when an exchange is added or all are forgotten, and ends with the sandbox.
    pub(crate) fn arrivals(&self) -> watch::Receiver<()> {
        self.arrived.subscribe()
    }

    /// The position behind everything.
    pub(crate) fn end(&self) -> Position {
        let kept = self.kept.lock();
        Position { added: kept.counts.exchanges, clearings: kept.clearings }
    }

    /// The position behind the exchange of a number. Where that fell out, it is before what is kept; where there is
    /// no such number yet, the journal was cleared since, and it is at the beginning.
    pub(crate) fn behind(&self, number: u64) -> Position {
        let kept = self.kept.lock();
        let found = kept.records.iter().position(|record| record.number == number);
        let newest = kept.records.iter().map(|record| record.number).max().unwrap_or_default();
        let added = match found {
            Some(position) => kept.fallen() + position as u64 + 1,
            // Numbers are given in the order of exchanges, as far as that is known of those that fell out.
            None if number <= newest => number.min(kept.fallen()),
            None => 0,
        };
        Position { added, clearings: kept.clearings }
    }

    /// What `show` makes of the next `limit` exchanges behind a position, which moves behind them.
    pub(crate) fn since<T>(&self, position: &mut Position, limit: usize, show: impl Fn(&Record) -> T) -> Since<T> {
        let kept = self.kept.lock();
        let cleared = position.clearings != kept.clearings;
        if cleared {
            *position = Position { added: 0, clearings: kept.clearings };
        }
        let missed = kept.fallen().saturating_sub(position.added);
        position.added += missed;
        let skip = usize::try_from(position.added - kept.fallen()).unwrap_or(usize::MAX);
        let shown: Vec<T> = kept.records.iter().skip(skip).take(limit).map(show).collect();
        position.added += shown.len() as u64;
        Since { cleared, missed, shown }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::record, *};
    use crate::journal::Room;

    fn add(journal: &Journal, count: usize) {
        (0..count).for_each(|_| journal.add(record(journal.number(), b"{}")));
    }

    fn next(journal: &Journal, position: &mut Position) -> (bool, u64, Vec<u64>) {
        let since = journal.since(position, 2, |record| record.number);
        (since.cleared, since.missed, since.shown)
    }

    #[test]
    fn everything_comes_once_and_what_was_missed_is_counted() {
        let journal = Journal::new(Room { entries: 3, ..Room::default() });
        add(&journal, 1);
        let mut position = journal.end();
        assert_eq!(next(&journal, &mut position), (false, 0, vec![]));
        add(&journal, 3);
        assert_eq!(next(&journal, &mut position), (false, 0, vec![2, 3]));
        add(&journal, 5);
        assert_eq!(next(&journal, &mut position), (false, 3, vec![7, 8]));
        journal.clear();
        add(&journal, 1);
        assert_eq!(next(&journal, &mut position), (true, 0, vec![1]));
        assert_eq!(next(&journal, &mut position), (false, 0, vec![]));
    }

    #[test]
    fn a_number_is_found_again_as_far_as_it_is_kept() {
        let journal = Journal::new(Room { entries: 3, ..Room::default() });
        add(&journal, 6);
        for (number, missed, shown) in [(0, 3, vec![4, 5]), (2, 1, vec![4, 5]), (4, 0, vec![5, 6]), (6, 0, vec![]), (99, 3, vec![4, 5])] {
            let mut position = journal.behind(number);
            assert_eq!(next(&journal, &mut position), (false, missed, shown), "{number}");
        }
    }

    #[test]
    fn who_waits_is_told_of_what_comes_and_of_the_end() {
        let journal = Journal::default();
        let arrivals = journal.arrivals();
        assert!(!arrivals.has_changed().unwrap());
        add(&journal, 1);
        assert!(arrivals.has_changed().unwrap());
        drop(journal);
        assert!(arrivals.has_changed().is_err());
    }
}
