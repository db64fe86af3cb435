//! A documentation page becomes facts.
//!
//! A page's format is told by its content, never by whose page it is. What a reader does not understand is reported as
//! unread with its lines and the reason, never dropped in silence.

mod clause;
mod credentials;
mod definition;
mod draft;
mod entry;
mod examples;
mod fact;
mod fern;
mod format;
mod fumadocs;
mod heading;
mod html;
mod limit_marks;
mod limit_words;
mod line;
mod markdown;
mod mdx;
mod member;
mod mintlify;
mod openapi;
mod prose;
mod schema_facts;
mod section;
mod sentence;
mod signature;
mod statements;
mod status_words;
mod table;
mod tags;
mod type_words;
mod words;

use std::fmt;

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

/// Reads a page. Whatever the text is, there is a page; what of it is not understood is in [`Page::unread`].
#[must_use]
pub fn read(name: &str, text: &str) -> Page {
    let format = format::of(text);
    if let Some((before, document)) = format::embedded(text).filter(|_| format != Format::OpenApi) {
        return shifted(openapi::read(name, &document), before);
    }
    match format {
        Format::OpenApi => openapi::read(name, text),
        Format::Html => html::read(name, text),
        Format::MintlifySource => mdx::read(name, text),
        Format::FernText | Format::FumadocsText | Format::MintlifyText => text_page(name, text, format),
        Format::Prose if is_markdown(text) => markdown::read(name, text),
        Format::Prose => prose::read(name, text),
    }
}

/// A page that begins after some lines of another text.
fn shifted(mut page: Page, before: usize) -> Page {
    page.facts.iter_mut().for_each(|fact| fact.line += before);
    for unread in &mut page.unread {
        (unread.first, unread.last) = (unread.first + before, unread.last + before);
    }
    page
}

/// Reads a page that was rendered to text.
fn text_page(name: &str, text: &str, format: Format) -> Page {
    let lines = line::lines(text);
    let last = lines.len();
    let read = match format {
        Format::FernText => fern::read,
        Format::FumadocsText => fumadocs::read,
        _ => mintlify::read,
    };
    read(name, &lines, format, last)
}

/// Whether prose is written in Markdown.
fn is_markdown(text: &str) -> bool {
    let mark = |line: &str| {
        line.starts_with("# ") || line.starts_with("## ") || line.starts_with("```") || line.starts_with("| ") || line.starts_with("|-")
    };
    text.lines().any(mark)
}

/// How much of a page was understood: `41 facts, 3 lines not understood`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// How many facts there are.
    pub facts: usize,
    /// How many lines bear facts.
    pub lines: usize,
    /// How many of those were not understood.
    pub unread: usize,
}

impl Page {
    /// How much of it was understood.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        let mut unread: Vec<usize> = self.unread.iter().flat_map(|unread| unread.first..=unread.last).collect();
        unread.sort_unstable();
        unread.dedup();
        Coverage { facts: self.facts.len(), lines: self.lines, unread: unread.len() }
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let (facts, unread) = (self.facts, self.unread);
        write!(f, "{facts} fact{}, {unread} line{} not understood", plural(facts), plural(unread))
    }
}
