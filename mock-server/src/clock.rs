//! The machine's clock, read here and handed in everywhere else, so that an exchange can be repeated.

use chrono::{DateTime, Utc};

/// The time.
#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}
