//! Who may call: alternatives of credentials, by how they are sent and not by what the document calls them.

use std::collections::BTreeSet;

use super::{Comparison, ledger::Spot, operations::Pair, rules, words};
use crate::{
    api::{Api, Operation, SchemeKind},
    pointer,
};

/// One way to be known: how each credential is sent, with the scopes that it needs.
type Way = (BTreeSet<String>, BTreeSet<String>);

/// The credentials of an operation.
pub(super) fn compare(comparison: &mut Comparison, pair: Pair) {
    let (old, new) = (ways(comparison.old, pair.old), ways(comparison.new, pair.new));
    let places = [place(comparison.old, pair.old), place(comparison.new, pair.new)];
    let spots = |words: [Option<String>; 2]| {
        let ([before, after], [old, new]) = (words, places.clone());
        [Spot { pointer: old, words: before }, Spot { pointer: new, words: after }]
    };
    let mut tell = |rule, words| comparison.tell(rule, None, pair.number, "security", spots(words));
    match (is_open(&old), is_open(&new)) {
        (true, true) => {}
        (true, false) => tell(&rules::CREDENTIALS_DEMANDED, [None, Some(every(&new))]),
        (false, true) => tell(&rules::CREDENTIALS_DROPPED, [Some(every(&old)), None]),
        (false, false) => {
            let same = |one: &Way, other: &Way| one.0 == other.0;
            let mut eased: Vec<&Way> = Vec::new();
            for way in old.iter().filter(|way| !new.iter().any(|other| same(way, other))) {
                let Some(enough) = easiest(way, &new) else {
                    tell(&rules::CREDENTIALS_REMOVED, [Some(one(way)), None]);
                    continue;
                };
                tell(&rules::CREDENTIALS_EASED, [Some(one(way)), Some(one(enough))]);
                for scope in enough.1.difference(&way.1) {
                    tell(&rules::SCOPE_ADDED, [None, Some(words::code(scope))]);
                }
                eased.push(enough);
            }
            let is_new = |way: &Way| !old.iter().any(|other| same(way, other)) && !eased.contains(&way);
            for way in new.iter().filter(|way| is_new(way)) {
                tell(&rules::CREDENTIALS_ADDED, [None, Some(one(way))]);
            }
            for (before, after) in old.iter().filter(|way| !new.contains(way)).filter_map(|way| Some((way, partner(way, &old, &new)?))) {
                for scope in after.1.difference(&before.1) {
                    tell(&rules::SCOPE_ADDED, [None, Some(words::code(scope))]);
                }
                for scope in before.1.difference(&after.1) {
                    tell(&rules::SCOPE_REMOVED, [Some(words::code(scope)), None]);
                }
            }
        }
    }
}

/// The new way that is sent like the old one and differs in scopes alone.
fn partner<'w>(way: &Way, old: &[Way], new: &'w [Way]) -> Option<&'w Way> {
    new.iter().find(|other| other.0 == way.0 && !old.contains(other))
}

/// The new way that takes a part of what the old one does, and the fewest scopes that the old one lacks.
fn easiest<'w>(way: &Way, new: &'w [Way]) -> Option<&'w Way> {
    new.iter().filter(|other| other.0.is_subset(&way.0)).min_by_key(|other| other.1.difference(&way.1).count())
}

fn is_open(ways: &[Way]) -> bool {
    ways.is_empty() || ways.iter().any(|way| way.0.is_empty())
}

fn ways(api: &Api, operation: &Operation) -> Vec<Way> {
    let way = |alternative: &crate::api::Security| {
        let sent = alternative.schemes.iter().filter_map(|(name, _)| api.schemes.get(name)).map(|scheme| sent_as(&scheme.kind));
        let scopes = alternative.schemes.iter().flat_map(|(_, scopes)| scopes).chain(&operation.scopes).cloned();
        (sent.collect(), scopes.collect())
    };
    operation.security.iter().map(way).collect()
}

/// Names of headers and of HTTP schemes have no case.
fn sent_as(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::ApiKey { location: crate::api::Location::Header, name } => format!("header {}", name.to_ascii_lowercase()),
        SchemeKind::ApiKey { location, name } => format!("{} {name}", location.as_str()),
        SchemeKind::Basic => "Authorization: Basic".to_owned(),
        SchemeKind::Bearer { .. } => "Authorization: Bearer".to_owned(),
        SchemeKind::Http(name) => format!("Authorization: {}", name.to_ascii_lowercase()),
        SchemeKind::MutualTls => "client certificate".to_owned(),
    }
}

fn one(way: &Way) -> String {
    let sent = way.0.iter().map(String::as_str).collect::<Vec<_>>().join(" and ");
    words::code(&sent)
}

fn every(ways: &[Way]) -> String {
    ways.iter().map(one).collect::<Vec<_>>().join(" or ")
}

/// Where the operation says it, or the document for all of them.
fn place(api: &Api, operation: &Operation) -> String {
    let own = pointer::join(&operation.pointer, "security");
    if pointer::get(api.schemas.root(), &own).is_some() { own } else { "/security".to_owned() }
}
