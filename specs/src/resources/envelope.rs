//! Where a message holds an item, or a list of items: bare, or below `data`, `note`, `payload.notes`.

use serde_json::Value;

use super::words;
use crate::{
    api::{Operation, SchemaId, Schemas},
    pointer,
};

/// How deep below the top of a message an item or a list may be.
const DEEPEST: usize = 3;

/// As many members has an object at the most that is looked into wherever it stands.
const FEW: usize = 3;

/// Names of members that hold what a message is about.
pub(super) const ENVELOPES: &[&str] = &[
    "data",
    "payload",
    "result",
    "results",
    "item",
    "items",
    "response",
    "record",
    "records",
    "rows",
    "entries",
    "values",
    "list",
    "content",
    "objects",
    "value",
    "resources",
    "elements",
    "hits",
    "documents",
    "nodes",
];

/// Properties that identify a thing, the surest first.
pub(super) const KEYS: &[&str] = &["id", "_id", "uuid", "guid", "uid", "gid", "sid", "key", "slug", "number", "code"];

/// Properties that identify a thing where none of [`KEYS`] is there.
pub(super) const NAMES: &[&str] = &["username", "login", "handle", "name"];

/// A schema somewhere in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// JSON pointer in the message.
    pub(super) pointer: String,
    /// The schema that stands there; for a list, that of its items.
    pub(super) schema: SchemaId,
}

/// The schema of an operation's success body, when it is JSON.
pub(super) fn success_schema(operation: &Operation) -> Option<&SchemaId> {
    operation.success()?.content.iter().find(|media| media.is_json())?.schema.as_ref()
}

/// The schema of an operation's request body: JSON, or a form.
pub(super) fn request_schema(operation: &Operation) -> Option<&SchemaId> {
    let content = &operation.body.as_ref()?.content;
    let json = content.iter().find(|media| media.is_json());
    json.or_else(|| content.iter().find(|media| media.essence().ends_with("form-data") || media.essence().ends_with("form-urlencoded")))?
        .schema
        .as_ref()
}

/// The list in a message about `noun`: the only one, or the one that is called so, or the one whose items are known.
pub(super) fn list(schemas: &Schemas, message: &SchemaId, noun: &str, known: Option<&SchemaId>) -> Option<Found> {
    if let Some(items) = items_of(schemas, message) {
        return Some(Found { pointer: String::new(), schema: items });
    }
    let mut lists = Vec::new();
    each_member(schemas, message, &mut |place, _, schema| {
        if let Some(items) = items_of(schemas, schema) {
            lists.push(Found { pointer: place.to_owned(), schema: items });
        }
    });
    if has_key(schemas, message, noun) {
        // An item that has lists of its own is no page of items, unless one of them is called so.
        lists.retain(|found| pointer::split_last(&found.pointer).is_some_and(|(_, name)| words::same_noun(&name, noun)));
    }
    let by = |wanted: &dyn Fn(&Found) -> bool| lists.iter().find(|found| wanted(found)).cloned();
    let name = |found: &Found| pointer::split_last(&found.pointer).map(|(_, name)| name).unwrap_or_default();
    known
        .and_then(|known| by(&|found| is_same(schemas, &found.schema, known)))
        .or_else(|| by(&|found| words::same_noun(&name(found), noun)))
        .or_else(|| by(&|found| ENVELOPES.contains(&name(found).as_str())))
        .or_else(|| if lists.len() == 1 { lists.first().cloned() } else { None })
}

/// The item in a message about `noun`: the message itself, or what it wraps.
pub(super) fn item(schemas: &Schemas, message: &SchemaId, noun: &str, known: Option<&SchemaId>) -> Option<Found> {
    let bare = || Some(Found { pointer: String::new(), schema: schemas.resolve(message).0 });
    match known {
        Some(known) if is_alike(schemas, message, known) => return bare(),
        None if has_key(schemas, message, noun) => return bare(),
        _ => {}
    }
    let objects = objects(schemas, message);
    if let Some((_, found)) = objects.iter().find(|(_, found)| known.is_some_and(|known| is_same(schemas, &found.schema, known))) {
        return Some(found.clone());
    }
    if !is_object(schemas, message) || schemas.items(message).is_some() {
        return None;
    }
    if has_key(schemas, message, noun) {
        return bare();
    }
    let is_half_of_known = |schema: &SchemaId| known.is_some_and(|known| overlap(schemas, schema, known) >= 0.5);
    let is_likely = |schema: &SchemaId| known.is_none() || has_key(schemas, schema, noun) || is_half_of_known(schema);
    let by = |wanted: &dyn Fn(&str, &SchemaId) -> bool| {
        let mut fitting = objects.iter().filter(|(_, found)| has_properties(schemas, &found.schema));
        fitting.find(|(name, found)| wanted(name, &found.schema)).map(|(_, found)| found.clone())
    };
    by(&|name, _| words::same_noun(name, noun))
        .or_else(|| by(&|name, schema| ENVELOPES.contains(&name) && is_likely(schema)))
        .or_else(|| if is_half_of_known(message) { bare() } else { None })
        .or_else(|| if objects.len() == 1 { by(&|_, schema| has_key(schemas, schema, noun)) } else { None })
}

/// The members of a message that are objects, by name.
fn objects(schemas: &Schemas, message: &SchemaId) -> Vec<(String, Found)> {
    let mut found = Vec::new();
    each_member(schemas, message, &mut |place, name, schema| {
        if is_object(schemas, schema) && items_of(schemas, schema).is_none() {
            found.push((name.to_owned(), Found { pointer: place.to_owned(), schema: schemas.resolve(schema).0 }));
        }
    });
    found
}

/// Whether two schemas are one, or share most of what they declare.
pub(super) fn is_alike(schemas: &Schemas, one: &SchemaId, other: &SchemaId) -> bool {
    is_same(schemas, one, other) || overlap(schemas, one, other) >= 0.7 || has_branch(schemas, one, other)
}

/// Whether one of the alternatives of a schema is the other one.
fn has_branch(schemas: &Schemas, one: &SchemaId, other: &SchemaId) -> bool {
    let (id, value) = schemas.resolve(one);
    ["anyOf", "oneOf"].iter().any(|keyword| {
        let count = value.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count)
            .filter_map(|position| schemas.below(&id, &[keyword, &position.to_string()]))
            .any(|branch| is_same(schemas, &branch, other))
    })
}

/// Whether a schema declares a property by which things called `noun` are identified.
pub(super) fn has_key(schemas: &Schemas, id: &SchemaId, noun: &str) -> bool {
    schemas.declares(id, &mut |name| {
        KEYS.iter().take(7).any(|key| words::same(name, key)) || words::without_noun(name, noun).is_some_and(|rest| rest == "id")
    })
}

pub(super) fn is_object(schemas: &Schemas, id: &SchemaId) -> bool {
    let types = schemas.types(id);
    if types.is_empty() { has_properties(schemas, id) } else { types.iter().any(|name| name == "object") }
}

pub(super) fn is_same(schemas: &Schemas, one: &SchemaId, other: &SchemaId) -> bool {
    schemas.resolve(one).0 == schemas.resolve(other).0
}

fn has_properties(schemas: &Schemas, id: &SchemaId) -> bool {
    schemas.declares(id, &mut |_| true)
}

/// The part of the smaller schema's properties that both have; 0 when that is fewer than two.
fn overlap(schemas: &Schemas, one: &SchemaId, other: &SchemaId) -> f64 {
    let (one, other) = (schemas.properties(one), schemas.properties(other));
    let shared = one.iter().filter(|(name, _)| other.iter().any(|(known, _)| known == name)).count();
    let smaller = one.len().min(other.len());
    if shared < 2 { 0.0 } else { shared as f64 / smaller as f64 }
}

/// The schema of the items, when the schema is a list of objects.
fn items_of(schemas: &Schemas, id: &SchemaId) -> Option<SchemaId> {
    let items = schemas.items(id)?;
    is_object(schemas, &items).then(|| schemas.resolve(&items).0)
}

/// Visits the members of a message, those near the top first, not those of lists.
pub(super) fn each_member(schemas: &Schemas, message: &SchemaId, visit: &mut dyn FnMut(&str, &str, &SchemaId)) {
    let mut level = vec![(String::new(), message.clone())];
    let mut seen = vec![schemas.resolve(message).0];
    for _ in 0..DEEPEST {
        let mut below = Vec::new();
        for (place, schema) in level {
            for (name, member) in schemas.properties(&schema) {
                let place = pointer::join(&place, &name);
                visit(&place, &name, &member);
                if !is_object(schemas, &member) {
                    continue;
                }
                let resolved = schemas.resolve(&member).0;
                // What has few members, as a link, may stand in several places.
                if !seen.contains(&resolved) || schemas.properties(&member).len() <= FEW {
                    seen.push(resolved);
                    below.push((place, member));
                }
            }
        }
        level = below;
    }
}
