//! A scratch copy of the workspace: the same files with the same times, so that cargo builds again only what differs.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use crate::Failure;

/// Makes `to` a copy of the workspace at `from`; what cargo built, npm installed and git keeps is left out.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let cannot = |error: io::Error| Failure::new(format!("cannot copy the workspace to `{}`", to.display())).because(error);
    if to.exists() {
        fs::remove_dir_all(to).map_err(cannot)?;
    }
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        folders.extend(copy_folder(&from.join(&folder), &to.join(&folder), &folder).map_err(cannot)?);
    }
    Ok(())
}

/// Copies the files of a folder, and says which folders are in it.
fn copy_folder(from: &Path, to: &Path, folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(to)?;
    let mut inner = Vec::new();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, name) = (entry.path(), entry.file_name());
        if !entry.file_type()?.is_dir() {
            fs::copy(&source, to.join(&name))?;
            File::options().append(true).open(to.join(&name))?.set_modified(entry.metadata()?.modified()?)?;
        } else if ![".git", "node_modules", "target"].iter().any(|left| name == *left) && !source.join("CACHEDIR.TAG").exists() {
            inner.push(folder.join(name));
        }
    }
    Ok(inner)
}

#[cfg(test)]
mod tests {
    use super::copy;
    use std::{fs, path::Path};

    #[test]
    fn sources_are_copied_with_their_times_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("crm-notes-scratch-{}", std::process::id()));
        let write = |path: &str| {
            let path = folder.join("from").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        };
        for path in ["a/b.rs", ".config/c.toml", "target/d", ".git/e", "built/CACHEDIR.TAG", "a/node_modules/f"] {
            write(path);
        }
        let (from, to) = (folder.join("from"), folder.join("to"));
        copy(&from, &to).unwrap();
        copy(&from, &to).unwrap();
        let there = |path: &str| to.join(Path::new(path)).exists();
        assert_eq!(
            ["a/b.rs", ".config/c.toml", "target", ".git", "built", "a/node_modules"].map(there),
            [true, true, false, false, false, false]
        );
        let modified = |root: &Path| fs::metadata(root.join("a/b.rs")).unwrap().modified().unwrap();
        assert_eq!(modified(&from), modified(&to));
        fs::remove_dir_all(folder).unwrap();
    }
}
