//! How answers lead to other operations: `links` of responses.
//!
//! A link names its operation by `operationId` or by a reference to its place. Both are looked up when all operations
//! are known, so that a link which leads nowhere is told of. What is in another document is left alone: nobody here can
//! send anything there.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    Location, Operation,
    node::{Node, Reader},
};
use crate::{nearest::nearest, normalize::local_target, pointer};

/// How an answer leads to another operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// The id of the operation that it leads to; `None` when that is in another document, or nowhere.
    pub operation: Option<String>,
    /// What the request has as parameters.
    pub parameters: Vec<LinkParameter>,
    /// What it has as its body: a value, or an expression over the answer.
    pub body: Option<Value>,
    /// JSON pointer of its place.
    pub pointer: String,
}

/// A parameter that a link gives.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkParameter {
    /// Where it is sent, when its name says so: `path.id`.
    pub location: Option<Location>,
    /// Its name.
    pub name: String,
    /// A value, or an expression over the answer: `$response.body#/id`.
    pub value: Value,
}

/// What begins the name of a link's parameter that says where it is sent.
const PLACES: [(&str, Location); 4] =
    [("path.", Location::Path), ("query.", Location::Query), ("header.", Location::Header), ("cookie.", Location::Cookie)];

/// What a link has to know of the operation that it leads to.
struct Known {
    id: String,
    documented: Option<String>,
    pointer: String,
    parameters: Vec<String>,
}

/// Reads the links of all responses.
pub(super) fn assign(reader: &mut Reader, operations: &mut [Operation]) {
    let known: Vec<Known> = operations.iter().map(known).collect();
    // A response that several operations refer to is read once, and what is wrong with it told once.
    let mut read: HashMap<String, Vec<Link>> = HashMap::new();
    for response in operations.iter_mut().flat_map(|operation| &mut operation.responses) {
        if !read.contains_key(&response.pointer) {
            let Some(value) = pointer::get(reader.root, &response.pointer) else { continue };
            let node = Node::new(value, &response.pointer);
            let links = node.entries_of("links").into_iter().filter_map(|(name, written)| link(reader, name, written, &known)).collect();
            read.insert(response.pointer.clone(), links);
        }
        response.links = read.get(&response.pointer).cloned().unwrap_or_default();
    }
}

fn known(operation: &Operation) -> Known {
    Known {
        id: operation.id.clone(),
        documented: operation.documented_id.clone(),
        pointer: operation.pointer.clone(),
        parameters: operation.parameters.iter().map(|parameter| parameter.name.clone()).collect(),
    }
}

fn link<'r>(reader: &mut Reader<'r, '_, '_>, name: &str, written: Node<'r>, known: &[Known]) -> Option<Link> {
    let node = reader.follow(written)?;
    let operation = target(reader, name, &node, known);
    let mut parameters = Vec::new();
    for (written, value) in node.entries_of("parameters") {
        let place = PLACES.iter().find(|(word, _)| written.starts_with(word));
        let parameter = LinkParameter {
            location: place.map(|(_, location)| *location),
            name: place.map_or(written, |(word, _)| &written[word.len()..]).to_owned(),
            value: value.value.clone(),
        };
        if let Some(operation) = operation.filter(|operation| !operation.parameters.contains(&parameter.name)) {
            tell_parameter(reader, name, &parameter.name, &value.pointer, operation);
        }
        parameters.push(parameter);
    }
    Some(Link {
        name: name.to_owned(),
        operation: operation.map(|operation| operation.id.clone()),
        parameters,
        body: node.get("requestBody").map(|body| body.value.clone()),
        pointer: node.pointer,
    })
}

/// The operation that a link names; `None` when it is in another document, or nowhere, which is told.
fn target<'k>(reader: &mut Reader, name: &str, node: &Node, known: &'k [Known]) -> Option<&'k Known> {
    if let Some(id) = node.string("operationId") {
        let found = known.iter().find(|operation| operation.documented.as_deref() == Some(id));
        if found.is_none() {
            let near = nearest(id, known.iter().filter_map(|operation| operation.documented.as_deref()));
            let help = near.map_or_else(|| "name an operation of the document".to_owned(), |near| format!("write `{near}`"));
            let place = pointer::join(&node.pointer, "operationId");
            reader.problems.error(
                "link-target",
                &place,
                &format!("the link `{name}` leads to `{id}`, which no operation is called"),
                &help,
            );
        }
        return found;
    }
    let Some(reference) = node.string("operationRef") else {
        let help = "add `operationId` with the id of an operation";
        reader.problems.error("link-target", &node.pointer, &format!("the link `{name}` leads to no operation"), help);
        return None;
    };
    if !reference.starts_with('#') {
        return None;
    }
    let found = place(reader, reference).and_then(|place| known.iter().find(|operation| operation.pointer == place));
    if found.is_none() {
        let message = format!("the link `{name}` leads to `{reference}`, where no operation is");
        let help = "write `operationId`, or the place of an operation as `#/paths/~1notes/get`";
        reader.problems.error("link-target", &pointer::join(&node.pointer, "operationRef"), &message, help);
    }
    found
}

/// The place of the operation that a reference leads to; its path may be a reference itself.
fn place(reader: &mut Reader, reference: &str) -> Option<String> {
    let target = local_target(reference)?;
    let (path, method) = pointer::split_last(&target)?;
    let item = Node::new(pointer::get(reader.root, path)?, path);
    if item.get(&method).is_some() {
        return Some(target);
    }
    Some(pointer::join(&reader.follow(item)?.pointer, &method))
}

fn tell_parameter(reader: &mut Reader, link: &str, parameter: &str, place: &str, operation: &Known) {
    let message = format!("the link `{link}` gives `{parameter}`, and `{}` takes no such parameter", operation.id);
    let near = nearest(parameter, operation.parameters.iter().map(String::as_str));
    let help = match (near, operation.parameters.as_slice()) {
        (Some(near), _) => format!("write `{near}`"),
        (None, []) => "take it out".to_owned(),
        (None, names) => format!("write one of `{}`", names.join("`, `")),
    };
    reader.problems.error("link-parameter", place, &message, &help);
}
