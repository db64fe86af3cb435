//! What is declared about resources and does not fit the rest of the document.

use crate::{
    api::{Api, Operation, Response, SchemaId},
    pointer,
    problem::Problems,
    resources::{Resource, Role},
};

pub(super) fn lint(api: &Api, problems: &mut Problems) {
    for operation in &api.operations {
        if let Some(role) = &operation.role {
            places(api, operation, role, problems);
            sent(api, operation, role, problems);
        }
        set(api, operation, problems);
    }
    for (name, rows) in &api.mock.seed {
        let place = pointer::join("/x-mock/seed", name);
        let resource = api.resources.iter().find(|resource| resource.name == *name);
        let is_parent = api.resources.iter().flat_map(|resource| &resource.parents).any(|parent| parent.resource == *name);
        if let Some(resource) = resource {
            keys(resource, rows, &place, problems);
        } else if !is_parent {
            let known: Vec<_> = api.resources.iter().map(|resource| resource.name.as_str()).collect();
            let help = format!("name a resource (`{}`) or a parent of one", known.join("`, `"));
            problems.error("seed-name", &place, &format!("`{name}` is no resource of the document"), &help);
        }
    }
}

/// Each row has a key, and no other row has it.
fn keys(resource: &Resource, rows: &[serde_json::Value], place: &str, problems: &mut Problems) {
    let mut seen = Vec::new();
    for (position, row) in rows.iter().enumerate() {
        let row_place = pointer::index(place, position);
        match row.get(&resource.key) {
            None => {
                let message = format!("the row has no `{}`, which identifies it", resource.key);
                problems.error("seed-key", &row_place, &message, &format!("add `{}`", resource.key));
            }
            Some(key) if seen.contains(&key) => {
                problems.error("seed-key", &row_place, &format!("the key {key} is that of another row"), "give it a key of its own");
            }
            Some(key) => seen.push(key),
        }
    }
}

/// What a role names in the success body is declared there.
fn places(api: &Api, operation: &Operation, role: &Role, problems: &mut Problems) {
    let message = operation.success().and_then(|response| response.content.iter().find(|media| media.is_json())?.schema.as_ref());
    let facts = role.pagination.iter().flat_map(|pages| pages.shows.iter().map(|(_, place)| ("x-pagination", place)));
    let named = role.item.iter().chain(&role.items).map(|place| ("x-resource", place));
    for (extension, place) in named.chain(facts) {
        if message.is_none_or(|message| !is_declared(api, message, place)) {
            let message = format!("the success body declares nothing at `{place}`");
            problems.warning(
                "role-place",
                &pointer::join(&operation.pointer, extension),
                &message,
                "correct the pointer, or add it to the schema",
            );
        }
    }
}

/// What a role names in the request body is declared there.
fn sent(api: &Api, operation: &Operation, role: &Role, problems: &mut Problems) {
    let media = operation.body.iter().flat_map(|body| &body.content).find(|media| media.is_json());
    let Some(message) = media.and_then(|media| media.schema.as_ref()) else { return };
    for place in std::iter::once(&role.input).chain(&role.batch).filter(|place| !is_declared(api, message, place)) {
        let message = format!("the request body declares nothing at `{place}`");
        let at = pointer::join(&operation.pointer, "x-resource");
        problems.warning("role-place", &at, &message, "correct the pointer, or add it to the schema");
    }
}

/// What `x-mock` fills in answers is declared there.
fn set(api: &Api, operation: &Operation, problems: &mut Problems) {
    let body = |response: &Response| response.content.iter().find(|media| media.is_json())?.schema.clone();
    let filled = operation.mock.respond.iter().map(|(place, _)| (place.clone(), pointer::join(&operation.mock.pointer, "respond"), place));
    let success = operation.success().and_then(body);
    let filled = filled.map(|(place, above, name)| (success.clone(), place, pointer::join(&above, name)));
    let refusals = operation.responses.iter().flat_map(|response| {
        let above = pointer::join(&response.mock.pointer, "set");
        let set = response.mock.set.iter().filter(|(name, _)| !name.is_empty());
        set.map(move |(name, _)| (body(response), pointer::join("", name), pointer::join(&above, name)))
    });
    for (message, place, said) in filled.chain(refusals) {
        if message.is_none_or(|message| !is_declared(api, &message, &place)) {
            let message = format!("the body of the answer declares nothing at `{place}`");
            problems.warning("mock-place", &said, &message, "correct the name, or add it to the schema");
        }
    }
}

/// Whether a body of this schema may hold something at a place.
pub(super) fn is_declared(api: &Api, message: &SchemaId, place: &str) -> bool {
    let mut at = message.clone();
    for token in pointer::tokens(place) {
        let next = api.schemas.property(&at, &token).or_else(|| if token.parse::<usize>().is_ok() { api.schemas.items(&at) } else { None });
        match next {
            Some(next) => at = next,
            // Without properties a schema leaves open what is there.
            None => return api.schemas.properties(&at).is_empty() && api.schemas.items(&at).is_none(),
        }
    }
    true
}
