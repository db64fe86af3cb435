//! The changes as they are found, and how they become whole: one edit of a shared place is one change, wherever it is
//! reached from.

use std::collections::HashMap;

use super::{
    change::{Change, Side},
    rule::{Judged, Rule, Wire},
};
use crate::api::{Direction, Loaded};

/// A place on one side with what stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Spot {
    /// JSON pointer in the document that was loaded.
    pub(super) pointer: String,
    /// In words; `None` when nothing is there.
    pub(super) words: Option<String>,
}

impl Spot {
    /// Something at a place.
    pub(super) fn of(pointer: impl Into<String>, words: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), words: Some(words.into()) }
    }

    /// Nothing at a place, or nothing that has to be said.
    pub(super) fn at(pointer: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), words: None }
    }
}

/// What a change was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The document as a whole.
    Document,
    /// An operation, by its number among those that are compared.
    Operation(usize),
    /// A pair of schemas, by its number in the walk.
    Pair(usize),
}

/// A change before it is known whom it reaches.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) rule: &'static Rule,
    pub(super) direction: Option<Direction>,
    pub(super) origin: Origin,
    pub(super) at: String,
    pub(super) old: Spot,
    pub(super) new: Spot,
}

/// All that was found.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) entries: Vec<Entry>,
}

impl Ledger {
    pub(super) fn tell(&mut self, rule: &'static Rule, direction: Option<Direction>, origin: Origin, at: &str, sides: [Spot; 2]) {
        let [old, new] = sides;
        self.entries.push(Entry { rule, direction, origin, at: at.to_owned(), old, new });
    }

    /// The changes, the worst first, and otherwise as they were found. `reached` are the operations of each entry.
    pub(super) fn settle(self, old: Option<&Loaded>, new: Option<&Loaded>, reached: Vec<Vec<String>>) -> Vec<Change> {
        let mut known: HashMap<(&str, Option<Direction>, Spot, Spot), usize> = HashMap::new();
        let mut changes: Vec<Change> = Vec::new();
        for (entry, operations) in self.entries.into_iter().zip(reached) {
            let key = (entry.rule.id, entry.direction, entry.old.clone(), entry.new.clone());
            if let Some(position) = known.get(&key) {
                merge(&mut changes[*position].operations, operations);
                continue;
            }
            known.insert(key, changes.len());
            changes.push(change(entry, operations, old, new));
        }
        changes.sort_by_key(|change| std::cmp::Reverse(change.wire));
        changes
    }
}

fn merge(into: &mut Vec<String>, more: Vec<String>) {
    for operation in more {
        if !into.contains(&operation) {
            into.push(operation);
        }
    }
}

fn change(entry: Entry, operations: Vec<String>, old: Option<&Loaded>, new: Option<&Loaded>) -> Change {
    // A rule that is met where its table has no verdict is not known to be harmless.
    let unjudged = Judged { wire: Wire::Caution, reason: "nobody has judged this here" };
    let judged = entry.rule.judged(entry.direction).unwrap_or(unjudged);
    let (old, new) = (side(old, entry.old), side(new, entry.new));
    let (wire, reason) = (judged.wire, judged.reason.to_owned());
    Change { rule: entry.rule, direction: entry.direction, operations, at: entry.at, old, new, wire, reason }
}

fn side(loaded: Option<&Loaded>, spot: Spot) -> Side {
    let Some(document) = loaded.and_then(|loaded| loaded.document.as_ref()) else { return Side::default() };
    let origin = document.origin(&spot.pointer);
    let file = document.file_of(&origin);
    let (line, column) = file.locate(&origin.pointer);
    Side { file: file.name.clone(), line, column, pointer: origin.pointer, value: spot.words }
}
