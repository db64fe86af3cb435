//! What the command takes.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
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
        #[command(flatten)]
        choice: Choice,
    },
    /// Print what a run would send, and send nothing
    Plan(Plan),
    /// Run the cases against a server
    ///
    /// Credentials come from the environment: `CONTRACT_BEARER`, `CONTRACT_BASIC` (user:password), `CONTRACT_APIKEY`, or
    /// `CONTRACT_<SCHEME NAME>`; else those that the document offers for its mock. All that a run makes carries a mark, is
    /// written to a ledger first, and is removed when its case is over; nothing else is ever changed or deleted.
    Run(Box<Run>),
    /// Remove what a run left that was cut off, by its ledger
    Clean(Clean),
    /// Run the same cases against two servers, and say of each whether the document, the one or the other is the odd one out
    Compare(Box<super::compare::Arguments>),
    /// Stand between a client and a server, pass everything on, and check both directions against the document
    ///
    /// What is found is told on the terminal, in the header `x-contract-findings` of the response, and at the end.
    Proxy(super::proxy::Arguments),
}

/// Which cases.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Choice {
    /// Only cases whose id contains this; several are alternatives
    #[arg(long)]
    pub(super) filter: Vec<String>,
    /// Only every n-th case from the k-th on, written `k/n`: the parts 1/n to n/n are all cases
    #[arg(long, value_parser = shard)]
    pub(super) shard: Option<(usize, usize)>,
}

/// What may be done to the server.
#[derive(Args, Clone, Debug)]
pub(super) struct Safety {
    /// The server is somebody's account: only cases that do no harm are run, below what `--given` names
    #[arg(long)]
    pub(super) live: bool,
    /// Send nothing that could write
    #[arg(long, conflicts_with = "allow")]
    pub(super) read_only: bool,
    /// What cases may do; without it, all of it
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(super) allow: Vec<Writing>,
    /// Rows may stay that the document has no operation to delete
    #[arg(long)]
    pub(super) allow_residue: bool,
    /// How many requests may be sent, those that clean up included
    #[arg(long)]
    pub(super) max_requests: Option<u64>,
    /// The key of something that exists and may be written to, by its resource, property or parameter: `leads=lead_1`
    #[arg(long, value_parser = given)]
    pub(super) given: Vec<(String, Value)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Writing {
    Create,
    Update,
    Delete,
}

/// How requests are sent.
#[derive(Args, Clone, Debug)]
pub(super) struct Sending {
    /// How many cases run at once
    #[arg(long, default_value_t = 1)]
    pub(super) jobs: usize,
    /// End with the first failure
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// How long what was written may take to be seen, as `5s` or `300ms`
    #[arg(long, value_parser = duration, default_value = "0s")]
    pub(super) settle: Duration,
    /// The folder of ledgers, and of what failed last
    #[arg(long, default_value = ".contract")]
    pub(super) state: PathBuf,
}

impl Safety {
    /// What has to be said again to do the same again, as words.
    pub(super) fn flags(&self) -> Vec<String> {
        let switches = [(self.live, "--live"), (self.read_only, "--read-only"), (self.allow_residue, "--allow-residue")];
        let mut flags: Vec<String> = switches.into_iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag.to_owned()).collect();
        let name = |writing: &Writing| writing.to_possible_value().map(|value| value.get_name().to_owned());
        if !self.allow.is_empty() {
            flags.extend(["--allow".to_owned(), self.allow.iter().filter_map(name).collect::<Vec<_>>().join(",")]);
        }
        flags.extend(self.given.iter().flat_map(|(name, key)| ["--given".to_owned(), format!("{name}={}", crate::wire::scalar(key))]));
        flags
    }
}

#[derive(Args, Debug)]
pub(super) struct Plan {
    /// A file, or the name of a provider
    pub(super) document: String,
    /// The base URL of the server; without it the one that the document has
    #[arg(long)]
    pub(super) url: Option<String>,
    #[command(flatten)]
    pub(super) choice: Choice,
    #[command(flatten)]
    pub(super) safety: Safety,
    /// Print a line for each case too
    #[arg(long)]
    pub(super) cases: bool,
}

#[derive(Args, Debug)]
pub(super) struct Run {
    /// A file, or the name of a provider
    pub(super) document: String,
    /// The base URL, in place of the server URL that the document has
    #[arg(long)]
    pub(super) url: String,
    #[command(flatten)]
    pub(super) choice: Choice,
    #[command(flatten)]
    pub(super) safety: Safety,
    #[command(flatten)]
    pub(super) sending: Sending,
    /// Only the cases that failed last time
    #[arg(long)]
    pub(super) last_failed: bool,
    /// The form of the report
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Form,
    /// Where the report goes, instead of the terminal
    #[arg(long)]
    pub(super) output: Option<PathBuf>,
    /// Write all exchanges to this file, as HTTP Archive 1.2
    #[arg(long)]
    pub(super) har: Option<PathBuf>,
    /// The file of accepted failures
    #[arg(long)]
    pub(super) baseline: Option<PathBuf>,
    /// Write the failures of this run to the baseline, for this reason
    #[arg(long, requires = "baseline", value_name = "REASON")]
    pub(super) accept: Option<String>,
    /// The day until which they are accepted, as `2027-01-31`; without it, 90 days from now
    #[arg(long, requires = "accept", value_name = "DATE")]
    pub(super) expires: Option<String>,
    /// Print what of the document was exercised
    #[arg(long)]
    pub(super) coverage: bool,
    /// Fail when less of the document was exercised, in percent
    #[arg(long, value_name = "PERCENT")]
    pub(super) min_coverage: Option<f64>,
    /// The file of the ledger; without it, a new one in `--state` that goes when nothing is left
    #[arg(long)]
    pub(super) ledger: Option<PathBuf>,
    /// What marks the texts that are made, instead of something new for each run
    #[arg(long, value_parser = mark)]
    pub(super) mark: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct Clean {
    /// The ledger
    pub(super) ledger: PathBuf,
    /// The document, where it is elsewhere now
    #[arg(long)]
    pub(super) document: Option<String>,
    /// The base URL of the server, where it is elsewhere now
    #[arg(long)]
    pub(super) url: Option<String>,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    Text,
    Json,
    Junit,
    Markdown,
    Github,
}

fn given(text: &str) -> Result<(String, Value), String> {
    let (name, key) = text.split_once('=').filter(|(name, key)| !name.is_empty() && !key.is_empty()).ok_or("it is written `name=key`")?;
    let number = key.parse::<i64>().ok().filter(|number| number.to_string() == key).map(Value::from);
    Ok((name.to_owned(), number.unwrap_or_else(|| key.into())))
}

fn shard(text: &str) -> Result<(usize, usize), String> {
    let numbers = text.split_once('/').and_then(|(part, count)| Some((part.parse().ok()?, count.parse().ok()?)));
    let (part, count): (usize, usize) = numbers.ok_or("it is written `k/n`, as `1/4`")?;
    if (1..=count).contains(&part) { Ok((part, count)) } else { Err(format!("there is no part {part} of {count}")) }
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no duration; write `5s`, `300ms` or `2m`");
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().map_err(|_| wrong())?;
    match &text[digits..] {
        "ms" => Ok(Duration::from_millis(number)),
        "s" => Ok(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

fn mark(text: &str) -> Result<String, String> {
    let is_word = (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if is_word { Ok(text.to_owned()) } else { Err("it is 1 to 16 lower-case letters and digits".to_owned()) }
}
