//! The steps of `cargo xtask ci`, as data.

use std::io::Write;

use super::{drop_in, examples};
use crate::{Exit, Failure, args, browser, lint, readme, workspace};

/// One check.
pub(crate) struct Step {
    /// What a person types to run it alone.
    pub(crate) name: &'static str,
    /// What is true when it passes.
    pub(crate) promise: &'static str,
    /// Does it.
    pub(crate) run: fn(&mut dyn Write) -> Result<Done, Failure>,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Passed,
    Failed,
    /// A tool that is not needed to build is not there: which one.
    Skipped(String),
}

impl Done {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::Skipped(_) => "skipped",
        }
    }
}

/// Every step, in order: those that need no build first, and those that share a build side by side.
pub(crate) const STEPS: &[Step] = &[
    Step { name: "fmt", promise: "the code is formatted", run: |_| cargo(&["fmt", "--all", "--check"]) },
    Step { name: "deny", promise: "licences, sources and bans of dependencies hold", run: deny },
    Step { name: "lint", promise: "the documents have no problems", run: documents },
    Step { name: "readme", promise: "the README has the table that the documents give", run: table },
    Step {
        name: "clippy",
        promise: "no target has a warning",
        run: |_| cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
    },
    Step { name: "build", promise: "every target builds", run: |_| cargo(&["build", "--workspace", "--all-targets"]) },
    Step { name: "tidy", promise: "the invariants of the workspace hold", run: |_| cargo(&["test", "--quiet", "--test", "tidy"]) },
    Step { name: "test", promise: "every test passes", run: tests },
    Step { name: "examples", promise: "every example does on the mock what it shows", run: examples::run },
    Step { name: "browser", promise: "a page of another origin can use the mock, and its API reference works", run: pages },
    Step { name: "doctest", promise: "every example in the documentation runs", run: |_| cargo(&["test", "--workspace", "--doc"]) },
    Step { name: "doc", promise: "the documentation has no warning", run: documentation },
    Step { name: "drop-in", promise: "adding a provider is adding one file", run: drop_in::run },
];

fn table(screen: &mut dyn Write) -> Result<Done, Failure> {
    let exit = readme::run(&args::Readme { check: true }, screen)?;
    Ok(if exit == Exit::Done { Done::Passed } else { Done::Failed })
}

fn cargo(arguments: &[&str]) -> Result<Done, Failure> {
    outcome(workspace::succeeds(&mut workspace::cargo(arguments))?)
}

#[expect(clippy::unnecessary_wraps, reason = "it ends functions that can fail")]
fn outcome(passed: bool) -> Result<Done, Failure> {
    Ok(if passed { Done::Passed } else { Done::Failed })
}

/// By nextest when it is there (in parallel, with a report for CI), else by cargo: the same tests either way.
fn tests(_: &mut dyn Write) -> Result<Done, Failure> {
    if workspace::has_subcommand("nextest") {
        cargo(&["nextest", "run", "--workspace", "--profile", "ci"])
    } else {
        cargo(&["test", "--workspace", "--lib", "--bins", "--tests"])
    }
}

fn documentation(_: &mut dyn Write) -> Result<Done, Failure> {
    let mut command = workspace::cargo(&["doc", "--workspace", "--no-deps"]);
    outcome(workspace::succeeds(command.env("RUSTDOCFLAGS", "--deny warnings"))?)
}

/// Advisories are looked up in the workflow alone: they change by the day, and this must pass tomorrow as it does today.
fn deny(screen: &mut dyn Write) -> Result<Done, Failure> {
    if workspace::has_subcommand("deny") {
        return cargo(&["deny", "--workspace", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]);
    }
    let why = "`cargo deny` is not there";
    writeln!(screen, "{why}\nhelp: `cargo install --locked cargo-deny`")?;
    Ok(if std::env::var_os("CI").is_some() { Done::Failed } else { Done::Skipped(why.to_owned()) })
}

/// A browser is large, so that not even a CI machine has to have one; one that is there is used.
fn pages(screen: &mut dyn Write) -> Result<Done, Failure> {
    Ok(match browser::check(screen)? {
        browser::Outcome::Passed => Done::Passed,
        browser::Outcome::Failed(help) => {
            writeln!(screen, "help: {help}")?;
            Done::Failed
        }
        browser::Outcome::Lacking(lack) => {
            writeln!(screen, "{}\nhelp: {}", lack.what, lack.help)?;
            Done::Skipped(lack.what)
        }
    })
}

fn documents(screen: &mut dyn Write) -> Result<Done, Failure> {
    outcome(lint::run(&args::Lint::default(), screen)? == Exit::Done)
}
