//! The typed model of a document: what every other crate reads.

mod extensions;
mod model;
mod schemas;

pub use extensions::{Credentials, Docs, Evidence, Expression, Mock, Setter};
pub use model::{
    Api, Body, Example, Header, Location, MediaType, Operation, Parameter, Part, Response, Scheme, SchemeKind, Security, Segment, Server,
    Status, Style,
};
pub use schemas::{Direction, SchemaId, Schemas};
