//! `mock-server inspect`: what is known of documents, and why it is believed.
//!
//! What is shown is what the mock goes by, fact for fact, each with its reason: `declared`, or what it was inferred
//! from. So whoever finds a provider acted out wrongly sees which line of the document to write.

mod facts;
mod sheet;
mod told;

use std::io::{self, Write as _};

use mock_server::{Error, embedded, lay_over};
use specs::Source;

use super::{
    arguments::{Inspect, named_overlay, named_source},
    failure::Failure,
};

/// Shows the documents that are wanted, on standard output, and what is wrong with them, on standard error.
pub(crate) fn run(wanted: &Inspect) -> Result<(), Failure> {
    let mut sheets = Vec::new();
    let mut chosen = chosen(wanted)?;
    let overlays = wanted.overlay.iter().map(|argument| named_overlay(argument)).collect::<Result<Vec<_>, _>>()?;
    let likely = 0..chosen.len();
    lay_over(&mut chosen, likely, overlays)?;
    for source in chosen {
        let source = if wanted.strict { source.strict() } else { source };
        let loaded = specs::load(&source);
        let Some(api) = loaded.api else {
            return Err(Error::InvalidDocument { file: source.file, problems: loaded.problems }.into());
        };
        for problem in &loaded.problems {
            eprintln!("{problem}\n");
        }
        sheets.push(facts::sheet(&api).to_string());
    }
    // A closed pipe is no reason to fail.
    let _ = io::stdout().lock().write_all(sheets.join("\n").as_bytes());
    Ok(())
}

/// The documents that are given and those that are named, in that order.
fn chosen(wanted: &Inspect) -> Result<Vec<Source>, Failure> {
    let mut chosen = wanted.document.iter().map(|file| named_source(file)).collect::<Result<Vec<_>, _>>()?;
    if chosen.is_empty() && wanted.providers.is_empty() {
        return Ok(embedded().collect());
    }
    for name in &wanted.providers {
        if chosen.iter().any(|source| source.name == *name) {
            continue;
        }
        let found = embedded().find(|source| source.name == *name);
        let known = || embedded().map(|source| source.name).collect();
        chosen.push(found.ok_or_else(|| Error::UnknownDocument { name: name.clone(), known: known() })?);
    }
    Ok(chosen)
}
