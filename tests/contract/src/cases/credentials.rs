//! Requests that prove themselves wrongly, and in each of the right ways.

use specs::api::{Location, Scheme, SchemeKind};

use super::Sheet;
use crate::{
    case::{BodyOf, Edit, Kind, Refusal, Wanted},
    rule::{self, Rule},
};

/// What is refused.
const REFUSED: [Rule; 4] = [rule::CREDENTIALS_MISSING, rule::CREDENTIALS_SCHEME, rule::CREDENTIALS_MALFORMED, rule::CREDENTIALS_INVALID];

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
    refused(sheet, rule::CREDENTIALS_MALFORMED, "rejects_malformed_credentials", malformed, Refusal::Credentials);
    let listed = |scheme: &&Scheme| -> Vec<Edit> {
        scheme.credentials.invalid.iter().map(|value| Edit::Credential(scheme.name.clone(), value.clone())).collect()
    };
    let invalid: Vec<Edit> = schemes.iter().flat_map(listed).collect();
    if invalid.is_empty() {
        sheet.none(rule::CREDENTIALS_INVALID, "", "the document lists no invalid credentials");
    } else {
        refused(sheet, rule::CREDENTIALS_INVALID, "rejects_invalid_credentials", invalid, Refusal::Invalid);
    }
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
