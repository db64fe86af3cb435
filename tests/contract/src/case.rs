//! A case: one rule at one place of one operation, and what to do to test it.

use std::fmt;

use http::Method;
use serde_json::Value;
use specs::{
    api::{Location, Status},
    resources::PageFact,
};

use crate::{exchange::Exchange, rule::Rule};

/// One thing to test. Its id is stable for a document.
#[derive(Clone, Debug)]
pub struct Case {
    /// The provider.
    pub provider: String,
    /// The id of the operation.
    pub operation: String,
    /// A fact in the present tense, in snake case.
    pub name: String,
    /// The rule that it tests.
    pub rule: Rule,
    /// Where: a JSON pointer into the body, a parameter, a status; empty for the operation as a whole.
    pub place: String,
    /// What it tests, as a sentence.
    pub sentence: String,
    /// Where it may run.
    pub class: Class,
    pub(crate) kind: Kind,
}

impl Case {
    /// `provider::operation_id::case`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}::{}::{}", self.provider, self.operation, self.name)
    }
}

impl Case {
    /// Whether it counts what lists show, so that nothing else may change them meanwhile.
    pub(crate) fn needs_a_resource_alone(&self) -> bool {
        match &self.kind {
            Kind::Law(law) => {
                let is_of_one = matches!(law, Law::CreatedReadable | Law::KeysUnique | Law::Stored(..) | Law::Unsettable(_) | Law::Stamps);
                let changes_one = matches!(law, Law::Updated(..) | Law::Cleared(_) | Law::Replaced(..));
                let deletes_one = matches!(law, Law::DeletedGone | Law::DeletedRefused | Law::OtherParent(_));
                !(is_of_one || changes_one || deletes_one)
            }
            _ => false,
        }
    }
}

/// A rule that has no case at a place, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Empty {
    /// The id of the operation.
    pub operation: String,
    /// The rule.
    pub rule: Rule,
    /// The place, as of a case.
    pub place: String,
    /// Why there is no case.
    pub reason: String,
}

/// Where a case may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Anywhere: it only reads, or is refused, or writes what it can name afterwards.
    Safe,
    /// On a mock alone: a server that fails it may do what nobody asked for.
    MockOnly,
}

/// What came of a case.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The outcome.
    pub outcome: Outcome,
    /// All exchanges, in order.
    pub exchanges: Vec<Exchange>,
}

/// What came of a case, in one word and a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The promise is kept.
    Passed,
    /// The target has nothing to test it on.
    Skipped(String),
    /// The promise is broken.
    Failed(Failure),
    /// The target does more than the document says, which a vendor may.
    New(Failure),
    /// What has to happen before did not work, so nothing is known.
    Blocked(String),
    /// The target does not answer.
    Unreachable(String),
}

impl Outcome {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        matches!(self, Self::Passed | Self::Skipped(_) | Self::New(_))
    }
}

/// How a promise is broken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// As a whole: a lower-case fragment without a period.
    pub what: String,
    /// Where: a JSON pointer into a body, `status`, or the name of a header or parameter; empty when it has no one place.
    pub place: String,
    /// What was due there; empty when `what` says all.
    pub expected: String,
    /// What was there instead; empty when `what` says all.
    pub got: String,
}

impl Failure {
    /// A failure at a place, by what was due there and what was there.
    pub(crate) fn at(place: impl Into<String>, expected: impl Into<String>, got: impl Into<String>, what: impl Into<String>) -> Self {
        Self { what: what.into(), place: place.into(), expected: expected.into(), got: got.into() }
    }

    /// A failure to succeed.
    pub(crate) fn no_success(status: u16, what: &str) -> Self {
        Self::at("status", "a success", status.to_string(), format!("{what} {status}, where a success is due"))
    }

    /// The same, said of something.
    pub(crate) fn inside(self, of: &str) -> Self {
        Self { what: format!("{of} {}", self.what), ..self }
    }
}

impl From<String> for Failure {
    fn from(what: String) -> Self {
        Self { what, ..Self::default() }
    }
}

impl From<&str> for Failure {
    fn from(what: &str) -> Self {
        what.to_owned().into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// What to do.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// What the document shows is as it declares; nothing is sent.
    Shown,
    /// The request is accepted, with each of these edits.
    Accept(Wanted, Vec<Edit>),
    /// The same, of what may name nothing: then it is refused for that.
    Reach(Wanted, Vec<Edit>),
    /// The request is answered with a refusal, or with a success where it is valid, and never breaks the server.
    Survive(Wanted, Vec<Edit>, Strain),
    /// The request is refused, in one of these ways.
    Refuse(Wanted, Vec<Edit>, Refusal),
    /// No other method is accepted on the path.
    Method(Vec<Method>),
    /// Answers have this aspect as declared.
    Answers(Whose, Aspect),
    /// A law of state holds.
    Law(Law),
}

/// A valid request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) body: BodyOf,
    /// Which media type of the body.
    pub(crate) media: Option<usize>,
    pub(crate) items: Items,
    /// The key of the item, when the case knows it.
    pub(crate) key: Option<Value>,
    /// The keys of parents by property, where the case knows them.
    pub(crate) parents: Vec<(String, Value)>,
    /// Values of parameters.
    pub(crate) parameters: Vec<(Location, String, Value)>,
    /// The places of the body that the case is about.
    pub(crate) about: Vec<String>,
    /// Whether what is made is to be unlike what was made before.
    pub(crate) is_another: bool,
}

/// Which body.
#[derive(Clone, Debug, Default)]
pub(crate) enum BodyOf {
    /// With every property that needs no knowledge of the account.
    #[default]
    Full,
    /// With only what is required.
    Minimal,
    /// With every property; made to be refused.
    Whole,
    /// This one.
    Exactly(Value),
    /// This one, with no key of a parent put in.
    Verbatim(Value),
}

/// Which item and parents a request names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Items {
    /// One that the case makes, where the document can make one.
    #[default]
    Made,
    /// The one that the document shows.
    Documented,
    /// One of that form, whether or not there is one.
    Sampled,
}

/// What is done to a valid request.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Nothing,
    /// A value of the body, by JSON pointer; `None` takes it out.
    Body(String, Option<Value>),
    /// Another body, with the keys that the request names put into it.
    Whole(Value),
    /// A text of JSON in place of a value of the body, by JSON pointer, as it is: not every text can be a value.
    Written(String, String),
    /// A text of so many bytes in place of a value of the body, by JSON pointer.
    Grown(String, usize),
    /// So many arrays in each other in place of the body.
    Nested(usize),
    /// These bytes in place of the body.
    Bytes(Vec<u8>),
    NoBody,
    ContentType(String),
    NoContentType,
    /// A GET of the path with this segment in place of the one at the position, or behind the last.
    Segment(usize, String),
    /// A parameter; `None` leaves it out.
    Parameter(Location, String, Option<Value>),
    NoCredentials,
    /// A credential of a scheme, by the scheme's name.
    Credential(String, String),
    /// The text in the place of a credential, as it is.
    RawCredential(String, String),
    /// A credential like the given one of a scheme, which is nobody's.
    WrongCredential(String),
    /// This `Authorization` and no other credential.
    Authorization(String),
    /// Credentials of this alternative.
    Alternative(usize),
    /// A key that no item has.
    UnknownItem,
    /// A key that no parent has, at this property.
    UnknownParent(String),
}

/// What refusal is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nothing that could be a credential.
    Credentials,
    /// A credential that does not count.
    Invalid,
    /// What stands in the place of a credential is none, which is a wrong request too.
    Malformed,
    /// A credential that is good for something else.
    Scope,
    /// A body or a parameter is wrong.
    Request,
    /// There is no body, and so no media type either.
    NoBody,
    /// There is no such path.
    NoPath,
    /// A path parameter is wrong: it may as well name nothing.
    Path,
    MediaType,
    Missing,
    /// A parent, in the path or in the body.
    MissingParent,
}

/// What a request is hard to bear for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strain {
    /// Its form: a server may take it as it is, or refuse it.
    Odd,
    /// Its form, which is not valid: a server refuses it.
    Wrong,
    /// Its size: a server may end the connection before it has read all of it (RFC 9110, 15.5.14).
    Size,
}

/// Which answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Successes,
    Refusals,
}

/// What of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aspect {
    Status,
    MediaType,
    Headers,
    /// The schema, formats excepted.
    Schema,
    Format,
    /// That all properties are declared.
    Documented,
}

/// A law of state. The operation of the case is the one that changes, or the list. A property is named as an item has
/// it, with what holds it in front: `attributes/title`.
#[derive(Clone, Debug)]
pub(crate) enum Law {
    CreatedReadable,
    /// By this list.
    CreatedListed(String),
    KeysUnique,
    /// A property of the request, with values to try.
    Stored(String, Vec<Value>),
    /// What the server sets, sent as if the client could.
    Unsettable(Unsettable),
    Stamps,
    /// Where the results are, and which member of each names the parent.
    Batch {
        results: String,
        member: String,
        parent: String,
    },
    /// An unknown parent among known ones gets nothing.
    BatchUnknownParent(String),
    /// The results of several items, told apart by this property.
    BatchItems(String),
    /// The same, with one among them that lacks this property, which is required.
    BatchWrongItem(String, String),
    /// A property of the request, with values to try.
    Updated(String, Vec<Value>),
    Cleared(String),
    /// A property that is left out, and what becomes of it by default.
    Replaced(String, Option<Value>),
    RefusedKept,
    DeletedGone,
    DeletedAlone,
    DeletedRefused,
    Pages,
    PageSize,
    PageFact(PageFact, String),
    /// By the position of the filter.
    Filter(usize),
    /// By the position of the filter, and the parent that it goes by.
    FilterParent(usize, String),
    /// Each order that a list has, or can be asked for, by one thing.
    Sorted(Vec<Sorted>),
    ParentAlone(String),
    /// An item is asked for under another parent than its own.
    OtherParent(String),
    /// Of the response with this status, by name.
    Link(Status, String),
}

/// A property that the server sets.
#[derive(Clone, Debug)]
pub(crate) struct Unsettable {
    pub(crate) property: String,
    /// Whether the document says that it is not to be set; else it only does not say that it can be.
    pub(crate) is_marked: bool,
}

/// An order of a list.
#[derive(Clone, Debug)]
pub(crate) struct Sorted {
    /// What asks for it; nothing for the order that a list has anyway.
    pub(crate) parameters: Vec<(Location, String, Value)>,
    pub(crate) by: SortedBy,
    /// Whether the greatest comes first, when that is said.
    pub(crate) descends: Option<bool>,
}

/// What a list is sorted by.
#[derive(Clone, Debug)]
pub(crate) enum SortedBy {
    /// The order in which items were made.
    Creation,
    Property(String),
}
