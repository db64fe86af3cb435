//! Which documents a mock serves: those that are built in, and those that it is given.

use std::ops::Range;

use specs::{Overlay, Reading, Source};

use crate::Error;

/// Name, file and text of each document of `specs`, and path and text of the files that it refers to, as they were when
/// the mock was built.
type Embedded = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const EMBEDDED: &[Embedded] = &include!(concat!(env!("OUT_DIR"), "/documents.rs"));

/// The documents that are built in.
pub fn embedded() -> impl Iterator<Item = Source> {
    EMBEDDED.iter().map(|(name, file, text, beside)| {
        let texts = beside.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Source::new(name, file, (*text).to_owned()).with_texts(texts)
    })
}

/// Which documents are wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    /// Documents beside the built-in ones; one with the name of a built-in document takes its place.
    pub(crate) sources: Vec<Source>,
    /// Serve these alone; empty: all.
    pub(crate) only: Vec<String>,
    /// Serve this one alone, without its name as a prefix.
    pub(crate) root: Option<String>,
    /// Overlays, each with the name of its document when that is given.
    pub(crate) overlays: Vec<(Option<String>, Overlay)>,
    pub(crate) reading: Reading,
}

impl Choice {
    /// The documents to serve, in order, each under a name of its own.
    pub(crate) fn resolve(self) -> Result<Vec<Source>, Error> {
        let mut all: Vec<Source> = Vec::new();
        for source in self.sources {
            check_name(&source.name)?;
            if all.iter().any(|known| known.name == source.name) {
                return Err(Error::DuplicateDocument { name: source.name });
            }
            all.push(source);
        }
        let built_in: Vec<Source> = embedded().filter(|source| !all.iter().any(|given| given.name == source.name)).collect();
        let given: Vec<String> = all.iter().map(|source| source.name.clone()).collect();
        all.splice(0..0, built_in);
        let wanted = if let Some(root) = self.root { vec![root] } else { self.only };
        let mut chosen = if wanted.is_empty() { all } else { pick(&wanted, all)? };
        let only = given.first().filter(|_| given.len() == 1).and_then(|given| chosen.iter().position(|source| source.name == *given));
        let likely = only.map_or(0..chosen.len(), |only| only..only + 1);
        lay_over(&mut chosen, likely, self.overlays)?;
        for source in &mut chosen {
            source.reading = self.reading;
        }
        if chosen.is_empty() { Err(Error::NoDocument) } else { Ok(chosen) }
    }
}

/// Puts each overlay on the document that is named with it, or on the only one of those that are likely to be meant.
pub fn lay_over(sources: &mut [Source], likely: Range<usize>, overlays: Vec<(Option<String>, Overlay)>) -> Result<(), Error> {
    for (name, overlay) in overlays {
        let known = || sources.iter().map(|source| source.name.clone()).collect();
        let position = match &name {
            Some(name) => {
                let found = sources.iter().position(|source| source.name == *name);
                found.ok_or_else(|| Error::UnknownDocument { name: name.clone(), known: known() })?
            }
            None if likely.len() == 1 => likely.start,
            None => return Err(Error::UnplacedOverlay { file: overlay.file, known: known() }),
        };
        sources[position].overlays.push(overlay);
    }
    Ok(())
}

fn pick(wanted: &[String], all: Vec<Source>) -> Result<Vec<Source>, Error> {
    if let Some(unknown) = wanted.iter().find(|name| !all.iter().any(|source| source.name == **name)) {
        let known = all.into_iter().map(|source| source.name).collect();
        return Err(Error::UnknownDocument { name: unknown.clone(), known });
    }
    Ok(all.into_iter().filter(|source| wanted.contains(&source.name)).collect())
}

/// A name is the first segment of a path, and `~` there opens the name of a sandbox.
fn check_name(name: &str) -> Result<(), Error> {
    let fits = !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'));
    if fits { Ok(()) } else { Err(Error::InvalidName { name: name.to_owned() }) }
}
