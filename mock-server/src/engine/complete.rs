//! Completing what was sent to what the document asks of an item, so that what is stored can be shown.
//!
//! A request says less than an answer, and sometimes something else: an id where the answer has an object, text where it has a
//! list. What an item cannot hold is left out; what it needs and nobody said is what an example says, else the least
//! that is valid. It is made once, with the row, so that every read says the same.

use serde_json::{Map, Value};
use specs::{
    Api,
    api::{Direction, SchemaId},
    sample::Shape,
    validate::Validators,
};

use super::{compile::Engine, fields::Fields, kind::Kind};

/// What a needed property is likely to hold when nobody says: text and objects as an example has them. Numbers count,
/// and flags are raised, for somebody's reason; a word of several is the first of them.
pub(super) fn likely(api: &Api, validators: &Validators, schema: &SchemaId, shown: Option<&Value>) -> Option<Value> {
    let value = api.schemas.resolve(schema).1;
    if value.get("enum").is_some() {
        return None;
    }
    let own = value.get("example").into_iter().chain(value.get("examples").and_then(Value::as_array).into_iter().flatten());
    let validator = validators.get(schema, Direction::Response).ok()?;
    let mut fitting = own.chain(shown).filter(|value| value.is_string() || value.is_object());
    fitting.find(|value| validator.is_valid(value)).cloned()
}

impl Kind {
    /// What of a value the property can hold: the whole value completed, or nothing.
    pub(super) fn fitted(&self, engine: &Engine, name: &str, value: &Value) -> Option<Value> {
        let is_composed = value.is_object() || value.is_array();
        let schema = self.schema_of(name).filter(|_| is_composed)?;
        let fitted = engine.sampler.sample(schema, Shape::Minimal, Some(value)).ok()?;
        // A value of another kind is no completion of what was sent.
        (fitted.is_object() == value.is_object() && keeps(&fitted, value)).then_some(fitted)
    }

    /// The row with what it lacks.
    pub(super) fn whole(&self, engine: &Engine, row: &Fields<'_>) -> Option<Map<String, Value>> {
        let row = row.to_value();
        let whole = engine.sampler.sample(self.schema.as_ref()?, Shape::Minimal, Some(&row)).ok()?;
        let same = whole.get(&self.key) == row.get(&self.key);
        match whole {
            Value::Object(whole) if same => Some(whole),
            _ => None,
        }
    }

    /// A key that is valid where one that looks like others is not.
    pub(super) fn sampled_key(&self, engine: &Engine, number: u64) -> Option<Value> {
        let schema = self.schema_of(&self.key)?;
        engine.sampler.random(schema, number).ok()
    }
}

/// Whether most of what was sent is still there.
fn keeps(fitted: &Value, sent: &Value) -> bool {
    match (fitted, sent) {
        (Value::Object(fitted), Value::Object(sent)) => {
            let kept = sent.iter().filter(|(name, value)| fitted.get(*name).is_some_and(|kept| kept == *value || kept.is_object()));
            sent.is_empty() || kept.count() * 2 >= sent.len()
        }
        (Value::Array(fitted), Value::Array(sent)) => fitted.len() == sent.len(),
        _ => false,
    }
}
