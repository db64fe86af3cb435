//! Where the workspace is, and cargo in it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use specs::{Overlay, Source};

use crate::Failure;

/// The folder of the root `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The folder that cargo builds in, as cargo itself says: its configuration may name another than `target`.
pub(crate) fn target() -> Result<PathBuf, Failure> {
    let metadata = metadata()?;
    let target = metadata["target_directory"].as_str().map(PathBuf::from);
    target.ok_or_else(|| Failure::new("cannot learn from `cargo metadata` where cargo builds"))
}

/// The folder of documents when none is named, as seen from here: that of this workspace; and `specs` for whoever is
/// elsewhere, with what they installed from it.
pub(crate) fn documents() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    if !here.starts_with(root()) {
        return PathBuf::from("specs");
    }
    let folder = Path::new(specs::DIR);
    let near = folder.strip_prefix(&here).unwrap_or(folder);
    if near.as_os_str().is_empty() { PathBuf::from(".") } else { near.to_owned() }
}

/// A document with overlays.
pub(crate) fn document(path: &Path, overlays: &[PathBuf]) -> Result<Source, Failure> {
    let cannot = |path: &Path, error: std::io::Error| {
        let failure = Failure::new(format!("cannot read `{}`", path.display())).because(error);
        failure.help("name OpenAPI documents, as files of YAML or JSON")
    };
    let mut source = Source::read(path).map_err(|error| cannot(path, error))?;
    for overlay in overlays {
        source = source.with_overlay(Overlay::read(overlay).map_err(|error| cannot(overlay, error))?);
    }
    Ok(source)
}

/// Names of the workspace's packages and of their targets, as cargo writes them in names of files: with underscores.
pub(crate) fn names() -> Result<BTreeSet<String>, Failure> {
    let metadata = metadata()?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let named = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten().chain([package]));
    Ok(named.filter_map(|named| named["name"].as_str()).map(|name| name.replace('-', "_")).collect())
}

fn metadata() -> Result<Value, Failure> {
    let cannot = || Failure::new("cannot ask `cargo metadata`");
    let output = cargo(&["metadata", "--no-deps", "--offline", "--format-version", "1"]).output();
    serde_json::from_slice(&output.map_err(|error| cannot().because(error))?.stdout).map_err(|error| cannot().because(error))
}

/// A run of cargo in the root, by the toolchain that runs this.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command to its end, with its output on the terminal, and says whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool, Failure> {
    match command.status() {
        Ok(status) => Ok(status.success()),
        Err(source) => Err(Failure::new(format!("cannot start `{}`", command.get_program().display())).because(source)),
    }
}

/// Whether `cargo <name>` is there.
pub(crate) fn has_subcommand(name: &str) -> bool {
    let mut command = cargo(&[name, "--version"]);
    command.output().is_ok_and(|output| output.status.success())
}
