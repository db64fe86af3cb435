//! The command line: which cases there are, what a run would send, and what a server makes of them.
//!
//! Exit codes: 0 all is well, 1 a case failed, 2 wrong arguments, 3 the server cannot be reached; 130 and 143 after
//! Ctrl-C and SIGTERM.

mod arguments;
mod campaign;
mod clean;
mod compare;
mod documents;
mod failure;
mod interrupt;
mod plan;
mod proxy;
mod run;
mod server;
mod tell;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use self::{
    arguments::{Arguments, Choice, Command},
    documents::{paths, suite},
    failure::Failure,
};
use crate::{Suite, matrix::Matrix};

/// A case failed.
const FAILED: u8 = 1;
/// Wrong arguments.
const WRONG: u8 = 2;
/// Nobody answers.
const UNREACHABLE: u8 = 3;

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
        Ok(code) => ExitCode::from(code),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(WRONG)
        }
    }
}

async fn execute(arguments: Arguments) -> Result<u8, Failure> {
    let seed = arguments.seed;
    match arguments.command {
        Command::Matrix { documents } => each(&documents, seed, |suite, out| write!(out, "{}", Matrix(suite))),
        Command::List { documents, choice } => list(&documents, seed, &choice),
        Command::Plan(plan) => plan::run(&plan, seed).await,
        Command::Run(run) => run::run(&run, seed).await,
        Command::Clean(clean) => clean::run(&clean, seed).await,
        Command::Compare(compare) => compare::run(&compare, seed).await,
        Command::Proxy(proxy) => proxy::run(&proxy, seed).await,
    }
}

fn list(documents: &[String], seed: u64, choice: &Choice) -> Result<u8, Failure> {
    each(documents, seed, |suite, out| {
        let wanted = choice.of(suite).unwrap_or_default();
        wanted.iter().try_for_each(|case| writeln!(out, "{}  {}", case.id(), case.sentence))
    })
}

fn each(documents: &[String], seed: u64, mut print: impl FnMut(&Suite, &mut dyn Write) -> io::Result<()>) -> Result<u8, Failure> {
    let mut out = io::stdout().lock();
    for path in paths(documents)? {
        if !is_written(print(&suite(&path, seed)?, &mut out))? {
            break;
        }
    }
    Ok(0)
}

/// Whether what was printed was read; whoever closed the pipe has seen enough.
fn is_written(printed: io::Result<()>) -> Result<bool, Failure> {
    match printed {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(format!("failed to write: {error}"), "is there room on the disk?")),
    }
}
