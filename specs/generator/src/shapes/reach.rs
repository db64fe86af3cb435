//! Which types hold which.

use std::collections::HashSet;

use super::{Key, Kind, Type, Types};

impl Types {
    /// The names of all types in these, however deep.
    pub(crate) fn reached<'t>(&'t self, from: impl Iterator<Item = &'t Type>) -> HashSet<String> {
        self.reached_keys(from).iter().filter_map(|key| self.names.get(key)).map(ToString::to_string).collect()
    }

    /// Leaves out all types that are not in these.
    pub(crate) fn keep<'t>(&mut self, from: impl Iterator<Item = &'t Type>) {
        let kept = self.reached_keys(from);
        self.definitions.retain(|key, _| kept.contains(key));
    }

    fn reached_keys<'t>(&self, from: impl Iterator<Item = &'t Type>) -> HashSet<Key> {
        let mut found = HashSet::new();
        let mut next: Vec<Key> = Vec::new();
        from.for_each(|value| self.named_in(value, &mut next));
        while let Some(key) = next.pop() {
            if !found.insert(key.clone()) {
                continue;
            }
            match self.definitions.get(&key).map(|plan| &plan.kind) {
                Some(Kind::Struct { fields, extra }) => {
                    fields.iter().map(|field| &field.value).chain(extra).for_each(|value| self.named_in(value, &mut next));
                }
                Some(Kind::Union { variants, .. }) => variants.iter().for_each(|variant| self.named_in(&variant.value, &mut next)),
                Some(Kind::Wrapper(inner)) => self.named_in(inner, &mut next),
                Some(Kind::Enum(_)) | None => {}
            }
        }
        found
    }

    /// The type that a value is made of, through lists, maps and null.
    fn named_in(&self, value: &Type, into: &mut Vec<Key>) {
        match value {
            Type::Named(key) => into.push(self.canonical(key)),
            Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => self.named_in(inner, into),
            _ => {}
        }
    }
}
