//! The typed model of a document: what every other crate reads.

mod condition;
mod credentials;
mod extensions;
mod links;
mod load;
pub(crate) mod message;
mod model;
pub(crate) mod node;
pub(crate) mod paths;
mod schemas;
mod scheme;
mod security;
#[cfg(test)]
mod tests;

pub use condition::{Condition, Wanted};
pub use credentials::{Client, Credentials, Holder, Login, User};
pub use extensions::{Docs, Evidence, Expression, Mock, Setter};
pub(crate) use extensions::{docs, expression, setters};
pub use links::{Link, LinkParameter};
pub use load::{Loaded, load};
pub use model::{Api, Body, Example, Header, Location, MediaType, Operation, Parameter, Part, Response, Segment, Server, Status, Style};
pub use schemas::{Direction, SchemaId, Schemas};
pub use scheme::{Flow, Grant, Scheme, SchemeKind, Security};
