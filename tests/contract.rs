//! The contract tests of every document: each case of the crate `contract` is a named test, `provider::operation::case`,
//! run against a mock of its own.
//!
//! There is no list of providers: a document in `specs/` brings its tests. Filters, `--list` and nextest work as with
//! any other test, because libtest-mimic speaks their protocol.

mod harness;
mod on_mock;
mod typed_client;

use std::{path::Path, process::ExitCode, sync::Arc};

use contract::{Case, Outcome, Suite, Verdict};
use crm_notes::runtime;
use harness::{block_on, joined};
use libtest_mimic::{Failed, Trial};
use mock_server::MockServer;
use specs::Source;
use typed_client::Subject;

fn main() -> ExitCode {
    harness::run(specs::DIR, trials, Vec::new())
}

/// The tests of a document.
fn trials(_name: &str, document: &Path) -> Result<Vec<Trial>, String> {
    let source = Source::read(document).map_err(|error| format!("failed to read `{}`: {error}", document.display()))?;
    let loaded = specs::load(&source);
    let api = loaded.api.ok_or_else(|| joined(&loaded.problems))?;
    let suite = Arc::new(Suite::new(api, Suite::SEED));
    let trial = |case: &Case| {
        let (suite, case) = (Arc::clone(&suite), case.clone());
        Trial::test(case.id(), move || block_on(run(&suite, &case)))
    };
    Ok(suite.cases().iter().map(trial).chain(of_client(&suite, &source)).collect())
}

fn of_client(suite: &Arc<Suite>, source: &Source) -> Vec<Trial> {
    let Some(subjects) = typed_client::subjects(suite, source, crm_notes::PROVIDERS) else {
        let missing = move || Err(Failed::from("there is no client of this document"));
        return vec![Trial::test(format!("{}::typed_client_exists", suite.api().name), missing)];
    };
    let works = |subject: &Subject| {
        let works = subject.clone();
        subject.trial("works_with_the_mock", move || block_on(works_with_the_mock(works)))
    };
    subjects.iter().flat_map(|subject| [works(subject)].into_iter().chain(typed_client::trials(subject))).collect()
}

/// Each call succeeds on a mock of its own.
async fn works_with_the_mock(client: Subject) -> Result<(), Failed> {
    for call in client.calls().await? {
        let (_server, address) = client.mock().await?;
        match client.call(&address, &call).await {
            runtime::contract::Outcome::Decoded { status, .. } if (200..300).contains(&status) => {}
            other => return Err(format!("{}: {other:?}", call.what).into()),
        }
    }
    Ok(())
}

/// Runs a case against a mock of its own.
async fn run(suite: &Suite, case: &Case) -> Result<(), Failed> {
    let server = MockServer::builder().document(&case.provider).start().await?;
    let target = on_mock::target(&server, suite.api())?;
    let verdict = suite.run(case, &target).await;
    if verdict.outcome.is_fine() { on_mock::without_defect(&server) } else { Err(told(case, &verdict).into()) }
}

/// What went wrong, with the exchange that shows it.
fn told(case: &Case, verdict: &Verdict) -> String {
    let what = match &verdict.outcome {
        Outcome::Passed | Outcome::Skipped(_) => String::new(),
        Outcome::Failed(failure) | Outcome::New(failure) => failure.what.clone(),
        Outcome::Blocked(what) => format!("not tested: {what}"),
        Outcome::Unreachable(what) => format!("no answer: {what}"),
    };
    let exchange = verdict.exchanges.last().map(|exchange| format!("\n{exchange}")).unwrap_or_default();
    format!("{}\n{what}{exchange}", case.sentence)
}
