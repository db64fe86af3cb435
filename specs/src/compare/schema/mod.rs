//! Schemas in pairs: each pair of places in each direction is looked at once, however many operations lead to it.
//!
//! A side of a pair is a list of places that must all be met, since `allOf` lets several schemas say something of one
//! property. What a pair leads to goes to the end of a queue.

mod carried;
mod facets;
mod limits;
mod object;
mod print;
mod reach;
mod unions;
mod view;

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use super::{
    ledger::{Ledger, Origin, Spot},
    rule::Rule,
    rules,
};
use crate::api::{Direction, SchemaId, Schemas};
pub(super) use carried::Carried;
pub(super) use print::fingerprint;
use view::{Term, View};

/// Most schemas that are looked at in one comparison, each time that one is; far more than any document is written in.
pub(super) const MOST_EFFORT: usize = 4_000_000;

/// What a pair is known by.
type Key = (Vec<Term>, Vec<Term>, Direction, Carried);

/// All pairs, and the queue of those to look at.
pub(super) struct Walk<'a> {
    old: &'a Schemas,
    new: &'a Schemas,
    known: HashMap<Key, usize>,
    nodes: Vec<Node>,
    open: VecDeque<usize>,
    /// How many schemas may still be looked at.
    left: usize,
}

/// A pair, with what leads to it.
struct Node {
    old: Vec<Term>,
    new: Vec<Term>,
    direction: Direction,
    carried: Carried,
    /// How it was reached first: from which pair, and by which step; a root has the words of its place.
    from: Option<usize>,
    step: String,
    /// The pairs that lead here.
    parents: Vec<usize>,
    /// The operations that it is a root of.
    operations: Vec<usize>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(old: &'a Schemas, new: &'a Schemas, most: usize) -> Self {
        Self { old, new, known: HashMap::new(), nodes: Vec::new(), open: VecDeque::new(), left: most }
    }

    /// A schema of an operation. Where there is none, everything fits.
    pub(super) fn root(&mut self, way: (Direction, Carried), operation: usize, at: String, [old, new]: [Option<&SchemaId>; 2]) {
        if old.is_none() && new.is_none() {
            return;
        }
        let term = |side: Option<&SchemaId>| side.map(Term::new).into_iter().collect::<Vec<_>>();
        let node = self.node([term(old), term(new)], way, None, at);
        self.nodes[node].operations.push(operation);
    }

    /// Looks at all pairs.
    pub(super) fn drain(&mut self, ledger: &mut Ledger) {
        while let Some(number) = self.open.pop_front() {
            if self.left == 0 {
                let sides = [&self.nodes[number].old, &self.nodes[number].new].map(|side| Spot::at(place(side)));
                ledger.tell(&rules::TANGLED, None, Origin::Pair(number), &self.at(number), sides);
                return;
            }
            self.look(number, ledger);
        }
    }

    fn look(&mut self, number: usize, ledger: &mut Ledger) {
        let (old, new) = (self.old, self.new);
        let node = &self.nodes[number];
        let (before, after) = (View::of(old, &node.old), View::of(new, &node.new));
        self.left = self.left.saturating_sub(1 + before.parts.len() + after.parts.len());
        let mut look = Look { walk: self, ledger, number, old: &before, new: &after };
        if look.never() {
            return;
        }
        match (before.unions.len(), after.unions.len()) {
            (0, 1) | (1, 0) => look.lift(),
            _ => {
                facets::compare(&mut look);
                object::compare(&mut look);
                look.unions();
            }
        }
    }

    /// The number of a pair, which is new or known.
    fn node(&mut self, [old, new]: [Vec<Term>; 2], way: (Direction, Carried), from: Option<usize>, step: String) -> usize {
        let key = (view::settled(self.old, old), view::settled(self.new, new), way.0, way.1);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let number = self.nodes.len();
        let (old, new, direction, carried) = key.clone();
        self.known.insert(key, number);
        self.nodes.push(Node { old, new, direction, carried, from, step, parents: Vec::new(), operations: Vec::new() });
        self.open.push_back(number);
        number
    }

    /// Whether both sides are written alike, and lead nowhere else: most of two versions of a document is.
    fn is_same(&self, sides: [&[Term]; 2]) -> bool {
        let [[old], [new]] = sides else { return false };
        let (before, after) = (self.old.get(&old.id), self.new.get(&new.id));
        old.plain == new.plain && before == after && !refers(before)
    }

    /// Where a pair is, in words.
    fn at(&self, number: usize) -> String {
        let (mut steps, mut node) = (Vec::new(), &self.nodes[number]);
        while let Some(above) = node.from {
            steps.push(node.step.as_str());
            node = &self.nodes[above];
        }
        let path: String = steps.into_iter().rev().collect();
        let path = path.trim_start_matches('.');
        if path.is_empty() { node.step.clone() } else { format!("{} `{path}`", node.step) }
    }
}

/// A pair that is looked at.
struct Look<'l, 'a> {
    walk: &'l mut Walk<'a>,
    ledger: &'l mut Ledger,
    number: usize,
    old: &'l View<'a>,
    new: &'l View<'a>,
}

impl Look<'_, '_> {
    fn direction(&self) -> Direction {
        self.walk.nodes[self.number].direction
    }

    fn carried(&self) -> Carried {
        self.walk.nodes[self.number].carried
    }

    /// Tells of a change of this pair in its direction.
    fn tell(&mut self, rule: &'static Rule, sides: [Spot; 2]) {
        self.tell_at(rule, "", sides);
    }

    /// Tells of a change one step below.
    fn tell_at(&mut self, rule: &'static Rule, step: &str, sides: [Spot; 2]) {
        let direction = rule.neither.is_none().then(|| self.direction());
        let mut at = self.walk.at(self.number);
        if !step.is_empty() {
            at = match at.strip_suffix('`') {
                Some(path) if self.walk.nodes[self.number].from.is_some() => format!("{path}{step}`"),
                _ => format!("{at} `{}`", step.trim_start_matches('.')),
            };
        }
        self.ledger.tell(rule, direction, Origin::Pair(self.number), &at, sides);
    }

    /// The same value, by another of its schemas.
    fn beside(&mut self, step: String, sides: [Vec<Term>; 2]) {
        self.lead(self.carried(), step, sides);
    }

    /// A property one step below.
    fn property(&mut self, step: String, sides: [Vec<Term>; 2]) {
        self.lead(self.carried().property(), step, sides);
    }

    /// An item one step below.
    fn item(&mut self, step: String, sides: [Vec<Term>; 2]) {
        self.lead(self.carried().item(), step, sides);
    }

    fn lead(&mut self, carried: Carried, step: String, sides: [Vec<Term>; 2]) {
        if self.walk.is_same([&sides[0], &sides[1]]) {
            return;
        }
        let way = (self.direction(), carried);
        let node = self.walk.node(sides, way, Some(self.number), step);
        let parents = &mut self.walk.nodes[node].parents;
        if parents.last() != Some(&self.number) {
            parents.push(self.number);
        }
    }

    /// The place of the pair on both sides, for what has no place of its own.
    fn here(&self) -> [Spot; 2] {
        let node = &self.walk.nodes[self.number];
        [Spot::at(place(&node.old)), Spot::at(place(&node.new))]
    }

    /// Whether a side takes no value at all, which leaves nothing to compare.
    fn never(&mut self) -> bool {
        match (self.old.never, self.new.never) {
            (false, false) => return false,
            (true, true) => {}
            (false, true) => self.tell(&rules::VALUE_FORBIDDEN, self.here()),
            (true, false) => self.tell(&rules::VALUE_PERMITTED, self.here()),
        }
        true
    }
}

/// Whether there is a reference in a schema; a discriminator's are names of what is referred to beside it.
fn refers(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| name == "$ref" || refers(member)),
        Value::Array(items) => items.iter().any(refers),
        _ => false,
    }
}

/// The first place of a side.
fn place(side: &[Term]) -> String {
    side.first().map(|term| term.id.pointer().to_owned()).unwrap_or_default()
}
