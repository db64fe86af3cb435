//! Second step: whose request it is.
//!
//! Any well-formed credential of a declared scheme passes, so that a first call works; the document and the sandbox can
//! list some that do not, and can say that no others work than those they list. `security` is a list of alternatives,
//! each of which may need several schemes at once. Whether the holder may do what is asked is the step after.

use http::StatusCode;
use specs::{api::SchemeKind, wire};

use super::{
    Conditions, Rejection, Request, Step,
    compile::{Compiled, Engine},
    credential::{CompiledScheme, Seen, Shown},
    held::Held,
    route::Routed,
};
use crate::state::{Keyring, Standing};

/// A request of which is known whose it is.
pub(super) struct Authenticated<'e> {
    pub(super) operation: &'e Compiled,
    path: Vec<(&'e str, String)>,
    head: bool,
    caller: Held<'e>,
    tenant: Option<String>,
    /// Whether its holder may do this.
    may: bool,
}

/// A request that may do what it asks for.
pub(super) struct Authorized<'e> {
    pub(super) operation: &'e Compiled,
    pub(super) path: Vec<(&'e str, String)>,
    pub(super) head: bool,
    /// Who sent it, as expressions see it.
    pub(super) caller: Held<'e>,
    /// The tenant whose rows it sees, where that is not the usual one.
    pub(super) tenant: Option<String>,
}

pub(super) fn authenticate<'e>(
    engine: &'e Engine,
    routed: Routed<'e>,
    request: &Request,
    conditions: &Conditions,
) -> Result<Authenticated<'e>, Box<Rejection>> {
    let Routed { operation, path, head } = routed;
    let caller = Held::Borrowed(&engine.caller);
    let mut found = Authenticated { operation, path, head, caller, tenant: None, may: true };
    if operation.security.is_empty() {
        return Ok(found);
    }
    let mut judging = Judging { engine, operation, request, conditions, seen: Vec::new() };
    let mut best = Shown::Absent;
    let mut forbidden = None;
    for alternative in &operation.security {
        let mut worst = Shown::Fine;
        let (mut caller, mut tenant) = (None, None);
        for (index, needed) in alternative {
            let Some(seen) = judging.of(*index) else { continue };
            worst = worst.min(seen.shown_for(needed));
            caller = seen.caller.or(caller);
            tenant = seen.tenant.or(tenant);
        }
        if worst >= Shown::Forbidden && (worst == Shown::Fine || forbidden.is_none()) {
            let holder = (caller.unwrap_or(Held::Borrowed(&engine.caller)), tenant);
            if worst == Shown::Fine {
                (found.caller, found.tenant) = holder;
                return Ok(found);
            }
            forbidden = Some(holder);
        }
        best = best.max(worst);
    }
    let Some(holder) = forbidden else { return Err(refused(engine, operation, best)) };
    (found.caller, found.tenant) = holder;
    found.may = false;
    Ok(found)
}

/// Whether the holder of the credentials may do what the operation does.
pub(super) fn authorize<'e>(engine: &Engine, authenticated: Authenticated<'e>) -> Result<Authorized<'e>, Box<Rejection>> {
    let Authenticated { operation, path, head, caller, tenant, may } = authenticated;
    if may { Ok(Authorized { operation, path, head, caller, tenant }) } else { Err(forbidden(engine, operation)) }
}

/// What is at hand while the credentials of a request are judged.
struct Judging<'e, 'r> {
    engine: &'e Engine,
    operation: &'e Compiled,
    request: &'r Request,
    conditions: &'r Conditions,
    /// What was seen already, where a scheme is in several alternatives: looking counts.
    seen: Vec<(usize, Seen<'e>)>,
}

impl<'e> Judging<'e, '_> {
    fn of(&mut self, index: usize) -> Option<Seen<'e>> {
        let scheme = self.engine.schemes.get(index)?;
        if let Some((_, seen)) = self.seen.iter().find(|(known, _)| *known == index) {
            return Some(seen.clone());
        }
        let seen = self.judge(scheme);
        if self.operation.security.len() > 1 {
            self.seen.push((index, seen.clone()));
        }
        Some(seen)
    }

    fn judge(&self, scheme: &'e CompiledScheme) -> Seen<'e> {
        // No listener sees a client certificate; asking for one would shut everybody out.
        if scheme.kind == SchemeKind::MutualTls {
            return Seen { shown: Shown::Fine, ..Seen::default() };
        }
        let mut best = Seen::default();
        wire::credentials(&scheme.kind, &self.request.headers, self.request.target.query(), |shown| {
            let seen = match shown {
                wire::Shown::OtherScheme => Seen { shown: Shown::WrongScheme, ..Seen::default() },
                wire::Shown::Malformed => Seen { shown: Shown::Malformed, ..Seen::default() },
                wire::Shown::Given(text) => self.known(scheme, &text),
            };
            if seen.shown > best.shown {
                best = seen;
            }
        });
        best
    }

    /// The sandbox knows best, then the document.
    fn known(&self, scheme: &'e CompiledScheme, text: &str) -> Seen<'e> {
        // The user alone is enough to be listed: many vendors use Basic with a key and an empty password.
        let user = text.split(':').next().unwrap_or_default();
        let both = [text, user];
        let names = if scheme.kind == SchemeKind::Basic { &both[..] } else { &both[..1] };
        let listed = scheme.listed(names);
        let Some(keyring) = self.conditions.keyring.as_deref().filter(|keyring| keyring.is_used()) else {
            return listed.unwrap_or_else(|| scheme.unlisted(scheme.credentials.only));
        };
        self.kept(scheme, names, keyring).unwrap_or_else(|closed| listed.unwrap_or_else(|| scheme.unlisted(closed)))
    }

    /// What the sandbox says of a credential, or else whether it says that only known ones work.
    fn kept(&self, scheme: &'e CompiledScheme, names: &[&str], keyring: &Keyring) -> Result<Seen<'e>, bool> {
        let same = |name: &str| self.engine.schemes.iter().any(|other| *other.name == *name && other.is_carried_like(scheme));
        let look = keyring.look(&scheme.name, names, self.conditions.now, same);
        let closed = look.closed.unwrap_or(scheme.credentials.only);
        let shown = match look.standing {
            Standing::Good => Shown::Fine,
            Standing::Unknown => Shown::Unknown,
            Standing::Expired => Shown::Expired,
            Standing::Revoked => Shown::Revoked,
        };
        let Some(key) = look.key else {
            return if shown == Shown::Fine { Err(closed) } else { Ok(Seen { shown, ..Seen::default() }) };
        };
        // One of another scheme is that scheme's, where the operation takes both.
        let is_other = key.scheme.as_deref().is_some_and(|own| own != &*scheme.name && self.takes(own));
        if is_other {
            return Ok(Seen { shown: Shown::Unknown, ..Seen::default() });
        }
        let caller = key.caller.map(Held::from).or(scheme.credentials.caller.as_ref().map(Held::Borrowed));
        Ok(Seen { shown, caller, scopes: key.scopes.map(Into::into), tenant: key.tenant })
    }

    fn takes(&self, scheme: &str) -> bool {
        let mut all = self.operation.security.iter().flatten().filter_map(|(index, _)| self.engine.schemes.get(*index));
        all.any(|own| *own.name == *scheme)
    }
}

fn refused(engine: &Engine, operation: &Compiled, best: Shown) -> Box<Rejection> {
    let (rule, message) = match best {
        Shown::Absent => ("missing-credentials", "the request carries no credentials"),
        Shown::WrongScheme => ("wrong-scheme", "the `Authorization` header uses a scheme that the operation does not take"),
        Shown::Malformed => ("malformed-credentials", "the credentials are not well formed"),
        Shown::Expired => ("expired-credentials", "the credentials have expired"),
        Shown::Revoked => ("revoked-credentials", "the credentials were revoked"),
        Shown::Unknown | Shown::Forbidden | Shown::Fine => ("unknown-credentials", "the credentials are nobody's"),
    };
    let help = match (best, engine.token_path()) {
        (Shown::Expired | Shown::Revoked, Some(path)) => format!("get a new token at `{path}`"),
        (Shown::Expired | Shown::Revoked, None) => "send others, or get new ones where the vendor gives them out".to_owned(),
        (Shown::Unknown, _) => {
            "send one that works: `GET /sandboxes/{name}/credentials` of the control API lists those that are known".to_owned()
        }
        _ => format!("send {}", ways(engine, operation)),
    };
    Rejection::new(Step::Authenticate, StatusCode::UNAUTHORIZED, rule, message, help).at("header.Authorization")
}

/// The ways to prove who one is, for whoever did not.
fn ways(engine: &Engine, operation: &Compiled) -> String {
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
    ways.join(", or ")
}

fn forbidden(engine: &Engine, operation: &Compiled) -> Box<Rejection> {
    let mut needed: Vec<&str> = operation.security.iter().flatten().flat_map(|(_, scopes)| scopes).map(String::as_str).collect();
    needed.dedup();
    let status = operation.refusal_status(&engine.api, &[StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED]);
    let help = format!("use a credential that is good for `{}`", needed.join("` and `"));
    let message = "the holder of these credentials may not do this";
    Rejection::new(Step::Authenticate, status, "insufficient-scope", message, help).at("header.Authorization")
}
