//! Time: the machine's clock, read here and handed in everywhere else, and the clock of a sandbox, which runs as the
//! machine's does, stands still, or runs at a distance from it.

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::RwLock;

/// The time of the machine.
#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
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
}

impl Default for Clock {
    fn default() -> Self {
        Self { going: RwLock::new(Going::Running(TimeDelta::zero())) }
    }
}

impl Clock {
    /// What it shows when the machine's clock shows `machine`.
    pub(crate) fn read(&self, machine: DateTime<Utc>) -> DateTime<Utc> {
        match *self.going.read() {
            Going::Running(ahead) => machine.checked_add_signed(ahead).unwrap_or(machine),
            Going::Frozen(at) => at,
        }
    }

    pub(crate) fn going(&self) -> Going {
        *self.going.read()
    }

    pub(crate) fn set(&self, going: Going) {
        *self.going.write() = going;
    }
}
