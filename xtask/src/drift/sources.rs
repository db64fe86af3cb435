//! Where pages come from: files, addresses, and the `x-docs` of documents.

use std::{fs, path::PathBuf};

use specs::pages::{self, Page};

use super::documents::Held;
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

/// Reads the pages that are named, as files or addresses.
pub(super) fn read(names: &[String]) -> Result<Vec<(Option<usize>, Page)>, Failure> {
    names.iter().map(|name| Ok((None, pages::read(name, &text(name)?)))).collect()
}

fn text(name: &str) -> Result<String, Failure> {
    if name.starts_with("http://") || name.starts_with("https://") {
        return fetched(name);
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
            Err(failure) => unreached.push(Unreached { reason: failure.to_string().trim_start_matches("error: ").to_owned(), url }),
        }
    }
    (found, unreached)
}

/// The text of a page at an address. What was fetched before is kept, and asked for only if it changed since.
fn fetched(url: &str) -> Result<String, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("cannot start the runtime".to_owned()).because(error))?;
    let folder = workspace::target().unwrap_or_else(|_| std::env::temp_dir().join("crm-notes"));
    Ok(runtime.block_on(fetch(url, &Cache::new(folder.join("pages"))))?.body)
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
