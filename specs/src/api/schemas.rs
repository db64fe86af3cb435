//! The schema arena: JSON Schema 2020-12 values inside the normalized document, named by JSON pointer.

use std::{fmt, sync::Arc};

use serde_json::Value;

use crate::pointer;

/// How many `$ref` in a row are followed before a chain counts as circular.
const LONGEST_CHAIN: usize = 64;

/// Which way a value travels: a request leaves out what is `readOnly`, a response what is `writeOnly`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From client to server.
    Request,
    /// From server to client.
    Response,
}

/// Names one schema of a document: the JSON pointer of its place in the normalized document.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(Arc<str>);

impl SchemaId {
    pub(crate) fn new(pointer: &str) -> Self {
        Self(pointer.into())
    }

    /// The JSON pointer of the schema, as `/components/schemas/Note`.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.0
    }

    /// The name of the component, when the schema is one.
    #[must_use]
    pub fn component(&self) -> Option<String> {
        let name = self.0.strip_prefix("/components/schemas/")?;
        (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
    }
}

impl fmt::Debug for SchemaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// All schemas of a document. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Schemas {
    root: Arc<Value>,
}

impl Schemas {
    pub(crate) fn new(root: Value) -> Self {
        Self { root: Arc::new(root) }
    }

    /// The normalized document that the schemas live in; every `$ref` in it starts with `#/`.
    #[must_use]
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// The schema as written at its place; it may be a `$ref`, `true` or `false`.
    #[must_use]
    pub fn get(&self, id: &SchemaId) -> &Value {
        pointer::get(&self.root, &id.0).unwrap_or(&Value::Null)
    }

    /// The schema after following `$ref` until something else stands there. A circular chain ends where it is.
    #[must_use]
    pub fn resolve(&self, id: &SchemaId) -> (SchemaId, &Value) {
        let mut id = id.clone();
        for _ in 0..LONGEST_CHAIN {
            let value = self.get(&id);
            let Some(next) = value.get("$ref").and_then(Value::as_str).and_then(|target| self.target(target)) else { break };
            id = next;
        }
        let value = self.get(&id);
        (id, value)
    }

    /// The schema that a local reference (`#/components/schemas/Note`) names, if the document has it.
    #[must_use]
    pub fn target(&self, reference: &str) -> Option<SchemaId> {
        let pointer = reference.strip_prefix('#')?;
        pointer::get(&self.root, pointer).map(|_| SchemaId::new(pointer))
    }

    /// The schema below `id` at the given tokens, as `["properties", "title"]`, without following `$ref`.
    #[must_use]
    pub fn below(&self, id: &SchemaId, tokens: &[&str]) -> Option<SchemaId> {
        let mut at = id.0.to_string();
        for token in tokens {
            at = pointer::join(&at, token);
        }
        pointer::get(&self.root, &at).map(|_| SchemaId::new(&at))
    }

    /// The schema of a property, through `$ref` and `allOf`; the first that declares it.
    #[must_use]
    pub fn property(&self, id: &SchemaId, name: &str) -> Option<SchemaId> {
        self.properties(id).into_iter().find(|(property, _)| property == name).map(|(_, schema)| schema)
    }

    /// The properties that a schema declares, through `$ref` and `allOf`, each once, in the order written.
    #[must_use]
    pub fn properties(&self, id: &SchemaId) -> Vec<(String, SchemaId)> {
        let mut found = Vec::new();
        self.collect_properties(id, &mut found, &mut Vec::new());
        found
    }

    /// Whether a schema declares a property, through `$ref` and `allOf`, whose name passes the test.
    #[must_use]
    pub fn declares(&self, id: &SchemaId, test: &mut dyn FnMut(&str) -> bool) -> bool {
        let mut found = false;
        self.each_part(id, &mut Vec::new(), &mut |_, value| {
            let names = || value.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name);
            found = found || names().any(|name| test(name));
        });
        found
    }

    /// The names that a schema requires, through `$ref` and `allOf`.
    #[must_use]
    pub fn required(&self, id: &SchemaId) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        self.each_part(id, &mut Vec::new(), &mut |_, value| {
            for name in value.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
                if !found.iter().any(|known| known == name) {
                    found.push(name.to_owned());
                }
            }
        });
        found
    }

    /// The JSON types that a schema allows by its own `type` (after `$ref` and `allOf`); empty when it does not say.
    #[must_use]
    pub fn types(&self, id: &SchemaId) -> Vec<String> {
        let mut found = Vec::new();
        self.each_part(id, &mut Vec::new(), &mut |_, value| {
            if found.is_empty() {
                match value.get("type") {
                    Some(Value::String(one)) => found.push(one.clone()),
                    Some(Value::Array(several)) => found.extend(several.iter().filter_map(Value::as_str).map(str::to_owned)),
                    _ => {}
                }
            }
        });
        found
    }

    /// The schema of the items of an array, through `$ref` and `allOf`.
    #[must_use]
    pub fn items(&self, id: &SchemaId) -> Option<SchemaId> {
        let mut found = None;
        self.each_part(id, &mut Vec::new(), &mut |part, value| {
            if found.is_none() && value.get("items").is_some_and(Value::is_object) {
                found = Some(SchemaId::new(&pointer::join(part.pointer(), "items")));
            }
        });
        found
    }

    /// Whether a schema admits values of a JSON type, or says nothing about it.
    #[must_use]
    pub fn admits(&self, id: &SchemaId, wanted: &str) -> bool {
        let types = self.types(id);
        types.is_empty() || types.iter().any(|one| one == wanted || (wanted == "integer" && one == "number"))
    }

    /// Whether a schema carries a mark as `readOnly`, itself or through `$ref` and `allOf`.
    #[must_use]
    pub fn is_marked(&self, id: &SchemaId, mark: &str) -> bool {
        let mut found = false;
        self.each_part(id, &mut Vec::new(), &mut |_, value| found |= value.get(mark) == Some(&Value::Bool(true)));
        found
    }

    /// The component schemas, in the order written.
    pub fn components(&self) -> impl Iterator<Item = (&str, SchemaId)> {
        let components = pointer::get(&self.root, "/components/schemas").and_then(Value::as_object);
        components.into_iter().flatten().map(|(name, _)| (name.as_str(), SchemaId::new(&pointer::join("/components/schemas", name))))
    }

    fn collect_properties(&self, id: &SchemaId, found: &mut Vec<(String, SchemaId)>, seen: &mut Vec<SchemaId>) {
        let mut new = Vec::new();
        self.each_part(id, seen, &mut |part, value| {
            for name in value.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name) {
                let place = pointer::join(&pointer::join(part.pointer(), "properties"), name);
                new.push((name.clone(), SchemaId::new(&place)));
            }
        });
        for (name, schema) in new {
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, schema));
            }
        }
    }

    /// Visits the schema and, transitively, what it refers to by `$ref` and joins by `allOf`; each place once.
    fn each_part(&self, id: &SchemaId, seen: &mut Vec<SchemaId>, visit: &mut dyn FnMut(&SchemaId, &Value)) {
        if seen.contains(id) {
            return;
        }
        let value = self.get(id);
        if value.get("$ref").is_none() && value.get("allOf").is_none() && seen.is_empty() {
            return visit(id, value);
        }
        seen.push(id.clone());
        visit(id, value);
        if let Some(next) = value.get("$ref").and_then(Value::as_str).and_then(|target| self.target(target)) {
            self.each_part(&next, seen, visit);
        }
        for position in 0..value.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            let part = pointer::index(&pointer::join(id.pointer(), "allOf"), position);
            self.each_part(&SchemaId::new(&part), seen, visit);
        }
        if let Some(position) = beside_null(value) {
            let part = pointer::index(&pointer::join(id.pointer(), "anyOf"), position);
            self.each_part(&SchemaId::new(&part), seen, visit);
        }
    }
}

/// The one alternative of an `anyOf` that is not null: how a schema that is composed admits null.
fn beside_null(value: &Value) -> Option<usize> {
    let alternatives = value.get("anyOf")?.as_array()?;
    let is_null = |alternative: &Value| alternative.get("type").is_some_and(|name| name == "null");
    let position = alternatives.iter().position(|alternative| !is_null(alternative))?;
    (alternatives.len() == 2 && alternatives.iter().any(is_null)).then_some(position)
}
