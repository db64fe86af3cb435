//! Two surfaces to what changed between them.
//!
//! Renamed types and operations are found first, and the old surface is read with the new names: what mentions a
//! renamed type has not changed. What belongs to a type that came or went is not told by itself, and neither is the
//! request type of a method that came or went: one fact is one change.

use std::collections::{BTreeMap, BTreeSet};

use super::{Item, Level, Rule, Surface, What, judge, rename};

/// What happened to a public item, and what that means for callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemChange {
    /// The rule that decides.
    pub rule: &'static Rule,
    /// What the item is called, the new name where it was renamed: `types::Note::title`, `impl Default for types::Note`.
    pub item: String,
    /// Its line before; nothing for an item that is new.
    pub old: Option<String>,
    /// Its line now; nothing for an item that is gone.
    pub new: Option<String>,
    /// What breaks at the call site, or why nothing does: a lower-case fragment.
    pub why: String,
    /// A line of a caller that compiles no longer, or does something else.
    pub breaks: Option<String>,
    /// Paths of items that share its fate: the request and the answers of a method.
    pub with: Vec<String>,
    /// The ids of the operations that have to do with it, where both documents are known; all callers when empty.
    pub operations: Vec<String>,
}

impl ItemChange {
    /// The release that it calls for.
    #[must_use]
    pub fn level(&self) -> Level {
        self.rule.level
    }
}

type Key = (String, u8, String);
type Items<'i> = BTreeMap<Key, &'i Item>;

/// What changed from one client to another; what breaks most first, then by item.
#[must_use]
pub fn compare(old: &Surface, new: &Surface) -> Vec<ItemChange> {
    let (renames, mut changes) = rename::find(old, new);
    let renamed = renames.apply(old);
    let (before, after) = (by_key(&renamed), by_key(new));
    let kinds: BTreeSet<&str> =
        before.iter().filter(|(key, item)| is_other(item, after.get(*key))).map(|(key, _)| key.0.as_str()).collect();
    let is_kept = |item: &Item| item.owner.as_deref().is_none_or(|owner| !kinds.contains(owner));
    for (item, with) in alone(&before, &after).into_iter().filter(|(item, _)| is_kept(item)) {
        changes.push(judge::removed(item, with));
    }
    for (item, with) in alone(&after, &before).into_iter().filter(|(item, _)| is_kept(item)) {
        changes.push(judge::added(item, with, owner_of(item, &after)));
    }
    for (key, item) in before.iter().filter(|(_, item)| is_kept(item)) {
        if let Some(now) = after.get(key) {
            changes.extend(judge::changed(item, now));
        }
    }
    sort(&mut changes);
    changes
}

/// What breaks most first, then by item.
pub(super) fn sort(changes: &mut [ItemChange]) {
    changes.sort_by(|one, other| {
        (other.level(), &one.item, one.rule.id, &one.old).cmp(&(one.level(), &other.item, other.rule.id, &other.old))
    });
}

fn by_key(surface: &Surface) -> Items<'_> {
    surface.items().iter().map(|item| (item.key(), item)).collect()
}

fn owner_of<'i>(item: &Item, side: &Items<'i>) -> Option<&'i Item> {
    side.get(&(item.owner.clone()?, 0, String::new())).copied()
}

/// The items that the other side does not have, without those that are told by another of them; each with what it
/// tells besides.
fn alone<'i>(here: &Items<'i>, there: &Items<'_>) -> Vec<(&'i Item, Vec<String>)> {
    let missing: Vec<&Item> = here.iter().filter(|(key, _)| !there.contains_key(*key)).map(|(_, item)| *item).collect();
    let tops: BTreeSet<&str> = missing.iter().filter(|item| item.owner.is_none()).map(|item| item.path.as_str()).collect();
    let belongings = |item: &Item| {
        let own = rename::request_of(item).into_iter().flatten();
        own.filter(|path| tops.contains(path.as_str())).collect::<Vec<String>>()
    };
    let told: BTreeSet<String> = missing.iter().flat_map(|item| belongings(item)).collect();
    let is_told = |item: &Item| match &item.owner {
        Some(owner) => tops.contains(owner.as_str()),
        None => told.contains(&item.path),
    };
    missing.iter().filter(|item| !is_told(item)).map(|item| (*item, belongings(item))).collect()
}

/// Whether a type is no longer of its kind, so that nothing that belongs to it can be compared.
fn is_other(before: &Item, now: Option<&&Item>) -> bool {
    let Some(now) = now.filter(|_| before.owner.is_none()) else { return false };
    match (&before.what, &now.what) {
        (What::Struct { is_tuple: one, .. }, What::Struct { is_tuple: other, .. }) => one != other,
        (one, other) => std::mem::discriminant(one) != std::mem::discriminant(other),
    }
}
