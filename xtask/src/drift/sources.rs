//! Where pages come from: files, addresses, and the `x-docs` of documents.

use std::{fs, path::PathBuf};

use specs::pages::{self, Page};
use tokio::runtime::{Builder, Runtime};

use super::Held;
use crate::{
    Failure,
    fetch::{Cache, fetch},
    workspace,
};

/// A page that could not be read.
pub(super) struct Unreached {
    pub(super) url: String,
    pub(super) reason: String,
}

/// Pages, each with the position of its document where that is known.
pub(crate) type Pages = Vec<(Option<usize>, Page)>;

/// Reads the pages that are named, as files or addresses.
pub(crate) fn read(names: &[String]) -> Result<Pages, Failure> {
    let reader = Reader::new()?;
    names.iter().map(|name| Ok((None, pages::read(name, &reader.text(name)?)))).collect()
}

/// Reads all pages that the documents were written from, each once for each document.
pub(super) fn watched(held: &[Held]) -> Result<(Pages, Vec<Unreached>), Failure> {
    let reader = Reader::new()?;
    let (mut found, mut unreached) = (Vec::new(), Vec::new());
    for (at, url) in urls(held) {
        match reader.fetched(&url) {
            Ok(text) => found.push((Some(at), pages::read(&url, &text))),
            Err(failure) => unreached.push(Unreached { url, reason: failure.to_string() }),
        }
    }
    Ok((found, unreached))
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

/// Reads files and addresses; one page after the other, since a vendor is nobody to be hurried.
struct Reader {
    runtime: Runtime,
    cache: Cache,
}

impl Reader {
    fn new() -> Result<Self, Failure> {
        let cannot = |error| Failure::new("cannot start what fetches pages").because(error);
        let runtime = Builder::new_current_thread().enable_all().build().map_err(cannot)?;
        // Beside what cargo builds when there is such a place; whoever installed this has none.
        let folder = workspace::target().unwrap_or_else(|_| std::env::temp_dir().join("crm-notes"));
        Ok(Self { runtime, cache: Cache::new(folder.join("pages")) })
    }

    fn text(&self, name: &str) -> Result<String, Failure> {
        if name.starts_with("http://") || name.starts_with("https://") {
            return self.fetched(name);
        }
        let help = "name a file with the page's text, Markdown or HTML, or its address";
        let bytes =
            fs::read(PathBuf::from(name)).map_err(|error| Failure::new(format!("cannot read `{name}`")).because(error).help(help))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn fetched(&self, url: &str) -> Result<String, Failure> {
        self.runtime.block_on(fetch(url, &self.cache)).map(|fetched| fetched.body)
    }
}
