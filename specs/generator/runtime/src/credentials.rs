//! What a client shows to prove who it is.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{
    Request,
    header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue},
};

use super::NotSent;

/// Credentials by the name of the document's security scheme. Generated clients wrap it.
#[derive(Clone, Default)]
pub struct Credentials {
    held: Vec<(&'static str, Secret)>,
}

/// One credential, and where it is sent. Its `Debug` shows no secret.
#[derive(Clone)]
pub enum Secret {
    /// HTTP Basic: user and password.
    Basic(String, String),
    /// Another scheme of `Authorization`, as `Bearer`, and what follows it.
    Authorization(&'static str, String),
    /// A header by name.
    Header(&'static str, String),
    /// A query parameter by name.
    Query(&'static str, String),
    /// A cookie by name.
    Cookie(&'static str, String),
    /// Nothing that is sent: the connection proves it, as a client certificate does.
    Connection,
}

impl Credentials {
    /// One credential.
    #[must_use]
    pub fn one(scheme: &'static str, secret: Secret) -> Self {
        Self { held: vec![(scheme, secret)] }
    }

    /// These and others; of two for one scheme the later counts.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        for (scheme, secret) in others.held {
            self.held.retain(|(known, _)| *known != scheme);
            self.held.push((scheme, secret));
        }
        self
    }

    /// Puts on the request what the first alternative that can be met asks for. Without any credentials nothing is
    /// put on it: the server then says what it thinks of that.
    ///
    /// # Errors
    /// When there are credentials and no alternative can be met with them, or one cannot be written in a header.
    pub fn apply(&self, request: &mut Request, alternatives: &[&[&str]]) -> Result<(), NotSent> {
        if self.held.is_empty() || alternatives.is_empty() {
            return Ok(());
        }
        let secret = |scheme: &str| self.held.iter().find(|(held, _)| *held == scheme).map(|(_, secret)| secret);
        let met = |schemes: &&&[&str]| schemes.iter().all(|scheme| secret(scheme).is_some());
        let strict = alternatives.iter().filter(|schemes| !schemes.is_empty()).find(met);
        let Some(schemes) = strict.or_else(|| alternatives.iter().find(met)) else {
            return Err(NotSent::new(format!("the operation needs {}, and the client has {}", needed(alternatives), self.names())));
        };
        schemes.iter().filter_map(|scheme| secret(scheme)).try_for_each(|secret| secret.apply(request))
    }

    fn names(&self) -> String {
        let names: Vec<String> = self.held.iter().map(|(name, _)| format!("`{name}`")).collect();
        names.join(" and ")
    }
}

impl Secret {
    fn apply(&self, request: &mut Request) -> Result<(), NotSent> {
        match self {
            Self::Basic(user, password) => {
                let pair = STANDARD.encode(format!("{user}:{password}"));
                put(request, AUTHORIZATION, &format!("Basic {pair}"))
            }
            Self::Authorization(scheme, rest) => put(request, AUTHORIZATION, &format!("{scheme} {rest}")),
            Self::Header(name, value) => {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| NotSent::new(format!("`{name}` is no header name")))?;
                put(request, name, value)
            }
            Self::Query(name, value) => {
                request.url_mut().query_pairs_mut().append_pair(name, value);
                Ok(())
            }
            Self::Cookie(name, value) => {
                let before = request.headers().get(COOKIE).and_then(|value| value.to_str().ok());
                let cookies = before.map_or_else(|| format!("{name}={value}"), |before| format!("{before}; {name}={value}"));
                put(request, COOKIE, &cookies)
            }
            Self::Connection => Ok(()),
        }
    }
}

fn put(request: &mut Request, name: HeaderName, value: &str) -> Result<(), NotSent> {
    let mut value = HeaderValue::from_str(value).map_err(|_| NotSent::new("a credential has a character that headers cannot hold"))?;
    value.set_sensitive(true);
    request.headers_mut().insert(name, value);
    Ok(())
}

fn needed(alternatives: &[&[&str]]) -> String {
    let each = alternatives.iter().map(|schemes| schemes.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and "));
    each.collect::<Vec<_>>().join(" or ")
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.held.iter().map(|(scheme, secret)| (scheme, secret))).finish()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connection => "of the connection",
            _ => "(redacted)",
        })
    }
}
