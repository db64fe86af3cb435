//! A running mock, and handles to what its sandboxes keep.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use dropshot::HttpServer;
use serde_json::Value;
use specs::Problem;
use tokio::sync::watch;

use crate::{
    Answer, AtEnd, Builder, Coverage, Credentials, Error, Fault,
    clock::{self, Going},
    control::{self, Token},
    data,
    edit::Place,
    engine::Check,
    error::Listener,
    journal::{Entry, Expectation, Mismatch, VerifyRequest},
    listener::Socket,
    sandbox::Sandbox as Kept,
    shell::{Shell, Urls},
    summary::ProviderSummary,
    transfer,
    transport::Sockets,
};

/// How long requests under way are waited for at the end.
const DRAIN: Duration = Duration::from_secs(10);

/// A running mock. Dropping it ends it; [`MockServer::close`] waits for requests under way.
///
/// ```no_run
/// # async fn example() -> Result<(), mock_server::Error> {
/// use mock_server::MockServer;
///
/// let server = MockServer::builder().start().await?;
/// for provider in server.providers() {
///     println!("{}", provider.base_url);
/// }
/// // … requests …
/// assert_eq!(server.journal().defects(), 0);
/// server.close().await;
/// # Ok(())
/// # }
/// ```
pub struct MockServer {
    shell: Arc<Shell>,
    urls: Urls,
    data: HttpServer<Arc<Shell>>,
    control: Option<HttpServer<Arc<Shell>>>,
    token: Option<Token>,
    /// Dropped, it ends answers that would go on.
    closing: watch::Sender<()>,
}

impl MockServer {
    /// A mock of one document on a port that the system chooses: of the built-in one of this name, or of the one in this
    /// file (`openapi.yaml`). [`MockServer::url`] is what its client takes as base URL.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), mock_server::Error> {
    /// let server = mock_server::MockServer::start("openapi.yaml").await?;
    /// // … requests below `server.url()` …
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When no document has this name, or the file cannot be read or used.
    pub async fn start(document: impl AsRef<str>) -> Result<Self, Error> {
        Self::builder().root_of(document.as_ref())?.start().await
    }

    /// Describes a mock; without more, one of all built-in documents on ports that the system chooses.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn listen(shell: Arc<Shell>, sockets: Sockets) -> Result<Self, Error> {
        let Sockets { data, control, tls } = sockets;
        let (closing, end) = watch::channel(());
        shell.closing.get_or_init(|| end);
        let data = data::start(Socket { listener: Listener::Data, address: data, tls: tls.clone() }, shell.clone())?;
        let token = control.as_ref().and_then(|(_, door)| door.token.clone());
        let control =
            control.map(|(address, door)| control::start(Socket { listener: Listener::Control, address, tls }, shell.clone(), door));
        let control = control.transpose()?;
        let url = |server: &HttpServer<_>| url(server.local_addr(), server.using_tls());
        let urls = Urls { data: url(&data), control: control.as_ref().map(url) };
        let urls = shell.urls.get_or_init(|| urls).clone();
        Ok(Self { shell, urls, data, control, token, closing })
    }

    /// Where the vendors' paths are, without a trailing slash: `http://127.0.0.1:8080`. Where one document is served at
    /// the root, a client takes this as base URL, and the same with the path of the documented server too.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.urls.data
    }

    /// Where the control API is, without a trailing slash; `None` when it was left out.
    #[must_use]
    pub fn control_url(&self) -> Option<&str> {
        self.urls.control.as_deref()
    }

    /// What the control API wants as `Authorization: Bearer …`, when it wants something.
    #[must_use]
    pub fn control_token(&self) -> Option<&str> {
        self.token.as_ref().map(Token::as_str)
    }

    /// The certificate of the listeners with its chain, as PEM text, when they speak HTTPS. A client that trusts the
    /// one of [`Tls::self_signed`](crate::Tls::self_signed) can use the mock.
    #[must_use]
    pub fn certificate(&self) -> Option<&str> {
        self.shell.certificate.as_ref().map(|certificate| certificate.pem.as_str())
    }

    /// What a client of the provider takes as base URL, without a trailing slash. For a name that is not served,
    /// where that provider would be.
    #[must_use]
    pub fn base_url(&self, provider: &str) -> String {
        self.sandbox_url("", provider)
    }

    /// What is served, in order.
    #[must_use]
    pub fn providers(&self) -> Vec<ProviderSummary> {
        self.shell.summaries()
    }

    /// What is wrong with the documents that are served, as far as that is known: a large document's operations are
    /// looked at when they are first needed.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        self.shell.providers().flat_map(|provider| provider.problems())
    }

    /// The rows of the default sandbox.
    #[must_use]
    pub fn state(&self) -> State {
        State { shell: self.shell.clone(), kept: self.shell.sandboxes.default.clone() }
    }

    /// The journal of the default sandbox.
    #[must_use]
    pub fn journal(&self) -> Journal {
        Journal { shell: self.shell.clone(), kept: self.shell.sandboxes.default.clone() }
    }

    /// What of the documents was covered.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        Coverage::new(self.shell.clone())
    }

    /// The credentials of the default sandbox.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        Credentials::new(self.shell.clone(), self.shell.sandboxes.default.clone())
    }

    /// Lets something go wrong in the default sandbox, and returns the ids of the rules.
    ///
    /// # Errors
    /// When the fault is not one, names what is not served, or there are too many.
    pub fn inject(&self, fault: Fault) -> Result<Vec<String>, Error> {
        self.shell.inject(&self.shell.sandboxes.default, fault)
    }

    /// Lets nothing go wrong in the default sandbox any more.
    pub fn clear_faults(&self) {
        self.shell.sandboxes.default.heal();
    }

    /// Chooses the next answers of an operation in the default sandbox; then it answers as before.
    ///
    /// # Errors
    /// When there is no such operation, or it cannot answer so.
    pub fn answer(&self, operation: &str, answers: impl IntoIterator<Item = Answer>) -> Result<(), Error> {
        self.shell.choose(&self.shell.sandboxes.default, operation, answers, AtEnd::Pass)
    }

    /// The sandbox of this name, made if need be; `None` when it cannot be named so, or there are too many.
    #[must_use]
    pub fn sandbox(&self, name: &str) -> Option<Sandbox<'_>> {
        let kept = self.shell.sandboxes.open(name, clock::now()).ok()?;
        Some(Sandbox { server: self, kept })
    }

    /// Takes no more connections, waits for the requests under way, for ten seconds at most, and ends.
    pub async fn close(self) {
        drop(self.closing);
        let control = async {
            match self.control {
                Some(control) => control.close().await,
                None => Ok(()),
            }
        };
        let both = async { tokio::join!(self.data.close(), control) };
        match tokio::time::timeout(DRAIN, both).await {
            Ok((Ok(()), Ok(()))) => {}
            Ok((Err(error), _) | (_, Err(error))) => tracing::warn!(error, "a listener ended badly"),
            Err(_) => tracing::warn!("requests were still under way after {} seconds", DRAIN.as_secs()),
        }
        for sandbox in self.shell.sandboxes.all() {
            sandbox.webhooks.stop();
        }
    }

    fn sandbox_url(&self, prefix: &str, provider: &str) -> String {
        let url = self.url();
        match self.shell.provider(provider) {
            Some(provider) => format!("{url}{prefix}{}", provider.base),
            None => format!("{url}{prefix}/{provider}"),
        }
    }
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer").field("url", &self.urls.data).field("control_url", &self.urls.control).finish_non_exhaustive()
    }
}

/// One isolated world of a mock. While there is such a handle, the sandbox is not let go for others.
pub struct Sandbox<'s> {
    server: &'s MockServer,
    kept: Arc<Kept>,
}

impl Sandbox<'_> {
    /// What a client of the provider takes as base URL to be in this sandbox, without a trailing slash.
    #[must_use]
    pub fn base_url(&self, provider: &str) -> String {
        self.server.sandbox_url(&format!("/~{}", self.kept.name), provider)
    }

    /// What its clock shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.kept.clock.read(clock::now())
    }

    /// Lets its clock stand still at this time; years 1 to 9999.
    pub fn freeze(&self, at: DateTime<Utc>) {
        self.kept.clock.set(Going::Frozen(clock::within_range(at).unwrap_or_else(clock::now)));
    }

    /// Puts its clock forward, standing still or running, as far as the year 9999.
    pub fn advance(&self, by: Duration) {
        self.kept.clock.advance(by);
    }

    /// Chooses where its ids and generated values come from.
    pub fn seed(&self, seed: u64) {
        self.kept.set_seed(seed);
    }

    /// Refuses requests that are over a limit of their document from now on.
    pub fn enforce_limits(&self) {
        let mut settings = self.kept.settings();
        settings.limits.enforced = true;
        self.kept.configure(&settings);
    }

    /// A new sandbox of this name that is as this one is now, with an empty journal.
    ///
    /// # Errors
    /// When there is one of that name, or it cannot be had.
    pub fn fork(&self, name: &str) -> Result<Sandbox<'_>, Error> {
        let sandboxes = &self.server.shell.sandboxes;
        let kept = sandboxes.fork(&self.kept, name, clock::now());
        let kept = kept.map_err(|why| Error::Sandbox { reason: why.explain(name, sandboxes.bounds()) })?;
        Ok(Sandbox { server: self.server, kept })
    }

    /// All of it but its journal, as the control API exports it.
    #[must_use]
    pub fn export(&self) -> Value {
        serde_json::to_value(transfer::export(&self.server.shell, &self.kept)).unwrap_or_default()
    }

    /// Lets it be what was exported: all of it, or when something does not fit, nothing.
    ///
    /// # Errors
    /// What does not fit.
    pub fn import(&self, export: Value) -> Result<(), Error> {
        let export = serde_json::from_value(export).map_err(|error| Error::Sandbox { reason: error.to_string() })?;
        transfer::import(&self.server.shell, &self.kept, &export).map_err(|refusal| Error::Sandbox { reason: refusal.into_message() })
    }

    /// Adds a row to a resource of a provider, and returns it; without a key it gets a new one. It has to conform to the
    /// document.
    ///
    /// # Errors
    /// What does not fit, or that there is no such provider or resource.
    pub fn insert(&self, provider: &str, resource: &str, row: Value) -> Result<Value, Error> {
        let place = Place::find(&self.server.shell, &self.kept, provider, resource);
        let made = place.and_then(|place| place.add(&[row], Check::Whole));
        let made = made.map_err(|refusal| Error::Sandbox { reason: refusal.into_message() })?;
        Ok(made.into_iter().next().unwrap_or_default())
    }

    /// Its rows.
    #[must_use]
    pub fn state(&self) -> State {
        State { shell: self.server.shell.clone(), kept: self.kept.clone() }
    }

    /// Its credentials.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        Credentials::new(self.server.shell.clone(), self.kept.clone())
    }

    /// Lets something go wrong in it, and returns the ids of the rules.
    ///
    /// # Errors
    /// When the fault is not one, names what is not served, or there are too many.
    pub fn inject(&self, fault: Fault) -> Result<Vec<String>, Error> {
        self.server.shell.inject(&self.kept, fault)
    }

    /// Lets nothing go wrong in it any more.
    pub fn clear_faults(&self) {
        self.kept.heal();
    }

    /// Chooses the next answers of an operation; then it answers as before.
    ///
    /// # Errors
    /// When there is no such operation, or it cannot answer so.
    pub fn answer(&self, operation: &str, answers: impl IntoIterator<Item = Answer>) -> Result<(), Error> {
        self.answer_until(operation, answers, AtEnd::Pass)
    }

    /// The same, and says what comes after the last one.
    ///
    /// # Errors
    /// When there is no such operation, or it cannot answer so.
    pub fn answer_until(&self, operation: &str, answers: impl IntoIterator<Item = Answer>, at_end: AtEnd) -> Result<(), Error> {
        self.server.shell.choose(&self.kept, operation, answers, at_end)
    }

    /// Its journal.
    #[must_use]
    pub fn journal(&self) -> Journal {
        Journal { shell: self.server.shell.clone(), kept: self.kept.clone() }
    }
}

/// The rows of a sandbox.
#[derive(Clone)]
pub struct State {
    shell: Arc<Shell>,
    kept: Arc<Kept>,
}

impl State {
    /// All rows: `{provider: {resource: [row, …]}}`.
    #[must_use]
    pub fn export(&self) -> Value {
        serde_json::to_value(self.shell.export(&self.kept)).unwrap_or_default()
    }

    /// The rows of one resource, oldest first.
    #[must_use]
    pub fn rows(&self, provider: &str, resource: &str) -> Vec<Value> {
        let mut all = self.shell.export(&self.kept);
        all.get_mut(provider).and_then(|resources| resources.shift_remove(resource)).unwrap_or_default()
    }

    /// Makes the sandbox as it was at start, its journal included.
    pub fn reset(&self) {
        self.kept.reset();
    }
}

/// What a sandbox was asked and what it answered.
#[derive(Clone)]
pub struct Journal {
    shell: Arc<Shell>,
    kept: Arc<Kept>,
}

impl Journal {
    /// The exchanges that are kept, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.kept.journal.oldest(usize::MAX, |record| Some(self.shell.show(&self.kept, record)))
    }

    /// The newest exchange.
    #[must_use]
    pub fn last(&self) -> Option<Entry> {
        self.kept.journal.newest(1, |record| Some(self.shell.show(&self.kept, record))).pop()
    }

    /// In how many ways responses did not conform to their document.
    #[must_use]
    pub fn defects(&self) -> u64 {
        self.kept.journal.counts().defects
    }

    /// Whether requests came as they are expected.
    ///
    /// ```no_run
    /// # fn example(server: &mock_server::MockServer) -> Result<(), mock_server::Mismatch> {
    /// use mock_server::Expectation;
    ///
    /// server.journal().verify([Expectation::operation("create_note").times(1)])?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When they did not; the text says what was expected, what came, and which request was nearest.
    pub fn verify(&self, expected: impl IntoIterator<Item = Expectation>) -> Result<(), Mismatch> {
        self.held_to(&VerifyRequest { expectations: expected.into_iter().collect(), ..VerifyRequest::default() })
    }

    /// The same, and that they came one after the other; others may have come between.
    ///
    /// # Errors
    /// When they did not.
    pub fn verify_in_order(&self, expected: impl IntoIterator<Item = Expectation>) -> Result<(), Mismatch> {
        self.held_to(&VerifyRequest { expectations: expected.into_iter().collect(), in_order: true, no_others: false })
    }

    /// The same, and that no others came.
    ///
    /// # Errors
    /// When they did not, or others did.
    pub fn verify_only(&self, expected: impl IntoIterator<Item = Expectation>) -> Result<(), Mismatch> {
        self.held_to(&VerifyRequest { expectations: expected.into_iter().collect(), in_order: false, no_others: true })
    }

    fn held_to(&self, expected: &VerifyRequest) -> Result<(), Mismatch> {
        expected.expectations.iter().try_for_each(Expectation::check).map_err(Mismatch::new)?;
        let verification = self.shell.verify(&self.kept, expected);
        if verification.verified { Ok(()) } else { Err(Mismatch::new(verification.explanation)) }
    }

    /// Forgets all exchanges.
    pub fn clear(&self) {
        self.kept.journal.clear();
    }
}

/// The URL of a listener; one that listens everywhere is on this machine too.
fn url(address: SocketAddr, is_secure: bool) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let scheme = if is_secure { "https" } else { "http" };
    format!("{scheme}://{}", SocketAddr::new(ip, address.port()))
}
