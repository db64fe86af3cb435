//! A document of several files becomes one value.
//!
//! What a reference into another file names is taken into the section of components where such things stand, once, and
//! the reference rewritten; cycles between files become cycles within the document, which every later pass knows. What
//! has no section (path items, lists of paths, a `$ref` where none belongs) is put in the place of its reference, so
//! that the value is what it would be had it been written in one file. Files are found relative to the file that names
//! them, `..` included, for that is how documents are laid out; nothing is fetched from a network, and absolute paths
//! are refused, since they mean nothing on another machine.

mod files;
mod follow;
mod names;
mod place;
mod reference;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet, VecDeque, hash_map::Entry};

use serde_json::Value;

use crate::{
    document::{
        Beside, Document, Source,
        origin::{Layer, Origin},
    },
    pointer,
    problem::{Problem, Severity},
};
use files::Files;
use place::{Kind, Shape, home_of_2, home_of_3};
use reference::Target;

/// How deep what is put in the place of references may go.
const DEEPEST: usize = 200;
/// How many values references may copy, for each that was written.
const MOST_COPIES: usize = 4_000_000;

/// Takes in the files that the document refers to.
pub(crate) fn bundle(document: &mut Document, source: &Source, problems: &mut Vec<Problem>) -> Homes {
    let mut homes = Homes::default();
    again(document, source, &mut homes, problems);
    homes
}

/// Takes in the files that something refers to which was added to the document since.
pub(crate) fn again(document: &mut Document, source: &Source, homes: &mut Homes, problems: &mut Vec<Problem>) {
    if source.beside == Beside::Nothing || !reference::leads_out(&document.value) {
        return;
    }
    let mut root = std::mem::take(&mut document.value);
    let home_of = if root.get("swagger").is_some() { home_of_2 } else { home_of_3 };
    let ids = reference::ids(&root);
    let files = Files::new(source, &document.root);
    let mut bundler = Bundler {
        document,
        files,
        home_of,
        ids,
        taken: HashSet::new(),
        own: names::taken(&root),
        homes,
        at: String::new(),
        file: None,
        inside: Vec::new(),
        depth: 0,
        copied: 0,
        open: VecDeque::new(),
        layer: Layer::default(),
        told: Vec::new(),
        problems,
    };
    bundler.aliases(&mut root);
    bundler.walk(&mut root, Kind::Document);
    bundler.settle(&mut root);
    let (layer, told) = (std::mem::take(&mut bundler.layer), std::mem::take(&mut bundler.told));
    document.value = root;
    document.add_layer(layer);
    problems.extend(told.iter().map(|told| document.problem(told.severity, told.rule, &told.pointer, &told.message, told.help)));
}

/// Where in the document is what stands in another file: the places that references were rewritten to.
#[derive(Debug, Default)]
pub(crate) struct Homes(HashMap<(String, String, Kind), String>);

/// Something wrong at a place of the value.
struct Told {
    severity: Severity,
    rule: &'static str,
    pointer: String,
    message: String,
    help: &'static str,
}

/// What is still to be taken in.
struct Pending {
    opened: usize,
    pointer: String,
    kind: Kind,
    home: String,
}

struct Bundler<'b, 's> {
    document: &'b mut Document,
    files: Files<'s>,
    home_of: fn(Kind) -> Option<&'static str>,
    /// What schemas of the document call themselves.
    ids: Vec<String>,
    /// Places of components, those to come included.
    taken: HashSet<String>,
    /// Places of components in the document's own file.
    own: HashSet<String>,
    homes: &'b mut Homes,
    /// JSON pointer of the place.
    at: String,
    /// The file that what stands there was written in; none for the document's own.
    file: Option<usize>,
    /// What is being put in the place of references around the place.
    inside: Vec<(usize, String)>,
    depth: usize,
    copied: usize,
    open: VecDeque<Pending>,
    layer: Layer,
    told: Vec<Told>,
    problems: &'b mut Vec<Problem>,
}

impl Bundler<'_, '_> {
    /// A component that is nothing but a reference to another file is the home of what it names.
    fn aliases(&mut self, root: &mut Value) {
        let within = self.expand(root, "/components", None);
        let sections = Kind::Components.members().iter().map(|(name, _, kind)| (format!("/components/{name}"), *kind, within));
        let tops = Kind::Document.members().iter().map(|(name, _, kind)| (format!("/{name}"), *kind, None));
        let sections = sections.chain(tops).filter(|(section, kind, _)| (self.home_of)(*kind) == Some(section));
        let sections: Vec<_> = sections.collect();
        let sections: Vec<_> = sections
            .into_iter()
            .map(|(section, kind, within)| {
                let within = self.expand(root, &section, within);
                (section, kind, within)
            })
            .collect();
        self.taken = names::taken(root);
        for (section, kind, within) in &sections {
            self.file = *within;
            self.aliases_of(root, section, *kind);
        }
        for (section, kind, within) in sections.iter().filter(|(.., within)| within.is_some()) {
            self.file = *within;
            self.at.clone_from(section);
            if let Some(members) = root.pointer_mut(section) {
                self.shape(members, Shape::Map, *kind);
            }
        }
        self.file = None;
        // What they name takes their place before the walk, which would see references to themselves.
        self.settle(root);
    }

    fn aliases_of(&mut self, root: &Value, section: &str, kind: Kind) {
        for (name, member) in pointer::get(root, section).and_then(Value::as_object).into_iter().flatten() {
            let Some(reference) = alias(member) else { continue };
            let Target::Other { opened, pointer } = self.target(reference) else { continue };
            let home = pointer::join(section, name);
            let key = (self.files.get(opened).path.clone(), pointer.clone(), kind);
            if let Entry::Vacant(free) = self.homes.0.entry(key) {
                free.insert(home.clone());
                self.open.push_back(Pending { opened, pointer, kind, home });
            }
        }
    }

    /// Puts a section that is in another file in its place; the file that its members are written in.
    fn expand(&mut self, root: &mut Value, place: &str, within: Option<usize>) -> Option<usize> {
        let Some(value) = root.pointer_mut(place) else { return within };
        let Some(reference) = alias(value).map(str::to_owned) else { return within };
        self.file = within;
        let Target::Other { opened, pointer } = self.target(&reference) else { return within };
        let found = self.files.get(opened);
        *value = pointer::get(&found.value, &pointer).cloned().unwrap_or_default();
        self.layer.taken(place, Origin { file: found.file, pointer });
        Some(opened)
    }

    /// Puts everything that is still to be taken in where it belongs, and what that refers to.
    fn settle(&mut self, root: &mut Value) {
        while let Some(pending) = self.open.pop_front() {
            let opened = self.files.get(pending.opened);
            let origin = Origin { file: opened.file, pointer: pending.pointer.clone() };
            let Some(mut value) = pointer::get(&opened.value, &pending.pointer).cloned() else { continue };
            self.at.clone_from(&pending.home);
            self.layer.taken(&pending.home, origin);
            self.file = Some(pending.opened);
            self.walk(&mut value, pending.kind);
            self.file = None;
            if let Some(place) = pointer::create(root, &pending.home) {
                *place = value;
            }
        }
        self.at.clear();
    }

    fn walk(&mut self, value: &mut Value, kind: Kind) {
        if self.depth > DEEPEST {
            self.tell("deep-nesting", "references nest the document too deeply", "let the cycle pass through a schema");
            *value = Value::Null;
            return;
        }
        self.depth += 1;
        self.walk_within(value, kind);
        self.depth -= 1;
    }

    fn walk_within(&mut self, value: &mut Value, kind: Kind) {
        let reference = value.get("$ref").and_then(Value::as_str).map(str::to_owned);
        if let Some(reference) = reference
            && (kind != Kind::Value || alias(value).is_some())
            && self.follow(value, &reference, kind)
        {
            return;
        }
        if kind == Kind::Example {
            self.external_value(value);
        }
        if let (Kind::Plain, Value::Array(items)) = (kind, &mut *value) {
            items.iter_mut().enumerate().for_each(|(position, item)| self.below(&position.to_string(), |walk| walk.walk(item, kind)));
        }
        let Value::Object(object) = value else { return };
        for (name, shape, kind) in kind.members() {
            if let Some(member) = object.get_mut(*name) {
                self.below(name, |walk| walk.shape(member, *shape, *kind));
            }
        }
        if let Some(every) = kind.every_member() {
            for (name, member) in object.iter_mut().filter(|(name, _)| !name.starts_with("x-")) {
                self.below(name, |walk| walk.walk(member, every));
            }
        }
        if kind == Kind::Schema {
            self.mapping(object);
        }
    }

    fn shape(&mut self, value: &mut Value, shape: Shape, kind: Kind) {
        if shape != Shape::One
            && let Some(reference) = value.get("$ref").and_then(Value::as_str).map(str::to_owned)
        {
            // A list or a map that is in another file: a reference where none belongs, and clear.
            self.replace_shape(value, &reference, shape, kind);
            return;
        }
        match (shape, value) {
            (Shape::One, value) => self.walk(value, kind),
            (Shape::Map, Value::Object(members)) => {
                for (name, member) in members.iter_mut().filter(|(name, _)| !name.starts_with("x-")) {
                    self.below(name, |walk| walk.walk(member, kind));
                }
            }
            (Shape::List, Value::Array(items)) => {
                items.iter_mut().enumerate().for_each(|(position, item)| self.below(&position.to_string(), |walk| walk.walk(item, kind)));
            }
            _ => {}
        }
    }

    fn below(&mut self, token: &str, act: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        pointer::push(&mut self.at, token);
        act(self);
        self.at.truncate(length);
    }

    fn tell(&mut self, rule: &'static str, message: &str, help: &'static str) {
        self.told.push(Told { severity: Severity::Error, rule, pointer: self.at.clone(), message: message.to_owned(), help });
    }
}

/// What an object refers to that is nothing but a reference.
fn alias(value: &Value) -> Option<&str> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    object.get("$ref")?.as_str()
}

fn remove(value: &mut Value) {
    if let Some(object) = value.as_object_mut() {
        object.shift_remove("$ref");
    }
}

/// How many values a value is made of.
fn size(value: &Value) -> usize {
    match value {
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}
