//! The typed client of every document of the corpus: each compiles (they are one crate), each sends what its document
//! declares, and each decodes every declared answer, from a server that says it and from the mock.
//!
//! An operation that is not typed throughout is one that the script beside the document names under `degraded`; any
//! other is a defect of the generator, and one that is named and is typed after all is out of date.

mod harness;
mod typed_client;

use std::{collections::BTreeSet, path::Path, process::ExitCode, sync::Arc};

use contract::{Suite, script::Script};
use crm_notes::runtime::contract::Outcome;
use harness::{block_on, joined};
use libtest_mimic::{Failed, Trial};
use specs::{Api, Source};
use typed_client::Subject;

/// Where the documents are.
const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/tests/corpus");

fn main() -> ExitCode {
    harness::run(DIR, trials, Vec::new())
}

/// The tests of a document's client.
fn trials(name: &str, document: &Path) -> Result<Vec<Trial>, String> {
    let source = Source::read(document).map_err(|error| format!("failed to read `{}`: {error}", document.display()))?;
    let loaded = specs::load(&source);
    let api = loaded.api.ok_or_else(|| joined(&loaded.problems))?;
    let (named, script) = (api.clone(), document.with_extension("script.yaml"));
    let suite = Arc::new(Suite::new(api, Suite::SEED));
    let subjects = typed_client::subjects(&suite, &source, corpus_clients::PROVIDERS).ok_or("no client was generated")?;
    let mut trials: Vec<Trial> = subjects.iter().flat_map(of_operation).collect();
    trials.push(Trial::test(format!("{name}::typed_client_is_typed_throughout"), move || as_declared(&named, &script)));
    Ok(trials)
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
    let script = Script::read(&Source::read(script)?, api).map_err(|problems| joined(&problems))?;
    let declared: BTreeSet<&str> = script.degraded.iter().map(String::as_str).collect();
    if found == declared {
        return Ok(());
    }
    Err(format!("{found:?} are not typed throughout, where the script names {declared:?}").into())
}
