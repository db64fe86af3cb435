//! Second step: whose request it is.
//!
//! Any well-formed credential of a declared scheme passes, so that a first call works; the document can list some
//! that do not. `security` is a list of alternatives, each of which may need several schemes at once.

use http::StatusCode;
use serde_json::Value;
use specs::{
    api::{Credentials, SchemeKind},
    wire,
};

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
    // A plain-text listener sees no client certificate; asking for one would shut everybody out.
    if scheme.kind == SchemeKind::MutualTls {
        return (Shown::Fine, None);
    }
    let mut best = (Shown::Absent, None);
    wire::credentials(&scheme.kind, &request.headers, request.target.query(), |shown| {
        let judged = match shown {
            wire::Shown::OtherScheme => (Shown::WrongScheme, None),
            wire::Shown::Malformed => (Shown::Malformed, None),
            wire::Shown::Given(pair) if scheme.kind == SchemeKind::Basic => basic(&scheme.credentials, needed, &pair),
            wire::Shown::Given(text) => known(&scheme.credentials, needed, &text),
        };
        if judged.0 > best.0 {
            best = judged;
        }
    });
    best
}

fn known<'e>(credentials: &'e Credentials, needed: &[String], text: &str) -> Judged<'e> {
    if credentials.invalid.iter().any(|refused| refused == text) {
        return (Shown::Refused, None);
    }
    let Some(holder) = credentials.others.iter().find(|holder| holder.credential == text) else { return (Shown::Fine, None) };
    let may = holder.scopes.as_ref().is_none_or(|scopes| needed.iter().all(|scope| scopes.contains(scope)));
    (if may { Shown::Fine } else { Shown::Forbidden }, holder.caller.as_ref())
}

/// The user alone is enough to be listed: many vendors use Basic with a key and an empty password.
fn basic<'e>(credentials: &'e Credentials, needed: &[String], pair: &str) -> Judged<'e> {
    let (whole, alone) = (known(credentials, needed, pair), known(credentials, needed, pair.split(':').next().unwrap_or_default()));
    (whole.0.min(alone.0), whole.1.or(alone.1))
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
