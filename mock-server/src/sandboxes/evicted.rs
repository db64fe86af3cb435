//! Why sandboxes cannot be had, and why some had to go.

use chrono::{DateTime, Utc};

use super::Bounds;

/// Why a sandbox cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Its name is not one.
    Name,
    /// There is one of that name.
    Taken,
    /// There are as many as there may be, and each has a request under way.
    Count,
    /// The memory is taken, and nothing can go.
    Memory,
}

impl Refused {
    /// Why, and what mends it.
    pub(crate) fn explain(self, name: &str, bounds: &Bounds) -> String {
        match self {
            Self::Name => format!("`{name}` cannot name a sandbox: use 1 to 64 letters, digits, `.`, `_` and `-`"),
            Self::Taken => format!("there is a sandbox `{name}` already; choose another name, or delete it first"),
            Self::Count => format!(
                "there are {} sandboxes, as many as there may be, and each is in use; raise `--max-sandboxes`, or delete some with \
                 `DELETE /sandboxes/{{sandbox}}` of the control API",
                bounds.count
            ),
            Self::Memory => format!(
                "all {} bytes for sandboxes are taken, and no sandbox can make room; raise `--max-memory`, or reset the sandbox \
                 `default` with `POST /reset` of the control API",
                bounds.memory
            ),
        }
    }
}

/// Why a sandbox had to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Nobody used it.
    Idle,
    /// Another one was made, and there were as many as there may be.
    Count,
    /// The memory was taken.
    Memory,
}

/// A sandbox that had to go.
#[derive(Clone, Debug)]
pub(crate) struct Evicted {
    pub(crate) name: Box<str>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) reason: Reason,
    /// How long nobody had used it, in seconds.
    pub(crate) idle: i64,
}

impl Reason {
    /// Why, after a colon.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "nobody used it for as long as `--sandbox-idle` says",
            Self::Count => "there were as many as `--max-sandboxes` says, and it was idle longest",
            Self::Memory => "all of `--max-memory` was taken, and it was idle longest",
        }
    }
}

impl Evicted {
    /// What its name's next user is told.
    pub(super) fn note(&self) -> String {
        let at = self.at.format("%Y-%m-%dT%H:%M:%SZ");
        format!("an earlier sandbox of this name went with its state at {at}: {}", self.reason.as_str())
    }
}
