//! A number for all that decides how a type is written, its documentation apart: two types of one name and one
//! fingerprint have the same public items, in whichever documents they are.

use std::{
    collections::{BTreeMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher as _},
};

use super::{Key, Kind, Plan, Type, Types, structs};

impl Types {
    /// The fingerprints of all types by name.
    pub(crate) fn fingerprints(&self) -> BTreeMap<String, u64> {
        let all = self.definitions.iter().filter_map(|(key, plan)| {
            let name = self.names.get(key)?;
            let mut into = DefaultHasher::new();
            self.hash_plan(key, plan, &mut into);
            Some((name.to_string(), into.finish()))
        });
        all.collect()
    }

    /// Adds a value's type, as it is written.
    pub(crate) fn hash_value(&self, value: &Type, into: &mut DefaultHasher) {
        std::mem::discriminant(value).hash(into);
        match value {
            Type::Named(key) => self.names.get(&self.canonical(key)).hash(into),
            Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => self.hash_value(inner, into),
            _ => {}
        }
    }

    fn hash_plan(&self, key: &Key, plan: &Plan, into: &mut DefaultHasher) {
        std::mem::discriminant(&plan.kind).hash(into);
        (self.sent.contains(key), key.1).hash(into);
        match &plan.kind {
            Kind::Struct { fields, extra } => {
                for field in fields {
                    (&field.wire, field.required, field.demanded, self.has_one_value(&field.value)).hash(into);
                    self.hash_held(key, &field.value, into);
                }
                extra.is_some().hash(into);
                if let Some(value) = extra {
                    self.hash_value(value, into);
                }
            }
            Kind::Enum(words) => words.iter().for_each(|word| (&word.wire, &word.name).hash(into)),
            Kind::Wrapper(inner) => self.hash_value(inner, into),
            Kind::Union { variants, .. } => {
                for variant in variants {
                    variant.name.hash(into);
                    self.hash_held(key, &variant.value, into);
                }
            }
        }
    }

    /// What holds itself is in a box.
    fn hash_held(&self, key: &Key, value: &Type, into: &mut DefaultHasher) {
        self.hash_value(value, into);
        structs::contains(self, Self::inner(value).0, key, &mut HashSet::new()).hash(into);
    }
}
