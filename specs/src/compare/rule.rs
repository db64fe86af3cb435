//! What a rule is: a kind of change, how callers fare with it in each direction, and why.

use std::fmt;

use crate::api::Direction;

/// How callers of today fare with a change, on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wire {
    /// Nothing that is sent or answered changes.
    None,
    /// What is sent today is still accepted, and what is answered still understood.
    Compatible,
    /// Some callers will have to do something: it depends on them, or on what the document does not say.
    Caution,
    /// Requests of today are refused, or responses are no longer what callers read.
    Breaking,
}

impl Wire {
    /// All, from the least to the worst.
    pub const ALL: [Self; 4] = [Self::None, Self::Compatible, Self::Caution, Self::Breaking];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Compatible => "compatible",
            Self::Caution => "caution",
            Self::Breaking => "breaking",
        }
    }

    /// The verdict that a word stands for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wire| wire.as_str() == word)
    }

    /// The release of a client that it calls for.
    #[must_use]
    pub fn release(self) -> Release {
        match self {
            Self::None => Release::Patch,
            Self::Compatible | Self::Caution => Release::Minor,
            Self::Breaking => Release::Major,
        }
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The release that changes call for, as Semantic Versioning names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Release {
    /// Nothing changed.
    #[default]
    None,
    /// Only what people read changed.
    Patch,
    /// Something was added, and callers of today go on.
    Minor,
    /// Callers of today have to change.
    Major,
}

impl Release {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A verdict and the sentence that gives its reason: a lower-case fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The verdict.
    pub wire: Wire,
    /// Why.
    pub reason: &'static str,
}

/// What the example of a rule is cut out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Members of the document.
    Document,
    /// Members of an operation.
    Operation,
    /// A schema.
    Schema,
}

impl Frame {
    /// What it is called.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Operation => "operation",
            Self::Schema => "schema",
        }
    }
}

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable, in kebab case.
    pub id: &'static str,
    /// What happened, as a lower-case fragment.
    pub says: &'static str,
    /// The verdict where requests are concerned; `None` when there is no such place.
    pub request: Option<Judged>,
    /// The verdict where responses are concerned.
    pub response: Option<Judged>,
    /// The verdict where it is neither.
    pub neither: Option<Judged>,
    /// What the example is cut out of.
    pub frame: Frame,
    /// YAML of the example, before and after.
    pub example: [&'static str; 2],
}

impl Rule {
    /// The verdict in a direction.
    #[must_use]
    pub fn judged(&self, direction: Option<Direction>) -> Option<Judged> {
        match direction {
            Some(Direction::Request) => self.request,
            Some(Direction::Response) => self.response,
            None => self.neither,
        }
    }
}

/// A verdict with its reason, as the tables write it.
type Row = (Wire, &'static str);

const fn judged(row: Row) -> Judged {
    Judged { wire: row.0, reason: row.1 }
}

/// A rule of schemas, which stand in requests and in responses.
pub(super) const fn schema(id: &'static str, says: &'static str, request: Row, response: Row, example: [&'static str; 2]) -> Rule {
    Rule { id, says, request: Some(judged(request)), response: Some(judged(response)), neither: None, frame: Frame::Schema, example }
}

/// A rule of schemas that matters where they are sent alone.
pub(super) const fn schema_sent(id: &'static str, says: &'static str, request: Row, example: [&'static str; 2]) -> Rule {
    Rule { id, says, request: Some(judged(request)), response: None, neither: None, frame: Frame::Schema, example }
}

/// A rule of schemas that matters where they are answered alone.
pub(super) const fn schema_answered(id: &'static str, says: &'static str, response: Row, example: [&'static str; 2]) -> Rule {
    Rule { id, says, request: None, response: Some(judged(response)), neither: None, frame: Frame::Schema, example }
}

/// A rule of schemas that matters wherever they stand.
pub(super) const fn schema_whole(id: &'static str, says: &'static str, neither: Row, example: [&'static str; 2]) -> Rule {
    Rule { id, says, request: None, response: None, neither: Some(judged(neither)), frame: Frame::Schema, example }
}

/// A rule of what is sent.
pub(super) const fn sent(id: &'static str, says: &'static str, request: Row, example: [&'static str; 2]) -> Rule {
    Rule { id, says, request: Some(judged(request)), response: None, neither: None, frame: Frame::Operation, example }
}

/// A rule of what is answered.
pub(super) const fn answered(id: &'static str, says: &'static str, response: Row, example: [&'static str; 2]) -> Rule {
    Rule { id, says, request: None, response: Some(judged(response)), neither: None, frame: Frame::Operation, example }
}

/// A rule of operations.
pub(super) const fn operation(id: &'static str, says: &'static str, neither: Row, example: [&'static str; 2]) -> Rule {
    Rule { id, says, request: None, response: None, neither: Some(judged(neither)), frame: Frame::Operation, example }
}

/// A rule of documents.
pub(super) const fn document(id: &'static str, says: &'static str, neither: Row, example: [&'static str; 2]) -> Rule {
    Rule { id, says, request: None, response: None, neither: Some(judged(neither)), frame: Frame::Document, example }
}
