//! One change: the rule, where it is on both sides, whom it reaches, and the verdict.

use std::fmt;

use super::rule::{Rule, Wire};
use crate::api::Direction;

/// Something that is not the same in two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of change it is.
    pub rule: &'static Rule,
    /// Which way the value travels; `None` where it is neither in a request nor in a response.
    pub direction: Option<Direction>,
    /// The ids of the operations that it reaches: those of the new document, or of the old one where they are gone.
    /// Empty when it is about the document as a whole.
    pub operations: Vec<String>,
    /// Where in the first of them, in words: ``response 200 `data[].status` ``.
    pub at: String,
    /// The old side.
    pub old: Side,
    /// The new side.
    pub new: Side,
    /// How callers of today fare.
    pub wire: Wire,
    /// Why.
    pub reason: String,
}

/// One side of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// The file, as a person named it; empty where there is no document.
    pub file: String,
    /// Line, from 1; 0 where there is no document.
    pub line: usize,
    /// Column, from 1; 0 where there is no document.
    pub column: usize,
    /// JSON pointer in that file: of the place, or of what it would stand in.
    pub pointer: String,
    /// What is there, in words; `None` when nothing is.
    pub value: Option<String>,
}

impl Change {
    /// The side to look at: the new one, unless there is nothing left.
    #[must_use]
    pub fn side(&self) -> &Side {
        if self.new.value.is_none() && self.old.value.is_some() || self.new.file.is_empty() { &self.old } else { &self.new }
    }

    /// What happened, in one line.
    #[must_use]
    pub fn sentence(&self) -> String {
        let value = |side: &Side| side.value.clone().unwrap_or_else(|| "nothing".to_owned());
        match (&self.old.value, &self.new.value) {
            (None, None) => self.rule.says.to_owned(),
            _ => format!("{}: {} → {}", self.rule.says, value(&self.old), value(&self.new)),
        }
    }

    /// Which way it travels, as a word.
    #[must_use]
    pub fn way(&self) -> &'static str {
        match self.direction {
            Some(Direction::Request) => "request",
            Some(Direction::Response) => "response",
            None => "neither",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)?;
        if self.pointer.is_empty() { Ok(()) } else { write!(f, " (#{})", self.pointer) }
    }
}
