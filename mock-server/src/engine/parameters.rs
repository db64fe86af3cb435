//! Parameters from their text, as the styles of OpenAPI 3.0.3 ("Style Values") define it.
//!
//! Separators are looked for in the text as it was sent, so that an escaped one belongs to a value; where none is
//! there, an escaped one counts, because many clients escape a whole list. A scalar that is there twice is a list, and
//! its schema says what is wrong with that.

use std::{borrow::Cow, sync::Arc};

use http::{HeaderMap, header::COOKIE};
use serde_json::{Map, Value};
use specs::{
    api::{Api, Location, Parameter, Style},
    pointer,
    validate::Validator,
};

use super::{
    pairs::{Coding, Pair, by_base, gather},
    shape::{Members, Shape},
};

/// A parameter, compiled.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of OpenAPI's Parameter Object, or of its content")]
pub(super) struct Decoder {
    pub(super) name: String,
    pub(super) location: Location,
    pub(super) required: bool,
    style: Style,
    explode: bool,
    is_json: bool,
    shape: Shape,
    /// Whether it may be there without a value.
    allows_empty: bool,
    /// What holds when it is not sent.
    pub(super) default: Option<Value>,
    /// The other parameters of the query, where an object takes the names that none of them has.
    others: Vec<String>,
    pub(super) validator: Option<Arc<Validator>>,
}

/// The parts of a request that parameters are in.
pub(super) struct Raw<'r> {
    /// As sent.
    pub(super) path: &'r [(&'r str, String)],
    pub(super) query: Vec<Pair<'r>>,
    pub(super) headers: &'r HeaderMap,
}

impl Decoder {
    pub(super) fn new(api: &Api, parameter: &Parameter, siblings: &[Parameter], validator: Option<Arc<Validator>>) -> Self {
        let written = pointer::get(api.schemas.root(), &parameter.pointer);
        let shape = parameter.schema.as_ref().map_or_else(Shape::unknown, |schema| Shape::of(&api.schemas, schema));
        let is_others = |other: &&Parameter| other.location == Location::Query && other.name != parameter.name;
        let is_open = matches!(&shape, Shape::Object(Members { other: Some(_), .. }));
        let own = |id| api.schemas.get(id).get("default").or_else(|| api.schemas.resolve(id).1.get("default"));
        Self {
            name: parameter.name.clone(),
            location: parameter.location,
            required: parameter.required,
            style: parameter.style,
            explode: parameter.explode,
            is_json: parameter.content.as_deref().is_some_and(|media| media.contains("json")),
            allows_empty: written.and_then(|written| written.get("allowEmptyValue")) == Some(&Value::Bool(true)),
            default: parameter.schema.as_ref().and_then(own).cloned(),
            others: siblings.iter().filter(is_others).filter(|_| is_open).map(|other| other.name.clone()).collect(),
            shape,
            validator,
        }
    }

    /// The place as journal and refusals name it.
    pub(super) fn place(&self) -> String {
        format!("{}.{}", self.location.as_str(), self.name)
    }

    /// Whether a value is fine by its schema, or by being none where none is needed.
    pub(super) fn takes(&self, value: &Value) -> bool {
        self.validator.as_ref().is_none_or(|validator| validator.is_valid(value)) || self.allows_empty && *value == ""
    }

    /// The value, or `None` when the parameter was not sent; as an error, why it cannot be read.
    pub(super) fn decode(&self, raw: &Raw<'_>) -> Option<Result<Value, String>> {
        match self.location {
            Location::Path => {
                let text = &raw.path.iter().find(|(name, _)| *name == self.name)?.1;
                Some(self.prefixed(text))
            }
            Location::Header => {
                let mut values = raw.headers.get_all(self.name.as_str()).iter();
                let mut text = String::from_utf8_lossy(values.next()?.as_bytes()).into_owned();
                for more in values {
                    text.push(',');
                    text.push_str(&String::from_utf8_lossy(more.as_bytes()));
                }
                Some(Ok(self.text(&text, Coding::Plain)))
            }
            Location::Cookie => self.among(&cookies(raw.headers, &self.shape)).map(Ok),
            Location::Query => self.among(&raw.query).map(Ok),
        }
    }

    /// The value among pairs of a query, or of cookies.
    fn among(&self, pairs: &[Pair<'_>]) -> Option<Value> {
        if self.is_json {
            return pairs.iter().find(|pair| pair.name == self.name).map(|pair| self.text(pair.raw, pair.coding));
        }
        match &self.shape {
            Shape::Object(members) if self.style != Style::DeepObject && self.explode => self.spread_out(members, pairs),
            Shape::Scalar(_) if self.style != Style::DeepObject => {
                let mut values = pairs.iter().filter(|pair| pair.name == self.name);
                let first = self.shape.read(&values.next()?.decoded());
                let more: Vec<Value> = values.map(|pair| self.shape.read(&pair.decoded())).collect();
                Some(if more.is_empty() { first } else { std::iter::once(first).chain(more).collect() })
            }
            _ => self.gathered(pairs),
        }
    }

    /// A list, or an object whose name is written before each of its properties.
    fn gathered(&self, pairs: &[Pair<'_>]) -> Option<Value> {
        let places: Vec<(Vec<&str>, &Pair<'_>)> = pairs.iter().filter_map(|pair| Some((pair.inside(&self.name)?, pair))).collect();
        match places.as_slice() {
            [] => None,
            [(names, one)] if names.is_empty() && !(self.explode && matches!(self.shape, Shape::List { .. })) => {
                Some(self.text(one.raw, one.coding))
            }
            _ => Some(gather(&self.shape, &places)),
        }
    }

    /// An object whose properties stand beside other parameters. One without declared properties takes what is nobody's.
    fn spread_out(&self, members: &Members, pairs: &[Pair<'_>]) -> Option<Value> {
        let unclaimed = |name: &str| members.other.is_some() && !self.others.iter().any(|other| other == name) && !name.starts_with("__");
        let own = by_base(pairs).into_iter().filter(|(name, _)| members.known.iter().any(|(known, _)| known == name) || unclaimed(name));
        let unknown = Shape::unknown();
        let read = own.map(|(name, places)| (name.to_owned(), gather(members.get(name).unwrap_or(&unknown), &places)));
        let object: Map<String, Value> = read.collect();
        (!object.is_empty()).then_some(Value::Object(object))
    }

    /// A path parameter, whose style may want a prefix.
    fn prefixed(&self, text: &str) -> Result<Value, String> {
        match self.style {
            Style::Label => {
                let rest = text.strip_prefix('.').ok_or("has to begin with `.`, since its style is `label`")?;
                Ok(self.text(rest, Coding::Percent))
            }
            Style::Matrix => self.matrix(text.strip_prefix(';').ok_or("has to begin with `;`, since its style is `matrix`")?),
            _ => Ok(self.text(text, Coding::Percent)),
        }
    }

    /// `;color=a,b`, `;color=a;color=b`, `;R=100;G=200`, the first semicolon taken away.
    fn matrix(&self, text: &str) -> Result<Value, String> {
        let pieces = || text.split(';').map(|piece| piece.split_once('=').unwrap_or((piece, "")));
        if let (Shape::Object(members), true) = (&self.shape, self.explode) {
            let unknown = Shape::unknown();
            let read = |(name, value): (&str, &str)| {
                let (name, value) = (Coding::Percent.decode(name).into_owned(), Coding::Percent.decode(value));
                let value = members.get(&name).unwrap_or(&unknown).read(&value);
                (name, value)
            };
            return Ok(Value::Object(pieces().map(read).collect()));
        }
        let mut own = pieces().filter(|(name, _)| Coding::Percent.decode(name) == self.name.as_str()).map(|(_, value)| value);
        let first = own.next().ok_or_else(|| format!("has to begin with `;{}`, since its style is `matrix`", self.name))?;
        match &self.shape {
            Shape::List { items, .. } if self.explode => {
                let values = std::iter::once(first).chain(own);
                Ok(values.map(|value| items.read(&Coding::Percent.decode(value))).collect())
            }
            _ => Ok(self.text(first, Coding::Percent)),
        }
    }

    /// One text that holds the whole value.
    fn text(&self, text: &str, coding: Coding) -> Value {
        if self.is_json {
            let text = coding.decode(text);
            return serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.into_owned()));
        }
        match &self.shape {
            Shape::Scalar(_) => self.shape.read(&coding.decode(text)),
            Shape::List { .. } if text.is_empty() => Value::Array(Vec::new()),
            Shape::List { items, lone } => {
                let parts = self.parts(text, coding);
                match (lone, parts.as_slice()) {
                    (Some(kinds), [one]) => kinds.read(one),
                    _ => parts.iter().map(|part| items.read(part)).collect(),
                }
            }
            Shape::Object(members) => Value::Object(self.object(&self.parts(text, coding), members)),
        }
    }

    /// The text, cut at what separates values in this style.
    fn parts<'t>(&self, text: &'t str, coding: Coding) -> Vec<Cow<'t, str>> {
        let separator = match self.style {
            Style::SpaceDelimited => ' ',
            Style::PipeDelimited => '|',
            // OpenAPI 3.0 shows dots, and RFC 6570 commas.
            Style::Label if self.explode || !text.contains(',') => '.',
            _ => ',',
        };
        if text.contains(separator) || coding == Coding::Plain {
            return text.split(separator).map(|part| coding.decode(part.trim())).collect();
        }
        let whole = coding.decode(text);
        whole.split(separator).map(|part| Cow::Owned(part.to_owned())).collect()
    }

    /// `R=100,G=200` when exploded, else `R,100,G,200`.
    fn object(&self, parts: &[Cow<'_, str>], members: &Members) -> Map<String, Value> {
        let unknown = Shape::unknown();
        let read = |name: &str, text: &str| (name.to_owned(), members.get(name).unwrap_or(&unknown).read(text));
        if self.explode && self.style != Style::DeepObject {
            return parts.iter().map(|part| part.split_once('=').unwrap_or((part, ""))).map(|(name, text)| read(name, text)).collect();
        }
        parts.chunks(2).map(|pair| read(&pair[0], pair.get(1).map_or("", AsRef::as_ref))).collect()
    }
}

fn cookies<'h>(headers: &'h HeaderMap, shape: &Shape) -> Vec<Pair<'h>> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    // Exploded lists and objects are written with `&`, as in a query.
    let inner = if matches!(shape, Shape::Scalar(_)) { ';' } else { '&' };
    let named = lines.flat_map(|line| line.split(';')).flat_map(move |cookie| cookie.split(inner));
    let cut = named.filter_map(|text| text.split_once('=')).map(|(name, value)| (name.trim(), value.trim()));
    cut.map(|(name, raw)| Pair { name: Cow::Borrowed(name), raw, coding: Coding::Percent }).collect()
}
