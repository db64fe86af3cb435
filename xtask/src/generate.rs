//! `cargo xtask generate`: the client source of documents, or the list of its public items, to read it or to keep it in
//! another crate.
//!
//! What cannot be typed, and what is wrong with a document, is told and costs no more than its own place: whatever
//! there is a model of becomes a client. Source and list, writing and checking share one path and part at the last
//! step.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use generator::Generated;

use crate::{Exit, Failure, args, documents, workspace};

/// Generates, and writes or compares.
pub(crate) fn run(wanted: &args::Generate, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let all = documents::meant(wanted.document.as_deref(), wanted.specs.as_deref())?;
    let mut worst = Exit::Done;
    for document in &all {
        if one(wanted, document, screen)? == Exit::Attention {
            worst = Exit::Attention;
        }
    }
    Ok(worst)
}

fn one(wanted: &args::Generate, document: &Path, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let name = document.display().to_string();
    let mut source = workspace::document(document, &wanted.overlay)?;
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
        return Err(Failure::new(format!("`{name}` cannot be made into a client")).help("mend the problems above, the errors first"));
    }
    let text = text(wanted, &generated, &source.name, &name)?;
    let Some(out) = &wanted.out else {
        write!(screen, "{text}")?;
        return Ok(Exit::Done);
    };
    let (file, command) = (file(wanted, out, &source.name), command(wanted, out));
    if wanted.check { compare(&file, &text, &name, &command, screen) } else { replace(&file, &text, &summary(&generated), screen) }
}

/// What is written of a client: of several on one screen each is a module of its own.
fn text(wanted: &args::Generate, generated: &Generated, module: &str, document: &str) -> Result<String, Failure> {
    let is_alone = wanted.document.is_some() || wanted.out.is_some();
    if !wanted.surface {
        return Ok(if is_alone { generated.file() } else { generated.module(module) });
    }
    let surface = generated.surface().map_err(|error| Failure::new(format!("cannot read the client of `{document}`")).because(error))?;
    Ok(if is_alone { surface.to_string() } else { format!("// {module}\n{surface}\n") })
}

/// The file that is written: the one named, or one for each document in the folder named.
fn file(wanted: &args::Generate, out: &Path, module: &str) -> PathBuf {
    match wanted.document {
        Some(_) => out.to_owned(),
        None => out.join(format!("{module}.{}", if wanted.surface { "txt" } else { "rs" })),
    }
}

/// The command that writes what a check misses.
fn command(wanted: &args::Generate, out: &Path) -> String {
    let path = |flag: &str, path: &Path| format!(" {flag}{}", path.display());
    let mut command = "cargo xtask generate".to_owned();
    command.extend(wanted.document.iter().map(|document| path("", document)));
    command.extend(wanted.specs.iter().map(|specs| path("--specs ", specs)));
    command.extend(wanted.overlay.iter().map(|overlay| path("--overlay ", overlay)));
    for (flag, given) in [(" --strict", wanted.strict), (" --surface", wanted.surface)] {
        command.push_str(if given { flag } else { "" });
    }
    command + &path("--out ", out)
}

fn summary(generated: &Generated) -> String {
    let (all, degraded) = (generated.operations.len(), generated.degraded.len());
    format!("{all} operation{}, {} of them typed throughout", if all == 1 { "" } else { "s" }, all - degraded)
}

fn compare(file: &Path, text: &str, document: &str, command: &str, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let name = file.display();
    if current(file)?.as_deref() == Some(text) {
        writeln!(screen, "`{name}` is up to date")?;
        return Ok(Exit::Done);
    }
    writeln!(screen, "`{name}` is not what `{document}` gives\nhelp: `{command}` writes it")?;
    Ok(Exit::Attention)
}

/// Writes only what differs, so that what is built from the file is not built again for nothing.
fn replace(file: &Path, text: &str, typed: &str, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let name = file.display();
    if current(file)?.as_deref() == Some(text) {
        writeln!(screen, "`{name}` is up to date")?;
        return Ok(Exit::Done);
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = folder.map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(file, text));
    written.map_err(|error| Failure::new(format!("cannot write `{name}`")).because(error))?;
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
