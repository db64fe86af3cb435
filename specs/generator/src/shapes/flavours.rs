//! Request and response forms of one schema: one type where they are alike, two where they differ.

use std::collections::HashSet;

use indexmap::IndexMap;
use specs::{
    Api,
    api::{Direction, SchemaId},
};

use super::{Field, Key, Kind, Plan, Type, Types, Variant, naming};

/// Joins what is alike and names what is left.
pub(super) fn join(api: &Api, definitions: &IndexMap<Key, Plan>, partly_typed: HashSet<Key>) -> Types {
    let differing = differing(definitions);
    let sent: HashSet<SchemaId> =
        definitions.keys().filter(|(_, direction)| *direction == Direction::Request).map(|(id, _)| id.clone()).collect();
    let has_response = |id: &SchemaId| definitions.contains_key(&(id.clone(), Direction::Response));
    let merged: HashSet<SchemaId> = sent.iter().filter(|id| has_response(id) && !differing.contains(*id)).cloned().collect();
    let kept: IndexMap<Key, Plan> = definitions
        .iter()
        .filter(|((id, direction), _)| *direction == Direction::Response || !merged.contains(id))
        .map(|(key, plan)| (key.clone(), plan.clone()))
        .collect();
    let names = naming::name(api, &kept);
    let sent = kept.keys().filter(|(id, direction)| *direction == Direction::Request || merged.contains(id)).cloned().collect();
    Types { definitions: kept, names, differing, sent, partly_typed }
}

/// The schemas that have two forms. Two forms differ when they are not written alike, or hold one that differs.
fn differing(definitions: &IndexMap<Key, Plan>) -> HashSet<SchemaId> {
    let mut found = HashSet::new();
    loop {
        let before = found.len();
        for ((id, direction), plan) in definitions {
            let twin = definitions.get(&(id.clone(), Direction::Response));
            if *direction == Direction::Request
                && let Some(twin) = twin
                && (asks_for_null(plan) || neutral(plan, &found) != neutral(twin, &found))
            {
                found.insert(id.clone());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Whether null says something in a request that nothing in a response says.
fn asks_for_null(plan: &Plan) -> bool {
    match &plan.kind {
        Kind::Struct { fields, .. } => fields.iter().any(|field| matches!(field.value, Type::Nullable(_))),
        _ => false,
    }
}

/// The plan without directions, but for types whose directions are known to differ.
fn neutral(plan: &Plan, differing: &HashSet<SchemaId>) -> Plan {
    let value = |value: &Type| neutral_type(value, differing);
    let kind = match &plan.kind {
        Kind::Struct { fields, extra } => Kind::Struct {
            fields: fields.iter().map(|field| Field { value: value(&field.value), ..field.clone() }).collect(),
            extra: extra.as_ref().map(value),
        },
        Kind::Enum(words) => Kind::Enum(words.clone()),
        Kind::Wrapper(inner) => Kind::Wrapper(value(inner)),
        Kind::Union { variants, tag } => Kind::Union {
            variants: variants.iter().map(|variant| Variant { value: value(&variant.value), ..variant.clone() }).collect(),
            tag: tag.clone(),
        },
    };
    Plan { docs: plan.docs.clone(), kind }
}

fn neutral_type(value: &Type, differing: &HashSet<SchemaId>) -> Type {
    let inside = |inner: &Type| Box::new(neutral_type(inner, differing));
    match value {
        Type::Named((id, _)) if !differing.contains(id) => Type::Named((id.clone(), Direction::Response)),
        Type::List(item) => Type::List(inside(item)),
        Type::Map(item) => Type::Map(inside(item)),
        Type::Nullable(inner) => Type::Nullable(inside(inner)),
        other => other.clone(),
    }
}
