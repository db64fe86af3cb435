//! What a request shows for a security scheme, by its form alone: whether it is anybody's is for others to say.

use std::borrow::Cow;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};
use percent_encoding::percent_decode_str;

use crate::api::{Location, SchemeKind};

/// What stands where a scheme wants its credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown<'r> {
    /// A credential of another scheme.
    OtherScheme,
    /// Nothing that could be one.
    Malformed,
    /// One that is well formed: a key, a token, or `user:password`.
    Given(Cow<'r, str>),
}

/// Hands over each thing that a request shows for a scheme; none when there is nothing. A client certificate is not
/// part of a request, so nothing is ever shown for one.
pub fn credentials<'r>(kind: &SchemeKind, headers: &'r HeaderMap, query: Option<&'r str>, mut each: impl FnMut(Shown<'r>)) {
    match kind {
        SchemeKind::ApiKey { location, name } => {
            if let Some(key) = api_key(*location, name, headers, query) {
                each(if key.trim().is_empty() { Shown::Malformed } else { Shown::Given(key) });
            }
        }
        SchemeKind::Basic => authorization(headers, "basic", basic, each),
        SchemeKind::Bearer { .. } => authorization(headers, "bearer", |token| is_token68(token).then_some(Cow::Borrowed(token)), each),
        SchemeKind::Http(name) => authorization(headers, name, |text| (!text.is_empty()).then_some(Cow::Borrowed(text)), each),
        SchemeKind::MutualTls => {}
    }
}

/// How a credential of a scheme is sent, in words.
#[must_use]
pub fn carrier(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::ApiKey { location, name } => format!("the {} `{name}`", location.as_str()),
        SchemeKind::Basic => "`Authorization: Basic <base64 of user:password>`".to_owned(),
        SchemeKind::Bearer { .. } => "`Authorization: Bearer <token>`".to_owned(),
        SchemeKind::Http(name) => format!("`Authorization: {name} …`"),
        SchemeKind::MutualTls => "a client certificate".to_owned(),
    }
}

fn authorization<'r>(
    headers: &'r HeaderMap,
    scheme: &str,
    read: impl Fn(&'r str) -> Option<Cow<'r, str>>,
    mut each: impl FnMut(Shown<'r>),
) {
    for value in headers.get_all(AUTHORIZATION) {
        each(match value.to_str() {
            Ok(value) => {
                let (name, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
                let is_meant = name.eq_ignore_ascii_case(scheme);
                if is_meant { read(rest.trim()).map_or(Shown::Malformed, Shown::Given) } else { Shown::OtherScheme }
            }
            Err(_) => Shown::Malformed,
        });
    }
}

/// `user:password`, from its base64.
fn basic(text: &str) -> Option<Cow<'_, str>> {
    let pair = BASE64_STANDARD.decode(text).ok().and_then(|decoded| String::from_utf8(decoded).ok())?;
    pair.split_once(':').is_some_and(|(user, _)| !user.is_empty()).then_some(Cow::Owned(pair))
}

/// `token68` of RFC 9110, section 11.2.
fn is_token68(token: &str) -> bool {
    let body = token.trim_end_matches('=');
    !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

fn api_key<'r>(location: Location, name: &str, headers: &'r HeaderMap, query: Option<&'r str>) -> Option<Cow<'r, str>> {
    match location {
        Location::Header => headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes())),
        Location::Query => query?.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy() == name).then(|| percent_decode_str(value).decode_utf8_lossy())
        }),
        Location::Cookie | Location::Path => cookie(headers, name),
    }
}

/// The value of a cookie (RFC 6265, section 5.4).
fn cookie<'r>(headers: &'r HeaderMap, name: &str) -> Option<Cow<'r, str>> {
    headers.get_all(http::header::COOKIE).iter().find_map(|line| {
        let line = line.to_str().ok()?;
        line.split(';').find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(Cow::Borrowed(value))
        })
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn check(kind: &SchemeKind, name: &'static str, value: &str, query: &str, expected: &[Shown<'_>]) {
        let mut headers = HeaderMap::new();
        if !name.is_empty() {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        let mut found = Vec::new();
        credentials(kind, &headers, Some(query), |shown| found.push(shown));
        assert_eq!(found, expected, "{kind:?} {name}: {value} {query}");
    }

    #[test]
    fn what_is_shown_is_told_by_its_form() {
        let given = |text: &'static str| [Shown::Given(Cow::Borrowed(text))];
        let key = |location, name: &str| SchemeKind::ApiKey { location, name: name.to_owned() };
        let bearer = SchemeKind::Bearer { scopes: Vec::new() };
        check(&bearer, "authorization", "bearer a.b-c==", "", &given("a.b-c=="));
        check(&bearer, "authorization", "Bearer a b", "", &[Shown::Malformed]);
        check(&bearer, "authorization", "Basic YTpi", "", &[Shown::OtherScheme]);
        check(&bearer, "", "", "", &[]);
        check(&SchemeKind::Basic, "authorization", "Basic YTpi", "", &given("a:b"));
        check(&SchemeKind::Basic, "authorization", "Basic OmI=", "", &[Shown::Malformed]);
        check(&SchemeKind::Http("Token".to_owned()), "authorization", "token x y", "", &given("x y"));
        check(&key(Location::Header, "X-Key"), "x-key", " ", "", &[Shown::Malformed]);
        check(&key(Location::Query, "a key"), "", "", "b=1&a+key=%41", &given("A"));
        check(&key(Location::Cookie, "k"), "cookie", "a=1; k=2", "", &given("2"));
        check(&SchemeKind::MutualTls, "authorization", "Bearer a", "", &[]);
    }
}
