//! What is true of a filter.

use std::cmp::Ordering;

use serde_json::Value;
use specs::{
    api::{Direction, Location, Operation, Parameter},
    resources::{Action, Comparison, Filter},
};

use super::same::brief;
use crate::{
    case::Wanted,
    pages, wire,
    world::{Step, World, blocked, fail, role, skip},
};

/// A filter with the value of an item gives the items that it describes, all of them and no others.
pub(super) async fn filter(world: &World<'_>, list: &Operation, position: usize) -> Step<()> {
    let role = role(list)?;
    let Some(filter) = role.filters.get(position) else { return blocked("there is no such filter") };
    let parents = world.draft(list, &Wanted::default()).await?.parents;
    if world.suite.acting(&role.resource, Action::Create).is_some() {
        world.make(&role.resource, &Wanted { parents: parents.clone(), ..Wanted::default() }).await?;
    }
    let all = pages::all(world, list, &parents).await?;
    let Some((value, sent)) = value(world, list, filter, &all) else {
        return skip(format!("no item has a `{}` to filter by", filter.property));
    };
    let by = (Location::Query, filter.parameter.clone(), sent);
    let found = pages::filtered(world, list, &parents, Some(by)).await?;
    let key = world.suite.key(&role.resource);
    let tell = |item: &Value| format!("{}, whose `{}` is {}", brief(&item[key]), filter.property, brief(&item[&filter.property]));
    let asked = format!("`{}={}`", filter.parameter, wire::scalar(&value));
    if let Some(wrong) = found.iter().find(|item| !fits(filter, item, &value)) {
        return fail(format!("{asked} lists {}", tell(wrong)));
    }
    let is_found = |item: &Value| found.iter().any(|other| other.get(key) == item.get(key));
    match all.iter().find(|item| fits(filter, item, &value) && !is_found(item)) {
        Some(missed) => fail(format!("{asked} does not list {}", tell(missed))),
        None => Ok(()),
    }
}

/// A value that an item has, and how the parameter wants it: one from the middle, so that an order has two sides.
fn value(world: &World<'_>, list: &Operation, filter: &Filter, all: &[Value]) -> Option<(Value, Value)> {
    let parameter = list.parameters.iter().find(|known| known.location == Location::Query && known.name == filter.parameter)?;
    let has = |item: &&Value| item.get(&filter.property).is_some_and(|value| !value.is_null() && !value.is_object() && !value.is_array());
    let mut values: Vec<&Value> = all.iter().filter(has).map(|item| &item[&filter.property]).collect();
    values.sort_by(|a, b| compare(a, b).unwrap_or(Ordering::Equal));
    let middle = values.len() / 2;
    values.rotate_left(middle);
    values.into_iter().find_map(|value| Some((value.clone(), fitting(world, parameter, value)?)))
}

/// The value, or an array of it, whichever the parameter takes.
fn fitting(world: &World<'_>, parameter: &Parameter, value: &Value) -> Option<Value> {
    let Some(schema) = &parameter.schema else { return Some(value.clone()) };
    let validator = world.suite.validators.get(schema, Direction::Request).ok()?;
    [value.clone(), Value::Array(vec![value.clone()]), Value::String(wire::scalar(value))]
        .into_iter()
        .find(|value| validator.is_valid(value))
}

fn fits(filter: &Filter, item: &Value, value: &Value) -> bool {
    let Some(own) = item.get(&filter.property).filter(|own| !own.is_null()) else { return false };
    let order = compare(own, value);
    match filter.comparison {
        Comparison::Equal | Comparison::In => order == Some(Ordering::Equal),
        Comparison::Greater => order == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        Comparison::Less => order == Some(Ordering::Less),
        Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
        Comparison::Contains => wire::scalar(own).to_lowercase().contains(&wire::scalar(value).to_lowercase()),
    }
}

/// Numbers by value, all else as text: items of one list write their dates in one format.
fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        _ => Some(wire::scalar(a).cmp(&wire::scalar(b))),
    }
}
