//! Handles to what a sandbox of a running mock keeps: its rows, its journal, its time, and what it is to do.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    Answer, AtEnd, Credentials, Error, Fault, MockServer,
    clock::{self, Going},
    edit::Place,
    engine::Check,
    expected::Expected,
    journal::{Entry, Expectation, Mismatch, VerifyRequest},
    sandbox::Sandbox as Kept,
    shell::Shell,
    transfer,
};

/// One isolated world of a mock. While there is such a handle, the sandbox is not let go for others.
pub struct Sandbox<'s> {
    server: &'s MockServer,
    kept: Arc<Kept>,
    expected: Expected,
}

impl<'s> Sandbox<'s> {
    pub(crate) fn new(server: &'s MockServer, kept: Arc<Kept>) -> Self {
        let expected = Expected::new(server.shell.clone(), kept.clone());
        Self { server, kept, expected }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.kept.name
    }

    /// Where the vendors' paths are in it, without a trailing slash. Where one document is served at the root, a client
    /// takes this as base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/~{}", self.server.url(), self.kept.name)
    }

    /// Expects requests in it. When the handle is dropped and they did not come so, the test panics, and says which
    /// request came nearest.
    pub fn expect(&self, expectation: Expectation) {
        self.expected.add(expectation);
    }

    /// What a client of the provider takes as base URL to be in this sandbox, without a trailing slash.
    #[must_use]
    pub fn base_url(&self, provider: &str) -> String {
        self.server.sandbox_url(&format!("/~{}", self.kept.name), provider)
    }

    /// What its clock shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.kept.clock.read(clock::now())
    }

    /// Lets its clock stand still at this time; years 1 to 9999.
    pub fn freeze(&self, at: DateTime<Utc>) {
        self.kept.clock.set(Going::Frozen(clock::within_range(at).unwrap_or_else(clock::now)));
    }

    /// Puts its clock forward, standing still or running, as far as the year 9999.
    pub fn advance(&self, by: Duration) {
        self.kept.clock.advance(by);
    }

    /// Chooses where its ids and generated values come from.
    pub fn seed(&self, seed: u64) {
        self.kept.set_seed(seed);
    }

    /// Refuses requests that are over a limit of their document from now on.
    pub fn enforce_limits(&self) {
        let mut settings = self.kept.settings();
        settings.limits.enforced = true;
        self.kept.configure(&settings);
    }

    /// A new sandbox of this name that is as this one is now, with an empty journal.
    ///
    /// # Errors
    /// When there is one of that name, or it cannot be had.
    pub fn fork(&self, name: &str) -> Result<Sandbox<'_>, Error> {
        let sandboxes = &self.server.shell.sandboxes;
        let kept = sandboxes.fork(&self.kept, name, clock::now());
        let kept = kept.map_err(|why| Error::Sandbox { reason: why.explain(name, sandboxes.bounds()) })?;
        Ok(Sandbox::new(self.server, kept))
    }

    /// All of it but its journal, as the control API exports it.
    #[must_use]
    pub fn export(&self) -> Value {
        serde_json::to_value(transfer::export(&self.server.shell, &self.kept)).unwrap_or_default()
    }

    /// Lets it be what was exported: all of it, or when something does not fit, nothing.
    ///
    /// # Errors
    /// What does not fit.
    pub fn import(&self, export: Value) -> Result<(), Error> {
        let export = serde_json::from_value(export).map_err(|error| Error::Sandbox { reason: error.to_string() })?;
        transfer::import(&self.server.shell, &self.kept, &export).map_err(|refusal| Error::Sandbox { reason: refusal.into_message() })
    }

    /// Adds a row to a resource of a provider, and returns it; without a key it gets a new one. It has to conform to the
    /// document.
    ///
    /// # Errors
    /// What does not fit, or that there is no such provider or resource.
    pub fn insert(&self, provider: &str, resource: &str, row: Value) -> Result<Value, Error> {
        let place = Place::find(&self.server.shell, &self.kept, provider, resource);
        let made = place.and_then(|place| place.add(&[row], Check::Whole));
        let made = made.map_err(|refusal| Error::Sandbox { reason: refusal.into_message() })?;
        Ok(made.into_iter().next().unwrap_or_default())
    }

    /// Its rows.
    #[must_use]
    pub fn state(&self) -> State {
        State { shell: self.server.shell.clone(), kept: self.kept.clone() }
    }

    /// Its credentials.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        Credentials::new(self.server.shell.clone(), self.kept.clone())
    }

    /// Lets something go wrong in it, and returns the ids of the rules.
    ///
    /// # Errors
    /// When the fault is not one, names what is not served, or there are too many.
    pub fn inject(&self, fault: Fault) -> Result<Vec<String>, Error> {
        self.server.shell.inject(&self.kept, fault)
    }

    /// Lets nothing go wrong in it any more.
    pub fn clear_faults(&self) {
        self.kept.heal();
    }

    /// Chooses the next answers of an operation; then it answers as before.
    ///
    /// # Errors
    /// When there is no such operation, or it cannot answer so.
    pub fn answer(&self, operation: &str, answers: impl IntoIterator<Item = Answer>) -> Result<(), Error> {
        self.answer_until(operation, answers, AtEnd::Pass)
    }

    /// The same, and says what comes after the last one.
    ///
    /// # Errors
    /// When there is no such operation, or it cannot answer so.
    pub fn answer_until(&self, operation: &str, answers: impl IntoIterator<Item = Answer>, at_end: AtEnd) -> Result<(), Error> {
        self.server.shell.choose(&self.kept, operation, answers, at_end)
    }

    /// Its journal.
    #[must_use]
    pub fn journal(&self) -> Journal {
        Journal { shell: self.server.shell.clone(), kept: self.kept.clone() }
    }
}

/// The rows of a sandbox.
#[derive(Clone)]
pub struct State {
    pub(crate) shell: Arc<Shell>,
    pub(crate) kept: Arc<Kept>,
}

impl State {
    /// All rows: `{provider: {resource: [row, …]}}`.
    #[must_use]
    pub fn export(&self) -> Value {
        serde_json::to_value(self.shell.export(&self.kept)).unwrap_or_default()
    }

    /// The rows of one resource, oldest first.
    #[must_use]
    pub fn rows(&self, provider: &str, resource: &str) -> Vec<Value> {
        let mut all = self.shell.export(&self.kept);
        all.get_mut(provider).and_then(|resources| resources.shift_remove(resource)).unwrap_or_default()
    }

    /// Makes the sandbox as it was at start, its journal included.
    pub fn reset(&self) {
        self.kept.reset();
    }
}

/// What a sandbox was asked and what it answered.
#[derive(Clone)]
pub struct Journal {
    pub(crate) shell: Arc<Shell>,
    pub(crate) kept: Arc<Kept>,
}

impl Journal {
    /// The exchanges that are kept, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.kept.journal.oldest(usize::MAX, |record| Some(self.shell.show(&self.kept, record)))
    }

    /// The newest exchange.
    #[must_use]
    pub fn last(&self) -> Option<Entry> {
        self.kept.journal.newest(1, |record| Some(self.shell.show(&self.kept, record))).pop()
    }

    /// In how many ways responses did not conform to their document.
    #[must_use]
    pub fn defects(&self) -> u64 {
        self.kept.journal.counts().defects
    }

    /// Whether requests came as they are expected.
    ///
    /// ```no_run
    /// # fn example(server: &mock_server::MockServer) -> Result<(), mock_server::Mismatch> {
    /// use mock_server::Expectation;
    ///
    /// server.journal().verify([Expectation::operation("create_note").times(1)])?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When they did not; the text says what was expected, what came, and which request was nearest.
    pub fn verify(&self, expected: impl IntoIterator<Item = Expectation>) -> Result<(), Mismatch> {
        self.held_to(&VerifyRequest { expectations: expected.into_iter().collect(), ..VerifyRequest::default() })
    }

    /// The same, and that they came one after the other; others may have come between.
    ///
    /// # Errors
    /// When they did not.
    pub fn verify_in_order(&self, expected: impl IntoIterator<Item = Expectation>) -> Result<(), Mismatch> {
        self.held_to(&VerifyRequest { expectations: expected.into_iter().collect(), in_order: true, no_others: false })
    }

    /// The same, and that no others came.
    ///
    /// # Errors
    /// When they did not, or others did.
    pub fn verify_only(&self, expected: impl IntoIterator<Item = Expectation>) -> Result<(), Mismatch> {
        self.held_to(&VerifyRequest { expectations: expected.into_iter().collect(), in_order: false, no_others: true })
    }

    fn held_to(&self, expected: &VerifyRequest) -> Result<(), Mismatch> {
        expected.expectations.iter().try_for_each(Expectation::check).map_err(Mismatch::new)?;
        let verification = self.shell.verify(&self.kept, expected);
        if verification.verified { Ok(()) } else { Err(Mismatch::new(verification.explanation)) }
    }

    /// Forgets all exchanges.
    pub fn clear(&self) {
        self.kept.journal.clear();
    }
}
