//! How much a reference leads to.
//!
//! A validator is a copy of everything that its schema can reach. In a document whose schemas all refer to each other
//! that is nearly all of it, once for every message: gigabytes, and tens of milliseconds each. So what reaches far is
//! compiled once and shared. What does not is copied, since a copy is a little faster than a look-up.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::{
    api::Schemas,
    normalize::{local_target, subschemas},
    pointer,
};

/// How many schemas a reference may lead to and still be copied.
const SMALL: usize = 128;

pub(super) struct Reach<'s> {
    root: &'s Value,
    known: HashMap<String, bool>,
}

impl<'s> Reach<'s> {
    pub(super) fn new(schemas: &'s Schemas) -> Self {
        Self { root: schemas.root(), known: HashMap::new() }
    }

    pub(super) fn is_small(&mut self, target: &str) -> bool {
        if let Some(known) = self.known.get(target) {
            return *known;
        }
        let is_small = self.count(target) <= SMALL;
        self.known.insert(target.to_owned(), is_small);
        is_small
    }

    /// The schemas that a target leads to, itself included, counted until there are too many.
    fn count(&self, target: &str) -> usize {
        let mut seen = HashSet::from([target.to_owned()]);
        let mut open: Vec<&Value> = pointer::get(self.root, target).into_iter().collect();
        let mut count = 0;
        while let Some(schema) = open.pop() {
            count += 1;
            if count > SMALL {
                break;
            }
            open.extend(subschemas(schema));
            let next = schema.get("$ref").and_then(Value::as_str).and_then(local_target);
            if let Some(next) = next.filter(|next| !seen.contains(next)) {
                open.extend(pointer::get(self.root, &next));
                seen.insert(next);
            }
        }
        count
    }
}
