//! Hot reload: a document that changes on the disk takes the place of the one that is served.
//!
//! The files are looked at a few times a second, which works on every disk and in every container, where notices of the
//! system do not. A document that cannot be used, or has errors that it did not have, is not served: the old one stays,
//! and what is wrong stands beside it. Sandboxes carry their state over when they are next asked.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use specs::{Beside, Document, Overlay, Problem, Severity, Source};
use tokio::{task::JoinHandle, time::MissedTickBehavior};

use crate::{
    Error,
    provider::{Limits, Mount, Provider, Rows},
    shell::Shell,
};

/// How often files are looked at.
const EVERY: Duration = Duration::from_millis(200);

/// What is needed to make a provider anew.
#[derive(Clone, Debug)]
pub(crate) struct Making {
    pub(crate) mount: Mount,
    pub(crate) limits: Limits,
}

/// When a file was last changed, and how long it is; none: it is not there.
type Stamp = Option<(SystemTime, u64)>;

/// A document that is on the disk.
struct Watched {
    index: usize,
    source: Source,
    files: Vec<(PathBuf, Stamp)>,
}

/// The task that looks; it ends when this is dropped.
pub(crate) struct Watch(JoinHandle<()>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Begins to look. `None` when no document is a file.
pub(crate) fn watch(shell: Arc<Shell>, making: Making) -> Option<Watch> {
    let providers = shell.providers().enumerate().filter(|(_, provider)| matches!(provider.source.beside, Beside::Disk));
    let mut watched: Vec<Watched> = providers.map(|(index, provider)| Watched::new(index, provider.source.clone())).collect();
    if watched.is_empty() {
        return None;
    }
    Some(Watch(tokio::spawn(async move {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let (shell, making) = (shell.clone(), making.clone());
            // Reading and compiling is work, which must not keep requests waiting.
            let looked = tokio::task::spawn_blocking(move || {
                for document in &mut watched {
                    document.look(&shell, &making);
                }
                watched
            });
            match looked.await {
                Ok(again) => watched = again,
                Err(error) => return tracing::warn!(%error, "documents are no longer looked at"),
            }
        }
    })))
}

impl Watched {
    fn new(index: usize, source: Source) -> Self {
        let files = files(&source).into_iter().map(|path| (stamp(&path), path)).map(|(stamp, path)| (path, stamp)).collect();
        Self { index, source, files }
    }

    /// Serves the document anew when one of its files changed.
    fn look(&mut self, shell: &Shell, making: &Making) {
        if self.files.iter().all(|(path, known)| stamp(path) == *known) {
            return;
        }
        let slot = &shell.slots[self.index];
        match read(&self.source).and_then(|source| Ok((source.clone(), made(source, &slot.current(), making)?))) {
            Ok((source, provider)) => {
                *self = Self::new(self.index, source);
                slot.replace(provider);
                shell.learn_secrets();
                tracing::info!(provider = &*slot.name, "the document changed and is served");
            }
            Err(problems) => {
                for problem in &problems {
                    tracing::warn!(provider = &*slot.name, "the document changed and cannot be used, so the old one is served: {problem}");
                }
                slot.trouble(problems);
                for (path, known) in &mut self.files {
                    *known = stamp(path);
                }
            }
        }
    }
}

/// The provider of a document that changed.
fn made(source: Source, old: &Provider, making: &Making) -> Result<Provider, Vec<Problem>> {
    let file = source.file.clone();
    let new = Provider::new(source, making.mount, &mut Rows::new(), &making.limits).map_err(|error| match error {
        Error::InvalidDocument { problems, .. } => problems,
        other => vec![unreadable(&file, &other)],
    })?;
    let errors = |provider: &Provider| -> Vec<Problem> {
        provider.problems().into_iter().filter(|problem| problem.severity == Severity::Error).collect()
    };
    let known = errors(old);
    let is_new = |problem: &Problem| !known.iter().any(|known| known.rule == problem.rule && known.pointer == problem.pointer);
    let more: Vec<Problem> = errors(&new).into_iter().filter(is_new).collect();
    if more.is_empty() { Ok(new) } else { Err(more) }
}

/// The document as it is on the disk now, under its name.
fn read(old: &Source) -> Result<Source, Vec<Problem>> {
    let mut source = Source::read(Path::new(&old.file)).map_err(|error| vec![unreadable(&old.file, &error)])?;
    source.name.clone_from(&old.name);
    source.reading = old.reading;
    for overlay in &old.overlays {
        let path = Path::new(&overlay.file);
        // An overlay that was given as text is no file.
        let again =
            if path.is_file() { Overlay::read(path).map_err(|error| vec![unreadable(&overlay.file, &error)])? } else { overlay.clone() };
        source.overlays.push(again);
    }
    Ok(source)
}

fn unreadable(file: &str, why: &dyn std::fmt::Display) -> Problem {
    Problem {
        rule: "unreadable",
        severity: Severity::Error,
        file: file.to_owned(),
        line: 0,
        column: 0,
        pointer: String::new(),
        message: format!("the document cannot be read: {why}"),
        help: "put it where it was; until then what was there is served".to_owned(),
    }
}

/// The files that a document is made of.
fn files(source: &Source) -> Vec<PathBuf> {
    let document = Document::read(source).0;
    let folder = Path::new(&source.file).parent().unwrap_or(Path::new("")).to_owned();
    let beside = document.iter().flat_map(Document::beside).map(|path| folder.join(path));
    let overlays = source.overlays.iter().map(|overlay| PathBuf::from(&overlay.file));
    std::iter::once(PathBuf::from(&source.file)).chain(beside).chain(overlays).collect()
}

fn stamp(path: &Path) -> Stamp {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
