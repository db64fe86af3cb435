//! The command line.

use clap::{Args, Parser, Subcommand};

/// The verbs of people who work on crm-notes.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 nothing to do, 4 something to update or look at, 100 failed, 2 wrong arguments.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Run every check that a change must pass, or only the steps named
    Ci(Ci),
}

#[derive(Args, Debug)]
pub(crate) struct Ci {
    /// Steps to run, in the order of the list; all when none is named
    #[arg(value_name = "STEP")]
    pub(crate) steps: Vec<String>,
}
