//! Whether a resource can hold anything at all.
//!
//! Where nothing makes rows, or nobody can learn what they are called, state would only ever say that there is
//! nothing. Such operations answer by example instead, as do all whose role is unknown; their roles sleep until somebody brings
//! rows.

use super::{Action, Resource, Role, envelope, request};
use crate::api::{Operation, Schemas};

/// Whether rows are made by an operation, and can be named where an operation needs their key.
pub(super) fn is_alive<'o, I: Iterator<Item = (&'o Operation, &'o Role)>>(
    schemas: &Schemas,
    resource: &Resource,
    own: impl Fn() -> I,
) -> bool {
    let is_shown = own().any(|(_, role)| matches!(role.action, Action::Read | Action::List));
    let creates = || own().filter(|(_, role)| role.action == Action::Create || role.makes && is_shown);
    let needs_key = own().any(|(_, role)| !matches!(role.action, Action::Create | Action::List));
    if !needs_key {
        return creates().next().is_some();
    }
    let shows_key = resource.schema.as_ref().is_some_and(|schema| request::at(schemas, schema, &format!("/{}", resource.key)).is_some());
    let is_listed = own().any(|(_, role)| role.action == Action::List);
    let is_named = |operation: &Operation, role: &Role| {
        let sent =
            envelope::request_schema(operation).is_some_and(|body| request::at(schemas, body, &format!("/{}", resource.key)).is_some());
        sent || (shows_key && (is_listed || role.item.is_some()))
    };
    creates().any(|(operation, role)| role.makes || role.batch.is_some() && shows_key || is_named(operation, role))
}
