//! Which operation a request of an example is for.

use crate::{
    api::{Operation, Part},
    pages::{Fact, Request},
};

use super::{addresses, pairing, scene::Scene};

/// The operation, with what stands for each of its path variables. The operation that the example belongs to comes first.
pub(super) fn find<'a>(scene: &Scene<'a>, fact: &Fact, request: &Request) -> Option<(&'a Operation, Vec<(String, String)>)> {
    let own = fact.operation.and_then(|position| scene.pairs.get(position)).and_then(Option::as_ref).map(|pair| pair.operation);
    let first = own.and_then(|position| scene.api.operations.get(position));
    let all = first.into_iter().chain(&scene.api.operations).filter(|operation| operation.method == request.method);
    let path = path(&request.url);
    // A literal segment is meant before a variable is.
    let mut found: Vec<_> = all.filter_map(|operation| Some((operation, variables(scene, operation, &path, &request.url)?))).collect();
    let is_own = |operation: &Operation| first.is_some_and(|first| first.id == operation.id);
    found.sort_by_key(|(operation, variables)| (variables.len(), !is_own(operation)));
    found.into_iter().next()
}

fn variables(scene: &Scene, operation: &Operation, path: &str, url: &str) -> Option<Vec<(String, String)>> {
    let is_whole = url.contains("//");
    let servers = if operation.servers.is_empty() { &scene.api.servers } else { &operation.servers };
    let of_servers = || servers.iter().filter(|server| is_host_of(&server.url, url)).map(|server| server.path.clone());
    let any = is_whole
        && (addresses::is_any_host(url) || servers.iter().all(|server| !server.url.contains("//") || addresses::is_any_host(&server.url)));
    let bases: Vec<String> = if is_whole && !any { of_servers().collect() } else { bases(scene, operation) };
    bases.iter().find_map(|base| path.strip_prefix(base.as_str()).and_then(|rest| fill(operation, rest)))
}

/// What may stand before the path of the document when the page shows no host that says it.
fn bases(scene: &Scene, operation: &Operation) -> Vec<String> {
    let all = pairing::addresses(scene.api, operation);
    all.iter().filter_map(|path| path.strip_suffix(operation.path.as_str()).map(str::to_owned)).collect()
}

fn is_host_of(server: &str, url: &str) -> bool {
    let origin = |url: &str| {
        let (_, rest) = url.split_once("//")?;
        Some(rest.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase())
    };
    match (origin(server), origin(url)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

fn path(url: &str) -> String {
    let rest = url.split_once("//").map_or(url, |(_, rest)| rest.find('/').map_or("", |slash| &rest[slash..]));
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// What stands for the variables of a path; none when the path is another.
fn fill(operation: &Operation, path: &str) -> Option<Vec<(String, String)>> {
    let given: Vec<&str> = path.split('/').skip(1).collect();
    let mut segments = operation.segments.as_slice();
    let mut given = given.as_slice();
    // A slash at the end is told where the address is compared.
    if let [rest @ .., last] = segments
        && last.parts.is_empty()
        && !rest.is_empty()
    {
        segments = rest;
    }
    if let [rest @ .., ""] = given {
        given = rest;
    }
    if segments.len() != given.len() {
        return None;
    }
    let mut found = Vec::new();
    for (segment, text) in segments.iter().zip(given) {
        let mut rest = *text;
        for (position, part) in segment.parts.iter().enumerate() {
            match part {
                Part::Literal(literal) => rest = rest.strip_prefix(literal.as_str())?,
                Part::Variable(name) => {
                    let end = match segment.parts.get(position + 1) {
                        Some(Part::Literal(next)) => rest.find(next.as_str())?,
                        _ => rest.len(),
                    };
                    if end == 0 {
                        return None;
                    }
                    found.push((name.clone(), decoded(&rest[..end])));
                    rest = &rest[end..];
                }
            }
        }
        if !rest.is_empty() {
            return None;
        }
    }
    Some(found)
}

/// Names and values of a query.
pub(super) fn query(url: &str) -> Vec<(String, String)> {
    let Some((_, query)) = url.split_once('?') else { return Vec::new() };
    let query = query.split('#').next().unwrap_or_default();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(&value.replace('+', " "))))
        .collect()
}

fn decoded(text: &str) -> String {
    crate::normalize::percent_decoded(text)
}
