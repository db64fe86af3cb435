//! `cargo xtask new`: a first document from documentation pages.

use std::{fs, io::Write, path::PathBuf};

use specs::drift;

use crate::{Exit, Failure, args, drift::sources, workspace};

/// Reads the pages and writes the document; never over one that is there.
pub(crate) fn run(wanted: &args::New, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    if !wanted.name.starts_with(char::is_alphabetic) || !wanted.name.chars().all(is_plain) {
        let failure = Failure::new(format!("`{}` is no name of a document", wanted.name));
        return Err(failure.help("take letters, digits, `-` and `_`, a letter first; `--specs` says which folder it is for"));
    }
    let file = file(wanted);
    let name = file.display();
    if file.exists() {
        return Err(
            Failure::new(format!("`{name}` is there already")).help("give the document another name, or compare it: `cargo xtask drift`")
        );
    }
    let pages: Vec<_> = sources::read(&wanted.from_page)?.into_iter().map(|(_, page)| page).collect();
    let made =
        drift::first(&wanted.name, &pages, &today()).map_err(|error| Failure::new(format!("cannot write `{name}`")).because(error))?;
    fs::write(&file, made.text).map_err(|error| Failure::new(format!("cannot write `{name}`")).because(error))?;
    writeln!(screen, "`{name}` is written from {} facts", pages.iter().map(|page| page.facts.len()).sum::<usize>())?;
    for page in &pages {
        for unread in &page.unread {
            writeln!(screen, "not understood: {}:{}: {}", page.name, unread.first, unread.reason)?;
        }
    }
    made.wants.iter().try_for_each(|want| writeln!(screen, "to fill in: {want}"))?;
    writeln!(screen, "help: `cargo xtask lint {name}` says what else is wrong with it")?;
    Ok(if made.wants.is_empty() { Exit::Done } else { Exit::Attention })
}

fn file(wanted: &args::New) -> PathBuf {
    let folder = wanted.specs.clone().unwrap_or_else(workspace::documents);
    folder.join(format!("{}.yaml", wanted.name))
}

/// The day, as `x-docs` has it.
#[expect(clippy::disallowed_methods, reason = "a page was read on the day that it really is")]
fn today() -> String {
    chrono::Utc::now().date_naive().to_string()
}
