//! What is wrong with an exchange that passed through: which promise is broken, where, and what would have been due.

use specs::api::Direction;

use crate::{case::Failure, rule::Rule};

/// A promise that a client or a server does not keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The promise.
    pub rule: Rule,
    /// How much it counts.
    pub grade: Grade,
    /// Whose it is: of the client, which sends requests, or of the server.
    pub direction: Direction,
    /// The id of the operation; empty when the request is for none.
    pub operation: String,
    /// What is wrong, and where.
    pub failure: Failure,
}

/// How much a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// It breaks what the document says.
    Wrong,
    /// The document does not say it, and does not forbid it.
    New,
}

impl Finding {
    /// The word for who is wrong.
    #[must_use]
    pub fn side(&self) -> &'static str {
        match self.direction {
            Direction::Request => "request",
            Direction::Response => "response",
        }
    }

    /// What is the same whenever the same mistake is made: positions in lists do not count.
    pub(super) fn kind(&self) -> (&'static str, Direction, String, String) {
        let is_position = |token: &str| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
        let tokens = self.failure.place.split('/').map(|token| if is_position(token) { "*" } else { token });
        (self.rule.name, self.direction, self.operation.clone(), tokens.collect::<Vec<_>>().join("/"))
    }
}
