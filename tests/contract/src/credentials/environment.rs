//! Credentials from the environment, never from arguments, which others on the machine can read.
//!
//! `CONTRACT_<SCHEME NAME>` is the credential of one scheme, `CONTRACT_BEARER`, `CONTRACT_BASIC` and `CONTRACT_APIKEY`
//! that of all of a kind that have none of their own. A value that no request could carry is told here, by the name of
//! its variable and never with its text: sent, it would look as if the server refused it.

use std::fmt;

use specs::api::{Api, Location, Scheme, SchemeKind};

use super::{Credential, Credentials, Origin};

/// A variable that cannot be used, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// The variable.
    pub variable: String,
    /// Why; what comes after its name.
    pub why: String,
    /// What mends it.
    pub help: String,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: `{}` {}\nhelp: {}", self.variable, self.why, self.help)
    }
}

impl std::error::Error for Unusable {}

impl Credentials {
    /// Those that the environment gives, by scheme name (`CONTRACT_<NAME>`) or kind (`CONTRACT_BEARER`,
    /// `CONTRACT_BASIC`, `CONTRACT_APIKEY`); the others from the document.
    ///
    /// # Errors
    /// Every variable that is there and cannot be used.
    pub fn of_environment(api: &Api, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Unusable>> {
        let mut all = Self::of_document(api);
        let mut given: Vec<(&Scheme, String)> = Vec::new();
        let mut unusable: Vec<Unusable> = Vec::new();
        for scheme in api.schemes.values() {
            let found = variables(scheme).into_iter().find_map(|name| Some((variable(&name)?, name)));
            let Some((value, name)) = found else { continue };
            if let Some(why) = wrong(&name, &value, scheme)
                && !unusable.contains(&why)
            {
                unusable.push(why);
            }
            given.push((scheme, name));
            all.0.insert(scheme.name.clone(), Credential { value, origin: Origin::Given, kind: scheme.kind.clone() });
        }
        unusable.extend(collisions(api, &given));
        if unusable.is_empty() { Ok(all) } else { Err(unusable) }
    }
}

/// The variables that a scheme's credential may be in: its own, then that of its kind.
pub(crate) fn variables(scheme: &Scheme) -> Vec<String> {
    if scheme.kind == SchemeKind::MutualTls {
        return Vec::new();
    }
    let (own, kind) = (own(scheme), kind(&scheme.kind).to_owned());
    if own == kind { vec![own] } else { vec![own, kind] }
}

fn own(scheme: &Scheme) -> String {
    let plain = |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' };
    format!("CONTRACT_{}", scheme.name.chars().map(plain).collect::<String>())
}

fn kind(kind: &SchemeKind) -> &'static str {
    match kind {
        SchemeKind::ApiKey { .. } => "CONTRACT_APIKEY",
        SchemeKind::Basic => "CONTRACT_BASIC",
        SchemeKind::Bearer { .. } | SchemeKind::Http(_) | SchemeKind::MutualTls => "CONTRACT_BEARER",
    }
}

/// Pairs of schemes that one variable would be the credential of, though it cannot be meant for both.
fn collisions(api: &Api, given: &[(&Scheme, String)]) -> Vec<Unusable> {
    let mut found = Vec::new();
    for (position, (one, variable)) in given.iter().enumerate() {
        for (other, _) in given[position + 1..].iter().filter(|(_, same)| same == variable) {
            let why = format!("would be the credential of both `{}` and `{}`", one.name, other.name);
            let unusable = |help: String| Unusable { variable: variable.clone(), why, help };
            if own(one) == own(other) {
                found.push(unusable("give the schemes names in the document that differ by more than their punctuation".to_owned()));
            } else if kind(&one.kind) != kind(&other.kind) || are_sent_together(api, one, other) {
                let free: Vec<String> = [one, other].into_iter().map(|scheme| own(scheme)).filter(|own| own != variable).collect();
                let free = free.iter().map(|own| format!("`{own}`")).collect::<Vec<_>>().join(" and ");
                found.push(unusable(format!("set {free} too, for that scheme alone")));
            }
        }
    }
    found
}

fn are_sent_together(api: &Api, one: &Scheme, other: &Scheme) -> bool {
    let mut alternatives = api.operations.iter().flat_map(|operation| &operation.security);
    alternatives.any(|alternative| {
        let has = |scheme: &Scheme| alternative.schemes.iter().any(|(name, _)| *name == scheme.name);
        has(one) && has(other)
    })
}

/// Why a value cannot be the credential of a scheme.
fn wrong(variable: &str, value: &str, scheme: &Scheme) -> Option<Unusable> {
    let unusable = |why: &str, help: String| Some(Unusable { variable: variable.to_owned(), why: why.to_owned(), help });
    if value.is_empty() {
        return unusable("is empty", format!("give it the credential of `{}`, or unset it", scheme.name));
    }
    if value.contains(['\n', '\r']) {
        return unusable("has an end of line in it", "leave it out: `$(cat FILE)` does".to_owned());
    }
    if value.chars().any(char::is_control) {
        return unusable("has a control character in it", "copy it again, as text".to_owned());
    }
    if value.trim() != value {
        return unusable("begins or ends with a space", "leave the space out".to_owned());
    }
    let begins = |word: &str| value.get(..=word.len()).is_some_and(|start| start.eq_ignore_ascii_case(&format!("{word} ")));
    let word = match &scheme.kind {
        SchemeKind::Bearer { .. } => "Bearer",
        SchemeKind::Http(word) => word,
        SchemeKind::Basic if begins("Basic") => {
            return unusable("begins with `Basic`", "write `user:password` as they are: they are encoded when they are sent".to_owned());
        }
        SchemeKind::Basic if !value.contains(':') => {
            return unusable("has no colon in it", "write `user:password`, or `key:` where there is no password".to_owned());
        }
        // Whatever it is, it is encoded.
        SchemeKind::Basic | SchemeKind::ApiKey { location: Location::Query | Location::Path, .. } | SchemeKind::MutualTls => return None,
        SchemeKind::ApiKey { .. } => "",
    };
    if !word.is_empty() && begins(word) {
        return unusable(&format!("begins with `{word}`"), "leave the word out: it is put before when it is sent".to_owned());
    }
    let in_cookie = matches!(&scheme.kind, SchemeKind::ApiKey { location: Location::Cookie, .. });
    if !value.is_ascii() || in_cookie && value.contains([' ', '"', ',', ';', '\\']) {
        let place = if in_cookie { "cookie" } else { "header" };
        return unusable(&format!("has a character in it that no {place} may have"), "copy it again, as the vendor shows it".to_owned());
    }
    None
}
