//! `cargo xtask generate`: the client source of one document, to read it, or to keep it in another crate.
//!
//! What cannot be typed, and what is wrong with the document, is told and costs no more than its own place: whatever
//! there is a model of becomes a client. Writing and checking share one path and part at the last step.

use std::{fs, io::Write, path::Path};

use crate::{Exit, Failure, args, workspace};

/// Generates, and writes or compares.
pub(crate) fn run(wanted: &args::Generate, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let document = wanted.document.display().to_string();
    let mut source = workspace::document(&wanted.document, &wanted.overlay)?;
    if wanted.strict {
        source = source.strict();
    }
    let generated = generator::generate_from(&source);
    // On its own the source is all of the screen, so that it can be piped; lint shows the warnings.
    let is_nothing = generated.source.is_empty();
    if wanted.out.is_some() || is_nothing {
        generated.problems.iter().try_for_each(|problem| writeln!(screen, "{problem}\n"))?;
    }
    if is_nothing {
        return Err(Failure::new(format!("`{document}` cannot be made into a client")).help("mend the problems above, the errors first"));
    }
    let source = generated.file();
    let (all, degraded) = (generated.operations.len(), generated.degraded.len());
    let typed = format!("{all} operations, {} of them typed throughout", all - degraded);
    match &wanted.out {
        None => write!(screen, "{source}").map(|()| Exit::Done).map_err(Failure::from),
        Some(file) if wanted.check => compare(file, &source, &document, screen),
        Some(file) => replace(file, &source, &typed, screen),
    }
}

fn compare(file: &Path, source: &str, document: &str, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let name = file.display();
    if current(file)?.as_deref() == Some(source) {
        writeln!(screen, "`{name}` is up to date")?;
        return Ok(Exit::Done);
    }
    writeln!(screen, "`{name}` is not what `{document}` gives\nhelp: `cargo xtask generate {document} --out {name}` writes it")?;
    Ok(Exit::Attention)
}

/// Writes only what differs, so that what is built from the file is not built again for nothing.
fn replace(file: &Path, source: &str, typed: &str, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let name = file.display();
    if current(file)?.as_deref() == Some(source) {
        writeln!(screen, "`{name}` is up to date")?;
        return Ok(Exit::Done);
    }
    fs::write(file, source).map_err(|error| Failure::new(format!("cannot write `{name}`")).because(error))?;
    writeln!(screen, "`{name}` is written: {typed}")?;
    Ok(Exit::Done)
}

/// What the file holds now; nothing when there is no file.
fn current(file: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(format!("cannot read `{}`", file.display())).because(error)),
    }
}
