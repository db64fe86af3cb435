//! Time: the machine's clock, read here and handed in everywhere else, and the clock of a sandbox, which runs as the
//! machine's does, stands still, or runs at a distance from it.

use std::{pin::pin, time::Duration};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use parking_lot::RwLock;
use tokio::sync::Notify;

/// The time of the machine.
#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// How long is waited in one go; times beyond are waited for again.
const LONGEST: Duration = Duration::from_hours(1);
/// The times that a clock can show, in words.
pub(crate) const RANGE: &str = "a clock shows years 1 to 9999; use a time within them";

/// The last second of the year 9999, in Unix seconds.
const LAST: i64 = 253_402_300_799;

/// A time that a clock can show: texts of times have four digits for the year.
pub(crate) fn within_range(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    (1..=9999).contains(&at.year()).then_some(at)
}

/// How the clock of a sandbox goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Going {
    /// It runs, so far ahead of the machine's.
    Running(TimeDelta),
    /// It stands still.
    Frozen(DateTime<Utc>),
}

/// The clock of a sandbox.
#[derive(Debug)]
pub(crate) struct Clock {
    going: RwLock<Going>,
    /// Told when somebody sets it.
    changed: Notify,
}

impl Default for Clock {
    fn default() -> Self {
        Self { going: RwLock::new(Going::Running(TimeDelta::zero())), changed: Notify::new() }
    }
}

impl Clock {
    /// What it shows when the machine's clock shows `machine`.
    pub(crate) fn read(&self, machine: DateTime<Utc>) -> DateTime<Utc> {
        match *self.going.read() {
            Going::Running(ahead) => machine.checked_add_signed(ahead).and_then(within_range).unwrap_or(machine),
            Going::Frozen(at) => at,
        }
    }

    /// Puts it forward, as far as it can show.
    pub(crate) fn advance(&self, by: Duration) {
        let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        let last = || DateTime::from_timestamp(LAST, 0).unwrap_or_else(now);
        let mut going = self.going.write();
        *going = match *going {
            Going::Frozen(at) => Going::Frozen(at.checked_add_signed(by).and_then(within_range).unwrap_or_else(last)),
            Going::Running(ahead) => {
                let shown = ahead.checked_add(&by).and_then(|ahead| now().checked_add_signed(ahead)).and_then(within_range);
                Going::Running(shown.unwrap_or_else(last) - now())
            }
        };
        drop(going);
        self.changed.notify_waiters();
    }

    pub(crate) fn going(&self) -> Going {
        *self.going.read()
    }

    pub(crate) fn set(&self, going: Going) {
        *self.going.write() = going;
        self.changed.notify_waiters();
    }

    /// Waits until it shows this time; one that stands still shows it when somebody puts it forward.
    pub(crate) async fn reach(&self, at: DateTime<Utc>) {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            let left = at - self.read(now());
            if left <= TimeDelta::zero() {
                return;
            }
            match self.going() {
                Going::Frozen(_) => changed.await,
                Going::Running(_) => drop(tokio::time::timeout(left.to_std().unwrap_or_default().min(LONGEST), changed).await),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_for_a_clock_that_stands_is_told_however_it_is_put_forward() {
        let clock = Clock::default();
        clock.set(Going::Frozen(DateTime::UNIX_EPOCH));
        let at = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let advance = async {
            tokio::task::yield_now().await;
            clock.advance(Duration::from_hours(24));
        };
        tokio::join!(clock.reach(at), advance);
        assert_eq!(clock.read(now()), at);
    }
}
