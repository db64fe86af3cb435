//! What is true of the order of a list, that which it has anyway and that which it is asked for.
//!
//! Only what the case made is looked at, and only pairs of it of which nobody can doubt which comes first: what is
//! alike, what lacks the property, and texts that alphabets differ about say nothing.

use std::cmp::Ordering;

use serde_json::{Value, json};
use specs::api::{Direction, Operation};

use super::same::brief;
use crate::{
    case::{BodyOf, Failure, Sorted, SortedBy, Wanted},
    moment::{Moment, Stamp, stamp},
    pages::{self, Asked, Page},
    property,
    suite::key_in,
    vary,
    world::{Made, Step, World, blocked, fail, role, skip},
};

/// Texts that every alphabet has in one order, in another order than that in which items are made.
const WORDS: [&str; 3] = ["mango", "apple", "zebra"];
const NUMBERS: [i64; 3] = [20, 9, 100];
const MOMENTS: [&str; 3] = ["2024-05-02T10:00:00Z", "2024-05-01T10:00:00Z", "2024-05-03T10:00:00Z"];
const DAYS: [&str; 3] = ["2024-05-02", "2024-05-01", "2024-05-03"];

/// A list has its items in this order.
pub(super) async fn sorted(world: &World<'_>, list: &Operation, ways: &[Sorted]) -> Step<()> {
    let Some(first) = ways.first() else { return blocked("nothing says in which order") };
    let own = make(world, list, &first.by).await?;
    let mut is_told = false;
    for way in ways {
        is_told |= world.settled_list(async || in_order(world, list, &own, way).await).await?;
    }
    if is_told { Ok(()) } else { skip("nothing that was made shows which of it comes first") }
}

/// Makes items, with values that differ where a request can set them.
async fn make(world: &World<'_>, list: &Operation, by: &SortedBy) -> Step<Vec<Made>> {
    let suite = world.suite;
    let property = match by {
        SortedBy::Property(property) => Some(property.as_str()),
        SortedBy::Creation => None,
    };
    let Some(create) = suite.creating(role(list)?, property) else { return skip(format!("nothing creates `{}`", role(list)?.resource)) };
    let parents = world.draft(create, &Wanted::default()).await?.parents;
    let mut own = Vec::new();
    for position in 0..WORDS.len() {
        let value = property.and_then(|property| Some((property, value(world, create, property, position)?)));
        let Some((property, value)) = value else {
            own.push(world.make_another(create, &Wanted { parents: parents.clone(), ..Wanted::default() }).await?);
            continue;
        };
        let body = suite.smallest(create).unwrap_or_default();
        let body = vary::body_of(suite, create, &body, world.next_number(), Some(property));
        let body = BodyOf::Exactly(suite.with(create, body, property, &value));
        let about = suite.place_sent(create, property).into_iter().collect();
        own.push(world.make(create, &Wanted { body, parents: parents.clone(), about, ..Wanted::default() }).await?);
    }
    Ok(own)
}

/// The value of an item by the order in which it is made, where a request can set one.
fn value(world: &World<'_>, create: &Operation, property: &str, position: usize) -> Option<Value> {
    let suite = world.suite;
    let schema = suite.sent(create).and_then(|item| suite.part(&item, property))?;
    if suite.api.schemas.is_marked(&schema, "readOnly") {
        return None;
    }
    let validator = suite.validators.get(&schema, Direction::Request).ok()?;
    let candidates = [json!(NUMBERS[position]), json!(MOMENTS[position]), json!(DAYS[position]), json!(WORDS[position])];
    let least = suite.api.schemas.resolve(&schema).1.get("minimum").and_then(Value::as_i64).unwrap_or_default();
    let near = json!(least + [2, 1, 3][position]);
    candidates.into_iter().chain([near]).find(|value| validator.is_valid(value))
}

/// Whether two items that were made say something about this order; fails where it is another one.
async fn in_order(world: &World<'_>, list: &Operation, own: &[Made], way: &Sorted) -> Step<bool> {
    let role = role(list)?;
    let parents = own.first().map(|made| made.parents.clone()).unwrap_or_default();
    let size = role.pagination.as_ref().and_then(pages::comfortable);
    let asked = Asked { parents: &parents, size, by: &way.parameters };
    let key = world.suite.key(&role.resource);
    let number = |item: &Value| own.iter().position(|made| key_in(item, key) == Some(&made.key));
    let count = |pages: &[Page]| pages.iter().flat_map(|page| &page.items).filter(|item| number(item).is_some()).count();
    let (walked, is_whole) = pages::walk(world, list, &asked, |pages| count(pages) >= own.len()).await?;
    let items = walked.iter().flat_map(|page| &page.items);
    let found: Vec<(usize, &Value)> = items.filter_map(|item| Some((number(item)?, item))).collect();
    if found.len() < own.len() {
        return if is_whole { blocked("not everything that was created is listed") } else { pages::too_long(list) };
    }
    let orders: Vec<(Ordering, String)> = found
        .iter()
        .enumerate()
        .flat_map(|(at, one)| found[at + 1..].iter().map(move |other| (one, other)))
        .filter_map(|(one, other)| compare(world, &role.resource, &way.by, one, other))
        .collect();
    let is_against = |wanted: Ordering| orders.iter().find(|(order, _)| *order != wanted);
    let wrong = match way.descends {
        Some(true) => is_against(Ordering::Greater),
        Some(false) => is_against(Ordering::Less),
        None => is_against(Ordering::Less).filter(|_| is_against(Ordering::Greater).is_some()),
    };
    let Some((_, told)) = wrong else { return Ok(!orders.is_empty()) };
    let asked: Vec<String> = way.parameters.iter().map(|(_, name, value)| format!("`{name}={}`", crate::wire::scalar(value))).collect();
    let asked = if asked.is_empty() { "the list".to_owned() } else { asked.join(" and ") };
    let what = format!("{asked} has {told}");
    fail(Failure::at(role.items.clone().unwrap_or_default(), words(way), told, what))
}

fn words(way: &Sorted) -> String {
    let by = match &way.by {
        SortedBy::Creation => "the time of creation".to_owned(),
        SortedBy::Property(property) => format!("`{property}`"),
    };
    match way.descends {
        Some(true) => format!("{by}, the greatest first"),
        Some(false) => format!("{by}, the least first"),
        None => format!("{by}, one way or the other"),
    }
}

/// How one item is to another that stands behind it, and what that is in words; nothing where that is not certain.
fn compare(world: &World<'_>, resource: &str, by: &SortedBy, one: &(usize, &Value), other: &(usize, &Value)) -> Option<(Ordering, String)> {
    let (order, one, other) = match by {
        SortedBy::Property(property) => {
            let (one, other) = (key_in(one.1, property)?, key_in(other.1, property)?);
            (values(one, other)?, brief(one), brief(other))
        }
        SortedBy::Creation => {
            let order = by_creation(world, resource, one, other)?;
            (order, brief(&json!(one.0 + 1)), brief(&json!(other.0 + 1)))
        }
    };
    let what = match by {
        SortedBy::Property(_) => format!("{one} in front of {other}"),
        SortedBy::Creation => format!("what was created as number {one} in front of number {other}"),
    };
    (order != Ordering::Equal).then_some((order, what))
}

/// By the times that the items show. Where they show none, the order in which they were made counts, unless a server
/// may have written down the same time for several.
fn by_creation(world: &World<'_>, resource: &str, one: &(usize, &Value), other: &(usize, &Value)) -> Option<Ordering> {
    let shown = |item: &Value| {
        let members = property::members(item, world.suite.inner(resource));
        members.into_iter().filter(|(name, _)| stamp(name) == Some(Stamp::Creation)).find_map(|(_, value)| Moment::read(value.as_str()?))
    };
    match (shown(one.1), shown(other.1)) {
        (Some(one), Some(other)) => Some(one.compare(other)),
        _ if world.is_shared() => None,
        _ => Some(one.0.cmp(&other.0)),
    }
}

/// Numbers by value, moments by time, plain lower-case words by letter.
fn values(one: &Value, other: &Value) -> Option<Ordering> {
    let texts = one.as_str().zip(other.as_str());
    let moments = texts.and_then(|(one, other)| Moment::read(one).zip(Moment::read(other)));
    let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_day = |text: &str| text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    match (one.as_f64().zip(other.as_f64()), moments, texts) {
        (Some((one, other)), ..) => one.partial_cmp(&other),
        (_, Some((one, other)), _) => Some(one.compare(other)),
        (.., Some((one, other))) if is_plain(one) && is_plain(other) || is_day(one) && is_day(other) => Some(one.cmp(other)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use serde_json::{Value, json};

    use super::values;

    #[test]
    fn only_what_nobody_doubts_is_compared() {
        let check = |one: Value, other: Value, expected| assert_eq!(values(&one, &other), expected, "{one} {other}");
        check(json!(2), json!(10.5), Some(Ordering::Less));
        check(json!("apple"), json!("mango"), Some(Ordering::Less));
        check(json!("Apple"), json!("apple"), None);
        check(json!("2026-01-01T01:00:00+01:00"), json!("2026-01-01T00:00:00Z"), Some(Ordering::Equal));
        check(json!("2026-01-02"), json!("2026-01-01"), Some(Ordering::Greater));
        check(json!(null), json!(1), None);
    }
}
