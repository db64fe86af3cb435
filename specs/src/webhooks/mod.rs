//! What a vendor sends of its own accord: `webhooks` of OpenAPI 3.1, `callbacks` of operations, and what
//! `x-mock.webhooks` at the top of a document declares or says more about.
//!
//! OpenAPI says what is sent and where, and never after what. So for webhooks that is declared, or inferred from name
//! and payload, with the reason kept as everywhere. A callback follows the operation that it stands at.

mod declared;
mod occasions;
mod read;
mod signature;
#[cfg(test)]
mod tests;

use http::Method;

use crate::{
    api::{Body, Docs, Evidence, Expression, Parameter, Setter},
    resources::Action,
};

pub(crate) use read::assign;
pub use signature::{Algorithm, Coding, Key, Signature, Stamp};

/// Something that a vendor sends of its own accord.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The name of the event.
    pub name: String,
    /// Where in the document it comes from.
    pub origin: Origin,
    /// `summary`, else `description`, or empty.
    pub summary: String,
    /// The method of the request that is sent.
    pub method: Method,
    /// Where it is sent beside the places of subscriptions: a URL, with runtime expressions of OpenAPI in braces.
    pub target: Option<String>,
    /// After what it is sent; one of them is enough.
    pub occasions: Vec<Occasion>,
    /// Why it is sent then, or why never: from what that was inferred, or [`crate::resources::DECLARED`].
    pub why: String,
    /// It is sent only where this holds.
    pub when: Option<Expression>,
    /// The declared payload.
    pub body: Option<Body>,
    /// The declared headers.
    pub parameters: Vec<Parameter>,
    /// Properties of the payload, in the order written; empty: they follow from `body`.
    pub set: Vec<(String, Setter)>,
    /// Headers that the document sets.
    pub headers: Vec<(String, Setter)>,
    /// How it is signed.
    pub signature: Option<Signature>,
    /// Seconds between attempts; `None` where the document says nothing.
    pub retries: Option<Vec<u64>>,
    /// How sure the facts are.
    pub evidence: Evidence,
    /// The pages that describe it.
    pub docs: Vec<Docs>,
    /// JSON pointer of its place.
    pub pointer: String,
}

/// Where in a document a webhook comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `x-mock.webhooks` alone.
    Mock,
    /// `webhooks` of the document.
    Webhook,
    /// `callbacks` of an operation.
    Callback,
}

impl Origin {
    /// The word for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mock | Self::Webhook => "webhook",
            Self::Callback => "callback",
        }
    }
}

/// After what a webhook is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The operation with this id succeeded.
    Operation(String),
    /// Something became of a row, whichever operation did it: [`Action::Create`], [`Action::Update`] or
    /// [`Action::Delete`].
    Write {
        /// The name of the resource.
        resource: String,
        /// What became of it.
        action: Action,
    },
}

impl std::fmt::Display for Occasion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Operation(id) => f.write_str(id),
            Self::Write { resource, action } => write!(f, "{} {resource}", action.as_str()),
        }
    }
}

/// A resource of the document whose rows are subscriptions, so that clients subscribe as they do with the vendor
/// (`x-mock.subscriptions`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriptions {
    /// The name of the resource.
    pub resource: String,
    /// The property with the address to send to.
    pub url: String,
    /// The property with the names of the events, a text or a list of them; without it, all.
    pub events: Option<String>,
    /// The property with the secret to sign with.
    pub secret: Option<String>,
    /// The property that says whether it is in use, by `true` or by a word such as `active` or `enabled`.
    pub active: Option<String>,
    /// Why this is believed.
    pub why: String,
}
