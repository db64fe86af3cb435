//! Embeds what the mock has within it: the documents of `specs`, and the files of the API reference.

#[path = "build/documents.rs"]
mod documents;
#[path = "build/reference.rs"]
mod reference;

use std::{env, error::Error, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    documents::embed(&folder)?;
    reference::embed(&folder)
}
