//! The word that opens the control API where others than this machine can reach it.

use std::fmt::{self, Write as _};

use http::{HeaderMap, HeaderValue, Uri, header};
use percent_encoding::percent_decode_str;
use rustls::crypto::aws_lc_rs;
use subtle::ConstantTimeEq;

use crate::Error;

/// Random bytes of a token that is made at start.
const BYTES: usize = 24;
/// What the cookie of a page is called, before the port: cookies of one host are shared by all its ports, and each
/// mock there has a token of its own.
pub(crate) const COOKIE: &str = "mock_control_";
/// The parameter of a page's first request.
const PARAMETER: &str = "token";

/// What a request must show.
#[derive(Clone)]
pub(crate) struct Token(String);

/// How a request showed the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// In its headers.
    Headers,
    /// In its query: a person opened the address that the screen shows.
    Query,
    /// It need not.
    Unasked,
}

impl Token {
    /// The token that someone chose.
    pub(crate) fn given(text: String) -> Self {
        Self(text)
    }

    /// This token, if it can be sent everywhere.
    pub(crate) fn checked(self) -> Result<Self, Error> {
        // What may stand behind `Bearer` (RFC 6750, section 2.1), in a cookie, and as it is in a query.
        let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || b"-._~".contains(&letter);
        if self.0.is_empty() || !self.0.bytes().all(is_plain) {
            return Err(Error::InvalidToken);
        }
        Ok(self)
    }

    /// A token that nobody guesses.
    pub(crate) fn random() -> Result<Self, Error> {
        let mut bytes = [0; BYTES];
        aws_lc_rs::default_provider().secure_random.fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
        let hex = bytes.iter().fold(String::with_capacity(2 * BYTES), |mut text, byte| {
            // Writing to memory cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        Ok(Self(hex))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// How a request shows this token, if it does.
    pub(super) fn shown(&self, target: &Uri, headers: &HeaderMap, cookie: &str) -> Option<Shown> {
        let bearer = headers.get(header::AUTHORIZATION).and_then(bearer);
        // HTTP/2 may send each cookie in a field of its own (RFC 9113, section 8.2.3).
        let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let kept = pairs.filter(|(name, _)| *name == cookie).map(|(_, value)| value);
        if self.is_in(target) {
            return Some(Shown::Query);
        }
        bearer.into_iter().chain(kept).any(|shown| self.is(shown)).then_some(Shown::Headers)
    }

    /// Whether the query of a target shows this token.
    pub(super) fn is_in(&self, target: &Uri) -> bool {
        let mut pairs = target.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        let is_this = |value: &str| self.is(&percent_decode_str(value).decode_utf8_lossy());
        pairs.any(|(name, value)| name == PARAMETER && is_this(value))
    }

    /// The field that makes a browser show the token from now on, to this host alone and for pages of it alone.
    pub(super) fn cookie(&self, name: &str, is_secure: bool) -> Option<HeaderValue> {
        let secure = if is_secure { "; Secure" } else { "" };
        HeaderValue::try_from(format!("{name}={}; Path=/; HttpOnly; SameSite=Strict{secure}", self.0)).ok()
    }

    /// Takes as long for a word that is nearly right as for any other of its length.
    fn is(&self, shown: &str) -> bool {
        self.0.as_bytes().ct_eq(shown.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// A target without the token in its query.
pub(super) fn without(target: &Uri) -> String {
    let kept = target.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let kept: Vec<_> = kept.filter(|pair| pair.split('=').next() != Some(PARAMETER)).collect();
    // Two slashes at the beginning would lead to another host.
    let path = format!("/{}", target.path().trim_start_matches('/'));
    if kept.is_empty() { path } else { format!("{path}?{}", kept.join("&")) }
}

fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(target: &str, fields: &[(http::HeaderName, &'static str)]) -> Option<Shown> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
        Token::given("wo-rd".to_owned()).shown(&target.parse().unwrap(), &headers, "mock_control_1")
    }

    #[test]
    fn a_token_is_shown_in_a_header_a_cookie_or_the_query() {
        use header::{AUTHORIZATION as A, COOKIE as C};
        assert_eq!(shown("/", &[(A, "Bearer wo-rd")]), Some(Shown::Headers));
        assert_eq!(shown("/", &[(A, "bearer wo-rd")]), Some(Shown::Headers));
        assert_eq!(shown("/", &[(C, "a=1; mock_control_1=wo-rd")]), Some(Shown::Headers));
        assert_eq!(shown("/", &[(C, "a=1"), (C, "mock_control_1=wo-rd")]), Some(Shown::Headers));
        assert_eq!(shown("/?a=1&token=wo%2Drd", &[]), Some(Shown::Query));
        for (target, fields) in [
            ("/", vec![]),
            ("/?token=", vec![]),
            ("/?token=wo-r", vec![]),
            ("/?tokens=wo-rd", vec![]),
            ("/", vec![(A, "Basic wo-rd")]),
            ("/", vec![(A, "Bearer")]),
            ("/", vec![(A, "Bearer wo-rd2")]),
            ("/", vec![(C, "mock_control_2=wo-rd")]),
        ] {
            assert_eq!(shown(target, &fields), None, "{target} {fields:?}");
        }
    }

    #[test]
    fn a_token_of_ones_own_can_be_sent_everywhere() {
        for text in ["", "a b", "a;b", "ä", "a+b", "a\n"] {
            assert!(Token::given(text.to_owned()).checked().is_err(), "{text}");
        }
        let (one, other) = (Token::random().unwrap(), Token::random().unwrap());
        assert!(one.clone().checked().is_ok() && one.as_str().len() == 2 * BYTES && one.as_str() != other.as_str());
    }

    #[test]
    fn the_token_is_taken_out_of_an_address() {
        for (target, expected) in [("/?token=a", "/"), ("/j?a=1&token=b&c", "/j?a=1&c"), ("//evil.example/?token=a", "/evil.example/")] {
            assert_eq!(without(&target.parse().unwrap()), expected);
        }
    }
}
