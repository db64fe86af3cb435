//! `contract proxy`: stands between a client and a server until it is stopped.

use std::{io, path::PathBuf, sync::Arc};

use clap::Args;

use super::{
    documents::{path, suite},
    failure::Failure,
    interrupt::Interrupt,
};
use crate::proxy::{self, Forwarded, Options, Verbosity};

/// What the command takes.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// A file, or the name of a provider
    document: String,
    /// The base URL of the server, in place of the server URL that the document has
    #[arg(long, value_name = "URL")]
    target: String,
    /// The port to listen on, on this machine alone; 0 is any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Write all exchanges to this file, as HTTP Archive 1.2
    #[arg(long)]
    har: Option<PathBuf>,
    /// Print a line for each exchange, also when nothing is wrong with it
    #[arg(long, short)]
    verbose: bool,
    /// Tell the server of the client, by `X-Forwarded-For`, `-Host` and `-Proto`
    #[arg(long)]
    x_forwarded: bool,
}

pub(super) async fn run(arguments: &Arguments, seed: u64) -> Result<u8, Failure> {
    let suite = suite(&path(&arguments.document)?, seed)?;
    let options = Options {
        suite: Arc::new(suite),
        target: arguments.target.clone(),
        port: arguments.port,
        har: arguments.har.clone(),
        verbosity: if arguments.verbose { Verbosity::All } else { Verbosity::Findings },
        forwarded: if arguments.x_forwarded { Forwarded::Told } else { Forwarded::Untold },
    };
    let mut interrupt =
        Interrupt::listen().map_err(|error| Failure::new(format!("failed to listen for signals: {error}"), "please report it"))?;
    let stop = async {
        interrupt.next().await;
    };
    let ran = proxy::run(options, stop, &mut io::stdout()).await;
    match ran {
        Ok(summary) => Ok(summary.exit_code()),
        Err(proxy::Error::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        Err(error) => Err(Failure::new(crate::run::chain(&error), error.help())),
    }
}
