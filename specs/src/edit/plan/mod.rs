//! Which splices of the text an edit is.

mod add;
mod remove;
mod set;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    Edit, Refused,
    render::{Around, Look, scalar},
    splice::Splice,
    tree::{Kind, NodeId, Style, Tree},
};
use crate::document::Syntax;

/// What an edit needs to know.
pub(super) struct Plan<'p> {
    pub(super) text: &'p str,
    pub(super) tree: &'p Tree,
    pub(super) look: Look,
}

/// A container, and where it stands itself: in which other, at which position; nowhere, when it is the whole.
type Home = (NodeId, Option<(NodeId, usize)>);

/// What is put into a container: at the same position of it, in the order given.
pub(super) enum New<'e> {
    Member(&'e str, &'e Value),
    Item(&'e Value),
}

/// The splices of edits, of which either all or none remove.
pub(super) fn splices(text: &str, syntax: Syntax, tree: &Tree, edits: &[Edit]) -> Result<Vec<Splice>, Refused> {
    let plan = Plan { text, tree, look: Look::of(text, syntax, tree) };
    let mut splices = Vec::new();
    let mut added: BTreeMap<(Home, usize), Vec<New>> = BTreeMap::new();
    let mut removed: BTreeMap<Home, (String, Vec<usize>)> = BTreeMap::new();
    for edit in edits {
        let at = edit.at();
        let found = tree.find(at)?;
        let mut within: Vec<NodeId> = found.path.iter().map(|(container, _)| *container).collect();
        let node = &tree.nodes[found.node];
        let home = (found.node, found.path.last().copied());
        match edit {
            Edit::Set { value, .. } => {
                tree.unshared(at, &within, node.start, node.end)?;
                splices.extend(plan.set(&found, value)?);
            }
            Edit::Insert { key, value, after, .. } => {
                within.push(found.node);
                tree.unshared(at, &within, 0, 0)?;
                let position = plan.position(at, found.node, after.as_deref())?;
                added.entry((home, position)).or_default().push(New::Member(key, value));
            }
            Edit::Append { value, .. } => {
                within.push(found.node);
                tree.unshared(at, &within, 0, 0)?;
                let position = plan.position(at, found.node, None)?;
                added.entry((home, position)).or_default().push(New::Item(value));
            }
            Edit::Rename { key, .. } => {
                tree.unshared(at, &within, 0, 0)?;
                splices.push(plan.rename(at, &found.path, key)?);
            }
            Edit::Remove { .. } => {
                let Some((container, position)) = found.path.last() else { return Err(Refused::new(at, "the whole cannot be removed")) };
                let entry = &tree.nodes[*container].entries[*position];
                tree.unshared(at, &within, entry.start, tree.end_of(entry))?;
                removed
                    .entry((*container, found.path.iter().rev().nth(1).copied()))
                    .or_insert_with(|| (at.to_owned(), Vec::new()))
                    .1
                    .push(*position);
            }
        }
    }
    for ((home, position), new) in &added {
        splices.extend(plan.add(*home, *position, new)?);
    }
    for (home, (at, mut positions)) in removed {
        positions.sort_unstable();
        splices.extend(plan.remove(&at, home, &positions)?);
    }
    Ok(splices)
}

impl Plan<'_> {
    /// How many entries stand before what is put in after a key, or at the end.
    fn position(&self, at: &str, container: NodeId, after: Option<&str>) -> Result<usize, Refused> {
        let node = &self.tree.nodes[container];
        match (&node.kind, after) {
            (Kind::Alias(_), _) => Err(Refused::new(at, "it is an alias of what is written elsewhere; write it out first")),
            (_, None) => Ok(node.entries.len()),
            (_, Some(key)) => {
                let position = self.tree.member(node, key).ok_or_else(|| Refused::new(at, format!("`{key}` comes from a merge key")))?;
                Ok(position + 1)
            }
        }
    }

    fn rename(&self, at: &str, path: &[(NodeId, usize)], key: &str) -> Result<Splice, Refused> {
        let known = path.last().and_then(|(container, position)| self.tree.nodes[*container].entries[*position].key.as_ref());
        let Some(old) = known else { return Err(Refused::new(at, "it has no key")) };
        let node = &self.tree.nodes[old.node];
        self.tree.unshared(at, &[], node.start, node.end)?;
        let Kind::Scalar(style @ (Style::Plain | Style::Single | Style::Double)) = node.kind else {
            return Err(Refused::new(at, "its key is not written in a line"));
        };
        let around = if path.last().is_some_and(|(container, _)| self.tree.is_flow(*container)) { Around::Brackets } else { Around::Lines };
        let style = Some(style).filter(|style| *style != Style::Plain);
        Ok(Splice::new(node.content, node.end, scalar(&Value::String(key.to_owned()), style, around, &self.look)))
    }
}

/// What is put in as a value of its own.
fn alone(new: &[New]) -> Value {
    let mut members = Map::new();
    let mut items = Vec::new();
    for one in new {
        match one {
            New::Member(key, value) => drop(members.insert((*key).to_owned(), (*value).clone())),
            New::Item(value) => items.push((*value).clone()),
        }
    }
    if items.is_empty() { Value::Object(members) } else { Value::Array(items) }
}
