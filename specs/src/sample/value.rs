//! One value of schemas that must all hold.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use rand::RngExt;
use serde_json::{Value, json};

use super::{
    Shape, Unsatisfiable, array,
    estrange::estrange,
    joint::{Doubt, Joint},
    luck::{self, Luck},
    number, object,
    place::Place,
    store::{Node, Store},
    text,
};
use crate::api::SchemaId;

/// How often a place is tried with other branches and other luck.
const ATTEMPTS: usize = 24;
const MOST_ATTEMPTS: usize = 96;
/// Places that one value may have, failed attempts included.
const BUDGET: u32 = 20_000;
/// Places that another try at the whole value may have.
const SECOND_BUDGET: u32 = 4_000;
/// Places after which nothing more is made that is optional.
const ENOUGH: u32 = 1_500;
const ENOUGH_LIFELIKE: u32 = 300;
/// How deep a value may be.
const DEEPEST: usize = 40;
/// From this depth on, only what is required is made.
pub(super) const DEEP: usize = 6;
const DEEP_LIFELIKE: usize = 4;
/// What the attempts of one round at the top have in common, so that no two rounds share their luck.
const ROUND: u64 = 1_000;
/// The types in the order in which they are tried where a schema says nothing.
const ANY: [&str; 6] = ["string", "integer", "object", "array", "boolean", "null"];

/// The making of one value.
pub(super) struct Run<'a> {
    pub(super) store: &'a Store,
    pub(super) shape: Shape,
    /// The seed and the shape's number.
    base: u64,
    /// The doubt from which a place is checked at once.
    checked_from: Cell<Doubt>,
    /// The places that may be made, and those that were.
    budget: Cell<u32>,
    spent: Cell<u32>,
    /// How often a node had no value: what failed before is not tried as long again.
    failed: RefCell<HashMap<usize, u32>>,
}

impl<'a> Run<'a> {
    pub(super) fn new(store: &'a Store, seed: u64, shape: Shape) -> Self {
        let number = match shape {
            Shape::Minimal | Shape::Full => 0,
            Shape::Random(number) => number.wrapping_mul(2).wrapping_add(1),
            Shape::Lifelike(number) => number.wrapping_mul(2).wrapping_add(2),
        };
        Self {
            store,
            shape,
            base: luck::mix(seed, number),
            checked_from: Cell::new(Doubt::Much),
            budget: Cell::new(BUDGET),
            spent: Cell::new(0),
            failed: RefCell::default(),
        }
    }

    /// A value of a whole schema, checked as a whole. At first only what is doubtful is checked on the way; when the
    /// whole does not pass, every place is.
    pub(super) fn top(&self, id: &SchemaId, node: &Node, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        let mut problem = None;
        for (round, variation) in [0, 0, 3, 2, 5, 6].into_iter().enumerate() {
            self.checked_from.set(if round == 0 { Doubt::Much } else { Doubt::Little });
            self.budget.set(if round == 0 { BUDGET } else { SECOND_BUDGET });
            self.spent.set(0);
            let place = Place::top(u64::try_from(round).unwrap_or_default() * ROUND, variation);
            let validator = self.store.validator(id).or_else(|reason| place.fail(reason))?;
            match self.value(node, &place, like) {
                Ok(value) if validator.is_valid(&value) => return Ok(value),
                Ok(value) => problem = problem.or_else(|| refusal(&validator, &value)),
                Err(reason) if round > 1 => return Err(problem.unwrap_or(reason)),
                Err(reason) => _ = problem.get_or_insert(reason),
            }
        }
        Err(problem.unwrap_or_else(nothing))
    }

    /// A value that all schemas of the node accept.
    pub(super) fn value(&self, node: &Node, place: &Place<'_>, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        if place.depth > DEEPEST {
            return place.fail("the schema requires itself without end");
        }
        let alternatives = node.alternatives(self.store);
        let count = alternatives.len().max(1);
        let (mut first, mut refused) = (None, None);
        for attempt in 0..self.attempts(node, count) {
            self.spend(place)?;
            let Some(joint) = self.pick(alternatives, attempt, place) else { break };
            let (number, rounds) = (u64::try_from(attempt).unwrap_or_default(), u64::try_from(attempt / count).unwrap_or_default());
            let at = place.again(number, rounds).of(&joint.inside);
            match self.attempt(node, joint, &at, like) {
                Ok(value) if joint.doubt < self.checked_from.get() || node.accepts(self.store, &value) => return Ok(value),
                Ok(value) => refused = Some((joint, value)),
                Err(problem) => _ = first.get_or_insert(problem),
            }
            if count == 1 && joint.doubt == Doubt::None {
                break;
            }
        }
        if let Some(value) = refused.and_then(|(joint, value)| estrange(self.store, node, joint, value)) {
            return Ok(value);
        }
        Err(first
            .unwrap_or_else(|| Unsatisfiable { pointer: place.pointer(), reason: "no value was found that passes the schema".to_owned() }))
    }

    /// How often a node is tried, of which each of its combinations is given its turns.
    fn attempts(&self, node: &Node, combinations: usize) -> usize {
        let failed = self.failed.borrow();
        // Nothing has failed nearly always.
        let times = if failed.is_empty() { 0 } else { failed.get(&identity(node)).copied().unwrap_or_default() };
        let usual = ATTEMPTS.max(4 * combinations).min(MOST_ATTEMPTS);
        if times == 0 { usual } else { (usual >> times.min(5)).max(combinations.min(4)) }
    }

    fn spend(&self, place: &Place<'_>) -> Result<(), Unsatisfiable> {
        self.spent.set(self.spent.get() + 1);
        if self.spent.get() > self.budget.get() { place.fail("the schema is too large to sample") } else { Ok(()) }
    }

    /// The combination of branches for an attempt: each in turn, from one that the shape prefers.
    fn pick<'j>(&self, alternatives: &'j [Joint], attempt: usize, place: &Place<'_>) -> Option<&'j Joint> {
        if alternatives.len() < 2 {
            return alternatives.first();
        }
        let mut order: Vec<usize> = (0..alternatives.len()).collect();
        if matches!(self.shape, Shape::Random(_) | Shape::Lifelike(_)) {
            let start = self.luck(place, "branch").random_range(0..order.len());
            order.rotate_left(start);
        }
        if !matches!(self.shape, Shape::Random(_)) || place.depth > DEEP {
            order.sort_by_cached_key(|position| {
                let joint = &alternatives[*position];
                let is_within = place.is_within(&joint.inside);
                // What may go on without end takes the shortest way out.
                let height = if is_within || place.depth > DEEP { joint.height(self.store) } else { 0 };
                (is_within, height, joint.is_null())
            });
        }
        alternatives.get(order[attempt % order.len()])
    }

    /// A value for one combination of branches, with what `if` makes of it.
    fn attempt(&self, node: &Node, joint: &Joint, place: &Place<'_>, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        let value = self.by_joint(joint, place, like)?;
        if !joint.has_conditions {
            return Ok(value);
        }
        let mut implied = implied(self.store, &joint.facets(self.store).parts, &value);
        implied.retain(|id| !node.ids.contains(id));
        if implied.is_empty() {
            return Ok(value);
        }
        let all = self.store.node([node.ids.as_slice(), &implied].concat());
        self.value(&all, &place.deeper(), Some(&value))
    }

    fn by_joint(&self, joint: &Joint, place: &Place<'_>, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        if joint.allows_nothing() {
            return place.fail("the schema allows nothing");
        }
        if let Some(options) = &joint.options {
            return self.option(joint, options, place, like);
        }
        let kept = like.or_else(|| self.offer(joint, place));
        match self.kind(joint, place, kept)? {
            "null" => Ok(Value::Null),
            "boolean" => Ok(kept.filter(|value| value.is_boolean() && place.round == 0).cloned().unwrap_or_else(|| self.boolean(place))),
            "integer" | "number" => number::sample(self, joint.limits(self.store), place, kept),
            "string" => text::sample(self, joint.text(self.store), place, kept),
            "array" => array::array(self, joint.elements(self.store), place, kept),
            _ => object::object(self, joint.members(self.store), place, kept),
        }
    }

    /// What the schemas themselves offer; a value that is to vary takes it now and then.
    fn offer<'j>(&self, joint: &'j Joint, place: &Place<'_>) -> Option<&'j Value> {
        if place.round > 0 {
            return None;
        }
        match self.shape {
            Shape::Random(_) if self.luck(place, "offer").random_range(0..4) > 0 => None,
            Shape::Lifelike(_) => {
                let offer = joint.offers(self.store).first()?;
                (!offer.is_object() && !offer.is_array() && self.luck(place, "offer").random_range(0..4) == 0).then_some(offer)
            }
            _ => joint.offers(self.store).first(),
        }
    }

    /// One of the values that `const` and `enum` leave.
    fn option(&self, joint: &Joint, options: &[Value], place: &Place<'_>, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        let valued = options.iter().filter(|value| !value.is_null()).count();
        let pool = || options.iter().filter(|value| valued == 0 || !value.is_null());
        let count = if valued == 0 { options.len() } else { valued };
        if count == 0 {
            return place.fail("the schemas allow no common value");
        }
        let varies = matches!(self.shape, Shape::Random(_) | Shape::Lifelike(_));
        if place.round == 0 && !varies {
            let liked = like.or_else(|| joint.offers(self.store).first());
            if let Some(liked) = liked.filter(|value| pool().any(|option| option == *value)) {
                return Ok(liked.clone());
            }
        }
        let position = if varies {
            self.luck(place, "option").random_range(0..count)
        } else {
            usize::try_from(place.attempt).unwrap_or_default() % count
        };
        Ok(pool().nth(position).cloned().unwrap_or_default())
    }

    /// The type to build: that of the liked value when allowed, else the first that is not `null`.
    fn kind(&self, joint: &Joint, place: &Place<'_>, like: Option<&Value>) -> Result<&'static str, Unsatisfiable> {
        let round = usize::try_from(place.round).unwrap_or_default();
        let Some(types) = &joint.types else {
            let first = like.map(type_of).or(joint.implied).unwrap_or(place.hint.kind());
            let others = || ANY.into_iter().filter(|kind| *kind != first);
            return Ok(if round < 2 { first } else { others().nth(round % ANY.len()).unwrap_or(first) });
        };
        let Some(first) = types.first() else { return place.fail("the schemas allow no common type") };
        if let Some(null) = self.null(types, place) {
            return Ok(null);
        }
        if round > 1 {
            return Ok(types[round % types.len()]);
        }
        let liked = like.filter(|value| !value.is_null()).map(type_of);
        let same = liked.and_then(|liked| types.iter().find(|kind| **kind == liked || **kind == "number" && liked == "integer"));
        Ok(same.or_else(|| types.iter().find(|kind| **kind != "null")).unwrap_or(first))
    }

    /// Null, where it is allowed, now and then and to come to an end.
    fn null(&self, types: &[&'static str], place: &Place<'_>) -> Option<&'static str> {
        let odds = match self.shape {
            Shape::Random(_) => 5,
            Shape::Lifelike(_) => 12,
            Shape::Minimal | Shape::Full => return None,
        };
        let null = types.iter().find(|kind| **kind == "null")?;
        let ends = types.len() > 1 && place.depth > DEEP;
        (ends || self.luck(place, "null").random_range(0..odds) == 0).then_some(null)
    }

    fn boolean(&self, place: &Place<'_>) -> Value {
        match self.shape {
            Shape::Random(_) | Shape::Lifelike(_) => self.luck(place, "boolean").random_bool(0.5).into(),
            _ => place.attempt.is_multiple_of(2).into(),
        }
    }

    /// Whether what is optional is made at this place, which these components stand at.
    pub(super) fn includes(&self, place: &Place<'_>, leads: &[SchemaId]) -> bool {
        let coin = || self.luck(place, "include").random_bool(0.5);
        let is_new = || !place.is_within(leads);
        let wanted = match (self.shape, place.round) {
            (Shape::Minimal, 0..=3) => return false,
            (Shape::Full, 0 | 1) => true,
            (Shape::Lifelike(_), 0 | 1) => place.depth <= DEEP_LIFELIKE,
            (_, 3) => false,
            _ => coin(),
        };
        let enough = if matches!(self.shape, Shape::Lifelike(_)) { ENOUGH_LIFELIKE } else { ENOUGH };
        wanted && place.depth <= DEEP && self.spent.get() < enough && (matches!(self.shape, Shape::Random(_)) || is_new())
    }

    /// The luck of a place, for one purpose.
    pub(super) fn luck(&self, place: &Place<'_>, purpose: &str) -> Luck {
        let place = luck::mix(place.hash, place.attempt);
        Luck::new(luck::mix(self.base, place) ^ luck::fnv(purpose))
    }
}

/// The `then`, `else` and `dependentSchemas` that this value calls for.
pub(super) fn implied(store: &Store, parts: &[(SchemaId, &Value)], value: &Value) -> Vec<SchemaId> {
    let mut found = Vec::new();
    for (id, part) in parts {
        if let Some(condition) = store.schemas.below(id, &["if"]) {
            let branch = if store.accepts(&condition, value) { "then" } else { "else" };
            found.extend(store.schemas.below(id, &[branch]));
        }
        for (name, _) in part.get("dependentSchemas").and_then(Value::as_object).into_iter().flatten() {
            if value.get(name).is_some() {
                found.extend(store.schemas.below(id, &["dependentSchemas", name]));
            }
        }
    }
    found
}

/// What tells nodes apart while they live.
fn identity(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}

fn refusal(validator: &crate::validate::Validator, value: &Value) -> Option<Unsatisfiable> {
    let violation = validator.violations(value).into_iter().next()?;
    Some(Unsatisfiable { pointer: violation.instance, reason: format!("what was built does not pass: {}", violation.message) })
}

fn nothing() -> Unsatisfiable {
    Unsatisfiable { pointer: String::new(), reason: "no value was found that passes the schema".to_owned() }
}

/// The JSON type of a value, `integer` for whole numbers.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A value of each JSON type, for places where a schema says nothing.
pub(super) fn any_of_type(kind: &str) -> Value {
    match kind {
        "null" => Value::Null,
        "boolean" => json!(true),
        "integer" => json!(7),
        "number" => json!(7.5),
        "array" => json!([]),
        "object" => json!({}),
        _ => json!("text"),
    }
}
