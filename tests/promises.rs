//! What the vendors' pages promise: each promise of `tests/promises/<document>.yaml` is a named test, `provider::promise`,
//! whose conversation is held with a mock of its own.
//!
//! The contract tests follow from the documents, and so can be no better than these; here stands what the pages say, in
//! our own words, and the documents answer for it. The form of the files is told at [`contract::script`].

mod harness;
mod on_mock;

use std::{path::Path, process::ExitCode, sync::Arc};

use contract::script::{Promise, Script};
use harness::{block_on, joined};
use libtest_mimic::{Failed, Trial};
use mock_server::MockServer;
use specs::{Source, api::Api};

/// Where the promises are.
const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/promises");

fn main() -> ExitCode {
    harness::run(DIR, trials, Vec::new())
}

/// A test for each promise of a file.
fn trials(name: &str, file: &Path) -> Result<Vec<Trial>, String> {
    let subject = Arc::new(subject(name, file)?);
    let trial = |promise: &Promise| {
        let (subject, promise) = (Arc::clone(&subject), promise.clone());
        Trial::test(format!("{name}::{}", promise.name), move || block_on(subject.keeps(&promise)))
    };
    Ok(subject.script.promises.iter().map(trial).collect())
}

/// Who made promises, and which.
struct Subject {
    api: Api,
    script: Script,
}

fn subject(name: &str, file: &Path) -> Result<Subject, String> {
    let told = |file: &Path| format!("failed to read `{}`", file.display());
    let shown = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(file);
    let documents = specs::documents(specs::DIR.as_ref()).map_err(|error| format!("failed to read `{}`: {error}", specs::DIR))?;
    let sources = documents.iter().map(|path| Source::read(path).map_err(|error| format!("{}: {error}", told(path))));
    let sources = sources.collect::<Result<Vec<_>, _>>()?;
    let document = sources.iter().find(|source| source.name == name);
    let document = document.ok_or_else(|| format!("there is no document `{name}`\nhelp: call `{}` after one", shown.display()))?;
    let loaded = specs::load(document);
    let api = loaded.api.ok_or_else(|| joined(&loaded.problems))?;
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", told(file)))?;
    let script = Script::read(&Source::new(name, &shown.display().to_string(), text), &api).map_err(|problems| joined(&problems))?;
    Ok(Subject { api, script })
}

impl Subject {
    /// Holds the conversation of a promise with a mock of its own, which must not have to own up to a defect.
    async fn keeps(&self, promise: &Promise) -> Result<(), Failed> {
        let server = MockServer::builder().document(&self.api.name).start().await?;
        let target = on_mock::target(&server, &self.api)?;
        let place = self.script.page.as_ref().map(|page| format!("\npromised at {page}")).unwrap_or_default();
        self.script.run(promise, &self.api, &target).await.map_err(|broken| format!("{}{place}\n{broken}", promise.sentence))?;
        on_mock::without_defect(&server)
    }
}
