//! A resource, compiled: what its rows look like and how a new one comes about.

use std::{collections::HashMap, sync::Arc};

use chrono::DateTime;
use rustc_hash::FxBuildHasher;
use serde_json::{Map, Value};
use specs::{
    Api,
    api::{Direction, SchemaId},
    resources::{Order, Resource},
    sample::Sampler,
    validate::{Validator, Validators},
};

use super::{
    complete, conform,
    fields::Fields,
    filter, json,
    mint::{self, KeyShape},
    moments::{self, CREATED, Inner, UPDATED, plain},
    plan::key_text,
    start,
    timestamp::TimeFormat,
};
use crate::state::Row;

/// Names of what tells one item from all others, without case and separators.
const IDS: [&str; 5] = ["id", "uuid", "guid", "uid", "number"];

/// A resource, compiled.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and none excludes another")]
pub(super) struct Kind {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) schema: Option<SchemaId>,
    pub(super) validator: Option<Arc<Validator>>,
    pub(super) links: Vec<Link>,
    pub(super) key_shape: KeyShape,
    pub(super) format: TimeFormat,
    pub(super) newest_first: bool,
    pub(super) required: Vec<String>,
    /// Properties that hold the moment an item was made, or last changed.
    pub(super) created: Vec<String>,
    pub(super) updated: Vec<String>,
    /// The property that holds most properties of an item, with the names of those.
    pub(super) inner: Option<Inner>,
    /// Properties besides the key by which an item is known too, with what they look like.
    pub(super) others: Vec<(String, KeyShape)>,
    /// The parents, by their position among the links, under each of which keys are another matter.
    pub(super) scope: Vec<usize>,
    /// Whether there is just one.
    pub(super) single: bool,
    /// What there is where there is just one, before anybody changed it.
    pub(super) blank: Option<Value>,
    /// Whether its rows at start are those of examples.
    pub(super) derived: bool,
    /// The key of some row at start, for hints.
    pub(super) sample_key: Option<String>,
    /// The properties of the schema with the value of a row that says nothing of them, in the order written; none:
    /// the schema is not known and everything is shown.
    properties: Vec<Property>,
    positions: HashMap<String, usize, FxBuildHasher>,
    /// Whether the schema looks at each property alone.
    judged_by_property: bool,
}

/// A property of a kind's schema.
struct Property {
    name: String,
    default: Option<Value>,
    is_required: bool,
    schema: SchemaId,
    /// Whether its schema asks for no more than a type and a format.
    is_simple: bool,
    validator: Option<Arc<Validator>>,
}

/// A value that is known when the document is loaded.
pub(super) struct Constant {
    pub(super) name: String,
    /// The name as JSON text with a colon after it.
    pub(super) quoted: Vec<u8>,
    pub(super) value: Value,
    /// Whether it conforms to the schema of its property.
    pub(super) proven: bool,
    pub(super) required: bool,
}

/// What an item of a resource hangs on.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// The index of the parent's kind.
    pub(super) kind: usize,
    /// The property of the item that holds the parent's key.
    pub(super) property: String,
    /// Whether the parents that exist are known, so that others do not.
    pub(super) closed: bool,
}

impl Kind {
    /// The kind of a resource; its links are left to whoever knows the other kinds.
    pub(super) fn new(api: &Api, resource: &Resource, validators: &Validators) -> Self {
        let schema = resource.schema.clone();
        let mut properties = schema.as_ref().map(|id| api.schemas.properties(id)).unwrap_or_default();
        let mut required = schema.as_ref().map(|id| api.schemas.required(id)).unwrap_or_default();
        // What no answer has is not kept: nothing could tell that it is.
        let (secret, shown): (Vec<_>, Vec<_>) = properties.into_iter().partition(|(_, id)| api.schemas.is_marked(id, "writeOnly"));
        properties = shown;
        required.retain(|name| !secret.iter().any(|(known, _)| known == name));
        let named = |names: &[&str]| -> Vec<String> { moments::named(api, &properties, names) };
        let mut kind = Self::bare(api, &resource.name);
        kind.key.clone_from(&resource.key);
        kind.newest_first = resource.order == Order::NewestFirst;
        kind.created = named(&CREATED);
        kind.updated = named(&UPDATED);
        // A moment that every item has, whatever it is called: the best that is known of it is that it is not yet over.
        let is_unknown = |name: &String, id: &SchemaId| {
            required.contains(name) && !kind.updated.contains(name) && !kind.created.contains(name) && moments::is_date_time(api, id)
        };
        let unknown: Vec<String> = properties
            .iter()
            .filter(|(name, id)| is_unknown(name, id) && default(api, id).is_none())
            .map(|(name, _)| name.clone())
            .collect();
        kind.created.extend(unknown);
        kind.format = moments::format(api, &properties, &kind.created);
        let key_schema = properties.iter().find(|(name, _)| *name == resource.key).map(|(_, id)| id);
        kind.key_shape = KeyShape::of(&api.schemas, key_schema, &seeds(api, &resource.name, &resource.key));
        kind.validator = schema.as_ref().and_then(|id| validators.get(id, Direction::Response).ok());
        let sampler = Sampler::new(&api.schemas, validators, Direction::Response, 0);
        let shown = api.mock.seed.get(&resource.name).and_then(|rows| rows.first());
        let likely = |name: &String, id: &SchemaId| complete::likely(api, validators, id, shown.and_then(|row| row.get(name)));
        let needed = |name: &String, id: &SchemaId| {
            if !required.contains(name) {
                return None;
            }
            likely(name, id).or_else(|| sampler.minimal(id).ok())
        };
        let property = |(name, id): &(String, SchemaId)| Property {
            name: name.clone(),
            default: default(api, id).or_else(|| needed(name, id)),
            is_required: required.contains(name),
            is_simple: conform::is_simple(&api.schemas, id),
            schema: id.clone(),
            validator: validators.get(id, Direction::Response).ok(),
        };
        kind.properties = properties.iter().map(property).collect();
        kind.positions = kind.properties.iter().enumerate().map(|(position, property)| (property.name.clone(), position)).collect();
        kind.judged_by_property = schema.as_ref().is_some_and(|id| conform::is_plain_object(&api.schemas, id));
        kind.sample_key = seeds(api, &resource.name, &resource.key).first().copied().and_then(key_text);
        let is_other =
            |name: &str| name != resource.key && required.iter().any(|known| known == name) && IDS.contains(&plain(name).as_str());
        let others = properties.iter().filter(|(name, _)| is_other(name));
        kind.others = others
            .map(|(name, id)| (name.clone(), KeyShape::of(&api.schemas, Some(id), &seeds(api, &resource.name, name))))
            .filter(|(name, shape)| kind.takes(name, &shape.mint(0, &mut mint::randomness(0, 0, 0))))
            .collect();
        kind.inner = resource.inner.as_ref().and_then(|name| Inner::new(api, &properties, name));
        kind.single = resource.single;
        kind.blank = resource.single.then(|| start::blank(api, resource, validators)).flatten();
        kind.required = required;
        kind.schema = schema;
        kind
    }

    /// A kind of which only the name, and perhaps rows, are known.
    pub(super) fn bare(api: &Api, name: &str) -> Self {
        let key =
            api.mock.seed.get(name).and_then(|rows| rows.first()?.as_object()?.keys().next().cloned()).unwrap_or_else(|| "id".to_owned());
        let examples = seeds(api, name, &key);
        Self {
            name: name.to_owned(),
            schema: None,
            validator: None,
            links: Vec::new(),
            key_shape: KeyShape::of(&api.schemas, None, &examples),
            format: TimeFormat::default(),
            newest_first: false,
            required: Vec::new(),
            created: Vec::new(),
            updated: Vec::new(),
            sample_key: examples.first().copied().and_then(key_text),
            properties: Vec::new(),
            positions: HashMap::default(),
            judged_by_property: false,
            others: Vec::new(),
            inner: None,
            scope: Vec::new(),
            single: false,
            blank: None,
            derived: false,
            key,
        }
    }

    /// Whether reading an item shows the property.
    pub(super) fn shows(&self, property: &str) -> bool {
        self.properties.is_empty() || self.positions.contains_key(property)
    }

    /// Whether reading an item shows the property below another one, as in `attributes`.
    pub(super) fn shows_inside(&self, property: &str) -> bool {
        self.inner.as_ref().is_some_and(|inner| !self.shows(property) && inner.properties.iter().any(|known| known == property))
    }

    /// What a row holds when the request says nothing, in the order of the schema, with a place for each property that
    /// is `filled` later.
    pub(super) fn fresh(&self, filled: impl Fn(&str) -> bool) -> Vec<Constant> {
        let own = |name: &str| self.is_own(name) || self.is_parent(name);
        let each = self.properties.iter().filter_map(|property| {
            let placed = || (own(&property.name) || filled(&property.name)).then_some(Value::Null);
            Some(self.constant(property.name.clone(), property.default.clone().or_else(placed)?))
        });
        each.collect()
    }

    /// A value for a property, looked at once and for all.
    pub(super) fn constant(&self, name: String, value: Value) -> Constant {
        let proven = self.takes(&name, &value);
        let mut quoted = Vec::new();
        json::name(&name, &mut quoted);
        let required = self.required.contains(&name);
        Constant { name, quoted, value, proven, required }
    }

    /// Whether a value conforms to the schema of a property.
    pub(super) fn takes(&self, name: &str, value: &Value) -> bool {
        let conforms = |property: &Property| property.validator.as_ref().is_some_and(|validator| validator.is_valid(value));
        self.property(name).is_none_or(conforms)
    }

    /// Whether any moment conforms to the schema of a property.
    pub(super) fn takes_moments(&self, name: &str) -> bool {
        self.is_simple(name) && self.takes(name, &self.format.value(DateTime::UNIX_EPOCH))
    }

    /// Whether any minted key conforms to its schema.
    pub(super) fn takes_minted(&self) -> bool {
        self.is_simple(&self.key) && self.takes(&self.key, &self.key_shape.mint(0, &mut mint::randomness(0, 0, 0)))
    }

    /// The schema of a property.
    pub(super) fn schema_of(&self, name: &str) -> Option<&SchemaId> {
        self.property(name).map(|property| &property.schema)
    }

    fn is_simple(&self, name: &str) -> bool {
        self.property(name).is_none_or(|property| property.is_simple)
    }

    /// The property whose name differs from this one by spelling alone.
    pub(super) fn spelling(&self, name: &str) -> Option<&str> {
        let wanted = plain(name);
        self.properties.iter().map(|property| property.name.as_str()).find(|known| plain(known) == wanted)
    }

    /// The property that a request calls so: by its name, by its spelling, or `created` for `created_at`. What another
    /// property holds is named by its path.
    pub(super) fn called(&self, name: &str) -> Option<String> {
        let wanted = plain(name.rsplit('.').next().unwrap_or(name));
        let own = self.properties.iter().map(|property| (property.name.as_str(), property.name.clone()));
        let inner =
            self.inner.iter().flat_map(|inner| inner.properties.iter().map(|name| (name.as_str(), format!("{}/{name}", inner.name))));
        let all: Vec<(&str, String)> = own.chain(inner).collect();
        let by = |fits: &dyn Fn(&str) -> bool| all.iter().find(|(known, _)| fits(known)).map(|(_, path)| path.clone());
        by(&|known| known == name)
            .or_else(|| by(&|known| plain(known) == wanted))
            .or_else(|| by(&|known| ["at", "on", "date", "time"].iter().any(|end| plain(known) == format!("{wanted}{end}"))))
    }

    fn property(&self, name: &str) -> Option<&Property> {
        self.positions.get(name).and_then(|position| self.properties.get(*position))
    }

    /// What is wrong with a row.
    pub(super) fn defects(&self, row: &Fields<'_>) -> Vec<String> {
        let Some(validator) = &self.validator else { return Vec::new() };
        if self.judged_by_property && self.each_conforms(row) {
            return Vec::new();
        }
        let row = row.to_value();
        if validator.is_valid(&row) { Vec::new() } else { conform::describe(validator, &row) }
    }

    /// Whether a row has what is required, and each property conforms to its own schema: for a schema that says no more
    /// than that, the row conforms.
    fn each_conforms(&self, row: &Fields<'_>) -> bool {
        let mut required = 0;
        let each = row.iter().all(|field| {
            let property = match field.required {
                Some(is_required) if field.proven => {
                    required += usize::from(is_required);
                    return true;
                }
                _ => self.property(field.name),
            };
            let Some(property) = property else { return true };
            required += usize::from(property.is_required);
            let conforms = |value| property.validator.as_ref().is_some_and(|validator| validator.is_valid(value));
            field.proven || field.value.as_deref().is_none_or(conforms)
        });
        each && required == self.required.len()
    }

    /// Whether a whole row conforms.
    pub(super) fn takes_row(&self, row: &Value) -> bool {
        self.validator.as_ref().is_none_or(|validator| validator.is_valid(row))
    }

    /// Whether a property is the server's by its nature: the key, and when the item was made and changed.
    pub(super) fn is_own(&self, property: &str) -> bool {
        property == self.key || self.created.iter().chain(&self.updated).any(|name| name == property)
    }

    /// Whether a property outlives a replacement of the row.
    pub(super) fn keeps(&self, property: &str) -> bool {
        property == self.key || self.created.iter().any(|name| name == property) || self.is_parent(property)
    }

    /// Whether a property that nobody gave has a value all the same.
    pub(super) fn has_default(&self, property: &str) -> bool {
        self.property(property).is_some_and(|property| property.default.is_some())
    }

    fn is_parent(&self, property: &str) -> bool {
        self.links.iter().any(|link| link.property == property)
    }

    /// The keys of a row's parents: what the row says, else what was known before.
    pub(super) fn parents_of<'r>(&self, row: impl Fn(&str) -> Option<&'r Value>, before: &[Option<Arc<str>>]) -> Box<[Option<Arc<str>>]> {
        let each = self.links.iter().enumerate();
        each.map(|(position, link)| match row(&link.property) {
            Some(value) => key_text(value).map(Arc::from),
            None => before.get(position).cloned().flatten(),
        })
        .collect()
    }

    /// The pointer of the key in the property that holds it with other things.
    pub(super) fn below(&self) -> String {
        let below = self.key.split_once('/').map(|(_, name)| specs::pointer::join("", name));
        below.unwrap_or_else(|| "/".to_owned())
    }

    /// The key in a row: a property, or what stands in one.
    pub(super) fn key_in<'r>(&self, row: &'r Value) -> Option<&'r Value> {
        filter::property(row, &self.key)
    }

    /// A row from outside: of the document's seed, or of a file. `None` when it has no key.
    pub(super) fn row(&self, value: &Value) -> Option<Row> {
        let map = value.as_object()?;
        let key = self.key_in(value).and_then(key_text)?;
        let parents = self.parents_of(|name| map.get(name), &[]);
        let conforms = self.validator.as_ref().is_none_or(|validator| validator.is_valid(&self.shown(map)));
        let json = json::bytes(&self.shown(map));
        let key = self.scoped(key, |link| parents.get(link)?.as_deref().map(str::to_owned));
        Some(Row { key: key.into(), json, parents, conforms, version: 0, assumed: self.derived })
    }

    /// A key with the parents under which alone it is one.
    pub(super) fn scoped(&self, key: String, parent: impl Fn(usize) -> Option<String>) -> String {
        if self.scope.is_empty() {
            return key;
        }
        let parents: Option<Vec<String>> = self.scope.iter().map(|link| parent(*link)).collect();
        parents.map_or_else(|| key.clone(), |parents| format!("{}\n{key}", parents.join("\n")))
    }

    /// The part of a row that reading shows.
    pub(super) fn shown(&self, map: &Map<String, Value>) -> Value {
        let shown = map.iter().filter(|(name, _)| self.shows(name) || *name == &self.key);
        Value::Object(shown.map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

/// The values of a property in the rows at start.
fn seeds<'a>(api: &'a Api, name: &str, property: &str) -> Vec<&'a Value> {
    api.mock.seed.get(name).into_iter().flatten().filter_map(|row| row.get(property)).collect()
}

/// The value of a property that nobody gave: its only value, its default, or null where it may be. `None`: none.
fn default(api: &Api, id: &SchemaId) -> Option<Value> {
    let schema = api.schemas.resolve(id).1;
    if let Some(only) = schema.get("const").or_else(|| match schema.get("enum")?.as_array()?.as_slice() {
        [one] => Some(one),
        _ => None,
    }) {
        return Some(only.clone());
    }
    if let Some(default) = schema.get("default").or_else(|| api.schemas.get(id).get("default")) {
        return Some(default.clone());
    }
    let types = api.schemas.types(id);
    types.iter().any(|kind| kind == "null").then_some(Value::Null)
}
