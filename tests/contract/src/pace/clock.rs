//! What time it is, for limits that end at a date. Waits go by the runtime's clock; the date goes along with it, so that
//! a test that holds the one holds the other.

use std::time::SystemTime;

use tokio::time::Instant;

/// A clock that shows dates.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    date: SystemTime,
    at: Instant,
}

impl Clock {
    /// The clock of this machine.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a server's dates are compared with the time it really is")]
    pub fn system() -> Self {
        Self::at(SystemTime::now())
    }

    /// A clock that shows this date now.
    #[must_use]
    pub fn at(date: SystemTime) -> Self {
        Self { date, at: Instant::now() }
    }

    /// The date.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.date + self.at.elapsed()
    }
}
