//! `cargo xtask <verb>`. All that it does is in the library, so that tests see the exact screen.

use std::{io, process::ExitCode};

fn main() -> ExitCode {
    xtask::run(std::env::args_os(), &mut io::stdout().lock()).into()
}
