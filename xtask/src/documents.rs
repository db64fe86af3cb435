//! Which documents a verb means: a file, the name of a document in a folder, or all of the folder.

use std::path::{Path, PathBuf};

use crate::{Failure, lint};

/// The documents that are meant; the folder is that of this workspace unless another one is named.
pub(crate) fn meant(document: Option<&Path>, folder: Option<&Path>) -> Result<Vec<PathBuf>, Failure> {
    match document {
        Some(path) if path.exists() => Ok(vec![path.to_owned()]),
        Some(name) => named(name, &of(folder)?).map(|path| vec![path]),
        None => of(folder),
    }
}

/// All documents of the folder.
fn of(folder: Option<&Path>) -> Result<Vec<PathBuf>, Failure> {
    let Some(folder) = folder else { return lint::shipped() };
    let cannot = || Failure::new(format!("cannot read `{}`", folder.display()));
    let found = specs::documents(folder).map_err(|error| cannot().because(error).help("name a folder of OpenAPI documents"))?;
    if found.is_empty() {
        let nothing = Failure::new(format!("no document is in `{}`", folder.display()));
        return Err(nothing.help("put files of YAML or JSON there, or name another folder"));
    }
    Ok(found)
}

fn named(name: &Path, known: &[PathBuf]) -> Result<PathBuf, Failure> {
    let found = known.iter().find(|path| path.file_stem() == Some(name.as_os_str()) || path.file_name() == Some(name.as_os_str()));
    found.cloned().ok_or_else(|| {
        let names: Vec<String> = known.iter().filter_map(|path| path.file_stem()).map(|stem| format!("`{}`", stem.display())).collect();
        let missing = Failure::new(format!("no file and no document is called `{}`", name.display()));
        missing.help(format!("name a file, or one of {}", names.join(", ")))
    })
}
