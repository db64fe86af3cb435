//! The command line: which cases there are, which places have none, and what a server makes of them.
//!
//! Exit codes: 0 all is well, 1 a case failed, 2 wrong arguments, 3 the server cannot be reached.

mod arguments;
mod report;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use specs::Source;

use self::{
    arguments::{Arguments, Command, Run},
    report::Place,
};
use crate::{Credentials, Given, Http, Pace, Suite, Target, matrix::Matrix, pace};

/// Wrong arguments.
const WRONG: u8 = 2;

/// Runs the command and gives its exit code.
pub async fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            _ = error.print();
            return ExitCode::from(if error.use_stderr() { WRONG } else { 0 });
        }
    };
    match execute(arguments).await {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(WRONG)
        }
    }
}

async fn execute(arguments: Arguments) -> Result<ExitCode, String> {
    let mut out = io::stdout().lock();
    match arguments.command {
        Command::Matrix { documents } => each(&documents, arguments.seed, |suite| write!(out, "{}", Matrix(suite))),
        Command::List { documents, filter } => each(&documents, arguments.seed, |suite| {
            let mut wanted = suite.cases().iter().filter(|case| is_wanted(&case.id(), filter.as_deref()));
            wanted.try_for_each(|case| writeln!(out, "{}  {}", case.id(), case.sentence))
        }),
        Command::Run(run) => against(&run, arguments.seed, &mut out).await,
    }
}

fn is_wanted(id: &str, filter: Option<&str>) -> bool {
    filter.is_none_or(|filter| id.contains(filter))
}

fn each(documents: &[String], seed: u64, mut print: impl FnMut(&Suite) -> io::Result<()>) -> Result<ExitCode, String> {
    for path in paths(documents)? {
        match print(&suite(&path, seed)?) {
            // Whoever reads has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            printed => printed.map_err(|error| format!("error: failed to write: {error}"))?,
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The documents that are named, by file or by provider; all that ship when none is.
fn paths(named: &[String]) -> Result<Vec<PathBuf>, String> {
    if named.is_empty() {
        return shipped();
    }
    named.iter().map(|name| path(name)).collect()
}

fn shipped() -> Result<Vec<PathBuf>, String> {
    specs::documents(Path::new(specs::DIR)).map_err(|error| format!("error: failed to read `{}`: {error}", specs::DIR))
}

fn path(name: &str) -> Result<PathBuf, String> {
    if Path::new(name).exists() {
        return Ok(name.into());
    }
    let all = shipped()?;
    let stem = |path: &PathBuf| path.file_stem().is_some_and(|stem| stem == name);
    let known =
        || all.iter().filter_map(|path| path.file_stem()).map(|stem| format!("`{}`", stem.display())).collect::<Vec<_>>().join(", ");
    let found = all.iter().find(|path| stem(path)).cloned();
    found.ok_or_else(|| format!("error: there is no document `{name}`\nhelp: give a file, or one of {}", known()))
}

fn suite(path: &Path, seed: u64) -> Result<Suite, String> {
    let source = Source::read(path).map_err(|error| format!("error: failed to read `{}`: {error}", path.display()))?;
    let loaded = specs::load(&source);
    let problems = loaded.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    loaded.api.map(|api| Suite::new(api, seed)).ok_or(problems)
}

async fn against(run: &Run, seed: u64, out: &mut dyn Write) -> Result<ExitCode, String> {
    let suite = suite(&path(&run.document)?, seed)?;
    if let Some(filter) = run.filter.as_deref()
        && !suite.cases().iter().any(|case| is_wanted(&case.id(), Some(filter)))
    {
        return Err(format!("error: no case has `{filter}` in its name\nhelp: `contract list` prints the names"));
    }
    let http = Http::new(&run.url).map_err(|error| format!("error: `{}` cannot be used: {error}", run.url))?;
    let credentials = Credentials::of_environment(suite.api(), |name| std::env::var(name).ok());
    let credentials = credentials.map_err(|unusable| unusable.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let pace = Pace::new(suite.api(), crate::Place::Here, &pace::Settings::default());
    let mut target = Target::new(Box::new(pace.around(http)), credentials);
    target.given = run.given.iter().cloned().collect::<Given>();
    let host = run.url.split("//").nth(1).unwrap_or_default();
    let is_here = ["127.", "localhost", "[::1]"].iter().any(|here| host.starts_with(here));
    let place = if is_here { Place::Here } else { Place::Elsewhere };
    report::run(&suite, &target, place, run.filter.as_deref(), out).await.map_err(|error| format!("error: failed to write: {error}"))
}
