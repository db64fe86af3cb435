//! What a request ends in that would have to wait too long.

use std::time::Duration;

use super::spelled;

/// A request was not sent, or not taken, for there were too many: nothing is known of what it was to test.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OverLimit {
    /// The server asks for a longer wait than may be.
    #[error("over the limit{}: the server asks to wait {}", named(limit.as_deref()), spelled(*wait))]
    Asked {
        /// The limit, where it has a name.
        limit: Option<String>,
        /// How long.
        wait: Duration,
    },
    /// The server refuses whatever is waited.
    #[error("over the limit: refused whatever is waited")]
    Still {
        /// How often it was asked again; not at all, when others before it were refused as well.
        repeats: u32,
    },
    /// The run has used its share of a limit that the document declares.
    #[error("the share of the limit `{limit}` is used up ({allowed} of {of} requests in {}): the next one may go in {}", spelled(*window), spelled(*wait))]
    Share {
        /// The limit.
        limit: String,
        /// How many requests the run may send in a window.
        allowed: u64,
        /// How many the document allows.
        of: u64,
        /// The window.
        window: Duration,
        /// When the next one may go.
        wait: Duration,
    },
}

fn named(limit: Option<&str>) -> String {
    limit.filter(|name| !name.is_empty()).map(|name| format!(" `{name}`")).unwrap_or_default()
}
