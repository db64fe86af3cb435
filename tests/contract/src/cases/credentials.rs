//! Requests that prove themselves wrongly, and in each of the right ways.

use specs::api::{Location, Scheme, SchemeKind};

use super::Sheet;
use crate::{
    case::{BodyOf, Edit, Kind, Refusal, Wanted},
    rule::{self, Rule},
};

/// What is refused.
const REFUSED: [Rule; 6] = [
    rule::CREDENTIALS_MISSING,
    rule::CREDENTIALS_SCHEME,
    rule::CREDENTIALS_MALFORMED,
    rule::CREDENTIALS_INVALID,
    rule::CREDENTIALS_EXPIRED,
    rule::CREDENTIALS_SCOPE,
];

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    let security = &sheet.operation.security;
    if security.is_empty() {
        sheet.none_of(&REFUSED, "no credentials are needed");
        sheet.none(rule::CREDENTIALS_ACCEPTED, "", "no credentials are needed");
        return;
    }
    accepted(sheet);
    if security.iter().any(|alternative| alternative.schemes.is_empty()) {
        return sheet.none_of(&REFUSED, "credentials are optional");
    }
    let api = &sheet.suite.api;
    let names = security.iter().flat_map(|alternative| &alternative.schemes).map(|(name, _)| name);
    let schemes: Vec<&Scheme> = names.filter_map(|name| api.schemes.get(name)).collect();
    if schemes.iter().any(|scheme| scheme.kind == SchemeKind::MutualTls) {
        return sheet.none_of(&REFUSED, "a client certificate is no part of a request");
    }
    refused(sheet, rule::CREDENTIALS_MISSING, "rejects_missing_credentials", vec![Edit::NoCredentials], Refusal::Credentials);
    match other_scheme(&schemes) {
        Some(edit) => refused(sheet, rule::CREDENTIALS_SCHEME, "rejects_credentials_of_another_scheme", vec![edit], Refusal::Credentials),
        None => sheet.none(rule::CREDENTIALS_SCHEME, "", "any text in `Authorization` is a key"),
    }
    let malformed = schemes.iter().flat_map(|scheme| malformed(scheme)).collect();
    refused(sheet, rule::CREDENTIALS_MALFORMED, "rejects_malformed_credentials", malformed, Refusal::Malformed);
    let listed = |of: fn(&Scheme) -> &[String]| -> Vec<Edit> {
        let of = |scheme: &&Scheme| of(scheme).iter().map(|value| Edit::Credential(scheme.name.clone(), value.clone())).collect::<Vec<_>>();
        schemes.iter().flat_map(of).collect()
    };
    let rows = [
        (rule::CREDENTIALS_INVALID, "rejects_invalid_credentials", listed(|scheme| &scheme.credentials.invalid), Refusal::Invalid),
        (rule::CREDENTIALS_EXPIRED, "rejects_expired_credentials", listed(|scheme| &scheme.credentials.expired), Refusal::Invalid),
        (rule::CREDENTIALS_SCOPE, "rejects_credentials_out_of_scope", out_of_scope(sheet), Refusal::Scope),
    ];
    for (rule, name, edits, refusal) in rows {
        match (edits.is_empty(), rule) {
            (false, _) => refused(sheet, rule, name, edits, refusal),
            // The document says nothing, so it is asked of servers of which a good one is given.
            (true, rule::CREDENTIALS_INVALID) => {
                let like = schemes.iter().map(|scheme| Edit::WrongCredential(scheme.name.clone())).collect();
                refused(sheet, rule, "rejects_wrong_credentials", like, refusal);
            }
            (true, rule::CREDENTIALS_EXPIRED) => sheet.none(rule, "", "the document lists no expired credentials"),
            (true, _) => sheet.none(rule, "", "the document lists no credentials that are good for something else"),
        }
    }
}

/// The credentials that work elsewhere, and lack a scope that every alternative asks for here.
fn out_of_scope(sheet: &Sheet<'_>) -> Vec<Edit> {
    let operation = sheet.operation;
    let mut found = Vec::new();
    for scheme in sheet.suite.api.schemes.values() {
        let alternatives: Vec<&Vec<String>> = operation
            .security
            .iter()
            .flat_map(|alternative| alternative.schemes.iter().filter(|(name, _)| *name == scheme.name).map(|(_, scopes)| scopes))
            .collect();
        for other in &scheme.credentials.others {
            let Some(own) = &other.scopes else { continue };
            let lacks = |needed: &&Vec<String>| needed.iter().chain(&operation.scopes).any(|scope| !own.contains(scope));
            if !alternatives.is_empty() && alternatives.iter().all(lacks) {
                found.push(Edit::Credential(scheme.name.clone(), other.credential.clone()));
            }
        }
    }
    found
}

fn refused(sheet: &mut Sheet<'_>, rule: Rule, name: &str, edits: Vec<Edit>, refusal: Refusal) {
    let sentence = format!("`{}`: {}", sheet.operation.id, rule.promise);
    sheet.case(rule, "", name, sentence, Kind::Refuse(Wanted { body: BodyOf::Full, ..Wanted::default() }, edits, refusal));
}

fn accepted(sheet: &mut Sheet<'_>) {
    for (position, alternative) in sheet.operation.security.iter().enumerate() {
        let names: Vec<&str> = alternative.schemes.iter().map(|(name, _)| name.as_str()).collect();
        let (place, name) = (names.join("+"), if names.is_empty() { "no".to_owned() } else { names.join("_and_") });
        let kinds: Vec<Option<&SchemeKind>> =
            names.iter().map(|name| sheet.suite.api.schemes.get(*name).map(|scheme| &scheme.kind)).collect();
        if kinds.iter().any(|kind| kind.is_none_or(|kind| *kind == SchemeKind::MutualTls)) {
            sheet.none(rule::CREDENTIALS_ACCEPTED, &place, "a client certificate is no part of a request");
            continue;
        }
        let sentence = format!("`{}` accepts the credentials of `{place}`", sheet.operation.id);
        let kind = Kind::Accept(Wanted::default(), vec![Edit::Alternative(position)]);
        sheet.case(rule::CREDENTIALS_ACCEPTED, &place, &format!("accepts_{name}_credentials"), sentence, kind);
    }
}

/// An `Authorization` of a scheme that the operation does not have; `None` when any text there is a key.
fn other_scheme(schemes: &[&Scheme]) -> Option<Edit> {
    let is_key = |scheme: &&&Scheme| matches!(&scheme.kind, SchemeKind::ApiKey { location: Location::Header, name } if name.eq_ignore_ascii_case("authorization"));
    if schemes.iter().any(|scheme| is_key(&scheme)) {
        return None;
    }
    let has = |name: &str| schemes.iter().any(|scheme| scheme_name(&scheme.kind).is_some_and(|own| own.eq_ignore_ascii_case(name)));
    let other = ["Bearer", "Basic", "Digest", "Negotiate"].into_iter().find(|name| !has(name))?;
    Some(Edit::Authorization(format!("{other} Y29udHJhY3Q6Y29udHJhY3Q=")))
}

fn scheme_name(kind: &SchemeKind) -> Option<&str> {
    match kind {
        SchemeKind::Basic => Some("Basic"),
        SchemeKind::Bearer { .. } => Some("Bearer"),
        SchemeKind::Http(name) => Some(name),
        SchemeKind::ApiKey { .. } | SchemeKind::MutualTls => None,
    }
}

/// Texts that stand where the credential is due and are none.
fn malformed(scheme: &Scheme) -> Vec<Edit> {
    let texts: Vec<String> = match &scheme.kind {
        SchemeKind::Basic => vec!["Basic".to_owned(), "Basic %%%".to_owned()],
        SchemeKind::ApiKey { .. } => vec![String::new()],
        other => vec![scheme_name(other).unwrap_or_default().to_owned()],
    };
    texts.into_iter().map(|text| Edit::RawCredential(scheme.name.clone(), text)).collect()
}
