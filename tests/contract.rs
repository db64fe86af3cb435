//! The contract tests of every document: each case of the crate `contract` is a named test, `provider::operation::case`,
//! run against a mock of its own.
//!
//! There is no list of providers: a document in `specs/` brings its tests. Filters, `--list` and nextest work as with
//! any other test, because libtest-mimic speaks their protocol.

mod typed_client;

use std::{future::Future, process::ExitCode, sync::Arc};

use contract::{Case, Credentials, Given, Http, Outcome, Suite, Target, Verdict};
use crm_notes::runtime;
use libtest_mimic::{Arguments, Failed, Trial};
use mock_server::MockServer;
use specs::Source;
use typed_client::Subject;

/// The seed of everything that is sampled.
const SEED: u64 = 0;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let documents = match specs::documents(specs::DIR.as_ref()) {
        Ok(documents) => documents,
        Err(error) => return refuse(&format!("failed to read `{}`: {error}", specs::DIR)),
    };
    let mut trials = Vec::new();
    for document in documents.iter().filter(|document| is_wanted(document, &arguments)) {
        match suite(document) {
            Ok((suite, source)) => trials.extend(self::trials(&Arc::new(suite), &source)),
            Err(problem) => return refuse(&problem),
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn refuse(problem: &str) -> ExitCode {
    eprintln!("error: {problem}");
    ExitCode::FAILURE
}

/// Whether a test of this document can be meant. nextest runs each test in a process of its own and names it in full:
/// the other documents need not be read for that.
fn is_wanted(document: &std::path::Path, arguments: &Arguments) -> bool {
    let Some(name) = arguments.filter.as_ref().filter(|_| arguments.exact) else { return true };
    Source::read(document).is_ok_and(|source| name.starts_with(&format!("{}::", source.name)))
}

fn suite(document: &std::path::Path) -> Result<(Suite, Source), String> {
    let source = Source::read(document).map_err(|error| format!("failed to read `{}`: {error}", document.display()))?;
    let loaded = specs::load(&source);
    let problems = || loaded.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    loaded.api.clone().map(|api| (Suite::new(api, SEED), source)).ok_or_else(problems)
}

fn trials(suite: &Arc<Suite>, source: &Source) -> Vec<Trial> {
    let trial = |case: &Case| {
        let (suite, case) = (Arc::clone(suite), case.clone());
        Trial::test(case.id(), move || block_on(run(&suite, &case)))
    };
    suite.cases().iter().map(trial).chain(of_client(suite, source)).collect()
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

/// Runs a test on a runtime of its own.
fn block_on(test: impl Future<Output = Result<(), Failed>>) -> Result<(), Failed> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(test)
}

/// Runs a case against a mock of its own.
async fn run(suite: &Suite, case: &Case) -> Result<(), Failed> {
    let server = MockServer::builder().document(&case.provider).start().await?;
    let target = Target {
        transport: Box::new(Http::new(&server.base_url(&case.provider))?),
        credentials: Credentials::of_document(suite.api()),
        given: Given::default(),
    };
    let verdict = suite.run(case, &target).await;
    if verdict.outcome.is_fine() { Ok(()) } else { Err(told(case, &verdict).into()) }
}

/// What went wrong, with the exchange that shows it.
fn told(case: &Case, verdict: &Verdict) -> String {
    let what = match &verdict.outcome {
        Outcome::Passed | Outcome::Skipped(_) => String::new(),
        Outcome::Failed(what) => what.clone(),
        Outcome::Blocked(what) => format!("not tested: {what}"),
        Outcome::Unreachable(what) => format!("no answer: {what}"),
    };
    let exchange = verdict.exchanges.last().map(|exchange| format!("\n{exchange}")).unwrap_or_default();
    format!("{}\n{what}{exchange}", case.sentence)
}
