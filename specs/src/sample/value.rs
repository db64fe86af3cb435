//! One value of schemas that must all hold.

use std::cell::Cell;

use rand::Rng;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use serde_json::{Value, json};

use super::{Sampler, Shape, Unsatisfiable, facets::Facets, number, object, text};
use crate::{api::SchemaId, pointer};

/// How often a place is tried with other branches and other luck.
const ATTEMPTS: u64 = 24;
/// Places that one value may have, failed attempts included.
const BUDGET: u32 = 50_000;
/// How deep a value may be.
const DEEPEST: usize = 40;
/// From this depth on, only what is required is made.
const DEEP: usize = 6;
/// Keywords that the builder does not follow, or not with certainty: the validator decides.
const UNCERTAIN: [&str; 16] = [
    "not",
    "if",
    "oneOf",
    "anyOf",
    "pattern",
    "format",
    "contains",
    "propertyNames",
    "patternProperties",
    "dependentSchemas",
    "dependentRequired",
    "unevaluatedProperties",
    "unevaluatedItems",
    "multipleOf",
    "uniqueItems",
    "enum",
];

/// The making of one value.
pub(super) struct Run<'a> {
    pub(super) sampler: &'a Sampler<'a>,
    pub(super) shape: Shape,
    budget: Cell<u32>,
}

/// A place in the value that is made.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) pointer: String,
    pub(super) depth: usize,
    /// The attempt at this place: other attempts, other luck.
    pub(super) attempt: u64,
    /// The schemas that this place lies in, to notice recursion.
    inside: Vec<SchemaId>,
}

impl Place {
    /// The place of a property or element.
    pub(super) fn below(&self, token: &str) -> Self {
        Self { pointer: pointer::join(&self.pointer, token), depth: self.depth + 1, attempt: self.attempt, inside: self.inside.clone() }
    }

    /// That there is no value at this place.
    pub(super) fn fail<T>(&self, reason: impl Into<String>) -> Result<T, Unsatisfiable> {
        Err(Unsatisfiable { pointer: self.pointer.clone(), reason: reason.into() })
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(sampler: &'a Sampler<'a>, shape: Shape) -> Self {
        Self { sampler, shape, budget: Cell::new(BUDGET) }
    }

    /// A value of a whole schema, checked as a whole.
    pub(super) fn top(&self, id: &SchemaId, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        let place = Place { pointer: String::new(), depth: 0, attempt: 0, inside: Vec::new() };
        let mut problem = None;
        for attempt in 0..4 {
            let value = self.value(std::slice::from_ref(id), &Place { attempt: attempt * ATTEMPTS, ..place.clone() }, like)?;
            match self.sampler.validators.get(id, self.sampler.direction) {
                Ok(validator) if validator.is_valid(&value) => return Ok(value),
                Ok(validator) => problem = validator.violations(&value).into_iter().next().map(|violation| violation.message),
                Err(reason) => return place.fail(reason),
            }
        }
        place.fail(format!("what was built does not pass: {}", problem.unwrap_or_default()))
    }

    /// A value that all these schemas accept.
    pub(super) fn value(&self, ids: &[SchemaId], place: &Place, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        if place.depth > DEEPEST {
            return place.fail("the schema requires itself without end");
        }
        let mut first = None;
        for attempt in 0..ATTEMPTS {
            let Some(budget) = self.budget.get().checked_sub(1) else { return place.fail("the schema is too large to sample") };
            self.budget.set(budget);
            let mut choices = Choices { left: attempt, run: self, place };
            let facets = Facets::join(self.sampler.schemas, ids, &mut |branches| choices.choose(branches));
            let mut at = place.clone();
            at.attempt += attempt;
            at.inside.extend(facets.parts.iter().map(|(id, _)| id.clone()).filter(|id| id.component().is_some()));
            let uncertain = facets.has(&UNCERTAIN);
            match self.attempt(ids, &facets, &at, like) {
                Ok(value) if !uncertain || ids.iter().all(|id| self.sampler.accepts(id, &value)) => return Ok(value),
                Ok(_) => {}
                Err(problem) => _ = first.get_or_insert(problem),
            }
            if !uncertain && !facets.has_choices {
                break;
            }
        }
        Err(first.unwrap_or_else(|| Unsatisfiable {
            pointer: place.pointer.clone(),
            reason: "no value was found that passes the schema".to_owned(),
        }))
    }

    /// A value for one choice of branches, with what `if` makes of it.
    fn attempt(&self, ids: &[SchemaId], facets: &Facets<'a>, place: &Place, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        let value = self.by_facets(facets, place, like)?;
        let implied: Vec<SchemaId> = self.implied(facets, &value).into_iter().filter(|id| !ids.contains(id)).collect();
        if implied.is_empty() {
            return Ok(value);
        }
        let all = [ids, &implied].concat();
        self.value(&all, &Place { depth: place.depth + 1, ..place.clone() }, Some(&value))
    }

    /// The `then` or `else` schemas that this value calls for.
    pub(super) fn implied(&self, facets: &Facets<'_>, value: &Value) -> Vec<SchemaId> {
        let schemas = self.sampler.schemas;
        facets
            .parts
            .iter()
            .filter_map(|(id, _)| {
                let condition = schemas.below(id, &["if"])?;
                let branch = if self.sampler.accepts(&condition, value) { "then" } else { "else" };
                schemas.below(id, &[branch])
            })
            .collect()
    }

    fn by_facets(&self, facets: &Facets<'a>, place: &Place, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        if facets.is_never() {
            return place.fail("the schema allows nothing");
        }
        if let Some(options) = facets.options() {
            return self.option(facets, &options, place, like);
        }
        let kept = like.or_else(|| self.offer(facets, place));
        match self.kind(facets, place, kept)? {
            "null" => Ok(Value::Null),
            "boolean" => Ok(kept.filter(|value| value.is_boolean()).cloned().unwrap_or_else(|| self.boolean(place))),
            "integer" | "number" => number::sample(self, facets, place, kept),
            "string" => text::sample(self, facets, place, kept),
            "array" => object::array(self, facets, place, kept),
            _ => object::object(self, facets, place, kept),
        }
    }

    /// What the schemas themselves offer; a random value takes it seldom.
    fn offer(&self, facets: &Facets<'a>, place: &Place) -> Option<&'a Value> {
        if matches!(self.shape, Shape::Random(_)) && self.rng(place, "offer").random_range(0..4) > 0 {
            return None;
        }
        facets.offers().find(|offer| !offer.is_null() && facets.parts.iter().all(|(id, _)| self.sampler.accepts(id, offer)))
    }

    /// One of the values that `const` and `enum` leave.
    fn option(&self, facets: &Facets<'_>, options: &[&Value], place: &Place, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        let allowed: Vec<&Value> = options.iter().copied().filter(|value| fits_types(facets, value)).collect();
        let valued: Vec<&Value> = allowed.iter().copied().filter(|value| !value.is_null()).collect();
        let pool = if valued.is_empty() { allowed } else { valued };
        if pool.is_empty() {
            return place.fail("the schemas allow no common value");
        }
        let liked = like.or_else(|| facets.offers().next()).filter(|value| pool.contains(value));
        let position = match self.shape {
            Shape::Random(_) => self.rng(place, "option").random_range(0..pool.len()),
            _ => usize::try_from(place.attempt).unwrap_or_default() % pool.len(),
        };
        Ok(liked.filter(|_| place.attempt == 0 && !matches!(self.shape, Shape::Random(_))).unwrap_or(pool[position]).clone())
    }

    /// The type to build: that of the liked value when allowed, else the first that is not `null`.
    fn kind(&self, facets: &Facets<'a>, place: &Place, like: Option<&Value>) -> Result<&'a str, Unsatisfiable> {
        let Some(types) = facets.types() else { return Ok(like.map_or_else(|| implied_type(facets), type_of)) };
        let Some(first) = types.first() else { return place.fail("the schemas allow no common type") };
        if let Shape::Random(_) = self.shape {
            let null = types.contains(&"null") && self.rng(place, "null").random_range(0..5) == 0;
            if null || types.len() > 1 && place.depth > DEEP && types.contains(&"null") {
                return Ok("null");
            }
        }
        let liked = like.filter(|value| !value.is_null()).map(type_of);
        let same = liked.and_then(|liked| types.iter().find(|kind| **kind == liked || **kind == "number" && liked == "integer"));
        Ok(same.or_else(|| types.iter().find(|kind| **kind != "null")).unwrap_or(first))
    }

    fn boolean(&self, place: &Place) -> Value {
        match self.shape {
            Shape::Random(_) => self.rng(place, "boolean").random_bool(0.5).into(),
            _ => true.into(),
        }
    }

    /// Whether what is optional is made at this place.
    pub(super) fn includes(&self, place: &Place, ids: &[SchemaId]) -> bool {
        let recursive = || ids.iter().any(|id| place.inside.contains(&self.sampler.schemas.resolve(id).0));
        match self.shape {
            Shape::Minimal => false,
            Shape::Full => place.depth <= DEEP && !recursive(),
            Shape::Random(_) => place.depth <= DEEP && self.rng(place, "include").random_bool(0.5),
        }
    }

    /// The randomness of a place, for one purpose.
    pub(super) fn rng(&self, place: &Place, purpose: &str) -> ChaCha8Rng {
        let number = match self.shape {
            Shape::Minimal | Shape::Full => 0,
            Shape::Random(number) => number + 1,
        };
        let attempt = place.attempt;
        let text = format!("{} {number} {attempt} {purpose} {}", self.sampler.seed, place.pointer);
        ChaCha8Rng::seed_from_u64(fnv(text.as_bytes()))
    }
}

/// Takes branches by counting: each attempt is a number whose digits, in mixed radix, are the branches.
struct Choices<'r, 'a> {
    left: u64,
    run: &'r Run<'a>,
    place: &'r Place,
}

impl Choices<'_, '_> {
    fn choose(&mut self, branches: &[SchemaId]) -> Option<usize> {
        let schemas = self.run.sampler.schemas;
        let is_null = |id: &SchemaId| schemas.resolve(id).1.get("type").and_then(Value::as_str) == Some("null");
        let is_deep = |id: &SchemaId| self.place.inside.contains(&schemas.resolve(id).0);
        let mut order: Vec<usize> = (0..branches.len()).collect();
        if let Shape::Random(_) = self.run.shape {
            let start = self.run.rng(self.place, branches.first()?.pointer()).random_range(0..order.len().max(1));
            order.rotate_left(start);
        } else {
            order.sort_by_key(|position| (is_deep(&branches[*position]), is_null(&branches[*position])));
        }
        let count = u64::try_from(order.len()).ok().filter(|count| *count > 0)?;
        let digit = usize::try_from(self.left % count).ok()?;
        self.left /= count;
        order.get(digit).copied()
    }
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

fn fits_types(facets: &Facets<'_>, value: &Value) -> bool {
    let kind = type_of(value);
    facets.types().is_none_or(|types| types.contains(&kind) || kind == "integer" && types.contains(&"number"))
}

/// What a schema without `type` is about.
fn implied_type(facets: &Facets<'_>) -> &'static str {
    const HINTS: [(&str, &[&str]); 4] = [
        ("object", &["properties", "required", "additionalProperties", "minProperties", "maxProperties", "patternProperties"]),
        ("array", &["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"]),
        ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
        ("string", &["pattern", "format", "minLength", "maxLength"]),
    ];
    HINTS.into_iter().find(|(_, keywords)| facets.has(keywords)).map_or("string", |(kind, _)| kind)
}

/// FNV-1a: short, and the same on every release of the standard library, which its own hasher does not promise.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
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
