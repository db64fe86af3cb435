//! A documentation page becomes facts.
//!
//! A page's format is told by its content, never by whose page it is. What a reader does not understand is reported as
//! unread with its lines and the reason, never dropped in silence.

mod fact;

pub use fact::{Basis, Claim, Fact, Payload, Place, Request, Side, Signature, Statement, Step, Type};

/// A page, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The file or URL, as the person named it.
    pub name: String,
    /// What it was read as.
    pub format: Format,
    /// The operations that the page speaks of, in the order in which it does.
    pub operations: Vec<Signature>,
    /// What it states, in the order of the lines.
    pub facts: Vec<Fact>,
    /// What could not be understood.
    pub unread: Vec<Unread>,
    /// How many lines bear facts, understood or not. Menus, titles and prose without a checkable statement do not.
    pub lines: usize,
}

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Mintlify's source: MDX with `ParamField` and `ResponseField`.
    MintlifySource,
    /// A page of Mintlify, rendered to text.
    MintlifyText,
    /// A page of Fumadocs, rendered to text.
    FumadocsText,
    /// A page of Fern, rendered to text.
    FernText,
    /// Markdown, or plain text: sentences, lists and tables.
    Prose,
    /// HTML.
    Html,
    /// An OpenAPI document.
    OpenApi,
}

/// Lines that bear facts and were not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The first line, from 1.
    pub first: usize,
    /// The last line.
    pub last: usize,
    /// The text.
    pub text: String,
    /// Why; a lower-case fragment without a period.
    pub reason: String,
}
