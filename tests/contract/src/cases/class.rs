//! Where a case may run: anywhere, or on a mock alone.
//!
//! A case is judged by the worst that a server which fails it may do, and by what it costs one that passes.

use serde_json::Value;
use specs::{
    api::{Operation, SchemeKind},
    resources::{Action, Place},
};

use crate::{
    case::{Class, Edit, Items, Kind, Refusal, Wanted},
    rule::{self, Rule},
    suite::Suite,
    unlike,
};

/// The class of a case.
pub(super) fn of(suite: &Suite, operation: &Operation, rule: Rule, kind: &Kind) -> Class {
    let harms = [
        strains(rule, kind),
        does_something_unknown(operation, kind),
        changes_what_it_did_not_make(suite, operation, kind),
        hits_by_accident(suite, operation, kind),
        locks_out(suite, operation, kind),
    ];
    if harms.contains(&true) { Class::MockOnly } else { Class::Safe }
}

/// Much of something costs whoever pays for the server, and one that cannot bear it is down for everybody.
fn strains(rule: Rule, kind: &Kind) -> bool {
    matches!(kind, Kind::Survive(..)) && [rule::NESTED, rule::OVERSIZED].contains(&rule)
}

/// A method that is not declared does what nobody knows, where it is accepted; and so does an operation of which nothing
/// tells what it does, as one that sends mail.
fn does_something_unknown(operation: &Operation, kind: &Kind) -> bool {
    let sends = !matches!(kind, Kind::Shown);
    matches!(kind, Kind::Method(_)) || sends && operation.role.is_none() && !operation.method.is_safe()
}

/// What a document shows may be a real row, which no test may change; nor is there another where nothing creates any.
fn changes_what_it_did_not_make(suite: &Suite, operation: &Operation, kind: &Kind) -> bool {
    let Some(role) = operation.role.as_ref().filter(|_| changes(operation)) else { return false };
    let documented = |wanted: &Wanted| wanted.items == Items::Documented;
    match kind {
        Kind::Shown => false,
        Kind::Reach(..) => true,
        Kind::Accept(wanted, _) | Kind::Refuse(wanted, ..) | Kind::Survive(wanted, ..) if documented(wanted) => true,
        _ => suite.creating(role, None).is_none(),
    }
}

/// A key that is made up may be somebody's when it is a number or short: what is then changed or created is theirs.
fn hits_by_accident(suite: &Suite, operation: &Operation, kind: &Kind) -> bool {
    let Kind::Refuse(_, edits, due) = kind else { return false };
    let Some(role) = &operation.role else { return false };
    let is_far = |place: Option<&Place>| place.and_then(|place| suite.shown_at(operation, place)).is_some_and(|key| unlike::is_far(&key));
    let keyed = |edit: &Edit| match edit {
        Edit::UnknownItem => changes(operation) && !is_far(role.key.as_ref()),
        Edit::UnknownParent(property) => {
            let place = role.parents.iter().find(|(known, _)| known == property).map(|(_, place)| place);
            role.action == Action::Create && !is_far(place)
        }
        Edit::Parameter(_, _, Some(Value::Number(_))) => changes(operation) && *due == Refusal::Path,
        _ => false,
    };
    edits.iter().any(keyed)
}

/// A wrong password counts, and after some of them the account is locked. Who has a wrong token has none to lock.
fn locks_out(suite: &Suite, operation: &Operation, kind: &Kind) -> bool {
    let Kind::Refuse(_, _, Refusal::Invalid | Refusal::Scope) = kind else { return false };
    let mut names = operation.security.iter().flat_map(|alternative| &alternative.schemes).map(|(name, _)| name);
    names.any(|name| suite.api.schemes.get(name).is_some_and(|scheme| scheme.kind == SchemeKind::Basic))
}

fn changes(operation: &Operation) -> bool {
    operation.role.as_ref().is_some_and(|role| matches!(role.action, Action::Update | Action::Replace | Action::Delete))
}
