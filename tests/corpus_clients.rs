//! The typed client of every document of the corpus: each compiles (they are one crate), each sends what its document
//! declares, and each decodes every declared answer, from a server that says it and from the mock.
//!
//! An operation that is not typed throughout is one that the script beside the document names under `degraded`; any
//! other is a defect of the generator, and one that is named and is typed after all is out of date.

mod typed_client;

use std::{collections::BTreeSet, future::Future, path::Path, process::ExitCode, sync::Arc};

use contract::{Suite, script::Script};
use crm_notes::runtime::contract::Outcome;
use libtest_mimic::{Arguments, Failed, Trial};
use specs::{Api, Source};
use typed_client::Subject;

/// The seed of everything that is sampled.
const SEED: u64 = 0;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(specs::DIR).join("tests/corpus");
    let documents = match specs::documents(&folder) {
        Ok(documents) => documents,
        Err(error) => {
            eprintln!("error: failed to read `{}`: {error}", folder.display());
            return ExitCode::FAILURE;
        }
    };
    let wanted = documents.iter().filter(|file| !is_script(file) && is_wanted(file, &arguments));
    let trials = wanted.flat_map(|file| trials(file)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn is_script(file: &Path) -> bool {
    file.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(".script"))
}

/// Whether a test of this document can be meant: nextest runs each test in a process of its own and names it in full.
fn is_wanted(document: &Path, arguments: &Arguments) -> bool {
    let exact = arguments.filter.as_ref().filter(|_| arguments.exact);
    let name = document.file_stem().map(|stem| specs::document::identifier(&stem.to_string_lossy())).unwrap_or_default();
    exact.is_none_or(|test| test.starts_with(&format!("{name}::")))
}

fn trials(document: &Path) -> Vec<Trial> {
    let loaded = Source::read(document).map(|source| (specs::load(&source).api, source));
    let Ok((Some(api), source)) = loaded else {
        let stem = document.display().to_string();
        return vec![Trial::test(stem, || Err(Failed::from("nothing can be made of the document")))];
    };
    let (named, script) = (api.clone(), document.with_extension("script.yaml"));
    let suite = Arc::new(Suite::new(api, SEED));
    let Some(subjects) = typed_client::subjects(&suite, &source, corpus_clients::PROVIDERS) else {
        return vec![Trial::test(format!("{}::typed_client_exists", named.name), || Err(Failed::from("no client was generated")))];
    };
    let mut trials: Vec<Trial> = subjects.iter().flat_map(of_operation).collect();
    trials.push(Trial::test(format!("{}::typed_client_is_typed_throughout", named.name), move || as_declared(&named, &script)));
    trials
}

fn of_operation(subject: &Subject) -> Vec<Trial> {
    let understands = subject.clone();
    let understands = subject.trial("decodes_what_the_mock_sends", move || block_on(decodes_what_the_mock_sends(understands)));
    [understands].into_iter().chain(typed_client::trials(subject)).collect()
}

/// The mock is asked for every declared answer by its status, and the client decodes each.
async fn decodes_what_the_mock_sends(client: Subject) -> Result<(), Failed> {
    let Some(call) = client.calls().await?.into_iter().next() else { return Ok(()) };
    for status in contract::client::statuses(&client.operation) {
        let Some(answer) = client.suite.answers(&client.operation, &status).into_iter().next() else { continue };
        let (_server, address) = client.mock().await?;
        let connect = client.connect(&address).with_header("Prefer", &format!("code={}", answer.status));
        match client.send(connect, &call).await {
            // A mock with state answers with the success that is true: an upsert creates what is not there.
            Outcome::Decoded { status: got, .. } if got == answer.status || is_success(got) && is_success(answer.status) => {}
            other => return Err(format!("status {}: {other:?}", answer.status).into()),
        }
    }
    Ok(())
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// What is not typed is what the script says.
fn as_declared(api: &Api, script: &Path) -> Result<(), Failed> {
    let found = corpus_clients::DEGRADED.iter().find(|(module, _)| *module == api.name);
    let found: BTreeSet<&str> = found.into_iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
    let script =
        Script::read(&Source::read(script)?, api).map_err(|problems| problems.iter().map(ToString::to_string).collect::<String>())?;
    let declared: BTreeSet<&str> = script.degraded.iter().map(String::as_str).collect();
    if found == declared {
        return Ok(());
    }
    Err(format!("{found:?} are not typed throughout, where the script names {declared:?}").into())
}

/// Runs a test on a runtime of its own.
fn block_on(test: impl Future<Output = Result<(), Failed>>) -> Result<(), Failed> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(test)
}
