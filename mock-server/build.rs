//! Embeds every document of `specs`: writes a table of their names, files and texts, so that no list of providers
//! stands in the code.

use std::{env, error::Error, fmt::Write, fs, path::Path};

use specs::Source;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", specs::DIR);
    let mut table = String::from("[\n");
    for path in specs::documents(Path::new(specs::DIR))? {
        let name = Source::read(&path)?.name;
        let file = path.file_name().map(|file| Path::new("specs").join(file)).unwrap_or_default();
        writeln!(table, "    ({name:?}, {:?}, include_str!({:?})),", file.display().to_string(), path.display().to_string())?;
    }
    table.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("documents.rs"), table)?;
    Ok(())
}
