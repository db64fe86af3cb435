//! Where what stands in a document came from.
//!
//! A document is put together: other files are bundled into it, overlays change it, Swagger 2.0 is converted. Each of
//! these is a layer that says only what it moved, by the topmost place; what is below a moved place moved with it, and
//! what no layer mentions stands where it was written. A place is traced through the layers when a problem asks for
//! it, so that a document without problems pays nothing for it.

use std::{collections::HashMap, sync::OnceLock};

use super::{
    Syntax, json,
    tree::{Fault, Tree},
    yaml,
};
use crate::problem::{Problem, Severity};

/// A file that a document was read from.
#[derive(Debug)]
pub(crate) struct File {
    /// As a person names it.
    pub(crate) name: String,
    /// Its path relative to the document's folder.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) syntax: Syntax,
    places: OnceLock<Tree>,
}

/// Where something was written: in which file, by its position among the document's files, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) file: usize,
    pub(crate) pointer: String,
}

/// What one pass moved.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layer {
    /// Where it was, by where it is now: in a file, or among what the layer below left.
    moved: HashMap<String, (Option<usize>, String)>,
}

impl File {
    pub(super) fn new(name: String, path: String, text: String, syntax: Syntax) -> Self {
        Self { name, path, text, syntax, places: OnceLock::new() }
    }

    /// Line and column, from 1, of what a JSON pointer names: of the key, for a member of an object. When nothing is
    /// there, of its nearest ancestor.
    pub(crate) fn locate(&self, pointer: &str) -> (usize, usize) {
        let tree = self.places.get_or_init(|| match self.syntax {
            Syntax::Json => json::tree(&self.text),
            Syntax::Yaml => yaml::tree(&self.text).0,
        });
        tree.locate(pointer)
    }

    /// A problem at a place of this file.
    pub(crate) fn problem_at(&self, severity: Severity, rule: &'static str, pointer: &str, message: &str, help: &str) -> Problem {
        let (line, column) = self.locate(pointer);
        let (pointer, message, help) = (pointer.to_owned(), message.to_owned(), help.to_owned());
        Problem { rule, severity, file: self.name.clone(), line, column, pointer, message, help }
    }

    pub(super) fn problem(&self, fault: Fault) -> Problem {
        Problem {
            rule: fault.rule,
            severity: fault.severity,
            file: self.name.clone(),
            line: fault.place.line,
            column: fault.place.column,
            pointer: fault.pointer,
            message: fault.message,
            help: fault.help.to_owned(),
        }
    }
}

impl Layer {
    /// Says that what stands at `now` was at `before` when the layer began.
    pub(crate) fn moved(&mut self, now: &str, before: &str) {
        if now != before {
            self.moved.insert(now.to_owned(), (None, before.to_owned()));
        }
    }

    /// Says that what stands at `now` was written in a file.
    pub(crate) fn taken(&mut self, now: &str, origin: Origin) {
        self.moved.insert(now.to_owned(), (Some(origin.file), origin.pointer));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.moved.is_empty()
    }

    /// Where the place was, when the layer moved it: by the nearest place above it that was moved.
    pub(crate) fn trace(&self, pointer: &str) -> Option<(Option<usize>, String)> {
        let mut above = pointer;
        loop {
            if let Some((file, before)) = self.moved.get(above) {
                return Some((*file, format!("{before}{}", &pointer[above.len()..])));
            }
            above = &above[..above.rfind('/')?];
        }
    }
}

/// Where what stands at a pointer was written.
pub(crate) fn trace(layers: &[Layer], pointer: &str) -> Origin {
    let mut pointer = pointer.to_owned();
    for layer in layers.iter().rev() {
        match layer.trace(&pointer) {
            Some((Some(file), pointer)) => return Origin { file, pointer },
            Some((None, before)) => pointer = before,
            None => {}
        }
    }
    Origin { file: 0, pointer }
}

#[cfg(test)]
mod tests {
    use super::{Layer, Origin, trace};

    #[test]
    fn places_are_traced_through_the_layers() {
        let (mut bundled, mut converted) = (Layer::default(), Layer::default());
        bundled.taken("/definitions/Kite", Origin { file: 1, pointer: "/kite".to_owned() });
        bundled.taken("/paths", Origin { file: 2, pointer: String::new() });
        converted.moved("/components/schemas", "/definitions");
        converted.moved("/paths/~1a/get/parameters/0/schema", "/paths/~1a/get/parameters/1");
        let layers = [bundled, converted];
        let rows = [
            ("/info/title", (0, "/info/title")),
            ("/components/schemas/Kite/type", (1, "/kite/type")),
            ("/components/schemas/Line", (0, "/definitions/Line")),
            ("/components/schemasX", (0, "/components/schemasX")),
            ("/paths/~1a/get/parameters/0/schema/type", (2, "/~1a/get/parameters/1/type")),
        ];
        for (now, (file, pointer)) in rows {
            assert_eq!(trace(&layers, now), Origin { file, pointer: pointer.to_owned() }, "{now}");
        }
    }
}
