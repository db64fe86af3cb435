//! The command line: from arguments to a mock that runs until it is told to stop.

mod arguments;
mod coverage;
mod failure;
mod inspect;
mod ready;
mod sandboxes;
mod screen;
mod signals;
mod transport;

use std::{process::ExitCode, thread};

use clap::Parser;
use tracing_subscriber::EnvFilter;

use arguments::{Arguments, Verb};
use failure::Failure;
use ready::ReadyFile;

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.verb {
        None => serve(&arguments),
        Some(Verb::Inspect(wanted)) => inspect::run(wanted),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn serve(arguments: &Arguments) -> Result<(), Failure> {
    log(&arguments.log)?;
    // Who asks is mostly on the same machine, and gets the other half of it. More threads than four answer no faster on
    // one socket, and each costs memory.
    let threads = thread::available_parallelism().map_or(1, |count| (count.get() / 2).clamp(1, 4));
    let mut runtime = match threads {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.worker_threads(threads).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("cannot start the runtime", &error, "close programs that hold many threads"))?;
    let result = runtime.block_on(until_told(arguments));
    // Connections that a client keeps open are no reason to stay.
    runtime.shutdown_background();
    result
}

async fn until_told(arguments: &Arguments) -> Result<(), Failure> {
    let stop = signals::Stop::listen()?;
    let ready_file = arguments.ready_file.as_deref().map(ReadyFile::clear).transpose()?;
    let server = arguments.builder()?.start().await?;
    screen::problems(&server);
    if let Some(ready_file) = ready_file {
        ready_file.write(&server)?;
    }
    screen::welcome(&server, &arguments.transport);
    let covered = server.coverage();
    stop.drain(server).await;
    if arguments.min_coverage.is_none() && arguments.coverage.is_none() {
        return Ok(());
    }
    coverage::finish(arguments, covered.report())
}

fn log(filter: &str) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Failure::new(&format!("`--log {filter}` is no filter"), &error, "write it like `info` or `dropshot=debug,warn`")
    })?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    Ok(())
}
