//! The forms in which a verb says what it found: for a person, for a program, for a pull request, for CI.
//!
//! A verb decides what it says and where. How that is escaped for GitHub is decided once, by the reports of contract
//! tests, which say it there too. A test report is made here, since a problem is another thing than a case.

mod junit;

pub use contract::report::{Annotation, Level, cell, code, row};
pub use junit::{Case, Suite, junit};

use clap::ValueEnum;

/// The form of what a verb says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person at a terminal
    #[default]
    Text,
    /// For a program
    Json,
    /// For the text of a pull request
    Markdown,
    /// Annotations of lines, as GitHub's workflow commands
    Github,
    /// A test report, as CI servers read it
    Junit,
}
