//! Second step: whose request it is.
//!
//! Any well-formed credential of a declared scheme passes, so that a first call works; the document can list some
//! that do not. `security` is a list of alternatives, each of which may need several schemes at once.

use std::borrow::Cow;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use specs::api::{Credentials, Location, SchemeKind};

use super::{
    Rejection, Request, Step,
    compile::{Compiled, CompiledScheme, Engine},
    route::Routed,
};

/// A request that may do what it asks for.
pub(super) struct Authenticated<'e> {
    pub(super) operation: &'e Compiled,
    pub(super) path: Vec<(&'e str, String)>,
    pub(super) head: bool,
    /// Who sent it, as expressions see it.
    pub(super) caller: &'e Value,
}

/// What a request shows for one scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    Absent,
    WrongScheme,
    Malformed,
    Refused,
    Fine,
}

pub(super) fn authenticate<'e>(engine: &'e Engine, routed: Routed<'e>, request: &Request) -> Result<Authenticated<'e>, Box<Rejection>> {
    let Routed { operation, path, head } = routed;
    if operation.security.is_empty() {
        return Ok(Authenticated { operation, path, head, caller: &engine.caller });
    }
    let mut best = Shown::Absent;
    for alternative in &operation.security {
        let mut caller = &engine.caller;
        let mut worst = Shown::Fine;
        for scheme in alternative.iter().filter_map(|index| engine.schemes.get(*index)) {
            worst = worst.min(shown(scheme, request));
            caller = scheme.credentials.caller.as_ref().unwrap_or(caller);
        }
        if worst == Shown::Fine {
            return Ok(Authenticated { operation, path, head, caller });
        }
        best = best.max(worst);
    }
    Err(refused(engine, operation, best))
}

fn shown(scheme: &CompiledScheme, request: &Request) -> Shown {
    match &scheme.kind {
        SchemeKind::ApiKey { location, name } => match api_key(*location, name, request) {
            None => Shown::Absent,
            Some(key) if key.trim().is_empty() => Shown::Malformed,
            Some(key) => known(&scheme.credentials, &key),
        },
        SchemeKind::Basic => authorization(&request.headers, "basic", |text| basic(&scheme.credentials, text)),
        SchemeKind::Bearer { .. } => {
            authorization(
                &request.headers,
                "bearer",
                |token| {
                    if is_token68(token) { known(&scheme.credentials, token) } else { Shown::Malformed }
                },
            )
        }
        SchemeKind::Http(name) => {
            authorization(&request.headers, name, |text| if text.is_empty() { Shown::Malformed } else { known(&scheme.credentials, text) })
        }
        // A plain-text listener sees no client certificate; asking for one would shut everybody out.
        SchemeKind::MutualTls => Shown::Fine,
    }
}

fn known(credentials: &Credentials, text: &str) -> Shown {
    if credentials.invalid.iter().any(|refused| refused == text) { Shown::Refused } else { Shown::Fine }
}

fn authorization(headers: &HeaderMap, scheme: &str, check: impl Fn(&str) -> Shown) -> Shown {
    let mut best = Shown::Absent;
    for value in headers.get_all(AUTHORIZATION) {
        let Ok(value) = value.to_str() else {
            best = best.max(Shown::Malformed);
            continue;
        };
        let (name, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
        best = best.max(if name.eq_ignore_ascii_case(scheme) { check(rest.trim()) } else { Shown::WrongScheme });
    }
    best
}

fn basic(credentials: &Credentials, text: &str) -> Shown {
    let Ok(decoded) = BASE64_STANDARD.decode(text) else { return Shown::Malformed };
    let Ok(pair) = String::from_utf8(decoded) else { return Shown::Malformed };
    let Some((user, _)) = pair.split_once(':') else { return Shown::Malformed };
    if user.is_empty() {
        return Shown::Malformed;
    }
    // The user alone is enough to be listed as invalid: many vendors use Basic with a key and an empty password.
    known(credentials, &pair).min(known(credentials, user))
}

/// `token68` of RFC 9110, section 11.2.
fn is_token68(token: &str) -> bool {
    let body = token.trim_end_matches('=');
    !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

fn api_key<'r>(location: Location, name: &str, request: &'r Request) -> Option<Cow<'r, str>> {
    match location {
        Location::Header => request.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes())),
        Location::Query => request.target.query()?.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode_str(key).decode_utf8_lossy() == name).then(|| percent_decode_str(value).decode_utf8_lossy())
        }),
        Location::Cookie | Location::Path => cookie(&request.headers, name),
    }
}

/// The value of a cookie (RFC 6265, section 5.4).
pub(super) fn cookie<'r>(headers: &'r HeaderMap, name: &str) -> Option<Cow<'r, str>> {
    headers.get_all(http::header::COOKIE).iter().find_map(|line| {
        let line = line.to_str().ok()?;
        line.split(';').find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(Cow::Borrowed(value))
        })
    })
}

fn refused(engine: &Engine, operation: &Compiled, best: Shown) -> Box<Rejection> {
    let (rule, message) = match best {
        Shown::Absent => ("missing-credentials", "the request carries no credentials"),
        Shown::WrongScheme => ("wrong-scheme", "the `Authorization` header uses a scheme that the operation does not take"),
        Shown::Malformed => ("malformed-credentials", "the credentials are not well formed"),
        Shown::Refused | Shown::Fine => ("refused-credentials", "the document lists these credentials as invalid"),
    };
    let alternatives = operation.security.iter().map(|alternative| {
        let schemes = alternative.iter().filter_map(|index| engine.schemes.get(*index));
        schemes.map(|scheme| scheme.hint.as_str()).collect::<Vec<_>>().join(" and ")
    });
    let help = format!("send {}", alternatives.collect::<Vec<_>>().join(", or "));
    Rejection::new(Step::Authenticate, StatusCode::UNAUTHORIZED, rule, message, help).at("header.Authorization")
}
