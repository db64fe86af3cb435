//! Values from schemas: valid ones of three sizes, and nearly valid ones that break one rule each.
//!
//! A value is built from what the schema says (and prefers the schema's own example), then put before the schema's
//! validator. So what the builder cannot know (`not`, a pattern with look-around, two branches of `oneOf` that both
//! fit) costs another attempt and never a wrong value. What cannot be built is an [`Unsatisfiable`] with its reason.
//!
//! The same schema, direction and seed give the same values, in any order of calls: the randomness of a place
//! depends on the seed and its JSON pointer alone. A generator without a validator behind it was tried on paper and
//! rejected, because "probably valid" makes every failing test a question about the test.

mod edge;
mod facets;
mod nearly;
mod number;
mod object;
mod pattern;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod walk;
mod wrong;

use std::fmt;

use serde_json::Value;

pub use edge::{Bound, Edge};
pub use nearly::{Nearly, Rule};

use crate::{
    api::{Direction, SchemaId, Schemas},
    validate::Validators,
};

/// How much a valid value holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Only what is required.
    Minimal,
    /// Every property that is declared, once: recursion stops where a schema would contain itself.
    Full,
    /// Anything that is valid; another one for each number.
    Random(u64),
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

/// Makes values of one document's schemas, for one direction.
#[derive(Clone, Copy)]
pub struct Sampler<'a> {
    schemas: &'a Schemas,
    validators: &'a Validators,
    direction: Direction,
    seed: u64,
}

impl<'a> Sampler<'a> {
    /// A sampler; the same arguments give the same values.
    #[must_use]
    pub fn new(schemas: &'a Schemas, validators: &'a Validators, direction: Direction, seed: u64) -> Self {
        Self { schemas, validators, direction, seed }
    }

    /// A valid value of this shape. Where `like` has a value that is valid, it is kept.
    ///
    /// # Errors
    /// When the schema allows nothing, or nothing that was found within a bounded effort.
    pub fn sample(&self, id: &SchemaId, shape: Shape, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        value::Run::new(self, shape).top(id, like)
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

    fn accepts(&self, id: &SchemaId, value: &Value) -> bool {
        self.validators.get(id, self.direction).is_ok_and(|validator| validator.is_valid(value))
    }

    /// Whether a property with this schema does not travel in this direction.
    fn is_hidden(&self, id: &SchemaId) -> bool {
        let keyword = match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let says = |schema: &Value| schema.get(keyword).and_then(Value::as_bool).unwrap_or_default();
        says(self.schemas.get(id)) || says(self.schemas.resolve(id).1)
    }
}
