//! Types and operations that only have another name: what they are made of is the same.
//!
//! A type is renamed when one that came is written exactly like one that went, its own name apart. Of several such the
//! one whose name is most alike counts. A renamed type may stand in another, so this goes on until nothing more is
//! found; two types that hold each other and were both renamed stay two that went and two that came.

use std::collections::{BTreeMap, BTreeSet};

use super::{Item, ItemChange, Surface, What, call, rule};

/// Old paths to new ones.
#[derive(Debug, Default)]
pub(super) struct Renames {
    paths: BTreeMap<String, String>,
}

/// What was renamed, and the changes that say so.
pub(super) fn find(old: &Surface, new: &Surface) -> (Renames, Vec<ItemChange>) {
    let (before, after) = (units(old), units(new));
    let paths = |units: &[Unit]| units.iter().map(|unit| unit.path.clone()).collect::<BTreeSet<String>>();
    let (here, there) = (paths(&before), paths(&after));
    let mut went: Vec<&Unit> = before.iter().filter(|unit| !there.contains(&unit.path)).collect();
    let mut came: BTreeMap<String, Vec<&Unit>> = BTreeMap::new();
    for unit in after.iter().filter(|unit| !here.contains(&unit.path)) {
        came.entry(unit.content(&Renames::default())).or_default().push(unit);
    }
    let (mut renames, mut changes) = (Renames::default(), Vec::new());
    loop {
        let found: Vec<(&Unit, &Unit)> = went.iter().filter_map(|unit| Some((*unit, twin(unit, &renames, &mut came)?))).collect();
        if found.is_empty() {
            return (renames, changes);
        }
        for (from, to) in found {
            renames.paths.extend(from.names.iter().cloned().zip(to.names.iter().cloned()));
            changes.push(change(from, to));
        }
        went.retain(|unit| !renames.paths.contains_key(&unit.path));
    }
}

/// Takes the unit that is most like another out of those with the same content.
fn twin<'u, 'i>(unit: &Unit, renames: &Renames, came: &mut BTreeMap<String, Vec<&'u Unit<'i>>>) -> Option<&'u Unit<'i>> {
    let same = came.get_mut(&unit.content(renames))?;
    let alike = same.iter().enumerate().filter(|(_, other)| other.names.len() == unit.names.len());
    let (position, _) = alike.max_by_key(|(_, other)| likeness(&unit.path, &other.path))?;
    Some(same.swap_remove(position))
}

impl Renames {
    /// The surface with the new names in it.
    pub(super) fn apply(&self, surface: &Surface) -> Surface {
        if self.paths.is_empty() {
            return surface.clone();
        }
        let mut items: Vec<Item> = surface.items().iter().map(|item| item.clone().mapped(&|text| self.text(text))).collect();
        items.sort_by_cached_key(Item::order);
        Surface { items }
    }

    /// A text with every path that was renamed, or stands below one that was, under its new name.
    fn text(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let is_part = |character: char| character.is_alphanumeric() || character == '_' || character == ':';
        let mut rest = text;
        while let Some(start) = rest.find(is_part) {
            let end = rest[start..].find(|character| !is_part(character)).map_or(rest.len(), |length| start + length);
            out.push_str(&rest[..start]);
            out.push_str(&self.path(&rest[start..end]));
            rest = &rest[end..];
        }
        out + rest
    }

    fn path(&self, path: &str) -> String {
        let mut end = path.len();
        while end > 0 {
            if let Some(renamed) = self.paths.get(&path[..end]) {
                return format!("{renamed}{}", &path[end..]);
            }
            end = path[..end].rfind("::").unwrap_or_default();
        }
        path.to_owned()
    }
}

/// What goes by one name: a type with its members, or a method with its request and answers.
struct Unit<'i> {
    path: String,
    line: String,
    /// All names of its own, the path first.
    names: Vec<String>,
    items: Vec<&'i Item>,
}

impl Unit<'_> {
    /// What it is made of, in old names that are new ones, without its own.
    fn content(&self, renames: &Renames) -> String {
        let own = self.names.iter().enumerate().map(|(position, name)| (name.clone(), format!("own{position}")));
        let own = Renames { paths: own.collect() };
        let mut lines: Vec<String> = self.items.iter().map(|item| renames.text(&own.text(&item.to_string()))).collect();
        lines.sort();
        lines.join("\n")
    }
}

/// The units of a surface: methods with what is theirs, then the other types.
fn units(surface: &Surface) -> Vec<Unit<'_>> {
    let mut members: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in surface.items() {
        members.entry(item.top()).or_default().push(item);
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut found: Vec<Unit> = Vec::new();
    for method in surface.items() {
        let Some(own) = request_of(method) else { continue };
        let theirs = own.iter().filter_map(|path| members.get(path.as_str())).flatten().copied();
        let items = [method].into_iter().chain(theirs).collect();
        taken.extend(own.iter().cloned());
        let names = [method.path.clone()].into_iter().chain(own).collect();
        found.push(Unit { path: method.path.clone(), line: method.to_string(), names, items });
    }
    for (path, items) in members {
        let is_type = items.iter().find(|item| matches!(item.what, What::Struct { .. } | What::Enum { .. }));
        if let Some(item) = is_type.filter(|_| !taken.contains(path)) {
            found.push(Unit { path: path.to_owned(), line: item.to_string(), names: vec![path.to_owned()], items });
        }
    }
    found
}

/// The paths of the request and the answers of a method that makes a request.
pub(super) fn request_of(item: &Item) -> Option<[String; 3]> {
    let What::Function(signature) = &item.what else { return None };
    let name = signature.returns.strip_prefix("requests::")?.strip_suffix("<'_>")?;
    Some([format!("requests::{name}"), format!("{name}Ok"), format!("{name}Error")])
}

fn change(from: &Unit, to: &Unit) -> ItemChange {
    let (was, is) = (name(&from.path), name(&to.path));
    ItemChange {
        rule: &rule::RENAMED,
        item: to.path.clone(),
        old: Some(from.line.clone()),
        new: Some(to.line.clone()),
        why: format!("who writes `{was}` has to write `{is}`; nothing else of it changed"),
        breaks: from.items.first().and_then(|item| call::of(item)),
        with: from.names.iter().skip(1).zip(to.names.iter().skip(1)).map(|(_, to)| to.clone()).collect(),
        operations: Vec::new(),
    }
}

fn name(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// How much of two names is the same, from both ends.
fn likeness(one: &str, other: &str) -> usize {
    let front = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let back = one.chars().rev().zip(other.chars().rev()).take_while(|(one, other)| one == other).count();
    front + back
}
