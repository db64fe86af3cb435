//! Arrays.

use std::sync::Arc;

use rand::RngExt;
use serde_json::Value;

use super::{
    Shape, Unsatisfiable,
    facets::Facets,
    place::Place,
    store::{Link, Node, Store},
    value::Run,
};
use crate::api::{SchemaId, Schemas};

/// How many elements a random array has beyond its minimum.
const SPREAD: usize = 3;
/// The most elements that are made to reach a minimum.
const MOST: usize = 2_000;
/// How often an element is made that is to be unlike the others.
const ATTEMPTS: u64 = 32;

/// What the schemas say of the elements of an array.
pub(super) struct Elements {
    /// The elements whose positions have schemas of their own, then the one for all others.
    nodes: Vec<Link>,
    least: usize,
    most: usize,
    unique: bool,
    wanted: Vec<Wanted>,
}

/// What `contains` asks for.
struct Wanted {
    id: SchemaId,
    least: usize,
    most: usize,
}

impl Elements {
    pub(super) fn new(store: &Store, facets: &Facets<'_>) -> Self {
        let tuple = facets.all("prefixItems").filter_map(Value::as_array).map(Vec::len).max().unwrap_or(0);
        let nodes = (0..=tuple).map(|position| Arc::downgrade(&store.node(element(&store.schemas, facets, position)))).collect();
        // Only what `prefixItems` names has been evaluated when no part has `items`.
        let closed = facets.all("unevaluatedItems").any(|value| *value == Value::Bool(false)) && !facets.has(&["items", "contains"]);
        let most = facets.at_most("maxItems").unwrap_or(usize::MAX);
        let count = |value: &Value, keyword: &str| value.get(keyword).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
        let wanted = facets.parts.iter().filter_map(|(id, value)| {
            let id = store.schemas.below(id, &["contains"])?;
            Some(Wanted { id, least: count(value, "minContains").unwrap_or(1), most: count(value, "maxContains").unwrap_or(usize::MAX) })
        });
        Self {
            nodes,
            least: facets.at_least("minItems"),
            most: if closed { most.min(tuple) } else { most },
            unique: facets.is_set("uniqueItems"),
            wanted: wanted.collect(),
        }
    }

    /// The nodes of the elements that must be there.
    pub(super) fn needed(&self) -> impl Iterator<Item = Arc<Node>> {
        (0..self.least.min(self.nodes.len())).filter_map(|position| self.node(position))
    }

    fn tuple(&self) -> usize {
        self.nodes.len() - 1
    }

    fn node(&self, position: usize) -> Option<Arc<Node>> {
        self.nodes.get(position).or(self.nodes.last())?.upgrade()
    }
}

/// An array with as many elements as are required, and more when the shape asks for them.
pub(super) fn array(run: &Run<'_>, elements: &Elements, place: &Place<'_>, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
    let liked = like.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let count = length(run, elements, place, liked.len())?;
    let mut made: Vec<Value> = Vec::with_capacity(count);
    for position in 0..count {
        match one(run, elements, place, liked.get(position), &made) {
            Ok(value) => made.push(value),
            Err(_) if made.len() >= elements.least => break,
            Err(problem) => return Err(problem),
        }
    }
    contain(run, elements, place, &mut made)?;
    Ok(Value::Array(made))
}

fn length(run: &Run<'_>, elements: &Elements, place: &Place<'_>, liked: usize) -> Result<usize, Unsatisfiable> {
    let (least, most) = (elements.least, elements.most);
    if least > most.min(MOST) {
        return place.fail(format!("no array has at least {least} elements and at most {}", most.min(MOST)));
    }
    let leads = elements.node(0).map(|node| node.leads.clone()).unwrap_or_default();
    let more = run.includes(&place.element(0), &leads);
    let tuple = elements.tuple();
    Ok(match run.shape {
        Shape::Full if more => liked.max(1).max(tuple).clamp(least, most),
        Shape::Random(_) if more => run.luck(place, "length").random_range(least..=most.min(least.saturating_add(SPREAD))),
        Shape::Lifelike(_) if more => {
            let usual = if tuple == 0 { run.luck(place, "length").random_range(1..=SPREAD) } else { tuple };
            usual.clamp(least, most)
        }
        // What tells branches apart may be in the elements.
        _ if more && place.round > 1 => least.max(1).min(most),
        _ => least,
    })
}

/// One element, unlike those before it where that is asked for, and no more of those that `contains` counts than it
/// allows.
fn one(run: &Run<'_>, elements: &Elements, place: &Place<'_>, like: Option<&Value>, made: &[Value]) -> Result<Value, Unsatisfiable> {
    let at = place.element(made.len());
    let Some(node) = elements.node(made.len()) else { return at.fail("the schema is gone") };
    let fits = |value: &Value| {
        let counts = |wanted: &Wanted, value: &Value| run.store.accepts(&wanted.id, value);
        let is_full = |wanted: &&Wanted| {
            wanted.most < usize::MAX && made.iter().filter(|value| counts(wanted, value)).count() >= wanted.most && counts(wanted, value)
        };
        let is_double = elements.unique && made.contains(value);
        !is_double && !elements.wanted.iter().any(|wanted| is_full(&wanted))
    };
    for attempt in 0..ATTEMPTS {
        let value = run.value(&node, &at.again(attempt, attempt), like.filter(|_| attempt == 0))?;
        if fits(&value) {
            return Ok(value);
        }
    }
    at.fail("no further element is unlike those before it")
}

/// Replaces elements, from the last, by what `contains` asks for.
fn contain(run: &Run<'_>, elements: &Elements, place: &Place<'_>, made: &mut Vec<Value>) -> Result<(), Unsatisfiable> {
    for wanted in &elements.wanted {
        let there = made.iter().filter(|value| run.store.accepts(&wanted.id, value)).count();
        let missing = wanted.least.saturating_sub(there);
        if missing > elements.most.min(MOST) {
            return place.fail(format!("no array has {} elements of a kind and at most {}", wanted.least, elements.most.min(MOST)));
        }
        let mut position = made.len();
        for number in 0..missing {
            let is_full = made.len() >= elements.most;
            position = if is_full { position.saturating_sub(1) } else { made.len() };
            let ids = elements.node(position).map(|node| node.ids.clone()).unwrap_or_default();
            let node = run.store.node([ids, vec![wanted.id.clone()]].concat());
            let at = place.element(position).again(u64::try_from(number).unwrap_or_default(), 0);
            let value = run.value(&node, &at, None)?;
            match made.get_mut(position) {
                Some(old) => *old = value,
                None => made.push(value),
            }
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
