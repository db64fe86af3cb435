//! What ends the program early, as people read it on a terminal: what failed, why, and what mends it.

use std::{
    error::Error as StdError,
    fmt::{self, Write as _},
};

use mock_server::Error;

/// Problems of a document that are shown; more of them help nobody.
const MOST_PROBLEMS: usize = 20;

/// A failure, ready to be printed.
#[derive(Debug)]
pub(crate) struct Failure {
    text: String,
    help: String,
}

impl Failure {
    pub(crate) fn new(what: &str, why: &dyn StdError, help: &str) -> Self {
        Self { text: format!("{what}: {}", chain(why)), help: help.to_owned() }
    }

    /// One that has no other cause.
    pub(crate) fn plain(text: String, help: &str) -> Self {
        Self { text, help: help.to_owned() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut text = chain(&error);
        if let Error::InvalidDocument { problems, .. } | Error::InvalidFaults { problems, .. } = &error {
            for problem in problems.iter().take(MOST_PROBLEMS) {
                let _ = write!(text, "\n{problem}");
            }
            if let Some(more) = problems.len().checked_sub(MOST_PROBLEMS).filter(|more| *more > 0) {
                let _ = write!(text, "\n… and {more} more");
            }
        }
        Self { text, help: error.help() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}\nhelp: {}", self.text, self.help)
    }
}

/// An error with its sources.
fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(next) = source {
        let _ = write!(text, ": {next}");
        source = next.source();
    }
    text
}
