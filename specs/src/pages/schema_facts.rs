//! What a schema says of the places of a body, through `$ref` and `allOf`, down to where it repeats itself.

use serde_json::Value;

use super::{Basis, Claim, Place, Side, Step, Type, draft::property, openapi::Reader};
use crate::api::SchemaId;

/// How deep a body is looked into.
const DEEPEST: usize = 12;
/// How many properties of one body are looked at.
const MOST: usize = 5_000;

/// The keywords that are limits.
const LIMITS: [&str; 12] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
];

/// A walk through one body.
pub(super) struct Walk<'w, 'r> {
    reader: &'w mut Reader<'r>,
    /// The schemas that enclose the one that is looked at.
    open: Vec<SchemaId>,
    seen: usize,
}

impl<'w, 'r> Walk<'w, 'r> {
    pub(super) fn new(reader: &'w mut Reader<'r>) -> Self {
        Self { reader, open: Vec::new(), seen: 0 }
    }

    /// States what a schema says of a body and of all its properties.
    pub(super) fn body(&mut self, side: Side, schema: &SchemaId) {
        let place = property(side, Vec::new());
        self.value(&place, schema);
        self.below(side, &[], schema);
        if self.seen > MOST {
            let line = self.reader.line(schema.pointer());
            self.reader.draft.unread(line, line, schema.pointer(), "the body has more properties than are read");
        }
    }

    fn below(&mut self, side: Side, path: &[Step], schema: &SchemaId) {
        let resolved = self.reader.api.schemas.resolve(schema).0;
        if self.open.contains(&resolved) || self.open.len() >= DEEPEST || self.seen > MOST {
            return;
        }
        self.open.push(resolved);
        let schemas = self.reader.api.schemas.clone();
        let required = schemas.required(schema);
        let hidden = if side == Side::Request { "readOnly" } else { "writeOnly" };
        for (name, inner) in schemas.properties(schema) {
            self.seen += 1;
            if schemas.is_marked(&inner, hidden) || self.seen > MOST {
                continue;
            }
            let mut path = path.to_vec();
            path.push(Step::Property(name.clone()));
            self.member(side, &path, &inner, Claim::Required(required.contains(&name)));
        }
        if let Some(items) = schemas.items(schema) {
            let mut path = path.to_vec();
            path.push(Step::Item);
            self.below(side, &path, &items);
        }
        self.open.pop();
    }

    fn member(&mut self, side: Side, path: &[Step], schema: &SchemaId, required: Claim) {
        let place = property(side, path.to_vec());
        let line = self.reader.line(schema.pointer());
        self.reader.draft.claim(line, Basis::Field, &place, Claim::Exists);
        self.reader.draft.claim(line, Basis::Field, &place, required);
        self.value(&place, schema);
        self.below(side, path, schema);
    }

    /// States what a schema says of the value at a place.
    pub(super) fn value(&mut self, place: &Place, schema: &SchemaId) {
        let schemas = self.reader.api.schemas.clone();
        let types = schemas.types(schema);
        let at = |keyword: &str| schemas.keyword(schema, keyword);
        let mut found: Vec<(String, Claim)> = Vec::new();
        if !types.is_empty() {
            let pointer = at("type").map_or_else(|| schema.pointer().to_owned(), |(pointer, _)| pointer);
            if let Some(kind) = self.kind(schema, 0) {
                found.push((pointer.clone(), Claim::Type(kind)));
            }
            found.push((pointer, Claim::Nullable(types.iter().any(|name| name == "null"))));
        }
        if let Some((pointer, Value::Array(values))) = at("enum") {
            let values = values.into_iter().filter(|value| !value.is_null()).collect();
            found.push((pointer, Claim::Enum(values)));
        } else if let Some((pointer, value)) = at("const") {
            found.push((pointer, Claim::Enum(vec![value])));
        }
        found.extend(at("default").map(|(pointer, value)| (pointer, Claim::Default(value))));
        found.extend(at("deprecated").and_then(|(pointer, value)| Some((pointer, Claim::Deprecated(value.as_bool()?)))));
        for keyword in LIMITS {
            found.extend(at(keyword).map(|(pointer, value)| (pointer, Claim::Limit { keyword, value })));
        }
        for (pointer, claim) in found {
            let line = self.reader.line(&pointer);
            self.reader.draft.claim(line, Basis::Field, place, claim);
        }
    }

    fn kind(&self, schema: &SchemaId, depth: usize) -> Option<Type> {
        let schemas = &self.reader.api.schemas;
        let types = schemas.types(schema);
        let known = ["string", "integer", "number", "boolean", "object", "array"];
        let names: Vec<&'static str> = known.into_iter().filter(|known| types.iter().any(|name| name == known)).collect();
        let format = schemas.keyword(schema, "format").and_then(|(_, format)| format.as_str().map(str::to_owned));
        let items = schemas.items(schema).filter(|_| names.contains(&"array") && depth < 6);
        let items = items.and_then(|items| self.kind(&items, depth + 1)).map(Box::new);
        (!names.is_empty()).then_some(Type { names, format, items })
    }
}
