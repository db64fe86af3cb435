//! Model to what progenitor can generate: a document of transport alone.
//!
//! progenitor has one type for all successes of an operation and one for all its errors, and panics when a document
//! has more; typify has one Rust type per schema, whichever way it travels. So neither is asked. What comes out of
//! here keeps what progenitor does well (paths, the request, hooks) and is bytes both ways: every response is one raw
//! `default`, every body an octet stream with a `Content-Type` header, all of the query one parameter whose type
//! writes its own pairs. What travels in those bytes is typed by the generator.
//!
//! The alternative, lowering schemas until typify takes them, was rejected: request and response forms of one
//! component, open enums, explicit nulls and names that collide cannot be said in a schema.

#![expect(clippy::disallowed_types, reason = "this is where the dialect of progenitor is spoken")]

mod document;
mod headers;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use heck::ToSnakeCase as _;
use openapiv3::OpenAPI;

use crate::{
    Api, Problem, Severity,
    api::{Location, Operation, Part},
};

/// The name of the component that stands for a query string; the generator puts its own type there.
pub const QUERY: &str = "Query";

/// A document that progenitor takes, and how to call what progenitor makes of it.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The document.
    pub document: OpenAPI,
    /// The operations that are in it, in the model's order.
    pub operations: Vec<LoweredOperation>,
    /// What could not be lowered.
    pub problems: Vec<Problem>,
}

/// An operation of the lowered document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoweredOperation {
    /// The operation's id in the model.
    pub id: String,
    /// The name of progenitor's method, which is also the operation id that hooks are told.
    pub method: String,
    /// What the method takes, in order.
    pub arguments: Vec<Argument>,
    /// Headers that have another name in the document of progenitor, and their own.
    pub renamed: Vec<(String, String)>,
}

/// An argument of progenitor's method.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Argument {
    /// A path parameter, by its name in the model: `&str`.
    Path(String),
    /// The query string: `&Query`.
    Query,
    /// A header parameter, by its name in the model: `Option<&str>`.
    Header(String),
    /// All cookie parameters: `Option<&str>`.
    Cookie,
    /// The media types that the operation answers with: `Option<&str>`.
    Accept,
    /// The media type of the body: `Option<&str>`.
    ContentType,
    /// The body: bytes.
    Body,
}

/// Lowers a model. Never fails: an operation that cannot be lowered is left out, with a problem.
#[must_use]
pub fn lower(api: &Api) -> Lowered {
    let (mut problems, mut taken) = (Vec::new(), HashSet::new());
    let mut operations: Vec<LoweredOperation> = api
        .operations
        .iter()
        .map(|operation| {
            let mut arguments: Vec<Argument> = path_variables(operation).into_iter().map(Argument::Path).collect();
            // Nothing stands for it, so that it is empty.
            arguments.extend(operation.shares_path.then(|| Argument::Path(String::new())));
            if operation.parameters.iter().any(|parameter| parameter.location == Location::Query) {
                arguments.push(Argument::Query);
            }
            let (headers, renamed) = headers::of(api, operation, &mut problems);
            arguments.extend(headers);
            if operation.body.is_some() {
                arguments.push(Argument::Body);
            }
            LoweredOperation { id: operation.id.clone(), method: method(&operation.id, &mut taken), arguments, renamed }
        })
        .collect();
    let document = document::of(api, &mut operations);
    let kept: HashSet<&str> = operations.iter().map(|operation| operation.id.as_str()).collect();
    for operation in api.operations.iter().filter(|operation| !kept.contains(operation.id.as_str())) {
        let message = format!("the typed client goes without `{}`: another operation has its method and path", operation.id);
        problems.push(problem(api, "operation-not-generated", &operation.pointer, message, "remove one of them"));
    }
    Lowered { document, operations, problems }
}

impl Lowered {
    /// The same with some operations only.
    #[must_use]
    pub fn only(&self, api: &Api, keep: &dyn Fn(&LoweredOperation) -> bool) -> Self {
        let mut operations: Vec<LoweredOperation> = self.operations.iter().filter(|operation| keep(operation)).cloned().collect();
        Self { document: document::of(api, &mut operations), operations, problems: self.problems.clone() }
    }
}

/// The name of progenitor's method, in the snake case that progenitor gives it: `match_` would be `match` there.
fn method(id: &str, taken: &mut HashSet<String>) -> String {
    let name = format!("call_{id}").to_snake_case();
    let mut unique = name.clone();
    for number in 2.. {
        if taken.insert(unique.clone()) {
            break;
        }
        unique = format!("{name}_{number}");
    }
    unique
}

/// The variables of a path, in order, each once.
fn path_variables(operation: &Operation) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in operation.segments.iter().flat_map(|segment| &segment.parts) {
        if let Part::Variable(name) = part
            && !found.contains(name)
        {
            found.push(name.clone());
        }
    }
    found
}

fn problem(api: &Api, rule: &'static str, pointer: &str, message: String, help: &str) -> Problem {
    let (file, pointer, help) = (api.file.clone(), pointer.to_owned(), help.to_owned());
    Problem { rule, severity: Severity::Warning, file, line: 0, column: 0, pointer, message, help }
}
