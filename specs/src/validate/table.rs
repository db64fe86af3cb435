//! The validators of one direction: each compiled once, when it is first needed.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, Weak},
};

use jsonschema::{Draft, Keyword, Registry, ValidationError, ValidationOptions};
use parking_lot::RwLock;
use serde_json::{Value, json};

use super::{flavour, formats};
use crate::api::{Direction, SchemaId, Schemas};

/// The keyword by which a schema refers to another one of the table.
pub(super) const SHARED: &str = "x-shared";

/// The name that the schemas go by in a registry.
const BASE: &str = "urn:document";

type Compiled = Result<Arc<jsonschema::Validator>, String>;

/// Validators by schema.
pub(super) struct Table {
    schemas: Schemas,
    direction: Direction,
    /// A place for each schema that was asked for, by every name that it was asked for by.
    known: RwLock<HashMap<SchemaId, Arc<OnceLock<Compiled>>>>,
    this: Weak<Self>,
}

impl Table {
    pub(super) fn new(schemas: &Schemas, direction: Direction) -> Arc<Self> {
        let new = |this: &Weak<Self>| Self { schemas: schemas.clone(), direction, known: RwLock::default(), this: Weak::clone(this) };
        Arc::new_cyclic(new)
    }

    /// The validator of a schema; always the same one.
    pub(super) fn get(&self, id: &SchemaId) -> Compiled {
        let ready = self.known.read().get(id).map(Arc::clone);
        let slot = ready.unwrap_or_else(|| self.slot(id));
        slot.get_or_init(|| self.compile(id)).clone()
    }

    fn slot(&self, id: &SchemaId) -> Arc<OnceLock<Compiled>> {
        let meant = meant(&self.schemas, id);
        let mut known = self.known.write();
        let slot = Arc::clone(known.entry(meant).or_default());
        Arc::clone(known.entry(id.clone()).or_insert(slot))
    }

    fn compile(&self, id: &SchemaId) -> Compiled {
        let meant = meant(&self.schemas, id);
        let document = flavour::flavour(&self.schemas, self.direction, &meant);
        let registry = Registry::new().draft(Draft::Draft202012).add(BASE, document).and_then(jsonschema::RegistryBuilder::prepare);
        let registry = registry.map_err(|error| error.to_string())?;
        let reference = json!({ "$ref": format!("{BASE}{}", flavour::fragment(meant.pointer())) });
        let table = Weak::clone(&self.this);
        let options = options().with_registry(&registry).with_keyword(SHARED, move |_, target, _| Ok(shared(&table, target)));
        options.build(&reference).map(Arc::new).map_err(|error| error.to_string())
    }
}

/// How schemas are read: 2020-12, with formats that assert.
pub(super) fn options<'i>() -> ValidationOptions<'i> {
    formats::add(jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true))
}

/// The schema that a chain of bare references leads to.
fn meant(schemas: &Schemas, id: &SchemaId) -> SchemaId {
    let is_bare = |value: &Value| value.as_object().is_some_and(|object| object.len() == 1 && object.contains_key("$ref"));
    let mut id = id.clone();
    while is_bare(schemas.get(&id)) {
        let Some(next) = schemas.get(&id).get("$ref").and_then(Value::as_str).and_then(|target| schemas.target(target)) else { break };
        id = next;
    }
    id
}

/// A reference into the table, followed when the first value gets there.
struct Shared {
    table: Weak<Table>,
    target: SchemaId,
    found: OnceLock<Weak<jsonschema::Validator>>,
}

fn shared(table: &Weak<Table>, target: &Value) -> Box<dyn for<'i> Keyword<'i>> {
    let target = SchemaId::new(target.as_str().unwrap_or_default());
    Box::new(Shared { table: Weak::clone(table), target, found: OnceLock::new() })
}

impl Shared {
    fn find(&self) -> Weak<jsonschema::Validator> {
        let compiled = self.table.upgrade().and_then(|table| table.get(&self.target).ok());
        compiled.map(|compiled| Arc::downgrade(&compiled)).unwrap_or_default()
    }
}

impl<'i> Keyword<'i> for Shared {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        // The message names the schema; whoever reports the error asks it what is wrong.
        if Keyword::is_valid(self, instance) { Ok(()) } else { Err(ValidationError::custom(self.target.pointer())) }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        // What cannot be compiled is not checked; lint reports it.
        self.found.get_or_init(|| self.find()).upgrade().is_none_or(|compiled| compiled.is_valid(instance))
    }
}
