//! What a schema says of the places of a body, through `$ref`, `allOf` and all
//! alternatives of `oneOf` and `anyOf`, down to where it repeats itself.

use indexmap::IndexMap;
use serde_json::Value;

use super::{Basis, Claim, Place, Side, Step, Type, draft::property, openapi::Reader};
use crate::{
    api::{SchemaId, Schemas},
    pointer::join,
};

/// How deep a body is looked into.
const DEEPEST: usize = 12;
/// How many properties of one body are looked at.
const MOST: usize = 5_000;

/// How many schemas of one value are looked at.
const WIDEST: usize = 300;

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
    depth: usize,
    seen: usize,
}

impl<'w, 'r> Walk<'w, 'r> {
    pub(super) fn new(reader: &'w mut Reader<'r>) -> Self {
        Self { reader, open: Vec::new(), depth: 0, seen: 0 }
    }

    /// States what a schema says of a body and of all its properties.
    pub(super) fn body(&mut self, side: Side, schema: &SchemaId) {
        let place = property(side, Vec::new());
        self.value(&place, schema);
        self.below(side, &[], std::slice::from_ref(schema));
        if self.seen > MOST {
            let line = self.reader.line(schema.pointer());
            self.reader.draft.unread(line, line, schema.pointer(), "the body has more properties than are read");
        }
    }

    fn below(&mut self, side: Side, path: &[Step], holders: &[SchemaId]) {
        let parts = self.parts(holders);
        if parts.iter().any(|part| self.open.contains(part)) || self.depth >= DEEPEST || self.seen > MOST {
            return;
        }
        let before = self.open.len();
        self.open.extend(parts.iter().cloned());
        self.depth += 1;
        let schemas = self.reader.api.schemas.clone();
        let hidden = if side == Side::Request { "readOnly" } else { "writeOnly" };
        for (name, inner) in properties(&schemas, &parts) {
            self.seen += 1;
            if inner.iter().any(|inner| schemas.is_marked(inner, hidden)) || self.seen > MOST {
                continue;
            }
            let mut path = path.to_vec();
            path.push(Step::Property(name.clone()));
            let required = holders.iter().all(|holder| requires(&schemas, holder, &name, 0));
            self.member(side, &path, &inner, Claim::Required(required));
        }
        let items: Vec<SchemaId> = parts.iter().filter_map(|part| own_items(&schemas, part)).collect();
        if !items.is_empty() {
            let mut path = path.to_vec();
            path.push(Step::Item);
            self.below(side, &path, &items);
        }
        self.open.truncate(before);
        self.depth -= 1;
    }

    fn member(&mut self, side: Side, path: &[Step], schemas: &[SchemaId], required: Claim) {
        let place = property(side, path.to_vec());
        let line = schemas.first().map_or(1, |schema| self.reader.line(schema.pointer()));
        self.reader.draft.claim(line, Basis::Field, &place, Claim::Exists);
        self.reader.draft.claim(line, Basis::Field, &place, required);
        self.values(&place, schemas);
        self.below(side, path, schemas);
    }

    /// The schemas themselves, and all that they refer to, join or offer.
    fn parts(&self, schemas: &[SchemaId]) -> Vec<SchemaId> {
        let all = &self.reader.api.schemas;
        let mut found: Vec<SchemaId> = Vec::new();
        let mut open: Vec<SchemaId> = schemas.iter().rev().cloned().collect();
        while let Some(id) = open.pop().filter(|_| found.len() < WIDEST) {
            if !found.contains(&id) {
                let referred = all.get(&id).get("$ref").and_then(Value::as_str).and_then(|target| all.target(target));
                let inner = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|keyword| members(all, &id, keyword));
                let inner: Vec<SchemaId> = referred.into_iter().chain(inner).collect();
                open.extend(inner.into_iter().rev());
                found.push(id);
            }
        }
        found
    }

    /// States what a schema says of the value at a place.
    pub(super) fn value(&mut self, place: &Place, schema: &SchemaId) {
        self.values(place, std::slice::from_ref(schema));
    }

    /// States what schemas of which one holds say of the value at a place. What they say differently is not stated.
    fn values(&mut self, place: &Place, ids: &[SchemaId]) {
        let schemas = self.reader.api.schemas.clone();
        let parts = self.parts(ids);
        let at = |keyword: &str| said(&schemas, &parts, keyword);
        let mut found: Vec<(String, Claim)> = Vec::new();
        if let Some(types) = types(&schemas, ids, 0) {
            let typed = parts.iter().find(|part| schemas.get(part).get("type").is_some_and(|kind| kind != "null"));
            let pointer = typed.or(ids.first()).map_or_else(String::new, |part| join(part.pointer(), "type"));
            if let Some(kind) = kind(&schemas, &types, &parts, 0) {
                found.push((pointer.clone(), Claim::Type(kind)));
            }
            found.push((pointer, Claim::Nullable(types.iter().any(|name| name == "null"))));
        }
        let listed = |value: Value| match value {
            Value::Array(values) => values.into_iter().filter(|value| !value.is_null()).collect(),
            other => vec![other],
        };
        match (at("enum"), at("const")) {
            (Some((pointer, value)), None) => found.push((pointer, Claim::Enum(listed(value)))),
            (None, Some((pointer, value))) if !is_said(&schemas, &parts, "enum") => found.push((pointer, Claim::Enum(vec![value]))),
            _ => {}
        }
        found.extend(at("default").map(|(pointer, value)| (pointer, Claim::Default(value))));
        found.extend(at("deprecated").and_then(|(pointer, value)| Some((pointer, Claim::Deprecated(value.as_bool()?)))));
        for keyword in LIMITS {
            let written = at(keyword).filter(|(_, value)| !is_implied(keyword, value));
            found.extend(written.map(|(pointer, value)| (pointer, Claim::Limit { keyword, value })));
        }
        for (pointer, claim) in found {
            let line = self.reader.line(&pointer);
            self.reader.draft.claim(line, Basis::Field, place, claim);
        }
    }
}

/// Whether a bound is the one that `int32` or `int64` imply, which is added when a document is loaded.
fn is_implied(keyword: &str, value: &Value) -> bool {
    match keyword {
        "minimum" => [i64::from(i32::MIN), i64::MIN].iter().any(|bound| value == bound),
        "maximum" => [i64::from(i32::MAX), i64::MAX].iter().any(|bound| value == bound),
        _ => false,
    }
}

/// The members of `allOf`, `oneOf` or `anyOf`.
fn members(schemas: &Schemas, id: &SchemaId, keyword: &str) -> Vec<SchemaId> {
    let length = schemas.get(id).get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
    (0..length).filter_map(|position| schemas.below(id, &[keyword, &position.to_string()])).collect()
}

/// The properties that schemas declare themselves, each name with all that declare it.
fn properties(schemas: &Schemas, parts: &[SchemaId]) -> IndexMap<String, Vec<SchemaId>> {
    let mut found: IndexMap<String, Vec<SchemaId>> = IndexMap::new();
    for part in parts {
        for name in schemas.get(part).get("properties").and_then(Value::as_object).into_iter().flat_map(|members| members.keys()) {
            found.entry(name.clone()).or_default().extend(schemas.below(part, &["properties", name]));
        }
    }
    found
}

fn own_items(schemas: &Schemas, part: &SchemaId) -> Option<SchemaId> {
    schemas.get(part).get("items").is_some_and(Value::is_object).then(|| schemas.below(part, &["items"])).flatten()
}

fn is_said(schemas: &Schemas, parts: &[SchemaId], keyword: &str) -> bool {
    parts.iter().any(|part| schemas.get(part).get(keyword).is_some())
}

/// The one value that a keyword has among some schemas, and where it stands.
fn said(schemas: &Schemas, parts: &[SchemaId], keyword: &str) -> Option<(String, Value)> {
    let mut told = parts.iter().filter_map(|part| Some((part, schemas.get(part).get(keyword)?)));
    let (part, value) = told.next()?;
    told.all(|(_, other)| other == value).then(|| (join(part.pointer(), keyword), value.clone()))
}

/// The JSON types of a value, `null` among them; `None` where one of the alternatives does not say.
fn types(schemas: &Schemas, ids: &[SchemaId], depth: usize) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for id in ids {
        let own = schemas.types(id);
        let (resolved, _) = schemas.resolve(id);
        let mut offered = [members(schemas, &resolved, "oneOf"), members(schemas, &resolved, "anyOf")].concat();
        offered.truncate(WIDEST);
        let told = if offered.is_empty() || depth > 6 || schemas.get(&resolved).get("type").is_some() {
            own
        } else {
            types(schemas, &offered, depth + 1)?
        };
        if told.is_empty() {
            return None;
        }
        found.extend(told);
    }
    found.dedup();
    Some(found)
}

fn kind(schemas: &Schemas, types: &[String], parts: &[SchemaId], depth: usize) -> Option<Type> {
    let known = ["string", "integer", "number", "boolean", "object", "array"];
    let names: Vec<&'static str> = known.into_iter().filter(|known| types.iter().any(|name| name == known)).collect();
    let format = said(schemas, parts, "format").and_then(|(_, format)| format.as_str().map(str::to_owned));
    let mut items = parts.iter().filter_map(|part| own_items(schemas, part));
    let only = items.next().filter(|_| items.next().is_none() && names.contains(&"array") && depth < 6);
    let items = only.and_then(|items| {
        let types = self::types(schemas, std::slice::from_ref(&items), 0)?;
        kind(schemas, &types, &[schemas.resolve(&items).0], depth + 1)
    });
    (!names.is_empty()).then_some(Type { names, format, items: items.map(Box::new) })
}

/// Whether an object must have a property: its schema says so, or all of the alternatives that are not null do.
fn requires(schemas: &Schemas, id: &SchemaId, name: &str, depth: usize) -> bool {
    let resolved = schemas.resolve(id).0;
    if depth > 8 {
        return false;
    }
    let named = |names: &Value| names.as_array().is_some_and(|names| names.iter().any(|one| one == name));
    let own = schemas.get(&resolved).get("required").is_some_and(named);
    let offered = |keyword: &str| {
        let all = members(schemas, &resolved, keyword);
        let mut real = all.iter().filter(|one| schemas.get(one).get("type").is_none_or(|kind| kind != "null")).peekable();
        real.peek().is_some() && real.all(|one| requires(schemas, one, name, depth + 1))
    };
    let joined = || members(schemas, &resolved, "allOf").iter().any(|part| requires(schemas, part, name, depth + 1));
    own || joined() || offered("oneOf") || offered("anyOf")
}
