//! Where schemas stand in an OpenAPI document, and in each other, as tables.

#[cfg(feature = "validate")]
use serde_json::Value;

use crate::pointer;

/// The kinds of objects on the way to a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    Body,
    Responses,
    Response,
    MediaType,
    Encoding,
    Callback,
    Schema,
}

/// How a member holds objects of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    One,
    List,
    Map,
}

type Member = (&'static str, Shape, Kind);

const DOCUMENT: &[Member] =
    &[("paths", Shape::Map, Kind::PathItem), ("webhooks", Shape::Map, Kind::PathItem), ("components", Shape::One, Kind::Components)];
const COMPONENTS: &[Member] = &[
    ("schemas", Shape::Map, Kind::Schema),
    ("parameters", Shape::Map, Kind::Parameter),
    ("headers", Shape::Map, Kind::Parameter),
    ("requestBodies", Shape::Map, Kind::Body),
    ("responses", Shape::Map, Kind::Response),
    ("callbacks", Shape::Map, Kind::Callback),
    ("pathItems", Shape::Map, Kind::PathItem),
];
const PATH_ITEM: &[Member] = &[
    ("parameters", Shape::List, Kind::Parameter),
    ("get", Shape::One, Kind::Operation),
    ("put", Shape::One, Kind::Operation),
    ("post", Shape::One, Kind::Operation),
    ("delete", Shape::One, Kind::Operation),
    ("options", Shape::One, Kind::Operation),
    ("head", Shape::One, Kind::Operation),
    ("patch", Shape::One, Kind::Operation),
    ("trace", Shape::One, Kind::Operation),
];
const OPERATION: &[Member] = &[
    ("parameters", Shape::List, Kind::Parameter),
    ("requestBody", Shape::One, Kind::Body),
    ("responses", Shape::One, Kind::Responses),
    ("callbacks", Shape::Map, Kind::Callback),
];
const PARAMETER: &[Member] = &[("schema", Shape::One, Kind::Schema), ("content", Shape::Map, Kind::MediaType)];
const BODY: &[Member] = &[("content", Shape::Map, Kind::MediaType)];
const RESPONSE: &[Member] = &[("headers", Shape::Map, Kind::Parameter), ("content", Shape::Map, Kind::MediaType)];
const MEDIA_TYPE: &[Member] = &[("schema", Shape::One, Kind::Schema), ("encoding", Shape::Map, Kind::Encoding)];
const ENCODING: &[Member] = &[("headers", Shape::Map, Kind::Parameter)];
const SCHEMA: &[Member] = &[
    ("properties", Shape::Map, Kind::Schema),
    ("items", Shape::One, Kind::Schema),
    ("allOf", Shape::List, Kind::Schema),
    ("anyOf", Shape::List, Kind::Schema),
    ("oneOf", Shape::List, Kind::Schema),
    ("additionalProperties", Shape::One, Kind::Schema),
    ("not", Shape::One, Kind::Schema),
    ("patternProperties", Shape::Map, Kind::Schema),
    ("prefixItems", Shape::List, Kind::Schema),
    ("contains", Shape::One, Kind::Schema),
    ("propertyNames", Shape::One, Kind::Schema),
    ("if", Shape::One, Kind::Schema),
    ("then", Shape::One, Kind::Schema),
    ("else", Shape::One, Kind::Schema),
    ("dependentSchemas", Shape::Map, Kind::Schema),
    ("unevaluatedItems", Shape::One, Kind::Schema),
    ("unevaluatedProperties", Shape::One, Kind::Schema),
    ("contentSchema", Shape::One, Kind::Schema),
    ("$defs", Shape::Map, Kind::Schema),
    ("definitions", Shape::Map, Kind::Schema),
];

impl Kind {
    /// The members of an object of this kind that lead to schemas.
    pub(crate) fn members(self) -> &'static [Member] {
        match self {
            Self::Document => DOCUMENT,
            Self::Components => COMPONENTS,
            Self::PathItem => PATH_ITEM,
            Self::Operation => OPERATION,
            Self::Parameter => PARAMETER,
            Self::Body => BODY,
            Self::Response => RESPONSE,
            Self::MediaType => MEDIA_TYPE,
            Self::Encoding => ENCODING,
            Self::Schema => SCHEMA,
            Self::Responses | Self::Callback => &[],
        }
    }

    /// What all members are, for an object whose member names are free.
    pub(crate) fn every_member(self) -> Option<Self> {
        match self {
            Self::Responses => Some(Self::Response),
            Self::Callback => Some(Self::PathItem),
            _ => None,
        }
    }

    /// What stands at a pointer, when the tables lead there.
    pub(crate) fn at(pointer: &str) -> Option<Self> {
        let (mut kind, mut inside) = (Self::Document, Shape::One);
        for token in pointer::tokens(pointer) {
            if inside == Shape::One {
                let member = kind.members().iter().find(|(name, ..)| *name == token);
                (inside, kind) = member.map(|(_, shape, kind)| (*shape, *kind)).or_else(|| Some((Shape::One, kind.every_member()?)))?;
            } else {
                inside = Shape::One;
            }
        }
        (inside == Shape::One).then_some(kind)
    }
}

/// The schemas directly below a schema.
#[cfg(feature = "validate")]
pub(crate) fn subschemas(schema: &Value) -> impl Iterator<Item = &Value> {
    SCHEMA.iter().filter_map(|(name, shape, _)| Some((shape, schema.get(name)?))).flat_map(|(shape, member)| {
        let found: Vec<&Value> = match (shape, member) {
            (Shape::One, one) => vec![one],
            (_, Value::Object(members)) => members.values().collect(),
            (_, Value::Array(items)) => items.iter().collect(),
            _ => Vec::new(),
        };
        found
    })
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn the_tables_tell_what_stands_at_a_pointer() {
        let rows = [
            ("", Some(Kind::Document)),
            ("/components/schemas/Tree", Some(Kind::Schema)),
            ("/components/schemas/Tree/properties/leaf/items", Some(Kind::Schema)),
            ("/components/schemas/Tree/properties", None),
            ("/paths/~1trees/get/responses/200/content/application~1json/schema/allOf/1", Some(Kind::Schema)),
            ("/paths/~1trees/get/callbacks/grown/{url}/post", Some(Kind::Operation)),
            ("/components/responses/Gone/headers/X-Left/schema", Some(Kind::Schema)),
            ("/definitions/Tree", None),
        ];
        for (pointer, kind) in rows {
            assert_eq!(Kind::at(pointer), kind, "{pointer}");
        }
    }
}
