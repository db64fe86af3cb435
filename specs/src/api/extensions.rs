//! What a document says beyond OpenAPI: `x-docs`, `x-evidence` and `x-mock`, as typed data.
//!
//! Facts of the API (`x-docs`, `x-evidence`, and `x-resource`, `x-pagination`, `x-rate-limits`, which
//! [`crate::resources`] reads) are kept apart from facts of the mock (`x-mock`). There is no verb per vendor quirk:
//! what a vendor does is said by expressions over the request and the stored row.

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    credentials::{self, Login, User},
    node::{Node, Reader},
};

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

/// An `x-mock` object. Which members mean something depends on where it stands: `seed`, `caller` and `users` at the top,
/// `each`, `set`, `respond` and `login` at an operation, `for` and `set` at a response.
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
    /// At a response: what it answers, as rules (`missing-property`), places (`header.X-Tenant`, `/name`) or keywords
    /// of JSON Schema (`maxLength`).
    pub answers: Vec<String>,
    /// Places of the success body, by JSON pointer.
    pub respond: Vec<(String, Setter)>,
    /// At the top: those who can log in.
    pub users: Vec<User>,
    /// At an operation: how it gives out tokens.
    pub login: Option<Login>,
    /// JSON pointer of the `x-mock` object; empty when there is none.
    pub pointer: String,
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

/// Where an `x-mock` stands, which decides what it may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    Top,
    Operation,
    Response,
}

impl Position {
    fn members(self) -> &'static [&'static str] {
        match self {
            Self::Top => &["seed", "caller", "credentials", "users", "webhooks", "subscriptions"],
            Self::Operation => &["each", "set", "respond", "login"],
            Self::Response => &["for", "set"],
        }
    }
}

/// The `x-docs` of a node.
pub(crate) fn docs(reader: &mut Reader, node: &Node) -> Vec<Docs> {
    let Some(docs) = node.get("x-docs") else { return Vec::new() };
    let mut found = Vec::new();
    for page in docs.items() {
        match page.string("url") {
            Some(url) => found.push(Docs { url: url.to_owned(), read: page.text("read") }),
            None => reader.problems.error("x-docs", &page.pointer, "the page has no `url`", "write `{url: …, read: <date>}`"),
        }
    }
    if !docs.value.is_array() {
        reader.problems.error("x-docs", &docs.pointer, "`x-docs` is no list", "write `[{url: …, read: <date>}]`");
    }
    found
}

/// The `x-mock` of a node.
pub(super) fn mock(reader: &mut Reader, node: &Node, position: Position) -> Mock {
    let Some(mock) = node.get("x-mock") else { return Mock::default() };
    let allowed = position.members();
    for (name, member) in mock.members().filter(|(name, _)| !allowed.contains(name)) {
        let help = format!("write one of `{}`", allowed.join("`, `"));
        reader.problems.error("x-mock", &member.pointer, &format!("`{name}` means nothing here"), &help);
    }
    let member = |name: &str| mock.get(name).filter(|_| allowed.contains(&name));
    Mock {
        seed: member("seed").map(|rows| seed(reader, &rows)).unwrap_or_default(),
        caller: member("caller").map(|caller| caller.value.clone()),
        each: member("each").and_then(|each| expression(reader, &each)),
        set: member("set").map(|members| setters(reader, &members)).unwrap_or_default(),
        answers: member("for").map(|words| self::words(reader, &words)).unwrap_or_default(),
        respond: member("respond").map(|members| setters(reader, &members)).unwrap_or_default(),
        users: member("users").map(|list| credentials::users(reader, &list)).unwrap_or_default(),
        login: member("login").map(|login| credentials::login(reader, &login)),
        pointer: mock.pointer,
    }
}

fn words(reader: &mut Reader, node: &Node) -> Vec<String> {
    let found: Vec<String> = node.items().filter_map(|word| word.value.as_str().map(str::to_owned)).collect();
    if found.is_empty() || found.len() < node.items().count() {
        reader.problems.error(
            "x-mock",
            &node.pointer,
            "what a response answers is a list of words",
            "write `[missing-property, maxLength]`",
        );
    }
    found
}

fn seed(reader: &mut Reader, node: &Node) -> IndexMap<String, Vec<Value>> {
    let mut rows = IndexMap::new();
    for (resource, list) in node.members() {
        if let Some(wrong) = list.items().find(|row| !row.value.is_object()) {
            reader.problems.error("x-mock", &wrong.pointer, "a seed row is a mapping of properties", "write `{id: …}`");
        } else if !list.value.is_array() {
            reader.problems.error("x-mock", &list.pointer, "seed rows are a list", "write `[{id: …}]`");
        }
        rows.insert(resource.to_owned(), list.items().map(|row| row.value.clone()).filter(Value::is_object).collect());
    }
    rows
}

pub(crate) fn setters(reader: &mut Reader, node: &Node) -> Vec<(String, Setter)> {
    if !node.value.is_object() {
        reader.problems.error("x-mock", &node.pointer, "properties with their expressions belong here", "write `{property: expression}`");
    }
    node.members().filter_map(|(name, member)| Some((name.to_owned(), setter(reader, &member)?))).collect()
}

fn setter(reader: &mut Reader, node: &Node) -> Option<Setter> {
    match node.value {
        Value::String(_) => expression(reader, node).map(Setter::Expression),
        Value::Object(members) if members.len() == 1 && members.contains_key("const") => members.get("const").cloned().map(Setter::Literal),
        Value::Object(members) if members.keys().all(|name| matches!(name.as_str(), "each" | "set" | "value")) => compound(reader, node),
        Value::Object(_) => {
            let help = "write an expression, `{const: …}`, `{set: {…}}`, `{each: …, set: {…}}` or `{each: …, value: …}`";
            reader.problems.error("x-mock", &node.pointer, "what stands here gives no value", help);
            None
        }
        literal => Some(Setter::Literal(literal.clone())),
    }
}

fn compound(reader: &mut Reader, node: &Node) -> Option<Setter> {
    let set = node.get("set").map(|set| setters(reader, &set));
    let value = node.get("value").and_then(|value| setter(reader, &value)).map(|element| vec![(String::new(), element)]);
    let Some(each) = node.get("each") else { return set.map(Setter::Object) };
    let each = expression(reader, &each)?;
    match set.or(value) {
        Some(set) => Some(Setter::Each { each, set }),
        None => {
            reader.problems.error("x-mock", &node.pointer, "`each` says nothing about its elements", "add `set: {…}` or `value: …`");
            None
        }
    }
}

pub(crate) fn expression(reader: &mut Reader, node: &Node) -> Option<Expression> {
    let source = node.value.as_str().map(str::trim).filter(|source| !source.is_empty());
    if source.is_none() {
        reader.problems.error("x-mock", &node.pointer, "an expression is text", "write an expression, as `request.body.title`");
    }
    source.map(|source| Expression { source: source.to_owned(), pointer: node.pointer.clone() })
}
