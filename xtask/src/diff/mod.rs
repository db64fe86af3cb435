//! `cargo xtask diff`: what became of documents since a revision, and what that means for callers.
//!
//! Git is the golden copy: the documents of the merge-base with the default branch stand against those of the working
//! tree, and no file has to be kept beside them. Each change is judged twice: on the wire (by `specs::compare`) and in
//! the generated client (by `generator::surface`). The verdict is the release that the worst of them calls for.

mod explain;
mod forms;
mod git;
mod report;
mod sides;
mod text;
mod version;

use std::{io::Write, path::Path};

use specs::{Source, compare::Severities};

use crate::{Exit, Failure, args, format::Format};
pub(crate) use report::FailOn;
use report::Report;
use sides::Sides;

/// Compares, shows what changed, and says whether that is too much.
pub(crate) fn run(wanted: &args::Diff, screen: &mut dyn Write) -> Result<Exit, Failure> {
    if let Some(id) = &wanted.explain {
        return explain::run(id, screen);
    }
    let severities = wanted.severity.as_deref().map(severities).transpose()?.unwrap_or_default();
    let sides = Sides::of(wanted)?;
    let report = Report::of(&sides, &severities);
    match wanted.format {
        Format::Text => text::write(&report, screen)?,
        Format::Json => writeln!(screen, "{:#}", forms::json(&report))?,
        Format::Markdown => write!(screen, "{}", forms::markdown(&report))?,
        Format::Github => write!(screen, "{}", forms::github(&report))?,
        Format::Junit => write!(screen, "{}", forms::junit(&report)?)?,
    }
    let is_bumped = !wanted.check_version || version::check(wanted.specs.as_deref(), &sides, report.release(), wanted.format, screen)?;
    let exit = match (wanted.fail_on, report.is_empty()) {
        _ if !is_bumped => Exit::Failed,
        (Some(level), _) if level.is_reached(&report) => Exit::Failed,
        (Some(_), _) | (None, true) => Exit::Done,
        // That the version has been raised is what was asked for.
        (None, false) if wanted.check_version => Exit::Done,
        (None, false) => Exit::Attention,
    };
    Ok(exit)
}

fn severities(path: &Path) -> Result<Severities, Failure> {
    let name = path.display().to_string();
    let source = Source::read(path).map_err(|error| Failure::new(format!("cannot read `{name}`")).because(error))?;
    Severities::read(&source).map_err(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure::new(format!("`{name}` sets no verdicts\n{}", all.join("\n")))
    })
}
