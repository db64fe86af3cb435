//! What is true of a filter.

use std::cmp::Ordering;

use serde_json::Value;
use specs::{
    api::{Direction, Location, Operation, Parameter},
    resources::{Comparison, Filter, Role},
};

use super::same::brief;
use crate::{
    case::{Failure, Wanted},
    pages,
    suite::{Suite, key_in},
    unlike, wire,
    world::{Made, Step, World, blocked, fail, role, skip},
};

/// The filter of a list that goes by a parent.
pub(crate) fn parent_filter<'r>(suite: &Suite, role: &'r Role) -> Option<&'r Filter> {
    let is_parent = |property: &String| suite.parent_of(&role.resource, property).is_some();
    role.filters.iter().find(|filter| filter.properties.iter().any(is_parent))
}

/// A filter with the value of an item gives the items that it describes, all of them and no others; with a value of each
/// property that it looks at. In somebody's account only what the case made is asked for and looked for.
pub(super) async fn filter(world: &World<'_>, list: &Operation, position: usize) -> Step<()> {
    let Some(filter) = role(list)?.filters.get(position) else { return blocked("there is no such filter") };
    let parents = world.draft(list, &Wanted::default()).await?.parents;
    let own = create(world, list, filter, &parents).await?;
    world.settled_list(async || judge_each(world, list, filter, &parents, &own).await).await
}

async fn judge_each(world: &World<'_>, list: &Operation, filter: &Filter, parents: &[(String, Value)], own: &[Made]) -> Step<()> {
    let all = known(world, list, parents, own).await?;
    let mut is_tested = false;
    for property in &filter.properties {
        let Some((value, sent)) = value(world, list, filter, property, &all) else { continue };
        is_tested = true;
        let by = (Location::Query, filter.parameter.clone(), sent);
        let found = pages::filtered(world, list, parents, Some(by)).await?;
        judge(world, list, filter, &value, &all, &found)?;
        if is_equality(filter.comparison) && all.iter().all(|item| fits(filter.comparison, &filter.properties, item, &value)) {
            // All items are alike, so that only what none of them has shows whether the filter does anything.
            nothing(world, list, &filter.parameter, parents, &value, &all).await?;
        }
    }
    if is_tested { Ok(()) } else { skip(format!("no item has a `{}` to filter by", filter.properties.join("` or `"))) }
}

/// The items that are known: all, or where others have theirs what was made here, as the list shows it.
async fn known(world: &World<'_>, list: &Operation, parents: &[(String, Value)], own: &[Made]) -> Step<Vec<Value>> {
    let key = world.suite.key(&role(list)?.resource);
    let (mut items, is_whole) = pages::some(world, list, parents).await?;
    let is_own = |item: &Value| own.iter().any(|made| key_in(item, key) == Some(&made.key));
    if world.is_shared() {
        items.retain(is_own);
    }
    let is_there = |made: &&Made| items.iter().any(|item| key_in(item, key) == Some(&made.key));
    match own.iter().find(|made| !is_there(made)) {
        Some(_) if !is_whole => pages::too_long(list),
        Some(made) if world.window.is_open() => blocked(format!("{} is not listed yet", brief(&made.key))),
        _ => Ok(items),
    }
}

/// Makes an item for each property, with an operation that sets it.
async fn create(world: &World<'_>, list: &Operation, filter: &Filter, parents: &[(String, Value)]) -> Step<Vec<Made>> {
    let mut done: Vec<&str> = Vec::new();
    let mut own = Vec::new();
    for property in &filter.properties {
        let Some(create) = world.suite.creating(role(list)?, Some(property)) else { continue };
        if !done.contains(&create.id.as_str()) {
            done.push(&create.id);
            own.push(world.make(create, &Wanted { parents: parents.to_vec(), ..Wanted::default() }).await?);
        }
    }
    Ok(own)
}

/// That exactly the items are found that fit.
fn judge(world: &World<'_>, list: &Operation, filter: &Filter, value: &Value, all: &[Value], found: &[Value]) -> Step<()> {
    let role = role(list)?;
    let (key, items) = (world.suite.key(&role.resource), role.items.clone().unwrap_or_default());
    let own = |item: &Value| filter.properties.iter().map(|name| format!("`{name}` is {}", brief(&item[name]))).collect::<Vec<_>>();
    let name = |item: &Value| brief(key_in(item, key).unwrap_or(&Value::Null));
    let tell = |item: &Value| format!("{}, whose {}", name(item), own(item).join(" and "));
    let asked = format!("`{}={}`", filter.parameter, wire::scalar(value));
    let fits = |item: &Value| fits(filter.comparison, &filter.properties, item, value);
    let same = |one: &Value, other: &Value| key_in(one, key) == key_in(other, key);
    // Of the rows of others nothing is known but that they are there.
    let is_judged = |item: &&Value| !world.is_shared() || all.iter().any(|known| same(known, item));
    if let Some(wrong) = found.iter().filter(is_judged).find(|item| !fits(item)) {
        return fail(Failure::at(items, "what fits", name(wrong), format!("{asked} lists {}", tell(wrong))));
    }
    match all.iter().find(|item| fits(item) && !found.iter().any(|other| same(other, item))) {
        Some(missed) => fail(Failure::at(items, name(missed), "nothing", format!("{asked} does not list {}", tell(missed)))),
        None => Ok(()),
    }
}

/// For a value that no known item has none is listed, whether that is said or refused.
pub(super) async fn nothing(
    world: &World<'_>,
    list: &Operation,
    name: &str,
    parents: &[(String, Value)],
    value: &Value,
    known: &[Value],
) -> Step<()> {
    let Some(parameter) = parameter(list, name) else { return Ok(()) };
    let unknown = unlike::unlike(world.suite, parameter.schema.as_ref(), value);
    let Some(sent) = fitting(world, parameter, &unknown).filter(|_| unknown != *value) else { return Ok(()) };
    let parameters = vec![(Location::Query, name.to_owned(), sent)];
    let response = world.call(list, &Wanted { parents: parents.to_vec(), parameters, ..Wanted::default() }).await?;
    let key = world.suite.key(&role(list)?.resource);
    let is_judged = |item: &&Value| !world.is_shared() || known.iter().any(|known| key_in(known, key) == key_in(item, key));
    let found = pages::items(list, &response).unwrap_or_default().iter().filter(is_judged).count();
    if found == 0 {
        return Ok(());
    }
    let what = format!("`{name}={}` lists {found} items, and none has it", wire::scalar(&unknown));
    fail(Failure::at(role(list)?.items.clone().unwrap_or_default(), "no items", found.to_string(), what))
}

/// The query parameter of this name.
pub(super) fn parameter<'o>(list: &'o Operation, name: &str) -> Option<&'o Parameter> {
    list.parameters.iter().find(|known| known.location == Location::Query && known.name == *name)
}

/// A value to ask for, and how the parameter wants it: from the middle, so that an order has two sides, and one that
/// not all items fit, so that a filter which does nothing is seen to.
fn value(world: &World<'_>, list: &Operation, filter: &Filter, property: &str, all: &[Value]) -> Option<(Value, Value)> {
    let parameter = parameter(list, &filter.parameter)?;
    let mut values: Vec<&Value> =
        all.iter().filter_map(|item| item.get(property)).flat_map(|own| singles(filter.comparison, own)).collect();
    values.sort_by(|a, b| compare(a, b).unwrap_or(Ordering::Equal));
    let middle = values.len() / 2;
    values.rotate_left(middle);
    let asked = values.into_iter().flat_map(|value| asked(filter.comparison, value));
    let sendable: Vec<(Value, Value)> = asked.filter_map(|value| Some((value.clone(), fitting(world, parameter, &value)?))).collect();
    let parts = |value: &Value| all.iter().any(|item| !fits(filter.comparison, &filter.properties, item, value));
    sendable.iter().find(|(value, _)| parts(value)).or(sendable.first()).cloned()
}

/// The values of a property that a filter can be asked for: of an array, where one element is enough, each of them.
fn singles(comparison: Comparison, own: &Value) -> Vec<&Value> {
    let several = match own {
        Value::Array(elements) if is_equality(comparison) => elements.iter().collect(),
        one => vec![one],
    };
    several.into_iter().filter(|value| !value.is_null() && !value.is_object() && !value.is_array()).collect()
}

fn is_equality(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Equal | Comparison::In)
}

/// What to ask for to find a value: the value; of a text that only has to be contained, first a word in the other case.
fn asked(comparison: Comparison, value: &Value) -> Vec<Value> {
    let text = if comparison == Comparison::Contains { value.as_str() } else { None };
    let words = text.into_iter().flat_map(|text| text.split(|character: char| !character.is_ascii_alphabetic()));
    let word = words.max_by_key(|word| word.len()).filter(|word| !word.is_empty());
    let turned = |word: &str| {
        if word.chars().any(|letter| letter.is_ascii_lowercase()) { word.to_ascii_uppercase() } else { word.to_ascii_lowercase() }
    };
    word.map(|word| turned(word).into()).into_iter().chain([value.clone()]).collect()
}

/// The value, or an array of it, whichever the parameter takes.
pub(super) fn fitting(world: &World<'_>, parameter: &Parameter, value: &Value) -> Option<Value> {
    let Some(schema) = &parameter.schema else { return Some(value.clone()) };
    let validator = world.suite.validators.get(schema, Direction::Request).ok()?;
    [value.clone(), Value::Array(vec![value.clone()]), Value::String(wire::scalar(value))]
        .into_iter()
        .find(|value| validator.is_valid(value))
}

/// Whether one of the properties of an item fits; of an array, one of its elements.
fn fits(comparison: Comparison, properties: &[String], item: &Value, value: &Value) -> bool {
    let own = properties.iter().filter_map(|property| item.get(property));
    own.flat_map(|own| singles(comparison, own)).any(|own| {
        let order = compare(own, value);
        match comparison {
            Comparison::Equal | Comparison::In => order == Some(Ordering::Equal),
            Comparison::Greater => order == Some(Ordering::Greater),
            Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
            Comparison::Contains => wire::scalar(own).to_lowercase().contains(&wire::scalar(value).to_lowercase()),
        }
    })
}

/// Numbers by value, all else as text: items of one list write their dates in one format.
fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        _ => Some(wire::scalar(a).cmp(&wire::scalar(b))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use specs::resources::Comparison::{self, Contains, Equal, In, LessOrEqual};

    use super::{asked, fits};

    fn check(comparison: Comparison, properties: &[&str], value: &Value, expected: bool) {
        let item = json!({"name": "Blue jug", "about": "Holds a litre", "marks": ["fired", "glazed"], "weight": 3, "maker": null});
        let properties: Vec<String> = properties.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(fits(comparison, &properties, &item, value), expected, "{comparison:?} {properties:?} {value}");
    }

    #[test]
    fn an_item_fits_when_one_of_the_properties_does() {
        check(Contains, &["name", "about"], &json!("LITRE"), true);
        check(Contains, &["about", "name"], &json!("blue"), true);
        check(Contains, &["name"], &json!("litre"), false);
        check(Contains, &["name", "maker", "owner"], &json!("litre"), false);
        check(Equal, &["marks"], &json!("glazed"), true);
        check(In, &["marks"], &json!("glaze"), false);
        check(Contains, &["marks"], &json!("fired"), false);
        check(LessOrEqual, &["weight"], &json!(3), true);
        check(Equal, &["maker"], &json!("null"), false);
    }

    #[test]
    fn a_part_of_a_text_is_asked_for_in_the_other_case() {
        let check = |comparison, value: Value, expected: Value| assert_eq!(Value::from(asked(comparison, &value)), expected);
        check(Contains, json!("a blue jug"), json!(["BLUE", "a blue jug"]));
        check(Contains, json!("NO. 7"), json!(["no", "NO. 7"]));
        check(Contains, json!("7"), json!(["7"]));
        check(Equal, json!("blue jug"), json!(["blue jug"]));
    }
}
