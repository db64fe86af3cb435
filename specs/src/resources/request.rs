//! Where a request body holds what becomes of an item: bare, below `note` or `data`, or once per element of an array.

use super::{
    Resource, envelope,
    families::{Site, Spot},
    words,
};
use crate::{
    api::{Operation, SchemaId, Schemas},
    pointer,
};

/// Names of properties of an item that hold most of its properties.
const INNER: &[&str] = &["attributes", "fields", "properties"];

/// The most properties that an item has beside those that one of its properties holds.
const MOST_BESIDE: usize = 8;

/// Where the request body holds the properties of an item: empty where it is the item.
pub(super) fn input(schemas: &Schemas, body: &SchemaId, noun: &str, known: Option<&SchemaId>) -> String {
    let known: Vec<String> = known.map(|known| names(schemas, known)).unwrap_or_default();
    let members = schemas.properties(body);
    let shared = |schema: &SchemaId| names(schemas, schema).iter().filter(|name| known.contains(name)).count();
    let own = members.iter().filter(|(name, _)| known.contains(name)).count();
    let wraps = |(name, schema): &&(String, SchemaId)| {
        let is_named = words::same_noun(name, noun) || envelope::ENVELOPES.contains(&name.as_str()) || members.len() == 1;
        is_named && !known.contains(name) && envelope::is_object(schemas, schema) && shared(schema) > own
    };
    members.iter().find(wraps).map(|(name, _)| pointer::join("", name)).unwrap_or_default()
}

/// The array of the request body whose elements are items.
pub(super) fn batch(schemas: &Schemas, operation: &Operation, noun: &str, known: Option<&SchemaId>) -> Option<String> {
    let body = envelope::request_schema(operation)?;
    if let Some(items) = schemas.items(body) {
        return envelope::is_object(schemas, &items).then(String::new);
    }
    let known = names(schemas, known?);
    let members = schemas.properties(body);
    // A body that has properties of an item is an item with a list in it.
    if members.iter().any(|(name, _)| known.contains(name)) {
        return None;
    }
    let is_batch = |(name, schema): &&(String, SchemaId)| {
        let is_named = words::same_noun(name, noun) || envelope::ENVELOPES.contains(&name.as_str());
        let shares = |items: &SchemaId| names(schemas, items).iter().any(|name| known.contains(name));
        is_named && schemas.items(schema).is_some_and(|items| shares(&items))
    };
    members.iter().find(is_batch).map(|(name, _)| pointer::join("", name))
}

/// The key's place in the body of a request that chooses it: it is required there, or is the item's own schema.
pub(super) fn key(schemas: &Schemas, operation: &Operation, input: &str, resource: &Resource) -> Option<(String, bool)> {
    let body = at(schemas, envelope::request_schema(operation)?, input)?;
    let place = format!("/{}", resource.key);
    let property = at(schemas, &body, &place)?;
    let is_read_only =
        |schema: &SchemaId| schemas.get(schema).get("readOnly").or_else(|| schemas.resolve(schema).1.get("readOnly")) == Some(&true.into());
    let own = resource.schema.as_ref().and_then(|schema| at(schemas, schema, &place));
    if is_read_only(&property) || own.is_some_and(|own| is_read_only(&own)) {
        return None;
    }
    let is_required = schemas.required(&body).contains(&resource.key);
    Some((format!("{input}{place}"), is_required))
}

/// Whether an item is found by a key in the body: a change on the path of a collection, as `PUT /notes`.
pub(super) fn names_item(schemas: &Schemas, operation: &Operation, spot: Option<&Spot>, resource: &Resource) -> bool {
    let body =
        || envelope::request_schema(operation).map(|body| (body, input(schemas, body, noun(spot, resource), resource.schema.as_ref())));
    spot.is_some_and(|spot| spot.site == Site::Collection)
        && body()
            .and_then(|(body, input)| at(schemas, body, &input))
            .is_some_and(|body| at(schemas, &body, &format!("/{}", resource.key)).is_some())
}

/// The schema at a pointer of a body.
pub(super) fn at(schemas: &Schemas, body: &SchemaId, place: &str) -> Option<SchemaId> {
    pointer::tokens(place).try_fold(body.clone(), |at, token| schemas.property(&at, &token))
}

/// The property of an item that holds most of its properties.
pub(super) fn inner(schemas: &Schemas, schema: Option<&SchemaId>) -> Option<String> {
    let members = schemas.properties(schema?);
    let holds = |(name, schema): &&(String, SchemaId)| {
        let count = schemas.properties(schema).len();
        INNER.contains(&name.as_str()) && count > 0 && members.len() <= MOST_BESIDE
    };
    members.iter().find(holds).map(|(name, _)| name.clone())
}

fn noun<'n>(spot: Option<&'n Spot>, resource: &'n Resource) -> &'n str {
    spot.map_or(resource.name.as_str(), |spot| spot.noun.as_str())
}

pub(super) fn names(schemas: &Schemas, schema: &SchemaId) -> Vec<String> {
    schemas.properties(schema).into_iter().map(|(name, _)| name).collect()
}
