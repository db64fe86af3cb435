//! What a run has to tell, whatever the form: each case with what came of it, and what was left behind.
//!
//! A [`Report`] knows credentials. What is shown is made from its [`Shown`], which a [`Redactor`](crate::Redactor) gives: no form takes
//! anything else, so none can forget to hide something. A form is a function from what is shown to a text; where the
//! text goes is the caller's business.
//!
//! - [`text`]: for a person, failures only;
//! - [`json`]: for a program, all of it;
//! - [`junit`]: for CI servers;
//! - [`markdown`]: for a pull request;
//! - [`github`]: annotations of the document's lines;
//! - [`Har`]: the exchanges alone, all of them.
//!
//! The same run of the same cases gives the same text, whenever and however fast it was: no form has a clock in it but
//! `JUnit`'s, whose readers plot how long each case took, and the HAR, which is a log. So the header `Date` of answers is
//! left out too; what else a server mints stands as it came.

mod annotation;
mod counts;
mod curl;
mod escape;
mod evidence;
mod github;
pub(crate) mod har;
mod json;
mod junit;
pub mod last;
mod markdown;
mod progress;
mod quote;
mod screen;
mod shown;
#[cfg(test)]
pub(crate) mod tests;
mod text;

use std::time::Duration;

pub use annotation::{Annotation, Level};
pub use counts::Counts;
pub use escape::{cell, code, row};
pub use github::github;
pub use har::Har;
pub use json::json;
pub use junit::junit;
pub use markdown::markdown;
pub use progress::Progress;
pub use screen::Colour;
pub(crate) use screen::line;
pub use shown::Shown;
pub use text::text;

use crate::{
    case::{Case, Verdict},
    coverage::Coverage,
    exchange::Exchange,
};

/// A run of the cases of one document against one server.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The name of the provider.
    pub provider: String,
    /// The file of the document, as it was named.
    pub file: String,
    /// The base URL of the server.
    pub url: String,
    /// What the values were sampled with.
    pub seed: u64,
    /// What else was said on the command line that a repetition needs, as `--live`: words that are not quoted.
    pub flags: Vec<String>,
    /// The cases that were run, in the order of the document, whatever order they ran in.
    pub finished: Vec<Finished>,
    /// What the run made and could not remove, or may not: one line each, with its key.
    pub residue: Vec<String>,
    /// What else is to be looked at, as an acceptance that is no longer needed: a fragment each.
    pub warnings: Vec<String>,
    /// What the exchanges reached, when that was asked for.
    pub coverage: Option<Coverage>,
}

/// A case that was run.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The case.
    pub case: Case,
    /// What came of it.
    pub verdict: Verdict,
    /// What removed what it made.
    pub cleaning: Vec<Exchange>,
    /// How long it took.
    pub took: Duration,
    /// Why its failure is accepted, when a baseline says so.
    pub accepted: Option<String>,
}

impl Report {
    /// All exchanges, those that cleaned up included.
    pub fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.finished.iter().flat_map(Finished::exchanges)
    }
}

impl Finished {
    /// All exchanges, those that cleaned up included.
    pub fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.verdict.exchanges.iter().chain(&self.cleaning)
    }
}
