//! `cargo xtask lint --fix`: mends what has one right answer, and keeps the layout of everything else.
//!
//! Mending and checking part at the last step. Where one edit would change something else it is left alone, with the reason.

use std::{fs, io::Write, path::PathBuf};

use specs::{Document, Source, edit, lint::Fix};

use super::screen::counted;
use crate::{Exit, Failure, workspace};

/// More rounds than one mistake can hide others.
const ROUNDS: usize = 8;

/// Mends the documents, or, with `check`, says what would be mended.
pub(super) fn run(documents: &[PathBuf], overlays: &[PathBuf], check: bool, screen: &mut dyn Write) -> Result<Exit, Failure> {
    if !overlays.is_empty() {
        return Err(Failure::new("a document is mended as it is written").help("leave `--overlay` out"));
    }
    let mut mended = 0;
    for path in documents {
        let before = workspace::document(path, &[])?;
        let after = mend(before.clone(), &mut mended, screen)?;
        if after.text != before.text && !check {
            let cannot = |error| Failure::new(format!("cannot write `{}`", path.display())).because(error);
            fs::write(path, &after.text).map_err(cannot)?;
        }
    }
    let what = counted(mended, "problem");
    match (mended, check) {
        (0, _) => writeln!(screen, "{}: nothing to mend", counted(documents.len(), "document"))?,
        (_, false) => writeln!(screen, "{}: {what} mended", counted(documents.len(), "document"))?,
        (_, true) => {
            writeln!(screen, "{}: {what} can be mended\nhelp: `cargo xtask lint --fix` mends them", counted(documents.len(), "document"))?;
        }
    }
    Ok(if mended > 0 && check { Exit::Attention } else { Exit::Done })
}

/// What is mended can show what was behind it; so again, until nothing is left.
fn mend(mut source: Source, mended: &mut usize, screen: &mut dyn Write) -> Result<Source, Failure> {
    for _ in 0..ROUNDS {
        let fixes = specs::lint::fixes(&source);
        let (Some(document), _) = Document::read(&source) else { break };
        let before = source.text.clone();
        match apply(&document, &source, &fixes) {
            Ok(text) => {
                source.text = text;
                fixes.iter().try_for_each(|fix| told(fix, &fix.does, screen))?;
                *mended += fixes.len();
            }
            Err(_) => one_by_one(&document, &mut source, &fixes, mended, screen)?,
        }
        if source.text == before {
            break;
        }
    }
    Ok(source)
}

/// Where all together cannot be done, the first that can is; the next round has the others.
fn one_by_one(document: &Document, source: &mut Source, fixes: &[Fix], mended: &mut usize, screen: &mut dyn Write) -> Result<(), Failure> {
    for fix in fixes {
        match apply(document, source, std::slice::from_ref(fix)) {
            Ok(text) => {
                source.text = text;
                *mended += 1;
                return told(fix, &fix.does, screen);
            }
            Err(refused) => told(fix, &format!("is left alone: {refused}"), screen)?,
        }
    }
    Ok(())
}

fn apply(document: &Document, source: &Source, fixes: &[Fix]) -> Result<String, edit::Refused> {
    let edits: Vec<_> = fixes.iter().map(|fix| fix.edit.clone()).collect();
    let edited = edit::edit(document, source, &edits)?;
    Ok(edited.into_iter().find(|edited| edited.file == source.file).map_or_else(|| source.text.clone(), |edited| edited.after))
}

fn told(fix: &Fix, does: &str, screen: &mut dyn Write) -> Result<(), Failure> {
    let problem = &fix.problem;
    writeln!(screen, "{}:{}:{} [{}] {does}", problem.file, problem.line, problem.column, problem.rule)?;
    Ok(())
}
