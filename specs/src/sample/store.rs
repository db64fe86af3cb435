//! What is known of the schemas that values were made of: worked out when it is first needed, and kept.
//!
//! A node is a set of schemas that one value must meet. A place of a value leads to a node, and nodes to nodes, so a
//! schema that contains itself is a cycle of nodes: the store owns them all, and they name each other weakly.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, Weak},
};

use parking_lot::RwLock;
use serde_json::Value;

use super::{facets::Facets, joint::Joint};
use crate::{
    api::{Direction, SchemaId, Schemas},
    validate::{Validator, Validators},
};

/// How many combinations of branches are told apart.
const MOST_ALTERNATIVES: usize = 128;
/// How many combinations are looked at.
const MOST_TRIED: u64 = 512;
/// How many combinations in a row may be ones that were seen before.
const MOST_IDLE: u64 = 64;

/// How many levels are counted until a schema counts as endless.
pub(super) const HEIGHTS: usize = 12;

/// Everything that is known, for one direction of one document.
pub(super) struct Store {
    pub(super) schemas: Schemas,
    validators: Validators,
    direction: Direction,
    nodes: RwLock<HashMap<Vec<SchemaId>, Arc<Node>>>,
}

/// Schemas that one value must meet.
pub(super) struct Node {
    pub(super) ids: Vec<SchemaId>,
    /// The components that these schemas are.
    pub(super) leads: Vec<SchemaId>,
    /// Whether a property with these schemas does not travel in this direction.
    pub(super) is_hidden: bool,
    alternatives: OnceLock<Vec<Joint>>,
    /// Whether there is a value of so many levels, for each number of them.
    ends: [OnceLock<bool>; HEIGHTS],
    validators: OnceLock<Vec<Option<Arc<Validator>>>>,
}

/// The name of a node: what cycles are made of.
pub(super) type Link = Weak<Node>;

impl Store {
    pub(super) fn new(schemas: &Schemas, validators: &Validators, direction: Direction) -> Self {
        Self { schemas: schemas.clone(), validators: validators.clone(), direction, nodes: RwLock::default() }
    }

    /// The node of these schemas; always the same one.
    pub(super) fn node(&self, ids: Vec<SchemaId>) -> Arc<Node> {
        if let Some(node) = self.nodes.read().get(&ids) {
            return Arc::clone(node);
        }
        let node = Arc::new(Node::new(self, ids.clone()));
        Arc::clone(self.nodes.write().entry(ids).or_insert(node))
    }

    /// The validator of a schema, as its direction has it.
    pub(super) fn validator(&self, id: &SchemaId) -> Result<Arc<Validator>, String> {
        self.validators.get(id, self.direction)
    }

    /// Whether a schema accepts a value. One that cannot be compiled refuses nothing: validators do the same.
    pub(super) fn accepts(&self, id: &SchemaId, value: &Value) -> bool {
        self.validator(id).is_ok_and(|validator| validator.is_valid(value))
    }

    /// Whether a property with this schema does not travel in this direction.
    pub(super) fn is_hidden(&self, id: &SchemaId) -> bool {
        let keyword = match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        self.schemas.is_marked(id, keyword)
    }
}

impl Node {
    fn new(store: &Store, ids: Vec<SchemaId>) -> Self {
        let leads = ids.iter().map(|id| store.schemas.resolve(id).0).filter(|id| id.component().is_some()).collect();
        let is_hidden = ids.iter().any(|id| store.is_hidden(id));
        Self { ids, leads, is_hidden, alternatives: OnceLock::new(), ends: Default::default(), validators: OnceLock::new() }
    }

    /// What the schemas say together, for each combination of branches; at least one.
    pub(super) fn alternatives(&self, store: &Store) -> &[Joint] {
        self.alternatives.get_or_init(|| {
            let mut found = Vec::new();
            let (mut number, mut idle) = (0, 0);
            while number < MOST_TRIED && idle < MOST_IDLE && found.len() < MOST_ALTERNATIVES {
                let (facets, is_new) = self.combination(store, number);
                let is_last = !facets.has_choices;
                idle = if is_new { 0 } else { idle + 1 };
                found.extend(is_new.then(|| Joint::new(&facets)));
                if is_last {
                    break;
                }
                number += 1;
            }
            if found.iter().any(|joint| !joint.is_never()) {
                found.retain(|joint| !joint.is_never());
            }
            found
        })
    }

    /// Whether a value comes to an end within so many levels below it, by what it must have.
    pub(super) fn ends_within(&self, store: &Store, levels: usize) -> bool {
        let Some(known) = self.ends.get(levels) else { return true };
        *known.get_or_init(|| self.alternatives(store).iter().any(|joint| joint.ends_within(store, levels)))
    }

    /// A combination of branches: a number whose digits, in mixed radix, are the branches. It is a new one when no
    /// digit is left over.
    fn combination<'s>(&self, store: &'s Store, number: u64) -> (Facets<'s>, bool) {
        let mut left = number;
        let mut choose = |branches: &[SchemaId]| {
            let count = u64::try_from(branches.len()).ok().filter(|count| *count > 0)?;
            let digit = usize::try_from(left % count).ok()?;
            left /= count;
            Some(digit)
        };
        let facets = Facets::join(&store.schemas, &self.ids, &mut choose);
        (facets, left == 0)
    }

    /// Whether all schemas accept a value.
    pub(super) fn accepts(&self, store: &Store, value: &Value) -> bool {
        let validators = self.validators.get_or_init(|| self.ids.iter().map(|id| store.validator(id).ok()).collect());
        validators.iter().flatten().all(|validator| validator.is_valid(value))
    }
}
