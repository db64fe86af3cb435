//! What is wrong with a document: data that is collected and shown, never thrown.

use std::fmt;

use crate::document::Document;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The meaning is clear all the same; the document is used.
    Warning,
    /// What is at this place cannot be used.
    Error,
}

/// One thing that is wrong with a document, with its place and its fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable identifier of the rule that is broken, in kebab case.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The file, as the person named it.
    pub file: String,
    /// Line, from 1; 0 when the problem is with the file as a whole.
    pub line: usize,
    /// Column, from 1; 0 when unknown.
    pub column: usize,
    /// JSON pointer (RFC 6901) of the place; empty for the whole document.
    pub pointer: String,
    /// A lower-case fragment without a period.
    pub message: String,
    /// The edit that mends it; a lower-case fragment without a period.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        writeln!(f, "{severity}[{}]: {}", self.rule, self.message)?;
        write!(f, "  --> {}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        if !self.pointer.is_empty() {
            write!(f, " (#{})", self.pointer)?;
        }
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}

/// The problems of one document, as they are found.
pub(crate) struct Problems<'d> {
    document: &'d Document,
    found: Vec<Problem>,
}

impl<'d> Problems<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        Self { document, found: Vec::new() }
    }

    /// What is at this place cannot be used.
    pub(crate) fn error(&mut self, rule: &'static str, pointer: &str, message: &str, help: &str) {
        self.found.push(self.document.problem(Severity::Error, rule, pointer, message, help));
    }

    /// The meaning is clear all the same.
    pub(crate) fn warning(&mut self, rule: &'static str, pointer: &str, message: &str, help: &str) {
        self.found.push(self.document.problem(Severity::Warning, rule, pointer, message, help));
    }

    pub(crate) fn into_found(self) -> Vec<Problem> {
        self.found
    }
}
