//! `cargo xtask lint`: what is wrong with documents, each problem with its place and its fix.

use std::{
    collections::HashSet,
    io::Write,
    path::{Path, PathBuf},
};

use specs::{Problem, Severity, Source};

use crate::{Exit, Failure, args, workspace};

/// Reads the documents that are wanted and shows their problems.
pub(crate) fn run(wanted: &args::Lint, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let documents = if wanted.documents.is_empty() { shipped()? } else { wanted.documents.clone() };
    let (mut problems, mut refused) = (Vec::new(), 0);
    for path in &documents {
        let source = workspace::document(path, &wanted.overlay)?;
        problems.extend(problems_of(&source));
        refused += usize::from(wanted.strict && specs::load(&source.strict()).api.is_none());
    }
    for problem in &problems {
        writeln!(screen, "{problem}\n")?;
    }
    writeln!(screen, "{}: {}", counted(documents.len(), "document"), sum(&problems))?;
    if refused > 0 {
        let failure = Failure::new(format!("{} would be refused by who reads strictly", counted(refused, "document")));
        return Err(failure.help("mend the problems above, but for those that only lint finds"));
    }
    Ok(if problems.is_empty() { Exit::Done } else { Exit::Attention })
}

/// The documents of `specs/`, named from here when here is above them.
pub(crate) fn shipped() -> Result<Vec<PathBuf>, Failure> {
    let folder = Path::new(specs::DIR);
    let found = specs::documents(folder).map_err(|error| Failure::new(format!("cannot read `{}`", folder.display())).because(error))?;
    let here = std::env::current_dir().unwrap_or_default();
    Ok(found.into_iter().map(|path| path.strip_prefix(&here).map_or_else(|_| path.clone(), Path::to_owned)).collect())
}

fn problems_of(source: &Source) -> Vec<Problem> {
    let mut found = specs::lint::check(source).problems;
    let place = |problem: &Problem| (problem.rule, problem.file.clone(), problem.pointer.clone());
    let known: HashSet<_> = found.iter().map(place).collect();
    found.extend(mock_server::problems(source).into_iter().filter(|problem| !known.contains(&place(problem))));
    specs::lint::sort(&mut found, &source.file);
    found
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
