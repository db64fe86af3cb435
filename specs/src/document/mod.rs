//! Bytes to a value in which every node has a place.
//!
//! YAML is read under the rules of YAML 1.2's core schema (`on`, `yes` and `no` are text), JSON by `serde_json`. What
//! either would swallow in silence is a problem here: a key that is there twice, aliases that multiply, nesting
//! without end. Places are worked out when the first problem asks for one, by reading the text again: a document
//! without problems pays nothing for them.

mod json;
mod scalar;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;

use std::{
    io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde_json::Value;

use crate::problem::{Problem, Severity};
use tree::{Fault, Tree};

/// How deep values may be nested; what `serde_json` allows too.
const DEEPEST: usize = 127;

/// Words that Rust keeps for itself, of which none can be a module.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum", "extern",
    "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// The text of a document, with the names that it goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The provider's name, a valid Rust module name.
    pub name: String,
    /// The file, as a person named it.
    pub file: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// A document from text; the name becomes a valid Rust module name.
    #[must_use]
    pub fn new(name: &str, file: &str, text: String) -> Self {
        Self { name: identifier(name), file: file.to_owned(), text }
    }

    /// Reads a document; its name is the file's stem in snake case.
    ///
    /// # Errors
    /// When the file cannot be read, or is not UTF-8.
    pub fn read(path: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(path)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self::new(&stem, &path.display().to_string(), text))
    }
}

/// The documents directly in a folder (`*.yaml`, `*.yml`, `*.json`), sorted by name.
///
/// # Errors
/// When the folder cannot be read.
pub fn documents(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        if path.is_file() && matches!(extension.as_deref(), Some("yaml" | "yml" | "json")) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A name in snake case that Rust takes for an identifier: a leading digit gets `_` before it, a keyword `_` behind.
#[must_use]
pub fn identifier(name: &str) -> String {
    let ascii: String = name.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' }).collect();
    let mut snake = heck::AsSnakeCase(ascii).to_string();
    if snake.is_empty() {
        snake.push_str("unnamed");
    }
    if snake.starts_with(|first: char| first.is_ascii_digit()) {
        snake.insert(0, '_');
    }
    if KEYWORDS.contains(&snake.as_str()) {
        snake.push('_');
    }
    snake
}

/// A document as a value.
#[derive(Clone, Debug)]
pub struct Document {
    /// The provider's name.
    pub name: String,
    /// The file, as a person named it.
    pub file: String,
    /// The document.
    pub value: Value,
    text: String,
    syntax: Syntax,
    places: OnceLock<Tree>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Syntax {
    Json,
    Yaml,
}

impl Document {
    /// Reads a document. There is none when its text is neither YAML nor JSON; the problems then say why.
    #[must_use]
    pub fn read(source: &Source) -> (Option<Self>, Vec<Problem>) {
        let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
        let syntax = Syntax::of(&source.file, text);
        let (value, faults) = match syntax {
            Syntax::Json => json::value(text),
            Syntax::Yaml => yaml::value(text),
        };
        let problems = faults.into_iter().map(|fault| fault.into_problem(&source.file)).collect();
        let document = value.map(|value| Self {
            name: source.name.clone(),
            file: source.file.clone(),
            value,
            text: text.to_owned(),
            syntax,
            places: OnceLock::new(),
        });
        (document, problems)
    }

    /// Line and column, from 1, of what a JSON pointer names: of the key, for a member of an object. When nothing is
    /// there, of its nearest ancestor.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> (usize, usize) {
        let tree = self.places.get_or_init(|| match self.syntax {
            Syntax::Json => json::tree(&self.text).0,
            Syntax::Yaml => yaml::tree(&self.text).0,
        });
        tree.locate(pointer)
    }

    /// A problem at a place of this document.
    #[must_use]
    pub fn problem(&self, severity: Severity, rule: &'static str, pointer: &str, message: &str, help: &str) -> Problem {
        let (line, column) = self.locate(pointer);
        Problem {
            rule,
            severity,
            file: self.file.clone(),
            line,
            column,
            pointer: pointer.to_owned(),
            message: message.to_owned(),
            help: help.to_owned(),
        }
    }
}

impl Syntax {
    /// By the file's extension; without a telling one, by the first character.
    fn of(file: &str, text: &str) -> Self {
        let extension = Path::new(file).extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref() {
            Some("json") => Self::Json,
            Some("yaml" | "yml") => Self::Yaml,
            _ if text.trim_start().starts_with('{') => Self::Json,
            _ => Self::Yaml,
        }
    }
}

impl Fault {
    fn into_problem(self, file: &str) -> Problem {
        Problem {
            rule: self.rule,
            severity: self.severity,
            file: file.to_owned(),
            line: self.place.line,
            column: self.place.column,
            pointer: self.pointer,
            message: self.message,
            help: self.help.to_owned(),
        }
    }
}
