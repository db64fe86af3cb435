//! Failures that are accepted for a while: a file that people keep in git and edit.
//!
//! ```yaml
//! accepted:
//! - case: kitchen::add_pan::rejects_null_at_name
//!   rule: not_null
//!   place: status                  # where it failed; left out where that is no one place
//!   got: "201"                     # of a status; left out, any will do
//!   reason: the vendor mends it in spring
//!   since: 2027-01-15
//!   expires: 2027-04-15            # the last day
//! ```
//!
//! What is accepted is one failure and not the case: when the case fails at another place, or with another status, that
//! counts. What a case says in words is left out of it, since it may have keys and times in it that no two runs share.
//! A case that is blocked has `blocked: true` in place of a place. What is accepted and no longer occurs is told, so
//! that the file gets shorter; what has expired counts again.

mod accept;
mod place;
mod read;

use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, Utc};
use specs::{Problem, Severity};

pub use self::accept::{Acceptance, Accepted, NotAccepted};
use crate::{
    Suite,
    case::{Failure, Outcome},
    report::{Finished, Report},
};

/// The rule of a problem that tells of an expired entry.
const EXPIRED: &str = "acceptance-expired";
/// The rule of a problem that tells of an entry that no longer occurs.
const IN_VAIN: &str = "accepted-in-vain";
/// The rule of a problem that tells of an entry without a case.
const UNKNOWN: &str = "accepted-case-unknown";

/// The accepted failures of a file.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// The file, as a person named it.
    pub file: String,
    /// The failures, in the order of the file.
    pub entries: Vec<Entry>,
    text: String,
}

/// An accepted failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id of the case.
    pub case: String,
    /// The rule that it broke.
    pub rule: String,
    /// What it was.
    pub said: Said,
    /// Why it is accepted.
    pub reason: String,
    /// Since when.
    pub since: NaiveDate,
    /// The last day.
    pub expires: NaiveDate,
    /// Where the entry stands in its file: line and column, from 1.
    pub at: (usize, usize),
}

/// What a failure was, as far as two runs can share it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// The case was blocked.
    Blocked,
    /// It failed.
    Failed {
        /// Where; empty for no one place.
        place: String,
        /// What was there; `None` for whatever it was.
        got: Option<String>,
    },
}

/// The day of a moment, in the zone of Greenwich.
#[must_use]
pub fn day(moment: SystemTime) -> NaiveDate {
    DateTime::<Utc>::from(moment).date_naive()
}

impl Baseline {
    /// Marks the failures of a report that are accepted, and tells which entries have expired and which are in vain. Of
    /// cases that were not run, or of which nothing is known, nothing is told.
    pub fn judge(&self, report: &mut Report, today: NaiveDate) -> Vec<Problem> {
        let mut told = Vec::new();
        for finished in &mut report.finished {
            let id = finished.case.id();
            let own: Vec<&Entry> = self.entries.iter().filter(|entry| entry.case == id).collect();
            // Of several that fit, the one that lasts longest.
            let fitting = own.iter().filter(|entry| entry.covers(finished)).max_by_key(|entry| entry.expires);
            match fitting {
                Some(entry) if entry.expires < today => told.push(self.expired(entry)),
                Some(entry) => finished.accepted = Some(entry.reason.clone()),
                None => told.extend(now(&finished.verdict.outcome).iter().flat_map(|now| own.iter().map(|entry| self.in_vain(entry, now)))),
            }
        }
        told
    }

    /// The entries of this document's provider that are about no case that there is.
    #[must_use]
    pub fn unknown(&self, suite: &Suite) -> Vec<Problem> {
        let prefix = format!("{}::", suite.api().name);
        let ids: Vec<String> = suite.cases().iter().map(crate::Case::id).collect();
        let unknown = self.entries.iter().filter(|entry| entry.case.starts_with(&prefix) && !ids.contains(&entry.case));
        let problem = |entry| self.problem(UNKNOWN, entry, format!("there is no case `{}`", entry.case), "take the entry out");
        unknown.map(problem).collect()
    }

    fn expired(&self, entry: &Entry) -> Problem {
        let message = format!("`{}` is accepted until {} and fails as before, so that it counts again", entry.case, entry.expires);
        self.problem(EXPIRED, entry, message, "mend what fails, or accept it anew with `--accept`")
    }

    fn in_vain(&self, entry: &Entry, now: &str) -> Problem {
        self.problem(IN_VAIN, entry, format!("`{}` {now}", entry.case), "take the entry out")
    }

    fn problem(&self, rule: &'static str, entry: &Entry, message: String, help: &str) -> Problem {
        let (line, column) = entry.at;
        let (file, help) = (self.file.clone(), help.to_owned());
        Problem { rule, severity: Severity::Warning, file, line, column, pointer: String::new(), message, help }
    }
}

impl Entry {
    /// Whether it is about what came of a case.
    fn covers(&self, finished: &Finished) -> bool {
        self.case == finished.case.id() && self.rule == finished.case.rule.name && self.said.covers(&finished.verdict.outcome)
    }
}

impl Said {
    /// What an outcome says; `None` when it is no failure.
    fn of(outcome: &Outcome) -> Option<Self> {
        match outcome {
            Outcome::Blocked(_) => Some(Self::Blocked),
            Outcome::Failed(Failure { place, got, .. }) => {
                // A status is the same in every run; other values need not be.
                let got = (place == "status").then(|| got.clone());
                Some(Self::Failed { place: place.clone(), got })
            }
            Outcome::Passed | Outcome::New(_) | Outcome::Skipped(_) | Outcome::Unreachable(_) => None,
        }
    }

    fn covers(&self, outcome: &Outcome) -> bool {
        match (self, outcome) {
            (Self::Blocked, Outcome::Blocked(_)) => true,
            (Self::Failed { place, got }, Outcome::Failed(failure)) => {
                *place == failure.place && got.as_ref().is_none_or(|got| *got == failure.got)
            }
            _ => false,
        }
    }
}

/// What a case does that does not fail as it was accepted; `None` when that is not known.
fn now(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Passed | Outcome::New(_) => Some("passes, and is accepted as failing".to_owned()),
        Outcome::Failed(failure) => Some(format!("fails otherwise than is accepted: {}", failure.what)),
        Outcome::Skipped(_) | Outcome::Blocked(_) | Outcome::Unreachable(_) => None,
    }
}
