//! What identifies an item, and what it hangs on.

use std::collections::HashSet;

use super::{Aspect, Inference, Parent, envelope, request, words};
use crate::api::{Operation, SchemaId, Schemas};

/// Endings of identifiers that name nothing in the API: they come from elsewhere, or mark the request.
const FOREIGN: &[&str] =
    &["external", "reference", "ref", "request", "correlation", "idempotency", "transaction", "trace", "foreign", "remote", "legacy"];

/// Properties that tell about an item what every item has.
const ABOUT: &[&str] = &["metadata", "meta", "sys", "header"];

/// The property that identifies an item called `noun`, whose path variable is `variable`.
///
/// The path variable comes with the schema of its parameter. A key below a property is named by its path: `metadata/name`.
pub(super) fn key(
    schemas: &Schemas,
    schema: Option<&SchemaId>,
    noun: &str,
    variable: Option<(&str, Option<&SchemaId>)>,
) -> (String, String) {
    let (variable, kind) = variable.map_or((None, None), |(name, kind)| (Some(name), kind));
    let Some(schema) = schema else {
        return (variable.unwrap_or("id").to_owned(), "no schema tells more".to_owned());
    };
    let properties: Vec<String> =
        schemas.properties(schema).into_iter().filter(|(_, schema)| is_scalar(schemas, schema)).map(|(name, _)| name).collect();
    let named = |wanted: &str| {
        properties.iter().find(|name| *name == wanted).or_else(|| properties.iter().find(|name| words::same(name, wanted))).cloned()
    };
    if let Some(variable) = variable {
        let path = format!("the path variable `{variable}`");
        if let Some(found) = named(variable).or_else(|| words::without_noun(variable, noun).and_then(|rest| named(&rest))) {
            return (found, path);
        }
    }
    // Text in a path is no number in an item.
    let is_text = kind.is_some_and(|kind| schemas.types(kind) == ["string"]);
    let guessed = |wanted: &str| {
        let is_number = |name: &String| {
            let types = schemas.property(schema, name).map(|property| schemas.types(&property)).unwrap_or_default();
            !types.is_empty() && types.iter().all(|kind| kind == "integer" || kind == "number")
        };
        named(wanted).filter(|name| !(is_text && is_number(name)))
    };
    if let Some(found) = variable.and_then(|variable| below(schemas, schema, variable)).filter(|_| guessed("id").is_none()) {
        return (found, format!("the path variable `{}`", variable.unwrap_or_default()));
    }
    let of_noun = || guessed(&format!("{}id", words::singular(noun)));
    let likely = || envelope::KEYS.iter().chain(envelope::NAMES).find_map(|key| guessed(key));
    match guessed("id").or_else(|| guessed("_id")).or_else(of_noun).or_else(likely) {
        Some(found) => (found, "its name".to_owned()),
        None => (variable.unwrap_or("id").to_owned(), "no property looks like a key, so it is kept and not shown".to_owned()),
    }
}

/// The path of the property called so that stands in one that tells about the item.
fn below(schemas: &Schemas, schema: &SchemaId, variable: &str) -> Option<String> {
    let members = schemas.properties(schema);
    let (outer, about) = members.iter().find(|(name, _)| ABOUT.contains(&words::plain(name).as_str()))?;
    let inner = schemas.properties(about);
    let (name, _) = inner.iter().find(|(name, schema)| words::same(name, variable) && is_scalar(schemas, schema))?;
    Some(format!("{outer}/{name}"))
}

/// The property of an item that holds the key of what a path variable names.
pub(super) fn parent_property(schemas: &Schemas, schema: Option<&SchemaId>, above: &(Option<String>, String), key: &str) -> String {
    let (word, variable) = above;
    let noun = words::singular(word.as_deref().unwrap_or(variable));
    let properties = schema.map(|schema| schemas.properties(schema)).unwrap_or_default();
    let is_generic = envelope::KEYS.contains(&words::plain(variable).as_str());
    let of_variable = (!is_generic).then(|| [variable.clone(), format!("{variable}id")]);
    let of_noun = [format!("{noun}id"), format!("{noun}uuid"), format!("{noun}{variable}"), noun.clone()];
    for wanted in of_variable.into_iter().flatten().chain(of_noun) {
        let found = properties.iter().find(|(name, schema)| words::same(name, &wanted) && name != key && is_scalar(schemas, schema));
        if let Some((name, _)) = found {
            return name.clone();
        }
    }
    let is_taken = |name: &str| name == key || properties.iter().any(|(known, _)| known == name);
    if !is_generic && !is_taken(variable) {
        return variable.clone();
    }
    let is_camel = properties.iter().any(|(name, _)| name.chars().any(char::is_uppercase));
    let made = if is_camel { format!("{noun}Id") } else { format!("{noun}_id") };
    if is_taken(&made) { format!("parent_{made}") } else { made }
}

/// What an item hangs on by its paths, each parent once. `name` gives the resource that a word of a path names.
pub(super) fn parents_of_paths<'s>(
    schemas: &Schemas,
    schema: Option<&SchemaId>,
    above: impl Iterator<Item = &'s (Option<String>, String)>,
    key: &str,
    name: &dyn Fn(&str) -> String,
    why: &mut Vec<Inference>,
) -> Vec<Parent> {
    let mut found: Vec<Parent> = Vec::new();
    for above in above {
        let property = parent_property(schemas, schema, above, key);
        if found.iter().any(|parent| parent.property == property) {
            continue;
        }
        let word = above.0.clone().unwrap_or_else(|| words::plural(words::referred(&above.1).unwrap_or(&above.1)));
        let resource = name(&word);
        let from = format!("the path variable `{}`", above.1);
        why.push(Inference::new(Aspect::Parents, format!("hangs on {resource} by {property}"), from));
        found.push(Parent { resource, property });
    }
    found
}

/// What an item hangs on by the properties with which it is created: those that are required, and those that name a
/// resource of the API. Such a property is one of the item too, or a parameter (`asked`) by which items are listed.
pub(super) fn parents_of_body(
    schemas: &Schemas,
    schema: Option<&SchemaId>,
    (create, noun): (&Operation, &str),
    known: &HashSet<String>,
    asked: &HashSet<&str>,
    name: &dyn Fn(&str) -> String,
    why: &mut Vec<Inference>,
) -> Vec<Parent> {
    let (Some(schema), Some(body)) = (schema, envelope::request_schema(create)) else { return Vec::new() };
    let input = request::input(schemas, body, noun, Some(schema));
    let Some(body) = request::at(schemas, body, &input) else { return Vec::new() };
    let required = schemas.required(&body);
    let mut found = Vec::new();
    for (property, sent) in schemas.properties(&body) {
        let Some(noun) = words::referred(&property).filter(|noun| !FOREIGN.contains(&words::plain(noun).as_str())) else { continue };
        let is_known = known.contains(&words::plain(&words::singular(noun)));
        let is_kept = asked.contains(property.as_str()) || schemas.property(schema, &property).is_some();
        if !is_kept || !is_scalar(schemas, &sent) || !(is_known || required.contains(&property)) {
            continue;
        }
        let resource = name(&words::plural(noun));
        let from = format!("the body of {}", create.id);
        why.push(Inference::new(Aspect::Parents, format!("hangs on {resource} by {property}"), from));
        found.push(Parent { resource, property });
    }
    found
}

fn is_scalar(schemas: &Schemas, schema: &SchemaId) -> bool {
    let types = schemas.types(schema);
    types.is_empty() && schemas.properties(schema).is_empty()
        || types.iter().any(|kind| kind == "string" || kind == "integer" || kind == "number")
}
