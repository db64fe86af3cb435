//! The headers of a lowered operation.

use heck::ToSnakeCase as _;
use http::HeaderName;

use super::{Argument, document::is_like_a_variable};
use crate::{
    Api, Problem,
    api::{Location, Operation, Parameter},
};

/// Argument and local names of progenitor's method that a header's name must not be.
const TAKEN: [&str; 7] = ["query", "body", "header_map", "url", "request", "result", "response"];
/// Begins the names that stand for others; the client's hook puts the others back.
const ALIAS: &str = "x-lowered-";

/// The header arguments of an operation, in progenitor's order: by name on the wire. And the names that stand for
/// those which could be no argument of progenitor's method.
pub(super) fn of(api: &Api, operation: &Operation, problems: &mut Vec<Problem>) -> (Vec<Argument>, Vec<(String, String)>) {
    let mut named = vec![("Accept".to_owned(), Argument::Accept)];
    let mut renamed = Vec::new();
    if operation.body.is_some() {
        named.push(("Content-Type".to_owned(), Argument::ContentType));
    }
    if operation.parameters.iter().any(|parameter| parameter.location == Location::Cookie) {
        named.push(("Cookie".to_owned(), Argument::Cookie));
    }
    for parameter in operation.parameters.iter().filter(|parameter| parameter.location == Location::Header) {
        if HeaderName::from_bytes(parameter.name.as_bytes()).is_err() {
            problems.push(problem(api, parameter));
            continue;
        }
        let mut name = parameter.name.clone();
        if is_taken(&name, &named) {
            name = format!("{ALIAS}{}", renamed.len());
            renamed.push((name.clone(), parameter.name.clone()));
        }
        named.push((name, Argument::Header(parameter.name.clone())));
    }
    named.sort();
    (named.into_iter().map(|(_, argument)| argument).collect(), renamed)
}

/// Whether the name in Rust is one of the method's own, or another header's.
fn is_taken(name: &str, named: &[(String, Argument)]) -> bool {
    let argument = name.to_snake_case();
    let number = is_like_a_variable(&argument);
    number || TAKEN.contains(&argument.as_str()) || named.iter().any(|(known, _)| known.to_snake_case() == argument)
}

fn problem(api: &Api, parameter: &Parameter) -> Problem {
    let message = format!("the typed client cannot send header `{}`: it is no name that HTTP allows for a header", parameter.name);
    super::problem(api, "header-not-sendable", &parameter.pointer, message, "rename the header, or remove it from the operation")
}
