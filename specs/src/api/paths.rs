//! `paths` become operations: ids, path segments, and what a path gives to all of its operations.

use std::collections::{HashMap, HashSet};

use http::Method;
use indexmap::IndexMap;

use super::{
    Evidence, Location, Operation, Parameter, Part, Scheme, Security, Segment, Style, condition, extensions, message,
    node::{Node, Reader},
    schemas::Schemas,
    security,
};
use crate::{document::identifier, normalize::queries::apart};

pub(crate) const METHODS: &[(&str, Method)] = &[
    ("get", Method::GET),
    ("put", Method::PUT),
    ("post", Method::POST),
    ("delete", Method::DELETE),
    ("options", Method::OPTIONS),
    ("head", Method::HEAD),
    ("patch", Method::PATCH),
    ("trace", Method::TRACE),
];

/// What the document says about all of its operations.
pub(super) struct Context<'c> {
    pub(super) schemas: &'c Schemas,
    pub(super) schemes: &'c IndexMap<String, Scheme>,
    /// What operations ask for that say nothing of their own.
    pub(super) security: Vec<Security>,
    pub(super) evidence: Evidence,
}

/// All operations, in the order written, with unique ids.
pub(super) fn operations<'r>(reader: &mut Reader<'r, '_, '_>, root: &Node<'r>, context: &Context<'_>) -> Vec<Operation> {
    let mut operations = Vec::new();
    match root.get("paths") {
        Some(paths) => {
            for (path, item) in paths.entries() {
                path_item(reader, path, &item, context, &mut operations);
            }
        }
        None => {
            let message = match root.get("webhooks") {
                Some(_) => "the document has webhooks alone, which others serve, so there is nothing to call",
                None => "the document has no `paths`, so there is nothing to call",
            };
            reader.problems.warning("no-paths", "", message, "add `paths`");
        }
    }
    condition::note_shared(&mut operations);
    assign_ids(reader, &mut operations);
    operations
}

fn path_item<'r>(reader: &mut Reader<'r, '_, '_>, path: &str, item: &Node<'r>, context: &Context<'_>, operations: &mut Vec<Operation>) {
    let rooted = format!("/{path}");
    let path = if path.starts_with('/') {
        path
    } else {
        let (message, help) = (format!("`{path}` is read as `{rooted}`"), format!("write `{rooted}`"));
        reader.problems.warning("path", &item.pointer, &message, &help);
        &rooted
    };
    let (bare, query, fragment) = apart(path);
    let segments = segments(reader, bare, item);
    let first = operations.len();
    let mut places = vec![item.clone()];
    if item.get("$ref").is_some() {
        places.extend(reader.follow(item.clone()));
    }
    let (mut shared, mut taken): (Vec<Parameter>, Vec<&Method>) = (Vec::new(), Vec::new());
    for place in &places {
        let evidence = reader.evidence(place, context.evidence);
        // What stands beside a `$ref` holds for what it leads to, and goes before it.
        let own = message::parameters(reader, place, context.schemas, evidence);
        shared.extend(own.into_iter().filter(|one| !shared.iter().any(|known| is_same(known, one))).collect::<Vec<_>>());
        let servers = message::servers(reader, place);
        for (name, node) in place.members().filter(|(_, node)| node.value.is_object()) {
            let Some((_, method)) = METHODS.iter().find(|(known, _)| *known == name) else { continue };
            if taken.contains(&method) {
                continue;
            }
            taken.push(method);
            let mut operation = operation(reader, &node, context, evidence);
            operation.method = method.clone();
            path.clone_into(&mut operation.path);
            operation.segments.clone_from(&segments);
            inherit(&mut operation, &shared, &servers);
            match_variables(reader, &mut operation);
            operation.conditions = condition::conditions(&operation, context.schemas);
            operations.push(operation);
        }
    }
    if !(query.is_empty() && fragment.is_empty()) {
        tell_tail(reader, path, item, &operations[first..]);
    }
}

/// Says how a path is read that has a query part or a fragment.
fn tell_tail(reader: &mut Reader, path: &str, item: &Node, operations: &[Operation]) {
    let (bare, ..) = apart(path);
    let mut names: Vec<String> = operations
        .iter()
        .flat_map(|operation| &operation.conditions)
        .map(|condition| format!("`{}` in the {}", condition.name, condition.location.as_str()))
        .collect();
    names.sort();
    names.dedup();
    let (message, help) = if names.is_empty() {
        let message = format!("`{path}` is read as `{bare}`; of several operations with its method the first is taken");
        (message, "write the path alone, and declare a header of one value that tells the operations apart")
    } else {
        let message = format!("`{path}` is read as `{bare}` for requests with {}", names.join(" and "));
        (message, "write the path alone, and what is behind it as required parameters")
    };
    reader.problems.warning("path", &item.pointer, &message, help);
}

/// The operation by itself; method, path and what the path gives are filled in by the caller.
fn operation<'r>(reader: &mut Reader<'r, '_, '_>, node: &Node<'r>, context: &Context<'_>, above: Evidence) -> Operation {
    let evidence = reader.evidence(node, above);
    let tags = node.get("tags").map(|tags| tags.items().filter_map(|tag| tag.value.as_str().map(str::to_owned)).collect());
    Operation {
        id: String::new(),
        documented_id: node.string("operationId").map(str::to_owned),
        method: Method::GET,
        path: String::new(),
        segments: Vec::new(),
        conditions: Vec::new(),
        shares_path: false,
        pointer: node.pointer.clone(),
        summary: node.text("summary"),
        description: node.text("description"),
        tags: tags.unwrap_or_default(),
        deprecated: node.flag("deprecated"),
        servers: message::servers(reader, node),
        parameters: message::parameters(reader, node, context.schemas, evidence),
        body: message::body(reader, node, context.schemas),
        responses: message::responses(reader, node, context.schemas, evidence),
        scopes: security::scopes_of(reader, node),
        security: match node.get("security") {
            Some(own) => security::alternatives(reader, Some(&own), context.schemes),
            None => context.security.clone(),
        },
        evidence,
        docs: extensions::docs(reader, node),
        mock: extensions::mock(reader, node, extensions::Position::Operation),
        role: None,
    }
}

fn is_same(one: &Parameter, other: &Parameter) -> bool {
    one.location == other.location && one.name == other.name
}

/// Adds what the path gives to all of its operations, where the operation says nothing of its own.
fn inherit(operation: &mut Operation, shared: &[Parameter], servers: &[super::Server]) {
    let own: Vec<_> = operation.parameters.drain(..).collect();
    let is_own = |parameter: &Parameter| own.iter().any(|one| is_same(one, parameter));
    operation.parameters = shared.iter().filter(|parameter| !is_own(parameter)).cloned().collect();
    operation.parameters.extend(own);
    if operation.servers.is_empty() {
        operation.servers = servers.to_vec();
    }
}

/// Path parameters and path variables are the same set.
fn match_variables(reader: &mut Reader, operation: &mut Operation) {
    let parts = || operation.segments.iter().flat_map(|segment| &segment.parts);
    let variables: Vec<String> =
        parts().filter_map(|part| if let Part::Variable(name) = part { Some(name.clone()) } else { None }).collect();
    operation.parameters.retain(|parameter| {
        let is_used = parameter.location != Location::Path || variables.contains(&parameter.name);
        if !is_used {
            let message = format!("the path `{}` has no variable `{}`", operation.path, parameter.name);
            reader.problems.warning(
                "unused-path-parameter",
                &parameter.pointer,
                &message,
                "remove the parameter, or add the variable to the path",
            );
        }
        is_used
    });
    for name in variables {
        if !operation.parameters.iter().any(|parameter| parameter.location == Location::Path && parameter.name == name) {
            let message = format!("the path variable `{name}` has no parameter");
            let help = format!("add `{{name: {name}, in: path, required: true, schema: {{type: string}}}}` to `parameters`");
            reader.problems.error("undeclared-path-variable", &operation.pointer, &message, &help);
            operation.parameters.push(undeclared(name, &operation.pointer));
        }
    }
}

fn undeclared(name: String, pointer: &str) -> Parameter {
    Parameter {
        name,
        location: Location::Path,
        required: true,
        deprecated: false,
        description: String::new(),
        style: Style::Simple,
        explode: false,
        allow_reserved: false,
        schema: None,
        content: None,
        examples: Vec::new(),
        evidence: Evidence::Inferred,
        pointer: pointer.to_owned(),
    }
}

fn segments(reader: &mut Reader, path: &str, item: &Node) -> Vec<Segment> {
    let mut seen = HashSet::new();
    let mut segments = Vec::new();
    for text in path.split('/').skip(1) {
        let Some(parts) = parts(text) else {
            reader.problems.error(
                "path-braces",
                &item.pointer,
                &format!("the braces in `{text}` do not match"),
                "write variables as `{name}`",
            );
            segments.push(Segment { parts: vec![Part::Literal(text.to_owned())] });
            continue;
        };
        for part in &parts {
            if let Part::Variable(name) = part
                && !seen.insert(name.clone())
            {
                let message = format!("the path variable `{name}` is there twice");
                reader.problems.error("repeated-path-variable", &item.pointer, &message, "give the variables different names");
            }
        }
        segments.push(Segment { parts });
    }
    segments
}

/// Literals and variables of one segment; `None` when its braces do not match.
fn parts(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let close = rest.get(open..)?.find('}').filter(|length| *length > 1)? + open;
        let name = rest.get(open..close)?.strip_prefix('{')?;
        if name.contains('{') {
            return None;
        }
        if open > 0 {
            parts.push(Part::Literal(rest[..open].to_owned()));
        }
        parts.push(Part::Variable(name.to_owned()));
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    Some(parts)
}

/// Documented ids come first, then those that are made of method and path, so that no made-up id takes a written one.
fn assign_ids(reader: &mut Reader, operations: &mut [Operation]) {
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut late = Vec::new();
    for (position, operation) in operations.iter_mut().enumerate() {
        let Some(documented) = operation.documented_id.as_deref().filter(|id| !id.trim().is_empty()) else {
            late.push((position, identifier(&format!("{} {}", operation.method.as_str().to_ascii_lowercase(), operation.path))));
            continue;
        };
        let id = identifier(documented);
        if taken.insert(id.clone(), 1).is_none() {
            operation.id = id;
            continue;
        }
        let message = format!("the operation id `{documented}` is taken: it reads `{id}`, as another one does");
        reader.problems.warning(
            "repeated-operation-id",
            &crate::pointer::join(&operation.pointer, "operationId"),
            &message,
            "give it an id of its own",
        );
        late.push((position, id));
    }
    for (position, wanted) in late {
        operations[position].id = free_id(&mut taken, &wanted);
    }
}

fn free_id(taken: &mut HashMap<String, usize>, wanted: &str) -> String {
    let mut id = wanted.to_owned();
    let mut number = taken.get(wanted).copied().unwrap_or_default();
    while taken.contains_key(&id) {
        number += 1;
        id = format!("{wanted}_{number}");
    }
    taken.insert(wanted.to_owned(), number.max(1));
    taken.entry(id.clone()).or_insert(1);
    id
}

#[cfg(test)]
mod tests {
    use super::{Part, parts};

    #[test]
    fn a_segment_is_literals_and_variables() {
        let literal = |text: &str| Part::Literal(text.to_owned());
        let variable = |name: &str| Part::Variable(name.to_owned());
        let rows = [
            ("", Some(vec![])),
            ("notes", Some(vec![literal("notes")])),
            ("{id}", Some(vec![variable("id")])),
            ("{id}.json", Some(vec![variable("id"), literal(".json")])),
            ("v{a}-{b}", Some(vec![literal("v"), variable("a"), literal("-"), variable("b")])),
            ("{id", None),
            ("id}", None),
            ("{}", None),
            ("{{id}}", None),
        ];
        for (text, expected) in rows {
            assert_eq!(parts(text), expected, "{text}");
        }
    }
}
