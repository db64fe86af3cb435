//! Parameters from their text, as the styles of OpenAPI 3.0.3 ("Style Values") define it.
//!
//! Text becomes what the schema allows: `10` is a number where a number may stand. What fits nothing stays text, and
//! validation says what is wrong with it.

use std::{borrow::Cow, sync::Arc};

use http::HeaderMap;
use serde_json::{Map, Value};
use specs::{
    api::{Api, Location, Parameter, SchemaId, Schemas, Style},
    validate::Validator,
};

use super::authenticate::cookie;

/// A parameter, compiled.
pub(super) struct Decoder {
    pub(super) name: String,
    pub(super) location: Location,
    pub(super) required: bool,
    style: Style,
    explode: bool,
    is_json: bool,
    shape: Shape,
    pub(super) validator: Option<Arc<Validator>>,
}

/// What a value may be, as far as reading it from text goes.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Scalar(Kinds),
    List(Kinds),
    Object(Vec<(String, Shape)>),
}

/// The scalar types that a schema allows besides text.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "it is the set of JSON's scalar types")]
pub(super) struct Kinds {
    integer: bool,
    number: bool,
    boolean: bool,
    null: bool,
}

/// The parts of a request that parameters are in.
pub(super) struct Raw<'r> {
    pub(super) path: &'r [(&'r str, String)],
    pub(super) query: Vec<(Cow<'r, str>, Cow<'r, str>)>,
    pub(super) headers: &'r HeaderMap,
}

impl Decoder {
    pub(super) fn new(api: &Api, parameter: &Parameter, validator: Option<Arc<Validator>>) -> Self {
        Self {
            name: parameter.name.clone(),
            location: parameter.location,
            required: parameter.required,
            style: parameter.style,
            explode: parameter.explode,
            is_json: parameter.content.as_deref().is_some_and(|media| media.contains("json")),
            shape: parameter.schema.as_ref().map_or(Shape::Scalar(Kinds::default()), |schema| Shape::of(&api.schemas, schema)),
            validator,
        }
    }

    /// The place as journal and refusals name it.
    pub(super) fn place(&self) -> String {
        format!("{}.{}", self.location.as_str(), self.name)
    }

    /// The value, or `None` when the parameter was not sent.
    pub(super) fn decode(&self, raw: &Raw<'_>) -> Option<Value> {
        match self.location {
            Location::Path => {
                let text = &raw.path.iter().find(|(name, _)| *name == self.name)?.1;
                Some(self.text(text))
            }
            Location::Header => {
                let mut values = raw.headers.get_all(self.name.as_str()).iter();
                let mut text = String::from_utf8_lossy(values.next()?.as_bytes()).into_owned();
                for more in values {
                    text.push(',');
                    text.push_str(&String::from_utf8_lossy(more.as_bytes()));
                }
                Some(self.text(&text))
            }
            Location::Cookie => Some(self.text(&cookie(raw.headers, &self.name)?)),
            Location::Query => self.query(&raw.query),
        }
    }

    fn query(&self, pairs: &Pairs<'_>) -> Option<Value> {
        let values = || pairs.iter().filter(|(name, _)| *name == self.name).map(|(_, value)| value);
        match &self.shape {
            Shape::Object(properties) if self.style == Style::DeepObject => {
                let inside = |name: &str, key: &str| bracketed(&self.name, key) == Some(name);
                fill(properties, pairs, inside).or_else(|| values().next().map(|text| self.text(text)))
            }
            Shape::Object(properties) if self.explode && !self.is_json => fill(properties, pairs, |name, key| key == name),
            Shape::List(kinds) if self.explode => {
                let listed = |key: &str| key == self.name || key.strip_suffix("[]") == Some(self.name.as_str());
                let items: Vec<Value> = pairs.iter().filter(|(key, _)| listed(key)).map(|(_, value)| kinds.read(value)).collect();
                (!items.is_empty()).then_some(Value::Array(items))
            }
            _ => values().next().map(|text| self.text(text)),
        }
    }

    /// One text that holds the whole value.
    fn text(&self, text: &str) -> Value {
        if self.is_json {
            return serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
        }
        let text = match self.style {
            Style::Label => text.strip_prefix('.').unwrap_or(text),
            Style::Matrix => text.strip_prefix(&format!(";{}=", self.name)).unwrap_or(text),
            _ => text,
        };
        let separator = match self.style {
            Style::SpaceDelimited => ' ',
            Style::PipeDelimited => '|',
            Style::Label if self.explode => '.',
            Style::Matrix if self.explode => ';',
            _ => ',',
        };
        match &self.shape {
            Shape::Scalar(kinds) => kinds.read(text),
            Shape::List(_) if text.is_empty() => Value::Array(Vec::new()),
            Shape::List(kinds) => {
                let own = format!("{}=", self.name);
                let item = |part: &str| kinds.read(part.trim().strip_prefix(&own).unwrap_or(part.trim()));
                Value::Array(text.split(separator).map(item).collect())
            }
            Shape::Object(properties) => Value::Object(spread(text, separator, self.explode, properties)),
        }
    }
}

/// `R=100,G=200` when exploded, else `R,100,G,200`.
fn spread(text: &str, separator: char, explode: bool, properties: &[(String, Shape)]) -> Map<String, Value> {
    let mut parts = text.split(separator);
    let mut object = Map::new();
    while let Some(part) = parts.next() {
        let (name, value) = if explode { part.split_once('=').unwrap_or((part, "")) } else { (part, parts.next().unwrap_or("")) };
        let kinds = properties.iter().find(|(known, _)| known == name).map(|(_, shape)| shape.kinds()).unwrap_or_default();
        object.insert(name.to_owned(), kinds.read(value));
    }
    object
}

/// The inner name of `outer[inner]`.
fn bracketed<'k>(outer: &str, key: &'k str) -> Option<&'k str> {
    key.strip_prefix(outer)?.strip_prefix('[')?.strip_suffix(']')
}

/// Names with their texts.
pub(super) type Pairs<'t> = [(Cow<'t, str>, Cow<'t, str>)];

/// An object of the properties whose names are among the pairs; `None` when there is none of them.
pub(super) fn fill(properties: &[(String, Shape)], pairs: &Pairs<'_>, is: impl Fn(&str, &str) -> bool) -> Option<Value> {
    let mut object = Map::new();
    for (name, shape) in properties {
        let mut values = pairs.iter().filter(|(key, _)| is(name, key)).map(|(_, value)| value.as_ref()).peekable();
        if values.peek().is_none() {
            continue;
        }
        let value = match shape {
            Shape::List(kinds) => Value::Array(values.map(|text| kinds.read(text)).collect()),
            other => values.next().map_or(Value::Null, |text| other.kinds().read(text)),
        };
        object.insert(name.clone(), value);
    }
    (!object.is_empty()).then_some(Value::Object(object))
}

impl Shape {
    /// How text is to be read for a schema.
    pub(super) fn of(schemas: &Schemas, id: &SchemaId) -> Self {
        Self::within(schemas, id, 4)
    }

    fn within(schemas: &Schemas, id: &SchemaId, depth: usize) -> Self {
        let types = schemas.types(id);
        let is = |kind: &str| types.iter().any(|known| known == kind);
        let (resolved, value) = schemas.resolve(id);
        if depth > 0 && (is("array") || value.get("items").is_some()) {
            let items = schemas.below(&resolved, &["items"]);
            return Self::List(items.map(|items| Kinds::of(schemas, &items)).unwrap_or_default());
        }
        if depth > 0 && (is("object") || value.get("properties").is_some()) {
            let properties = schemas.properties(id);
            return Self::Object(properties.into_iter().map(|(name, schema)| (name, Self::within(schemas, &schema, depth - 1))).collect());
        }
        Self::Scalar(Kinds::of(schemas, id))
    }

    fn kinds(&self) -> Kinds {
        match self {
            Self::Scalar(kinds) | Self::List(kinds) => *kinds,
            Self::Object(_) => Kinds::default(),
        }
    }
}

impl Kinds {
    fn of(schemas: &Schemas, id: &SchemaId) -> Self {
        let mut kinds = Self::default();
        kinds.add(schemas, id, 4);
        kinds
    }

    fn add(&mut self, schemas: &Schemas, id: &SchemaId, depth: usize) {
        for kind in schemas.types(id) {
            match kind.as_str() {
                "integer" => self.integer = true,
                "number" => self.number = true,
                "boolean" => self.boolean = true,
                "null" => self.null = true,
                _ => {}
            }
        }
        let (resolved, value) = schemas.resolve(id);
        for keyword in ["oneOf", "anyOf"] {
            for position in 0..value.get(keyword).and_then(Value::as_array).map_or(0, Vec::len) {
                let branch = schemas.below(&resolved, &[keyword, &position.to_string()]);
                if let (Some(branch), true) = (branch, depth > 0) {
                    self.add(schemas, &branch, depth - 1);
                }
            }
        }
    }

    /// The text as the first of these types that it can be, else as text.
    pub(super) fn read(self, text: &str) -> Value {
        if (self.integer || self.number)
            && let Ok(number) = text.parse::<i64>()
        {
            return number.into();
        }
        if (self.integer || self.number)
            && let Ok(number) = text.parse::<u64>()
        {
            return number.into();
        }
        if self.number
            && let Some(number) = text.parse::<f64>().ok().and_then(serde_json::Number::from_f64)
        {
            return Value::Number(number);
        }
        match text {
            "true" if self.boolean => Value::Bool(true),
            "false" if self.boolean => Value::Bool(false),
            "null" if self.null => Value::Null,
            other => Value::String(other.to_owned()),
        }
    }
}

/// The pairs of a query or form, decoded: `+` is a space.
pub(super) fn pairs(text: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let decode = |part| -> Cow<'_, str> {
        let part: &str = part;
        if part.contains('+') {
            let spaced = part.replace('+', " ");
            Cow::Owned(percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
        } else {
            percent_encoding::percent_decode_str(part).decode_utf8_lossy()
        }
    };
    let named = text.split('&').filter(|pair| !pair.is_empty());
    named.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(name, value)| (decode(name), decode(value))).collect()
}
