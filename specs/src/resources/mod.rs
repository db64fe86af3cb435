//! What state the operations of a document imply: resources, and the role that each operation plays for one.
//!
//! Declared by `x-resource`, `x-pagination` and `x-rate-limits`; inferred from paths, methods, schemas and envelopes
//! where these are absent. Every inference is kept with its reason, so that it can be shown.

mod advise;
mod assign;
mod declared;
mod deeds;
mod envelope;
mod families;
mod filters;
mod hierarchy;
mod life;
mod links;
mod lists;
mod page;
mod paging;
mod request;
mod roles;
mod single;
mod sorting;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use crate::api::SchemaId;
pub use advise::{Advice, Sureness, advice, sureness};
pub(crate) use assign::assign;
pub(crate) use declared::rate_limits;
pub use page::{LimitHeader, LimitScope, PageFact, PageHeader, PageLink, PageStyle, Pagination, RateLimit, WindowStart};
pub(crate) use words::same_noun as is_same_noun;

/// A kind of thing that operations create, read, list, update or delete.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its name: as declared, or the last literal segment of its collection's path.
    pub name: String,
    /// The schema of an item, as reading returns it.
    pub schema: Option<SchemaId>,
    /// The property that identifies an item.
    pub key: String,
    /// The things an item hangs on.
    pub parents: Vec<Parent>,
    /// The order of an unsorted list.
    pub order: Order,
    /// Properties of parents under each of which keys are another matter: clients choose them, and name the parents with them.
    pub scope: Vec<String>,
    /// Whether there is just one under each of its parents, always, as settings are.
    pub single: bool,
    /// The property of an item that holds most of its properties, as `attributes`.
    pub inner: Option<String>,
    /// Roles that operations would have if there were rows, by operation id. Nothing in the document makes rows of
    /// this resource, so these operations answer by example, until [`crate::Api::wake`] says that there are rows.
    pub asleep: Vec<(String, Role)>,
    /// Why all this is believed.
    pub why: Vec<Inference>,
}

/// A resource that another hangs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    /// The name of the parent resource; it need have no operations of its own.
    pub resource: String,
    /// The property of the item that holds the parent's key. It may be absent from the item's schema: it is then
    /// stored and never shown.
    pub property: String,
}

/// The order of an unsorted list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As created.
    #[default]
    OldestFirst,
    /// The newest one first.
    NewestFirst,
}

impl Order {
    /// In words, as people read it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OldestFirst => "oldest first",
            Self::NewestFirst => "newest first",
        }
    }
}

/// One thing that was concluded or declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inference {
    /// Which member of [`Resource`] or [`Role`] it is about.
    pub about: Aspect,
    /// What, as `key is id`.
    pub what: String,
    /// From what, as `the last variable of /notes/{id}`, or [`DECLARED`].
    pub from: String,
}

/// The reason of what is not inferred.
pub const DECLARED: &str = "declared";

/// What an [`Inference`] is about, so that a fact can be shown with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// The schema of a resource.
    Schema,
    /// What identifies an item, and where a request names it.
    Key,
    /// What an item hangs on, and where a request names it.
    Parents,
    /// The order of an unsorted list.
    Order,
    /// What an operation does.
    Action,
    /// Where the success body holds the item, or the list.
    Body,
    /// Which parameters choose items.
    Filters,
    /// Which parameter chooses properties.
    Fields,
    /// How a list is cut.
    Paging,
    /// How many rows a page has.
    Size,
    /// What the success body tells about a page.
    Page,
    /// Which parameters order a list.
    Sort,
    /// Where the request body holds the item, or items.
    Input,
    /// What an operation makes of properties by itself.
    Effects,
}

impl Inference {
    fn new(about: Aspect, what: impl Into<String>, from: impl Into<String>) -> Self {
        Self { about, what: what.into(), from: from.into() }
    }

    /// Whether nothing in the document suggests it, or not all of it.
    #[must_use]
    pub fn is_assumed(&self) -> bool {
        self.from.contains("assumed")
    }

    /// For what the document says in so many words.
    fn declared(about: Aspect, what: impl Into<String>) -> Self {
        Self::new(about, what, DECLARED)
    }
}

/// What an operation does to which resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// The name of the resource.
    pub resource: String,
    /// What is done.
    pub action: Action,
    /// Where the request names the item, for read, update and delete.
    pub key: Option<Place>,
    /// Where the request names each parent: property of the item, place in the request.
    pub parents: Vec<(String, Place)>,
    /// JSON pointer of the item in the success body: empty for a bare item, `None` when it does not hold the item.
    pub item: Option<String>,
    /// JSON pointer of the list in the success body.
    pub items: Option<String>,
    /// Query parameters that choose items, for a list.
    pub filters: Vec<Filter>,
    /// The query parameter that chooses the properties to return, comma separated.
    pub fields: Option<String>,
    /// How a list is cut into pages; `None`: it is not.
    pub pagination: Option<Pagination>,
    /// Which query parameters order a list.
    pub sort: Option<Sort>,
    /// How the body chooses items, for a list that is asked for by POST.
    pub search: Option<Search>,
    /// JSON pointer of the item's properties in the request body: empty where the body is the item.
    pub input: String,
    /// JSON pointer of an array in the request body, each element of which makes an item.
    pub batch: Option<String>,
    /// Whether an item that is not there is made, with the key that the path names.
    pub makes: bool,
    /// What becomes of properties by the operation alone, as by `/items/{id}/archive`.
    pub effects: Vec<(String, Effect)>,
    /// JSON pointer of the item's key in a success body that does not hold the item.
    pub echo: Option<String>,
    /// Why all this is believed.
    pub why: Vec<Inference>,
}

/// Which query parameters order a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The parameter that names properties, as `-created_at`, `name:desc` or `name desc`, comma separated.
    pub by: Option<String>,
    /// The parameter that says `asc` or `desc`.
    pub direction: Option<String>,
}

/// How a body chooses items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// JSON pointers into the body, each with what it asks of items.
    pub criteria: Vec<(String, Vec<String>, Comparison)>,
    /// How the body cuts the list into pages: its parameters are JSON pointers.
    pub pagination: Option<Pagination>,
}

/// What an operation makes of a property.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// This value.
    Value(serde_json::Value),
    /// The time of the request.
    Now,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Makes one item, or several.
    Create,
    /// Returns one item.
    Read,
    /// Returns items.
    List,
    /// Changes the properties that are sent and leaves the others.
    Update,
    /// Replaces the item as a whole.
    Replace,
    /// Removes the item.
    Delete,
}

impl Action {
    /// The word in `x-resource`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::List => "list",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
        }
    }
}

/// A place in a request, written `path.id`, `query.siteId`, `header.X-Tenant` or `body/siteIds`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A path parameter.
    Path(String),
    /// A query parameter.
    Query(String),
    /// A header.
    Header(String),
    /// A JSON pointer into the body. When an array is there, each of its elements counts.
    Body(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(name) => write!(f, "path.{name}"),
            Self::Query(name) => write!(f, "query.{name}"),
            Self::Header(name) => write!(f, "header.{name}"),
            Self::Body(pointer) => f.write_str(pointer),
        }
    }
}

/// A query parameter that chooses items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The parameter.
    pub parameter: String,
    /// The properties of the item that it looks at, at least one; one that fits is enough.
    pub properties: Vec<String>,
    /// How it compares.
    pub comparison: Comparison,
}

/// How a filter compares the property with the parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// It is the value.
    Equal,
    /// It is one of the values, an array or comma separated.
    In,
    /// It is greater; dates by time, numbers by value, else text by code point.
    Greater,
    /// It is greater or equal.
    GreaterOrEqual,
    /// It is less.
    Less,
    /// It is less or equal.
    LessOrEqual,
    /// It contains the value, without regard to case.
    Contains,
}
