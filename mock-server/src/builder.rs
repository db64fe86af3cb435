//! How a mock is described before it starts; the command line and tests describe it the same way.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, OnceLock},
};

use serde_json::Value;
use specs::{Overlay, Reading, Source};

use crate::{
    Cors, Error, MockServer, Tls,
    control::Token,
    documents::Choice,
    inject::{self, Fault, Rule},
    journal::{Bounds, Redactor},
    provider::{Limits, Mount, Provider, Rows, Slot},
    sandbox::Sandboxes,
    shell::Shell,
    transport::Transport,
};

/// Most rows of one document in one sandbox.
pub const DEFAULT_MAX_ROWS: usize = 2_000_000;
/// Most bytes of a request's body.
const MAX_BODY: usize = 10 << 20;
/// Most sandboxes beside the default one.
const MAX_SANDBOXES: usize = 1_000;

/// Describes a mock; made by [`MockServer::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    choice: Choice,
    rows: Option<Value>,
    limits: Limits,
    max_body: usize,
    max_sandboxes: usize,
    journal: Bounds,
    reveals_secrets: bool,
    transport: Transport,
    faults: Vec<FaultsAtStart>,
}

/// What goes wrong from the start.
#[derive(Clone, Debug)]
enum FaultsAtStart {
    Fault(Fault),
    File(Source),
}

impl Default for Builder {
    /// All built-in documents, on ports that the system chooses.
    fn default() -> Self {
        Self {
            choice: Choice::default(),
            rows: None,
            limits: Limits { seed: 0, max_rows: DEFAULT_MAX_ROWS },
            max_body: MAX_BODY,
            max_sandboxes: MAX_SANDBOXES,
            journal: Bounds::default(),
            reveals_secrets: false,
            transport: Transport::default(),
            faults: Vec::new(),
        }
    }
}

impl Builder {
    /// Serves the document of this name; given several times, those. Without it, all are served.
    pub fn document(mut self, name: impl Into<String>) -> Self {
        self.choice.only.push(name.into());
        self
    }

    /// Adds a document that is not built in. It takes the place of a built-in document of the same name.
    pub fn source(mut self, source: Source) -> Self {
        self.choice.sources.push(source);
        self
    }

    /// Serves the document of this name alone, without its name as a prefix, and with as well as without the path
    /// of its documented server.
    pub fn root(mut self, name: impl Into<String>) -> Self {
        self.choice.root = Some(name.into());
        self
    }

    /// Serves one document alone and at the root: the one in this file, or the built-in one of this name, which has no
    /// `/`, `\` or `.`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn root_of(self, document: &str) -> Result<Self, Error> {
        if !document.contains(['/', '\\', '.']) {
            return Ok(self.root(document));
        }
        let path = Path::new(document);
        let source = Source::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let name = source.name.clone();
        Ok(self.source(source).root(name))
    }

    /// Changes a document by an OpenAPI Overlay: the one of this name, or without a name, the only one that there is.
    pub fn overlay(mut self, name: Option<String>, overlay: Overlay) -> Self {
        self.choice.overlays.push((name, overlay));
        self
    }

    /// Refuses documents that have problems, instead of serving what is clear in them.
    pub fn strict(mut self) -> Self {
        self.choice.reading = Reading::Strict;
        self
    }

    /// Rows at start, `{provider: {resource: [row, …]}}`, as an exported state; for each resource that is named they
    /// take the place of the document's rows.
    pub fn rows(mut self, rows: Value) -> Self {
        self.rows = Some(rows);
        self
    }

    /// Chooses the ids that are minted; the same seed gives the same ids.
    pub fn seed(mut self, seed: u64) -> Self {
        self.limits.seed = seed;
        self
    }

    /// Most rows of one document in one sandbox.
    pub fn max_rows(mut self, rows: usize) -> Self {
        self.limits.max_rows = rows;
        self
    }

    /// Most bytes of a request's body; longer ones get 413.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Most sandboxes beside the default one.
    pub fn max_sandboxes(mut self, sandboxes: usize) -> Self {
        self.max_sandboxes = sandboxes;
        self
    }

    /// Most exchanges that the journal of a sandbox keeps.
    pub fn journal_entries(mut self, entries: usize) -> Self {
        self.journal.entries = entries;
        self
    }

    /// Most bytes that the journal of a sandbox takes; its newest exchange is kept all the same.
    pub fn journal_bytes(mut self, bytes: usize) -> Self {
        self.journal.bytes = bytes;
        self
    }

    /// Shows passwords, tokens and keys in the journal as they were sent, instead of blotting them out.
    pub fn reveal_secrets(mut self) -> Self {
        self.reveals_secrets = true;
        self
    }

    /// Something goes wrong from the start, in each sandbox; a reset brings it back.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(FaultsAtStart::Fault(fault));
        self
    }

    /// The same, for the rules of a file, in YAML or JSON: a list of them, or that list as `faults`.
    pub fn faults(mut self, file: Source) -> Self {
        self.faults.push(FaultsAtStart::File(file));
        self
    }

    /// Where the vendors' paths are listened on; port 0 lets the system choose.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.transport.listen = address;
        self
    }

    /// Where the control API is listened on; port 0 lets the system choose. Where others than this machine can reach
    /// it, it wants a token: the one of [`Builder::control_token`], or one that is made at start.
    pub fn control(mut self, address: SocketAddr) -> Self {
        self.transport.control = Some(address);
        self
    }

    /// Leaves the control API out.
    pub fn without_control(mut self) -> Self {
        self.transport.control = None;
        self
    }

    /// Makes the control API want `Authorization: Bearer …` with this token: letters, digits, `-`, `.`, `_` and `~`.
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.transport.token = Some(Token::given(token.into()));
        self
    }

    /// Which pages of other origins may use the mock; without it, all may use the vendors' paths, and those of this
    /// machine the control API.
    pub fn cors(mut self, cors: Cors) -> Self {
        self.transport.cors = cors;
        self
    }

    /// Speaks HTTPS, on both listeners, and nothing else.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.transport.tls = Some(tls);
        self
    }

    /// Starts the mock. It is ready when this returns.
    ///
    /// # Errors
    /// When a document is unknown or unusable, a certificate or a token is not usable, or an address cannot be
    /// listened on.
    #[expect(clippy::unused_async, reason = "dropshot spawns on the runtime of the caller, so there must be one")]
    pub async fn start(self) -> Result<MockServer, Error> {
        let cors = self.transport.cors.clone();
        let (sockets, certificate) = self.transport.clone().prepare()?;
        let shell = Shell { cors, certificate, ..self.shell()? };
        MockServer::listen(Arc::new(shell), sockets)
    }

    fn shell(self) -> Result<Shell, Error> {
        let mount = if self.choice.root.is_some() { Mount::Root } else { Mount::Named };
        let mut rows = self.rows.map(read_rows).transpose()?.unwrap_or_default();
        let sources = self.choice.resolve()?;
        let providers = sources.into_iter().map(|source| Provider::new(source, mount, &mut rows, &self.limits));
        let providers = providers.collect::<Result<Vec<_>, _>>()?;
        if let Some((name, _)) = rows.first() {
            return Err(Error::InvalidRows { reason: format!("no provider `{name}` is served") });
        }
        let faults = read_faults(self.faults, &providers)?;
        Ok(Shell {
            rooted: mount == Mount::Root,
            sandboxes: Sandboxes::new(providers.len(), self.limits.seed, self.max_sandboxes, self.journal).with_faults(faults),
            redactor: Redactor::new(providers.iter().map(Provider::api)).revealing(self.reveals_secrets),
            max_body: self.max_body,
            cors: Cors::Any,
            certificate: None,
            urls: OnceLock::new(),
            closing: OnceLock::new(),
            slots: providers.into_iter().map(Slot::new).collect(),
        })
    }
}

fn read_rows(rows: Value) -> Result<Rows, Error> {
    serde_json::from_value(rows).map_err(|error| Error::InvalidRows { reason: error.to_string() })
}

fn read_faults(faults: Vec<FaultsAtStart>, providers: &[Provider]) -> Result<Vec<Rule>, Error> {
    let served: Vec<_> = providers.iter().collect();
    let mut rules = Vec::new();
    for faults in faults {
        match faults {
            FaultsAtStart::Fault(fault) => {
                let read = inject::of(fault)?;
                inject::check(&read, &served).map_err(|wrong| Error::InvalidFault { reason: wrong.message, help: wrong.help })?;
                rules.extend(read);
            }
            FaultsAtStart::File(file) => rules.extend(inject::read(&file, &served)?),
        }
    }
    Ok(rules)
}
