//! The server behind a proxy: its base URL, and the connections to it.
//!
//! Requests go out by hyper and not by reqwest, which would write a URL anew (`%2e%2e`, `|`, a path that is empty) and add
//! an `Accept` that nobody sent. Connections that were idle for long are not used again: most servers close theirs after
//! five seconds, and a request that meets the closing would fail for no reason of its own.

use std::{io, time::Duration};

use http::{Request, Response, Uri, uri::PathAndQuery};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Builder, Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

use super::{error::Error, kept::Passing, listen::HEADERS};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a connection may be idle and be used again.
const IDLE: Duration = Duration::from_secs(3);

/// A server, by its base URL.
pub(super) struct Target {
    /// The base URL, without a slash at its end.
    pub(super) url: String,
    base: Uri,
    way: Way,
}

/// What leads to a server. One that is not encrypted needs no certificates, which take long to read.
enum Way {
    Plain(Client<HttpConnector, Passing<Incoming>>),
    Encrypted(Client<HttpsConnector<HttpConnector>, Passing<Incoming>>),
}

impl Target {
    /// The server at a base URL.
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let wrong = |url: &str, reason: String| Error::Target { url: url.to_owned(), reason };
        if url.contains(['?', '#']) {
            return Err(wrong(url, "a base URL has no query".to_owned()));
        }
        let base: Uri = url.trim_end_matches('/').parse().map_err(|error: http::uri::InvalidUri| wrong(url, error.to_string()))?;
        let is_encrypted = match base.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(wrong(url, "it begins neither with `http://` nor with `https://`".to_owned())),
        };
        if let Some((_, host)) = base.authority().and_then(|authority| authority.as_str().rsplit_once('@')) {
            return Err(wrong(host, "credentials have no place in it, since the client sends its own".to_owned()));
        }
        let way = if is_encrypted { Way::encrypted().map_err(Error::Certificates)? } else { Way::Plain(pool().build(connector())) };
        Ok(Self { url: url.trim_end_matches('/').to_owned(), base, way })
    }

    /// Sends a request whose target is relative to the base URL.
    pub(super) async fn send(&self, mut request: Request<Passing<Incoming>>) -> Result<Response<Incoming>, String> {
        *request.uri_mut() = self.address(request.uri()).map_err(|error| error.to_string())?;
        let answer = match &self.way {
            Way::Plain(client) => client.request(request),
            Way::Encrypted(client) => client.request(request),
        };
        answer.await.map_err(|error| crate::run::chain(&error))
    }

    /// The path and the query, to the letter, behind the base URL.
    fn address(&self, relative: &Uri) -> Result<Uri, http::Error> {
        let base = self.base.path().trim_end_matches('/');
        let relative = relative.path_and_query().map_or("/", PathAndQuery::as_str);
        let mut parts = self.base.clone().into_parts();
        parts.path_and_query = Some(format!("{base}{relative}").parse()?);
        Ok(Uri::from_parts(parts)?)
    }
}

impl Way {
    fn encrypted() -> io::Result<Self> {
        let mut http = connector();
        http.enforce_http(false);
        let encrypted = HttpsConnectorBuilder::new().try_with_platform_verifier().map_err(io::Error::other)?;
        Ok(Self::Encrypted(pool().build(encrypted.https_only().enable_http1().wrap_connector(http))))
    }
}

fn pool() -> Builder {
    let mut pool = Client::builder(TokioExecutor::new());
    pool.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE).http1_preserve_header_case(true).http1_max_headers(HEADERS);
    pool
}

fn connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(CONNECT));
    connector
}
