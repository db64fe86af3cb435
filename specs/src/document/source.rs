//! The text of a document, its names, and where the files beside it are found.

use std::{
    collections::BTreeMap,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

/// Most bytes of one file, and of all files of a document.
pub(crate) const LARGEST: usize = 256 << 20;

/// Words that Rust keeps for itself, of which none can be a module.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum", "extern",
    "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// The text of a document, with the names that it goes by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The provider's name, a valid Rust module name.
    pub name: String,
    /// The file, as a person named it.
    pub file: String,
    /// The text.
    pub text: String,
    /// Where the files are found that the document refers to.
    pub beside: Beside,
    /// Overlays, applied in this order.
    pub overlays: Vec<Overlay>,
    /// What is made of a document that is not as it should be.
    pub reading: Reading,
}

/// What is made of a document that is not as it should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// What is clear is used, and what is wrong is told.
    #[default]
    Lenient,
    /// Any problem of loading is reason to refuse the document.
    Strict,
}

/// Where the files are found that a document refers to, by paths relative to its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Beside {
    /// There are none: the text is all there is.
    #[default]
    Nothing,
    /// On the disk, relative to [`Source::file`].
    Disk,
    /// These texts, by path.
    Texts(BTreeMap<String, String>),
}

/// The text of an overlay, and the file that it is from, as a person named it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    /// The file.
    pub file: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// A document from text, with nothing beside it; the name becomes a valid Rust module name.
    #[must_use]
    pub fn new(name: &str, file: &str, text: String) -> Self {
        Self { name: identifier(name), file: file.to_owned(), text, ..Self::default() }
    }

    /// Reads a document; its name is the file's stem in snake case, and what it refers to is found on the disk.
    ///
    /// # Errors
    /// When the file cannot be read, or is neither UTF-8 nor UTF-16.
    pub fn read(path: &Path) -> io::Result<Self> {
        let text = read(path)?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { beside: Beside::Disk, ..Self::new(&stem, &path.display().to_string(), text) })
    }

    /// The same document with what stands beside it given as texts, by path relative to the document.
    #[must_use]
    pub fn with_texts(mut self, texts: impl IntoIterator<Item = (String, String)>) -> Self {
        self.beside = Beside::Texts(texts.into_iter().collect());
        self
    }

    /// The same document with one more overlay.
    #[must_use]
    pub fn with_overlay(mut self, overlay: Overlay) -> Self {
        self.overlays.push(overlay);
        self
    }

    /// The same document, to be refused when anything is wrong with it.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.reading = Reading::Strict;
        self
    }

    /// The text of the file at a path that is relative to the document's folder.
    pub(crate) fn beside(&self, path: &str) -> io::Result<String> {
        match &self.beside {
            Beside::Nothing => Err(io::Error::other("the document was given as text, with no files beside it")),
            Beside::Texts(texts) => texts.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into()),
            Beside::Disk => read(Path::new(&self.path_of(path))),
        }
    }

    /// What a person calls the file at a path that is relative to the document's folder.
    pub(crate) fn path_of(&self, path: &str) -> String {
        let folder = Path::new(&self.file).parent().unwrap_or(Path::new(""));
        folder.join(path).display().to_string()
    }
}

impl Overlay {
    /// Reads an overlay.
    ///
    /// # Errors
    /// When the file cannot be read, or is neither UTF-8 nor UTF-16.
    pub fn read(path: &Path) -> io::Result<Self> {
        Ok(Self { file: path.display().to_string(), text: read(path)? })
    }
}

/// The text of a file. Only files that end are read: a pipe or a device would be waited for, or have no end.
fn read(path: &Path) -> io::Result<String> {
    let file = std::fs::File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("it is larger than {} MiB", LARGEST >> 20)));
    }
    decoded(bytes)
}

/// YAML and JSON may be UTF-16 when a mark at the start says so.
fn decoded(bytes: Vec<u8>) -> io::Result<String> {
    let units = |read: fn([u8; 2]) -> u16| bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect::<Vec<u16>>();
    let text = match bytes.as_slice() {
        [0xFE, 0xFF, ..] => String::from_utf16(&units(u16::from_be_bytes)).ok(),
        [0xFF, 0xFE, ..] => String::from_utf16(&units(u16::from_le_bytes)).ok(),
        _ => String::from_utf8(bytes).ok(),
    };
    text.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "it is neither UTF-8 nor marked UTF-16"))
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

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn texts_are_utf_8_or_marked_utf_16() {
        let rows: [(&[u8], Option<&str>); 5] = [
            (b"a: 1", Some("a: 1")),
            (&[0xFF, 0xFE, b'a', 0, b':', 0], Some("a:")),
            (&[0xFE, 0xFF, 0, b'a'], Some("a")),
            (&[0xFE, 0xFF, 0xD8, 0], None),
            (&[b'a', 0xE9], None),
        ];
        for (bytes, text) in rows {
            assert_eq!(decoded(bytes.to_vec()).ok().as_deref(), text, "{bytes:?}");
        }
    }
}
