//! Completing what was sent to what the document asks of an item, so that what is stored can be shown.
//!
//! A request says less than an answer, and sometimes something else: an id where the answer has an object, text where it has a
//! list. What an item cannot hold is left out; what it needs and nobody said is what an example says, else the least
//! that is valid. It is made once, with the row, so that every read says the same.

use serde_json::{Map, Value};
use specs::{
    Api,
    api::{Direction, SchemaId},
    sample::{Sampler, Shape},
    validate::Validators,
};

use super::{compile::Engine, fields::Fields, kind::Kind};

/// How often a key is made anew that turns out to be none.
const TRIES: u64 = 32;

/// Properties by which a thing is named.
const NAMES: [&str; 8] = ["name", "id", "login", "slug", "title", "label", "key", "value"];

/// What a needed property is likely to hold when nobody says: text and objects as an example has them. Numbers count,
/// and flags are raised, for somebody's reason; a word of several is the first of them.
pub(super) fn likely(api: &Api, validators: &Validators, schema: &SchemaId, shown: Option<&Value>) -> Option<Value> {
    let value = api.schemas.resolve(schema).1;
    if value.get("enum").is_some() {
        return None;
    }
    let validator = validators.get(schema, Direction::Response).ok()?;
    // Nobody raised a flag, counted or listed anything yet.
    let empty = api.schemas.types(schema).first().and_then(|kind| match kind.as_str() {
        "boolean" => Some(Value::Bool(false)),
        "integer" | "number" => Some(0.into()),
        "array" => Some(Value::Array(Vec::new())),
        _ => None,
    });
    if let Some(empty) = empty.filter(|empty| validator.is_valid(empty)) {
        return Some(empty);
    }
    let own = value.get("example").into_iter().chain(value.get("examples").and_then(Value::as_array).into_iter().flatten());
    let mut fitting = own.chain(shown).filter(|value| value.is_string() || value.is_object());
    fitting.find(|value| validator.is_valid(value)).cloned()
}

impl Kind {
    /// What of a value the property can hold: the whole value completed, or nothing.
    pub(super) fn fitted(&self, engine: &Engine, name: &str, value: &Value) -> Option<Value> {
        let is_composed = value.is_object() || value.is_array();
        let schema = self.schema_of(name).filter(|_| is_composed)?;
        let named = value.as_array().and_then(|values| named(engine, schema, values));
        let value = named.as_ref().unwrap_or(value);
        let fitted = completed(&engine.api, &engine.validators, &engine.sampler, schema, value)?;
        // A value of another kind is no completion of what was sent.
        (fitted.is_object() == value.is_object() && keeps(&fitted, value)).then_some(fitted)
    }

    /// The row with what it lacks.
    pub(super) fn whole(&self, engine: &Engine, row: &Fields<'_>) -> Option<Map<String, Value>> {
        self.mended(&engine.api, &engine.validators, &engine.sampler, &row.to_value())
    }

    /// An item with what its schema needs, and without what that does not allow; it stays the same item.
    pub(super) fn mended(&self, api: &Api, validators: &Validators, sampler: &Sampler, row: &Value) -> Option<Map<String, Value>> {
        let whole = completed(api, validators, sampler, self.schema.as_ref()?, row)?;
        let same = whole.get(&self.key) == row.get(&self.key);
        match whole {
            Value::Object(whole) if same => Some(whole),
            _ => None,
        }
    }

    /// A key that is valid where one that looks like others is not.
    pub(super) fn sampled_key(&self, engine: &Engine, number: u64) -> Option<Value> {
        let schema = self.schema_of(&self.key)?;
        // A key that may be null names nothing when it is.
        let tries = (0..TRIES).map(|more| number.wrapping_add(more << u32::BITS));
        tries.filter_map(|number| engine.sampler.random(schema, number).ok()).find(|key| !key.is_null())
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

/// The least valid value that has all of a value that may stay.
fn completed(api: &Api, validators: &Validators, sampler: &Sampler, schema: &SchemaId, value: &Value) -> Option<Value> {
    let least = sampler.sample(schema, Shape::Minimal, Some(value)).ok()?;
    let (Value::Object(least), Value::Object(value)) = (&least, value) else { return Some(least) };
    let fits = |name: &str, value: &Value| {
        let schema = api.schemas.property(schema, name);
        schema.is_none_or(|schema| validators.get(&schema, Direction::Response).is_ok_and(|validator| validator.is_valid(value)))
    };
    let mut all = least.clone();
    all.extend(value.iter().filter(|(name, value)| fits(name, value)).map(|(name, value)| (name.clone(), value.clone())));
    let all = Value::Object(all);
    let validator = validators.get(schema, Direction::Response).ok()?;
    Some(if validator.is_valid(&all) { all } else { Value::Object(least.clone()) })
}

/// What of a value its schema allows, however deep it stands, with the least that is needed besides.
pub(super) fn nearest(engine: &Engine, schema: &SchemaId, value: &Value) -> Option<Value> {
    let validator = engine.validators.get(schema, Direction::Response).ok()?;
    if validator.is_valid(value) {
        return Some(value.clone());
    }
    let mut least = engine.sampler.sample(schema, Shape::Minimal, Some(value)).ok()?;
    let (Value::Object(kept), Value::Object(sent)) = (&mut least, value) else { return Some(least) };
    for (name, member) in sent {
        let Some(property) = engine.api.schemas.property(schema, name) else { continue };
        let is_scalar = !member.is_object() && !member.is_array();
        let fits = || engine.validators.get(&property, Direction::Response).is_ok_and(|validator| validator.is_valid(member));
        if is_scalar && fits() {
            kept.insert(name.clone(), member.clone());
        } else if member.is_object() && kept.contains_key(name) {
            kept.extend(nearest(engine, &property, member).map(|member| (name.clone(), member)));
        }
    }
    validator.is_valid(&least).then_some(least)
}

/// Names that were sent for things that have more than a name: each becomes the thing.
fn named(engine: &Engine, schema: &SchemaId, values: &[Value]) -> Option<Value> {
    let items = engine.api.schemas.items(schema)?;
    let properties = engine.api.schemas.properties(&items);
    let is_name = |value: &Value| value.is_string() || value.is_number();
    let fits = |name: &str, value: &Value| {
        let schema = properties.iter().find(|(known, _)| known == name).map(|(_, schema)| schema);
        let validator = schema.and_then(|schema| engine.validators.get(schema, Direction::Response).ok());
        validator.is_some_and(|validator| validator.is_valid(value))
    };
    let name = NAMES.iter().find(|name| !values.is_empty() && values.iter().all(|value| is_name(value) && fits(name, value)))?;
    Some(values.iter().map(|value| Map::from_iter([((*name).to_owned(), value.clone())])).collect())
}
