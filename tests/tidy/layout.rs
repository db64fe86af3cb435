//! The top level is the diagram of the workspace: it holds the names that it is known by, and no others.

use std::{collections::BTreeSet, fs};

use crate::{assert_finds, assert_none, sources::root};

/// What `ls` shows in a clean clone.
const NAMES: [&str; 14] = [
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "build.rs",
    "examples",
    "mock-server",
    "specs",
    "src",
    "tests",
    "xtask",
];

/// Names too many and names too few. Settings of tools are dot-files and do not count; `target` is cargo's.
fn check(names: &BTreeSet<String>) -> Vec<String> {
    let expected = NAMES.map(str::to_owned).into_iter().collect::<BTreeSet<_>>();
    let shown = names.iter().filter(|name| !name.starts_with('.') && *name != "target").cloned().collect();
    let extra = expected.symmetric_difference(&shown);
    extra.map(|name| format!("`{name}` is {} at the top level", if shown.contains(name) { "new" } else { "missing" })).collect()
}

#[test]
fn the_top_level_is_the_diagram() {
    let names = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert_none(&check(&names), "put it inside the crate that it belongs to, or change the diagram in README.md and here");
}

#[test]
fn a_new_name_is_found() {
    let names = |more: &[&str]| NAMES.iter().chain(more).map(|&name| name.to_owned()).collect();
    assert_finds(&check(&names(&["scripts"])), &check(&names(&[".editorconfig", "target"])));
}
