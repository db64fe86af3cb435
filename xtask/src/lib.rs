//! The verbs of people who work here, each a module.
//!
//! A verb writes to the screen that it is handed and returns an [`Exit`]; it neither prints nor ends the process, so
//! a test compares the exact screen. The output of cargo and of other tools that a verb starts goes to the terminal
//! directly: it is long, it is coloured, and it is theirs.

mod args;
mod bench;
mod browser;
mod ci;
mod diff;
mod documents;
mod drift;
mod exit;
mod failure;
pub mod fetch;
mod first;
pub mod format;
mod generate;
pub mod lint;
mod readme;
mod workspace;

use std::{ffi::OsString, io::Write};

use args::{Arguments, Verb};
use clap::Parser as _;
pub use exit::Exit;
pub use failure::Failure;

/// Does what the arguments say.
pub fn run(arguments: impl IntoIterator<Item = OsString>, screen: &mut dyn Write) -> Exit {
    let parsed = match Arguments::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(usage) => return explain(&usage, screen),
    };
    match perform(&parsed.verb, screen) {
        Ok(exit) => exit,
        // A screen that cannot be written to leaves nobody to tell.
        Err(failure) => writeln!(screen, "{failure}").map_or(Exit::Failed, |()| Exit::Failed),
    }
}

fn perform(verb: &Verb, screen: &mut dyn Write) -> Result<Exit, Failure> {
    match verb {
        Verb::Bench(wanted) => bench::run(wanted, screen),
        Verb::Browser => browser::run(screen),
        Verb::Ci(wanted) => ci::run(wanted, screen),
        Verb::Diff(wanted) => diff::run(wanted, screen),
        Verb::Drift(wanted) => drift::run(wanted, screen),
        Verb::Generate(wanted) => generate::run(wanted, screen),
        Verb::Lint(wanted) => lint::run(wanted, screen),
        Verb::New(wanted) => first::run(wanted, screen),
        Verb::Readme(wanted) => readme::run(wanted, screen),
    }
}

/// Help was asked for, or the arguments are wrong: clap has the words for both.
fn explain(usage: &clap::Error, screen: &mut dyn Write) -> Exit {
    let wrong = usage.use_stderr();
    match write!(screen, "{}", usage.render()) {
        Ok(()) if !wrong => Exit::Done,
        _ => Exit::Usage,
    }
}
