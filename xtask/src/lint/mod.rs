//! `cargo xtask lint`: what is wrong with documents, each problem with its place and its fix.
//!
//! What the documents' own crate finds, what the mock could not act out, and what the generator cannot take: each place
//! is told about once by each rule. `--explain` and `--fix` know the same rules.

mod fix;
mod screen;

use std::{
    collections::HashSet,
    io::Write,
    path::{Path, PathBuf},
};

use specs::{
    Problem, Source,
    lint::{nearest_rule, rule, rules},
};

use crate::{Exit, Failure, args, workspace};

/// Reads the documents that are wanted and shows their problems, or mends what has one right answer.
pub(crate) fn run(wanted: &args::Lint, screen: &mut dyn Write) -> Result<Exit, Failure> {
    if let Some(id) = &wanted.explain {
        return explain(id, screen);
    }
    let documents = match (wanted.documents.as_slice(), &wanted.specs) {
        ([], None) => shipped()?,
        ([], Some(folder)) => within(folder)?,
        (named, _) => named.to_owned(),
    };
    if wanted.fix {
        return fix::run(&documents, &wanted.overlay, wanted.check, screen);
    }
    let (mut found, mut refused) = (Vec::new(), 0);
    for path in &documents {
        let source = workspace::document(path, &wanted.overlay)?;
        found.push((source.file.clone(), problems_of(&source)));
        refused += usize::from(wanted.strict && specs::load(&source.strict()).api.is_none());
    }
    screen::show(&found, wanted.format, screen)?;
    if refused > 0 {
        let failure = Failure::new(format!("{} would be refused by who reads strictly", screen::counted(refused, "document")));
        return Err(failure.help("mend the problems above, but for those that only lint finds"));
    }
    Ok(if found.iter().all(|(_, problems)| problems.is_empty()) { Exit::Done } else { Exit::Attention })
}

/// The documents of the folder that is meant when none is named.
pub(crate) fn shipped() -> Result<Vec<PathBuf>, Failure> {
    within(&workspace::documents())
}

/// The documents of a folder.
pub(crate) fn within(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let cannot = |error| {
        Failure::new(format!("cannot read `{}`", folder.display())).because(error).help("name a folder of documents: `--specs <folder>`")
    };
    specs::documents(folder).map_err(cannot)
}

/// All problems of a document, in the order of lines.
pub fn problems_of(source: &Source) -> Vec<Problem> {
    let mut found = specs::lint::check(source).problems;
    let place = |problem: &Problem| (problem.rule, problem.file.clone(), problem.pointer.clone());
    let mut known: HashSet<_> = found.iter().map(place).collect();
    let others = mock_server::problems(source).into_iter().chain(generator::generate_from(source).problems);
    found.extend(others.filter(|problem| known.insert(place(problem))));
    specs::lint::sort(&mut found, &source.file);
    found
}

fn explain(id: &str, screen: &mut dyn Write) -> Result<Exit, Failure> {
    if let Some(rule) = rule(id) {
        write!(screen, "{rule}")?;
        return Ok(Exit::Done);
    }
    let meant = nearest_rule(id).map_or_else(
        || format!("the rules are `{}`", rules().iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>().join("`, `")),
        |meant| format!("`cargo xtask lint --explain {meant}`"),
    );
    writeln!(screen, "error: there is no rule `{id}`\nhelp: {meant}")?;
    Ok(Exit::Usage)
}
