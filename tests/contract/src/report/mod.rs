//! What a run has to tell, whatever the form: each case with what came of it, and what was left behind.

use std::time::Duration;

use crate::{
    case::{Case, Verdict},
    exchange::Exchange,
};

/// A run of the cases of one document against one server.
#[derive(Clone, Debug)]
pub struct Report {
    /// The name of the provider.
    pub provider: String,
    /// The file of the document, as it was named.
    pub file: String,
    /// The base URL of the server.
    pub url: String,
    /// What the values were sampled with.
    pub seed: u64,
    /// The cases that were run, in the order of the document, whatever order they ran in.
    pub finished: Vec<Finished>,
    /// What the run made and could not remove, or may not: one line each, with its key.
    pub residue: Vec<String>,
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
