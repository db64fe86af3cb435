//! Edits of a document's source text that keep everything else as a person wrote it: comments, layout, quotes,
//! indentation and ends of lines.
//!
//! The text is read as a tree of spans, each edit becomes a few splices of it, and the result is read again: unless its
//! value is exactly the old value with these edits, there is an error and no text. So a layout that this module does not
//! know costs an edit and never a document. Writing the value out anew was rejected, for it loses what people wrote for
//! people; so was editing lines by patterns, for YAML has too many ways to say the same.
//!
//! Places are JSON pointers into the *old* value. Several edits are done at once: what is set, put in and renamed
//! first, then what is removed. A comment above what is removed stays: it may be about more than that.

mod json;
mod patch;
mod plan;
mod render;
mod splice;
#[cfg(test)]
mod tests;
mod tree;
mod value;
mod yaml;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{self, Document, Source, Syntax};
pub use patch::patch;
use tree::Tree;

/// One edit. Places are JSON pointers into the value as it was before all edits.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// What stands there becomes another value.
    Set {
        /// The place of the old value.
        at: String,
        /// The new one.
        value: Value,
    },
    /// An object gets one more member.
    Insert {
        /// The object.
        at: String,
        /// A key that it does not have.
        key: String,
        /// The member.
        value: Value,
        /// The key that it comes after; the last one by default.
        after: Option<String>,
    },
    /// An array gets one more item, at its end.
    Append {
        /// The array.
        at: String,
        /// The item.
        value: Value,
    },
    /// A member or an item is taken out.
    Remove {
        /// Its place.
        at: String,
    },
    /// A member gets another key, and keeps its position.
    Rename {
        /// Its place.
        at: String,
        /// The new key.
        key: String,
    },
}

/// Why a text is not edited. Nothing of it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot edit `#{at}`: {why}")]
pub struct Refused {
    /// The place, as a JSON pointer in its file.
    pub at: String,
    /// Why; a lower-case fragment.
    pub why: String,
}

/// A file with its edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The file, as a person named it.
    pub file: String,
    /// Its text before.
    pub before: String,
    /// Its text with the edits.
    pub after: String,
}

impl Edit {
    /// The place that it names.
    pub fn at(&self) -> &str {
        match self {
            Self::Set { at, .. } | Self::Insert { at, .. } | Self::Append { at, .. } | Self::Remove { at } | Self::Rename { at, .. } => at,
        }
    }

    fn with_at(mut self, new: String) -> Self {
        match &mut self {
            Self::Set { at, .. } | Self::Insert { at, .. } | Self::Append { at, .. } | Self::Remove { at } | Self::Rename { at, .. } => {
                *at = new;
            }
        }
        self
    }
}

impl Refused {
    fn new(at: &str, why: impl Into<String>) -> Self {
        Self { at: at.to_owned(), why: why.into() }
    }
}

/// Edits the text of a file. The name says whether it is YAML or JSON.
///
/// # Errors
/// When an edit cannot be done without changing something else, or does not fit the text.
pub fn apply(file: &str, text: &str, edits: &[Edit]) -> Result<String, Refused> {
    let (mark, body) = text.strip_prefix('\u{feff}').map_or(("", text), |body| ("\u{feff}", body));
    let (syntax, old) = read(file, body)?;
    let wanted = value::edited(&old, edits)?;
    let (first, removed): (Vec<_>, Vec<_>) = edits.iter().cloned().partition(|edit| !matches!(edit, Edit::Remove { .. }));
    let mut after = body.to_owned();
    for edits in [first, value::after_renames(removed, edits)] {
        if !edits.is_empty() {
            let tree = tree_of(syntax, &after)?;
            after = splice::apply(&after, plan::splices(&after, syntax, &tree, &edits)?)?;
        }
    }
    match read(file, &after) {
        Ok((_, new)) if new == wanted => Ok(format!("{mark}{after}")),
        _ => Err(Refused::new(
            edits.first().map_or("", Edit::at),
            "the text is written in a way that cannot be edited here; edit it by hand",
        )),
    }
}

/// Edits a document, which may have several files: each edit is done in the file where its place was written.
/// Places are pointers into [`Document::value`].
///
/// # Errors
/// When an edit cannot be done, or its place is not in a file as it is in the document.
pub fn edit(document: &Document, source: &Source, edits: &[Edit]) -> Result<Vec<Edited>, Refused> {
    let mut by_file: BTreeMap<usize, Vec<Edit>> = BTreeMap::new();
    for edit in edits {
        let origin = document.origin(edit.at());
        by_file.entry(origin.file).or_default().push(edit.clone().with_at(origin.pointer));
    }
    let edited = by_file.into_iter().map(|(position, edits)| {
        let file = document.file_at(position);
        let text = match source.overlays.iter().find(|overlay| overlay.file == file.name) {
            _ if position == 0 => Ok(source.text.clone()),
            Some(overlay) => Ok(overlay.text.clone()),
            None => source.beside(&file.path),
        };
        let before = text.map_err(|error| Refused::new(edits[0].at(), format!("`{}` cannot be read: {error}", file.name)))?;
        let after = apply(&file.name, &before, &edits)?;
        Ok(Edited { file: file.name.clone(), before, after })
    });
    edited.collect()
}

/// A value with edits, whatever text it is from.
///
/// # Errors
/// When an edit does not fit the value, or the others.
pub fn edited(value: &Value, edits: &[Edit]) -> Result<Value, Refused> {
    value::edited(value, edits)
}

/// A value as YAML; nothing where it cannot be written so that the same is read again.
#[must_use]
pub fn to_yaml(value: &Value) -> Option<String> {
    let text = render::document(value);
    matches!(read("written.yaml", &text), Ok((_, same)) if same == *value).then_some(text)
}

/// The value of a text that is read as it is.
fn read(file: &str, text: &str) -> Result<(Syntax, Value), Refused> {
    let (read, value, _) = document::parse(file.to_owned(), String::new(), text);
    match value {
        Some(value) if read.text == text => Ok((read.syntax, value)),
        _ => Err(Refused::new("", format!("`{file}` breaks a rule of its syntax; mend that first"))),
    }
}

fn tree_of(syntax: Syntax, text: &str) -> Result<Tree, Refused> {
    let tree = match syntax {
        Syntax::Json => json::tree(text),
        Syntax::Yaml => yaml::tree(text),
    };
    tree.ok_or_else(|| Refused::new("", "the text breaks a rule of its syntax; mend that first"))
}
