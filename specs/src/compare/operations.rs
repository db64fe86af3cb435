//! Operations: which of one side is which of the other, and what is said of them as a whole.
//!
//! They are matched by method and path, with variables by position: what a variable is called is not sent. What is left
//! is matched by id, and has moved.

use std::collections::{BTreeSet, HashMap};

use super::{
    Comparison,
    ledger::{Origin, Spot},
    messages, parameters, rules, schema, security, servers, words,
};
use crate::{
    api::{Api, Operation, Part, Server},
    pointer,
};

/// An operation on both sides, with its number among those that are compared.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) old: &'a Operation,
    pub(super) new: &'a Operation,
    pub(super) number: usize,
}

/// Compares all operations.
pub(super) fn compare(comparison: &mut Comparison) {
    let (old, new) = (comparison.old, comparison.new);
    let partners = matched(old, new);
    for (operation, partner) in old.operations.iter().zip(&partners) {
        let found = partner.map(|position| &new.operations[position]);
        let number = comparison.operations.len();
        comparison.operations.push(found.unwrap_or(operation).id.clone());
        match found {
            Some(found) => both(comparison, Pair { old: operation, new: found, number }),
            None => {
                let sides = [Spot::of(operation.pointer.clone(), words::operation(operation)), Spot::at("/paths")];
                comparison.tell(&rules::OPERATION_REMOVED, None, number, "", sides);
            }
        }
    }
    let taken: BTreeSet<usize> = partners.into_iter().flatten().collect();
    for operation in new.operations.iter().enumerate().filter(|(position, _)| !taken.contains(position)).map(|(_, operation)| operation) {
        let number = comparison.operations.len();
        comparison.operations.push(operation.id.clone());
        let sides = [Spot::at("/paths"), Spot::of(operation.pointer.clone(), words::operation(operation))];
        comparison.tell(&rules::OPERATION_ADDED, None, number, "", sides);
    }
}

/// For each old operation the position of the new one that it is now.
fn matched(old: &Api, new: &Api) -> Vec<Option<usize>> {
    let mut free: Vec<bool> = vec![true; new.operations.len()];
    let mut found: Vec<Option<usize>> = vec![None; old.operations.len()];
    let keys: [fn(&Operation) -> String; 3] =
        [|one| format!("{} {}", one.method, one.path), |one| format!("{} {}", one.method, shape(one)), |one| one.id.clone()];
    for key in keys {
        let mut known: HashMap<String, Vec<usize>> = HashMap::new();
        for (position, operation) in new.operations.iter().enumerate().rev().filter(|(position, _)| free[*position]) {
            known.entry(key(operation)).or_default().push(position);
        }
        for (operation, partner) in old.operations.iter().zip(&mut found).filter(|(_, partner)| partner.is_none()) {
            *partner = known.get_mut(&key(operation)).and_then(Vec::pop);
            if let Some(position) = *partner {
                free[position] = false;
            }
        }
    }
    found
}

/// The path without the names of its variables.
fn shape(operation: &Operation) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::Variable(_) => "{}".to_owned(),
    };
    let segments = operation.segments.iter().map(|segment| segment.parts.iter().map(part).collect::<String>());
    segments.collect::<Vec<_>>().join("/")
}

fn both(comparison: &mut Comparison, pair: Pair) {
    identity(comparison, pair);
    remarks(comparison, pair);
    own_servers(comparison, pair);
    security::compare(comparison, pair);
    parameters::compare(comparison, pair);
    messages::body(comparison, pair);
    messages::responses(comparison, pair);
    callbacks(comparison, pair);
}

/// How it is called, on the wire and in code.
fn identity(comparison: &mut Comparison, pair: Pair) {
    let Pair { old, new, number } = pair;
    let spot = |operation: &Operation| Spot::of(operation.pointer.clone(), words::operation(operation));
    if old.method != new.method {
        comparison.tell(&rules::METHOD_CHANGED, None, number, "", [spot(old), spot(new)]);
    }
    if shape(old) != shape(new) {
        comparison.tell(&rules::PATH_CHANGED, None, number, "", [spot(old), spot(new)]);
    }
    if old.documented_id != new.documented_id {
        let id = |operation: &Operation| {
            let place = pointer::join(&operation.pointer, "operationId");
            Spot { pointer: place, words: operation.documented_id.as_deref().map(words::code) }
        };
        comparison.tell(&rules::OPERATION_ID_CHANGED, None, number, "", [id(old), id(new)]);
    }
}

/// What is said about it.
fn remarks(comparison: &mut Comparison, pair: Pair) {
    let Pair { old, new, number } = pair;
    let place = |operation: &Operation, member: &str| pointer::join(&operation.pointer, member);
    if old.deprecated != new.deprecated {
        let rule = if new.deprecated { &rules::OPERATION_DEPRECATED } else { &rules::OPERATION_REVIVED };
        comparison.tell(rule, None, number, "", [Spot::at(place(old, "deprecated")), Spot::at(place(new, "deprecated"))]);
    }
    let tags = |operation: &Operation| operation.tags.iter().cloned().collect::<BTreeSet<_>>();
    let (before, after) = (tags(old), tags(new));
    if before != after {
        let spot = |operation, tags: &BTreeSet<String>| Spot::of(place(operation, "tags"), words::list(tags.iter().map(String::as_str)));
        comparison.tell(&rules::TAGS_CHANGED, None, number, "", [spot(old, &before), spot(new, &after)]);
    }
    for (member, before, after) in [("summary", &old.summary, &new.summary), ("description", &old.description, &new.description)] {
        comparison.text(number, "", [(&place(old, member), before), (&place(new, member), after)]);
    }
}

/// Servers of its own; those of the document are compared once.
fn own_servers(comparison: &mut Comparison, pair: Pair) {
    if pair.old.servers.is_empty() && pair.new.servers.is_empty() {
        return;
    }
    let (old, new) = (comparison.old, comparison.new);
    let side = |api: &'_ Api, operation: &Operation| -> (Vec<Server>, String) {
        if operation.servers.is_empty() {
            (api.servers.clone(), "/servers".to_owned())
        } else {
            (operation.servers.clone(), pointer::join(&operation.pointer, "servers"))
        }
    };
    let ((before, was), (after, is)) = (side(old, pair.old), side(new, pair.new));
    servers::compare(comparison, Origin::Operation(pair.number), [(&before, &was), (&after, &is)]);
}

/// What the vendor calls in turn, as a whole: a client does not generate servers.
fn callbacks(comparison: &mut Comparison, pair: Pair) {
    let place = |operation: &Operation| pointer::join(&operation.pointer, "callbacks");
    let (was, is) = (place(pair.old), place(pair.new));
    let (old, new) = (pointer::get(comparison.old.schemas.root(), &was), pointer::get(comparison.new.schemas.root(), &is));
    if old.map(schema::fingerprint) != new.map(schema::fingerprint) {
        comparison.tell(&rules::CALLBACKS_CHANGED, None, pair.number, "callbacks", [Spot::at(was), Spot::at(is)]);
    }
}
