//! `cargo xtask lint`: what is wrong with documents, each problem with its place and its fix.

use std::{
    collections::HashSet,
    io::Write,
    path::{Path, PathBuf},
};

use specs::{Problem, Severity, Source};

use crate::{Exit, Failure, args};

/// Reads the documents that are wanted and shows their problems.
pub(crate) fn run(wanted: &args::Lint, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let documents = if wanted.documents.is_empty() { shipped()? } else { wanted.documents.clone() };
    let mut problems = Vec::new();
    for path in &documents {
        problems.extend(problems_of(path)?);
    }
    for problem in &problems {
        writeln!(screen, "{problem}\n")?;
    }
    writeln!(screen, "{}: {}", counted(documents.len(), "document"), sum(&problems))?;
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Attention })
}

/// The documents of `specs/`, named from here when here is above them.
pub(crate) fn shipped() -> Result<Vec<PathBuf>, Failure> {
    let folder = Path::new(specs::DIR);
    let found = specs::documents(folder).map_err(|error| Failure::new(format!("cannot read `{}`", folder.display())).because(error))?;
    let here = std::env::current_dir().unwrap_or_default();
    Ok(found.into_iter().map(|path| path.strip_prefix(&here).map_or_else(|_| path.clone(), Path::to_owned)).collect())
}

fn problems_of(path: &Path) -> Result<Vec<Problem>, Failure> {
    let source = Source::read(path).map_err(|error| {
        let failure = Failure::new(format!("cannot read `{}`", path.display())).because(error);
        failure.help("name OpenAPI documents, as files of YAML or JSON")
    })?;
    let mut found = specs::lint::check(&source).problems;
    let known: HashSet<(&str, String)> = found.iter().map(|problem| (problem.rule, problem.pointer.clone())).collect();
    let more = mock_server::problems(&source).into_iter().filter(|problem| !known.contains(&(problem.rule, problem.pointer.clone())));
    found.extend(more.collect::<Vec<_>>());
    found.sort_by_key(|problem| (problem.line, problem.column));
    Ok(found)
}

fn sum(problems: &[Problem]) -> String {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    match (errors, problems.len() - errors) {
        (0, 0) => "no problems".to_owned(),
        (errors, 0) => counted(errors, "error"),
        (0, warnings) => counted(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    }
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
