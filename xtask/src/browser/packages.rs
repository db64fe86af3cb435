//! The packages of the script, as its lock file pins them.

use std::{fs, io, path::Path, process::Command};

use serde_json::Value;

use super::{Lack, tools::Tools};
use crate::Failure;

/// Codes by which npm says that it did not reach the registry, in contrast to what is wrong with the packages.
const UNREACHABLE: [&str; 10] = [
    "E403",
    "E407",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "ERR_SOCKET_TIMEOUT",
    "ETIMEDOUT",
];

/// The major version of Node.js that the script needs, as its manifest says.
pub(crate) fn oldest_node(folder: &Path) -> Result<u32, Failure> {
    let manifest = folder.join("package.json");
    let engine = read(&manifest)?.and_then(|manifest| manifest["engines"]["node"].as_str()?.strip_prefix(">=")?.parse().ok());
    engine.ok_or_else(|| Failure::new(format!("`{}` does not say which Node.js it needs", manifest.display())))
}

/// Installs the packages, unless they are there; says what is lacking when it cannot.
pub(crate) fn install(folder: &Path, tools: &Tools) -> Result<Option<Lack>, Failure> {
    let [locked, installed] = [folder.join("package-lock.json"), folder.join("node_modules").join(".package-lock.json")];
    if is_same(read(&locked)?.as_ref(), read(&installed)?.as_ref()) {
        return Ok(None);
    }
    let Some(npm) = &tools.npm else {
        return Ok(Some(Lack::new("no npm is installed, and the packages of the check are not there", "install npm")));
    };
    let mut command = Command::new(npm);
    command
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries", "1", "--fetch-retry-mintimeout", "1000"])
        .current_dir(folder);
    let output = command.output().map_err(|error| Failure::new(format!("cannot start `{}`", npm.display())).because(error))?;
    if output.status.success() {
        return Ok(None);
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // The line with the code comes first; what npm says of its own use follows it.
    let why = said.lines().find_map(|line| line.split_once(" code ")).map_or(said.trim(), |(_, code)| code.trim());
    match UNREACHABLE.iter().find(|code| why == **code) {
        Some(code) => {
            Ok(Some(Lack::new(format!("npm cannot reach its registry ({code})"), "`npm ci` in `tests/browser` once, with a network")))
        }
        None => Err(Failure::new("`npm ci` failed in `tests/browser`").because(why).help("`npm ci` in `tests/browser` says more")),
    }
}

/// Whether what is installed is what is locked; only the lock file has an entry for the package itself, with an empty name.
fn is_same(locked: Option<&Value>, installed: Option<&Value>) -> bool {
    let packages = |lock: Option<&Value>| {
        let mut packages = lock?.get("packages")?.as_object()?.clone();
        packages.remove("");
        Some(packages)
    };
    packages(locked).is_some_and(|locked| packages(installed) == Some(locked))
}

/// A file of JSON; nothing when there is no file.
fn read(file: &Path) -> Result<Option<Value>, Failure> {
    let cannot = || Failure::new(format!("cannot read `{}`", file.display()));
    match fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| cannot().because(error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot().because(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_same, oldest_node};
    use crate::browser::folder;
    use serde_json::json;

    #[test]
    fn packages_are_installed_again_when_the_lock_file_changes() {
        let lock = |version: &str| json!({"packages": {"": {"name": "check"}, "node_modules/kite": {"version": version}}});
        let there = |version: &str| json!({"packages": {"node_modules/kite": {"version": version}}});
        assert!(is_same(Some(&lock("1.2.3")), Some(&there("1.2.3"))));
        assert!(!is_same(Some(&lock("1.2.4")), Some(&there("1.2.3"))));
        assert!(!is_same(Some(&lock("1.2.3")), None));
        assert!(!is_same(None, None));
    }

    #[test]
    fn the_manifest_says_which_node_it_needs() {
        assert!(oldest_node(&folder()).unwrap() >= 18);
        assert!(oldest_node(&folder().join("nowhere")).is_err());
    }
}
