//! What may stand where in OpenAPI 3 and Swagger 2.0, as tables: enough to tell a `$ref` from a property of that name,
//! and to know which section of components what it names belongs to.

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    Header,
    Body,
    Response,
    MediaType,
    Encoding,
    Example,
    Link,
    Callback,
    SecurityScheme,
    Schema,
    /// An example of something: only a `$ref` that is all of it is meant as one.
    Value,
    /// What holds no schemas; a `$ref` in there has no business being there, and can mean only one thing.
    Plain,
}

/// How a member holds what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    One,
    List,
    Map,
}

type Member = (&'static str, Shape, Kind);

const DOCUMENT: &[Member] = &[
    ("paths", Shape::Map, Kind::PathItem),
    ("webhooks", Shape::Map, Kind::PathItem),
    ("components", Shape::One, Kind::Components),
    ("definitions", Shape::Map, Kind::Schema),
    ("parameters", Shape::Map, Kind::Parameter),
    ("responses", Shape::Map, Kind::Response),
    ("securityDefinitions", Shape::Map, Kind::SecurityScheme),
    ("info", Shape::One, Kind::Plain),
    ("servers", Shape::One, Kind::Plain),
    ("tags", Shape::One, Kind::Plain),
    ("security", Shape::One, Kind::Plain),
];
const COMPONENTS: &[Member] = &[
    ("schemas", Shape::Map, Kind::Schema),
    ("parameters", Shape::Map, Kind::Parameter),
    ("headers", Shape::Map, Kind::Header),
    ("requestBodies", Shape::Map, Kind::Body),
    ("responses", Shape::Map, Kind::Response),
    ("examples", Shape::Map, Kind::Example),
    ("links", Shape::Map, Kind::Link),
    ("callbacks", Shape::Map, Kind::Callback),
    ("securitySchemes", Shape::Map, Kind::SecurityScheme),
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
    ("servers", Shape::One, Kind::Plain),
    ("description", Shape::One, Kind::Plain),
];
const OPERATION: &[Member] = &[
    ("parameters", Shape::List, Kind::Parameter),
    ("requestBody", Shape::One, Kind::Body),
    ("responses", Shape::Map, Kind::Response),
    ("callbacks", Shape::Map, Kind::Callback),
    ("description", Shape::One, Kind::Plain),
    ("security", Shape::One, Kind::Plain),
    ("servers", Shape::One, Kind::Plain),
];
const PARAMETER: &[Member] = &[
    ("schema", Shape::One, Kind::Schema),
    ("items", Shape::One, Kind::Schema),
    ("content", Shape::Map, Kind::MediaType),
    ("examples", Shape::Map, Kind::Example),
    ("example", Shape::One, Kind::Value),
    ("description", Shape::One, Kind::Plain),
];
const BODY: &[Member] = &[("content", Shape::Map, Kind::MediaType), ("description", Shape::One, Kind::Plain)];
const RESPONSE: &[Member] = &[
    ("schema", Shape::One, Kind::Schema),
    ("headers", Shape::Map, Kind::Header),
    ("content", Shape::Map, Kind::MediaType),
    ("links", Shape::Map, Kind::Link),
    ("examples", Shape::Map, Kind::Value),
    ("description", Shape::One, Kind::Plain),
];
const MEDIA_TYPE: &[Member] = &[
    ("schema", Shape::One, Kind::Schema),
    ("encoding", Shape::Map, Kind::Encoding),
    ("examples", Shape::Map, Kind::Example),
    ("example", Shape::One, Kind::Value),
];
const ENCODING: &[Member] = &[("headers", Shape::Map, Kind::Header)];
const EXAMPLE: &[Member] = &[("value", Shape::One, Kind::Value)];
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
    ("example", Shape::One, Kind::Value),
    ("description", Shape::One, Kind::Plain),
];

impl Kind {
    pub(super) fn members(self) -> &'static [Member] {
        match self {
            Self::Document => DOCUMENT,
            Self::Components => COMPONENTS,
            Self::PathItem => PATH_ITEM,
            Self::Operation => OPERATION,
            Self::Parameter | Self::Header => PARAMETER,
            Self::Body => BODY,
            Self::Response => RESPONSE,
            Self::MediaType => MEDIA_TYPE,
            Self::Encoding => ENCODING,
            Self::Example => EXAMPLE,
            Self::Schema => SCHEMA,
            Self::Link | Self::Callback | Self::SecurityScheme | Self::Value | Self::Plain => &[],
        }
    }

    /// What all members are, for an object whose member names are free.
    pub(super) fn every_member(self) -> Option<Self> {
        match self {
            Self::Callback => Some(Self::PathItem),
            Self::Plain => Some(Self::Plain),
            _ => None,
        }
    }
}

/// Where an OpenAPI 3 document keeps what is referred to.
pub(super) fn home_of_3(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Schema => "/components/schemas",
        Kind::Parameter => "/components/parameters",
        Kind::Header => "/components/headers",
        Kind::Body => "/components/requestBodies",
        Kind::Response => "/components/responses",
        Kind::Example => "/components/examples",
        Kind::Link => "/components/links",
        Kind::Callback => "/components/callbacks",
        Kind::SecurityScheme => "/components/securitySchemes",
        _ => return None,
    })
}

/// Where a Swagger 2.0 document keeps what is referred to.
pub(super) fn home_of_2(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Schema => "/definitions",
        Kind::Parameter => "/parameters",
        Kind::Response => "/responses",
        Kind::SecurityScheme => "/securityDefinitions",
        _ => return None,
    })
}
