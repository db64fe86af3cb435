//! What comes of a comparison: findings, each with both sides, and what would settle it.

use serde_json::Value;

use crate::{api::Evidence, pages::Unread};

/// What a finding says. In the order in which a person goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Page and document cannot both be right.
    Contradicts,
    /// The page states what the document lacks.
    Missing,
    /// The document says by `x-evidence: page` that the page states it, and the page does not.
    NoLongerShown,
    /// The page states what the document has from elsewhere, or has inferred.
    Proven,
    /// What the document accepts by `x-drift-accepted` does not occur.
    Idle,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contradicts => "contradicts",
            Self::Missing => "missing",
            Self::NoLongerShown => "no longer shown",
            Self::Proven => "proven",
            Self::Idle => "accepted in vain",
        }
    }
}

/// The page's side of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The page, as the person named it.
    pub page: String,
    /// The line, from 1.
    pub line: usize,
    /// What it states, in a few words.
    pub text: String,
}

/// The document's side of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// JSON pointer of the place, as it was written.
    pub pointer: String,
    /// How sure the document is.
    pub evidence: Evidence,
}

/// One difference between a page and a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it says.
    pub verdict: Verdict,
    /// Stable identifier of what differs, in kebab case: `property-required`.
    pub rule: &'static str,
    /// The operation; none for what is about the document.
    pub operation: Option<String>,
    /// What it is about, in words: `` body property `title` ``.
    pub subject: String,
    /// A lower-case fragment without a period.
    pub message: String,
    /// Where the page states it; none for what the page does not.
    pub shown: Option<Shown>,
    /// Where the document has it, or what it would stand in.
    pub held: Held,
    /// Why the difference is accepted, when it is.
    pub accepted: Option<String>,
    /// What would settle it; empty when no single edit is right.
    pub remedy: Vec<Change>,
}

/// An edit of a document, in the words of the document as it was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// What stands at the pointer becomes this; it is added where nothing stands there.
    Set(String, Value),
    /// The list at the pointer gets one more element.
    Append(String, Value),
    /// What stands at the pointer goes.
    Remove(String),
    /// The key at the end of the pointer gets another name.
    Rename(String, String),
}

/// What a page and a document have to say to each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The pages.
    pub pages: Vec<String>,
    /// The document's name.
    pub document: String,
    /// The document's file.
    pub file: String,
    /// What differs, by verdict and in the order of the page.
    pub findings: Vec<Finding>,
    /// How many facts the document agrees with.
    pub agreed: usize,
    /// How many facts the pages state.
    pub facts: usize,
    /// What could not be understood, by page.
    pub unread: Vec<(String, Unread)>,
    /// How many lines bear facts.
    pub lines: usize,
}

impl Report {
    /// The findings that nobody accepted.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.accepted.is_none())
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.open().next().is_none()
    }

    /// How many lines were not understood.
    #[must_use]
    pub fn lines_unread(&self) -> usize {
        self.unread.iter().map(|(_, unread)| unread.last.saturating_sub(unread.first) + 1).sum()
    }
}
