//! Git, asked through its program: what it says is text, and what it refuses is a failure with its own words.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::Failure;

/// The repository that a folder is in.
pub(super) struct Git {
    folder: PathBuf,
}

impl Git {
    pub(super) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The commit to compare with: the named one, or where this branch left the default one.
    pub(super) fn base(&self, revision: Option<&str>) -> Result<String, Failure> {
        let Some(revision) = revision else { return self.merge_base() };
        let found = self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")]);
        found.map(|commit| commit.trim().to_owned()).map_err(|_| {
            Failure::new(format!("`{revision}` is no revision of the repository that `{}` is in", self.folder.display()))
                .help("name a commit, a branch or a tag; or two files")
        })
    }

    fn merge_base(&self) -> Result<String, Failure> {
        let branch = self.default_branch()?;
        let found = self.ask(&["merge-base", "HEAD", &branch]);
        found.map(|commit| commit.trim().to_owned()).map_err(|_| {
            let failure = Failure::new(format!("this branch and `{branch}` have no commit in common"));
            failure.help("fetch the whole history (`git fetch --unshallow`), or name a revision")
        })
    }

    /// What the remote calls its default branch; else the usual names.
    fn default_branch(&self) -> Result<String, Failure> {
        if let Ok(branch) = self.ask(&["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]) {
            return Ok(branch.trim().to_owned());
        }
        let names = ["origin/main", "origin/master", "main", "master"];
        let exists = |name: &&&str| self.ask(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]).is_ok();
        names.iter().find(exists).map(|name| (*name).to_owned()).ok_or_else(|| {
            let failure = Failure::new(format!("no default branch is known for `{}`", self.folder.display()));
            failure.help("name the revision to compare with, or two files")
        })
    }

    /// The files directly in the folder at a commit.
    pub(super) fn files(&self, commit: &str) -> Result<Vec<String>, Failure> {
        let listed = self.ask(&["ls-tree", "-z", "--name-only", commit, "./"])?;
        Ok(listed.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    /// The text of a file at a commit, by its path relative to the folder; `None` when there is none.
    pub(super) fn text(&self, commit: &str, path: &str) -> Option<String> {
        self.ask(&["show", "--no-textconv", &format!("{commit}:./{path}")]).ok()
    }

    /// The text of a file at a commit, by its path relative to the root of the repository.
    pub(super) fn text_of_root(&self, commit: &str, path: &str) -> Option<String> {
        self.ask(&["show", "--no-textconv", &format!("{commit}:{path}")]).ok()
    }

    /// The folder that the repository begins at.
    pub(super) fn root(&self) -> Result<PathBuf, Failure> {
        self.ask(&["rev-parse", "--show-toplevel"]).map(|path| PathBuf::from(path.trim_end_matches(['\n', '\r'])))
    }

    fn ask(&self, arguments: &[&str]) -> Result<String, Failure> {
        let cannot = || Failure::new(format!("`git {}` failed in `{}`", arguments.join(" "), self.folder.display()));
        let output = Command::new("git").arg("-C").arg(&self.folder).args(arguments).output();
        let output = output.map_err(|error| cannot().because(error).help("install git, or compare two files"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ");
            return Err(cannot().because(said).help("call it in a repository, or compare two files"));
        }
        String::from_utf8(output.stdout).map_err(|error| cannot().because(error))
    }
}
