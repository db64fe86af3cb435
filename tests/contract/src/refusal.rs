//! Which statuses refuse what, for an operation as it is declared.

use specs::api::{Operation, Status};

use crate::case::{Failure, Refusal};

/// Whether this status is a refusal of that kind; else what was due.
pub(crate) fn check(operation: &Operation, refusal: Refusal, status: u16) -> Result<(), Failure> {
    let due = due(operation, refusal);
    if due.contains(&status) {
        return Ok(());
    }
    let names = due.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
    Err(Failure::at("status", &names, status.to_string(), format!("answered {status}, where {names} is due")))
}

pub(crate) fn due(operation: &Operation, refusal: Refusal) -> Vec<u16> {
    match refusal {
        Refusal::Credentials => first(operation, &[&[401], &[403], &[401, 403]]),
        Refusal::Invalid => vec![401, 403],
        Refusal::Request => first(operation, &[&[400, 422, 413], ANY]),
        Refusal::NoBody => [first(operation, &[&[400, 422], ANY]), vec![411, 415]].concat(),
        Refusal::Path => [first(operation, &[&[400, 422], ANY]), vec![404]].concat(),
        Refusal::MediaType => first(operation, &[&[415], &[415, 400, 422]]),
        Refusal::Missing => first(operation, &[&[404, 410], &[404, 410, 400, 403, 422]]),
        Refusal::MissingParent => vec![404, 410, 400, 422, 403, 409],
    }
}

/// Any refusal of a request that is wrong in itself.
const ANY: &[u16] = &[400, 402, 406, 409, 410, 412, 413, 414, 416, 417, 418, 421, 422, 424, 425, 426, 428, 431, 451];

/// The first group of which the document declares one; the last one else.
fn first(operation: &Operation, groups: &[&[u16]]) -> Vec<u16> {
    let exactly = |status: &u16| operation.responses.iter().any(|response| response.status == Status::Exactly(*status));
    let open = operation.responses.iter().any(|response| matches!(response.status, Status::Range(4) | Status::Default));
    let chosen = groups.iter().find(|group| group.iter().any(exactly));
    let open = if open { groups.first() } else { None };
    chosen.or(open).or(groups.last()).map(|group| group.to_vec()).unwrap_or_default()
}

/// Whether the document declares a status for this refusal; else nobody can say which one it has.
pub(crate) fn is_declared(operation: &Operation, refusal: Refusal) -> bool {
    let exactly: &[u16] = match refusal {
        Refusal::Credentials | Refusal::Invalid => &[401, 403],
        Refusal::Request | Refusal::NoBody => &[400, 422],
        Refusal::Path => &[400, 422, 404],
        Refusal::MediaType => &[415, 400, 422],
        Refusal::Missing => &[404, 410],
        Refusal::MissingParent => &[404, 410, 400, 422, 409],
    };
    exactly.iter().any(|status| operation.response(*status).is_some())
}

/// Whether the document says what happens when an item is missing.
pub(crate) fn declares_missing(operation: &Operation) -> bool {
    operation.response(404).or_else(|| operation.response(410)).is_some()
}
