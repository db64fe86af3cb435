//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, builder::PossibleValuesParser};

use crate::{ci::STEPS, diff::FailOn, format::Format};

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
    /// Measure the mock against dropshot and hyper with nothing behind them
    Bench(Bench),
    /// Use the mock from a page of another origin, and its API reference, in headless Chromium
    Browser,
    /// Run every check that a change must pass, or only the steps named
    Ci(Ci),
    /// Say what became of documents since a revision, what that breaks for callers, and which release it calls for
    Diff(Diff),
    /// Say what differs between documentation pages and the documents that were written from them
    Drift(Drift),
    /// Write the clients of documents or their public items, to read them or to keep them in another crate
    Generate(Generate),
    /// Say what is wrong with documents, each problem with its place and its fix
    Lint(Lint),
    /// Write a first document from documentation pages
    New(New),
    /// Write the table of providers into the README, from the documents
    Readme(Readme),
}

#[derive(Args, Debug)]
pub(crate) struct Ci {
    /// Steps to run, in the order of the list; all when none is named
    #[arg(value_name = "STEP", value_parser = PossibleValuesParser::new(STEPS.iter().map(|step| step.name)))]
    pub(crate) steps: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Diff {
    /// A revision, by default where this branch left the default one; or two files, the old one first
    #[arg(value_name = "REV|OLD NEW", num_args = 0..=2)]
    pub(crate) sides: Vec<String>,
    /// The folder of documents; `specs/` of this workspace without it
    #[arg(long, value_name = "DIR")]
    pub(crate) specs: Option<PathBuf>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Fail from this verdict on, and only then: none, patch, minor or major for the release, caution or breaking for
    /// the wire
    #[arg(long, value_name = "LEVEL")]
    pub(crate) fail_on: Option<FailOn>,
    /// Fail unless the version of the workspace was raised as far as the changes call for
    #[arg(long)]
    pub(crate) check_version: bool,
    /// Verdicts of rules that are to be others, each with a reason
    #[arg(long, value_name = "FILE")]
    pub(crate) severity: Option<PathBuf>,
    /// Say what a rule means, and compare nothing; `all` lists the rules
    #[arg(long, value_name = "RULE", conflicts_with_all = ["sides", "specs", "fail_on", "check_version", "severity"])]
    pub(crate) explain: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Drift {
    /// Pages: files or addresses of text, Markdown, MDX, HTML or an OpenAPI document
    #[arg(value_name = "PAGE", required_unless_present = "watch_list")]
    pub(crate) pages: Vec<String>,
    /// The document that the pages are of, by name or file; found by what they state without it
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) document: Option<PathBuf>,
    /// The folder of documents; `specs/` of this workspace without it
    #[arg(long, value_name = "DIR")]
    pub(crate) specs: Option<PathBuf>,
    /// Fetch and compare all pages that the documents name in `x-docs`
    #[arg(long, conflicts_with = "pages")]
    pub(crate) watch_list: bool,
    /// The form of the report
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Print the edits that would settle the findings instead, as a patch for `git apply`
    #[arg(long)]
    pub(crate) propose: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Generate {
    /// A file, or the name of a document in the folder; all of the folder when none is named
    pub(crate) document: Option<PathBuf>,
    /// The folder of documents; `specs/` of this workspace when none is named
    #[arg(long, value_name = "DIR")]
    pub(crate) specs: Option<PathBuf>,
    /// Write the list of public items instead of the source, one a line
    #[arg(long)]
    pub(crate) surface: bool,
    /// Change it by this OpenAPI Overlay first; for one document [repeatable]
    #[arg(long, value_name = "FILE", requires = "document")]
    pub(crate) overlay: Vec<PathBuf>,
    /// Refuse a document that has problems, instead of using what is clear in it
    #[arg(long)]
    pub(crate) strict: bool,
    /// Write to this file, and only when it differs; to a folder for all documents; to standard output without it
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write nothing, and say whether the file is what would be written
    #[arg(long, requires = "out")]
    pub(crate) check: bool,
}

#[derive(Args, Debug, Default)]
pub(crate) struct Lint {
    /// Documents to read; those of the folder when none is named
    #[arg(value_name = "DOCUMENT")]
    pub(crate) documents: Vec<PathBuf>,
    /// The folder of documents; `specs/` of this workspace without it
    #[arg(long, value_name = "DIR", conflicts_with = "documents")]
    pub(crate) specs: Option<PathBuf>,
    /// Change it by this OpenAPI Overlay first; for one document [repeatable]
    #[arg(long, value_name = "FILE", requires = "documents")]
    pub(crate) overlay: Vec<PathBuf>,
    /// Fail when a document has problems that would keep a strict reader from loading it
    #[arg(long)]
    pub(crate) strict: bool,
    /// The form of what is found
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) format: Format,
    /// Say what a rule is about, with a document that breaks it and one that does not
    #[arg(long, value_name = "RULE", conflicts_with_all = ["documents", "fix"])]
    pub(crate) explain: Option<String>,
    /// Mend what has one right answer, and keep the layout of everything else
    #[arg(long, conflicts_with_all = ["strict", "format"])]
    pub(crate) fix: bool,
    /// Write nothing, and say what would be mended
    #[arg(long, requires = "fix")]
    pub(crate) check: bool,
}

#[derive(Args, Debug)]
pub(crate) struct New {
    /// The name of the document, and of its file
    pub(crate) name: String,
    /// A page to make it of, as a file or an address [repeatable]
    #[arg(long, value_name = "PAGE", required = true, num_args = 1..)]
    pub(crate) from_page: Vec<String>,
    /// The folder of documents; `specs/` of this workspace without it
    #[arg(long, value_name = "DIR")]
    pub(crate) specs: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Readme {
    /// Write nothing, and say whether the table is what would be written
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Bench {
    /// Measure what the size of a document costs instead, by documents of 10 to 10,000 operations
    #[arg(long)]
    pub(crate) scale: bool,
    /// How often each server is started and measured; medians count
    #[arg(long, value_name = "NUMBER", default_value_t = 7, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    pub(crate) rounds: usize,
    /// How long each load lasts
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0, value_parser = positive)]
    pub(crate) seconds: f64,
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "expected a number above 0".to_owned())
}
