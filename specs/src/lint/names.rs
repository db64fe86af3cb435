//! Names in extensions that nothing has: properties, resources and headers.
//!
//! Parameters, security schemes, schemas and words are looked up when the document is loaded; what is looked up here
//! needs the whole model.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    api::{Api, Operation, Part},
    document::Document,
    nearest::nearest,
    pointer,
    problem::Problems,
    resources::Resource,
};

pub(super) fn lint(document: &Document, api: &Api, problems: &mut Problems) {
    let declared = document.value.get("x-resource").and_then(Value::as_object);
    for (name, said) in declared.into_iter().flatten() {
        let Some(resource) = api.resources.iter().find(|resource| resource.name == *name) else { continue };
        let place = pointer::join("/x-resource", name);
        if is_idle(api, resource) {
            let message = format!("no operation belongs to the resource `{name}`");
            let help = "name it as its paths do, or by `x-resource: {name: …}` at its operations";
            problems.warning("idle-resource", &place, &message, help);
            continue;
        }
        properties(api, resource, said, &place, problems);
    }
    for operation in &api.operations {
        filters(document, api, operation, problems);
        set(api, operation, problems);
    }
    limits(document, api, problems);
}

/// Whether a resource that is declared is there for nothing.
fn is_idle(api: &Api, resource: &Resource) -> bool {
    let is_parent = api.resources.iter().flat_map(|other| &other.parents).any(|parent| parent.resource == resource.name);
    own(api, resource).next().is_none() && !is_parent
}

fn own<'a>(api: &'a Api, resource: &'a Resource) -> impl Iterator<Item = &'a Operation> {
    api.operations.iter().filter(|operation| {
        let asleep = resource.asleep.iter().any(|(id, _)| *id == operation.id);
        asleep || operation.role.as_ref().is_some_and(|role| role.resource == resource.name)
    })
}

/// The key and the parents that `x-resource` at the top names.
fn properties(api: &Api, resource: &Resource, said: &Value, place: &str, problems: &mut Problems) {
    let Some(known) = known(api, resource) else { return };
    let key = said.get("key").and_then(Value::as_str).map(|key| (pointer::join(place, "key"), key));
    let parents = said.get("parents").and_then(Value::as_object).into_iter().flatten();
    let below = pointer::join(place, "parents");
    let parents = parents.filter_map(|(parent, property)| Some((pointer::join(&below, parent), property.as_str()?)));
    for (place, property) in key.into_iter().chain(parents).filter(|(_, property)| !known.contains(*property)) {
        unknown(resource, property, &known, &place, problems);
    }
}

/// The properties that filters of an operation look at.
fn filters(document: &Document, api: &Api, operation: &Operation, problems: &mut Problems) {
    let said = pointer::join(&pointer::join(&operation.pointer, "x-resource"), "filters");
    let Some(role) = operation.role.as_ref().filter(|_| pointer::get(&document.value, &said).is_some()) else { return };
    let Some(resource) = api.resources.iter().find(|resource| resource.name == role.resource) else { return };
    let Some(known) = known(api, resource) else { return };
    let is_kept = |property: &String| *property == resource.key || resource.parents.iter().any(|parent| parent.property == *property);
    for filter in &role.filters {
        let place = pointer::join(&said, &filter.parameter);
        for property in filter.properties.iter().filter(|property| !is_kept(property) && !known.contains(*property)) {
            let member = ["properties", "property"].map(|member| pointer::join(&place, member));
            let place = member.iter().find(|place| pointer::get(&document.value, place).is_some()).unwrap_or(&place);
            unknown(resource, property, &known, place, problems);
        }
    }
}

/// The properties that `x-mock` sets: names that nothing else about the resource has are misspelt, or never seen.
fn set(api: &Api, operation: &Operation, problems: &mut Problems) {
    let Some(role) = operation.role.as_ref().filter(|_| !operation.mock.set.is_empty()) else { return };
    let Some(resource) = api.resources.iter().find(|resource| resource.name == role.resource) else { return };
    let Some(known) = said(api, resource) else { return };
    let is_kept = |property: &String| *property == resource.key || resource.parents.iter().any(|parent| parent.property == *property);
    let place = pointer::join(&operation.mock.pointer, "set");
    for (name, _) in operation.mock.set.iter().filter(|(name, _)| !is_kept(name) && !known.contains(name)) {
        let Some(meant) = nearest(name, known.iter().map(String::as_str)) else { continue };
        let message = format!("nothing about `{}` is called `{name}`", resource.name);
        problems.warning("mock-property", &pointer::join(&place, name), &message, &format!("write `{meant}`, or add it to the schema"));
    }
}

fn unknown(resource: &Resource, property: &str, known: &BTreeSet<String>, place: &str, problems: &mut Problems) {
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let message = format!("nothing about `{}` is called `{property}`", resource.name);
    problems.warning("unknown-property", place, &message, &format!("write one of `{}`", known.join("`, `")));
}

/// Names that a resource's properties can have: those of its schema, of what is sent for it, of what the mock sets, and
/// of the parameters of its operations. `None` when the schema leaves open what there is.
fn known(api: &Api, resource: &Resource) -> Option<BTreeSet<String>> {
    let mut known = said(api, resource)?;
    known.extend(own(api, resource).flat_map(|operation| operation.mock.set.iter().map(|(name, _)| name.clone())));
    Some(known)
}

/// The same without what the mock sets.
fn said(api: &Api, resource: &Resource) -> Option<BTreeSet<String>> {
    let schema = resource.schema.as_ref()?;
    let names = |properties: Vec<(String, crate::api::SchemaId)>| properties.into_iter().map(|(name, _)| name);
    let mut known: BTreeSet<String> = names(api.schemas.properties(schema)).collect();
    if known.is_empty() {
        return None;
    }
    for operation in own(api, resource) {
        let sent = operation.body.iter().flat_map(|body| &body.content).filter_map(|media| media.schema.as_ref());
        known.extend(sent.flat_map(|schema| names(api.schemas.properties(schema))));
        known.extend(operation.parameters.iter().map(|parameter| parameter.name.clone()));
        known.extend(operation.segments.iter().flat_map(|segment| &segment.parts).filter_map(|part| match part {
            Part::Variable(name) => Some(name.clone()),
            Part::Literal(_) => None,
        }));
        known.extend(operation.role.iter().flat_map(|role| &role.parents).map(|(property, _)| property.clone()));
    }
    Some(known)
}

/// Headers of rate limits that no response declares, and operations that are none.
fn limits(document: &Document, api: &Api, problems: &mut Problems) {
    let responses = || api.operations.iter().flat_map(|operation| &operation.responses);
    let is_declared = |name: &str| responses().flat_map(|response| &response.headers).any(|header| header.name.eq_ignore_ascii_case(name));
    let limits = document.value.get("x-rate-limits").and_then(Value::as_array);
    for (position, limit) in limits.into_iter().flatten().enumerate() {
        let limit_at = pointer::index("/x-rate-limits", position);
        let place = pointer::join(&limit_at, "operations");
        for (at, name) in limit.get("operations").and_then(Value::as_array).into_iter().flatten().enumerate() {
            if !api.operations.iter().any(|operation| name.as_str().is_some_and(|name| operation.is_called(name))) {
                let message = format!("no operation has the id {name}");
                problems.warning("x-rate-limits", &pointer::index(&place, at), &message, "name it by its `operationId`");
            }
        }
        let place = pointer::join(&limit_at, "headers");
        for name in limit.get("headers").and_then(Value::as_object).into_iter().flat_map(|headers| headers.keys()) {
            if !is_declared(name) {
                let message = format!("no response declares the header `{name}`");
                let help = "add it to `headers` of the responses that carry it";
                problems.warning("undeclared-header", &pointer::join(&place, name), &message, help);
            }
        }
    }
}
