//! Why the command ends without having done what it was told.

use std::fmt::{self, Display};

/// An error for people: what failed and what to do.
#[derive(Debug)]
pub(super) struct Failure {
    what: String,
    help: String,
}

impl Failure {
    pub(super) fn new(what: impl Display, help: impl Display) -> Self {
        Self { what: format!("error: {what}"), help: help.to_string() }
    }

    /// What says itself what to do.
    pub(super) fn told(what: String) -> Self {
        Self { what, help: String::new() }
    }

    /// Of problems that say themselves what to do.
    pub(super) fn of_problems(problems: &[specs::Problem]) -> Self {
        Self { what: problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"), help: String::new() }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "\nhelp: {}", self.help) }
    }
}
