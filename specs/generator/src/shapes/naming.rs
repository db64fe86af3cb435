//! What types are called: components by their name, what is written in place by its place.

use std::collections::HashMap;

use heck::ToPascalCase as _;
use indexmap::IndexMap;
use proc_macro2::Ident;
use specs::{
    Api,
    api::{Direction, Operation, SchemaId, Status},
    pointer,
};

use super::{Key, Plan};
use crate::names::{self, Scope};

/// Operations by their place.
type Operations<'a> = HashMap<&'a str, &'a Operation>;

/// Names types, components first, so that no name of theirs is taken by a place. The request form of a schema that
/// has two is called `…Input`.
pub(super) fn name(api: &Api, definitions: &IndexMap<Key, Plan>) -> IndexMap<Key, Ident> {
    let mut scope = Scope::default();
    let operations = api.operations.iter().map(|operation| (operation.pointer.as_str(), operation)).collect();
    let mut keys: Vec<&Key> = definitions.keys().collect();
    keys.sort_by_key(|(id, direction)| (id.component().is_none(), *direction == Direction::Request, depth(id)));
    let mut named = IndexMap::new();
    for key in keys {
        let base = names::pascal(&place(api, &operations, &key.0), "Type");
        let twin = key.1 == Direction::Request && definitions.contains_key(&(key.0.clone(), Direction::Response));
        let name = if twin { format!("{base}Input") } else { base };
        named.insert(key.clone(), names::ident(&scope.unique(&name)));
    }
    named
}

fn depth(id: &SchemaId) -> usize {
    id.pointer().matches('/').count()
}

/// A name from the place of a schema: `/components/schemas/Note/properties/author` is `Note author`.
fn place(api: &Api, operations: &Operations, id: &SchemaId) -> String {
    let tokens: Vec<_> = pointer::tokens(id.pointer()).collect();
    let tokens: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
    let (mut words, rest) = root(operations, &tokens);
    let mut rest = rest.iter();
    while let Some(token) = rest.next() {
        match *token {
            "properties" => words.extend(rest.next().map(|name| name.to_pascal_case())),
            "items" => words.push("Item".to_owned()),
            "additionalProperties" => words.push("Entry".to_owned()),
            "oneOf" | "anyOf" | "allOf" => {
                let position = rest.next().and_then(|position| position.parse::<usize>().ok()).unwrap_or_default();
                words.push(format!("Part{}", position + 1));
            }
            "schema" | "content" => {}
            media_type if media_type.contains('/') => {}
            other => words.push(other.to_pascal_case()),
        }
    }
    // A nullable schema that had to be wrapped stands one step deeper than its name.
    if words.len() > 1 && words.last().is_some_and(|word| word == "Part1") && api.schemas.get(id).is_object() {
        let parent =
            id.pointer().rsplit_once('/').and_then(|(parent, _)| api.schemas.root().pointer(parent)).and_then(|value| value.as_array());
        if parent.is_some_and(|parts| parts.len() == 2 && parts.iter().any(super::plan::is_null)) {
            words.pop();
        }
    }
    words.join("")
}

/// The words for where a schema hangs, and the tokens below that.
fn root<'t>(operations: &Operations, tokens: &'t [&'t str]) -> (Vec<String>, &'t [&'t str]) {
    match tokens {
        ["components", "responses", name, rest @ ..] => (vec![format!("{}Body", name.to_pascal_case())], rest),
        ["components", _, name, rest @ ..] => (vec![name.to_pascal_case()], rest),
        ["paths", path, method, rest @ ..] => {
            let pointer = ["paths", path, method].iter().fold(String::new(), |at, token| pointer::join(&at, token));
            let operation = operations.get(pointer.as_str());
            let id = operation.map_or_else(|| format!("{path} {method}"), |operation| operation.id.clone()).to_pascal_case();
            match (operation, rest) {
                (_, ["requestBody", rest @ ..]) => (vec![id, "Request".to_owned()], rest),
                (_, ["responses", status, rest @ ..]) => (vec![id, status_word(status), "Body".to_owned()], rest),
                (Some(operation), ["parameters", position, rest @ ..]) => {
                    let at = pointer::join(&pointer::join(&pointer, "parameters"), position);
                    let name = operation.parameters.iter().find(|parameter| parameter.pointer == at);
                    (vec![id, name.map_or_else(|| format!("Parameter{position}"), |parameter| parameter.name.to_pascal_case())], rest)
                }
                (_, rest) => (vec![id], rest),
            }
        }
        other => (Vec::new(), other),
    }
}

fn status_word(status: &str) -> String {
    let status = match status.parse::<u16>() {
        Ok(code) => Status::Exactly(code),
        Err(_) => status
            .chars()
            .next()
            .and_then(|first| first.to_digit(10))
            .map_or(Status::Default, |first| Status::Range(u8::try_from(first).unwrap_or(5))),
    };
    crate::operations::variant(status)
}
