//! The flags.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use mock_server::{Builder, DEFAULT_JOURNAL_BYTES, DEFAULT_JOURNAL_ENTRIES, DEFAULT_MAX_ROWS, Error, Fault, MockServer};
use specs::{Overlay, Source};

use super::{failure::Failure, sandboxes::SandboxFlags, transport::Transport};

/// A server that acts out OpenAPI documents: those that are built in, and any that you give it.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    /// Without one, the mock is served
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,

    #[command(flatten)]
    pub(crate) transport: Transport,

    /// Serve this document too; its name is the file's, or the one given [repeatable]
    #[arg(long, value_name = "[NAME=]FILE")]
    pub(crate) document: Vec<String>,

    /// Serve only the providers of these names [repeatable, or with commas]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) only: Vec<String>,

    /// Serve this one alone and without its name in the path: `/v1/notes` and `/notes` instead of `/name/v1/notes`
    #[arg(long, value_name = "NAME|FILE", conflicts_with = "only")]
    pub(crate) root: Option<String>,

    /// Change a document by this OpenAPI Overlay; with several documents, say of which [repeatable]
    #[arg(long, value_name = "[NAME=]FILE")]
    pub(crate) overlay: Vec<String>,

    /// Refuse documents that have problems, instead of serving what is clear in them
    #[arg(long)]
    pub(crate) strict: bool,

    /// Rows at start, as the control API's `/state` shows them: `{provider: {resource: [row, …]}}`
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// Chooses the ids that are made; the same seed gives the same ids
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub(crate) seed: u64,

    /// What goes wrong in every sandbox: a file of rules, a profile (flaky, slow, rate-limited, outage), or the text of the
    /// header `x-mock-fault` [repeatable]
    #[arg(long, value_name = "FILE|PROFILE|RULE")]
    pub(crate) faults: Vec<String>,

    /// Most rows that a provider keeps in a sandbox
    #[arg(long, value_name = "NUMBER", default_value_t = DEFAULT_MAX_ROWS)]
    pub(crate) max_rows: usize,

    /// Most exchanges that the journal of a sandbox keeps
    #[arg(long, value_name = "NUMBER", default_value_t = DEFAULT_JOURNAL_ENTRIES)]
    pub(crate) journal_entries: usize,

    /// Most bytes that the journal of a sandbox takes
    #[arg(long, value_name = "NUMBER", default_value_t = DEFAULT_JOURNAL_BYTES)]
    pub(crate) journal_bytes: usize,

    /// Show passwords, tokens and keys in the journal as they were sent, instead of blotting them out
    #[arg(long)]
    pub(crate) reveal_secrets: bool,

    /// Serve documents as they were at start, also when their files change
    #[arg(long)]
    pub(crate) no_reload: bool,

    /// At the end, show how much of what the documents declare was covered, and fail when it is less
    #[arg(long, value_name = "PERCENT", value_parser = super::coverage::percent)]
    pub(crate) min_coverage: Option<f64>,

    /// At the end, write what was covered to this file: as JSON, Markdown (`.md`) or text, by its extension
    #[arg(long, value_name = "FILE")]
    pub(crate) coverage: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) sandboxes: SandboxFlags,

    /// Write the URLs to this file, as JSON, when the mock is ready
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,

    /// What to log to standard error, as `RUST_LOG` would say it: `info`, `dropshot=debug,warn`
    #[arg(long, value_name = "FILTER", env = "RUST_LOG", hide_env_values = true, default_value = "warn")]
    pub(crate) log: String,
}

/// What the program does besides serving.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Say what is known of documents: what they declare, and what is inferred, from what
    Inspect(Inspect),
}

#[derive(Args, Debug)]
pub(crate) struct Inspect {
    /// Names of documents; when neither names nor files are given, all that are built in
    #[arg(value_name = "PROVIDER")]
    pub(crate) providers: Vec<String>,

    /// Look at this document; its name is the file's, or the one given [repeatable]
    #[arg(long, value_name = "[NAME=]FILE")]
    pub(crate) document: Vec<String>,

    /// Change a document by this OpenAPI Overlay; with several documents, say of which [repeatable]
    #[arg(long, value_name = "[NAME=]FILE")]
    pub(crate) overlay: Vec<String>,

    /// Refuse documents that have problems, instead of showing what is clear in them
    #[arg(long)]
    pub(crate) strict: bool,
}

impl Arguments {
    /// The mock that the flags describe.
    pub(crate) fn builder(&self) -> Result<Builder, Failure> {
        let mut builder = self.transport.apply(MockServer::builder())?.seed(self.seed).max_rows(self.max_rows);
        builder = builder.journal_entries(self.journal_entries).journal_bytes(self.journal_bytes);
        if self.no_reload {
            builder = builder.without_reload();
        }
        if self.reveal_secrets {
            builder = builder.reveal_secrets();
        }
        builder = self.sandboxes.apply(builder);
        for document in &self.document {
            builder = builder.source(named_source(document)?);
        }
        for name in &self.only {
            builder = builder.document(name);
        }
        if let Some(root) = &self.root {
            builder = builder.root_of(root)?;
        }
        for argument in &self.overlay {
            let (name, overlay) = named_overlay(argument)?;
            builder = builder.overlay(name, overlay);
        }
        if self.strict {
            builder = builder.strict();
        }
        for faults in &self.faults {
            builder = with_faults(builder, faults)?;
        }
        if let Some(path) = &self.state {
            builder = builder.rows(read_json(path)?);
        }
        Ok(builder)
    }
}

/// `--faults` takes a file, or what needs none.
fn with_faults(builder: Builder, faults: &str) -> Result<Builder, Failure> {
    let path = Path::new(faults);
    let is_file = path.is_file() || matches!(path.extension().and_then(|end| end.to_str()), Some("yaml" | "yml" | "json"));
    Ok(if is_file { builder.faults(read(path)?) } else { builder.fault(Fault::written(faults)) })
}

/// A document from `file` or `name=file`.
pub(super) fn named_source(argument: &str) -> Result<Source, Failure> {
    match argument.split_once('=') {
        Some((name, file)) if !name.contains(['/', '\\', '.']) => Ok(Source { name: name.to_owned(), ..read(Path::new(file))? }),
        _ => read(Path::new(argument)),
    }
}

/// An overlay from `file` or `name=file`.
pub(super) fn named_overlay(argument: &str) -> Result<(Option<String>, Overlay), Failure> {
    let (name, file) = match argument.split_once('=') {
        Some((name, file)) if !name.contains(['/', '\\', '.']) => (Some(name.to_owned()), file),
        _ => (None, argument),
    };
    let overlay = Overlay::read(Path::new(file)).map_err(|source| Error::Read { path: PathBuf::from(file), source })?;
    Ok((name, overlay))
}

fn read(path: &Path) -> Result<Source, Failure> {
    Ok(Source::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?)
}

fn read_json(path: &Path) -> Result<serde_json::Value, Failure> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    serde_json::from_str(&text).map_err(|error| {
        let what = format!("`{}` is no JSON", path.display());
        Failure::new(&what, &error, "write rows as the control API's `/state` shows them")
    })
}
