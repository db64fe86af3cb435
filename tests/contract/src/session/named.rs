//! What a request names, read off the request itself as it is about to be sent: what a case believes that it sends does
//! not count when it is about other people's rows.

use http::Method;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use specs::{
    api::{Operation, Part},
    resources::{Action, Place, Role},
};

use crate::{
    exchange::{Field, Request},
    wire,
};

/// The keys that a request names, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// Of the item; several where an array names several, none where none is named.
    pub(crate) item: Vec<String>,
    /// Of the parents, by property.
    pub(crate) parents: Vec<(String, Vec<String>)>,
}

/// What a request does to a resource, as far as the document tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing is changed.
    Looks,
    Creates,
    Updates,
    Deletes,
    /// Something may be changed, and nobody knows what.
    Unknown,
}

/// What a request of an operation does. A method that the operation does not have may do anything.
pub(crate) fn effect(operation: &Operation, method: &Method) -> Effect {
    let is_safe = method.is_safe();
    if *method != operation.method {
        return if is_safe { Effect::Looks } else { Effect::Unknown };
    }
    match operation.role.as_ref().map(|role| role.action) {
        Some(Action::Read | Action::List) => Effect::Looks,
        _ if is_safe => Effect::Looks,
        Some(Action::Create) => Effect::Creates,
        Some(Action::Update | Action::Replace) => Effect::Updates,
        Some(Action::Delete) => Effect::Deletes,
        None => Effect::Unknown,
    }
}

/// What a request of an operation with this role names.
pub(crate) fn named(operation: &Operation, role: &Role, request: &Request) -> Named {
    let body = body(request);
    let at = |place: &Place| texts(operation, request, body.as_ref(), place);
    Named {
        item: role.key.as_ref().map(at).unwrap_or_default(),
        parents: role.parents.iter().map(|(property, place)| (property.clone(), at(place))).collect(),
    }
}

fn texts(operation: &Operation, request: &Request, body: Option<&Value>, place: &Place) -> Vec<String> {
    let of = |fields: &[Field], is: &dyn Fn(&str) -> bool| -> Vec<String> {
        fields.iter().filter(|field| is(&field.name)).map(|field| decoded(&field.value)).collect()
    };
    match place {
        Place::Path(name) => variable(operation, &request.path, name).into_iter().collect(),
        Place::Query(name) => of(&request.query, &|known| decoded(known) == *name),
        Place::Header(name) => of(&request.headers, &|known| known.eq_ignore_ascii_case(name)),
        Place::Body(pointer) => match body.and_then(|body| body.pointer(pointer)) {
            Some(Value::Array(elements)) => elements.iter().map(wire::scalar).collect(),
            Some(Value::Null) | None => Vec::new(),
            Some(value) => vec![wire::scalar(value)],
        },
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The body as JSON, that of a form as an object of texts.
pub(crate) fn body(request: &Request) -> Option<Value> {
    let bytes = request.body.as_deref()?;
    let media = request.headers.iter().find(|field| field.name.eq_ignore_ascii_case("content-type"))?;
    if media.value.starts_with("application/x-www-form-urlencoded") {
        let pairs = std::str::from_utf8(bytes).ok()?.split('&').filter_map(|pair| pair.split_once('='));
        return Some(pairs.map(|(name, value)| (decoded(name), Value::from(decoded(&value.replace('+', " "))))).collect());
    }
    serde_json::from_slice(bytes).ok()
}

/// The text of a variable in a path of this operation.
pub(crate) fn variable(operation: &Operation, path: &str, name: &str) -> Option<String> {
    let path = path.split('?').next().unwrap_or_default();
    let mut texts = path.strip_prefix('/')?.split('/');
    for segment in &operation.segments {
        let mut rest = texts.next()?;
        let mut parts = segment.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match part {
                Part::Literal(literal) => rest = rest.strip_prefix(literal.as_str())?,
                Part::Variable(variable) => {
                    let end = match parts.peek() {
                        Some(Part::Literal(literal)) => rest.find(literal.as_str())?,
                        _ => rest.len(),
                    };
                    if variable == name {
                        return Some(decoded(&rest[..end]));
                    }
                    rest = &rest[end..];
                }
            }
        }
    }
    None
}
