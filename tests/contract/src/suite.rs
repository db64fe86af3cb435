//! A document made ready: its cases, and what they need to be run.

use std::collections::HashMap;

use serde_json::Value;
use specs::{
    Api,
    api::{Direction, MediaType, Operation, Parameter, SchemaId},
    resources::{Action, Place, Resource},
    sample::{Sampler, Shape},
    validate::Validators,
};

use crate::{
    case::{Case, Empty},
    cases,
    draft::parameter_at,
    wire,
};

/// The cases of one document.
pub struct Suite {
    pub(crate) api: Api,
    pub(crate) validators: Validators,
    seed: u64,
    bodies: HashMap<String, Bodies>,
    cases: Vec<Case>,
    empty: Vec<Empty>,
}

/// The bodies of one operation, in its first media type that can be written.
pub(crate) struct Bodies {
    pub(crate) media: usize,
    /// Every property that the server can take without knowing what it refers to.
    pub(crate) full: Value,
    pub(crate) minimal: Value,
    /// Every property.
    pub(crate) whole: Value,
}

impl Suite {
    /// A seed as good as any: with it, whoever has no reason for another one runs the same cases.
    pub const SEED: u64 = 0;

    /// Enumerates the cases of a document; the same seed gives the same.
    #[must_use]
    pub fn new(api: Api, seed: u64) -> Self {
        let validators = Validators::new(&api);
        let mut suite = Self { api, validators, seed, bodies: HashMap::new(), cases: Vec::new(), empty: Vec::new() };
        suite.bodies =
            suite.api.operations.iter().filter_map(|operation| Some((operation.id.clone(), suite.bodies_of(operation)?))).collect();
        (suite.cases, suite.empty) = cases::enumerate(&suite);
        suite
    }

    /// The document.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// The cases, in the order of operations and rules.
    #[must_use]
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// The places at which a rule has no case, each with the reason.
    #[must_use]
    pub fn empty(&self) -> &[Empty] {
        &self.empty
    }

    pub(crate) fn sampler(&self, direction: Direction) -> Sampler {
        Sampler::new(&self.api.schemas, &self.validators, direction, self.seed)
    }

    pub(crate) fn bodies(&self, operation: &Operation) -> Option<&Bodies> {
        self.bodies.get(&operation.id)
    }

    /// The media type and the schema of the body that cases send.
    pub(crate) fn body<'o>(&self, operation: &'o Operation) -> Option<(&'o MediaType, Option<&'o SchemaId>, &Bodies)> {
        let bodies = self.bodies(operation)?;
        let media = operation.body.as_ref()?.content.get(bodies.media)?;
        Some((media, media.schema.as_ref(), bodies))
    }

    pub(crate) fn resource(&self, name: &str) -> Option<&Resource> {
        self.api.resources.iter().find(|resource| resource.name == name)
    }

    /// The property that identifies a row of a resource, which need have no operations.
    pub(crate) fn key(&self, resource: &str) -> &str {
        self.resource(resource).map_or("id", |resource| resource.key.as_str())
    }

    /// The key of an item of a resource: a property, or what stands in one.
    pub(crate) fn key_of<'i>(&self, resource: &str, item: &'i Value) -> Option<&'i Value> {
        key_in(item, self.key(resource))
    }

    /// Whether items show their key, as far as is known.
    pub(crate) fn shows_key(&self, resource: &str) -> bool {
        let known = self.resource(resource).and_then(|resource| Some((resource, resource.schema.as_ref()?)));
        known.is_none_or(|(resource, schema)| {
            let schemas = &self.api.schemas;
            schemas.properties(schema).is_empty()
                || resource.key.split('/').try_fold(schema.clone(), |at, name| schemas.property(&at, name)).is_some()
        })
    }

    /// The keys of the rows that exist at start.
    pub(crate) fn seeded<'s>(&'s self, resource: &'s str) -> impl Iterator<Item = &'s Value> {
        let rows = self.api.mock.seed.get(resource).into_iter().flatten();
        rows.filter_map(move |row| self.key_of(resource, row).or_else(|| row.as_object()?.values().next()))
    }

    /// The resource that a parent property of a resource holds a key of.
    pub(crate) fn parent_of<'s>(&'s self, resource: &'s str, property: &'s str) -> Option<&'s str> {
        let parents = &self.resource(resource)?.parents;
        parents.iter().find(|parent| parent.property == property).map(|parent| parent.resource.as_str())
    }

    /// Whether unknown keys of a resource are refused: it has rows of its own.
    pub(crate) fn is_closed(&self, resource: &str) -> bool {
        self.seeded(resource).next().is_some() || self.acting(resource, Action::Create).is_some()
    }

    /// A valid value of a parameter: the documented one, else a sample.
    pub(crate) fn parameter(&self, parameter: &Parameter) -> Option<Value> {
        let shown = parameter.examples.iter().map(|example| &example.value).find(|value| !value.is_null());
        shown.cloned().or_else(|| self.sampler(Direction::Request).sample(parameter.schema.as_ref()?, Shape::Full, None).ok())
    }

    /// The value that a request would have at this place; of an array, its first element.
    pub(crate) fn shown_at(&self, operation: &Operation, place: &Place) -> Option<Value> {
        let value = match (parameter_at(place), place) {
            (Some((location, name)), _) => {
                let parameter = operation.parameters.iter().find(|known| known.location == location && known.name == name)?;
                self.parameter(parameter)?
            }
            (None, Place::Body(pointer)) => self.bodies(operation)?.whole.pointer(pointer)?.clone(),
            _ => return None,
        };
        Some(match value {
            Value::Array(elements) => elements.into_iter().next()?,
            one => one,
        })
    }

    fn bodies_of(&self, operation: &Operation) -> Option<Bodies> {
        let content = &operation.body.as_ref()?.content;
        // JSON before forms before text, and what is named before ranges: as who calls an API would choose.
        let media = (0..content.len()).min_by_key(|position| wire::rank(&content[*position]))?;
        let chosen = content.get(media)?;
        let example = chosen.examples.first().map(|example| &example.value);
        let Some(schema) = &chosen.schema else {
            let value = example.cloned().unwrap_or_else(|| "text".into());
            return Some(Bodies { media, full: value.clone(), minimal: value.clone(), whole: value });
        };
        let sampler = self.sampler(Direction::Request);
        let whole = sampler.sample(schema, Shape::Full, example).ok()?;
        let minimal = sampler.sample(schema, Shape::Minimal, example).ok()?;
        let full = self.without_unknown_references(schema, example, &whole);
        Some(Bodies { media, full, minimal, whole })
    }

    /// Leaves out the optional properties that refer to something of which the document shows no instance.
    fn without_unknown_references(&self, schema: &SchemaId, example: Option<&Value>, whole: &Value) -> Value {
        let required = self.api.schemas.required(schema);
        let mut kept = whole.clone();
        for (name, property) in self.api.schemas.properties(schema) {
            let shown = example.is_some_and(|example| example.get(&name).is_some()) || self.is_offered(&property);
            if is_reference(&name) && !shown && !required.contains(&name) {
                kept.as_object_mut().map(|members| members.shift_remove(&name));
            }
        }
        let valid = self.validators.get(schema, Direction::Request).is_ok_and(|validator| validator.is_valid(&kept));
        if valid { kept } else { whole.clone() }
    }

    /// Whether the schema itself shows a value.
    pub(crate) fn is_offered(&self, schema: &SchemaId) -> bool {
        let offers = |value: &Value| ["example", "examples", "default", "enum", "const"].iter().any(|keyword| value.get(keyword).is_some());
        offers(self.api.schemas.get(schema)) || offers(self.api.schemas.resolve(schema).1)
    }
}

/// Whether the document shows a value for the parameter at this place.
pub(crate) fn is_shown(operation: &Operation, place: &Place) -> bool {
    let Some((location, name)) = parameter_at(place) else { return false };
    operation.parameters.iter().any(|known| known.location == location && known.name == name && !known.examples.is_empty())
}

/// Whether a property is named as one that holds a key of something else.
pub(crate) fn is_reference(name: &str) -> bool {
    ["_id", "_ids", "Id", "Ids", "ID", "IDs", "-id", "-ids", "_uuid", "Uuid"].iter().any(|end| name.ends_with(end))
}

/// What an item has under the name of its key, or at the end of the path to it: `metadata/name`.
pub(crate) fn key_in<'i>(item: &'i Value, key: &str) -> Option<&'i Value> {
    item.get(key).or_else(|| key.split('/').try_fold(item, |at, name| at.get(name)))
}
