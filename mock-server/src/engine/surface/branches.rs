//! The ways in which an operation refuses, as far as its document lets them be listed: those whose status it declares.

use http::StatusCode;
use specs::{
    api::{Credentials, Location, MediaType, Operation, Parameter, SchemeKind},
    resources::Action,
    wire::{Bound, Field},
};

use crate::engine::compile::{Compiled, Engine};

/// The name of a branch: the rule, and the place, if that tells it from others.
pub(super) fn name(rule: &str, place: &str) -> String {
    if place.is_empty() { rule.to_owned() } else { format!("{rule} {place}") }
}

/// A branch at an element as the branch at any element: numbers in the pointer become `*`.
pub(super) fn in_any_element(branch: &str) -> String {
    let is_number = |token: &str| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    branch.split('/').map(|token| if is_number(token) { "*" } else { token }).collect::<Vec<_>>().join("/")
}

/// Whether bodies of this media type have properties.
pub(super) fn is_taken_apart(media: &MediaType) -> bool {
    media.is_json() || is_form(media)
}

fn is_form(media: &MediaType) -> bool {
    media.essence() == "application/x-www-form-urlencoded" || media.essence().starts_with("multipart/")
}

/// All branches of an operation; `parameters` and `body` are the fields of its parameters and its body.
pub(super) fn of(engine: &Engine, index: usize, parameters: &[Vec<Field>], body: &[Field]) -> Vec<String> {
    let (operation, compiled) = (&engine.api.operations[index], engine.operation(index));
    let branches = credentials(engine, operation, compiled).into_iter();
    let branches = branches.chain(of_parameters(operation, compiled, parameters)).chain(of_body(operation, compiled, body));
    let branches = branches.chain(of_state(engine, compiled));
    branches.filter(|(status, _)| operation.response(status.as_u16()).is_some()).map(|(_, name)| name).collect()
}

type Branch = (StatusCode, String);

fn credentials(engine: &Engine, operation: &Operation, compiled: &Compiled) -> Vec<Branch> {
    let schemes = || compiled.security.iter().flatten().filter_map(|(index, needed)| Some((engine.schemes.get(*index)?, needed)));
    let mut branches = Vec::new();
    let is_asked_for = |alternative: &Vec<(usize, Vec<String>)>| {
        alternative.iter().any(|(index, _)| engine.schemes.get(*index).is_some_and(|scheme| scheme.kind != SchemeKind::MutualTls))
    };
    if operation.security.is_empty() || !compiled.security.iter().all(is_asked_for) {
        return branches;
    }
    branches.push((StatusCode::UNAUTHORIZED, name("missing-credentials", "")));
    let lists = |known: fn(&Credentials) -> bool| schemes().any(|(scheme, _)| known(&scheme.credentials));
    let told = [
        ("unknown-credentials", lists(|known| known.only || !known.invalid.is_empty())),
        ("expired-credentials", lists(|known| !known.expired.is_empty())),
        ("revoked-credentials", lists(|known| !known.revoked.is_empty())),
    ];
    for (rule, _) in told.into_iter().filter(|(_, is_listed)| *is_listed) {
        branches.push((StatusCode::UNAUTHORIZED, name(rule, "")));
    }
    let lacks = |scopes: &Vec<String>, needed: &Vec<String>| needed.iter().any(|scope| !scopes.contains(scope));
    if schemes().any(|(scheme, needed)| {
        scheme.credentials.others.iter().any(|holder| holder.scopes.as_ref().is_some_and(|scopes| lacks(scopes, needed)))
    }) {
        let status = compiled.refusal_status(&engine.api, &[StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED]);
        branches.push((status, name("insufficient-scope", "")));
    }
    branches
}

fn of_parameters(operation: &Operation, compiled: &Compiled, fields: &[Vec<Field>]) -> Vec<Branch> {
    let mut branches = Vec::new();
    for (parameter, fields) in operation.parameters.iter().zip(fields) {
        let Parameter { name: written, location, required, .. } = parameter;
        let place = format!("{}.{written}", location.as_str());
        let status = if *location == Location::Path { compiled.invalid_path_status } else { compiled.invalid_status };
        if *required && *location != Location::Path {
            branches.push((status, name("missing-parameter", &place)));
        }
        if fields.iter().any(|field| field.path.is_empty() && field.bound == Bound::Bounded) {
            branches.push((status, name("invalid-parameter", &place)));
        }
    }
    branches
}

fn of_body(operation: &Operation, compiled: &Compiled, fields: &[Field]) -> Vec<Branch> {
    let Some(body) = &operation.body else { return Vec::new() };
    let is_json = body.content.iter().any(MediaType::is_json);
    let mut branches = vec![(StatusCode::UNSUPPORTED_MEDIA_TYPE, name("media-type", ""))];
    if body.required && is_json {
        branches.push((compiled.invalid_status, name("missing-body", "")));
    }
    if is_json {
        let declares_400 = operation.response(400).is_some();
        let status = if declares_400 { StatusCode::BAD_REQUEST } else { compiled.invalid_status };
        branches.push((status, name("malformed-body", "")));
    }
    for field in fields.iter().filter(|field| field.is_property() || field.path.is_empty() && is_json) {
        let place = field.pointer();
        if field.is_required {
            branches.push((compiled.invalid_status, name("missing-property", &place)));
        }
        if field.bound == Bound::Bounded || field.bound == Bound::Typed && is_json {
            branches.push((compiled.invalid_status, name("invalid-body", &place)));
        }
    }
    branches
}

/// What depends on what is there.
fn of_state(engine: &Engine, compiled: &Compiled) -> Vec<Branch> {
    let Some(role) = &compiled.role else { return Vec::new() };
    let status = |wanted: &[StatusCode]| compiled.refusal_status(&engine.api, wanted);
    let gone = status(&[StatusCode::NOT_FOUND, StatusCode::GONE, StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY]);
    let mut branches = Vec::new();
    let names_item = matches!(role.action, Action::Read | Action::Update | Action::Replace | Action::Delete);
    if let Some(place) = role.key.as_ref().filter(|_| names_item && !role.single && !role.makes) {
        branches.push((gone, name("unknown-item", &place.to_string())));
    }
    for (link, place) in &role.parents {
        if role.links.get(*link).is_some_and(|link| link.closed) {
            branches.push((gone, name("unknown-parent", &place.to_string())));
        }
    }
    if let Some(place) = role.key.as_ref().filter(|_| role.action == Action::Create && role.insists) {
        let taken = status(&[StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::BAD_REQUEST]);
        branches.push((taken, name("taken-id", &place.to_string())));
    }
    branches
}
