//! What an operation does to a resource, compiled.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use serde_json::Value;
use specs::{
    Api,
    api::{Operation, SchemaId},
    resources::{Action, Filter, Pagination, Place},
    validate::Validators,
};

use super::{
    expression::{Compiler, Maker, Program},
    fields::{Field, Fields},
    held::Held,
    kind::{Constant, Kind, Link},
    prove::Prover,
};

/// What an operation does to a resource, compiled.
pub(super) struct Role {
    pub(super) action: Action,
    /// The index of the resource's kind.
    pub(super) kind: usize,
    pub(super) key: Option<Place>,
    /// The parents of the kind.
    pub(super) links: Vec<Link>,
    /// Where the request names parents, by their position among the links.
    pub(super) parents: Vec<(usize, Place)>,
    pub(super) each: Option<Program>,
    pub(super) set: Vec<Setting>,
    /// The filters, with the parent that each is about.
    pub(super) filters: Vec<(Filter, Option<usize>)>,
    pub(super) fields: Option<String>,
    pub(super) pagination: Option<Pagination>,
    pub(super) newest_first: bool,
    /// What the request body's schema says of properties that are not sent, each with its position in a new row.
    pub(super) defaults: Vec<(usize, Constant)>,
    /// What a new row starts from.
    fresh: Vec<Constant>,
    /// Properties that have a place in `fresh` and leave it when the request does not have them.
    pub(super) uncertain: Vec<(usize, String)>,
    /// Properties that hold the time of the request.
    pub(super) stamps: Vec<Stamp>,
    /// Where the key is in a new row, and whether a minted one is known to conform.
    pub(super) minted: (usize, bool),
    /// The body's properties that become the row's; none: all of them.
    copied: Option<HashMap<String, Copied, FxBuildHasher>>,
}

/// A property of the body that becomes the row's.
#[derive(Clone, Copy)]
pub(super) struct Copied {
    /// Where it is in a new row.
    pub(super) position: usize,
    /// Whether it is known to conform to the schema of the row's property.
    pub(super) proven: bool,
}

/// A property that the document sets.
pub(super) struct Setting {
    pub(super) name: String,
    pub(super) maker: Maker,
    /// Where the property is in a new row.
    pub(super) position: usize,
    /// Whether what is made is known to conform to the schema of the property.
    pub(super) proven: bool,
    /// Whether the time of the request is.
    pub(super) takes_now: bool,
}

/// A property that holds the time of the request.
pub(super) struct Stamp {
    pub(super) name: String,
    /// Where the property is in a new row.
    pub(super) position: usize,
    /// Whether the time is known to conform to the schema of the property.
    pub(super) proven: bool,
}

impl Role {
    /// The compiled role of an operation, if it has one. The kind, with its index, is that of its resource.
    pub(super) fn new(
        api: &Api,
        operation: &Operation,
        (index, kind): (usize, &Kind),
        validators: &Validators,
        compiler: &mut Compiler<'_>,
    ) -> Option<Self> {
        let role = operation.role.as_ref()?;
        let link = |property: &str| kind.links.iter().position(|link| link.property == property);
        let copied = copied(api, operation);
        let (defaults, set) = (defaults(api, operation), compiler.makers(&operation.mock.set));
        let is_set = |name: &str| set.iter().any(|(known, _)| known == name) || defaults.iter().any(|(known, _)| known == name);
        let is_copied = |name: &str| copied.as_ref().is_some_and(|copied| copied.iter().any(|known| known == name));
        let fresh = kind.fresh(|name| is_set(name) || is_copied(name));
        let certain = |name: &str| is_set(name) || kind.has_default(name) || kind.is_own(name);
        let position = |name: &str| fresh.iter().position(|constant| constant.name == name).unwrap_or(usize::MAX);
        let kept = |name: &String| kind.shows(name) && *name != kind.key;
        let prover = Prover::new(api, operation, kind, validators);
        let copy = |name: String| {
            let copied = Copied { position: position(&name), proven: prover.copied(&name, &name) };
            (name, copied)
        };
        let setting = |(name, maker): (String, Maker)| {
            let (position, proven, takes_now) = (position(&name), prover.made(&name, &maker), kind.takes_moments(&name));
            Setting { name, maker, position, proven, takes_now }
        };
        let stamp = |name: &String| Stamp { position: position(name), proven: kind.takes_moments(name), name: name.clone() };
        let stamped = kind.created.iter().filter(|_| role.action == Action::Create).chain(&kind.updated);
        let uncertain = fresh.iter().enumerate().filter(|(_, constant)| !certain(&constant.name));
        Some(Self {
            action: role.action,
            kind: index,
            key: role.key.clone(),
            links: kind.links.clone(),
            parents: role.parents.iter().filter_map(|(property, place)| Some((link(property)?, place.clone()))).collect(),
            each: operation.mock.each.as_ref().and_then(|each| compiler.program(each)),
            filters: role
                .filters
                .iter()
                .map(|filter| match filter.properties.as_slice() {
                    [property] => (filter.clone(), link(property)),
                    // One of several properties does not say which rows come into question.
                    _ => (filter.clone(), None),
                })
                .collect(),
            fields: role.fields.clone(),
            pagination: role.pagination.clone(),
            newest_first: kind.newest_first,
            uncertain: uncertain.map(|(position, constant)| (position, constant.name.clone())).collect(),
            copied: copied.map(|names| names.into_iter().filter(kept).map(copy).collect()),
            defaults: defaults
                .into_iter()
                .filter(|(name, _)| kind.shows(name))
                .map(|(name, value)| (position(&name), kind.constant(name, value)))
                .collect(),
            stamps: stamped.map(stamp).collect(),
            minted: (position(&kind.key), kind.takes_minted()),
            set: set.into_iter().map(setting).collect(),
            fresh,
        })
    }

    /// A new row, as far as the request does not matter.
    pub(super) fn fresh_row(&self) -> Fields<'_> {
        self.fresh.iter().map(Constant::field).collect()
    }

    /// How a property of the body becomes one of the row's, if it does.
    pub(super) fn copies(&self, kind: &Kind, name: &str) -> Option<Copied> {
        match &self.copied {
            Some(copied) => copied.get(name).copied(),
            None => (kind.shows(name) && name != kind.key).then_some(Copied { position: usize::MAX, proven: false }),
        }
    }
}

impl Constant {
    /// The property of a row.
    pub(super) fn field(&self) -> Field<'_> {
        Field {
            quoted: &self.quoted,
            proven: self.proven,
            required: Some(self.required),
            ..Field::new(&self.name, Held::Borrowed(&self.value))
        }
    }
}

/// The schemas of the request body, one for each media type that has one.
fn bodies(operation: &Operation) -> impl Iterator<Item = &SchemaId> {
    operation.body.iter().flat_map(|body| &body.content).filter_map(|media| media.schema.as_ref())
}

/// The defaults of the request body's properties.
fn defaults(api: &Api, operation: &Operation) -> Vec<(String, Value)> {
    let properties = bodies(operation).flat_map(|schema| api.schemas.properties(schema));
    let default = |id: &SchemaId| api.schemas.get(id).get("default").or_else(|| api.schemas.resolve(id).1.get("default")).cloned();
    properties.filter_map(|(name, id)| Some((name, default(&id)?))).collect()
}

/// The properties that the request body declares; what a client sends beyond them is not kept, and what is
/// read-only is the server's.
fn copied(api: &Api, operation: &Operation) -> Option<Vec<String>> {
    let declared = bodies(operation).flat_map(|schema| api.schemas.properties(schema));
    let writable = declared.filter(|(_, id)| api.schemas.resolve(id).1.get("readOnly") != Some(&Value::Bool(true)));
    let names: Vec<String> = writable.map(|(name, _)| name).collect();
    (!names.is_empty()).then_some(names)
}
