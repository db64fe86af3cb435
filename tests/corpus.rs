//! What the world's documents contain, feature by feature: each document of `specs/tests/corpus/` is loaded, served and
//! talked to, and each promise of its script is a named test.
//!
//! Three more tests of each document ask no more of it than of any other: that its problems are those that its script
//! names, that every declared response can be had as it is declared, and that it passes its contract tests. The table
//! of features is the README of that folder; that every document is in it is a test too. That a client is generated
//! from each, compiles and makes the round trip is tested beside the generator.

mod harness;
mod on_mock;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use contract::{
    Outcome, Suite, Target,
    script::{Promise, Script},
};
use harness::{block_on, joined};
use libtest_mimic::{Failed, Trial};
use mock_server::MockServer;
use on_mock::without_defect;
use specs::Source;

/// Where the documents are.
const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/tests/corpus");

fn main() -> ExitCode {
    harness::run(DIR, trials, vec![Trial::test("every_document_is_in_the_table_of_features", table)])
}

/// The tests of a document.
fn trials(name: &str, file: &Path) -> Result<Vec<Trial>, String> {
    let subject = Arc::new(Subject::read(file)?);
    let problems = Arc::clone(&subject);
    let mut trials = vec![Trial::test(format!("{name}::has_the_problems_that_its_script_names"), move || problems.has_its_problems())];
    let responses = Arc::clone(&subject);
    trials.push(Trial::test(format!("{name}::every_declared_response_can_be_had"), move || block_on(responses.gives_every_response())));
    let contract = Arc::clone(&subject);
    trials.push(Trial::test(format!("{name}::passes_its_contract_tests"), move || block_on(contract.passes_its_contract_tests())));
    trials.extend(subject.script.promises.iter().map(|promise| {
        let (subject, promise) = (Arc::clone(&subject), promise.clone());
        Trial::test(format!("{name}::{}", promise.name), move || block_on(subject.keeps(&promise)))
    }));
    Ok(trials)
}

/// A document with its script.
struct Subject {
    source: Source,
    suite: Suite,
    script: Script,
    problems: Vec<specs::Problem>,
}

impl Subject {
    fn read(file: &Path) -> Result<Self, String> {
        let failed = |file: &Path, error: std::io::Error| format!("failed to read `{}`: {error}", file.display());
        let source = Source::read(file).map_err(|error| failed(file, error))?;
        let loaded = specs::load(&source);
        let api = loaded.api.ok_or_else(|| joined(&loaded.problems))?;
        let beside = file.with_extension("script.yaml");
        let text = fs::read_to_string(&beside).map_err(|error| failed(&beside, error))?;
        let shown = beside.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&beside);
        let script = Script::read(&Source::new(&source.name, &shown.display().to_string(), text), &api).map_err(|found| joined(&found))?;
        Ok(Self { source, suite: Suite::new(api, Suite::SEED), script, problems: loaded.problems })
    }

    /// What loading says, and what the mock says, is what the script foretells.
    fn has_its_problems(&self) -> Result<(), Failed> {
        let all: Vec<specs::Problem> = self.problems.iter().cloned().chain(mock_server::problems(&self.source)).collect();
        let mut found: Vec<&str> = all.iter().map(|problem| problem.rule).collect();
        let mut expected: Vec<&str> = self.script.problems.iter().map(String::as_str).collect();
        for rules in [&mut found, &mut expected] {
            rules.sort_unstable();
            rules.dedup();
        }
        if let Some(lost) = all.iter().find(|problem| problem.line == 0) {
            return Err(format!("a problem has no place:\n{lost}").into());
        }
        if found == expected { Ok(()) } else { Err(format!("expected {expected:?}, found {found:?}\n{}", joined(&all)).into()) }
    }

    async fn serve(&self) -> Result<(MockServer, Target), Failed> {
        let server = MockServer::builder().source(self.source.clone()).root(&self.source.name).start().await?;
        let target = on_mock::target(&server, self.suite.api())?;
        Ok((server, target))
    }

    async fn keeps(&self, promise: &Promise) -> Result<(), Failed> {
        let (server, target) = self.serve().await?;
        self.script.run(promise, self.suite.api(), &target).await.map_err(|broken| format!("{}\n{broken}", promise.sentence))?;
        without_defect(&server)
    }

    async fn gives_every_response(&self) -> Result<(), Failed> {
        let (server, target) = self.serve().await?;
        let wrong = self.suite.every_declared_response(&target).await;
        if wrong.is_empty() { without_defect(&server) } else { Err(wrong.join("\n").into()) }
    }

    async fn passes_its_contract_tests(&self) -> Result<(), Failed> {
        let mut failed = Vec::new();
        let shows_wrong = specs::lint::check(&self.source).problems.iter().any(|problem| problem.rule == "invalid-example");
        for case in self.suite.cases() {
            let (_server, target) = self.serve().await?;
            let verdict = self.suite.run(case, &target).await;
            // Some documents show on purpose what they do not allow, and lint says so too.
            let is_meant = case.rule == contract::rule::SHOWN && shows_wrong;
            if !verdict.outcome.is_fine() && !is_meant {
                let what = match &verdict.outcome {
                    Outcome::Passed | Outcome::Skipped(_) => "",
                    Outcome::Failed(failure) | Outcome::New(failure) => &failure.what,
                    Outcome::Blocked(what) | Outcome::Unreachable(what) => what,
                };
                let exchange = verdict.exchanges.last().map(ToString::to_string).unwrap_or_default();
                failed.push(format!("{}: {what}\n{exchange}", case.id()));
            }
        }
        if failed.is_empty() { Ok(()) } else { Err(failed.join("\n").into()) }
    }
}

/// The README of the folder names every document, and none that is not there.
fn table() -> Result<(), Failed> {
    let documents: Vec<PathBuf> = specs::documents(DIR.as_ref())?.into_iter().filter(|file| !harness::is_script(file)).collect();
    let text = fs::read_to_string(Path::new(DIR).join("README.md"))?;
    let rows = text.lines().filter(|line| line.starts_with("| "));
    let named: Vec<&str> = rows.flat_map(|row| row.split('`').skip(1).step_by(2)).collect();
    let there: Vec<String> = documents.iter().filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned())).collect();
    let missing: Vec<&String> = there.iter().filter(|file| !named.contains(&file.as_str())).collect();
    let unknown: Vec<&&str> = named.iter().filter(|name| !there.iter().any(|file| file == *name)).collect();
    match (missing.as_slice(), unknown.as_slice()) {
        ([], []) => Ok(()),
        _ => Err(format!("the table of features lacks {missing:?}, and names {unknown:?} that are not there").into()),
    }
}
