//! The journal over the control API: which exchanges there were, one of them, and whether they are as expected.

use std::time::Duration;

use dropshot::ClientErrorStatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    handlers::{find, not_found},
    refusal::HttpError,
};
use crate::{
    journal::{Entry, Statuses, Verification, VerifyRequest, Wanted},
    sandbox::Sandbox,
    shell::Shell,
};

/// Entries of a journal that are shown without a limit.
const ENTRIES: usize = 100;
/// The longest time for which an exchange is waited, in seconds.
const LONGEST_WAIT: f64 = 60.0;

/// Names an exchange of a sandbox.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct ExchangePath {
    /// The name of the sandbox.
    pub(crate) sandbox: String,
    /// The number of the exchange.
    pub(crate) number: u64,
}

/// Chooses entries of a journal; what is left out is no condition.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JournalFilter {
    /// Only exchanges with this provider.
    pub(crate) provider: Option<String>,
    /// Only exchanges of the operation with this id.
    pub(crate) operation: Option<String>,
    /// Only requests of this method.
    pub(crate) method: Option<String>,
    /// Only requests of this path, in which `*` stands for any text; as sent, without sandbox and query.
    pub(crate) path: Option<String>,
    /// Only this status, `404`, or these, `4XX`.
    pub(crate) status: Option<String>,
    /// Only exchanges that this step decided: `route`, `authenticate`, `validate`, `decide`, `respond`, …
    pub(crate) step: Option<String>,
    /// Only requests that broke this rule.
    pub(crate) rule: Option<String>,
    /// Only those that were refused, or with `false` those that were not.
    pub(crate) refused: Option<bool>,
    /// Only those in which a fault was injected, or with `false` those in which none was.
    pub(crate) faulty: Option<bool>,
    /// Only those whose response does not conform to the document, or with `false` those whose does.
    pub(crate) defective: Option<bool>,
    /// Only those with this text in target or bodies.
    pub(crate) text: Option<String>,
    /// Only those with a larger number; then the oldest are shown, so that one page follows the other.
    pub(crate) after: Option<u64>,
    /// Only those with a smaller number.
    pub(crate) before: Option<u64>,
    /// Most entries: 100 without it, the newest.
    pub(crate) limit: Option<usize>,
    /// Seconds to wait for an exchange when there is none yet, 60 at most.
    pub(crate) wait: Option<f64>,
}

/// How to say that expectations are not met.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyQuery {
    /// Whether to answer with 409 and the explanation then, so that `curl --fail` fails; else the answer is 200 and says it.
    pub(crate) fail: Option<bool>,
}

/// The same, with the sandbox.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
pub(crate) struct JournalQuery {
    /// The name of the sandbox; without it, the sandbox of requests that name none.
    pub(crate) sandbox: Option<String>,
    /// Only exchanges with this provider.
    pub(crate) provider: Option<String>,
    /// Only exchanges of the operation with this id.
    pub(crate) operation: Option<String>,
    /// Only this status, `404`, or these, `4XX`.
    pub(crate) status: Option<String>,
    /// Most entries, the newest: 100 without it.
    pub(crate) limit: Option<usize>,
}

/// Entries of a journal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct JournalPage {
    /// The entries, oldest first.
    pub(crate) entries: Vec<Entry>,
    /// Exchanges of the sandbox since it was reset.
    pub(crate) exchanges: u64,
    /// Exchanges that are no longer kept, because newer ones needed the room.
    pub(crate) forgotten: u64,
    /// Ways in which responses did not conform to their document.
    pub(crate) defects: u64,
}

impl JournalFilter {
    pub(super) fn wanted(&self) -> Result<Wanted, HttpError> {
        Ok(Wanted {
            provider: self.provider.clone(),
            operation: self.operation.clone(),
            method: self.method.clone(),
            path: self.path.clone(),
            status: self.status.as_deref().map(statuses).transpose()?,
            step: self.step.clone(),
            rule: self.rule.clone(),
            refused: self.refused,
            faulty: self.faulty,
            defective: self.defective,
            text: self.text.clone(),
            after: self.after,
            before: self.before,
        })
    }

    /// How long an exchange is waited for.
    fn patience(&self) -> Result<Duration, HttpError> {
        let wait = self.wait.unwrap_or_default();
        if (0.0..=LONGEST_WAIT).contains(&wait) {
            return Ok(Duration::from_secs_f64(wait));
        }
        Err(HttpError::for_bad_request(None, format!("`wait` is {wait}; write seconds from 0 to {LONGEST_WAIT}")))
    }
}

impl From<JournalQuery> for JournalFilter {
    fn from(query: JournalQuery) -> Self {
        let JournalQuery { sandbox: _, provider, operation, status, limit } = query;
        Self { provider, operation, status, limit, ..Self::default() }
    }
}

/// A page of a journal, once there is something to show, or the time is over.
pub(super) async fn page(shell: &Shell, sandbox: &str, filter: &JournalFilter) -> Result<JournalPage, HttpError> {
    let sandbox = find(shell, Some(sandbox))?;
    let (wanted, patience) = (filter.wanted()?, filter.patience()?);
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        let mut arrivals = sandbox.journal.arrivals();
        let entries = entries(shell, &sandbox, &wanted, filter.limit.unwrap_or(ENTRIES));
        // Who waits for as long as nothing comes is told that nothing came.
        let waits = entries.is_empty()
            && tokio::select! {
                waited = tokio::time::timeout_at(deadline, arrivals.changed()) => waited.is_ok(),
                () = shell.closed() => false,
            };
        if !waits {
            let counts = sandbox.journal.counts();
            let (exchanges, forgotten, defects) = (counts.exchanges, counts.forgotten, counts.defects);
            return Ok(JournalPage { entries, exchanges, forgotten, defects });
        }
    }
}

fn entries(shell: &Shell, sandbox: &Sandbox, wanted: &Wanted, limit: usize) -> Vec<Entry> {
    let show = |record: &_| wanted.covers(record).then(|| shell.show(sandbox, record));
    if wanted.after.is_some() { sandbox.journal.oldest(limit, show) } else { sandbox.journal.newest(limit, show) }
}

/// One exchange.
pub(super) fn entry(shell: &Shell, path: &ExchangePath) -> Result<Entry, HttpError> {
    let sandbox = find(shell, Some(&path.sandbox))?;
    let found = sandbox.journal.newest(1, |record| (record.number == path.number).then(|| shell.show(&sandbox, record)));
    found.into_iter().next().ok_or_else(|| {
        let kept = sandbox.journal.oldest(usize::MAX, |record| Some(record.number));
        let kept = match (kept.first(), kept.last()) {
            (Some(first), Some(last)) => format!("those from {first} to {last} are kept"),
            _ => "none is kept".to_owned(),
        };
        not_found(format!("exchange {} of the sandbox `{}` is not in the journal; {kept}", path.number, path.sandbox))
    })
}

/// What came of expectations.
pub(super) fn verify(shell: &Shell, sandbox: &str, query: &VerifyQuery, expected: &VerifyRequest) -> Result<Verification, HttpError> {
    for (position, expectation) in expected.expectations.iter().enumerate() {
        expectation.check().map_err(|why| HttpError::for_bad_request(None, format!("expectation {position} is not one: {why}")))?;
    }
    let verification = shell.verify(&*find(shell, Some(sandbox))?, expected);
    if query.fail == Some(true) && !verification.verified {
        return Err(HttpError::for_client_error(None, ClientErrorStatusCode::CONFLICT, verification.explanation));
    }
    Ok(verification)
}

fn statuses(text: &str) -> Result<Statuses, HttpError> {
    let message = || format!("`{text}` is no status; write `404`, or `4XX` for all that begin so");
    Statuses::parse(text).ok_or_else(|| HttpError::for_bad_request(None, message()))
}
