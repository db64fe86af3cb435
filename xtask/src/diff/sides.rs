//! What stands against what: two files, or a folder's documents at a commit and as they are now.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::{Path, PathBuf},
};

use specs::{Loaded, Source};

use super::git::Git;
use crate::{Failure, args, workspace};

/// Letters of a commit that are shown.
const SHORT: usize = 9;
/// Most files of one document at a commit.
const MOST_FILES: usize = 10_000;

/// A document on both sides; one of them may be missing.
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) old: Option<Loaded>,
    pub(super) new: Option<Loaded>,
}

impl Pair {
    /// Both sides are read at once: with large documents that is most of the time.
    fn of(name: String, old: Option<&Source>, new: Option<&Source>) -> Result<Self, Failure> {
        let (old, new) = std::thread::scope(|scope| {
            let old = scope.spawn(|| old.map(loaded).transpose());
            let new = new.map(loaded).transpose();
            (old.join(), new)
        });
        let old = old.map_err(|_| Failure::new(format!("reading the old side of `{name}` ended early")))?;
        Ok(Self { name, old: old?, new: new? })
    }
}

/// All documents.
pub(super) struct Sides {
    /// What the old side is called.
    pub(super) base: String,
    /// The commit of the old side; `None` for a file.
    pub(super) commit: Option<String>,
    pub(super) pairs: Vec<Pair>,
}

impl Sides {
    pub(super) fn of(wanted: &args::Diff) -> Result<Self, Failure> {
        match wanted.sides.as_slice() {
            [old, new] => Self::files(Path::new(old), Path::new(new)),
            rest => Self::since(rest.first().map(String::as_str), &folder(wanted.specs.as_deref())),
        }
    }

    fn files(old: &Path, new: &Path) -> Result<Self, Failure> {
        let name = new.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let pair = Pair::of(name, Some(&workspace::document(old, &[])?), Some(&workspace::document(new, &[])?))?;
        Ok(Self { base: old.display().to_string(), commit: None, pairs: vec![pair] })
    }

    fn since(revision: Option<&str>, folder: &Path) -> Result<Self, Failure> {
        let git = Git::of(folder);
        let commit = git.base(revision)?;
        let short = commit.get(..SHORT).unwrap_or(&commit).to_owned();
        let mut sources: BTreeMap<String, [Option<Source>; 2]> = BTreeMap::new();
        for file in git.files(&commit)?.into_iter().filter(|file| is_document(Path::new(file))) {
            let source = at_commit(&git, &commit, &format!("{short}:{}", folder.display()), &file)?;
            let sides = sources.entry(source.name.clone()).or_default();
            sides[0] = Some(source);
        }
        let now = specs::documents(folder).map_err(|error| Failure::new(format!("cannot read `{}`", folder.display())).because(error))?;
        for path in now {
            let source = workspace::document(&path, &[])?;
            let sides = sources.entry(source.name.clone()).or_default();
            sides[1] = Some(source);
        }
        let mut pairs = Vec::new();
        for (name, [old, new]) in sources {
            if !is_same(old.as_ref(), new.as_ref()) {
                pairs.push(Pair::of(name, old.as_ref(), new.as_ref())?);
            }
        }
        Ok(Self { base: revision.map_or_else(|| short.clone(), |revision| format!("{revision} ({short})")), commit: Some(commit), pairs })
    }
}

/// The folder of the documents, named from here when here is above it.
pub(super) fn folder(wanted: Option<&Path>) -> PathBuf {
    let Some(wanted) = wanted else { return workspace::documents() };
    let here = std::env::current_dir().unwrap_or_default();
    let near = wanted.strip_prefix(&here).unwrap_or(wanted);
    if near.as_os_str().is_empty() { PathBuf::from(".") } else { near.to_owned() }
}

fn is_document(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    matches!(extension.as_deref(), Some("yaml" | "yml" | "json"))
}

/// A document that is all in one file, which did not change, need not be read.
fn is_same(old: Option<&Source>, new: Option<&Source>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => old.text == new.text && mentioned(&old.text).is_empty(),
        _ => false,
    }
}

fn loaded(source: &Source) -> Result<Loaded, Failure> {
    let loaded = specs::load(source);
    if loaded.api.is_some() {
        return Ok(loaded);
    }
    let why: Vec<String> = loaded.problems.iter().take(3).map(ToString::to_string).collect();
    let failure = Failure::new(format!("`{}` cannot be compared\n{}", source.file, why.join("\n")));
    Err(failure.help("mend what is wrong with it, or name a revision at which it could be read"))
}

/// A document at a commit, with the files that it refers to.
fn at_commit(git: &Git, commit: &str, folder: &str, file: &str) -> Result<Source, Failure> {
    let text = git.text(commit, file).ok_or_else(|| Failure::new(format!("cannot read `{folder}/{file}`")))?;
    let stem = Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut beside: BTreeMap<String, String> = BTreeMap::new();
    let mut seen: BTreeSet<String> = BTreeSet::from([file.to_owned()]);
    let mut open: VecDeque<String> = below(file, &text).into();
    while let Some(path) = open.pop_front() {
        if seen.len() < MOST_FILES
            && seen.insert(path.clone())
            && let Some(text) = git.text(commit, &path)
        {
            open.extend(below(&path, &text));
            beside.insert(path, text);
        }
    }
    Ok(Source::new(&stem, &format!("{folder}/{file}"), text).with_texts(beside))
}

/// The files that a text mentions, by their paths relative to the document's folder.
fn below(file: &str, text: &str) -> Vec<String> {
    mentioned(text).into_iter().map(|path| joined(file, path)).collect()
}

/// What looks like the path of a file: which of them are references is found when the document is read.
fn mentioned(text: &str) -> BTreeSet<&str> {
    let is_path = |letter: char| letter.is_alphanumeric() || matches!(letter, '/' | '.' | '_' | '-' | '~' | '%');
    let words = text.split(|letter| !is_path(letter));
    words.filter(|word| word.len() > 5 && !word.starts_with('/') && is_document(Path::new(word))).collect()
}

/// A path from the folder of a file, without `.` and with `..` only at its start.
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
