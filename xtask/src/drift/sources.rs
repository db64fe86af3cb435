//! Where pages come from: files, addresses, and the `x-docs` of documents.

use std::{fs, path::PathBuf};

use specs::pages::{self, Page};

use super::documents::Held;
use crate::{Failure, fetch};

/// A page that could not be read.
pub(super) struct Unreached {
    pub(super) url: String,
    pub(super) reason: String,
}

/// Reads the pages that are named, as files or addresses.
pub(super) fn read(names: &[String]) -> Result<Vec<(Option<usize>, Page)>, Failure> {
    names.iter().map(|name| Ok((None, pages::read(name, &text(name)?)))).collect()
}

fn text(name: &str) -> Result<String, Failure> {
    if name.starts_with("http://") || name.starts_with("https://") {
        return fetched(name)
            .map_err(|reason| Failure::new(format!("cannot read `{name}`: {reason}")).help("look at the address in a browser"));
    }
    let help = "name a file with the page's text, Markdown or HTML, or its address";
    let bytes = fs::read(PathBuf::from(name)).map_err(|error| Failure::new(format!("cannot read `{name}`")).because(error).help(help))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads all pages that the documents were written from, each once for each document.
pub(super) fn watched(held: &[Held]) -> (Vec<(Option<usize>, Page)>, Vec<Unreached>) {
    let (mut found, mut unreached) = (Vec::new(), Vec::new());
    for (at, url) in urls(held) {
        match fetched(&url) {
            Ok(text) => found.push((Some(at), pages::read(&url, &text))),
            Err(reason) => unreached.push(Unreached { url, reason }),
        }
    }
    (found, unreached)
}

/// The addresses in `x-docs`, with the position of their document.
fn urls(held: &[Held]) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for (at, held) in held.iter().enumerate() {
        let Some(api) = &held.loaded.api else { continue };
        for docs in api.docs.iter().chain(api.operations.iter().flat_map(|operation| &operation.docs)) {
            if !found.iter().any(|(known, url)| *known == at && *url == docs.url) {
                found.push((at, docs.url.clone()));
            }
        }
    }
    found
}
