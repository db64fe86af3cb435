//! Which operation of the document each operation of a page is.
//!
//! Method and path decide, variables by position, with the path of a server before it or without. A page whose address
//! or method changed has no such operation; then the one is meant that the page resembles most by what it states, if
//! any, and that its address differs is a finding. So a moved operation is one finding, and not one for each property.

use std::collections::HashSet;

use crate::{
    api::{Api, Location, Operation, Part},
    pages::{Page, Place, Side, Signature, Statement, Step},
};

use super::spot;

/// How alike what page and document state has to be for one operation to be meant by another address.
const ALIKE: f64 = 0.5;

/// An operation of the document that one of the page stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    /// Its position among the operations of the document.
    pub(super) operation: usize,
    /// How its address fits.
    pub(super) fit: Fit,
}

/// How the address of a page fits that of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// As it is.
    Whole,
    /// But for a slash at the end.
    Slash,
    /// The method differs.
    Method,
    /// The path differs.
    Path,
}

/// A page's operations with those of the document, by position.
pub(super) fn pairs(page: &Page, api: &Api) -> Vec<Option<Pair>> {
    let mut found: Vec<Option<Pair>> = page.operations.iter().map(|signature| exact(api, signature)).collect();
    let taken: HashSet<usize> = found.iter().flatten().map(|pair| pair.operation).collect();
    for (position, signature) in page.operations.iter().enumerate() {
        if found[position].is_none() {
            found[position] = meant(page, position, signature, api, &taken);
        }
    }
    found
}

fn exact(api: &Api, signature: &Signature) -> Option<Pair> {
    let by = |fit: Fit, is_same: &dyn Fn(&str, &str) -> bool| {
        let position = api.operations.iter().position(|operation| {
            operation.method == signature.method && addresses(api, operation).iter().any(|path| is_same(path, &signature.path))
        });
        position.map(|operation| Pair { operation, fit })
    };
    let loose = |one: &str, other: &str| pattern(one.trim_end_matches('/')) == pattern(other.trim_end_matches('/'));
    by(Fit::Whole, &|one, other| one == other)
        .or_else(|| by(Fit::Whole, &|one, other| pattern(one) == pattern(other)))
        .or_else(|| by(Fit::Slash, &loose))
}

/// The paths that an operation may be written with.
pub(super) fn addresses(api: &Api, operation: &Operation) -> Vec<String> {
    let servers = if operation.servers.is_empty() { &api.servers } else { &operation.servers };
    let mut found = vec![operation.path.clone()];
    for server in servers {
        let mut rest = server.path.as_str();
        while !rest.is_empty() {
            let path = format!("{rest}{}", operation.path);
            if !found.contains(&path) {
                found.push(path);
            }
            // A page may show the end of the server's path alone: `/v1` of `/gateway/v1`.
            rest = rest[1..].find('/').map_or("", |slash| &rest[slash + 1..]);
        }
    }
    found
}

/// A path in which all variables have the same name.
pub(super) fn pattern(path: &str) -> String {
    let mut made = String::with_capacity(path.len());
    let mut is_variable = false;
    for one in path.chars() {
        match one {
            '{' => (is_variable, made) = (true, made + "{"),
            '}' => (is_variable, made) = (false, made + "}"),
            _ if is_variable => {}
            other => made.push(other),
        }
    }
    made
}

/// The operation that a page means by another address: by a path that is alike, and by what the page states.
fn meant(page: &Page, position: usize, signature: &Signature, api: &Api, taken: &HashSet<usize>) -> Option<Pair> {
    let names = stated(page, position);
    let free = api.operations.iter().enumerate().filter(|(at, _)| !taken.contains(at));
    let scored = free.filter_map(|(at, operation)| {
        let same_path = addresses(api, operation)
            .iter()
            .any(|path| pattern(path.trim_end_matches('/')) == pattern(signature.path.trim_end_matches('/')));
        let fit = match (same_path, operation.method == signature.method) {
            (true, false) => Fit::Method,
            (false, true) => Fit::Path,
            _ => return None,
        };
        let path = addresses(api, operation).iter().map(|path| likeness(path, &signature.path)).fold(0.0, f64::max);
        let content = overlap(&names, &held(api, operation));
        // By its path alone when the page states nothing else; else by what it states, the more of it the less alike the paths.
        let is_meant = content.map_or(path >= ALIKE, |content| content >= ALIKE && content + path >= 2.0 * ALIKE);
        is_meant.then(|| (path + content.unwrap_or(path), Pair { operation: at, fit }))
    });
    scored.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, pair)| pair)
}

/// How many of the segments of two paths are the same, from 0 to 1.
fn likeness(one: &str, other: &str) -> f64 {
    let segments = |path: &str| pattern(path).split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (one, other) = (segments(one), segments(other));
    let same = one.iter().filter(|segment| other.contains(segment)).count();
    ratio(same, one.len().max(other.len()))
}

/// The names that a page states of one of its operations.
fn stated(page: &Page, position: usize) -> HashSet<String> {
    let own = page.facts.iter().filter(|fact| fact.operation == Some(position));
    own.filter_map(|fact| match &fact.statement {
        Statement::Member { place: Place::Parameter { location, name }, .. } => Some(format!("{} {name}", location.as_str())),
        Statement::Member { place: Place::Property { side, path }, .. } => match path.as_slice() {
            [Step::Property(name)] => Some(format!("{} {name}", word(*side))),
            _ => None,
        },
        _ => None,
    })
    .filter(|name| !name.starts_with("path "))
    .collect()
}

fn word(side: Side) -> &'static str {
    if side == Side::Request { "body" } else { "response" }
}

fn held(api: &Api, operation: &Operation) -> HashSet<String> {
    let mut found: HashSet<String> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location != Location::Path)
        .map(|parameter| format!("{} {}", parameter.location.as_str(), parameter.name))
        .collect();
    let mut add = |word: &str, spots: &[spot::Spot]| {
        let names = spots.iter().flat_map(|spot| api.schemas.properties(&spot.id)).map(|(name, _)| format!("{word} {name}"));
        found.extend(names);
    };
    add("body", &spot::request(api, operation));
    if let Some(success) = operation.success() {
        add("response", &spot::response(api, operation, success));
    }
    found
}

/// How much of what the page states the document has too; none when the page states nothing.
fn overlap(page: &HashSet<String>, document: &HashSet<String>) -> Option<f64> {
    (!page.is_empty()).then(|| ratio(page.intersection(document).count(), page.len()))
}

#[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The name of the document's path variable that a page's variable stands for, by position.
pub(super) fn variable<'o>(operation: &'o Operation, signature: &Signature, name: &str) -> Option<&'o str> {
    let shown = variables(&signature.path);
    let own: Vec<&str> = operation.segments.iter().flat_map(|segment| &segment.parts).filter_map(part_name).collect();
    // What a page shows before the document's path may hold variables too, so they are counted from the end.
    let from_end = shown.len() - shown.iter().position(|one| *one == name)?;
    own.len().checked_sub(from_end).and_then(|at| own.get(at)).copied()
}

fn part_name(part: &Part) -> Option<&str> {
    if let Part::Variable(name) = part { Some(name) } else { None }
}

fn variables(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

/// How well a page fits a document, for a page of which nobody said whose it is.
pub(super) fn fitness(page: &Page, api: &Api) -> f64 {
    let exact = page.operations.iter().filter(|signature| exact(api, signature).is_some()).count();
    let servers = page.facts.iter().filter(|fact| matches!(&fact.statement, Statement::Server(url) if is_server(api, url))).count();
    let names: HashSet<String> = (0..page.operations.len()).flat_map(|position| stated(page, position)).collect();
    let known: HashSet<String> = api.operations.iter().flat_map(|operation| held(api, operation)).collect();
    let is_named = api.docs.iter().chain(api.operations.iter().flat_map(|operation| &operation.docs)).any(|docs| docs.url == page.name);
    let named = if is_named { 100.0 } else { 0.0 };
    named + 4.0 * ratio(exact, page.operations.len()) + ratio(servers.min(1), 1) * 8.0 + overlap(&names, &known).unwrap_or_default()
}

/// Whether a URL is that of a server of the document, of the host it is on, or of a place below.
pub(super) fn is_server(api: &Api, url: &str) -> bool {
    let url = url.trim_end_matches('/');
    let all = api.servers.iter().chain(api.operations.iter().flat_map(|operation| &operation.servers));
    all.map(|server| server.url.trim_end_matches('/')).any(|own| {
        own == url
            || own.strip_prefix(url).is_some_and(|rest| rest.starts_with('/'))
            || url.strip_prefix(own).is_some_and(|rest| rest.starts_with('/'))
    })
}
