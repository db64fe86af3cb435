//! The files that a document refers to: read once, never from a network, and bounded in number and size.

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    document::{self, Document, LARGEST, Source},
    problem::Problem,
};

/// Most files beside a document's own.
const MOST: usize = 10_000;

/// What could be had of a file.
pub(super) struct Opened {
    /// Its position among the document's files.
    pub(super) file: usize,
    /// Its path relative to the document's folder; empty for the document's own file.
    pub(super) path: String,
    pub(super) value: Value,
}

/// The files of a document, by path.
pub(super) struct Files<'s> {
    source: &'s Source,
    /// The path of the document's own file, by which the others refer to it.
    own: String,
    opened: Vec<Opened>,
    /// Positions in `opened`; why not, for a file that cannot be read.
    known: HashMap<String, Result<usize, String>>,
    bytes: usize,
}

impl<'s> Files<'s> {
    pub(super) fn new(source: &'s Source, own: &str) -> Self {
        Self { source, own: own.to_owned(), opened: Vec::new(), known: HashMap::new(), bytes: source.text.len() }
    }

    /// The file at a path as a reference writes it, relative to the folder of the file that it stands in; `None` for
    /// the document's own file.
    pub(super) fn open(
        &mut self,
        from: Option<usize>,
        written: &str,
        document: &mut Document,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<usize>, String> {
        let from = from.map_or(self.own.as_str(), |file| self.opened[file].path.as_str());
        let path = joined(from, written);
        if path == self.own {
            return Ok(None);
        }
        if let Some(known) = self.known.get(&path) {
            return known.clone().map(Some);
        }
        let opened = self.read(&path, document, problems);
        self.known.insert(path, opened.clone());
        opened.map(Some)
    }

    pub(super) fn get(&self, opened: usize) -> &Opened {
        &self.opened[opened]
    }

    fn read(&mut self, path: &str, document: &mut Document, problems: &mut Vec<Problem>) -> Result<usize, String> {
        if self.opened.len() >= MOST {
            return Err(format!("the document refers to more than {MOST} files"));
        }
        let text = self.source.beside(path).map_err(|error| error.to_string())?;
        self.bytes += text.len();
        if self.bytes > LARGEST {
            return Err(format!("the files of the document have more than {} MiB", LARGEST >> 20));
        }
        let name = self.source.path_of(path);
        let is_data = path.rsplit('.').next().is_some_and(|extension| !matches!(extension, "md" | "txt" | "html" | "xml" | "csv"));
        let (file, value, mut found) = document::parse(name, path.to_owned(), &text);
        let file = document.add_file(file);
        let value = if is_data {
            problems.append(&mut found);
            value.ok_or("it is neither YAML nor JSON")?
        } else {
            Value::String(text)
        };
        self.opened.push(Opened { file, path: path.to_owned(), value });
        Ok(self.opened.len() - 1)
    }
}

/// A path from the folder of the file `from`, without `.` and with `..` only at its start.
fn joined(from: &str, written: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut steps: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(written.split('/')).filter(|step| !matches!(*step, "" | ".")) {
        match (step, steps.last()) {
            ("..", Some(last)) if *last != ".." => drop(steps.pop()),
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn paths_are_relative_to_the_file_that_they_stand_in() {
        let rows = [
            ("", "kites.yaml", "kites.yaml"),
            ("", "./schemas//kite.yaml", "schemas/kite.yaml"),
            ("schemas/kite.yaml", "line.yaml", "schemas/line.yaml"),
            ("schemas/kite.yaml", "../paths/a.yaml", "paths/a.yaml"),
            ("schemas/kite.yaml", "../../common.yaml", "../common.yaml"),
            ("../common.yaml", "../up.yaml", "../../up.yaml"),
        ];
        for (from, written, path) in rows {
            assert_eq!(joined(from, written), path, "{from} {written}");
        }
    }
}
