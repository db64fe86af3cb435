//! What edits do to a value: what the text must say once they are done.

use std::{
    cmp::{Ordering, Reverse},
    collections::{HashMap, HashSet},
};

use serde_json::{Map, Value};

use super::{Edit, Refused};
use crate::pointer;

/// The value with the edits.
pub(super) fn edited(old: &Value, edits: &[Edit]) -> Result<Value, Refused> {
    apart(edits)?;
    let mut value = old.clone();
    for edit in edits {
        add(&mut value, edit)?;
    }
    let mut renames: Vec<_> = edits.iter().filter(|edit| matches!(edit, Edit::Rename { .. })).collect();
    renames.sort_by_key(|edit| Reverse(edit.at().matches('/').count()));
    for edit in renames {
        rename(&mut value, edit)?;
    }
    let mut removed = after_renames(edits.iter().filter(|edit| matches!(edit, Edit::Remove { .. })).cloned().collect(), edits);
    // The last first, so that positions before it stay.
    removed.sort_by(|one, other| order(other.at(), one.at()));
    for edit in &removed {
        remove(&mut value, edit.at())?;
    }
    Ok(value)
}

/// Edits whose places are named as they are called after the renames among `all`.
pub(super) fn after_renames(edits: Vec<Edit>, all: &[Edit]) -> Vec<Edit> {
    let renamed = all.iter().filter_map(|edit| match edit {
        Edit::Rename { at, key } => Some((at.as_str(), key.as_str())),
        _ => None,
    });
    let renamed: HashMap<&str, &str> = renamed.collect();
    let now = |at: &str| {
        let (mut before, mut after) = (String::new(), String::new());
        for token in pointer::tokens(at) {
            pointer::push(&mut before, &token);
            pointer::push(&mut after, renamed.get(before.as_str()).copied().unwrap_or(&token));
        }
        after
    };
    edits
        .into_iter()
        .map(|edit| {
            if renamed.is_empty() {
                edit
            } else {
                let at = now(edit.at());
                edit.with_at(at)
            }
        })
        .collect()
}

/// No edit is within what another one replaces or removes, and no two are the same.
fn apart(edits: &[Edit]) -> Result<(), Refused> {
    let mut whole = HashSet::new();
    for edit in edits {
        if matches!(edit, Edit::Set { .. } | Edit::Remove { .. }) && !whole.insert(edit.at()) {
            return Err(Refused::new(edit.at(), "two edits are about the same place"));
        }
    }
    for edit in edits {
        let own = matches!(edit, Edit::Set { .. } | Edit::Remove { .. });
        let is_within = |above: &&str| whole.contains(above);
        let above = std::iter::successors(Some(edit.at()), |at| at.rfind('/').map(|end| &at[..end]));
        let is_renamed =
            matches!(edit, Edit::Rename { .. }) && edits.iter().all(|other| !matches!(other, Edit::Remove { at } if at == edit.at()));
        if above.skip(usize::from(own || is_renamed)).any(|above| is_within(&above)) {
            return Err(Refused::new(edit.at(), "another edit replaces or removes what it stands in"));
        }
    }
    Ok(())
}

fn add(value: &mut Value, edit: &Edit) -> Result<(), Refused> {
    match edit {
        Edit::Set { at, value: new } => place(value, at)?.clone_from(new),
        Edit::Insert { at, key, value: new, after } => {
            let members = object(place(value, at)?, at)?;
            if members.contains_key(key) {
                return Err(Refused::new(at, format!("it has a `{key}` already")));
            }
            if let Some(after) = after.as_ref().filter(|after| !members.contains_key(*after)) {
                return Err(Refused::new(at, format!("it has no `{after}` to put `{key}` after")));
            }
            members.insert(key.clone(), new.clone());
        }
        Edit::Append { at, value: new } => match place(value, at)? {
            Value::Array(items) => items.push(new.clone()),
            _ => return Err(Refused::new(at, "it is no array")),
        },
        Edit::Remove { at } | Edit::Rename { at, .. } => {
            place(value, at)?;
        }
    }
    Ok(())
}

fn rename(value: &mut Value, edit: &Edit) -> Result<(), Refused> {
    let Edit::Rename { at, key } = edit else { return Ok(()) };
    let Some((above, old)) = pointer::split_last(at) else { return Err(Refused::new(at, "the whole has no key")) };
    let members = object(place(value, above)?, above)?;
    if members.contains_key(key) {
        return Err(Refused::new(above, format!("it has a `{key}` already")));
    }
    let renamed = std::mem::take(members).into_iter().map(|(name, member)| (if name == old { key.clone() } else { name }, member));
    *members = renamed.collect();
    Ok(())
}

fn remove(value: &mut Value, at: &str) -> Result<(), Refused> {
    let Some((above, last)) = pointer::split_last(at) else { return Err(Refused::new(at, "the whole cannot be removed")) };
    match place(value, above)? {
        Value::Object(members) => {
            members.shift_remove(&last);
        }
        Value::Array(items) => {
            if let Some(position) = last.parse().ok().filter(|position| *position < items.len()) {
                items.remove(position);
            }
        }
        _ => {}
    }
    Ok(())
}

fn place<'v>(value: &'v mut Value, at: &str) -> Result<&'v mut Value, Refused> {
    let known = value.pointer_mut(at);
    known.ok_or_else(|| Refused::new(at, "nothing stands there"))
}

fn object<'v>(value: &'v mut Value, at: &str) -> Result<&'v mut Map<String, Value>, Refused> {
    value.as_object_mut().ok_or_else(|| Refused::new(at, "it is no object"))
}

/// The order of places, positions in arrays as numbers.
fn order(one: &str, other: &str) -> Ordering {
    let mut pairs = pointer::tokens(one).zip(pointer::tokens(other));
    let differing = pairs.find_map(|(one, other)| {
        let ordering = match (one.parse::<usize>(), other.parse::<usize>()) {
            (Ok(one), Ok(other)) => one.cmp(&other),
            _ => one.cmp(&other),
        };
        ordering.is_ne().then_some(ordering)
    });
    differing.unwrap_or_else(|| one.len().cmp(&other.len()))
}
