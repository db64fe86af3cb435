//! Components that nothing uses: a reader takes them for a promise, and a change to them changes nothing.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use crate::{document::Document, normalize::local_target, pointer, problem::Problems};

pub(super) fn unused(document: &Document, problems: &mut Problems) {
    let Some(components) = document.value.get("components").and_then(Value::as_object) else { return };
    let used = Used::of(&document.value);
    for (section, members) in components.iter().filter(|(section, _)| !section.starts_with("x-")) {
        for name in members.as_object().into_iter().flat_map(|members| members.keys()) {
            let place = pointer::join(&pointer::join("/components", section), name);
            if !used.places.contains(&place) {
                let message = format!("nothing uses the component `{name}`");
                problems.warning("unused-component", &place, &message, "refer to it, or take it out");
            }
        }
    }
}

/// Places of components that are reached from outside of `components`.
struct Used<'v> {
    root: &'v Value,
    places: HashSet<String>,
    /// Places that were reached and not yet looked at.
    open: Vec<String>,
}

impl<'v> Used<'v> {
    fn of(root: &'v Value) -> Self {
        let mut used = Self { root, places: HashSet::new(), open: Vec::new() };
        for (name, member) in root.as_object().into_iter().flatten().filter(|(name, _)| *name != "components") {
            used.member(name, member);
        }
        used.follow();
        // A variant may be known by its parent's discriminator alone, and is then named by nobody.
        while used.variants() {
            used.follow();
        }
        used
    }

    fn follow(&mut self) {
        while let Some(place) = self.open.pop() {
            let root = self.root;
            if let Some(component) = pointer::get(root, &place) {
                self.look(component);
            }
        }
    }

    /// Collects what a value refers to.
    fn look(&mut self, value: &Value) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, member)| self.member(name, member)),
            Value::Array(items) => items.iter().for_each(|item| self.look(item)),
            _ => {}
        }
    }

    fn member(&mut self, name: &str, value: &Value) {
        match (name, value) {
            ("$ref" | "schema", Value::String(reference)) => self.reach(reference),
            ("mapping", Value::Object(targets)) => targets.values().filter_map(Value::as_str).for_each(|target| self.map(target)),
            ("security", Value::Array(alternatives)) => self.schemes(alternatives),
            _ => self.look(value),
        }
    }

    fn reach(&mut self, reference: &str) {
        let Some(target) = local_target(reference) else { return };
        let tokens: Vec<_> = pointer::tokens(&target).take(3).collect();
        if let [components, section, name] = tokens.as_slice()
            && components == "components"
        {
            self.add(pointer::join(&pointer::join("/components", section), name));
        }
    }

    /// A discriminator's mapping names a schema by reference or by name.
    fn map(&mut self, target: &str) {
        self.reach(target);
        self.add(pointer::join("/components/schemas", target));
    }

    fn schemes(&mut self, alternatives: &[Value]) {
        for name in alternatives.iter().filter_map(Value::as_object).flat_map(|alternative| alternative.keys()) {
            self.add(pointer::join("/components/securitySchemes", name));
        }
    }

    fn add(&mut self, place: String) {
        if pointer::get(self.root, &place).is_some() && self.places.insert(place.clone()) {
            self.open.push(place);
        }
    }

    /// Reaches schemas that extend a reached one with a discriminator; whether there were any.
    fn variants(&mut self) -> bool {
        let schemas = self.root.pointer("/components/schemas").and_then(Value::as_object);
        let mut found = BTreeSet::new();
        for (name, schema) in schemas.into_iter().flatten() {
            let parents = schema.get("allOf").and_then(Value::as_array).into_iter().flatten().filter_map(|part| part.get("$ref")?.as_str());
            let extends = parents.filter_map(local_target).any(|parent| {
                self.places.contains(&parent)
                    && pointer::get(self.root, &parent).is_some_and(|parent| parent.get("discriminator").is_some())
            });
            if extends {
                found.insert(pointer::join("/components/schemas", name));
            }
        }
        let before = self.places.len();
        for place in found {
            self.add(place);
        }
        self.places.len() > before
    }
}
