//! Two documents to what changed for callers, without two whole clients.
//!
//! Names are given out over a whole document, so both documents are planned whole: that is quick. What is slow is to
//! write and read source, so only the operations and types whose plans differ are written. Which those are is not
//! taken from a comparison of the documents: a type changes its name when another one comes before it, and loses its
//! setters when the last request that holds it goes, in operations that nobody touched.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hasher as _},
};

use quote::quote;
use specs::{
    Api,
    lower::{Lowered, lower},
};

use super::{ItemChange, Surface, compare, demands};
use crate::{
    client,
    operations::{self, Operation},
    shapes::{self, Types},
    transport,
};

/// What changed in the client from one document to another, what breaks most first. It is what [`compare`] finds in two
/// whole clients, and what only shows when the program runs.
#[must_use]
pub fn changes(old: &Api, new: &Api) -> Vec<ItemChange> {
    let (lowered, lowered_now) = (lower(old), lower(new));
    let (mut old, mut new) = (Side::new(old, &lowered), Side::new(new, &lowered_now));
    let differs = Differences::between(&old, &new);
    old.refuse(&lowered, &differs);
    new.refuse(&lowered_now, &differs);
    let (users, users_now) = (old.users(&differs), new.users(&differs));
    let mut found = demands::new_ones(&old.types, &new.types, &differs.types);
    found.extend(compare(&old.surface(&differs), &new.surface(&differs)));
    for change in &mut found {
        let users = if change.new.is_some() { &users_now } else { &users };
        let paths = [&change.item].into_iter().chain(&change.with);
        let ids: BTreeSet<&String> = paths.filter_map(|path| operations_of(path, users)).flatten().collect();
        change.operations = ids.into_iter().cloned().collect();
    }
    super::sort(&mut found);
    found
}

/// The operations that have to do with an item: with itself, or with the type that it belongs to.
fn operations_of<'u>(path: &str, users: &'u Users) -> Option<&'u BTreeSet<String>> {
    let path = path.rsplit_once(" for ").map_or(path, |(_, path)| path);
    let owner = path.rsplit_once("::").map(|(owner, _)| owner);
    users.get(path).or_else(|| users.get(owner?))
}

/// Ids of operations by the path of what they use.
type Users = BTreeMap<String, BTreeSet<String>>;

/// The names of what is not planned alike on both sides.
#[derive(Debug, Default)]
pub(super) struct Differences {
    /// Ids of operations.
    pub(super) operations: HashSet<String>,
    /// Names of types.
    pub(super) types: HashSet<String>,
}

impl Differences {
    fn between(old: &Side, new: &Side) -> Self {
        Self {
            operations: differing(&old.fingerprints(), &new.fingerprints()),
            types: differing(&old.types.fingerprints(), &new.types.fingerprints()),
        }
    }
}

fn differing(old: &BTreeMap<String, u64>, new: &BTreeMap<String, u64>) -> HashSet<String> {
    let names = old.keys().chain(new.keys());
    names.filter(|name| old.get(*name) != new.get(*name)).cloned().collect()
}

/// A document, planned.
pub(super) struct Side<'a> {
    api: &'a Api,
    operations: Vec<Operation<'a>>,
    types: Types,
}

impl<'a> Side<'a> {
    pub(super) fn new(api: &'a Api, lowered: &'a Lowered) -> Self {
        let calls: HashMap<_, _> = lowered.operations.iter().map(|operation| (operation.id.as_str(), operation)).collect();
        let (operations, types, _) = crate::plan(api, &calls);
        Self { api, operations, types }
    }

    /// Leaves out those of the operations in question that no client can be generated with.
    pub(super) fn refuse(&mut self, lowered: &Lowered, differs: &Differences) {
        let refused = transport::refused(self.api, lowered, &differs.operations);
        if !refused.is_empty() {
            self.operations.retain(|operation| !refused.contains(&operation.model.id));
            self.types.keep(self.operations.iter().flat_map(Operation::values));
        }
    }

    /// The items of what differs, and those that every client has.
    pub(super) fn surface(mut self, differs: &Differences) -> Surface {
        self.operations.retain(|operation| differs.operations.contains(&operation.model.id));
        let client = client::generate(self.api, &self.operations, &self.types);
        let credentials = client::credentials(self.api);
        let requests = operations::requests(&self.operations, &self.types);
        let answers = operations::answers(&self.operations, &self.types);
        let definitions = shapes::generate(&self.types, &|name| differs.types.contains(&name.to_string()));
        let source = quote! {
            pub use ::client_runtime as runtime;
            #client
            #credentials
            #answers
            pub mod requests { #requests }
            pub mod types { #definitions }
        };
        // What is no Rust is no client either, whole or in part: generating it says so.
        syn::parse2::<syn::File>(source).map(|file| Surface::of_items(&file.items)).unwrap_or_default()
    }

    fn fingerprints(&self) -> BTreeMap<String, u64> {
        let all = self.operations.iter().map(|operation| {
            let mut into = DefaultHasher::new();
            operation.hash_written(&self.types, &mut into);
            (operation.model.id.clone(), into.finish())
        });
        all.collect()
    }

    /// The names of the types in an operation.
    #[cfg(test)]
    pub(super) fn reached(&self, operation: &str) -> HashSet<String> {
        let wanted = self.operations.iter().filter(|known| known.model.id == operation);
        self.types.reached(wanted.flat_map(Operation::values))
    }

    fn users(&self, differs: &Differences) -> Users {
        let mut users = Users::new();
        for operation in &self.operations {
            let types = self.types.reached(operation.values()).into_iter().filter(|name| differs.types.contains(name));
            let own = differs.operations.contains(&operation.model.id).then(|| operation.paths()).into_iter().flatten();
            for path in types.map(|name| format!("types::{name}")).chain(own) {
                users.entry(path).or_default().insert(operation.model.id.clone());
            }
        }
        users
    }
}
