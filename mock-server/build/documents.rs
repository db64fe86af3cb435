//! Every document of `specs`: writes a table of their names, files and texts, with those of the files that they refer
//! to, so that no list of providers stands in the code.

use std::{error::Error, fmt::Write, fs, path::Path};

use specs::{Document, Source};

/// Writes `documents.rs`.
pub(crate) fn embed(folder: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", specs::DIR);
    let mut table = String::from("[\n");
    for path in specs::documents(Path::new(specs::DIR))? {
        let source = Source::read(&path)?;
        let file = path.file_name().map(|file| Path::new("specs").join(file)).unwrap_or_default();
        let beside = beside(&source);
        writeln!(table, "    ({:?}, {:?}, include_str!({:?}), &[{beside}]),", source.name, file.display().to_string(), text(&path))?;
    }
    table.push_str("]\n");
    fs::write(folder.join("documents.rs"), table)?;
    Ok(())
}

/// Path and text of each file that the document refers to, wherever it is.
fn beside(source: &Source) -> String {
    let folder = Path::new(&source.file).parent().unwrap_or(Path::new(""));
    let document = Document::read(source).0;
    let mut table = String::new();
    for path in document.iter().flat_map(Document::beside) {
        let file = folder.join(path);
        println!("cargo::rerun-if-changed={}", file.display());
        table.push_str(&format!("({path:?}, include_str!({:?})), ", text(&file)));
    }
    table
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
