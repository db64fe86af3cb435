//! All kinds of a document, each compiled when it is first needed.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use rustc_hash::FxBuildHasher;
use specs::{
    Api,
    resources::{Action, Resource},
    validate::Validators,
};

use super::kind::{Kind, Link};

/// The kinds: resources with operations first, in the document's order, then mere parents and seeds.
pub(super) struct Kinds {
    names: Vec<String>,
    by_name: HashMap<String, usize, FxBuildHasher>,
    /// Resources of which those that are not there do not exist.
    closed: HashSet<String>,
    /// Resources whose rows at start are those of examples.
    derived: HashSet<String>,
    compiled: Vec<OnceLock<Kind>>,
}

impl Kinds {
    /// The kinds of a document. `derived` are the resources whose rows at start nobody named: there may be others of
    /// them.
    pub(super) fn new(api: &Api, derived: &HashSet<String>) -> Self {
        let mut kinds = Self {
            names: Vec::new(),
            by_name: HashMap::default(),
            closed: closed(api, derived),
            derived: derived.clone(),
            compiled: Vec::new(),
        };
        let parents = api.resources.iter().flat_map(|resource| resource.parents.iter().map(|parent| &parent.resource));
        for name in api.resources.iter().map(|resource| &resource.name).chain(parents).chain(api.mock.seed.keys()) {
            if !kinds.by_name.contains_key(name) {
                kinds.by_name.insert(name.clone(), kinds.names.len());
                kinds.names.push(name.clone());
            }
        }
        kinds.compiled.resize_with(kinds.names.len(), OnceLock::new);
        kinds
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn index(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The kind at this index, of those of [`Self::names`].
    pub(super) fn get(&self, index: usize, api: &Api, validators: &Validators) -> &Kind {
        self.compiled[index].get_or_init(|| {
            let name = &self.names[index];
            // Resources come first, and each has its own name.
            let Some(resource) = api.resources.get(index).filter(|resource| resource.name == *name) else { return Kind::bare(api, name) };
            let mut kind = Kind::new(api, resource, validators);
            kind.links = self.links(resource);
            kind.scope = resource.scope.iter().filter_map(|name| kind.links.iter().position(|link| link.property == *name)).collect();
            kind.derived = self.derived.contains(name);
            kind
        })
    }

    fn links(&self, resource: &Resource) -> Vec<Link> {
        let link = |parent: &specs::resources::Parent| {
            let closed = self.closed.contains(&parent.resource);
            Some(Link { kind: self.index(&parent.resource)?, property: parent.property.clone(), closed })
        };
        resource.parents.iter().filter_map(link).collect()
    }
}

/// A type with rows at start or a create operation is closed: what is not there does not exist.
fn closed(api: &Api, derived: &HashSet<String>) -> HashSet<String> {
    let seeded = api.mock.seed.iter().filter(|(name, rows)| !rows.is_empty() && !derived.contains(*name)).map(|(name, _)| name);
    let roles = api.operations.iter().filter_map(|operation| operation.role.as_ref());
    let created = roles.filter(|role| role.action == Action::Create).map(|role| &role.resource);
    // Of a thing whose key says nothing without its own parents it is not known whether it exists.
    let scoped = api.resources.iter().filter(|resource| !resource.scope.is_empty()).map(|resource| &resource.name);
    let scoped: HashSet<&String> = scoped.collect();
    seeded.chain(created).filter(|name| !scoped.contains(name)).cloned().collect()
}
