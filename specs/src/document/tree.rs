//! A document as an arena of nodes with places. An alias is the node that it names, so a tree never outgrows its text.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::DEEPEST;
use crate::{pointer, problem::Severity};

/// Where a node starts, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A problem before the file's name is known.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) rule: &'static str,
    pub(super) severity: Severity,
    pub(super) place: Place,
    pub(super) pointer: String,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// Index of a node.
pub(super) type NodeId = usize;

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Scalar(Value),
    List(Vec<NodeId>),
    /// Each member with the place of its key.
    Map(IndexMap<String, (Place, NodeId)>),
}

/// The nodes of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) root: Option<NodeId>,
}

impl Tree {
    pub(super) fn add(&mut self, place: Place, kind: Kind) -> NodeId {
        self.nodes.push(Node { place, kind });
        self.nodes.len() - 1
    }

    /// Line and column of the pointer, or of the nearest ancestor that is there.
    pub(super) fn locate(&self, pointer: &str) -> (usize, usize) {
        let Some(root) = self.root else { return (1, 1) };
        let (mut at, mut place) = (root, self.nodes[root].place);
        for token in pointer::tokens(pointer) {
            let next = match &self.nodes[at].kind {
                Kind::Map(members) => members.get(&*token).copied(),
                Kind::List(items) => {
                    token.parse().ok().and_then(|position: usize| items.get(position)).map(|item| (self.nodes[*item].place, *item))
                }
                Kind::Scalar(_) => None,
            };
            let Some(next) = next else { break };
            (place, at) = next;
        }
        (place.line, place.column)
    }

    /// The tree as a value. Aliases are written out, as far as a budget goes that grows with the text.
    pub(super) fn value(&self) -> Result<Value, Fault> {
        let Some(root) = self.root else { return Ok(Value::Null) };
        let mut budget = self.nodes.len().saturating_mul(10).saturating_add(10_000);
        self.value_of(root, 0, &mut budget)
    }

    fn value_of(&self, id: NodeId, depth: usize, budget: &mut usize) -> Result<Value, Fault> {
        let node = &self.nodes[id];
        if depth > DEEPEST {
            return Err(node.fault("deep-nesting", format!("values are nested more than {DEEPEST} deep"), "nest less deeply"));
        }
        if *budget == 0 {
            return Err(node.fault(
                "alias-bomb",
                "aliases multiply the document beyond ten times its size".to_owned(),
                "use fewer aliases",
            ));
        }
        *budget -= 1;
        Ok(match &node.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(items) => Value::Array(items.iter().map(|item| self.value_of(*item, depth + 1, budget)).collect::<Result<_, _>>()?),
            Kind::Map(members) => {
                let mut map = Map::with_capacity(members.len());
                for (key, (_, member)) in members {
                    map.insert(key.clone(), self.value_of(*member, depth + 1, budget)?);
                }
                Value::Object(map)
            }
        })
    }
}

impl Node {
    fn fault(&self, rule: &'static str, message: String, help: &'static str) -> Fault {
        Fault { rule, severity: Severity::Error, place: self.place, pointer: String::new(), message, help }
    }
}

/// A key that an object has twice. The last one counts in JSON, the first one in YAML; no one should have to know.
pub(super) fn repeated_key(place: Place, first: Place, pointer: &str) -> Fault {
    let key = pointer::split_last(pointer).map(|(_, key)| key).unwrap_or_default();
    Fault {
        rule: "repeated-key",
        severity: Severity::Error,
        place,
        pointer: pointer.to_owned(),
        message: format!("the key `{key}` is there already, on line {}", first.line),
        help: "remove or rename one of the two",
    }
}

/// A whole number that has more digits than any number is read with.
pub(super) fn inexact_number(place: Place, pointer: &str, text: &str) -> Fault {
    Fault {
        rule: "number-range",
        severity: Severity::Warning,
        place,
        pointer: pointer.to_owned(),
        message: format!("the number `{text}` is read as about {:e}", text.parse().unwrap_or(f64::INFINITY)),
        help: "write a number of at most 64 bits, or leave the limit out",
    }
}
