//! Which query parameters order a list: `sort=-created_at`, `sort_by=name&order=desc`, `$orderby=name desc`.

use serde_json::Value;

use super::{Aspect, Inference, Sort, words};
use crate::api::{Location, Operation, Parameter, Schemas};

const FIELDS: &[&str] = &["sort", "sortby", "orderby", "ordering", "sortfield", "sortkey", "sortcolumn", "sorting", "order"];
const DIRECTIONS: &[&str] =
    &["order", "direction", "sortorder", "sortdir", "sortdirection", "orderdirection", "orderdir", "dir", "ordering", "sort", "sorttype"];

/// The parameters that order the list of an operation.
pub(super) fn infer(schemas: &Schemas, operation: &Operation, why: &mut Vec<Inference>) -> Option<Sort> {
    let named = |names: &[&str], wanted: &dyn Fn(&Parameter) -> bool| {
        let mut query = names.iter().filter_map(|name| {
            let mut query = operation.parameters.iter().filter(|parameter| parameter.location == Location::Query);
            query.find(|parameter| words::plain(&parameter.name) == *name && wanted(parameter))
        });
        query.next().map(|parameter| parameter.name.clone())
    };
    let by = named(FIELDS, &|parameter| !is_direction(schemas, parameter) && is_text(schemas, parameter));
    let says_order =
        |parameter: &Parameter| Some(&parameter.name) != by.as_ref() && (is_direction(schemas, parameter) || is_free(schemas, parameter));
    let direction = named(DIRECTIONS, &says_order);
    for (parameter, what) in [(&by, "names what the list is sorted by"), (&direction, "says in which direction")] {
        if let Some(name) = parameter {
            why.push(Inference::new(Aspect::Sort, format!("`{name}` {what}"), "its name"));
        }
    }
    (by.is_some() || direction.is_some()).then_some(Sort { by, direction })
}

/// Whether a query parameter orders lists, and so chooses no items.
pub(super) fn is_sorting(name: &str) -> bool {
    let plain = words::plain(name);
    FIELDS.contains(&plain.as_str()) || DIRECTIONS.contains(&plain.as_str())
}

fn values<'s>(schemas: &'s Schemas, parameter: &Parameter) -> Option<&'s Vec<Value>> {
    let schema = parameter.schema.as_ref()?;
    schemas.resolve(schema).1.get("enum").and_then(Value::as_array)
}

/// Whether all values that a parameter takes are directions.
fn is_direction(schemas: &Schemas, parameter: &Parameter) -> bool {
    let is_one = |value: &Value| {
        let text = value.as_str().map(str::to_lowercase).unwrap_or_default();
        ["asc", "desc", "ascending", "descending"].contains(&text.as_str())
    };
    values(schemas, parameter).is_some_and(|values| !values.is_empty() && values.iter().all(is_one))
}

fn is_text(schemas: &Schemas, parameter: &Parameter) -> bool {
    parameter.schema.as_ref().is_none_or(|schema| schemas.admits(schema, "string") || schemas.admits(schema, "array"))
}

fn is_free(schemas: &Schemas, parameter: &Parameter) -> bool {
    is_text(schemas, parameter) && values(schemas, parameter).is_none()
}
