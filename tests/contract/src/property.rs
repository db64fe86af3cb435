//! Properties of items, named by their way: `title`, or `attributes/title` where an item keeps most of them below one
//! property. A request has the same ways below the place where it holds the item.

use serde_json::Value;
use specs::{
    api::{Direction, Operation, SchemaId},
    sample::Shape,
};

use crate::suite::Suite;

/// Where the request body holds the properties of an item; of several items the first.
pub(crate) fn input(operation: &Operation) -> Option<String> {
    let role = operation.role.as_ref()?;
    Some(role.batch.as_ref().map_or_else(|| role.input.clone(), |batch| specs::pointer::index(batch, 0)))
}

impl Suite {
    /// The schema of the item that a request holds.
    pub(crate) fn sent(&self, operation: &Operation) -> Option<SchemaId> {
        let (_, schema, _) = self.body(operation)?;
        self.schema_at(schema?, &input(operation)?)
    }

    /// The schema at a place of a value.
    pub(crate) fn schema_at(&self, schema: &SchemaId, pointer: &str) -> Option<SchemaId> {
        let schemas = &self.api.schemas;
        let is_position = |token: &str| token.parse::<usize>().is_ok();
        specs::pointer::tokens(pointer).try_fold(schema.clone(), |at, token| match schemas.property(&at, &token) {
            None if is_position(&token) => schemas.items(&at),
            found => found,
        })
    }

    /// The property of an item that holds most of its properties.
    pub(crate) fn inner(&self, resource: &str) -> Option<&str> {
        self.resource(resource)?.inner.as_deref()
    }

    /// The properties that a schema of an item has, by their ways.
    pub(crate) fn properties(&self, resource: &str, item: &SchemaId) -> Vec<(String, SchemaId)> {
        let inner = self.inner(resource);
        let schemas = &self.api.schemas;
        let own = schemas.properties(item).into_iter().flat_map(|(name, schema)| {
            let held = if inner == Some(name.as_str()) { schemas.properties(&schema) } else { Vec::new() };
            if held.is_empty() {
                return vec![(name, schema)];
            }
            held.into_iter().map(|(member, schema)| (format!("{name}/{member}"), schema)).collect()
        });
        own.collect()
    }

    /// The schema of a property that a schema of an item has.
    pub(crate) fn part(&self, item: &SchemaId, path: &str) -> Option<SchemaId> {
        let schemas = &self.api.schemas;
        schemas.property(item, path).or_else(|| path.split('/').try_fold(item.clone(), |at, name| schemas.property(&at, name)))
    }

    /// The place of a property below that of its item.
    pub(crate) fn place(&self, resource: &str, path: &str) -> String {
        let held = self.inner(resource).and_then(|inner| Some((inner, path.strip_prefix(inner)?.strip_prefix('/')?)));
        match held {
            Some((inner, name)) => specs::pointer::join(&specs::pointer::join("", inner), name),
            None => specs::pointer::join("", path),
        }
    }

    /// The place of a property in the body of a request; of several items in the first.
    pub(crate) fn place_sent(&self, operation: &Operation, path: &str) -> Option<String> {
        Some(format!("{}{}", input(operation)?, self.place(&operation.role.as_ref()?.resource, path)))
    }

    /// The smallest body that an operation takes and that has an item in it.
    pub(crate) fn smallest(&self, operation: &Operation) -> Option<Value> {
        let bodies = self.bodies(operation)?;
        let input = input(operation)?;
        if bodies.minimal.pointer(&input).is_some() {
            return Some(bodies.minimal.clone());
        }
        let Some(batch) = &operation.role.as_ref()?.batch else { return Some(bodies.minimal.clone()) };
        let item = self.sampler(Direction::Request).sample(&self.sent(operation)?, Shape::Minimal, None).ok()?;
        let mut body = bodies.full.clone();
        *specs::pointer::create(&mut body, batch)? = Value::Array(vec![item]);
        Some(body)
    }

    /// The body with a property of its item set.
    pub(crate) fn with(&self, operation: &Operation, mut body: Value, path: &str, value: &Value) -> Value {
        if let Some(there) = self.place_sent(operation, path).and_then(|place| specs::pointer::create(&mut body, &place)) {
            there.clone_from(value);
        }
        body
    }
}

/// The members of an item, by their ways; none of what is no object.
pub(crate) fn members<'i>(item: &'i Value, inner: Option<&str>) -> Vec<(String, &'i Value)> {
    let mut found = Vec::new();
    for (name, member) in item.as_object().into_iter().flatten() {
        match member.as_object().filter(|_| inner == Some(name.as_str())) {
            Some(held) => found.extend(held.iter().map(|(held, member)| (format!("{name}/{held}"), member))),
            None => found.push((name.clone(), member)),
        }
    }
    found
}
