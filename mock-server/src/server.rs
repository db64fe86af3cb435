//! A running mock, and handles to what its sandboxes keep.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use dropshot::HttpServer;
use specs::Problem;
use tokio::sync::watch;

use crate::{
    Answer, AtEnd, Builder, Coverage, Credentials, Error, Fault,
    clock::{self},
    control::{self, Token},
    data,
    error::Listener,
    expected::Expected,
    handles::{Journal, Sandbox, State},
    journal::Expectation,
    listener::Socket,
    provider::Slot,
    reload::{self, Making},
    shell::{Shell, Urls},
    summary::ProviderSummary,
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
    pub(crate) shell: Arc<Shell>,
    urls: Urls,
    data: HttpServer<Arc<Shell>>,
    control: Option<HttpServer<Arc<Shell>>>,
    token: Option<Token>,
    /// Dropped, it ends answers that would go on.
    closing: watch::Sender<()>,
    /// Looks for documents that change.
    reload: Option<reload::Watch>,
    expected: Expected,
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

    pub(crate) fn listen(shell: Arc<Shell>, sockets: Sockets, making: Option<Making>) -> Result<Self, Error> {
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
        let reload = making.and_then(|making| reload::watch(shell.clone(), making));
        let expected = Expected::new(shell.clone(), shell.sandboxes.default.clone());
        Ok(Self { shell, urls, data, control, token, closing, reload, expected })
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
        self.shell.slots.iter().flat_map(Slot::problems)
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

    /// A new sandbox, which nobody used before: a world of its own for a test.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use mock_server::{Expectation, Fault, MockServer};
    ///
    /// let server = MockServer::start("close").await?;
    /// let sandbox = server.sandbox()?;
    /// sandbox.inject(Fault::status(503).on("create_note").times(1))?;
    /// sandbox.expect(Expectation::operation("create_note").times(2));
    /// // … a client with the base URL `sandbox.url()`, which has to try again …
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When there are as many sandboxes as there may be, and all are in use.
    pub fn sandbox(&self) -> Result<Sandbox<'_>, Error> {
        let kept = self.shell.sandboxes.new_one(clock::now());
        let refused = |why: crate::sandboxes::Refused| Error::Sandbox { reason: why.explain("test", self.shell.sandboxes.bounds()) };
        kept.map(|kept| Sandbox::new(self, kept)).map_err(refused)
    }

    /// The sandbox of this name, made if need be; `None` when it cannot be named so, or there are too many.
    #[must_use]
    pub fn named_sandbox(&self, name: &str) -> Option<Sandbox<'_>> {
        let kept = self.shell.sandboxes.open(name, clock::now()).ok()?;
        Some(Sandbox::new(self, kept))
    }

    /// Expects requests in the default sandbox. When the mock is dropped and they did not come so, the test panics, and
    /// says which request came nearest.
    pub fn expect(&self, expectation: Expectation) {
        self.expected.add(expectation);
    }

    /// Takes no more connections, waits for the requests under way, for ten seconds at most, and ends.
    pub async fn close(self) {
        drop(self.closing);
        drop(self.reload);
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

    pub(crate) fn sandbox_url(&self, prefix: &str, provider: &str) -> String {
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
