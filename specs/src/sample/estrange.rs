//! A value that fits several branches of a `oneOf`, made to fit one.
//!
//! Branches that all are open objects without required properties accept each other's values. What tells them apart
//! is a property that one of them declares and the other does not: with a value that its owner refuses, the value is
//! the other's alone.

use serde_json::Value;

use super::{
    facets::{Facets, branches},
    joint::Joint,
    object,
    store::{Node, Store},
    value::any_of_type,
};
use crate::api::SchemaId;

/// The most properties that are tried for one branch.
const MOST: usize = 40;

/// The value with what makes every other branch refuse it; `None` when that is not found.
pub(super) fn estrange(store: &Store, node: &Node, joint: &Joint, mut value: Value) -> Option<Value> {
    let facets = joint.facets(store);
    if !value.is_object() || !facets.has(&["oneOf"]) {
        return None;
    }
    for (id, schema) in &facets.parts {
        let fitting: Vec<SchemaId> =
            branches(&store.schemas, id, schema, "oneOf").into_iter().filter(|branch| store.accepts(branch, &value)).collect();
        let is_taken = |branch: &SchemaId| facets.parts.iter().any(|(part, _)| part == branch);
        for other in fitting.iter().filter(|branch| fitting.len() > 1 && !is_taken(branch)) {
            put_off(store, &facets, other, &mut value);
        }
    }
    node.accepts(store, &value).then_some(value)
}

/// Adds a property that the branch refuses and the rest does not know.
fn put_off(store: &Store, facets: &Facets<'_>, other: &SchemaId, value: &mut Value) {
    let own = |name: &str| !object::property(&store.schemas, facets, name).is_empty() || object::forbids(facets, name);
    for (name, _) in store.schemas.properties(other).into_iter().filter(|(name, _)| !own(name)).take(MOST) {
        for kind in ["string", "integer", "boolean", "array", "object", "null"] {
            let mut with = value.clone();
            if let Some(members) = with.as_object_mut() {
                members.insert(name.clone(), any_of_type(kind));
            }
            if !store.accepts(other, &with) {
                *value = with;
                return;
            }
        }
    }
}
