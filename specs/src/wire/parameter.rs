//! Parameters from their text, as the styles of OpenAPI 3.0.3 ("Style Values") define it.
//!
//! Separators are looked for in the text as it was sent, so that an escaped one belongs to a value; where none is
//! there, an escaped one counts, because many clients escape a whole list. A scalar that is there twice is a list, and
//! its schema says what is wrong with that.

use std::{borrow::Cow, sync::Arc};

use http::{HeaderMap, header::COOKIE};
use serde_json::{Map, Value};

use super::{
    pairs::{Coding, Pair, by_base, gather},
    shape::{Members, Shape},
};
use crate::{
    api::{Api, Location, Parameter, Style},
    pointer,
    validate::Validator,
};

/// A parameter, compiled.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of OpenAPI's Parameter Object, or of its content")]
pub struct Decoder {
    /// Its name on the wire.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// Whether it has to be there.
    pub required: bool,
    style: Style,
    explode: bool,
    is_json: bool,
    shape: Shape,
    /// Whether it may be there without a value.
    allows_empty: bool,
    /// What holds when it is not sent.
    pub default: Option<Value>,
    /// The other parameters of the query, where an object takes the names that none of them has.
    others: Vec<String>,
    /// What its values have to be.
    pub validator: Option<Arc<Validator>>,
}

/// The parts of a request that parameters are in.
pub struct Raw<'r> {
    /// The variables of the path by name, as sent.
    pub path: &'r [(&'r str, String)],
    /// The pairs of the query.
    pub query: Vec<Pair<'r>>,
    /// The headers.
    pub headers: &'r HeaderMap,
}

impl Decoder {
    /// Compiles a parameter, which stands beside its `siblings`.
    #[must_use]
    pub fn new(api: &Api, parameter: &Parameter, siblings: &[Parameter], validator: Option<Arc<Validator>>) -> Self {
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

    /// The place, for people: `query.limit`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}.{}", self.location.as_str(), self.name)
    }

    /// Whether a value is fine by its schema, or by being none where none is needed.
    #[must_use]
    pub fn takes(&self, value: &Value) -> bool {
        self.validator.as_ref().is_none_or(|validator| validator.is_valid(value)) || self.allows_empty && *value == ""
    }

    /// Whether a pair of a query belongs to this parameter.
    #[must_use]
    pub fn claims(&self, pair: &Pair<'_>) -> bool {
        let spreads = self.explode && self.style != Style::DeepObject && !self.is_json;
        match &self.shape {
            _ if self.location != Location::Query => false,
            Shape::Object(members) if spreads => self.is_own(members, pair.base()),
            _ => pair.inside(&self.name).is_some(),
        }
    }

    /// The value, or `None` when the parameter was not sent; as an error, why it cannot be read.
    #[must_use]
    pub fn decode(&self, raw: &Raw<'_>) -> Option<Result<Value, String>> {
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
        let own = by_base(pairs).into_iter().filter(|(name, _)| self.is_own(members, name));
        let unknown = Shape::unknown();
        let read = own.map(|(name, places)| (name.to_owned(), gather(members.get(name).unwrap_or(&unknown), &places)));
        let object: Map<String, Value> = read.collect();
        (!object.is_empty()).then_some(Value::Object(object))
    }

    /// Whether a name of the query is that of a property of this object.
    fn is_own(&self, members: &Members, name: &str) -> bool {
        let is_unclaimed = || members.other.is_some() && !self.others.iter().any(|other| other == name) && !name.starts_with("__");
        members.known.iter().any(|(known, _)| known == name) || is_unclaimed()
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

#[cfg(test)]
mod tests {
    use super::{super::pairs, *};
    use crate::Source;

    const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Kites, version: '1'}
paths:
  /kites:
    get:
      parameters:
        - {name: size, in: query, schema: {type: integer}}
        - {name: tags, in: query, schema: {type: array, items: {type: string}}}
        - {name: where, in: query, style: deepObject, schema: {type: object, properties: {wind: {type: string}}}}
        - {name: place, in: query, schema: {type: object, properties: {lat: {type: number}, lon: {type: number}}}}
      responses: {'200': {description: Kites.}}
";

    #[test]
    fn a_pair_belongs_to_the_parameter_that_it_is_written_for() {
        let api = crate::load(&Source::new("kites", "kites.yaml", DOCUMENT.to_owned())).api.unwrap();
        let parameters = &api.operations[0].parameters;
        let decoders: Vec<Decoder> = parameters.iter().map(|one| Decoder::new(&api, one, parameters, None)).collect();
        for (query, owner) in [
            ("size=1", Some("size")),
            ("tags=a", Some("tags")),
            ("tags[]=a", Some("tags")),
            ("where[wind]=n", Some("where")),
            ("lat=1.5", Some("place")),
            ("place=1", None),
            ("wind=n", None),
            ("siz=1", None),
        ] {
            let pairs = pairs(query);
            let found = decoders.iter().find(|decoder| decoder.claims(&pairs[0])).map(|decoder| decoder.name.as_str());
            assert_eq!(found, owner, "{query}");
        }
    }
}
