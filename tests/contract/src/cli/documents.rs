//! The documents that are named on the command line, and the cases of them that are wanted.

use std::path::{Path, PathBuf};

use specs::{Document, Source};

use super::{arguments::Choice, failure::Failure};
use crate::{Case, Suite};

/// The documents that are named, by file or by provider; all that ship when none is.
pub(super) fn paths(named: &[String]) -> Result<Vec<PathBuf>, Failure> {
    if named.is_empty() {
        return shipped();
    }
    named.iter().map(|name| path(name)).collect()
}

fn shipped() -> Result<Vec<PathBuf>, Failure> {
    let help = "give the file of a document";
    specs::documents(Path::new(specs::DIR)).map_err(|error| Failure::new(format!("failed to read `{}`: {error}", specs::DIR), help))
}

/// The file that is named, or that of the provider.
pub(super) fn path(name: &str) -> Result<PathBuf, Failure> {
    if Path::new(name).exists() {
        return Ok(name.into());
    }
    let all = shipped()?;
    let stem = |path: &PathBuf| path.file_stem().is_some_and(|stem| stem == name);
    let known =
        || all.iter().filter_map(|path| path.file_stem()).map(|stem| format!("`{}`", stem.display())).collect::<Vec<_>>().join(", ");
    let found = all.iter().find(|path| stem(path)).cloned();
    found.ok_or_else(|| Failure::new(format!("there is no document `{name}`"), format!("give a file, or one of {}", known())))
}

/// A document with its cases.
pub(super) struct Loaded {
    /// As it was named.
    pub(super) file: String,
    pub(super) document: Document,
    pub(super) suite: Suite,
}

/// Loads a document.
pub(super) fn load(path: &Path, seed: u64) -> Result<Loaded, Failure> {
    let help = "give the file of an OpenAPI document";
    let source = Source::read(path).map_err(|error| Failure::new(format!("failed to read `{}`: {error}", path.display()), help))?;
    let loaded = specs::load(&source);
    match (loaded.api, loaded.document) {
        (Some(api), Some(document)) => Ok(Loaded { file: path.display().to_string(), document, suite: Suite::new(api, seed) }),
        _ => Err(Failure::of_problems(&loaded.problems)),
    }
}

/// The cases of a document.
pub(super) fn suite(path: &Path, seed: u64) -> Result<Suite, Failure> {
    load(path, seed).map(|loaded| loaded.suite)
}

impl Choice {
    /// The cases that are wanted.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn of<'s>(&self, suite: &'s Suite) -> Result<Vec<&'s Case>, Failure> {
        let is_wanted = |case: &&Case| self.filter.is_empty() || self.filter.iter().any(|filter| case.id().contains(filter));
        let wanted: Vec<&Case> = suite.cases().iter().filter(is_wanted).collect();
        if wanted.is_empty() && !self.filter.is_empty() {
            let names = self.filter.iter().map(|filter| format!("`{filter}`")).collect::<Vec<_>>().join(" or ");
            return Err(Failure::new(format!("no case has {names} in its name"), "`contract list` prints the names"));
        }
        let Some((part, count)) = self.shard else { return Ok(wanted) };
        Ok(wanted.into_iter().skip(part - 1).step_by(count).collect())
    }
}
