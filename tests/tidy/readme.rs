//! The README keeps to what there is: its commands, the parts at the top level, and the extensions of documents.

use std::{collections::BTreeSet, fs};

use crate::{assert_finds, assert_none, sources::root};

/// The two commands that a newcomer types.
const COMMANDS: [&str; 2] = ["cargo run --release -p mock-server", "cargo test --workspace"];

/// What a README does not say although it should. An extension counts as explained when its name stands in a row of a
/// table, in backticks.
fn check(readme: &str, extensions: &BTreeSet<String>) -> Vec<String> {
    let lacking = COMMANDS.iter().filter(|command| !readme.lines().any(|line| line == **command));
    let commands = lacking.map(|command| format!("the command `{command}`, on a line of its own"));
    let rows = readme.lines().filter(|line| line.starts_with('|')).collect::<Vec<_>>();
    let explained = |name: &String| rows.iter().any(|row| row.contains(&format!("`{name}`")));
    commands.chain(extensions.iter().filter(|name| !explained(name)).map(|name| format!("the extension `{name}`"))).collect()
}

/// The extensions that have a schema: `x-mock.operation.json` is one of `x-mock`.
fn extensions() -> BTreeSet<String> {
    let files = fs::read_dir(root().join("specs/schemas")).unwrap().map(|entry| entry.unwrap().file_name());
    let names = files.filter_map(|file| Some(file.to_str()?.split('.').next()?.to_owned()));
    names.filter(|name| name.starts_with("x-")).collect()
}

#[test]
fn the_readme_says_what_there_is() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert_none(&check(&readme, &extensions()), "say it in README.md");
}

#[test]
fn what_a_readme_lacks_is_found() {
    let known = BTreeSet::from(["x-mood".to_owned()]);
    let commands = COMMANDS.join("\n");
    assert_finds(&check(&format!("{commands}\n`x-mood`"), &known), &check(&format!("{commands}\n| `x-mood` |"), &known));
    assert_finds(&check(&format!("{}\n| `x-mood` |", COMMANDS[0]), &known), &check(&format!("| `x-mood` |\n{commands}"), &known));
}
