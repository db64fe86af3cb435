//! What the vendors' pages promise: each promise of `tests/promises/<document>.yaml` is a named test, `provider::promise`,
//! whose conversation is held with a mock of its own.
//!
//! The contract tests follow from the documents, and so can be no better than these; here stands what the pages say, in
//! our own words, and the documents answer for it. The form of the files is told at [`contract::script`].

use std::{future::Future, path::Path, process::ExitCode, sync::Arc};

use contract::{
    Credentials, Given, Http, Target,
    script::{Promise, Script},
};
use libtest_mimic::{Arguments, Failed, Trial};
use mock_server::MockServer;
use specs::{Source, api::Api};

/// Where the promises are.
const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/promises");

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let files = match specs::documents(DIR.as_ref()) {
        Ok(files) => files,
        Err(error) => {
            eprintln!("error: failed to read `{DIR}`: {error}");
            return ExitCode::FAILURE;
        }
    };
    let trials = files.iter().flat_map(|file| trials(file, &arguments)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A test for each promise of a file; where it cannot be read, one that says why.
fn trials(file: &Path, arguments: &Arguments) -> Vec<Trial> {
    let name = file.file_stem().map(|stem| specs::document::identifier(&stem.to_string_lossy())).unwrap_or_default();
    if !is_wanted(&name, arguments) {
        return Vec::new();
    }
    let subject = match subject(&name, file) {
        Ok(subject) => Arc::new(subject),
        Err(why) => return vec![Trial::test(format!("{name}::can_be_read"), || Err(why.into()))],
    };
    let trial = |promise: &Promise| {
        let (subject, promise) = (Arc::clone(&subject), promise.clone());
        Trial::test(format!("{name}::{}", promise.name), move || block_on(subject.keeps(&promise)))
    };
    subject.script.promises.iter().map(trial).collect()
}

/// Whether a test of this provider can be meant: nextest runs each test in a process of its own and names it in full.
fn is_wanted(name: &str, arguments: &Arguments) -> bool {
    let exact = arguments.filter.as_ref().filter(|_| arguments.exact);
    exact.is_none_or(|test| test.starts_with(&format!("{name}::")))
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

fn joined(problems: &[specs::Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl Subject {
    /// Holds the conversation of a promise with a mock of its own, which must not have to own up to a defect.
    async fn keeps(&self, promise: &Promise) -> Result<(), Failed> {
        let server = MockServer::builder().document(&self.api.name).start().await?;
        let target = Target {
            transport: Box::new(Http::new(&server.base_url(&self.api.name))?),
            credentials: Credentials::of_document(&self.api),
            given: Given::default(),
        };
        let place = self.script.page.as_ref().map(|page| format!("\npromised at {page}")).unwrap_or_default();
        self.script.run(promise, &self.api, &target).await.map_err(|broken| format!("{}{place}\n{broken}", promise.sentence))?;
        match server.journal().defects() {
            0 => Ok(()),
            defects => Err(format!("{defects} answers of the mock are not what the document declares").into()),
        }
    }
}

/// Runs a test on a runtime of its own.
fn block_on(test: impl Future<Output = Result<(), Failed>>) -> Result<(), Failed> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(test)
}
