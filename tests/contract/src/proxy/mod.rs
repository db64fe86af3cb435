//! A proxy that checks: it stands between any client and a server, passes everything on as it comes, and holds requests
//! and answers against the document.
//!
//! `--target` stands for the whole of the documented server URL, so that `/notes` here is `/notes` behind it. Nothing is
//! added to what either side sends but one header to answers, `x-contract-findings`, when something was found.
//! What leads elsewhere (`Location`, links in bodies) leads where the server says, past the proxy.
//!
//! The module is the journey of one exchange: `requests` reads what a client asks for, `target` sends it on as `hops`
//! leaves it, `kept` lets bodies through, `answers` judges what comes back, and `told` has the end of it. `listen` is
//! around all of them.

mod answers;
mod asked;
mod error;
mod finding;
mod har;
mod hops;
mod journey;
mod kept;
mod listen;
mod mark;
mod problem;
mod proof;
mod requests;
pub mod rules;
mod screen;
mod seen;
mod summary;
mod target;
mod told;

use std::{
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    pin::pin,
    sync::Arc,
};

use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc},
};

pub use self::{
    error::Error,
    finding::{Finding, Grade},
    journey::Forwarded,
    summary::{Repeated, Summary},
};
use self::{har::HarFile, journey::Shared, listen::Connections, requests::Reader, target::Target, told::Told};
use crate::{credentials::Credentials, redact::Redactor, suite::Suite};

/// How many exchanges there are at once; whatever comes then has to wait.
const AT_ONCE: usize = 1024;
/// How many exchanges may wait to be told.
const WAITING: usize = 64;

/// What a proxy is to do.
pub struct Options {
    /// The document.
    pub suite: Arc<Suite>,
    /// The base URL of the server, in place of the documented one.
    pub target: String,
    /// The port to listen on, on this machine alone; 0 is any that is free.
    pub port: u16,
    /// Where all exchanges are written.
    pub har: Option<PathBuf>,
    /// What is told while it runs.
    pub verbosity: Verbosity,
    /// Whether the server is told of the client.
    pub forwarded: Forwarded,
}

/// What is told while a proxy runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verbosity {
    /// Exchanges with findings.
    #[default]
    Findings,
    /// All of them, those without findings on a line.
    All,
}

/// A proxy that listens.
pub struct Proxy {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
    told: mpsc::Receiver<Told>,
    har: Option<HarFile>,
    verbosity: Verbosity,
}

/// Listens, and passes on until it is stopped. See [`Proxy`].
pub async fn run(options: Options, stop: impl Future<Output = ()>, out: &mut dyn Write) -> Result<Summary, Error> {
    Proxy::bind(options).await?.run(stop, out).await
}

impl Proxy {
    /// Begins to listen; whoever connects is served by [`Proxy::run`].
    pub async fn bind(options: Options) -> Result<Self, Error> {
        let target = Target::new(&options.target)?;
        let har = options.har.map(HarFile::create).transpose()?;
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let unheard = |source| Error::Listen { address: wanted, source };
        let listener = TcpListener::bind(wanted).await.map_err(unheard)?;
        let address = listener.local_addr().map_err(unheard)?;
        let (sender, told) = mpsc::channel(WAITING);
        let shared = Shared {
            reader: Reader::new(options.suite),
            target,
            forwarded: options.forwarded,
            port: address.port(),
            room: Arc::new(Semaphore::new(AT_ONCE)),
            told: sender,
        };
        Ok(Self { listener, address, shared: Arc::new(shared), told, har, verbosity: options.verbosity })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Passes on until it is stopped; then lets what is under way come to its end, if that comes soon, and sums up.
    pub async fn run(self, stop: impl Future<Output = ()>, out: &mut dyn Write) -> Result<Summary, Error> {
        let Self { listener, address, shared, mut told, har, verbosity } = self;
        let (suite, base) = (Arc::clone(&shared.reader.suite), shared.target.url.clone());
        let redactor = Redactor::new(suite.api(), &Credentials::default());
        let mut teller = Teller { suite, base, redactor, secrets: Vec::new(), summary: Summary::default(), har, verbosity, out };
        teller.say(&screen::welcome(shared.reader.suite.api(), address, &shared.target.url))?;
        let mut stop = pin!(stop);
        let mut connections = Connections::default();
        loop {
            tokio::select! {
                () = &mut stop => break,
                accepted = listener.accept() => connections.accept(accepted, &shared).await,
                Some(told) = told.recv() => teller.tell(told)?,
                () = connections.reap() => {}
            }
        }
        drop(listener);
        shared.room.close();
        let mut end = pin!(connections.end());
        loop {
            tokio::select! {
                () = &mut end => break,
                Some(told) = told.recv() => teller.tell(told)?,
            }
        }
        // What is still to be told has the other senders, and comes to its end by itself.
        drop(shared);
        while let Some(told) = told.recv().await {
            teller.tell(told)?;
        }
        teller.say(&screen::sum(&teller.summary))?;
        Ok(teller.summary)
    }
}

/// Tells of exchanges, one after another.
struct Teller<'o> {
    suite: Arc<Suite>,
    /// The base URL of the target.
    base: String,
    /// Hides what the last client proved itself with, which the next one mostly does too.
    redactor: Redactor,
    secrets: Vec<String>,
    summary: Summary,
    har: Option<HarFile>,
    verbosity: Verbosity,
    out: &'o mut dyn Write,
}

impl Teller<'_> {
    fn tell(&mut self, told: Told) -> Result<(), Error> {
        let secrets = told.credentials.secrets();
        if secrets != self.secrets {
            (self.redactor, self.secrets) = (Redactor::new(self.suite.api(), &told.credentials), secrets);
        }
        let told = told.redacted(&self.redactor);
        self.summary.add(&told);
        if let Some(har) = &mut self.har {
            har.add(&told, &self.base)?;
        }
        if told.findings.is_empty() && self.verbosity == Verbosity::Findings && told.came.is_quiet() {
            return Ok(());
        }
        self.say(&screen::exchange(&told))
    }

    fn say(&mut self, text: &str) -> Result<(), Error> {
        self.out.write_all(text.as_bytes())?;
        Ok(self.out.flush()?)
    }
}
