//! The mock as a program: flags, one screen of what is served, and an orderly end.

mod cli;

use std::process::ExitCode;

/// Half of what is left of a request, once it is compiled, is small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
