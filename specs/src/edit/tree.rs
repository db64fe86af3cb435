//! A text as a tree of spans. An alias is a node of its own here: it is written where it stands.

use super::Refused;
use crate::pointer;

pub(super) type NodeId = usize;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    /// Literal or folded, below its header.
    Block,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar(Style),
    Alias(usize),
    Map(Layout),
    List(Layout),
}

/// How a collection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Block,
    /// In brackets.
    Flow,
    /// A single pair in a list in brackets, without brackets of its own.
    Pair,
}

/// What is written at one place. Offsets are of bytes.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Where its slot begins: behind the colon, the dash, the comma or the bracket before it.
    pub(super) gap: usize,
    /// Where it begins, with its anchor and tag; the gap, when it is empty.
    pub(super) start: usize,
    /// Where it begins without these.
    pub(super) content: usize,
    pub(super) end: usize,
    /// The number of its anchor; 0 without one.
    pub(super) anchor: usize,
    pub(super) kind: Kind,
    pub(super) entries: Vec<Entry>,
}

/// A member or an item.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The key, `?` or dash; in brackets the item itself.
    pub(super) start: usize,
    pub(super) key: Option<Key>,
    pub(super) node: NodeId,
}

#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) node: NodeId,
    pub(super) text: String,
    pub(super) is_merge: bool,
    /// Where its colon ends; none, when it has none.
    pub(super) colon: Option<usize>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) root: NodeId,
    /// Which of them are aliases.
    pub(super) aliases: Vec<NodeId>,
    /// Whether the last of two members with the same key is the one that counts.
    pub(super) last_counts: bool,
}

/// A place with the way to it: containers and positions in them.
pub(super) struct Found {
    pub(super) path: Vec<(NodeId, usize)>,
    pub(super) node: NodeId,
}

impl Tree {
    pub(super) fn add(&mut self, node: Node) -> NodeId {
        let id = self.nodes.len();
        self.aliases.extend(matches!(node.kind, Kind::Alias(_)).then_some(id));
        self.nodes.push(node);
        id
    }

    pub(super) fn find(&self, at: &str) -> Result<Found, Refused> {
        let mut found = Found { path: Vec::new(), node: self.root };
        for token in pointer::tokens(at) {
            let node = &self.nodes[found.node];
            let position = match &node.kind {
                Kind::Map(_) => self.member(node, &token),
                Kind::List(_) => token.parse().ok().filter(|position: &usize| *position < node.entries.len()),
                Kind::Alias(_) => return Err(Refused::new(at, "it is written where the anchor is, and other places share it by an alias")),
                Kind::Scalar(_) => None,
            };
            let Some(position) = position else {
                let is_merged = node.entries.iter().filter_map(|entry| entry.key.as_ref()).any(|key| key.is_merge);
                let why = if is_merged { "it comes from a merge key, and is written elsewhere" } else { "nothing is written there" };
                return Err(Refused::new(at, why));
            };
            found.path.push((found.node, position));
            found.node = node.entries[position].node;
        }
        Ok(found)
    }

    pub(super) fn member(&self, node: &Node, name: &str) -> Option<usize> {
        let is_it = |entry: &Entry| entry.key.as_ref().is_some_and(|key| !key.is_merge && key.text == name);
        if self.last_counts { node.entries.iter().rposition(is_it) } else { node.entries.iter().position(is_it) }
    }

    /// Where an entry ends: its value, or, without one, its key.
    pub(super) fn end_of(&self, entry: &Entry) -> usize {
        let key = entry.key.as_ref().map_or(0, |key| self.nodes[key.node].end.max(key.colon.unwrap_or(0)));
        self.nodes[entry.node].end.max(key).max(self.nodes[entry.node].gap)
    }

    pub(super) fn is_flow(&self, id: NodeId) -> bool {
        matches!(self.nodes[id].kind, Kind::Map(Layout::Flow | Layout::Pair) | Kind::List(Layout::Flow | Layout::Pair))
    }

    /// Refuses a change of what aliases elsewhere stand for: within any of these nodes, or of all from `start` to `end`.
    pub(super) fn unshared(&self, at: &str, within: &[NodeId], start: usize, end: usize) -> Result<(), Refused> {
        let refuse = || Refused::new(at, "aliases elsewhere stand for it, and would change with it; write one of the two out first");
        for alias in self.aliases.iter().map(|id| &self.nodes[*id]) {
            let Kind::Alias(anchor) = alias.kind else { continue };
            let is_inside = alias.start >= start && alias.end <= end;
            let names = |node: &Node| node.anchor == anchor;
            let is_around = within.iter().any(|id| names(&self.nodes[*id]));
            let is_removed = !is_inside && self.nodes.iter().any(|node| names(node) && node.start >= start && node.start < end);
            if is_around || is_removed {
                return Err(refuse());
            }
        }
        Ok(())
    }
}
