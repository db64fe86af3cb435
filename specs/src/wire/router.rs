//! Which operation a request is for.
//!
//! Paths are matched as written, trailing slash and empty segments included; a literal segment wins over one with
//! variables, with backtracking, so `/notes/mine` and `/notes/{id}` live side by side. Paths that differ in the names
//! of their variables alone share their place in the tree, and segments that mix text and variables are found by the
//! text that they end with: cost grows with the length of the path and not with the number of operations.

use std::{borrow::Cow, collections::HashMap};

use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use rustc_hash::FxBuildHasher;

use super::{
    pairs::{Pair, pairs},
    segment::Pattern,
};
use crate::api::{Condition, Location, Part, Segment, Wanted};

/// All paths of a document, as a tree of segments.
#[derive(Debug, Default)]
pub struct Router {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    literals: HashMap<String, Node, FxBuildHasher>,
    mixed: Mixed,
    variable: Option<Box<Node>>,
    methods: Vec<Leaf>,
}

/// Segments that mix text and variables, by the text that they end with.
#[derive(Debug, Default)]
struct Mixed {
    by_end: HashMap<String, Vec<(Pattern, Node)>, FxBuildHasher>,
    /// The lengths of those texts, the longest first.
    lengths: Vec<usize>,
}

#[derive(Debug)]
struct Leaf {
    method: Method,
    operation: usize,
    /// The names of the path's variables, in order.
    names: Vec<String>,
    /// What requests have that are for this operation and for no other of the same method and path.
    conditions: Vec<Condition>,
}

/// What a request is for, as it says so.
#[derive(Clone, Copy)]
pub struct Asked<'r> {
    /// The path, as sent.
    pub path: &'r str,
    /// The method.
    pub method: &'r Method,
    /// The query, as sent; empty when there is none.
    pub query: &'r str,
    /// The headers; without them, what they tell apart is not found.
    pub headers: Option<&'r HeaderMap>,
}

/// What was found for a request.
#[derive(Debug, Default)]
pub struct Found<'e> {
    /// The operation, if there is one.
    pub matched: Option<Matched<'e>>,
    /// The methods that the path has, when it has not that of the request.
    pub allow: Vec<Method>,
    /// Of an operation with this method and path, what the request lacks.
    pub unmet: Option<&'e [Condition]>,
}

/// An operation that a request is for.
#[derive(Debug)]
pub struct Matched<'e> {
    /// Its number, as it was added.
    pub operation: usize,
    /// The variables of the path by name, as sent.
    pub path: Vec<(&'e str, String)>,
    /// Whether the method is HEAD, which the operation for GET answers.
    pub head: bool,
}

impl Found<'_> {
    /// Whether there is an operation with this path.
    #[must_use]
    pub fn has_path(&self) -> bool {
        self.matched.is_some() || self.unmet.is_some() || !self.allow.is_empty()
    }
}

/// What stays the same all the way down the tree.
#[derive(Clone, Copy)]
struct Walk<'r> {
    asked: &'r Asked<'r>,
    /// Whether the path has escaped characters.
    is_escaped: bool,
}

impl Router {
    /// Adds an operation at a path given by its segments; `false` when another one is there already.
    pub fn add(&mut self, segments: &[Segment], method: &Method, conditions: &[Condition], operation: usize) -> bool {
        let mut node = &mut self.root;
        let mut names = Vec::new();
        for segment in segments {
            node = node.child(segment);
            names.extend(segment.parts.iter().filter_map(|part| if let Part::Variable(name) = part { Some(name.clone()) } else { None }));
        }
        let same = |leaf: &&Leaf| leaf.method == *method && leaf.conditions == conditions;
        let known = node.methods.iter().find(same).map(|leaf| leaf.operation);
        if known.is_none() {
            // What has more conditions is more specific.
            let leaf = Leaf { method: method.clone(), operation, names, conditions: conditions.to_vec() };
            let at = node.methods.iter().position(|known| known.method == *method && known.weight() < leaf.weight());
            node.methods.insert(at.unwrap_or(node.methods.len()), leaf);
        }
        known.is_none_or(|known| known == operation)
    }

    /// Finds the operation for a request.
    #[must_use]
    pub fn find<'e>(&'e self, asked: &Asked<'_>) -> Found<'e> {
        let mut found = Found::default();
        let segments = cut(asked.path).1;
        let walk = Walk { asked, is_escaped: asked.path.contains('%') };
        self.root.walk(segments, walk, &mut Vec::new(), &mut found);
        found
    }
}

impl Node {
    fn child(&mut self, segment: &Segment) -> &mut Self {
        match segment.parts.as_slice() {
            [] => self.literals.entry(String::new()).or_default(),
            // A document may write a literal as it is sent, or as it is read.
            [Part::Literal(text)] => self.literals.entry(percent_decode_str(text).decode_utf8_lossy().into_owned()).or_default(),
            [Part::Variable(_)] => self.variable.get_or_insert_default(),
            parts => self.mixed.child(&Pattern::new(parts)),
        }
    }

    /// Fills `found` with the operation, or with the methods of paths that match.
    ///
    /// `segments` is what is left of the path as sent; nothing is left after the last segment.
    fn walk<'e>(&'e self, segments: Option<&str>, walk: Walk<'_>, values: &mut Vec<String>, found: &mut Found<'e>) {
        let Some(segments) = segments else { return self.finish(walk.asked, values, found) };
        let (first, rest) = cut(segments);
        let read = if walk.is_escaped { percent_decode_str(first).decode_utf8_lossy() } else { Cow::Borrowed(first) };
        if let Some(next) = self.literals.get(read.as_ref()) {
            next.walk(rest, walk, values, found);
        }
        if found.matched.is_none() && !self.mixed.lengths.is_empty() {
            self.mixed.walk(&read, rest, walk, values, found);
        }
        if found.matched.is_none()
            && !first.is_empty()
            && let Some(next) = &self.variable
        {
            values.push(first.to_owned());
            next.walk(rest, walk, values, found);
            values.pop();
        }
    }

    fn finish<'e>(&'e self, asked: &Asked<'_>, values: &mut Vec<String>, found: &mut Found<'e>) {
        let by = |wanted: &Method| self.methods.iter().find(|leaf| leaf.method == *wanted);
        let head = asked.method == Method::HEAD && by(&Method::HEAD).is_none();
        if let Some(first) = if head { by(&Method::GET) } else { by(asked.method) } {
            let Some(leaf) = self.meant(first, asked) else {
                found.unmet = Some(&first.conditions);
                return;
            };
            let path = leaf.names.iter().map(String::as_str).zip(values.drain(..)).collect();
            found.matched = Some(Matched { operation: leaf.operation, path, head });
        } else {
            for leaf in &self.methods {
                if !found.allow.contains(&leaf.method) {
                    found.allow.push(leaf.method.clone());
                }
            }
        }
    }

    /// The one of the operations of a method that is meant, from the first of them on.
    fn meant<'e>(&'e self, first: &'e Leaf, asked: &Asked<'_>) -> Option<&'e Leaf> {
        if first.conditions.is_empty() {
            return Some(first);
        }
        let mut same = self.methods.iter().filter(|leaf| leaf.method == first.method);
        // One that is alone needs no telling apart; what a request lacks is then said by the rules of its parameters.
        if same.clone().nth(1).is_none() {
            return Some(first);
        }
        let query = pairs(asked.query);
        same.find(|leaf| leaf.conditions.iter().all(|condition| is_met(condition, &query, asked.headers)))
    }
}

impl Leaf {
    fn weight(&self) -> usize {
        self.conditions.iter().map(|condition| if condition.fixed().is_some() { 2 } else { 1 }).sum()
    }
}

fn is_met(condition: &Condition, query: &[Pair<'_>], headers: Option<&HeaderMap>) -> bool {
    let is_fit = |value: &str| !matches!(&condition.wanted, Wanted::Exactly(wanted) if wanted != value);
    match condition.location {
        Location::Header => {
            let mut values = headers.into_iter().flat_map(|headers| headers.get_all(condition.name.as_str()));
            values.any(|value| value.to_str().is_ok_and(is_fit))
        }
        _ => query.iter().any(|pair| pair.name == condition.name && is_fit(&pair.decoded())),
    }
}

impl Mixed {
    fn child(&mut self, pattern: &Pattern) -> &mut Node {
        let at = self.lengths.partition_point(|length| *length > pattern.end().len());
        if self.lengths.get(at) != Some(&pattern.end().len()) {
            self.lengths.insert(at, pattern.end().len());
        }
        let same = self.by_end.entry(pattern.end().to_owned()).or_default();
        let position = same.iter().position(|(known, _)| known == pattern).unwrap_or_else(|| {
            // More literal text is more specific: `v{a}-{b}` is tried before `{a}-{b}`.
            let at = same.partition_point(|(known, _)| known.weight() >= pattern.weight());
            same.insert(at, (pattern.clone(), Node::default()));
            at
        });
        &mut same[position].1
    }

    fn walk<'e>(&'e self, text: &str, rest: Option<&str>, walk: Walk<'_>, values: &mut Vec<String>, found: &mut Found<'e>) {
        for length in &self.lengths {
            let Some(end) = text.len().checked_sub(*length).and_then(|at| text.get(at..)) else { continue };
            for (pattern, next) in self.by_end.get(end).into_iter().flatten() {
                let before = values.len();
                if pattern.matches(text, walk.is_escaped, values) {
                    next.walk(rest, walk, values, found);
                }
                if found.matched.is_some() {
                    return;
                }
                values.truncate(before);
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

    fn asked<'r>(path: &'r str, method: &'r Method) -> Asked<'r> {
        Asked { path, method, query: "", headers: None }
    }

    fn check(paths: &[&str], wanted: &str) -> Option<(usize, Vec<(String, String)>)> {
        let mut router = Router::default();
        for (index, path) in paths.iter().enumerate() {
            let segments: Vec<Segment> = path.split('/').skip(1).map(segment).collect();
            router.add(&segments, &Method::GET, &[], index);
        }
        let found = router.find(&asked(wanted, &Method::GET));
        found.matched.map(|matched| (matched.operation, matched.path.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
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
        assert_eq!(check(&["/a/{x}"], "/a/b%2Fc"), Some((0, pairs(&[("x", "b%2Fc")]))));
        assert_eq!(check(&["/a/{x}.csv"], "/a/b%2Fc%2Ecsv"), Some((0, pairs(&[("x", "b/c")]))));
        assert_eq!(check(&["/a%20b/c d"], "/a%20b/c%20d"), Some((0, vec![])));
    }

    #[test]
    fn a_segment_may_mix_text_and_variables() {
        let paths = ["/{id}", "/{id}.json", "/{id}:archive", "/{a}.{b}.csv"];
        assert_eq!(check(&paths, "/7.json"), Some((1, pairs(&[("id", "7")]))));
        assert_eq!(check(&paths, "/7:archive"), Some((2, pairs(&[("id", "7")]))));
        assert_eq!(check(&paths, "/x.y.csv"), Some((3, pairs(&[("a", "x"), ("b", "y")]))));
        assert_eq!(check(&paths, "/.json"), Some((0, pairs(&[("id", ".json")]))));
    }

    #[test]
    fn paths_that_differ_in_names_alone_keep_their_own() {
        let mut router = Router::default();
        let path = |text: &str| -> Vec<Segment> { text.split('/').skip(1).map(segment).collect() };
        assert!(router.add(&path("/a/{x}"), &Method::GET, &[], 0));
        assert!(router.add(&path("/a/{y}"), &Method::PUT, &[], 1));
        assert!(!router.add(&path("/a/{z}"), &Method::GET, &[], 2));
        for (method, name, operation) in [(Method::GET, "x", 0), (Method::PUT, "y", 1)] {
            let matched = router.find(&asked("/a/1", &method)).matched.unwrap();
            assert_eq!((matched.operation, matched.path, matched.head), (operation, vec![(name, "1".to_owned())], false));
        }
        assert_eq!(router.find(&asked("/a/1", &Method::DELETE)).allow, [Method::GET, Method::PUT]);
    }

    #[test]
    fn many_verbs_are_one_look_up() {
        let paths: Vec<String> = (0..5_000).map(|number| format!("/x/{{id}}:verb{number}")).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        assert_eq!(check(&paths, "/x/7:verb4999"), Some((4_999, pairs(&[("id", "7")]))));
        assert_eq!(check(&paths, "/x/7:verb5000"), None);
    }
}
