//! The headers of a lowered operation.

use heck::ToSnakeCase as _;
use http::HeaderName;

use super::{Argument, document::LETTERS};
use crate::{
    Api, Problem,
    api::{Location, Operation, Parameter},
};

/// Argument and local names of progenitor's method that a header's name must not be.
const TAKEN: [&str; 3] = ["query", "body", "header_map"];

/// The header arguments of an operation, in progenitor's order: by name on the wire.
pub(super) fn of(api: &Api, operation: &Operation, problems: &mut Vec<Problem>) -> Vec<Argument> {
    let mut named = vec![("Accept".to_owned(), Argument::Accept)];
    if operation.body.is_some() {
        named.push(("Content-Type".to_owned(), Argument::ContentType));
    }
    if operation.parameters.iter().any(|parameter| parameter.location == Location::Cookie) {
        named.push(("Cookie".to_owned(), Argument::Cookie));
    }
    for parameter in operation.parameters.iter().filter(|parameter| parameter.location == Location::Header) {
        match refusal(parameter, &named) {
            None => named.push((parameter.name.clone(), Argument::Header(parameter.name.clone()))),
            Some(why) => problems.push(problem(api, parameter, &why)),
        }
    }
    named.sort();
    named.into_iter().map(|(_, argument)| argument).collect()
}

fn refusal(parameter: &Parameter, named: &[(String, Argument)]) -> Option<String> {
    let argument = parameter.name.to_snake_case();
    let number = argument.strip_prefix(LETTERS).is_some_and(|rest| rest.parse::<u8>().is_ok());
    if HeaderName::from_bytes(parameter.name.as_bytes()).is_err() {
        Some("is no name that HTTP allows for a header".to_owned())
    } else if TAKEN.contains(&argument.as_str()) || number {
        Some(format!("would be called `{argument}` in Rust, which the client's own code is called"))
    } else {
        let twin = named.iter().find(|(name, _)| name.to_snake_case() == argument);
        twin.map(|(name, _)| format!("would be called `{argument}` in Rust, as header `{name}` already is"))
    }
}

fn problem(api: &Api, parameter: &Parameter, why: &str) -> Problem {
    let message = format!("the typed client cannot send header `{}`: it {why}", parameter.name);
    super::problem(api, "header-not-sendable", &parameter.pointer, message, "rename the header, or remove it from the operation")
}
