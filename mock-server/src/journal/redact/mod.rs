//! Blots out secrets: the `Authorization` header, what the documents' security schemes call a key, and properties of
//! bodies that are named like secrets, or that the documents keep secret.

mod body;
mod secret;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use specs::{
    Api,
    api::{Location, SchemeKind},
};

use crate::control::COOKIE;

use secret::{Declared, is_secret};

/// Stands where a secret stood.
const BLOT: &str = "[redacted]";

/// Where secrets are.
#[derive(Clone, Debug)]
pub(crate) struct Redactor {
    headers: Vec<String>,
    parameters: Vec<String>,
    cookies: Vec<String>,
    declared: Vec<Declared>,
    /// Whether everything is shown.
    reveals: bool,
}

impl Redactor {
    pub(crate) fn new<'a>(apis: impl IntoIterator<Item = &'a Api>) -> Self {
        let headers = vec!["authorization".to_owned(), "proxy-authorization".to_owned()];
        let apis: Vec<&Api> = apis.into_iter().collect();
        let declared = apis.iter().map(|api| Declared::new(api)).collect();
        let mut redactor = Self { headers, parameters: Vec::new(), cookies: Vec::new(), declared, reveals: false };
        for scheme in apis.into_iter().flat_map(|api| api.schemes.values()) {
            let SchemeKind::ApiKey { location, name } = &scheme.kind else { continue };
            match location {
                Location::Header => redactor.headers.push(name.to_ascii_lowercase()),
                Location::Query => redactor.parameters.push(name.clone()),
                Location::Cookie => redactor.cookies.push(name.clone()),
                Location::Path => {}
            }
        }
        redactor
    }

    /// Whether it shows secrets.
    pub(crate) fn reveals(&self) -> bool {
        self.reveals
    }

    /// Shows everything, if that is wanted.
    pub(crate) fn revealing(self, reveals: bool) -> Self {
        Self { reveals, ..self }
    }

    /// A body of a provider as it may be shown.
    pub(crate) fn body<'b>(&self, provider: Option<&str>, content_type: &str, body: &'b [u8]) -> Cow<'b, [u8]> {
        if self.reveals {
            return Cow::Borrowed(body);
        }
        let declared = provider.and_then(|provider| self.declared.iter().find(|declared| declared.provider == provider));
        body::redacted(body, content_type, &|name| is_secret(name) || declared.is_some_and(|declared| declared.has(name)))
    }

    /// The value of a header as it may be shown. A scheme before the secret stays: it is what people get wrong.
    pub(crate) fn header(&self, name: &str, value: String) -> String {
        if self.reveals {
            return value;
        }
        match name {
            "cookie" => return self.cookie(&value),
            "set-cookie" => return set_cookie(&value),
            "location" => return location(value),
            _ => {}
        }
        if !self.headers.iter().any(|secret| secret == name) && !is_secret(name.strip_prefix("x-").unwrap_or(name)) {
            return value;
        }
        match value.split_once(' ') {
            Some((scheme, _)) if name.ends_with("authorization") => format!("{scheme} {BLOT}"),
            _ => BLOT.to_owned(),
        }
    }

    /// Path and query as they may be shown.
    pub(crate) fn target(&self, target: &str) -> String {
        let Some((path, query)) = target.split_once('?').filter(|_| !self.reveals) else { return target.to_owned() };
        let secret = |pair: &str| {
            let name = pair.split('=').next().unwrap_or_default().replace('+', " ");
            let name = percent_decode_str(&name).decode_utf8_lossy();
            is_secret(&name) || self.parameters.iter().any(|secret| *secret == name)
        };
        let pairs: Vec<_> = query.split('&').map(|pair| if secret(pair) { blot(pair) } else { pair.to_owned() }).collect();
        format!("{path}?{}", pairs.join("&"))
    }

    fn cookie(&self, value: &str) -> String {
        let secret = |pair: &str| {
            let name = pair.split('=').next().unwrap_or_default();
            // Browsers show the cookies of one port of a host to all.
            name.trim().starts_with(COOKIE) || self.cookies.iter().any(|secret| secret == name.trim())
        };
        let pairs: Vec<_> = value.split(';').map(|pair| if secret(pair) { blot(pair) } else { pair.to_owned() }).collect();
        pairs.join(";")
    }
}

/// A cookie that is set, with what it is good for and without its value.
fn set_cookie(value: &str) -> String {
    match value.split_once(';') {
        Some((pair, attributes)) => format!("{};{attributes}", blot(pair)),
        None => blot(value),
    }
}

/// An address to go on to, without the code or the token that OAuth hands over in it.
fn location(value: String) -> String {
    let Some(at) = value.find(['?', '#']) else { return value };
    let (address, pairs) = value.split_at(at + 1);
    let secret = |pair: &str| matches!(pair.split('=').next(), Some("code" | "access_token" | "id_token"));
    let pairs: Vec<_> = pairs.split('&').map(|pair| if secret(pair) { blot(pair) } else { pair.to_owned() }).collect();
    format!("{address}{}", pairs.join("&"))
}

/// The name of a pair, without its value.
fn blot(pair: &str) -> String {
    let name = pair.split('=').next().unwrap_or_default();
    format!("{name}={BLOT}")
}

#[cfg(test)]
mod tests {
    use specs::Source;

    use super::*;

    fn redactor() -> Redactor {
        let text = "openapi: 3.0.3\ninfo: {title: Kites, version: '1'}\npaths: {}\ncomponents:\n  securitySchemes:\n    \
            header: {type: apiKey, in: header, name: X-Kite-Key}\n    query: {type: apiKey, in: query, name: 'kite key'}\n    \
            cookie: {type: apiKey, in: cookie, name: kite}\n";
        let api = specs::load(&Source::new("kites", "kites.yaml", text.to_owned())).api.unwrap();
        Redactor::new([&api])
    }

    #[test]
    fn headers_of_schemes_lose_their_value() {
        for (name, value, shown) in [
            ("authorization", "Bearer abc", "Bearer [redacted]"),
            ("authorization", "abc", "[redacted]"),
            ("x-kite-key", "a b", "[redacted]"),
            ("x-other", "a b", "a b"),
            ("x-api-token", "a b", "[redacted]"),
            ("set-cookie", "session=1; Path=/; HttpOnly", "session=[redacted]; Path=/; HttpOnly"),
            ("set-cookie", "session=1", "session=[redacted]"),
            ("cookie", "a=1; kite=2; b=3", "a=1; kite=[redacted]; b=3"),
            ("set-cookie", "kite=2; Path=/", "kite=[redacted]; Path=/"),
            ("location", "/back?code=1&state=2", "/back?code=[redacted]&state=2"),
            ("location", "/kites/1", "/kites/1"),
        ] {
            assert_eq!(redactor().header(name, value.to_owned()), shown, "{name}: {value}");
        }
    }

    #[test]
    fn nothing_is_hidden_where_all_is_to_be_seen() {
        let redactor = redactor().revealing(true);
        assert_eq!(redactor.header("authorization", "Bearer abc".to_owned()), "Bearer abc");
        assert_eq!(redactor.target("/a?token=1"), "/a?token=1");
        assert_eq!(redactor.body(None, "application/json", br#"{"token":1}"#), &br#"{"token":1}"#[..]);
    }

    #[test]
    fn query_parameters_of_schemes_lose_their_value_however_they_are_written() {
        for (target, shown) in [
            ("/a", "/a"),
            ("/a?b=c", "/a?b=c"),
            ("/a?kite+key=1&b=c", "/a?kite+key=[redacted]&b=c"),
            ("/a?b&kite%20key=1", "/a?b&kite%20key=[redacted]"),
            ("/a?access_token=1&b=c", "/a?access_token=[redacted]&b=c"),
        ] {
            assert_eq!(redactor().target(target), shown);
        }
    }
}
