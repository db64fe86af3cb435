//! The places of a valid value, each with what the schemas say about it.

use serde_json::Value;

use super::{array, facets::Facets, object, store::Store, value};
use crate::{api::SchemaId, pointer};

/// What is called for each place: what the schemas say, its JSON pointer, its value.
pub(super) type Visit<'v, 's> = dyn FnMut(&Facets<'s>, &str, &Value) + 'v;

/// Visits all places of `base`, a value of the schema `id`; of an array, those of its first element.
pub(super) fn each_place<'s>(store: &'s Store, id: &SchemaId, base: &Value, visit: &mut Visit<'_, 's>) {
    place(store, std::slice::from_ref(id), "", base, visit);
}

fn place<'s>(store: &'s Store, ids: &[SchemaId], at: &str, value: &Value, visit: &mut Visit<'_, 's>) {
    let schemas = &store.schemas;
    if ids.iter().any(|id| store.is_hidden(id)) {
        return;
    }
    let facets = facets(store, ids, value);
    visit(&facets, at, value);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                place(store, &object::property(schemas, &facets, name), &pointer::join(at, name), member, visit);
            }
        }
        Value::Array(elements) => {
            let tuple = facets.all("prefixItems").filter_map(Value::as_array).map(Vec::len).max().unwrap_or(0);
            for (position, element) in elements.iter().enumerate().take(tuple + 1) {
                place(store, &array::element(schemas, &facets, position), &pointer::index(at, position), element, visit);
            }
        }
        _ => {}
    }
}

/// What the schemas say of this value: the branches that it is in, and what `if` makes of it.
fn facets<'s>(store: &'s Store, ids: &[SchemaId], value: &Value) -> Facets<'s> {
    let mut choose = |branches: &[SchemaId]| branches.iter().position(|branch| store.accepts(branch, value));
    let facets = Facets::join(&store.schemas, ids, &mut choose);
    let implied = value::implied(store, &facets.parts, value);
    if implied.is_empty() { facets } else { Facets::join(&store.schemas, &[ids, &implied].concat(), &mut choose) }
}
