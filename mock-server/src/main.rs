//! The mock as a program: flags, one screen of what is served, and an orderly end.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
