//! A target directory that begins with what cargo has built of other people's code.
//!
//! Nine tenths of a build are other people's code, the same for the workspace and for its copy. Letting both share
//! one directory (cargo's `build-dir`) was tried and rejected: cargo names what it builds of a member by its path
//! below the workspace, so that the copy was given the original's. Here the rest is linked into a directory of the
//! copy's own, and the members are left out by name.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs::{self, File},
    io,
    path::Path,
};

use crate::{Failure, workspace};

/// The folders of a profile that hold what was built, and whether their files are only ever replaced as a whole. Cargo
/// writes into its fingerprints, so these are copied.
const FOLDERS: [(&str, Sharing); 3] = [("deps", Sharing::Link), ("build", Sharing::Link), (".fingerprint", Sharing::Copy)];

#[derive(Clone, Copy)]
enum Sharing {
    Link,
    Copy,
}

/// Puts into `to` what `from` has of packages that are not in the workspace.
pub(crate) fn seed(from: &Path, to: &Path) -> Result<(), Failure> {
    let ours = workspace::names()?;
    for (folder, sharing) in FOLDERS {
        let (from, to) = (from.join("debug").join(folder), to.join("debug").join(folder));
        if from.exists() {
            share(&from, &to, sharing, &ours)
                .map_err(|error| Failure::new(format!("cannot share `{}` with `{}`", from.display(), to.display())).because(error))?;
        }
    }
    Ok(())
}

/// Shares a folder's members that are not ours, and all that is below them.
fn share(from: &Path, to: &Path, sharing: Sharing, ours: &BTreeSet<String>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if is_ours(&entry.file_name(), ours) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            share(&entry.path(), &target, sharing, &BTreeSet::new())?;
        } else if !target.exists() {
            share_file(&entry.path(), &target, sharing)?;
        }
    }
    Ok(())
}

/// Whether a file or folder is named after a package or target of the workspace: `libspecs-1f….rlib`, `mock-server-2a…`.
fn is_ours(name: &OsStr, ours: &BTreeSet<String>) -> bool {
    let name = name.to_string_lossy();
    let Some((stem, _)) = name.rsplit_once('-') else { return false };
    let stem = stem.replace('-', "_");
    ours.contains(&stem) || stem.strip_prefix("lib").is_some_and(|stem| ours.contains(stem))
}

fn share_file(from: &Path, to: &Path, sharing: Sharing) -> io::Result<()> {
    if matches!(sharing, Sharing::Link) && fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to)?;
    File::options().append(true).open(to)?.set_modified(fs::metadata(from)?.modified()?)
}

#[cfg(test)]
mod tests {
    use super::is_ours;
    use std::{collections::BTreeSet, ffi::OsStr};

    #[test]
    fn what_is_ours_is_known_by_its_name() {
        let ours = BTreeSet::from(["mock_server".to_owned(), "specs".to_owned()]);
        let check = |name: &str| is_ours(OsStr::new(name), &ours);
        assert_eq!(["libspecs-0a.rlib", "specs-0a", "mock-server-0a", "mock_server-0a.d"].map(check), [true; 4]);
        assert_eq!(["libserde-0a.rlib", "lib", "spec-0a", "specs_more-0a"].map(check), [false; 4]);
    }
}
