//! What a document says beyond OpenAPI: `x-docs`, `x-evidence` and `x-mock`, as typed data.
//!
//! Facts of the API (`x-docs`, `x-evidence`, and `x-resource`, `x-pagination`, `x-rate-limits`, which
//! [`crate::resources`] reads) are kept apart from facts of the mock (`x-mock`). There is no verb per vendor quirk:
//! what a vendor does is said by expressions over the request and the stored row.

use indexmap::IndexMap;
use serde_json::Value;

/// How sure a fact is (`x-evidence`), inherited downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// The `x-docs` page of the operation states it.
    #[default]
    Page,
    /// Another public document states it.
    Elsewhere,
    /// A recording shows it.
    Observed,
    /// Nothing states it; it follows from the rest.
    Inferred,
}

impl Evidence {
    /// The word in `x-evidence`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Elsewhere => "elsewhere",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
        }
    }

    /// The mark that a word in `x-evidence` stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Page, Self::Elsewhere, Self::Observed, Self::Inferred].into_iter().find(|mark| mark.as_str() == word)
    }
}

/// A page that a document was written from (`x-docs`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Docs {
    /// Its address.
    pub url: String,
    /// The day it was read, as `2026-06-19`.
    pub read: String,
}

/// An `x-mock` object. Which members mean something depends on where it stands: `seed` and `caller` at the top,
/// `each`, `set` and `respond` at an operation, `set` at a response.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mock {
    /// Rows that exist at start, by resource name.
    pub seed: IndexMap<String, Vec<Value>>,
    /// Who a request with valid credentials comes from, unless its credential says otherwise.
    pub caller: Option<Value>,
    /// One row is made for each element of what this gives, instead of one in all; `item` is the element.
    pub each: Option<Expression>,
    /// Properties of the row (at an operation) or of the refusal's body (at a response), in the order written.
    pub set: Vec<(String, Setter)>,
    /// Places of the success body, by JSON pointer.
    pub respond: Vec<(String, Setter)>,
    /// JSON pointer of the `x-mock` object; empty when there is none.
    pub pointer: String,
}

/// What a security scheme's credentials look like to the mock (`x-mock.credentials` at the top, by scheme name).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Credentials {
    /// A credential that works, as a person would copy it: the token, the key, or `user:password`.
    pub example: Option<String>,
    /// Credentials that are refused although they are well formed.
    pub invalid: Vec<String>,
    /// Who a request with this scheme comes from.
    pub caller: Option<Value>,
}

/// An expression of `x-mock`, not yet compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// As written: `request.body.title`.
    pub source: String,
    /// JSON pointer of its place.
    pub pointer: String,
}

/// How a property gets its value.
#[derive(Clone, Debug, PartialEq)]
pub enum Setter {
    /// A string in the document: an expression. A result that is undefined leaves the property out.
    Expression(Expression),
    /// Another scalar, or `{const: …}`: itself.
    Literal(Value),
    /// `{each: expression, set: {…}}`: an array, with one object per element, `item` being the element.
    Each {
        /// Gives the elements; undefined leaves the property out, null gives null.
        each: Expression,
        /// The properties of each object; a lone entry named `""` makes the element itself (`{each, value}`).
        set: Vec<(String, Setter)>,
    },
    /// `{set: {…}}`: an object.
    Object(Vec<(String, Setter)>),
}
