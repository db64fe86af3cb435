//! How sure a role is, and what to declare where none was found.
//!
//! For people who read what was inferred: nothing here decides anything.

use http::Method;

use super::{
    Action, Resource, Role, deeds, envelope,
    families::{self, Site, Spot},
    request, words,
};
use crate::api::{Api, Operation};

/// How sure it is what an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// The document says so, or all of it agrees.
    Sure,
    /// Nothing speaks against it.
    Likely,
}

impl Sureness {
    /// In words, as people read it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::Likely => "likely",
        }
    }
}

/// What to write, and what it would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Why nothing is believed without it.
    pub why: String,
    /// The lines to write at the operation, or at the top of the document.
    pub write: Vec<String>,
}

/// How sure a role is, and by what.
#[must_use]
pub fn sureness(api: &Api, operation: &Operation, role: &Role) -> (Sureness, &'static str) {
    if role.why.iter().any(|one| one.about == super::Aspect::Action && one.from == super::DECLARED) {
        return (Sureness::Sure, "declared");
    }
    let Some(resource) = api.resources.iter().find(|known| known.name == role.resource) else {
        return (Sureness::Likely, "nothing else is known of the resource");
    };
    let Some(schema) = &resource.schema else { return (Sureness::Likely, "no answer says what an item is") };
    let shows_key = resource.single || request::at(&api.schemas, schema, &format!("/{}", resource.key)).is_some();
    let is_silent = envelope::success_schema(operation).is_none();
    let tells = role.item.is_some() || role.items.is_some() || role.echo.is_some() || role.action == Action::Delete;
    match (shows_key, tells || is_silent) {
        (false, _) => (Sureness::Likely, "no item shows the key"),
        (_, false) => (Sureness::Likely, "the answer holds neither the item nor its key"),
        (true, true) => (Sureness::Sure, "path, method and schemas agree"),
    }
}

/// What to declare for an operation whose role is unknown; `None` where it has one.
#[must_use]
pub fn advice(api: &Api, operation: &Operation) -> Option<Advice> {
    if operation.role.is_some() {
        return None;
    }
    let asleep = api.resources.iter().find(|resource| resource.asleep.iter().any(|(id, _)| *id == operation.id));
    if let Some(resource) = asleep {
        let why = format!("it would act on `{}`, and nothing makes rows of that", resource.name);
        let write = format!("x-mock: {{seed: {{{}: [{{{}: …}}]}}}}  # at the top: these rows are there then", resource.name, resource.key);
        return Some(Advice { why, write: vec![write] });
    }
    let deed = families::deed(&operation.segments).filter(|(spot, _)| known(api, spot).is_some() && !operation.shares_path);
    if let Some((spot, verb)) = deed.filter(|_| operation.method != Method::GET) {
        return known(api, &spot).map(|resource| of_deed(&spot, &verb, resource, operation));
    }
    families::spot_of(operation).map(|spot| of_path(api, &spot, operation))
}

fn known<'a>(api: &'a Api, spot: &Spot) -> Option<&'a Resource> {
    api.resources.iter().find(|resource| words::same_noun(&resource.name, &spot.noun))
}

fn of_deed(spot: &Spot, verb: &str, resource: &Resource, operation: &Operation) -> Advice {
    let name = &resource.name;
    let why = format!("nothing of `{name}` tells what `{verb}` does");
    let Some(variable) = spot.variable.as_ref().filter(|_| spot.site == Site::Item) else {
        let action = if deeds::searches(verb) { "list" } else { "create" };
        return Advice { why, write: vec![format!("x-resource: {{name: {name}, action: {action}}}")] };
    };
    let action = if operation.method == Method::DELETE { "delete" } else { "update" };
    let mut write = vec![format!("x-resource: {{name: {name}, action: {action}, key: path.{variable}}}")];
    if action == "update" {
        write.push("x-mock: {set: {status: \"'…'\"}}  # the property that shows it, and what it becomes".to_owned());
    }
    Advice { why, write }
}

fn of_path(api: &Api, spot: &Spot, operation: &Operation) -> Advice {
    let noun = known(api, spot).map_or(spot.noun.as_str(), |resource| resource.name.as_str());
    let (action, place) = match (&operation.method, spot.site) {
        (&Method::GET, Site::Collection) => ("list", ", items: /…"),
        (&Method::GET, Site::Item) => ("read", ", item: ''"),
        (&Method::POST, Site::Collection) => ("create", ""),
        (&Method::DELETE, _) => ("delete", ""),
        _ => ("update", ""),
    };
    let key = spot.variable.as_ref().map(|variable| format!(", key: path.{variable}")).unwrap_or_default();
    let why = match (operation.success(), envelope::success_schema(operation)) {
        (None, _) => "no success is declared",
        (Some(response), None) if !response.content.is_empty() => "the success is no JSON of a known schema",
        (_, None) if operation.method == Method::GET => "the success has no content",
        _ if operation.method == Method::GET && spot.site == Site::Collection => {
            "the success holds no list of items that are made elsewhere"
        }
        _ => "neither its body nor its answer is an item of something that is read or listed",
    };
    let write = format!("x-resource: {{name: {noun}, action: {action}{key}{place}}}");
    Advice { why: why.to_owned(), write: vec![write] }
}
