//! What the command takes.

use clap::{Args, Parser, Subcommand};
use serde_json::Value;

/// The cases that a server of an OpenAPI document must pass.
#[derive(Debug, Parser)]
#[command(name = "contract", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    /// Chooses the values that are sampled; the same seed gives the same cases
    #[arg(long, global = true, default_value_t = 0)]
    pub(super) seed: u64,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print every rule at every place: its cases, or why there is none
    Matrix {
        /// Files, or names of providers; all that ship when none is given
        documents: Vec<String>,
    },
    /// Print the cases, each with its sentence
    List {
        /// Files, or names of providers; all that ship when none is given
        documents: Vec<String>,
        /// Only cases whose id contains this
        #[arg(long)]
        filter: Option<String>,
    },
    /// Run the cases against a server
    ///
    /// Credentials come from the environment: `CONTRACT_BEARER`, `CONTRACT_BASIC` (user:password), `CONTRACT_APIKEY`, or
    /// `CONTRACT_<SCHEME NAME>`; else those that the document offers for its mock.
    Run(Run),
}

#[derive(Args, Debug)]
pub(super) struct Run {
    /// A file, or the name of a provider
    pub(super) document: String,
    /// The base URL, in place of the server URL that the document has
    #[arg(long)]
    pub(super) url: String,
    /// Only cases whose id contains this
    #[arg(long)]
    pub(super) filter: Option<String>,
    /// The key of something that exists, by its resource or by the property that holds it: `leads=lead_1`
    #[arg(long, value_parser = given)]
    pub(super) given: Vec<(String, Value)>,
}

fn given(text: &str) -> Result<(String, Value), String> {
    let (name, key) = text.split_once('=').ok_or("it is written `name=key`")?;
    let number = key.parse::<i64>().map(Value::from);
    Ok((name.to_owned(), number.unwrap_or_else(|_| key.into())))
}
