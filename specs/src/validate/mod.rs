//! Validators of a document's schemas.
//!
//! Each direction has the schemas once, as [`flavour`] makes them, in one registry that all of its validators share.
//! A validator is compiled when it is first asked for; asking again is a look-up without a lock, and whoever asks
//! often keeps the `Arc`. Compiling all of them at start was rejected: a server of a large document would pay for
//! thousands of schemas that no request reaches.

mod flavour;
#[cfg(test)]
mod tests;
mod violation;

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use jsonschema::{Draft, Registry};
use parking_lot::RwLock;
use serde_json::{Value, json};

pub use violation::Violation;

use crate::api::{Api, Direction, MediaType, SchemaId, Schemas};

/// The name that the schemas go by in a registry.
const BASE: &str = "urn:document";

/// The validators of one document.
pub struct Validators {
    schemas: Schemas,
    requests: Compiled,
    responses: Compiled,
}

/// The validators of one direction.
#[derive(Default)]
struct Compiled {
    registry: OnceLock<Result<Registry<'static>, String>>,
    /// A place for each schema that a message of the document has.
    known: HashMap<SchemaId, OnceLock<Result<Arc<Validator>, String>>>,
    /// Schemas that are no message's, as a component that only a tool asks for.
    others: RwLock<HashMap<SchemaId, Result<Arc<Validator>, String>>>,
}

/// Tells whether values fit one schema.
#[derive(Debug)]
pub struct Validator {
    compiled: jsonschema::Validator,
}

impl Validators {
    /// The validators of a document, none of them compiled yet.
    #[must_use]
    pub fn new(api: &Api) -> Self {
        let (mut requests, mut responses) = (Compiled::default(), Compiled::default());
        for operation in &api.operations {
            requests.expect(operation.parameters.iter().filter_map(|parameter| parameter.schema.as_ref()));
            requests.expect(operation.body.iter().flat_map(|body| body.content.iter().filter_map(schema)));
            for response in &operation.responses {
                responses.expect(response.content.iter().filter_map(schema));
                responses.expect(response.headers.iter().filter_map(|header| header.schema.as_ref()));
            }
        }
        Self { schemas: api.schemas.clone(), requests, responses }
    }

    /// The validator of a schema; always the same one.
    ///
    /// # Errors
    /// When the schema cannot be compiled, as with a `pattern` that is no regular expression.
    pub fn get(&self, id: &SchemaId, direction: Direction) -> Result<Arc<Validator>, String> {
        let compiled = match direction {
            Direction::Request => &self.requests,
            Direction::Response => &self.responses,
        };
        compiled.get(&self.schemas, id, direction)
    }
}

/// What is wrong with a value by a schema of our own, given as text.
pub(crate) fn against(schema: &str, value: &Value) -> Vec<Violation> {
    let schema: Value = serde_json::from_str(schema).unwrap_or(Value::Bool(false));
    let compiled = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(&schema);
    compiled.map(|compiled| violation::all(compiled.iter_errors(value))).unwrap_or_default()
}

fn schema(media: &MediaType) -> Option<&SchemaId> {
    media.schema.as_ref()
}

impl Compiled {
    fn expect<'s>(&mut self, schemas: impl Iterator<Item = &'s SchemaId>) {
        for schema in schemas {
            self.known.entry(schema.clone()).or_default();
        }
    }

    fn get(&self, schemas: &Schemas, id: &SchemaId, direction: Direction) -> Result<Arc<Validator>, String> {
        if let Some(slot) = self.known.get(id) {
            return slot.get_or_init(|| self.compile(schemas, id, direction)).clone();
        }
        if let Some(ready) = self.others.read().get(id) {
            return ready.clone();
        }
        let validator = self.compile(schemas, id, direction);
        let mut others = self.others.write();
        others.entry(id.clone()).or_insert(validator).clone()
    }

    fn compile(&self, schemas: &Schemas, id: &SchemaId, direction: Direction) -> Result<Arc<Validator>, String> {
        let registry = self.registry.get_or_init(|| {
            let added = Registry::new().draft(Draft::Draft202012).add(BASE, flavour::flavour(schemas, direction));
            added.and_then(jsonschema::RegistryBuilder::prepare).map_err(|error| error.to_string())
        });
        let registry = registry.as_ref().map_err(String::clone)?;
        let reference = json!({ "$ref": format!("{BASE}{}", flavour::fragment(id.pointer())) });
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).with_registry(registry);
        let compiled = options.build(&reference).map_err(|error| error.to_string())?;
        Ok(Arc::new(Validator { compiled }))
    }
}

impl Validator {
    /// Whether the value fits.
    #[must_use]
    pub fn is_valid(&self, value: &Value) -> bool {
        self.compiled.is_valid(value)
    }

    /// What does not fit; empty for a valid value, and cut off at a number that no one reads.
    #[must_use]
    pub fn violations(&self, value: &Value) -> Vec<Violation> {
        violation::all(self.compiled.iter_errors(value))
    }
}
