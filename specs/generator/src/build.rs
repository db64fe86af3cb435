//! What the build script of another workspace calls: documents to modules in `OUT_DIR`.

use std::{env, fs, io, path::Path, process::ExitCode};

use specs::{Problem, Severity, Source};

use crate::{Generated, generate};

/// How many problems of a document a build shows.
const SHOWN: usize = 6;

/// Makes a client of each of these documents, from a build script: `harbour.yaml` becomes `harbour.rs` in `OUT_DIR`, a
/// file with the module `harbour`.
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     generator::build(&["harbour.yaml"])
/// }
/// ```
///
/// The crate says `include!(concat!(env!("OUT_DIR"), "/harbour.rs"));` and depends on `client-runtime`. What of a
/// document cannot be typed, or is wrong, is a warning of the build; the build fails when nothing can be made of one.
#[must_use]
pub fn build(documents: &[impl AsRef<Path>]) -> ExitCode {
    let made: Result<Vec<()>, String> = documents.iter().map(|document| one(document.as_ref())).collect();
    match made {
        Ok(_) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn one(document: &Path) -> Result<(), String> {
    let told = |error: io::Error| format!("cannot make a client of `{}`: {error}", document.display());
    println!("cargo:rerun-if-changed={}", document.display());
    let out = env::var_os("OUT_DIR").ok_or_else(|| told(io::Error::other("cargo sets `OUT_DIR` for build scripts")))?;
    let source = Source::read(document).map_err(told)?;
    let generated = generate_from(&source);
    for file in &generated.files {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    if generated.source.is_empty() {
        return Err(told(io::Error::other(screen(&generated.problems))));
    }
    for line in screen(&generated.problems).lines() {
        println!("cargo:warning={line}");
    }
    fs::write(Path::new(&out).join(format!("{}.rs", source.name)), generated.module(&source.name)).map_err(told)
}

/// Reads a document and generates its client: for tools that keep the source. The problems are those of reading, then
/// those of generating, each with its line.
#[must_use]
pub fn generate_from(source: &Source) -> Generated {
    let loaded = specs::load(source);
    let mut generated = loaded.api.as_ref().map(generate).unwrap_or_default();
    if let Some(document) = &loaded.document {
        for problem in &mut generated.problems {
            document.place(problem);
        }
        let folder = Path::new(&source.file).parent().unwrap_or(Path::new(""));
        generated.files = document.beside().map(|path| folder.join(path)).collect();
    }
    let own = std::mem::replace(&mut generated.problems, loaded.problems);
    generated.problems.extend(own);
    generated
}

/// The first problems, errors before warnings, and how many there are.
fn screen(problems: &[Problem]) -> String {
    let mut shown: Vec<&Problem> = problems.iter().collect();
    shown.sort_by_key(|problem| problem.severity != Severity::Error);
    let mut text: Vec<String> = shown.iter().take(SHOWN).map(ToString::to_string).collect();
    if shown.len() > SHOWN {
        text.push(format!("and {} more", shown.len() - SHOWN));
    }
    text.join("\n")
}
