//! Values from schemas: valid ones of three sizes, and nearly valid ones that break one rule each.
//!
//! A value is built from what the schema says (and prefers the schema's own example), then put before the schema's
//! validator. So what the builder cannot know (`not`, a pattern with look-around, two branches of `oneOf` that both
//! fit) costs another attempt and never a wrong value. What cannot be built is an [`Unsatisfiable`] with its reason.
//!
//! The same schema, direction and seed give the same values, in any order of calls: the randomness of a place
//! depends on the seed and its JSON pointer alone. A generator without a validator behind it was tried on paper and
//! rejected, because "probably valid" makes every failing test a question about the test.

mod array;
mod edge;
mod estrange;
mod facets;
mod format;
mod hint;
mod joint;
mod lifelike;
mod luck;
mod names;
mod nearly;
mod number;
mod object;
mod pattern;
mod place;
mod store;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod walk;
mod wrong;

use std::{fmt, sync::Arc};

use serde_json::Value;

pub use edge::{Bound, Edge, is_prose};
pub use nearly::{Nearly, Rule};

use crate::{
    api::{Direction, SchemaId, Schemas},
    validate::Validators,
};
use store::{Node, Store};
use value::Run;

/// How much a valid value holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Only what is required.
    Minimal,
    /// Every property that is declared, once: recursion stops where a schema would contain itself.
    Full,
    /// Anything that is valid, what is unusual too; another one for each number.
    Random(u64),
    /// What a person would expect to see, with nearly every property; another one for each number.
    Lifelike(u64),
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsatisfiable {
    /// JSON pointer of the place in the value.
    pub pointer: String,
    /// A lower-case fragment without a period.
    pub reason: String,
}

impl fmt::Display for Unsatisfiable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => f.write_str(&self.reason),
            pointer => write!(f, "`{pointer}`: {}", self.reason),
        }
    }
}

impl std::error::Error for Unsatisfiable {}

/// Makes values of one document's schemas, for one direction. Cheap to clone; what it learns of the schemas is kept
/// and shared by its clones.
#[derive(Clone)]
pub struct Sampler {
    store: Arc<Store>,
    seed: u64,
}

/// Makes values of one schema, over and over: what a [`Sampler`] would look up each time is at hand.
#[derive(Clone)]
pub struct Plan {
    store: Arc<Store>,
    id: SchemaId,
    node: Arc<Node>,
    seed: u64,
}

impl Sampler {
    /// A sampler; the same arguments give the same values.
    #[must_use]
    pub fn new(schemas: &Schemas, validators: &Validators, direction: Direction, seed: u64) -> Self {
        Self { store: Arc::new(Store::new(schemas, validators, direction)), seed }
    }

    /// A valid value of this shape. Where `like` has a value that is valid, it is kept.
    ///
    /// # Errors
    /// When the schema allows nothing, or nothing that was found within a bounded effort.
    pub fn sample(&self, id: &SchemaId, shape: Shape, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        let node = self.store.node(vec![id.clone()]);
        Run::new(&self.store, self.seed, shape).top(id, &node, like)
    }

    /// A plan to make many values of one schema.
    #[must_use]
    pub fn plan(&self, id: &SchemaId) -> Plan {
        Plan { store: Arc::clone(&self.store), id: id.clone(), node: self.store.node(vec![id.clone()]), seed: self.seed }
    }

    /// A valid value with only what is required.
    ///
    /// # Errors
    /// As [`Self::sample`].
    pub fn minimal(&self, id: &SchemaId) -> Result<Value, Unsatisfiable> {
        self.sample(id, Shape::Minimal, None)
    }

    /// A valid value with every property.
    ///
    /// # Errors
    /// As [`Self::sample`].
    pub fn full(&self, id: &SchemaId) -> Result<Value, Unsatisfiable> {
        self.sample(id, Shape::Full, None)
    }

    /// The `number`-th random valid value.
    ///
    /// # Errors
    /// As [`Self::sample`].
    pub fn random(&self, id: &SchemaId, number: u64) -> Result<Value, Unsatisfiable> {
        self.sample(id, Shape::Random(number), None)
    }

    /// Values that differ from `base`, which is valid, in one place, and break one rule there. A rule that is
    /// declared at a place of `base` and cannot be broken alone comes with the reason instead of a value.
    #[must_use]
    pub fn nearly_valid(&self, id: &SchemaId, base: &Value) -> Vec<Nearly> {
        nearly::all(self, id, base)
    }

    /// Values that differ from `base`, which is valid, in one place, and are valid there only just.
    #[must_use]
    pub fn edges(&self, id: &SchemaId, base: &Value) -> Vec<Edge> {
        edge::all(self, id, base)
    }
}

impl Plan {
    /// A valid value of this shape; the same that [`Sampler::sample`] makes.
    ///
    /// # Errors
    /// As [`Sampler::sample`].
    pub fn sample(&self, shape: Shape) -> Result<Value, Unsatisfiable> {
        Run::new(&self.store, self.seed, shape).top(&self.id, &self.node, None)
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("id", &self.id).field("seed", &self.seed).finish_non_exhaustive()
    }
}
