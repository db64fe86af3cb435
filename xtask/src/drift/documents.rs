//! The documents that pages are compared with.

use std::path::{Path, PathBuf};

use specs::{Source, api::Loaded};

use crate::{Failure, workspace};

/// A document, with what it was read from.
pub(super) struct Held {
    pub(super) source: Source,
    pub(super) loaded: Loaded,
}

/// The document that is named, by its name or its file; else all of the folder, by default those that ship.
pub(super) fn load(folder: Option<&Path>, named: Option<&str>) -> Result<Vec<Held>, Failure> {
    let folder = folder.map_or_else(|| shipped(Path::new(specs::DIR)), Path::to_owned);
    let paths = match named.map(Path::new).filter(|path| path.is_file()) {
        Some(file) => vec![file.to_owned()],
        None => in_folder(&folder, named)?,
    };
    paths.iter().map(|path| held(path)).collect()
}

/// The folder that ships, named from here when here is above it.
fn shipped(folder: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    folder.strip_prefix(&here).unwrap_or(folder).to_owned()
}

fn in_folder(folder: &Path, named: Option<&str>) -> Result<Vec<PathBuf>, Failure> {
    let all = specs::documents(folder).map_err(|error| Failure::new(format!("cannot read `{}`", folder.display())).because(error))?;
    let stem = |path: &PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(name) = named else { return Ok(all) };
    let found: Vec<PathBuf> = all.iter().filter(|path| stem(path) == name).cloned().collect();
    if found.is_empty() {
        let names: Vec<String> = all.iter().map(stem).collect();
        let failure = Failure::new(format!("`{name}` is neither a file nor a document of `{}`", folder.display()));
        return Err(failure.help(format!("name a file, or one of `{}`", names.join("`, `"))));
    }
    Ok(found)
}

fn held(path: &Path) -> Result<Held, Failure> {
    let source = workspace::document(path, &[])?;
    let loaded = specs::load(&source);
    if loaded.api.is_none() {
        let failure = Failure::new(format!("`{}` cannot be loaded", path.display()));
        return Err(failure.help(format!("`cargo xtask lint {}` says what is wrong with it", path.display())));
    }
    Ok(Held { source, loaded })
}
