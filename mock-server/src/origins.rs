//! Which pages may use the mock from another origin.

use std::fmt;

use http::{HeaderMap, HeaderValue, Uri, header::ORIGIN};

use crate::Error;

/// Which pages of other origins may use the mock, with credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cors {
    /// All that ask. The control API is more careful: pages from this machine and from the mock.
    #[default]
    Any,
    /// Pages of these origins.
    Only(Vec<AllowedOrigin>),
    /// The mock says nothing of it, and what is asked for it is asked of the document.
    Off,
}

/// An origin that is allowed: `http://localhost:5173`, or with every port, `http://localhost:*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedOrigin {
    /// The scheme and the host, with the port unless it may be any.
    origin: String,
    is_any_port: bool,
}

impl Cors {
    /// Pages of these origins, each written as `http://localhost:5173`, or `http://localhost:*` for every port.
    ///
    /// # Errors
    /// When a text is no origin.
    pub fn only<T: AsRef<str>>(origins: impl IntoIterator<Item = T>) -> Result<Self, Error> {
        origins.into_iter().map(|origin| AllowedOrigin::read(origin.as_ref())).collect::<Result<_, _>>().map(Self::Only)
    }

    /// Whether a page of this origin may.
    pub(crate) fn allows(&self, origin: &HeaderValue) -> bool {
        match self {
            Self::Any => true,
            Self::Only(origins) => origin.to_str().is_ok_and(|origin| origins.iter().any(|allowed| allowed.is(origin))),
            Self::Off => false,
        }
    }

    /// The origin of the page that asked, if it may.
    pub(crate) fn allowed<'h>(&self, asked: &'h HeaderMap) -> Option<&'h HeaderValue> {
        asked.get(ORIGIN).filter(|origin| self.allows(origin))
    }
}

impl AllowedOrigin {
    fn read(text: &str) -> Result<Self, Error> {
        let invalid = || Error::InvalidOrigin { origin: text.to_owned() };
        let trimmed = text.trim();
        if trimmed == "null" {
            return Ok(Self { origin: trimmed.to_owned(), is_any_port: false });
        }
        let (written, is_any_port) = match trimmed.trim_end_matches('/').strip_suffix(":*") {
            Some(rest) => (rest, true),
            None => (trimmed, false),
        };
        let origin = origin(written).filter(|_| !written.contains('*')).ok_or_else(invalid)?;
        Ok(Self { origin, is_any_port })
    }

    fn is(&self, origin: &str) -> bool {
        if !self.is_any_port {
            return origin.eq_ignore_ascii_case(&self.origin);
        }
        let Some((start, rest)) = origin.split_at_checked(self.origin.len()) else { return false };
        let is_port = |rest: &str| rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
        start.eq_ignore_ascii_case(&self.origin) && (rest.is_empty() || is_port(rest))
    }
}

impl fmt::Display for AllowedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)?;
        f.write_str(if self.is_any_port { ":*" } else { "" })
    }
}

/// An address as browsers send it as the origin: scheme, host, and a port that is not the scheme's.
fn origin(address: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    let is_bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !authority.as_str().contains('@');
    let is_usual = matches!((scheme, uri.port_u16()), ("http", Some(80)) | ("https", Some(443)));
    let host = if is_usual { authority.host() } else { authority.as_str() };
    is_bare.then(|| format!("{scheme}://{host}").to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(allowed: &str, origin: &str) -> bool {
        Cors::only(allowed.split(',')).unwrap().allows(&HeaderValue::try_from(origin).unwrap())
    }

    #[test]
    fn an_origin_is_allowed_when_it_is_listed() {
        for (allowed, origin, expected) in [
            ("http://localhost:5173", "http://localhost:5173", true),
            ("http://LOCALHOST:5173/", "http://localhost:5173", true),
            ("http://a.example:80,https://b.example:443", "http://a.example", true),
            ("http://a.example:80,https://b.example:443", "https://b.example", true),
            ("http://localhost:5173", "http://localhost:51730", false),
            ("http://localhost:5173", "https://localhost:5173", false),
            ("http://localhost:*", "http://localhost:4000", true),
            ("http://localhost:*", "http://localhost", true),
            ("http://localhost:*", "http://localhost.evil.example", false),
            ("http://localhost:*", "http://localhost:1.evil.example", false),
            ("http://[::1]:*", "http://[::1]:9", true),
            ("null", "null", true),
            ("http://a.example", "null", false),
        ] {
            assert_eq!(check(allowed, origin), expected, "{allowed} {origin}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in ["", "localhost:5173", "http://", "http://a/b", "http://a?b", "http://*.a.example", "http://u@a", "*"] {
            assert!(matches!(Cors::only([text]), Err(Error::InvalidOrigin { .. })), "{text}");
        }
    }
}
