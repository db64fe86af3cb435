//! What a run may do.

use indexmap::IndexMap;
use serde_json::Value;

use crate::target::Place;

/// What a run may do to a server.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What the server is.
    pub place: Place,
    /// What may be done at all.
    pub allow: Allow,
    /// Whether rows may stay that nothing can delete.
    pub residue: bool,
    /// The keys of things that exist and may be written to, by resource or property.
    pub given: IndexMap<String, Value>,
    /// How many requests may be sent, those that clean up included.
    pub most: Option<u64>,
}

/// Which kinds of writing are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allow {
    /// Making things.
    pub create: bool,
    /// Changing what the run made.
    pub update: bool,
    /// Deleting what the run made, so that it can clean up.
    pub delete: bool,
}

impl Allow {
    /// Everything.
    pub const ALL: Self = Self { create: true, update: true, delete: true };
    /// Looking alone.
    pub const NOTHING: Self = Self { create: false, update: false, delete: false };
}
