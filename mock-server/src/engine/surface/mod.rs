//! What of an operation exchanges can touch, as a list of places with a bit for each: the operation itself, its
//! statuses, parameters and their listed values, properties of its bodies, and the ways in which it refuses.
//!
//! A request sets bits for what was read of it, which costs next to nothing: what they mean is looked up when somebody
//! asks what was covered.

mod body;
mod branches;

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use serde_json::Value;
use specs::{
    api::{Direction, MediaType, Parameter, Status},
    wire::{Field, fields},
};

use super::{Exchange, Step, compile::Engine, validate::rule_of};
use body::{Node, Values};

/// A kind of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The operation, when a request reached it.
    Operation,
    /// A status that it declares.
    Status,
    /// A parameter.
    Parameter,
    /// A value that is listed for a parameter or a property, true and false included.
    Value,
    /// A property of the request body.
    Property,
    /// A way to be refused that it declares: a rule, and the place where it is broken.
    Error,
}

impl Kind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 6] = [Self::Operation, Self::Status, Self::Parameter, Self::Value, Self::Property, Self::Error];
}

/// A place of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// What kind of place.
    pub kind: Kind,
    /// Which one: `201`, `query.limit`, `query.limit = 3`, `/lines/*/count`, `invalid-body /lines`.
    pub name: String,
}

/// The places of one operation.
pub struct Surface {
    places: Vec<Place>,
    statuses: Vec<(Status, usize)>,
    /// In the order of the operation's parameters.
    parameters: Vec<(usize, Values)>,
    body: Node,
    branches: HashMap<String, usize, FxBuildHasher>,
}

/// The places that one exchange touched, as bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched(Vec<u64>);

impl Touched {
    fn set(&mut self, place: usize) {
        let word = place / 64;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (place % 64);
    }

    /// The bits, the first place first.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.0
    }
}

impl Surface {
    pub(super) fn new(engine: &Engine, index: usize) -> Self {
        let operation = &engine.api.operations[index];
        let mut surface =
            Self { places: Vec::new(), statuses: Vec::new(), parameters: Vec::new(), body: Node::default(), branches: HashMap::default() };
        surface.add(Kind::Operation, String::new());
        for response in &operation.responses {
            let bit = surface.add(Kind::Status, response.status.to_string());
            surface.statuses.push((response.status, bit));
        }
        let shapes: Vec<Vec<Field>> = operation.parameters.iter().map(|parameter| parameter_fields(engine, parameter)).collect();
        for (parameter, fields) in operation.parameters.iter().zip(&shapes) {
            surface.add_parameter(parameter, fields);
        }
        let body = body_fields(engine, operation.body.iter().flat_map(|body| &body.content));
        for field in &body {
            surface.add_property(field);
        }
        for branch in branches::of(engine, index, &shapes, &body) {
            if !surface.branches.contains_key(&branch) {
                let bit = surface.add(Kind::Error, branch.clone());
                surface.branches.insert(branch, bit);
            }
        }
        surface
    }

    /// All places; the position of each is that of its bit.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    fn add(&mut self, kind: Kind, name: String) -> usize {
        self.places.push(Place { kind, name });
        self.places.len() - 1
    }

    fn add_values(&mut self, name: &str, fields: &[&Field]) -> Values {
        let mut values = Values::default();
        for value in fields.iter().flat_map(|field| listed(field)) {
            if !values.knows(&value) {
                let bit = self.add(Kind::Value, format!("{name} = {}", text(&value)));
                values.add(value, bit);
            }
        }
        values
    }

    fn add_parameter(&mut self, parameter: &Parameter, fields: &[Field]) {
        let name = format!("{}.{}", parameter.location.as_str(), parameter.name);
        let bit = self.add(Kind::Parameter, name.clone());
        let fields: Vec<&Field> = fields.iter().filter(|field| field.is_value_or_element()).collect();
        let values = self.add_values(&name, &fields);
        self.parameters.push((bit, values));
    }

    fn add_property(&mut self, field: &Field) {
        let pointer = field.pointer();
        let bit = field.is_property().then(|| self.add(Kind::Property, pointer.clone()));
        let name = if pointer.is_empty() { "body" } else { &pointer };
        let values = self.add_values(name, &[field]);
        self.body.put(&field.path, bit, values);
    }

    /// Notes a parameter, by its position.
    pub(super) fn touch_parameter(&self, position: usize, value: &Value, touched: &mut Touched) {
        let Some((bit, values)) = self.parameters.get(position) else { return };
        touched.set(*bit);
        values.touch(value, touched);
        if let Value::Array(elements) = value {
            for element in elements {
                values.touch(element, touched);
            }
        }
    }

    /// Notes what a body has.
    pub(super) fn touch_body(&self, body: &Value, touched: &mut Touched) {
        self.body.touch(body, touched);
    }

    /// Notes an exchange of the operation in what it touched. What it had that the document does not declare is returned.
    pub fn touch(&self, exchange: &Exchange, touched: &mut Touched) -> Vec<Place> {
        touched.set(0);
        let mut undeclared = Vec::new();
        let status = exchange.response.status().as_u16();
        match self.status(status) {
            Some(bit) => touched.set(bit),
            None => undeclared.push(Place { kind: Kind::Status, name: status.to_string() }),
        }
        let Some(rejection) = exchange.rejection.as_deref() else { return undeclared };
        let mut note = |branch: String| match self.branch(&branch) {
            Some(bit) => touched.set(bit),
            None => undeclared.push(Place { kind: Kind::Error, name: branch }),
        };
        if rejection.violations.is_empty() || rejection.rule == "malformed-body" {
            note(branches::name(rejection.rule, if rejection.step == Step::Decide { &rejection.place } else { "" }));
        }
        for violation in rejection.violations.iter().filter(|violation| violation.keyword != "syntax") {
            note(branches::name(rule_of(violation), &violation.place));
        }
        undeclared
    }

    fn status(&self, code: u16) -> Option<usize> {
        let by = |wanted: Status| self.statuses.iter().find(|(status, _)| *status == wanted).map(|(_, bit)| *bit);
        let hundreds = u8::try_from(code / 100).unwrap_or_default();
        by(Status::Exactly(code)).or_else(|| by(Status::Range(hundreds))).or_else(|| by(Status::Default))
    }

    fn branch(&self, branch: &str) -> Option<usize> {
        self.branches.get(branch).copied().or_else(|| {
            let any = branches::in_any_element(branch);
            self.branches.get(&any).copied()
        })
    }
}

/// What a field lists.
fn listed(field: &Field) -> Vec<Value> {
    let both = field.is_boolean && field.values.is_empty();
    let values = field.values.iter().filter(|value| !value.is_null()).cloned();
    values.chain([true, false].into_iter().filter(|_| both).map(Value::Bool)).collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn parameter_fields(engine: &Engine, parameter: &Parameter) -> Vec<Field> {
    parameter.schema.iter().flat_map(|schema| fields(&engine.api.schemas, schema, Direction::Request)).collect()
}

/// The fields of bodies of any media type that has fields, each once.
fn body_fields<'a>(engine: &Engine, content: impl Iterator<Item = &'a MediaType>) -> Vec<Field> {
    let mut all: Vec<Field> = Vec::new();
    for media in content.filter(|media| branches::is_taken_apart(media)) {
        let Some(schema) = &media.schema else { continue };
        for field in fields(&engine.api.schemas, schema, Direction::Request) {
            match all.iter_mut().find(|known| known.path == field.path) {
                Some(known) => known.admit(field.values),
                None => all.push(field),
            }
        }
    }
    all
}
