//! Rows at start, where a document names none: what its examples show is there.
//!
//! A reader tries the request that the document shows, and expects the answer that stands beside it. So the items of
//! examples exist, and the item that an example of the path names does.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use specs::{
    Api,
    api::{Direction, Location, Operation},
    pointer,
    resources::{Action, Place, Resource, Role},
    sample::Sampler,
    validate::Validators,
};

use super::plan::key_text;

/// Adds rows for the resources of which the document says nothing in `x-mock.seed`, and returns their names.
pub(super) fn derive(api: &mut Api, validators: &Validators) -> HashSet<String> {
    let mut acting: HashMap<&str, Vec<(&Operation, &Role)>> = HashMap::new();
    for operation in &api.operations {
        if let Some(role) = &operation.role {
            acting.entry(&role.resource).or_default().push((operation, role));
        }
    }
    let silent = api.resources.iter().filter(|resource| !api.mock.seed.contains_key(&resource.name));
    let found = silent.map(|resource| {
        let acting = acting.get(resource.name.as_str()).map(Vec::as_slice).unwrap_or_default();
        (resource.name.clone(), rows(api, resource, acting, validators))
    });
    let found: Vec<(String, Vec<Value>)> = found.collect();
    let found = found.into_iter().filter(|(_, rows)| !rows.is_empty());
    let mut names = HashSet::new();
    for (name, rows) in found {
        names.insert(name.clone());
        api.mock.seed.insert(name, rows);
    }
    names
}

/// What there is of a thing of which there is one: what its examples show, else a sample.
pub(super) fn blank(api: &Api, resource: &Resource, validators: &Validators) -> Option<Value> {
    let own = api.operations.iter().filter_map(|operation| Some((operation, operation.role.as_ref()?)));
    let reads = own.filter(|(_, role)| role.resource == resource.name && role.action == Action::Read);
    let shown = reads.flat_map(|(operation, role)| shown(operation, role)).map(Value::Object);
    let validator = resource.schema.as_ref().and_then(|schema| validators.get(schema, Direction::Response).ok());
    let conforms = |value: &Value| validator.as_ref().is_none_or(|validator| validator.is_valid(value));
    shown.into_iter().find(conforms).or_else(|| sampled(api, resource, validators).map(Value::Object))
}

/// The rows of a resource, by the operations that act on it.
fn rows(api: &Api, resource: &Resource, acting: &[(&Operation, &Role)], validators: &Validators) -> Vec<Value> {
    let mut found: Vec<Map<String, Value>> = Vec::new();
    for (operation, role) in acting.iter().filter(|(_, role)| matches!(role.action, Action::Read | Action::List)) {
        for mut item in shown(operation, role) {
            let key = key_in(&item, resource).and_then(key_text);
            let is_new = key.is_some_and(|key| !has(&found, resource, &key));
            if is_new {
                place(operation, role, &mut item);
                found.push(item);
            }
        }
    }
    for (operation, role) in acting.iter().filter(|(_, role)| !matches!(role.action, Action::Delete | Action::Create)) {
        let Some(key) = role.key.as_ref().and_then(|place| example(operation, place)) else { continue };
        if key_text(key).is_some_and(|key| !has(&found, resource, &key)) {
            let mut item = found.first().cloned().or_else(|| sampled(api, resource, validators)).unwrap_or_default();
            match resource.key.split_once('/') {
                Some((outer, name)) => {
                    let held = item.entry(outer).or_insert_with(|| Value::Object(Map::new()));
                    held.as_object_mut().map(|held| held.insert(name.to_owned(), key.clone()));
                }
                None => _ = item.insert(resource.key.clone(), key.clone()),
            }
            place(operation, role, &mut item);
            found.push(item);
        }
    }
    found.into_iter().map(Value::Object).collect()
}

fn has(rows: &[Map<String, Value>], resource: &Resource, key: &str) -> bool {
    rows.iter().any(|row| key_in(row, resource).and_then(key_text).as_deref() == Some(key))
}

/// The key of an item: a property, or what stands in one.
fn key_in<'i>(item: &'i Map<String, Value>, resource: &Resource) -> Option<&'i Value> {
    let below = || resource.key.split_once('/').and_then(|(outer, name)| item.get(outer)?.get(name));
    item.get(&resource.key).or_else(below)
}

/// The items in the examples of a success.
fn shown(operation: &Operation, role: &Role) -> Vec<Map<String, Value>> {
    let content = operation.success().map(|response| response.content.as_slice()).unwrap_or_default();
    let examples = content.iter().filter(|media| media.is_json()).flat_map(|media| &media.examples);
    let at = if role.action == Action::List { &role.items } else { &role.item };
    let Some(at) = at else { return Vec::new() };
    let found = examples.filter_map(|example| pointer::get(&example.value, at));
    let items = found.flat_map(|found| found.as_array().map_or(std::slice::from_ref(found), Vec::as_slice));
    items.filter_map(|item| item.as_object().cloned()).collect()
}

/// Puts an item under the parents that the examples of its request name, where it does not say so itself.
fn place(operation: &Operation, role: &Role, item: &mut Map<String, Value>) {
    for (property, place) in &role.parents {
        if let (false, Some(parent)) = (item.contains_key(property), example(operation, place)) {
            item.insert(property.clone(), parent.clone());
        }
    }
}

/// The example of a parameter.
fn example<'o>(operation: &'o Operation, place: &Place) -> Option<&'o Value> {
    let (location, name) = match place {
        Place::Path(name) => (Location::Path, name),
        Place::Query(name) => (Location::Query, name),
        Place::Header(name) => (Location::Header, name),
        Place::Body(_) => return None,
    };
    let parameter = operation.parameters.iter().find(|parameter| parameter.location == location && parameter.name == *name)?;
    parameter.examples.first().map(|example| &example.value)
}

fn sampled(api: &Api, resource: &Resource, validators: &Validators) -> Option<Map<String, Value>> {
    let sampler = Sampler::new(&api.schemas, validators, Direction::Response, 0);
    sampler.full(resource.schema.as_ref()?).ok()?.as_object().cloned()
}
