//! Validators of a document's schemas.
//!
//! A validator is compiled when it is first asked for, from its schema and what that refers to, as `flavour` makes them
//! for its direction; asking again is a look-up, and whoever asks often keeps the `Arc`. Compiling all of them at start
//! was rejected: a server of a large document would pay for thousands of schemas that no request reaches. So was one
//! registry of the whole document for all of them: the first request would pay for the document.

mod flavour;
mod formats;
mod reach;
mod table;
#[cfg(test)]
mod tests;
mod violation;

use std::{fmt, sync::Arc};

use serde_json::{Value, json};

pub use violation::Violation;

use crate::api::{Api, Direction, SchemaId};
use table::Table;

/// The validators of one document. Cheap to clone.
#[derive(Clone)]
pub struct Validators {
    requests: Arc<Table>,
    responses: Arc<Table>,
}

/// Tells whether values fit one schema.
pub struct Validator {
    compiled: Arc<jsonschema::Validator>,
    /// Where the schemas are that this one shares with others.
    table: Arc<Table>,
}

impl Validators {
    /// The validators of a document, none of them compiled yet.
    #[must_use]
    pub fn new(api: &Api) -> Self {
        let table = |direction| Table::new(&api.schemas, direction);
        Self { requests: table(Direction::Request), responses: table(Direction::Response) }
    }

    /// The validator of a schema.
    ///
    /// # Errors
    /// When the schema cannot be compiled, which is none that was loaded: what a validator refuses is left out there.
    pub fn get(&self, id: &SchemaId, direction: Direction) -> Result<Arc<Validator>, String> {
        let table = match direction {
            Direction::Request => &self.requests,
            Direction::Response => &self.responses,
        };
        Ok(Arc::new(Validator { compiled: table.get(id)?, table: Arc::clone(table) }))
    }
}

/// What is wrong with a value by a schema of our own, given as text.
pub(crate) fn against(schema: &str, value: &Value) -> Vec<Violation> {
    let schema: Value = serde_json::from_str(schema).unwrap_or(Value::Bool(false));
    let compiled = table::options().build(&schema);
    compiled.map(|compiled| violation::all(&compiled, value, None)).unwrap_or_default()
}

/// Whether validators can compile a pattern.
pub(crate) fn is_pattern(text: &str) -> bool {
    table::options().build(&json!({ "pattern": text })).is_ok()
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
        violation::all(&self.compiled, value, Some(&self.table))
    }
}

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Validator").finish_non_exhaustive()
    }
}
