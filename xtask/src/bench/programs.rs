//! The three programs under measurement, built with the same profile in one run of cargo.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::Stdio,
};

use serde_json::Value;

use super::report::SERVERS;
use crate::{Failure, workspace};

/// Names of the targets, in the order of [`SERVERS`].
const TARGETS: [&str; 3] = ["mock-server", "bare_dropshot", "bare_hyper"];

/// Builds the programs and says where they are, in the order of [`SERVERS`].
pub(crate) fn build() -> Result<[PathBuf; SERVERS.len()], Failure> {
    built(&["--bench", TARGETS[1], "--bench", TARGETS[2]], TARGETS)
}

/// Builds the mock alone and says where it is.
pub(crate) fn mock() -> Result<PathBuf, Failure> {
    built(&[], [TARGETS[0]]).map(|[mock]| mock)
}

/// Builds the mock and what else is asked for, and says where these targets are.
fn built<const N: usize>(more: &[&str], targets: [&str; N]) -> Result<[PathBuf; N], Failure> {
    let mut cargo = workspace::cargo(&["build", "--release", "--package", "mock-server", "--bin", TARGETS[0]]);
    cargo.args(more).args(["--message-format", "json-render-diagnostics"]).stdout(Stdio::piped());
    let cannot = |source| Failure::new("cannot start cargo").because(source);
    let mut process = cargo.spawn().map_err(cannot)?;
    let messages = process.stdout.take().map(|stdout| BufReader::new(stdout).lines()).into_iter().flatten().map_while(Result::ok);
    let artifacts = messages.filter_map(|line| serde_json::from_str(&line).ok()).filter_map(|message| executable(&message));
    let artifacts = artifacts.collect::<Vec<_>>();
    if !process.wait().map_err(cannot)?.success() {
        return Err(Failure::new("the servers do not build"));
    }
    let mut programs = [const { PathBuf::new() }; N];
    for (program, target) in programs.iter_mut().zip(targets) {
        let built = artifacts.iter().find(|(name, _)| name == target);
        program.clone_from(&built.ok_or_else(|| Failure::new(format!("cargo built no program `{target}`")))?.1);
    }
    Ok(programs)
}

/// Name and program of a target, when a message of cargo tells of one.
fn executable(message: &Value) -> Option<(String, PathBuf)> {
    let name = message.get("target")?.get("name")?.as_str()?;
    Some((name.to_owned(), message.get("executable")?.as_str()?.into()))
}
