//! What a value may be, as far as reading it from text goes.
//!
//! Text becomes what the schema allows: `10` is a number where a number may stand. What fits nothing stays text, and
//! validation says what is wrong with it.

use crate::api::{SchemaId, Schemas};
use serde_json::{Number, Value};

use super::json;

/// How deep schemas are looked into; what is deeper is text.
const DEEPEST: usize = 5;

/// What a value may be.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// A scalar.
    Scalar(Kinds),
    /// A list; where `lone` is there, one value may also stand for itself.
    List { items: Box<Shape>, lone: Option<Kinds> },
    /// An object.
    Object(Members),
}

/// The properties of an object.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    pub(super) known: Vec<(String, Shape)>,
    /// What properties are that have no name in the schema, where it speaks of them.
    pub(super) other: Option<Box<Shape>>,
}

/// The scalar types that a schema allows.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "it is the set of JSON's scalar types")]
pub(super) struct Kinds {
    integer: bool,
    number: bool,
    boolean: bool,
    null: bool,
    text: bool,
}

/// What a schema allows, with what its alternatives do.
#[derive(Default)]
struct Found {
    kinds: Kinds,
    is_list: bool,
    items: Option<SchemaId>,
    is_object: bool,
    properties: Vec<(String, SchemaId)>,
    is_open: bool,
    other: Option<SchemaId>,
}

impl Shape {
    /// How text is to be read for a schema.
    pub(super) fn of(schemas: &Schemas, id: &SchemaId) -> Self {
        Self::within(schemas, id, DEEPEST)
    }

    /// The shape of what nothing is known of.
    pub(super) fn unknown() -> Self {
        Self::Scalar(Kinds::default())
    }

    fn within(schemas: &Schemas, id: &SchemaId, depth: usize) -> Self {
        if depth == 0 {
            return Self::unknown();
        }
        let mut found = Found::default();
        found.add(schemas, id, depth);
        let below = |id: Option<SchemaId>| Box::new(id.map_or_else(Self::unknown, |id| Self::within(schemas, &id, depth - 1)));
        if found.is_list {
            return Self::List { items: below(found.items), lone: found.kinds.is_any().then_some(found.kinds) };
        }
        if found.is_object {
            let known = found.properties.into_iter().map(|(name, id)| (name, Self::within(schemas, &id, depth - 1))).collect();
            return Self::Object(Members { known, other: found.is_open.then(|| below(found.other)) });
        }
        Self::Scalar(found.kinds)
    }

    /// Whether an empty text can be such a value.
    pub(super) fn takes_nothing(&self) -> bool {
        !matches!(self, Self::Scalar(kinds) if kinds.is_any() && !kinds.text && !kinds.null)
    }

    /// A value from its text; an object may be written as JSON.
    pub(super) fn read(&self, text: &str) -> Value {
        match self {
            Self::Scalar(kinds) | Self::List { lone: Some(kinds), .. } => kinds.read(text),
            Self::Object(_) if text.starts_with('{') => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
            Self::List { .. } | Self::Object(_) => text.into(),
        }
    }
}

impl Members {
    /// The shape of a property.
    pub(super) fn get(&self, name: &str) -> Option<&Shape> {
        self.known.iter().find(|(known, _)| known == name).map(|(_, shape)| shape).or(self.other.as_deref())
    }
}

impl Found {
    fn add(&mut self, schemas: &Schemas, id: &SchemaId, depth: usize) {
        let types = schemas.types(id);
        let is = |kind: &str| types.iter().any(|known| known == kind);
        let (resolved, value) = schemas.resolve(id);
        self.kinds.add(&types, value);
        if is("array") || types.is_empty() && value.get("items").is_some() {
            self.is_list = true;
            self.items = schemas.items(id).or(self.items.take());
        }
        let properties = schemas.properties(id);
        if is("object") || types.is_empty() && !properties.is_empty() {
            self.is_object = true;
            let more = value.get("additionalProperties");
            let is_open = more.is_some_and(|more| *more != Value::Bool(false)) || more.is_none() && properties.is_empty();
            if is_open {
                self.is_open = true;
                self.other = schemas.below(&resolved, &["additionalProperties"]).filter(|id| schemas.get(id).is_object());
            }
            self.properties.extend(properties);
        }
        for keyword in ["oneOf", "anyOf"] {
            for position in 0..value.get(keyword).and_then(Value::as_array).map_or(0, Vec::len) {
                if let (Some(branch), true) = (schemas.below(&resolved, &[keyword, &position.to_string()]), depth > 1) {
                    self.add(schemas, &branch, depth - 1);
                }
            }
        }
    }
}

impl Kinds {
    fn add(&mut self, types: &[String], schema: &Value) {
        for kind in types {
            match kind.as_str() {
                "integer" => self.integer = true,
                "number" => self.number = true,
                "boolean" => self.boolean = true,
                "null" => self.null = true,
                "string" => self.text = true,
                _ => {}
            }
        }
        if types.is_empty() {
            let values = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
            values.for_each(|value| match value {
                Value::Number(_) => self.number = true,
                Value::Bool(_) => self.boolean = true,
                Value::Null => self.null = true,
                Value::String(_) => self.text = true,
                _ => {}
            });
        }
    }

    fn is_any(self) -> bool {
        self.integer || self.number || self.boolean || self.text
    }

    /// The text as the first of these types that it can be, else as text.
    pub(super) fn read(self, text: &str) -> Value {
        if self.integer || self.number {
            if let Ok(number) = text.parse::<i64>() {
                return number.into();
            }
            if let Ok(number) = text.parse::<u64>() {
                return number.into();
            }
        }
        if (self.number && is_number(text) || self.integer && is_whole(text))
            && let Some(number) = text.parse::<f64>().ok().and_then(|number| Number::from_f64(json::wide(number)))
        {
            return Value::Number(number);
        }
        match text {
            "true" if self.boolean => Value::Bool(true),
            "false" if self.boolean => Value::Bool(false),
            "null" if self.null => Value::Null,
            "" if self.null && !self.text => Value::Null,
            other => Value::String(other.to_owned()),
        }
    }
}

/// Whether a text is a whole number, however many digits it has.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is written with what numbers are written with: `NaN` and `inf` are words.
fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
}
