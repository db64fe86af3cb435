//! One change that makes a valid request wrong, or another one.

use http::Method;
use serde_json::Value;
use specs::{
    api::{Location, Operation, SchemeKind},
    resources::Place,
};

use crate::{
    case::Edit,
    credentials,
    draft::{self, Draft},
    exchange::{Request, Visibility},
    suite::Suite,
    target::Place as Server,
    unlike,
    world::{Step, Stop, World, skip},
};

/// What stands where a text of JSON is to be put, which no sample is.
const STAND_IN: &str = "contract-stand-in";

/// What a request proves itself with.
#[derive(Clone, Debug, Default)]
pub(crate) enum Proof {
    /// The first alternative that the operation declares and for which all is given.
    #[default]
    First,
    Nothing,
    Alternative(usize),
    /// A credential of a scheme.
    Credential(String, String),
    /// The text in the place of a credential, as it is.
    Raw(String, String),
}

/// The request with the change made.
pub(crate) fn apply(world: &World<'_>, operation: &Operation, draft: &Draft, edit: &Edit) -> Step<Request> {
    let mut draft = draft.clone();
    match edit {
        Edit::Body(pointer, value) => {
            draft.about.push(pointer.clone());
            body(draft.body.as_mut(), pointer, value.as_ref());
        }
        Edit::Parameter(location, name, value) => parameter(&mut draft, *location, name, value.as_ref()),
        Edit::Credential(scheme, value) => draft.proof = Proof::Credential(scheme.clone(), value.clone()),
        Edit::WrongCredential(scheme) => draft.proof = Proof::Credential(scheme.clone(), wrong(world, scheme)?),
        Edit::RawCredential(scheme, text) => draft.proof = Proof::Raw(scheme.clone(), text.clone()),
        Edit::NoCredentials | Edit::Authorization(_) => draft.proof = Proof::Nothing,
        Edit::Alternative(position) => {
            let lacking = world.target.credentials.lacking(operation, *position, world.target.place);
            // A rehearsal has no credentials, and sends nothing.
            if let Some(scheme) = lacking.filter(|_| world.target.rehearsal.is_none()) {
                return skip(format!("no credential is given for `{scheme}`"));
            }
            draft.proof = Proof::Alternative(*position);
        }
        Edit::UnknownItem => unknown(world.suite, operation, &mut draft, None)?,
        Edit::UnknownParent(property) => unknown(world.suite, operation, &mut draft, Some(property))?,
        Edit::Written(pointer, _) | Edit::Grown(pointer, _) => {
            draft.about.push(pointer.clone());
            body(draft.body.as_mut(), pointer, Some(&STAND_IN.into()));
        }
        Edit::Whole(value) => whole(operation, &mut draft, value),
        // These are changes of the request as it is written.
        Edit::Nothing
        | Edit::Bytes(_)
        | Edit::Nested(_)
        | Edit::NoBody
        | Edit::ContentType(_)
        | Edit::NoContentType
        | Edit::Segment(..) => {}
    }
    draft.write(world, operation)?;
    Ok(rewritten(draft.request, edit))
}

/// The request with what cannot be said of its values.
fn rewritten(mut request: Request, edit: &Edit) -> Request {
    match edit {
        Edit::Written(_, text) => request.body = request.body.map(|body| written(&body, text)),
        Edit::Grown(_, size) => request.body = request.body.map(|body| written(&body, &format!("\"{}\"", "x".repeat(*size)))),
        Edit::Nested(depth) => request.body = Some(format!("{}{}", "[".repeat(*depth), "]".repeat(*depth)).into_bytes()),
        Edit::Bytes(bytes) => request.body = Some(bytes.clone()),
        Edit::NoBody => {
            request.body = None;
            request.remove_header("Content-Type");
        }
        Edit::NoContentType => request.remove_header("Content-Type"),
        Edit::Segment(position, text) => {
            let mut segments: Vec<&str> =
                request.path.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/').split('/').collect();
            segments.truncate(*position);
            segments.push(text);
            request.path = format!("/{}", segments.join("/"));
            (request.method, request.body) = (Method::GET, None);
            request.query.retain(|field| field.visibility == Visibility::Redacted);
            request.remove_header("Content-Type");
        }
        Edit::Authorization(text) => request.set_header("Authorization", text.as_str(), Visibility::Redacted),
        Edit::ContentType(name) => request.set_header("Content-Type", name.as_str(), Visibility::Shown),
        _ => {}
    }
    request
}

/// The bytes with this text of JSON where the stand-in is.
fn written(body: &[u8], text: &str) -> Vec<u8> {
    String::from_utf8_lossy(body).replacen(&format!("\"{STAND_IN}\""), text, 1).into_bytes()
}

/// Adds to a request what it proves itself with.
pub(crate) fn prove(world: &World<'_>, operation: &Operation, proof: &Proof, request: &mut Request) {
    let kind = |name: &str| world.suite.api.schemes.get(name).map(|scheme| &scheme.kind);
    match proof {
        Proof::First => {
            let credentials = &world.target.credentials;
            credentials.apply(&world.suite.api, operation, credentials.alternative(operation), request);
        }
        Proof::Alternative(position) => world.target.credentials.apply(&world.suite.api, operation, *position, request),
        Proof::Nothing => {}
        Proof::Credential(scheme, value) => with(kind(scheme), |kind| credentials::present(request, kind, value)),
        Proof::Raw(scheme, text) => with(kind(scheme), |kind| credentials::present_raw(request, kind, text)),
    }
}

fn with(kind: Option<&SchemeKind>, present: impl FnOnce(&SchemeKind)) {
    if let Some(kind) = kind {
        present(kind);
    }
}

fn body(body: Option<&mut Value>, pointer: &str, value: Option<&Value>) {
    let Some(body) = body else { return };
    match (value, specs::pointer::split_last(pointer)) {
        (Some(value), _) => {
            if let Some(place) = specs::pointer::create(body, pointer) {
                *place = value.clone();
            }
        }
        (None, Some((parent, name))) => {
            if let Some(members) = body.pointer_mut(parent).and_then(Value::as_object_mut) {
                members.shift_remove(&name);
            }
        }
        (None, None) => {}
    }
}

/// Puts another body in the place of a draft's, and into it what the draft names there.
fn whole(operation: &Operation, draft: &mut Draft, value: &Value) {
    let mut body = Some(value.clone());
    let places = operation.role.iter().flat_map(|role| role.parents.iter().map(|(_, place)| place).chain(&role.key));
    for place in places.filter(|place| matches!(place, Place::Body(_))) {
        if let Some(key) = draft::get(place, &draft.values, draft.body.as_ref()) {
            draft::put(place, &key, &mut draft.values, body.as_mut());
        }
    }
    draft.body = body;
}

fn parameter(draft: &mut Draft, location: Location, name: &str, value: Option<&Value>) {
    draft.values.retain(|(known, parameter, _)| *known != location || parameter != name);
    if let Some(value) = value {
        draft.values.push((location, name.to_owned(), value.clone()));
    }
}

/// Puts a key that nothing has in the place of the item's, or of a parent's.
fn unknown(suite: &Suite, operation: &Operation, draft: &mut Draft, property: Option<&str>) -> Step<()> {
    let role = operation.role.as_ref();
    let place: Option<&Place> = match property {
        None => role.and_then(|role| role.key.as_ref()),
        Some(property) => role.and_then(|role| role.parents.iter().find(|(known, _)| known == property)).map(|(_, place)| place),
    };
    let place = place.ok_or_else(|| Stop::Blocked(format!("`{}` names no such thing", operation.id)))?;
    let known = draft::get(place, &draft.values, draft.body.as_ref());
    let known = known.ok_or_else(|| Stop::Blocked(format!("no key is known that `{}` could vary", operation.id)))?;
    let schema = draft::parameter_at(place).and_then(|(location, name)| {
        operation.parameters.iter().find(|parameter| parameter.location == location && parameter.name == name)?.schema.as_ref()
    });
    let key = unlike::unlike(suite, schema, &known);
    draft::put(place, &key, &mut draft.values, draft.body.as_mut());
    Ok(())
}

/// A credential that is like the given one. Where none is given, any may be as good as another.
fn wrong(world: &World<'_>, scheme: &str) -> Step<String> {
    if world.target.place == Server::Mock || !world.target.credentials.is_given(scheme) {
        return skip(format!("no credential of `{scheme}` is given that could be told from a wrong one"));
    }
    // All of it is another: a part of a secret would be one too.
    Ok(world.target.credentials.of(scheme).chars().map(unlike::turn).collect())
}
