//! Bytes to a value in which every node has a place.

use std::{io, path::Path};

use serde_json::Value;

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
    /// A document from text.
    #[must_use]
    pub fn new(name: &str, file: &str, text: String) -> Self {
        Self { name: name.to_owned(), file: file.to_owned(), text }
    }

    /// Reads a document; its name is the file's stem in snake case.
    ///
    /// # Errors
    /// When the file cannot be read, or is not UTF-8.
    pub fn read(path: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(path)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { name: heck::AsSnakeCase(stem).to_string(), file: path.display().to_string(), text })
    }
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
}
