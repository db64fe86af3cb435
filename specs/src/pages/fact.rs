//! What a page states, one checkable statement at a time.
//!
//! A fact knows the line that states it and how it is stated, because a table that says `required` and a sentence that
//! happens to contain the word are not equally good witnesses. It uses the words of [`crate::api`], so that a fact and a
//! document can be laid side by side, and knows nothing of any document.

use http::Method;
use serde_json::Value;

use crate::api::{Location, SchemeKind, Status};

/// One checkable statement of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The line of the page that states it, from 1.
    pub line: usize,
    /// Which of [`super::Page::operations`] it is about, by position; `None` when it is about all of them.
    pub operation: Option<usize>,
    /// How it is stated.
    pub basis: Basis,
    /// What is stated.
    pub statement: Statement,
}

/// How a fact is stated, the firmest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// By the page's structure: a field, a row of a table, a signature.
    Field,
    /// By a sentence.
    Sentence,
    /// By an example that has it.
    Example,
    /// In passing, on a page about something else: a link to another operation, an entry of a menu.
    Mention,
}

/// What can be stated.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// There is such an operation; the position in [`super::Page::operations`] is the fact's.
    Operation(Signature),
    /// The operations are at this server.
    Server(String),
    /// A parameter, or a property of a body, is so.
    Member {
        /// Which one.
        place: Place,
        /// What is said of it.
        claim: Claim,
    },
    /// The body of a request or of a response has this media type.
    MediaType {
        /// Whose body.
        side: Side,
        /// The type, in lower case.
        name: String,
    },
    /// The operation answers with this status.
    Status(Status),
    /// A refusal says this code in its body.
    ErrorCode {
        /// The status of the refusal, when the page says it.
        status: Option<Status>,
        /// The code.
        code: String,
    },
    /// Such credentials are taken: one alternative.
    Security {
        /// What is asked for.
        kind: SchemeKind,
        /// The scopes that are named for it.
        scopes: Vec<String>,
    },
    /// A request, as an example.
    Request(Request),
    /// The body of an answer, as an example.
    Answer {
        /// Its status, when the page says it.
        status: Option<u16>,
        /// The body.
        body: Value,
    },
}

/// Method and path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// The method.
    pub method: Method,
    /// The path with `{variables}`, as the page writes it, without server, query and fragment; `:id` and `<id>` are
    /// written `{id}`. Where the page shows whole URLs alone, the whole path of them.
    pub path: String,
}

/// Whose body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// That of the request.
    Request,
    /// That of the answer with this status; of a success where the page does not say which.
    Response(Option<Status>),
}

/// What a claim is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A parameter.
    Parameter {
        /// Where it is sent.
        location: Location,
        /// Its name on the wire.
        name: String,
    },
    /// A property of a body, or with an empty path the body itself.
    Property {
        /// Whose body.
        side: Side,
        /// The way to it from the top of the body.
        path: Vec<Step>,
    },
    /// A header of an answer.
    Header {
        /// The status of the answer, when the page says it.
        status: Option<Status>,
        /// Its name.
        name: String,
    },
}

/// A step into a body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The property of this name.
    Property(String),
    /// Any element of the list.
    Item,
}

/// What is said of a parameter or of a property.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// It exists.
    Exists,
    /// It has this type.
    Type(Type),
    /// It must be there, or need not be.
    Required(bool),
    /// `null` is taken, or is not.
    Nullable(bool),
    /// What it is when it is left out.
    Default(Value),
    /// These are all the values that it takes.
    Enum(Vec<Value>),
    /// A keyword of JSON Schema with this value: `maxLength`, `minimum`, `pattern`, …
    Limit {
        /// The keyword.
        keyword: &'static str,
        /// Its value.
        value: Value,
    },
    /// A value that it may have.
    Example(Value),
    /// It is going away, or is not.
    Deprecated(bool),
}

/// A type in the words of JSON Schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// `string`, `integer`, …; several for a union, empty for any. `null` is not among them: it is a claim of its own.
    pub names: Vec<&'static str>,
    /// `format`: `date-time`, `uuid`, …
    pub format: Option<String>,
    /// The type of the elements of a list.
    pub items: Option<Box<Type>>,
}

/// A request as an example shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The URL as shown: absolute, or from the root; query included, variables not filled in left as they are.
    pub url: String,
    /// Headers in order, `-u user:password` as the `Authorization` that it makes.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Payload>,
}

/// A body as an example shows it.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// JSON.
    Json(Value),
    /// Name and value of each field of a form.
    Form(Vec<(String, String)>),
    /// Anything else, among it JSON that does not parse.
    Text(String),
}
