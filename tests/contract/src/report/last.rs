//! What did not pass last time, as a file: the ids of the cases, one a line, under a line that says of which run.
//!
//! ```text
//! # contract: quarry, seed 0
//! quarry::create_stone::keeps_label
//! ```

use std::{
    fs,
    io::{self, ErrorKind},
    path::Path,
};

use super::{Report, screen::joined};
use crate::case::Outcome;

/// What the first line begins with.
const START: &str = "# contract: ";

/// What did not pass in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Last {
    /// The provider of the document.
    pub provider: String,
    /// The seed, without which ids may mean other values.
    pub seed: u64,
    /// The ids of the cases.
    pub ids: Vec<String>,
}

impl Last {
    /// What did not pass in this run: what failed, was blocked or had no answer, and was not accepted.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let is_open = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_) | Outcome::Blocked(_) | Outcome::Unreachable(_));
        let open = report.finished.iter().filter(|one| one.accepted.is_none() && is_open(&one.verdict.outcome));
        Self { provider: report.provider.clone(), seed: report.seed, ids: open.map(|one| one.case.id()).collect() }
    }
}

/// Writes the file, with the folders above it. A file of an earlier run is replaced as a whole.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, last: &Last) -> io::Result<()> {
    let ids = joined(&last.ids, |id| format!("{id}\n"));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("new");
    fs::write(&beside, format!("{START}{}, seed {}\n{ids}", last.provider, last.seed))?;
    fs::rename(beside, path)
}

/// Reads the file.
///
/// # Errors
/// When it cannot be read, or is no such file.
pub fn read(path: &Path) -> io::Result<Last> {
    parsed(&fs::read_to_string(path)?).ok_or_else(|| {
        let expected = format!("it does not begin with `{START}<provider>, seed <number>`");
        io::Error::new(ErrorKind::InvalidData, expected)
    })
}

fn parsed(text: &str) -> Option<Last> {
    let mut lines = text.lines().map(str::trim);
    let (provider, seed) = lines.next()?.strip_prefix(START)?.split_once(", seed ")?;
    let ids = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect();
    Some(Last { provider: provider.to_owned(), seed: seed.parse().ok()?, ids })
}
