//! Where the workspace is, and cargo in it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::Failure;

/// The folder of the root `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The folder that cargo builds in, as cargo itself says: its configuration may name another than `target`.
pub(crate) fn target() -> Result<PathBuf, Failure> {
    let cannot = || Failure::new("cannot learn from `cargo metadata` where cargo builds");
    let output = cargo(&["metadata", "--no-deps", "--offline", "--format-version", "1"]).output();
    let output = output.map_err(|error| cannot().because(error))?;
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| cannot().because(error))?;
    metadata["target_directory"].as_str().map(PathBuf::from).ok_or_else(cannot)
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
