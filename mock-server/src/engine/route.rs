//! First step: which operation a request is for.
//!
//! Paths are matched as written, trailing slash and empty segments included; a literal segment wins over one with
//! variables, with backtracking, so `/notes/mine` and `/notes/{id}` live side by side. Cost grows with the length
//! of the path and not with the number of operations.

use std::{borrow::Cow, collections::HashMap};

use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use rustc_hash::FxBuildHasher;
use specs::api::{Part, Segment};

use super::{
    Rejection, Request, Step,
    compile::{Compiled, Engine},
};

/// A request whose operation is known.
pub(super) struct Routed<'e> {
    pub(super) operation: &'e Compiled,
    pub(super) path: Values<'e>,
    /// Whether the method asked for is HEAD, answered by the operation for GET.
    pub(super) head: bool,
}

/// Path parameters by name, decoded.
type Values<'e> = Vec<(&'e str, String)>;

/// All paths of a document, as a tree of segments.
#[derive(Debug, Default)]
pub(super) struct Router {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    literals: HashMap<String, Node, FxBuildHasher>,
    patterns: Vec<(Segment, Node)>,
    methods: Vec<(Method, usize)>,
}

/// What stays the same all the way down the tree.
#[derive(Clone, Copy)]
struct Walk<'r> {
    method: &'r Method,
    /// Whether the path has escaped characters.
    is_escaped: bool,
}

pub(super) fn route<'e>(engine: &'e Engine, request: &Request) -> Result<Routed<'e>, Box<Rejection>> {
    let path = request.target.path();
    let found = engine.router.find(path, &request.method);
    if let Some((index, values, head)) = found.operation {
        let operation = engine.operation(index);
        return Ok(Routed { operation, path: values, head });
    }
    Err(if found.allow.is_empty() { unknown_path(engine, path) } else { wrong_method(request, found.allow) })
}

#[derive(Default)]
struct Found<'e> {
    /// Its index, the path parameters, and whether HEAD stands for GET.
    operation: Option<(usize, Values<'e>, bool)>,
    allow: Vec<Method>,
}

impl Router {
    /// Adds an operation at a path given by its segments.
    pub(super) fn add(&mut self, segments: &[Segment], method: &Method, operation: usize) {
        let mut node = &mut self.root;
        for segment in segments {
            node = node.child(segment);
        }
        if !node.methods.iter().any(|(known, _)| known == method) {
            node.methods.push((method.clone(), operation));
        }
    }

    fn find<'e>(&'e self, path: &str, method: &Method) -> Found<'e> {
        let mut found = Found::default();
        let segments = cut(path).1;
        let walk = Walk { method, is_escaped: path.contains('%') };
        self.root.walk(segments, walk, &mut Vec::new(), &mut found);
        found
    }
}

impl Node {
    fn child(&mut self, segment: &Segment) -> &mut Self {
        if let Some(text) = literal(segment) {
            return self.literals.entry(text).or_default();
        }
        let position = self.patterns.iter().position(|(known, _)| known == segment).unwrap_or_else(|| {
            // More literal text is more specific: `{id}.json` is tried before `{id}`.
            let weight = literal_length(segment);
            let at = self.patterns.partition_point(|(known, _)| literal_length(known) >= weight);
            self.patterns.insert(at, (segment.clone(), Self::default()));
            at
        });
        &mut self.patterns[position].1
    }

    /// Fills `found` with the operation, or with the methods of paths that match.
    ///
    /// `segments` is what is left of the path as sent; nothing is left after the last segment.
    fn walk<'e>(&'e self, segments: Option<&str>, walk: Walk<'_>, values: &mut Values<'e>, found: &mut Found<'e>) {
        let Some(segments) = segments else { return self.finish(walk.method, values, found) };
        let (first, rest) = cut(segments);
        let first = if walk.is_escaped { percent_decode_str(first).decode_utf8_lossy() } else { Cow::Borrowed(first) };
        if let Some(next) = self.literals.get(first.as_ref()) {
            next.walk(rest, walk, values, found);
        }
        for (pattern, next) in &self.patterns {
            if found.operation.is_some() {
                return;
            }
            let before = values.len();
            if matches(&pattern.parts, &first, values) {
                next.walk(rest, walk, values, found);
            }
            values.truncate(before);
        }
    }

    fn finish<'e>(&'e self, method: &Method, values: &mut Values<'e>, found: &mut Found<'e>) {
        let by = |wanted: &Method| self.methods.iter().find(|(known, _)| known == wanted).map(|(_, operation)| *operation);
        let head = method == Method::HEAD && by(&Method::HEAD).is_none();
        let operation = if head { by(&Method::GET) } else { by(method) };
        if let Some(operation) = operation {
            found.operation = Some((operation, std::mem::take(values), head));
        } else {
            for (known, _) in &self.methods {
                if !found.allow.contains(known) {
                    found.allow.push(known.clone());
                }
            }
        }
    }
}

/// The first segment, and what comes after it. Segments are short, so a plain walk is quicker than a search.
fn cut(segments: &str) -> (&str, Option<&str>) {
    match segments.bytes().position(|byte| byte == b'/') {
        Some(at) => (&segments[..at], Some(&segments[at + 1..])),
        None => (segments, None),
    }
}

fn literal(segment: &Segment) -> Option<String> {
    match segment.parts.as_slice() {
        [] => Some(String::new()),
        [Part::Literal(text)] => Some(text.clone()),
        _ => None,
    }
}

fn literal_length(segment: &Segment) -> usize {
    segment.parts.iter().map(|part| if let Part::Literal(text) = part { text.len() } else { 0 }).sum()
}

/// Matches one decoded segment against literals and variables; a variable takes at least one character, and as few
/// as the literal after it allows.
fn matches<'e>(parts: &'e [Part], text: &str, values: &mut Vec<(&'e str, String)>) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Literal(literal), rest @ ..] => text.strip_prefix(literal.as_str()).is_some_and(|left| matches(rest, left, values)),
        [Part::Variable(name)] => {
            values.push((name, text.to_owned()));
            !text.is_empty()
        }
        [Part::Variable(name), rest @ ..] => {
            let before = values.len();
            for (end, _) in text.char_indices().skip(1) {
                values.push((name, text[..end].to_owned()));
                if matches(rest, &text[end..], values) {
                    return true;
                }
                values.truncate(before);
            }
            false
        }
    }
}

fn unknown_path(engine: &Engine, path: &str) -> Box<Rejection> {
    let other = if path.ends_with('/') { path.trim_end_matches('/').to_owned() } else { format!("{path}/") };
    let found = engine.router.find(&other, &Method::GET);
    let help = if found.operation.is_some() || !found.allow.is_empty() {
        format!("the document writes this path `{other}`")
    } else {
        format!("paths of this document start with `{}`", engine.prefix)
    };
    Rejection::new(Step::Route, StatusCode::NOT_FOUND, "unknown-path", format!("no operation has the path `{path}`"), help)
}

fn wrong_method(request: &Request, mut allow: Vec<Method>) -> Box<Rejection> {
    if allow.contains(&Method::GET) && !allow.contains(&Method::HEAD) {
        allow.push(Method::HEAD);
    }
    if !allow.contains(&Method::OPTIONS) {
        allow.push(Method::OPTIONS);
    }
    let names = allow.iter().map(|method| format!("`{method}`")).collect::<Vec<_>>().join(", ");
    let (status, rule) = if request.method == Method::OPTIONS {
        (StatusCode::NO_CONTENT, "options")
    } else {
        (StatusCode::METHOD_NOT_ALLOWED, "undeclared-method")
    };
    let message = format!("the document declares no `{}` for this path", request.method);
    let mut rejection = Rejection::new(Step::Route, status, rule, message, format!("use one of {names}"));
    rejection.allow = allow;
    rejection
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(text: &str) -> Segment {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            if !before.is_empty() {
                parts.push(Part::Literal(before.to_owned()));
            }
            let (name, tail) = after.split_once('}').unwrap();
            parts.push(Part::Variable(name.to_owned()));
            rest = tail;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Segment { parts }
    }

    fn check(paths: &[&str], wanted: &str) -> Option<(usize, Vec<(String, String)>)> {
        let mut router = Router::default();
        for (index, path) in paths.iter().enumerate() {
            let segments: Vec<Segment> = path.split('/').skip(1).map(segment).collect();
            router.add(&segments, &Method::GET, index);
        }
        let found = router.find(wanted, &Method::GET);
        found.operation.map(|(index, values, _)| (index, values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_literal_wins_and_backtracks() {
        let paths = ["/a/{x}", "/a/mine", "/a/mine/{y}/deep", "/a/{x}/end"];
        assert_eq!(check(&paths, "/a/mine"), Some((1, vec![])));
        assert_eq!(check(&paths, "/a/mine/end"), Some((3, pairs(&[("x", "mine")]))));
        assert_eq!(check(&paths, "/a/other"), Some((0, pairs(&[("x", "other")]))));
    }

    #[test]
    fn slashes_count() {
        assert_eq!(check(&["/a/{x}/"], "/a/1"), None);
        assert_eq!(check(&["/a/{x}"], "/a/1/"), None);
        assert_eq!(check(&["/a/{x}"], "/a/"), None);
        assert_eq!(check(&["/a/{x}"], "/a/b%2Fc"), Some((0, pairs(&[("x", "b/c")]))));
    }

    #[test]
    fn a_segment_may_mix_text_and_variables() {
        let paths = ["/{id}", "/{id}.json", "/{id}:archive", "/{a}.{b}.csv"];
        assert_eq!(check(&paths, "/7.json"), Some((1, pairs(&[("id", "7")]))));
        assert_eq!(check(&paths, "/7:archive"), Some((2, pairs(&[("id", "7")]))));
        assert_eq!(check(&paths, "/x.y.csv"), Some((3, pairs(&[("a", "x"), ("b", "y")]))));
        assert_eq!(check(&paths, "/.json"), Some((0, pairs(&[("id", ".json")]))));
    }
}
