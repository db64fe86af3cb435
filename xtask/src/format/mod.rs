//! The forms in which a verb says what it found: for a person, for a program, for a pull request, for CI.
//!
//! A verb decides what it says and where; how that is escaped in each form is decided here, once.

mod github;
mod junit;
mod markdown;

pub use github::{Annotation, Level};
pub use junit::{Case, Suite, junit};
pub use markdown::{cell, code, row};

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
