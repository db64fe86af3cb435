//! The clients of the corpus, and for each document which of its operations are not typed throughout.

use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    let folder = Path::new(specs::DIR).join("tests/corpus");
    println!("cargo:rerun-if-changed={}", folder.display());
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets `OUT_DIR` for build scripts"))?;
    let is_script = |file: &Path| file.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(".script"));
    let documents = specs::documents(&folder)?.into_iter().filter(|file| !is_script(file)).collect();
    let providers = generator::generate_files("corpus_clients", documents);
    for (name, source) in &providers.modules {
        fs::write(Path::new(&out).join(format!("{name}.rs")), source)?;
    }
    let degraded: Vec<String> = providers.degraded.iter().map(|(name, ids)| format!("({name:?}, &{ids:?})")).collect();
    let degraded = degraded.join(", ");
    let table = format!("/// The operations that are not typed throughout.\npub const DEGRADED: &[(&str, &[&str])] = &[{degraded}];\n");
    fs::write(Path::new(&out).join("providers.rs"), providers.index + &table)
}
