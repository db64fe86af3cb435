//! How a mock is described before it starts; the command line and tests describe it the same way.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use serde_json::Value;
use specs::{Overlay, Reading, Source};

use crate::{
    Cors, Error, MockServer, Tls,
    clock::{self, Going},
    control::Token,
    documents::Choice,
    inject::{self, Fault, Rule},
    journal::Redactor,
    provider::{Limits, Mount, Provider, Rows, Slot},
    reload::Making,
    sandbox::Settings,
    sandboxes::{Bounds, Sandboxes},
    shell::Shell,
    transport::Transport,
};

/// Most rows of one document in one sandbox.
pub const DEFAULT_MAX_ROWS: usize = 2_000_000;
/// Most bytes of a request's body.
const MAX_BODY: usize = 10 << 20;
/// Most sandboxes beside the default one.
pub const DEFAULT_MAX_SANDBOXES: usize = 20_000;
/// The memory that changed rows and journals of all sandboxes may take together, in bytes.
pub const DEFAULT_MAX_MEMORY: usize = 1 << 30;
/// How long a sandbox is kept that nobody uses.
const IDLE: Duration = Duration::from_hours(1);

/// Describes a mock; made by [`MockServer::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    choice: Choice,
    rows: Option<Value>,
    limits: Limits,
    max_body: usize,
    reveals_secrets: bool,
    reloads: bool,
    bounds: Bounds,
    settings: Settings,
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
            reveals_secrets: false,
            reloads: true,
            bounds: Bounds { count: DEFAULT_MAX_SANDBOXES, memory: DEFAULT_MAX_MEMORY, idle: Some(IDLE) },
            settings: Settings::default(),
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

    /// Most sandboxes beside the default one. When there are more, the one that is idle longest goes.
    pub fn max_sandboxes(mut self, sandboxes: usize) -> Self {
        self.bounds.count = sandboxes;
        self
    }

    /// The memory that changed rows and journals of all sandboxes may take together, in bytes. When it is taken, the
    /// sandbox that is idle longest goes.
    pub fn max_memory(mut self, bytes: usize) -> Self {
        self.bounds.memory = bytes;
        self
    }

    /// How long a sandbox is kept that nobody uses; `None`: for ever.
    pub fn sandbox_idle(mut self, idle: Option<Duration>) -> Self {
        self.bounds.idle = idle;
        self
    }

    /// Lets the clock of every sandbox stand still at this time, until it is set otherwise.
    pub fn clock(mut self, at: DateTime<Utc>) -> Self {
        self.settings.going = Going::Frozen(at);
        self
    }

    /// Lets the clock of every sandbox stand still, at the time of the start where no other is set.
    pub fn still(self) -> Self {
        if matches!(self.settings.going, Going::Frozen(_)) { self } else { self.clock(clock::now()) }
    }

    /// Refuses requests that are over a limit of their document, in every sandbox where nothing else is set.
    pub fn enforce_limits(mut self) -> Self {
        self.settings.limits.enforced = true;
        self
    }

    /// Most exchanges that the journal of a sandbox keeps.
    pub fn journal_entries(mut self, entries: usize) -> Self {
        self.settings.journal.entries = entries;
        self
    }

    /// Most bytes that the journal of a sandbox takes; its newest exchange is kept all the same.
    pub fn journal_bytes(mut self, bytes: usize) -> Self {
        self.settings.journal.bytes = bytes;
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

    /// Does not look for changes of documents that are files: what was read at start is served to the end.
    pub fn without_reload(mut self) -> Self {
        self.reloads = false;
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
        let mount = if self.choice.root.is_some() { Mount::Root } else { Mount::Named };
        let making = self.reloads.then(|| Making { mount, limits: self.limits.clone() });
        let shell = Shell { cors, certificate, ..self.shell()? };
        MockServer::listen(Arc::new(shell), sockets, making)
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
            sandboxes: Sandboxes::new(providers.len(), Settings { seed: self.limits.seed, ..self.settings }, self.bounds)
                .with_faults(faults),
            redactor: ArcSwap::from_pointee(Redactor::new(providers.iter().map(Provider::api)).revealing(self.reveals_secrets)),
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
