//! Objects and arrays.

use rand::Rng;
use serde_json::{Map, Value};

use super::{
    Shape, Unsatisfiable,
    facets::Facets,
    text,
    value::{Place, Run},
};
use crate::{
    api::{SchemaId, Schemas},
    pointer,
};

/// How many elements a random array has beyond its minimum.
const SPREAD: usize = 3;
/// The most elements or properties that are made to reach a minimum.
const MOST: usize = 2_000;

/// An object with what is required, and of the rest what the shape asks for.
pub(super) fn object(run: &Run<'_>, facets: &Facets<'_>, place: &Place, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
    let schemas = run.sampler.schemas;
    let mut made = Map::new();
    let required = required(run, facets);
    let mut names = declared(schemas, facets);
    names.extend(required.iter().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
    let mut left = Vec::new();
    for name in &names {
        let ids = property(schemas, facets, name);
        let hidden = ids.iter().any(|id| run.sampler.is_hidden(id));
        let at = place.below(name);
        if hidden && !required.contains(name) {
            continue;
        }
        if !required.contains(name) && (forbids(facets, name) || !run.includes(&at, &ids)) {
            left.push(name);
            continue;
        }
        match run.value(&ids, &at, like.and_then(|like| like.get(name))) {
            Ok(value) => _ = made.insert(name.clone(), value),
            Err(problem) if required.contains(name) => return Err(problem),
            Err(_) => {}
        }
    }
    depend(run, facets, place, &mut made)?;
    fill(run, facets, place, &left, &mut made)?;
    Ok(Value::Object(made))
}

/// The properties that `dependentRequired` adds to those that are there.
fn depend(run: &Run<'_>, facets: &Facets<'_>, place: &Place, made: &mut Map<String, Value>) -> Result<(), Unsatisfiable> {
    for (name, needed) in facets.all("dependentRequired").filter_map(Value::as_object).flatten() {
        for missing in needed.as_array().into_iter().flatten().filter_map(Value::as_str) {
            if made.contains_key(name) && !made.contains_key(missing) {
                let ids = property(run.sampler.schemas, facets, missing);
                made.insert(missing.to_owned(), run.value(&ids, &place.below(missing), None)?);
            }
        }
    }
    Ok(())
}

/// More properties until `minProperties` is met: declared ones first, then made-up ones; fewer for `maxProperties`.
fn fill(run: &Run<'_>, facets: &Facets<'_>, place: &Place, left: &[&String], made: &mut Map<String, Value>) -> Result<(), Unsatisfiable> {
    let least = facets.at_least("minProperties").min(MOST);
    let spare: Vec<String> = left.iter().map(|name| (*name).clone()).chain((1..=least).map(|number| format!("property{number}"))).collect();
    for name in spare {
        if made.len() >= least {
            break;
        }
        if !made.contains_key(&name) && !forbids(facets, &name) {
            let ids = property(run.sampler.schemas, facets, &name);
            if let Ok(value) = run.value(&ids, &place.below(&name), None) {
                made.insert(name, value);
            }
        }
    }
    let required = required(run, facets);
    let most = facets.at_most("maxProperties").unwrap_or(usize::MAX);
    let surplus: Vec<String> =
        made.keys().rev().filter(|name| !required.contains(name)).take(made.len().saturating_sub(most)).cloned().collect();
    for name in surplus {
        made.shift_remove(&name);
    }
    if made.len() < least { place.fail("too few properties can be made") } else { Ok(()) }
}

/// The names that must be there and travel in this direction.
pub(super) fn required(run: &Run<'_>, facets: &Facets<'_>) -> Vec<String> {
    let schemas = run.sampler.schemas;
    let mut names: Vec<String> = Vec::new();
    for name in facets.all("required").filter_map(Value::as_array).flatten().filter_map(Value::as_str) {
        let hidden = || property(schemas, facets, name).iter().any(|id| run.sampler.is_hidden(id));
        if !names.iter().any(|known| known == name) && !hidden() {
            names.push(name.to_owned());
        }
    }
    names
}

/// The names under `properties`, in the order written.
pub(super) fn declared(schemas: &Schemas, facets: &Facets<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (id, _) in &facets.parts {
        for name in schemas.get(id).get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names
}

/// The schemas that a property must meet.
pub(super) fn property(schemas: &Schemas, facets: &Facets<'_>, name: &str) -> Vec<SchemaId> {
    let mut found = Vec::new();
    for (id, value) in &facets.parts {
        let own = schemas.below(id, &["properties", name]);
        let patterns: Vec<SchemaId> =
            patterns(value, name).filter_map(|pattern| schemas.below(id, &["patternProperties", pattern])).collect();
        if own.is_none() && patterns.is_empty() {
            found.extend(schemas.below(id, &["additionalProperties"]));
        }
        found.extend(own);
        found.extend(patterns);
    }
    found
}

/// Whether a schema has the name nowhere and allows no others.
pub(super) fn forbids(facets: &Facets<'_>, name: &str) -> bool {
    facets.parts.iter().any(|(_, value)| {
        let declared = value.get("properties").is_some_and(|properties| properties.get(name).is_some());
        value.get("additionalProperties") == Some(&Value::Bool(false)) && !declared && patterns(value, name).next().is_none()
    })
}

fn patterns<'v>(schema: &'v Value, name: &'v str) -> impl Iterator<Item = &'v str> {
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    patterns.into_iter().flatten().map(|(pattern, _)| pattern.as_str()).filter(move |pattern| text::matches(pattern, name))
}

/// An array with as many elements as are required, and more when the shape asks for them.
pub(super) fn array(run: &Run<'_>, facets: &Facets<'_>, place: &Place, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
    let liked = like.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let count = length(run, facets, place, liked.len())?;
    let mut made: Vec<Value> = Vec::new();
    for position in 0..count {
        let ids = element(run.sampler.schemas, facets, position);
        match one(run, facets, place, &ids, liked.get(position), &made) {
            Ok(value) => made.push(value),
            Err(_) if made.len() >= facets.at_least("minItems") => break,
            Err(problem) => return Err(problem),
        }
    }
    contain(run, facets, place, &mut made)?;
    Ok(Value::Array(made))
}

fn length(run: &Run<'_>, facets: &Facets<'_>, place: &Place, liked: usize) -> Result<usize, Unsatisfiable> {
    let least = facets.at_least("minItems");
    let most = facets.at_most("maxItems").unwrap_or(usize::MAX);
    if least > most.min(MOST) {
        return place.fail(format!("no array has at least {least} elements and at most {}", most.min(MOST)));
    }
    let more = run.includes(&place.below("0"), &element(run.sampler.schemas, facets, 0));
    Ok(match run.shape {
        Shape::Full if more => liked.max(1).clamp(least, most),
        Shape::Random(_) if more => run.rng(place, "length").random_range(least..=most.min(least.saturating_add(SPREAD))),
        _ => least,
    })
}

/// One element, unlike those before it where that is asked for.
fn one(
    run: &Run<'_>,
    facets: &Facets<'_>,
    place: &Place,
    ids: &[SchemaId],
    like: Option<&Value>,
    made: &[Value],
) -> Result<Value, Unsatisfiable> {
    let unique = facets.is_set("uniqueItems");
    let mut at = place.below(&made.len().to_string());
    for attempt in 0..32 {
        let like = like.filter(|_| attempt == 0);
        at.attempt = place.attempt + attempt;
        let value = run.value(ids, &at, like)?;
        if !unique || !made.contains(&value) {
            return Ok(value);
        }
    }
    at.fail("no further element is unlike those before it")
}

/// Replaces elements, from the last, by what `contains` asks for.
fn contain(run: &Run<'_>, facets: &Facets<'_>, place: &Place, made: &mut Vec<Value>) -> Result<(), Unsatisfiable> {
    let schemas = run.sampler.schemas;
    let wanted: Vec<(SchemaId, usize)> = facets
        .parts
        .iter()
        .filter_map(|(id, value)| {
            let least = value.get("minContains").and_then(Value::as_u64).and_then(|least| usize::try_from(least).ok()).unwrap_or(1);
            Some((schemas.below(id, &["contains"])?, least))
        })
        .collect();
    for (id, least) in wanted {
        let mut missing = least.saturating_sub(made.iter().filter(|value| run.sampler.accepts(&id, value)).count());
        let mut position = made.len();
        while missing > 0 {
            let ids = [element(schemas, facets, position), vec![id.clone()]].concat();
            let full = facets.at_most("maxItems").is_some_and(|most| made.len() >= most);
            position = if full { position.saturating_sub(1) } else { made.len() };
            let value = run.value(&ids, &place.below(&pointer::index("", missing)), None)?;
            match made.get_mut(position) {
                Some(old) => *old = value,
                None => made.push(value),
            }
            missing -= 1;
        }
    }
    Ok(())
}

/// The schemas that the element at a position must meet.
pub(super) fn element(schemas: &Schemas, facets: &Facets<'_>, position: usize) -> Vec<SchemaId> {
    let place = position.to_string();
    facets
        .parts
        .iter()
        .filter_map(|(id, _)| schemas.below(id, &["prefixItems", &place]).or_else(|| schemas.below(id, &["items"])))
        .collect()
}
