//! Bytes to a value in which every node has a place.
//!
//! YAML is read under the rules of YAML 1.2's core schema (`on`, `yes` and `no` are text), JSON by `serde_json`. What
//! either would swallow in silence is a problem here: a key that is there twice, aliases that multiply, nesting
//! without end. Places are worked out when the first problem asks for one, by reading the text again: a document
//! without problems pays nothing for them.

mod json;
mod mend;
pub(crate) mod origin;
mod scalar;
mod source;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;

use std::{path::Path, sync::Arc};

use serde_json::Value;

use crate::{
    bundle, overlay,
    problem::{Problem, Severity},
    swagger,
};
use origin::{File, Layer, Origin};
#[cfg(feature = "edit")]
pub(crate) use scalar::plain as plain_scalar;
pub(crate) use source::LARGEST;
pub use source::{Beside, Overlay, Reading, Source, documents, identifier};
use tree::Fault;

/// How deep values may be nested; what `serde_json` allows too.
pub(crate) const DEEPEST: usize = 127;

/// A document as a value, put together from all that it was written in.
#[derive(Clone, Debug)]
pub struct Document {
    /// The provider's name.
    pub name: String,
    /// The file, as a person named it.
    pub file: String,
    /// The document, with other files bundled into it, overlays applied, and Swagger 2.0 converted.
    pub value: Value,
    /// The path of the file that the others are relative to, relative to the folder of the document.
    pub(crate) root: String,
    /// What it was read from, its own file first.
    files: Vec<Arc<File>>,
    layers: Vec<Layer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Json,
    Yaml,
}

impl Document {
    /// Reads a document. There is none when its text is neither YAML nor JSON; the problems then say why.
    #[must_use]
    pub fn read(source: &Source) -> (Option<Self>, Vec<Problem>) {
        let (file, value, mut problems) = parse(source.file.clone(), String::new(), &source.text);
        let Some(value) = value else { return (None, problems) };
        let (name, file_name) = (source.name.clone(), source.file.clone());
        let root = source.file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let mut document = Self { name, file: file_name, value, root, files: vec![file], layers: Vec::new() };
        let own = overlay::extended(&mut document, source, &mut problems);
        let mut homes = bundle::bundle(&mut document, source, &mut problems);
        overlay::apply(&mut document, own, source, &mut homes, &mut problems);
        swagger::convert(&mut document, &mut problems);
        (Some(document), problems)
    }

    /// Whether the text of the document's own file is all of it, as it is.
    #[must_use]
    pub fn is_as_written(&self) -> bool {
        self.files.len() == 1 && self.layers.is_empty()
    }

    /// The paths of the other files that the document was read from, relative to its own folder; overlays are none.
    pub fn beside(&self) -> impl Iterator<Item = &str> {
        self.files.iter().skip(1).map(|file| file.path.as_str()).filter(|path| !path.is_empty())
    }

    /// Line and column, from 1, of what a JSON pointer names, in the file that it was written in.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> (usize, usize) {
        let origin = self.origin(pointer);
        self.file_of(&origin).locate(&origin.pointer)
    }

    /// Gives a problem that knows its JSON pointer in [`Document::value`] the place where that was written.
    pub fn place(&self, problem: &mut Problem) {
        let origin = self.origin(&problem.pointer);
        let file = self.file_of(&origin);
        (problem.line, problem.column) = file.locate(&origin.pointer);
        problem.file.clone_from(&file.name);
        problem.pointer = origin.pointer;
    }

    /// A problem at a place of this document.
    #[must_use]
    pub fn problem(&self, severity: Severity, rule: &'static str, pointer: &str, message: &str, help: &str) -> Problem {
        let origin = self.origin(pointer);
        self.file_of(&origin).problem_at(severity, rule, &origin.pointer, message, help)
    }

    /// Where what stands at a pointer was written.
    pub(crate) fn origin(&self, pointer: &str) -> Origin {
        origin::trace(&self.layers, pointer)
    }

    /// The file of an origin; that of the document, should there be no such file.
    pub(crate) fn file_of(&self, origin: &Origin) -> &File {
        self.files.get(origin.file).unwrap_or(&self.files[0])
    }

    /// The file at a position.
    pub(crate) fn file_at(&self, position: usize) -> &Arc<File> {
        self.files.get(position).unwrap_or(&self.files[0])
    }

    /// Takes in one more file, and returns its position.
    pub(crate) fn add_file(&mut self, file: Arc<File>) -> usize {
        self.files.push(file);
        self.files.len() - 1
    }

    /// Says what a pass moved.
    pub(crate) fn add_layer(&mut self, layer: Layer) {
        if !layer.is_empty() {
            self.layers.push(layer);
        }
    }
}

/// Reads the text of one file: the file, the value if there is one, and what is wrong with the text.
pub(crate) fn parse(name: String, path: String, text: &str) -> (Arc<File>, Option<Value>, Vec<Problem>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let read = match Syntax::of(&name, text) {
        Syntax::Json => mend::json(text),
        Syntax::Yaml => mend::yaml(text),
    };
    let file = File::new(name, path, read.mended.unwrap_or_else(|| text.to_owned()), read.syntax);
    let problems = read.faults.into_iter().map(|fault| file.problem(fault)).collect();
    (Arc::new(file), read.value, problems)
}

/// What came of a text.
pub(super) struct Read {
    value: Option<Value>,
    faults: Vec<Fault>,
    /// The text that was read in the end, when it is not the one given.
    mended: Option<String>,
    syntax: Syntax,
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
