//! What an operation does to a resource, compiled.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use serde_json::Value;
use specs::{
    Api,
    api::{Operation, SchemaId, Status},
    resources::{Action, Comparison, Effect, Pagination, Place, Sort},
    validate::Validators,
};

use super::{
    expression::{Compiler, Maker, Program},
    fields::{Field, Fields},
    held::Held,
    kind::{Constant, Kind, Link},
    links::Location,
    prove::Prover,
};

/// What an operation does to a resource, compiled.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and none excludes another")]
pub(super) struct Role {
    pub(super) action: Action,
    /// The index of the resource's kind.
    pub(super) kind: usize,
    pub(super) key: Option<Place>,
    /// Whether a new item has the key that the request names, and no other one.
    pub(super) insists: bool,
    /// Whether an item that is not there is made.
    pub(super) makes: bool,
    /// Whether there is just one.
    pub(super) single: bool,
    /// Where the body holds the item.
    pub(super) input: Place,
    /// Where the body holds an array whose elements make items.
    pub(super) batch: Option<Place>,
    /// What becomes of properties by the operation alone.
    pub(super) effects: Vec<(String, Effect)>,
    /// Whether the answer tells the key and not the item.
    pub(super) echoes: bool,
    /// The parents of the kind.
    pub(super) links: Vec<Link>,
    /// Where the request names parents, by their position among the links.
    pub(super) parents: Vec<(usize, Place)>,
    pub(super) each: Option<Program>,
    pub(super) set: Vec<Setting>,
    /// What a request can ask of the items of a list.
    pub(super) filters: Vec<Criterion>,
    pub(super) fields: Option<String>,
    pub(super) pagination: Option<Pagination>,
    /// Whether the body, and not the query, says which page is wanted.
    pub(super) pages_in_body: bool,
    pub(super) sort: Option<Sort>,
    /// Where a new item is to be found, for the header that says so.
    pub(super) location: Option<Location>,
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
    /// Properties of the body that the row spells otherwise: `FriendlyName` for `friendly_name`.
    renamed: HashMap<String, String, FxBuildHasher>,
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
    /// Whether it belongs into the property that holds most properties.
    pub(super) inner: bool,
}

/// What a request can ask of the items of a list.
pub(super) struct Criterion {
    pub(super) place: Place,
    /// Properties, or paths to them; one that fits is enough.
    pub(super) properties: Vec<String>,
    pub(super) comparison: Comparison,
    /// The parent that it is about, by its position among the links.
    pub(super) link: Option<usize>,
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
    /// Whether it is that of the moment when the item was made.
    pub(super) at_birth: bool,
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
        let sent = bodies(api, operation, role);
        let declared = copied(api, &sent);
        let renamed = renamed(kind, declared.as_deref().unwrap_or_default());
        let spelt = |name: String| renamed.get(&name).cloned().unwrap_or(name);
        let copied: Option<Vec<String>> = declared.map(|names| names.into_iter().map(spelt).collect());
        let (defaults, set) = (defaults(api, &sent), compiler.makers(&operation.mock.set));
        let is_set = |name: &str| set.iter().any(|(known, _)| known == name) || defaults.iter().any(|(known, _)| known == name);
        let is_copied = |name: &str| copied.as_ref().is_some_and(|copied| copied.iter().any(|known| known == name));
        let fresh = kind.fresh(|name| is_set(name) || is_copied(name));
        let certain = |name: &str| is_set(name) || kind.has_default(name) || kind.is_own(name);
        let position = |name: &str| fresh.iter().position(|constant| constant.name == name).unwrap_or(usize::MAX);
        let kept = |name: &String| (kind.shows(name) || kind.shows_inside(name)) && *name != kind.key;
        let prover = Prover::new(api, operation, kind, validators);
        let copy = |name: String| {
            let copied = Copied { position: position(&name), proven: prover.copied(&name, &name), inner: kind.shows_inside(&name) };
            (name, copied)
        };
        let setting = |(name, maker): (String, Maker)| {
            let (position, proven, takes_now) = (position(&name), prover.made(&name, &maker), kind.takes_moments(&name));
            Setting { name, maker, position, proven, takes_now }
        };
        let uncertain = fresh.iter().enumerate().filter(|(_, constant)| !certain(&constant.name));
        Some(Self {
            action: role.action,
            kind: index,
            key: role.key.clone(),
            insists: role.makes || insists(api, operation, role),
            makes: role.makes,
            single: kind.single,
            input: Place::Body(role.input.clone()),
            batch: role.batch.clone().map(Place::Body),
            effects: role.effects.clone(),
            echoes: role.echo.is_some(),
            pages_in_body: role.search.is_some(),
            sort: role.sort.clone(),
            location: Location::new(api, operation, role),
            links: kind.links.clone(),
            parents: role.parents.iter().filter_map(|(property, place)| Some((link(property)?, place.clone()))).collect(),
            each: operation.mock.each.as_ref().and_then(|each| compiler.program(each)),
            filters: criteria(role, &link),
            fields: role.fields.clone(),
            pagination: role.pagination.clone().or_else(|| role.search.as_ref()?.pagination.clone()),
            newest_first: kind.newest_first,
            uncertain: uncertain.map(|(position, constant)| (position, constant.name.clone())).collect(),
            copied: copied.map(|names| names.into_iter().filter(kept).map(copy).collect()),
            defaults: defaults
                .into_iter()
                .filter(|(name, _)| kind.shows(name))
                .map(|(name, value)| (position(&name), kind.constant(name, value)))
                .collect(),
            stamps: stamps(kind, role, &position),
            minted: (position(&kind.key), kind.takes_minted()),
            set: set.into_iter().map(setting).collect(),
            renamed,
            fresh,
        })
    }

    /// A new row, as far as the request does not matter.
    pub(super) fn fresh_row(&self) -> Fields<'_> {
        self.fresh.iter().map(Constant::field).collect()
    }

    /// Whether properties of the body have another spelling in the row.
    pub(super) fn respells(&self) -> bool {
        !self.renamed.is_empty()
    }

    /// What the row calls a property of the body.
    pub(super) fn spelt<'n>(&'n self, name: &'n str) -> &'n str {
        if self.renamed.is_empty() { name } else { self.renamed.get(name).map_or(name, String::as_str) }
    }

    /// How a property of the body becomes one of the row's, if it does.
    pub(super) fn copies(&self, kind: &Kind, name: &str) -> Option<Copied> {
        match &self.copied {
            Some(copied) => copied.get(name).copied(),
            None => (kind.shows(name) && name != kind.key).then_some(Copied { position: usize::MAX, proven: false, inner: false }),
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

/// The properties that hold the time of the request, each with its position in a new row.
fn stamps(kind: &Kind, role: &specs::resources::Role, position: &dyn Fn(&str) -> usize) -> Vec<Stamp> {
    let is_born = role.action == Action::Create || role.makes;
    let born = kind.created.iter().filter(|_| is_born).map(|name| (name, true));
    let all = born.chain(kind.updated.iter().map(|name| (name, false)));
    let stamp = |(name, at_birth): (&String, bool)| {
        let proven = kind.takes_moments(name);
        Stamp { position: position(name), proven, name: name.clone(), at_birth }
    };
    all.map(stamp).collect()
}

/// What a request can ask of items, by its query and its body.
fn criteria(role: &specs::resources::Role, link: &dyn Fn(&str) -> Option<usize>) -> Vec<Criterion> {
    // One of several properties does not say which rows come into question.
    let only = |properties: &[String]| match properties {
        [property] => link(property),
        _ => None,
    };
    let query = role.filters.iter().map(|filter| (Place::Query(filter.parameter.clone()), filter.properties.clone(), filter.comparison));
    let body = role.search.iter().flat_map(|search| &search.criteria);
    let body = body.map(|(place, properties, comparison)| (Place::Body(place.clone()), properties.clone(), *comparison));
    let all = query.chain(body);
    all.map(|(place, properties, comparison)| Criterion { link: only(&properties), place, properties, comparison }).collect()
}

/// Whether a new item has to have the key that the request names: the body requires it, or a conflict is declared.
fn insists(api: &Api, operation: &Operation, role: &specs::resources::Role) -> bool {
    let (Action::Create, Some(Place::Body(place))) = (role.action, &role.key) else { return false };
    let declares = operation.responses.iter().any(|response| response.status == Status::Exactly(409));
    let name = specs::pointer::split_last(place).map(|(_, name)| name).unwrap_or_default();
    declares || bodies(api, operation, role).iter().any(|body| api.schemas.required(body).contains(&name))
}

/// The names of the body's properties that an item has in another spelling, each with the item's.
fn renamed(kind: &Kind, names: &[String]) -> HashMap<String, String, FxBuildHasher> {
    let unknown = names.iter().filter(|name| !kind.shows(name));
    unknown.filter_map(|name| Some((name.clone(), kind.spelling(name)?.to_owned()))).collect()
}

/// The schemas of what the body says of an item, one for each media type that has one.
fn bodies(api: &Api, operation: &Operation, role: &specs::resources::Role) -> Vec<SchemaId> {
    let schemas = operation.body.iter().flat_map(|body| &body.content).filter_map(|media| media.schema.as_ref());
    let at = |schema: &SchemaId, place: &str| {
        specs::pointer::tokens(place).try_fold(schema.clone(), |at, token| api.schemas.property(&at, &token))
    };
    let item = |schema: &SchemaId| match &role.batch {
        Some(place) => api.schemas.items(&at(schema, place)?),
        None => at(schema, &role.input),
    };
    schemas.filter_map(item).collect()
}

/// The defaults of the request body's properties.
fn defaults(api: &Api, bodies: &[SchemaId]) -> Vec<(String, Value)> {
    let properties = bodies.iter().flat_map(|schema| api.schemas.properties(schema));
    let default = |id: &SchemaId| api.schemas.get(id).get("default").or_else(|| api.schemas.resolve(id).1.get("default")).cloned();
    properties.filter_map(|(name, id)| Some((name, default(&id)?))).collect()
}

/// The properties that the request body declares; what a client sends beyond them is not kept, and what is
/// read-only is the server's.
fn copied(api: &Api, bodies: &[SchemaId]) -> Option<Vec<String>> {
    let declared = bodies.iter().flat_map(|schema| api.schemas.properties(schema));
    let is_read_only = |id: &SchemaId| {
        let says = |value: &Value| value.get("readOnly") == Some(&Value::Bool(true));
        says(api.schemas.get(id)) || says(api.schemas.resolve(id).1)
    };
    let names: Vec<String> = declared.filter(|(_, id)| !is_read_only(id)).map(|(name, _)| name).collect();
    (!names.is_empty()).then_some(names)
}
