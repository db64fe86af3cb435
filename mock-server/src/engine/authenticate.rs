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

/// What a request shows for one scheme, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    Absent,
    WrongScheme,
    Malformed,
    Refused,
    /// It is somebody's who may not do this.
    Forbidden,
    Fine,
}

/// What a credential is good for, and whose it is where it is not the usual caller's.
type Judged<'e> = (Shown, Option<&'e Value>);

pub(super) fn authenticate<'e>(engine: &'e Engine, routed: Routed<'e>, request: &Request) -> Result<Authenticated<'e>, Box<Rejection>> {
    let Routed { operation, path, head } = routed;
    if operation.security.is_empty() {
        return Ok(Authenticated { operation, path, head, caller: &engine.caller });
    }
    let mut best = Shown::Absent;
    for alternative in &operation.security {
        let mut caller = &engine.caller;
        let mut worst = Shown::Fine;
        for (index, needed) in alternative {
            let Some(scheme) = engine.schemes.get(*index) else { continue };
            let (shown, holder) = judge(scheme, needed, request);
            worst = worst.min(shown);
            caller = holder.or(scheme.credentials.caller.as_ref()).unwrap_or(caller);
        }
        if worst == Shown::Fine {
            return Ok(Authenticated { operation, path, head, caller });
        }
        best = best.max(worst);
    }
    Err(refused(engine, operation, best))
}

fn judge<'e>(scheme: &'e CompiledScheme, needed: &[String], request: &Request) -> Judged<'e> {
    let known = |text: &str| known(&scheme.credentials, needed, text);
    match &scheme.kind {
        SchemeKind::ApiKey { location, name } => match api_key(*location, name, request) {
            None => (Shown::Absent, None),
            Some(key) if key.trim().is_empty() => (Shown::Malformed, None),
            Some(key) => known(&key),
        },
        SchemeKind::Basic => authorization(&request.headers, "basic", |text| basic(text, known)),
        SchemeKind::Bearer { .. } => {
            authorization(&request.headers, "bearer", |token| if is_token68(token) { known(token) } else { (Shown::Malformed, None) })
        }
        SchemeKind::Http(name) => {
            authorization(&request.headers, name, |text| if text.is_empty() { (Shown::Malformed, None) } else { known(text) })
        }
        // A plain-text listener sees no client certificate; asking for one would shut everybody out.
        SchemeKind::MutualTls => (Shown::Fine, None),
    }
}

fn known<'e>(credentials: &'e Credentials, needed: &[String], text: &str) -> Judged<'e> {
    if credentials.invalid.iter().any(|refused| refused == text) {
        return (Shown::Refused, None);
    }
    let Some(holder) = credentials.others.iter().find(|holder| holder.credential == text) else { return (Shown::Fine, None) };
    let may = holder.scopes.as_ref().is_none_or(|scopes| needed.iter().all(|scope| scopes.contains(scope)));
    (if may { Shown::Fine } else { Shown::Forbidden }, holder.caller.as_ref())
}

fn authorization<'e>(headers: &HeaderMap, scheme: &str, check: impl Fn(&str) -> Judged<'e>) -> Judged<'e> {
    let mut best = (Shown::Absent, None);
    for value in headers.get_all(AUTHORIZATION) {
        let judged = match value.to_str() {
            Ok(value) => {
                let (name, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
                if name.eq_ignore_ascii_case(scheme) { check(rest.trim()) } else { (Shown::WrongScheme, None) }
            }
            Err(_) => (Shown::Malformed, None),
        };
        if judged.0 > best.0 {
            best = judged;
        }
    }
    best
}

fn basic<'e>(text: &str, known: impl Fn(&str) -> Judged<'e>) -> Judged<'e> {
    let decoded = BASE64_STANDARD.decode(text).ok().and_then(|decoded| String::from_utf8(decoded).ok());
    let Some(pair) = decoded else { return (Shown::Malformed, None) };
    let user = pair.split_once(':').map(|(user, _)| user).filter(|user| !user.is_empty());
    let Some(user) = user else { return (Shown::Malformed, None) };
    // The user alone is enough to be listed: many vendors use Basic with a key and an empty password.
    let (whole, alone) = (known(&pair), known(user));
    (whole.0.min(alone.0), whole.1.or(alone.1))
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
            (percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy() == name).then(|| percent_decode_str(value).decode_utf8_lossy())
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
        Shown::Forbidden => return forbidden(engine, operation),
    };
    let alternatives = operation.security.iter().map(|alternative| {
        let schemes = alternative.iter().filter_map(|(index, _)| engine.schemes.get(*index));
        schemes.map(|scheme| scheme.hint.as_str()).collect::<Vec<_>>().join(" and ")
    });
    let mut ways: Vec<String> = Vec::new();
    for way in alternatives {
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    let help = format!("send {}", ways.join(", or "));
    Rejection::new(Step::Authenticate, StatusCode::UNAUTHORIZED, rule, message, help).at("header.Authorization")
}

fn forbidden(engine: &Engine, operation: &Compiled) -> Box<Rejection> {
    let mut needed: Vec<&str> = operation.security.iter().flatten().flat_map(|(_, scopes)| scopes).map(String::as_str).collect();
    needed.dedup();
    let status = operation.refusal_status(&engine.api, &[StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED]);
    let help = format!("use a credential that is good for `{}`", needed.join("` and `"));
    let message = "the holder of these credentials may not do this";
    Rejection::new(Step::Authenticate, status, "insufficient-scope", message, help).at("header.Authorization")
}
