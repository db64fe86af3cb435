//! Whether a request proves itself as its operation wants, as far as the form of what it shows tells.

use specs::{
    Api,
    api::{Location, Operation, SchemeKind},
    wire::{Shown, carrier, credentials},
};

use super::{asked::Asked, rules};
use crate::{case::Failure, rule::Rule};

/// What is shown for a scheme, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Absent,
    OtherScheme,
    Malformed,
    Fine,
}

/// What a request lacks to prove itself in any of the ways that its operation takes.
pub(super) fn missing(api: &Api, operation: &Operation, asked: &Asked) -> Option<(Rule, Failure)> {
    // A scheme that the document does not declare cannot be met or missed.
    let kinds = |alternative: &'_ specs::api::Security| -> Vec<SchemeKind> {
        alternative.schemes.iter().filter_map(|(name, _)| Some(api.schemes.get(name)?.kind.clone())).collect()
    };
    let alternatives: Vec<Vec<SchemeKind>> = operation.security.iter().map(kinds).collect();
    let worst = |kinds: &Vec<SchemeKind>| kinds.iter().map(|kind| form(kind, asked)).min().unwrap_or(Form::Fine);
    let best = alternatives.iter().map(worst).max()?;
    let (rule, got) = match best {
        Form::Fine => return None,
        Form::Absent => (rules::MISSING_CREDENTIALS, "none"),
        Form::OtherScheme => (rules::MISSING_CREDENTIALS, "credentials of another scheme"),
        Form::Malformed => (rules::MALFORMED_CREDENTIALS, "credentials of another form"),
    };
    let way = |kinds: &Vec<SchemeKind>| kinds.iter().map(carrier).collect::<Vec<_>>().join(" and ");
    let mut ways: Vec<String> = alternatives.iter().map(way).collect();
    ways.dedup();
    let place = match alternatives.first().and_then(|kinds| kinds.first()) {
        Some(SchemeKind::ApiKey { location, name }) => format!("{}.{name}", location.as_str()),
        _ => "header.Authorization".to_owned(),
    };
    let due = ways.join(", or ");
    Some((rule, Failure::at(place, &due, got, format!("the request has {got}, where {due} is due"))))
}

fn form(kind: &SchemeKind, asked: &Asked) -> Form {
    // Whoever sends a certificate shows it to the server alone.
    if *kind == SchemeKind::MutualTls {
        return Form::Fine;
    }
    let mut best = Form::Absent;
    credentials(kind, &asked.headers, asked.uri.query(), |shown| {
        best = best.max(match shown {
            Shown::OtherScheme => Form::OtherScheme,
            Shown::Malformed => Form::Malformed,
            Shown::Given(_) => Form::Fine,
        });
    });
    best
}

/// Whether a scheme of the document has its credential there.
pub(super) fn is_secret(api: &Api, place: Location, known: &str) -> bool {
    api.schemes.values().any(|scheme| match &scheme.kind {
        SchemeKind::ApiKey { location, name } if place == Location::Header => *location == place && name.eq_ignore_ascii_case(known),
        SchemeKind::ApiKey { location, name } => *location == place && name == known,
        _ => false,
    })
}
