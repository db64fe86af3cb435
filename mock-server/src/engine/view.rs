//! A row as an operation shows it whose schema is another than that of the resource: less of it, and sometimes something else.

use std::sync::Arc;

use serde_json::{Map, Value};
use specs::{
    api::{Direction, SchemaId},
    validate::Validator,
};

use super::{conform, declared::Declared, kind::Kind};

/// What an operation shows of a row.
pub(super) struct View {
    properties: Vec<Shown>,
}

/// A property that is shown.
struct Shown {
    name: String,
    /// What its value has to conform to, where not every row's does.
    validator: Option<Arc<Validator>>,
    /// What is there when the row has nothing that fits; none: nothing.
    instead: Option<Value>,
}

impl View {
    /// The view that a schema is of a kind; `None` when it shows rows as they are.
    pub(super) fn new(declared: &Declared<'_>, kind: &Kind, schema: &SchemaId) -> Option<Self> {
        let Declared { api, validators, sampler } = *declared;
        let schemas = &api.schemas;
        let same = kind.schema.as_ref().is_some_and(|row| schemas.resolve(row).0 == schemas.resolve(schema).0);
        let properties = schemas.properties(schema);
        if same || properties.is_empty() {
            return None;
        }
        let required = schemas.required(schema);
        let shown = |(name, own): (String, SchemaId)| {
            let fits = kind
                .schema_of(&name)
                .is_some_and(|kept| schemas.resolve(kept).0 == schemas.resolve(&own).0 || conform::includes(schemas, &own, kept));
            let validator = (!fits).then(|| validators.get(&own, Direction::Response).ok()).flatten();
            let instead = required.contains(&name).then(|| sampler.full(&own).ok()).flatten();
            Shown { name, validator, instead }
        };
        Some(Self { properties: properties.into_iter().map(shown).collect() })
    }

    pub(super) fn of(&self, mut row: Map<String, Value>) -> Map<String, Value> {
        let mut seen = Map::new();
        for Shown { name, validator, instead } in &self.properties {
            let kept = row.shift_remove(name).filter(|value| validator.as_ref().is_none_or(|validator| validator.is_valid(value)));
            if let Some(value) = kept.or_else(|| instead.clone()) {
                seen.insert(name.clone(), value);
            }
        }
        seen
    }
}
