//! How many cases came out how, and the line that says so.

use std::fmt;

use super::Finished;
use crate::case::Outcome;

/// How many cases came out how. Each case counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The promise is kept.
    pub passed: usize,
    /// The promise is broken, and nobody accepted it.
    pub failed: usize,
    /// What has to happen before did not work.
    pub blocked: usize,
    /// The server does more than the document says.
    pub new: usize,
    /// There was nothing to test it on.
    pub skipped: usize,
    /// It did not pass, and a baseline accepts that.
    pub accepted: usize,
    /// The server did not answer.
    pub unanswered: usize,
}

impl Counts {
    /// Counts cases.
    #[must_use]
    pub fn of<'f>(finished: impl IntoIterator<Item = &'f Finished>) -> Self {
        let mut counts = Self::default();
        finished.into_iter().for_each(|one| counts.add(one));
        counts
    }

    /// Counts one more.
    pub fn add(&mut self, finished: &Finished) {
        *self.of_outcome(&finished.verdict.outcome, finished.accepted.is_some()) += 1;
    }

    /// All cases.
    #[must_use]
    pub fn all(&self) -> usize {
        self.passed + self.failed + self.blocked + self.new + self.skipped + self.accepted + self.unanswered
    }

    /// Whether every promise that could be tested is kept, or its breach accepted.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.failed + self.blocked + self.unanswered == 0
    }

    fn of_outcome(&mut self, outcome: &Outcome, accepted: bool) -> &mut usize {
        match outcome {
            Outcome::Passed => &mut self.passed,
            Outcome::Skipped(_) => &mut self.skipped,
            _ if accepted => &mut self.accepted,
            Outcome::Failed(_) => &mut self.failed,
            Outcome::New(_) => &mut self.new,
            Outcome::Blocked(_) => &mut self.blocked,
            Outcome::Unreachable(_) => &mut self.unanswered,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, blocked, new, skipped, accepted, unanswered } = self;
        write!(f, "{passed} passed, {failed} failed, {blocked} blocked, {new} new, {skipped} skipped")?;
        for (number, word) in [(accepted, "accepted"), (unanswered, "unanswered")].into_iter().filter(|(number, _)| **number > 0) {
            write!(f, ", {number} {word}")?;
        }
        Ok(())
    }
}
