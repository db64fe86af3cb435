//! What tells operations apart that have one method and one path, where a document writes it behind the path.

use std::collections::HashMap;

use http::Method;

use super::{Location, Operation, Part, Schemas};
use crate::normalize::queries::{apart, pairs, variable};

/// What requests of an operation have besides its method and path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// In the query, or as a header.
    pub location: Location,
    /// The name on the wire.
    pub name: String,
    /// What stands there.
    pub wanted: Wanted,
}

/// What a condition wants to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This value: `?list=2`.
    Exactly(String),
    /// That the name is there, whatever its value: `?draft`.
    Named,
    /// A value that the caller gives: `?from={from}`.
    Given,
}

impl Condition {
    /// The value that is always sent; `None` where the caller gives it.
    #[must_use]
    pub fn fixed(&self) -> Option<&str> {
        match &self.wanted {
            Wanted::Exactly(value) => Some(value),
            Wanted::Named => Some(""),
            Wanted::Given => None,
        }
    }

    fn new(location: Location, name: &str, wanted: Wanted) -> Self {
        Self { location, name: name.to_owned(), wanted }
    }
}

/// The conditions of an operation that has all its parameters.
pub(super) fn conditions(operation: &Operation, schemas: &Schemas) -> Vec<Condition> {
    let (_, query, fragment) = apart(&operation.path);
    let mut found: Vec<Condition> =
        pairs(query).map(|(name, value)| Condition::new(Location::Query, name, value.map_or(Wanted::Named, wanted))).collect();
    let known = found.len();
    let sent = || operation.parameters.iter().filter(|one| matches!(one.location, Location::Query | Location::Header));
    for (name, value) in pairs(fragment) {
        let Some(parameter) = sent().find(|parameter| parameter.name.eq_ignore_ascii_case(name)) else { continue };
        if !found.iter().any(|condition| condition.name == parameter.name) {
            found.push(Condition::new(parameter.location, &parameter.name, value.map_or(Wanted::Given, wanted)));
        }
    }
    if found.len() == known && !fragment.is_empty() {
        // A fragment that names nothing: a header that can have one value alone says which operation it is.
        let named = sent().filter(|parameter| parameter.location == Location::Header && parameter.required).find_map(|parameter| {
            let values = schemas.resolve(parameter.schema.as_ref()?).1.get("enum")?.as_array()?;
            let [value] = values.as_slice() else { return None };
            Some(Condition::new(parameter.location, &parameter.name, Wanted::Exactly(value.as_str()?.to_owned())))
        });
        found.extend(named);
    }
    found
}

fn wanted(value: &str) -> Wanted {
    if variable(value).is_some() { Wanted::Given } else { Wanted::Exactly(value.to_owned()) }
}

/// Notes which operations share their method and path with others, so that their conditions have to tell them apart.
pub(super) fn note_shared(operations: &mut [Operation]) {
    let has_tail = |operation: &Operation| operation.path.contains(['?', '#']);
    if !operations.iter().any(has_tail) {
        return;
    }
    let mut counts: HashMap<(Method, Vec<Option<String>>), usize> = HashMap::new();
    for operation in operations.iter() {
        *counts.entry((operation.method.clone(), form(operation))).or_default() += 1;
    }
    for operation in operations.iter_mut().filter(|operation| has_tail(operation)) {
        operation.shares_path = counts.get(&(operation.method.clone(), form(operation))).is_some_and(|count| *count > 1);
    }
}

/// The path with nameless variables.
fn form(operation: &Operation) -> Vec<Option<String>> {
    let part = |part: &Part| if let Part::Literal(text) = part { Some(text.clone()) } else { None };
    let segments = operation.segments.iter().map(|segment| segment.parts.iter().map(part).chain([Some("/".to_owned())]));
    segments.flatten().collect()
}
