//! The nouns of the model. Plain data: no method here decides anything that a document could have said.

use std::fmt;

use http::Method;
use indexmap::IndexMap;
use serde_json::Value;

use super::{
    condition::Condition,
    extensions::{Docs, Evidence, Mock},
    links::Link,
    schemas::{SchemaId, Schemas},
    scheme::{Scheme, Security},
};
use crate::{
    resources::{RateLimit, Resource, Role},
    webhooks::{Subscriptions, Webhook},
};

/// One provider's API, read from one document.
#[derive(Clone, Debug)]
pub struct Api {
    /// The provider's name: the stem of the document's file, a valid Rust module name.
    pub name: String,
    /// The file the document was read from, as it was named.
    pub file: String,
    /// `info.title`, or the name.
    pub title: String,
    /// `info.version`, or empty.
    pub version: String,
    /// `info.description`, or empty.
    pub description: String,
    /// The servers of the document; at least one.
    pub servers: Vec<Server>,
    /// The operations, in the order written, with unique ids.
    pub operations: Vec<Operation>,
    /// The security schemes, by name.
    pub schemes: IndexMap<String, Scheme>,
    /// The schemas, and the normalized document that they live in.
    pub schemas: Schemas,
    /// The pages that the document was written from.
    pub docs: Vec<Docs>,
    /// What `x-mock` at the top of the document says.
    pub mock: Mock,
    /// The things that the operations keep, declared by `x-resource` or inferred.
    pub resources: Vec<Resource>,
    /// The limits that the document declares by `x-rate-limits`.
    pub rate_limits: Vec<RateLimit>,
    /// What the vendor sends of its own accord: `webhooks`, `callbacks` and `x-mock.webhooks`.
    pub webhooks: Vec<Webhook>,
    /// The resource whose rows are subscriptions to webhooks.
    pub subscriptions: Option<Subscriptions>,
}

impl Api {
    /// The operation with this id (snake case, as everywhere).
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Gives operations the roles that they have only when rows of a resource exist, since somebody brought rows that
    /// the document does not have.
    pub fn wake(&mut self, resource: &str) {
        let Some(found) = self.resources.iter_mut().find(|known| known.name == resource) else { return };
        for (id, role) in std::mem::take(&mut found.asleep) {
            if let Some(operation) = self.operations.iter_mut().find(|operation| operation.id == id) {
                operation.role = Some(role);
            }
        }
    }
}

/// A server of the document, with its variables at their defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The URL as written, with `{variables}`.
    pub template: String,
    /// The URL with the variables at their defaults.
    pub url: String,
    /// The path of that URL, without a trailing slash: `/api/v1`, or empty.
    pub path: String,
    /// That path with its variables at other values; `{name}` stands there for any text.
    pub also: Vec<String>,
    /// `description`, or empty.
    pub description: String,
    /// Name, default and description of each variable.
    pub variables: Vec<(String, String, String)>,
}

/// One method on one path.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Unique within the document, in snake case: the name of the method, of cases and of journal entries.
    pub id: String,
    /// `operationId` as written.
    pub documented_id: Option<String>,
    /// The HTTP method.
    pub method: Method,
    /// The path as written: `/activity/note/{id}/`, with what is written behind it, if anything is.
    pub path: String,
    /// The path, taken apart.
    pub segments: Vec<Segment>,
    /// What is written behind the path, as what its requests have.
    pub conditions: Vec<Condition>,
    /// Whether another operation has the same method and path, so that what is written behind it tells them apart.
    pub shares_path: bool,
    /// JSON pointer of the operation in the document.
    pub pointer: String,
    /// `summary`, or empty.
    pub summary: String,
    /// `description`, or empty.
    pub description: String,
    /// `tags`.
    pub tags: Vec<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// The operation's own servers, or its path's; empty when the document's count.
    pub servers: Vec<Server>,
    /// Parameters, those of the path included, each (location, name) once. `Accept`, `Content-Type` and
    /// `Authorization` headers are left out, as OpenAPI says.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The responses, in the order written.
    pub responses: Vec<Response>,
    /// Alternatives, one of which must be met; empty when no credentials are needed.
    pub security: Vec<Security>,
    /// What a credential must be good for besides what its scheme's scopes in `security` say (`x-scopes`).
    pub scopes: Vec<String>,
    /// How sure the operation's facts are, unless a place below says otherwise.
    pub evidence: Evidence,
    /// The pages of this operation.
    pub docs: Vec<Docs>,
    /// What `x-mock` of the operation says, and nothing inferred.
    pub mock: Mock,
    /// What the operation does to which resource; `None` when that is unknown and it answers by example.
    pub role: Option<Role>,
}

impl Operation {
    /// The response that the document declares for this status: exact first, then its range, then `default`.
    #[must_use]
    pub fn response(&self, status: u16) -> Option<&Response> {
        let range = u8::try_from(status / 100).ok();
        let by = |wanted: &dyn Fn(Status) -> bool| self.responses.iter().find(|response| wanted(response.status));
        by(&|declared| declared == Status::Exactly(status))
            .or_else(|| by(&|declared| matches!(declared, Status::Range(hundreds) if Some(hundreds) == range)))
            .or_else(|| by(&|declared| declared == Status::Default))
    }

    /// The first response that is a success: an exact 2xx before `2XX`, and those before `default`, which is none where
    /// the operation leads elsewhere.
    #[must_use]
    pub fn success(&self) -> Option<&Response> {
        let by = |wanted: &dyn Fn(Status) -> bool| self.responses.iter().find(|response| wanted(response.status));
        by(&|status| matches!(status, Status::Exactly(code) if (200..300).contains(&code)))
            .or_else(|| by(&|status| status == Status::Range(2)))
            .or_else(|| by(&|status| status == Status::Default).filter(|_| self.redirect().is_none()))
    }

    /// The first response that leads elsewhere.
    #[must_use]
    pub fn redirect(&self) -> Option<&Response> {
        self.responses.iter().find(|response| matches!(response.status, Status::Exactly(300..=399) | Status::Range(3)))
    }
}

/// A part of a path between slashes, as a list of literals and variables: `{id}.json` has two parts. The path
/// `/a/{b}/` has three segments, the last of them empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Literals and variables in order; empty for an empty segment.
    pub parts: Vec<Part>,
}

/// A piece of a path segment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Text that must be there.
    Literal(String),
    /// A path parameter by name.
    Variable(String),
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// As a header.
    Header,
    /// As a cookie.
    Cookie,
}

impl Location {
    /// The word that OpenAPI uses for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// How a parameter's value is written (OpenAPI 3.0.3, "Style Values").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are OpenAPI's")]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of OpenAPI's Parameter Object")]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// Whether it must be there.
    pub required: bool,
    /// `deprecated`.
    pub deprecated: bool,
    /// `description`, or empty.
    pub description: String,
    /// How it is written.
    pub style: Style,
    /// Whether arrays and objects are spread over several values.
    pub explode: bool,
    /// Whether reserved characters may be sent as they are.
    pub allow_reserved: bool,
    /// Its schema; for a `content` parameter, that of the media type.
    pub schema: Option<SchemaId>,
    /// The media type, for a `content` parameter.
    pub content: Option<String>,
    /// Examples: `example` and `examples` of the parameter, then those of its schema.
    pub examples: Vec<Example>,
    /// How sure the fact is.
    pub evidence: Evidence,
    /// JSON pointer of its place.
    pub pointer: String,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether it must be sent.
    pub required: bool,
    /// `description`, or empty.
    pub description: String,
    /// The media types that are taken, in the order written.
    pub content: Vec<MediaType>,
    /// JSON pointer of its place.
    pub pointer: String,
}

/// A media type of a body, with what it holds.
#[derive(Clone, Debug)]
pub struct MediaType {
    /// As written, in lower case, parameters included: `application/json`, `text/*`.
    pub name: String,
    /// Whether it is JSON: by its name, or as a range (`*/*`) whose schema is no text.
    pub json: bool,
    /// Its schema.
    pub schema: Option<SchemaId>,
    /// Examples: `example` and `examples` of the media type, then those of its schema.
    pub examples: Vec<Example>,
    /// `encoding` by property, as written.
    pub encoding: Option<Value>,
    /// JSON pointer of its place.
    pub pointer: String,
}

impl MediaType {
    /// The type without its parameters: `application/json` of `application/json; charset=utf-8`.
    #[must_use]
    pub fn essence(&self) -> &str {
        self.name.split(';').next().unwrap_or_default().trim()
    }

    /// Whether it is JSON: `application/json`, any `+json`, or a range that has a schema of something else than text.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.json
    }
}

/// An example of a document.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its name in `examples`; empty for `example` and for those of a schema.
    pub name: String,
    /// `summary`, or empty.
    pub summary: String,
    /// The example.
    pub value: Value,
    /// JSON pointer of its place.
    pub pointer: String,
}

/// The key under `responses`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// `404`.
    Exactly(u16),
    /// `4XX`, as 4.
    Range(u8),
    /// `default`.
    Default,
}

/// As written: `404`, `4XX`, `default`.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(code) => write!(f, "{code}"),
            Self::Range(hundreds) => write!(f, "{hundreds}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A response of an operation.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status or range that it is for.
    pub status: Status,
    /// `description`, or empty.
    pub description: String,
    /// Headers by name as written.
    pub headers: Vec<Header>,
    /// Media types; empty for a response without a body.
    pub content: Vec<MediaType>,
    /// How it leads to other operations.
    pub links: Vec<Link>,
    /// How sure the fact is.
    pub evidence: Evidence,
    /// What `x-mock` of the response says.
    pub mock: Mock,
    /// JSON pointer of its place, after following `$ref`.
    pub pointer: String,
}

/// A header of a response.
#[derive(Clone, Debug)]
pub struct Header {
    /// The name as written.
    pub name: String,
    /// Whether it is always sent.
    pub required: bool,
    /// `description`, or empty.
    pub description: String,
    /// Its schema.
    pub schema: Option<SchemaId>,
    /// Examples.
    pub examples: Vec<Example>,
    /// JSON pointer of its place.
    pub pointer: String,
}
