//! The places of a valid value, each with what the schemas say about it.

use serde_json::Value;

use super::{Sampler, facets::Facets, object, value::Run};
use crate::{api::SchemaId, pointer};

/// What is called for each place: what the schemas say, its JSON pointer, its value.
pub(super) type Visit<'v, 's> = dyn FnMut(&Facets<'s>, &str, &Value) + 'v;

/// Visits all places of `base`, a value of the schema `id`; of an array, those of its first element.
pub(super) fn each_place<'s>(run: &Run<'s>, id: &SchemaId, base: &Value, visit: &mut Visit<'_, 's>) {
    place(run, std::slice::from_ref(id), "", base, visit);
}

fn place<'s>(run: &Run<'s>, ids: &[SchemaId], at: &str, value: &Value, visit: &mut Visit<'_, 's>) {
    let schemas = run.sampler.schemas;
    if ids.iter().any(|id| run.sampler.is_hidden(id)) {
        return;
    }
    let facets = facets(run, ids, value);
    visit(&facets, at, value);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                place(run, &object::property(schemas, &facets, name), &pointer::join(at, name), member, visit);
            }
        }
        Value::Array(elements) => {
            let tuple = facets.all("prefixItems").filter_map(Value::as_array).map(Vec::len).max().unwrap_or(0);
            for (position, element) in elements.iter().enumerate().take(tuple + 1) {
                place(run, &object::element(schemas, &facets, position), &pointer::index(at, position), element, visit);
            }
        }
        _ => {}
    }
}

/// What the schemas say of this value: the branches that it is in, and what `if` makes of it.
fn facets<'s>(run: &Run<'s>, ids: &[SchemaId], value: &Value) -> Facets<'s> {
    let sampler: &Sampler<'_> = run.sampler;
    let mut choose = |branches: &[SchemaId]| branches.iter().position(|branch| sampler.accepts(branch, value));
    let facets = Facets::join(run.sampler.schemas, ids, &mut choose);
    let implied = run.implied(&facets, value);
    if implied.is_empty() { facets } else { Facets::join(run.sampler.schemas, &[ids, &implied].concat(), &mut choose) }
}
