//! Things of which there is one: `/settings`, `/users/{id}/profile`, read and changed on one path and never made.

use std::collections::HashMap;

use http::Method;

use super::{
    envelope,
    families::{self, Site, Spot},
    request,
};
use crate::{
    api::{Api, Operation, SchemaId, Schemas},
    pointer,
};

/// A thing of which there is one.
pub(super) struct Single {
    pub(super) noun: String,
    /// The literal before the last variable of its path.
    pub(super) above: Option<String>,
    /// Its schema, as reading returns it.
    pub(super) schema: SchemaId,
    /// Positions of operations.
    pub(super) members: Vec<usize>,
}

/// Paths with a GET of one object and a PUT or PATCH of the same, and nothing else.
pub(super) fn all(api: &Api, spots: &[Option<Spot>]) -> Vec<Single> {
    let mut paths: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut order = Vec::new();
    let mut parents: HashMap<&str, usize> = HashMap::new();
    for (position, spot) in spots.iter().enumerate() {
        let Some(spot) = spot else { continue };
        if spot.site == Site::Item {
            *parents.entry(spot.collection.as_str()).or_default() += 1;
            continue;
        }
        let members = paths.entry(spot.collection.as_str()).or_default();
        if members.is_empty() {
            order.push(spot.collection.as_str());
        }
        members.push(position);
    }
    let alone = order.into_iter().filter(|path| !parents.contains_key(path));
    let reads = reads(api, spots);
    alone.filter_map(|path| single(api, spots, paths.get(path)?, &reads)).collect()
}

/// The success schemas by which items are read, by the path of their collection.
fn reads<'a>(api: &'a Api, spots: &'a [Option<Spot>]) -> HashMap<&'a str, SchemaId> {
    let all = api.operations.iter().zip(spots).filter(|(operation, _)| operation.method == Method::GET);
    let items = all.filter_map(|(operation, spot)| Some((operation, spot.as_ref().filter(|spot| spot.site == Site::Item)?)));
    items
        .filter_map(|(operation, spot)| Some((spot.collection.as_str(), api.schemas.resolve(envelope::success_schema(operation)?).0)))
        .collect()
}

fn single(api: &Api, spots: &[Option<Spot>], members: &[usize], reads: &HashMap<&str, SchemaId>) -> Option<Single> {
    let operation = |position: &usize| &api.operations[*position];
    let is_known = |method: &Method| [Method::GET, Method::HEAD, Method::PUT, Method::PATCH].contains(method);
    if !members.iter().all(|position| is_known(&operation(position).method)) {
        return None;
    }
    let get = members.iter().map(operation).find(|operation| operation.method == Method::GET)?;
    let message = envelope::success_schema(get)?;
    // What answers with the item above it is another way to that item.
    let above = families::deed(&get.segments).and_then(|(spot, _)| reads.get(spot.collection.as_str()));
    if above.is_some_and(|above| api.schemas.resolve(message).0 == *above) {
        return None;
    }
    let changes = members.iter().map(operation).filter(|operation| operation.method == Method::PUT || operation.method == Method::PATCH);
    let bodies: Vec<&SchemaId> = changes.filter_map(envelope::request_schema).collect();
    let (place, _) = bodies.iter().find_map(|body| shared(&api.schemas, message, body))?;
    let schema = request::at(&api.schemas, message, &place)?;
    let spot = spots[*members.first()?].as_ref()?;
    let above = spot.above.last().and_then(|(word, _)| word.clone());
    Some(Single { noun: spot.noun.clone(), above, schema: api.schemas.resolve(&schema).0, members: members.to_vec() })
}

/// Where an answer and a request have most properties of the request in common: as a whole, or below a member of each.
fn shared(schemas: &Schemas, message: &SchemaId, body: &SchemaId) -> Option<(String, String)> {
    let (answers, requests) = (parts(schemas, message), parts(schemas, body));
    let mut best: Option<(usize, String, String)> = None;
    for (answer, shown) in &answers {
        for (request, sent) in &requests {
            let count = sent.iter().filter(|name| shown.contains(name)).count();
            // What is said as a whole is not said of a part.
            if count * 2 > sent.len() {
                return Some((answer.clone(), request.clone()));
            }
            if count > 0 && best.as_ref().is_none_or(|(most, _, _)| count > *most) {
                best = Some((count, answer.clone(), request.clone()));
            }
        }
    }
    best.map(|(_, answer, request)| (answer, request))
}

/// The item of an answer about a single thing.
pub(super) fn item(schemas: &Schemas, operation: &Operation, known: &SchemaId) -> Option<String> {
    let message = envelope::success_schema(operation)?;
    let parts = parts(schemas, message);
    let found = parts.iter().find(|(place, _)| {
        let at = request::at(schemas, message, place);
        at.is_some_and(|at| envelope::is_alike(schemas, &at, known))
    });
    found.map(|(place, _)| place.clone())
}

/// A message and its members that are objects, each with the names of its properties.
fn parts(schemas: &Schemas, message: &SchemaId) -> Vec<(String, Vec<String>)> {
    if !envelope::is_object(schemas, message) {
        return Vec::new();
    }
    let members = schemas.properties(message);
    let inner = members.iter().filter(|(_, schema)| envelope::is_object(schemas, schema) && schemas.items(schema).is_none());
    let inner = inner.map(|(name, schema)| (pointer::join("", name), request::names(schemas, schema)));
    std::iter::once((String::new(), members.iter().map(|(name, _)| name.clone()).collect())).chain(inner).collect()
}
