//! Which operation a case goes through: to make an item, and to see it afterwards.
//!
//! Of several operations that do the same to a resource, one may need a parent that another does not know, take a
//! property that another lacks, or show one that another hides.

use http::Method;
use specs::{
    api::{Location, Operation, SchemaId},
    resources::{Action, Place, Role},
};

use crate::{draft::required_queries, suite::Suite};

impl Suite {
    /// All operations that do this to a resource, in the order of the document.
    pub(crate) fn all_acting<'s>(&'s self, resource: &str, action: Action) -> impl Iterator<Item = &'s Operation> {
        let acts = move |operation: &&Operation| role_in(operation, resource).is_some_and(|role| role.action == action);
        self.api.operations.iter().filter(acts)
    }

    /// The operation that does this to a resource; of several, the one that names the fewest parents.
    pub(crate) fn acting(&self, resource: &str, action: Action) -> Option<&Operation> {
        self.all_acting(resource, action).min_by_key(|operation| parents(operation).len())
    }

    /// The operation that makes items for an operation of this role: as far as any does, it names the parents that the
    /// role needs, and sets the property; of several, the one that names the fewest parents.
    pub(crate) fn creating(&self, role: &Role, property: Option<&str>) -> Option<&Operation> {
        self.all_acting(&role.resource, Action::Create).min_by_key(|create| {
            let missing = role.parents.iter().filter(|(parent, _)| !names(create, parent)).count();
            let lacks = property.is_some_and(|property| !names(create, property) && !self.takes(create, property));
            (missing, lacks, parents(create).len())
        })
    }

    /// The operations that show an item made under these parents: those that read one, then those that list them.
    pub(crate) fn sights(&self, resource: &str, known: impl Fn(&str) -> bool) -> Vec<&Operation> {
        let mut sights = Vec::new();
        for action in [Action::Read, Action::List] {
            let mut these: Vec<&Operation> = self
                .all_acting(resource, action)
                .filter(|sight| sight.method != Method::HEAD && !is_search(sight) && needs(sight).iter().all(|need| known(need)))
                .collect();
            these.sort_by_key(|sight| parents(sight).len());
            sights.extend(these);
        }
        sights
    }

    /// Whether an answer shows a property of the item; `None` when nothing says which ones it shows.
    pub(crate) fn shows(&self, operation: &Operation, property: &str) -> Option<bool> {
        let role = operation.role.as_ref()?;
        if role.item.is_none() && role.items.is_none() {
            return Some(false);
        }
        let schemas = &self.api.schemas;
        let schema = self.item(operation).filter(|schema| !schemas.properties(schema).is_empty());
        let schema = schema.or_else(|| self.resource(&role.resource)?.schema.clone())?;
        Some(self.part(&schema, property).is_some())
    }

    /// The schema of a property as an item shows it: where it can be seen, else in the answer to a change.
    pub(crate) fn shown_property(&self, change: &Operation, property: &str) -> Option<SchemaId> {
        let sights = self.sights(&change.role.as_ref()?.resource, |_| true);
        sights.into_iter().chain([change]).find_map(|operation| self.part(&self.item(operation)?, property))
    }

    /// Whether a property can be seen, in the answer to a change or afterwards.
    pub(crate) fn is_seen(&self, change: &Operation, property: &str) -> bool {
        let sights = change.role.iter().flat_map(|role| self.sights(&role.resource, |_| true));
        sights.chain([change]).any(|operation| self.shows(operation, property) != Some(false))
    }

    /// The schema of the item, or of the items, in a successful answer.
    pub(crate) fn item(&self, operation: &Operation) -> Option<SchemaId> {
        let role = operation.role.as_ref()?;
        match &role.items {
            Some(pointer) if role.action == Action::List => self.item_of(operation, pointer),
            _ => self.answered(operation, role.item.as_deref()?),
        }
    }

    /// The schema of what a list in a successful answer holds.
    pub(crate) fn item_of(&self, operation: &Operation, list: &str) -> Option<SchemaId> {
        self.api.schemas.items(&self.answered(operation, list)?)
    }

    /// The schema of a place of a successful answer.
    fn answered(&self, operation: &Operation, pointer: &str) -> Option<SchemaId> {
        let message = operation.success()?.content.iter().find(|media| media.is_json())?.schema.clone()?;
        specs::pointer::tokens(pointer).try_fold(message, |at, name| self.api.schemas.property(&at, &name))
    }

    /// Whether a creation names this parent or property, so that its item can be asked for by it.
    pub(crate) fn is_named(&self, create: &Operation, property: &str) -> bool {
        names(create, property) || self.takes(create, property)
    }

    /// Whether a creation has this property in its body.
    fn takes(&self, create: &Operation, property: &str) -> bool {
        self.bodies(create).zip(self.place_sent(create, property)).is_some_and(|(bodies, place)| bodies.full.pointer(&place).is_some())
    }
}

/// What a request must name to see an item: the parents that it cannot leave out, and what it must be asked by.
pub(crate) fn needs(operation: &Operation) -> Vec<&str> {
    let needed = parents(operation).iter().filter(|(_, place)| !is_optional(operation, place)).map(|(parent, _)| parent.as_str());
    let filtered = |property: &str| {
        operation.role.iter().flat_map(|role| &role.filters).any(|filter| filter.properties.iter().any(|known| known == property))
    };
    needed.chain(required_queries(operation).map(|(_, property)| property).filter(|property| filtered(property))).collect()
}

/// Whether a parent can be left out, because it stands in a query parameter that can.
pub(crate) fn is_optional(operation: &Operation, place: &Place) -> bool {
    let Place::Query(name) = place else { return false };
    operation.parameters.iter().any(|known| known.location == Location::Query && known.name == *name && !known.required)
}

/// Whether a request names this parent.
pub(crate) fn names(operation: &Operation, parent: &str) -> bool {
    parents(operation).iter().any(|(known, _)| known == parent)
}

fn parents(operation: &Operation) -> &[(String, Place)] {
    operation.role.as_ref().map_or(&[], |role| &role.parents)
}

fn role_in<'o>(operation: &'o Operation, resource: &str) -> Option<&'o Role> {
    operation.role.as_ref().filter(|role| role.resource == resource)
}

/// Whether a list is asked for with a body that chooses among the items.
pub(crate) fn is_search(operation: &Operation) -> bool {
    operation.role.as_ref().is_some_and(|role| role.search.is_some())
}
