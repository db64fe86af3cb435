//! What every file of Rust keeps to: short, introduced, named after what it holds, and finished.

use std::path::Path;

use crate::{
    assert_finds, assert_none,
    sources::{File, files, root, rust_files},
};

/// Lines of a file of Rust, its tests included.
const LONGEST: usize = 400;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 7] = ["common", "helpers", "manager", "misc", "types", "util", "utils"];

/// Marks of unfinished work, in two halves so that this file has none of them.
const LEFT_OVERS: [(&str, &str); 6] = [("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("to", "do!"), ("unimpl", "emented!"), ("db", "g!")];

fn too_long(file: &File) -> Vec<String> {
    let lines = file.text.lines().count();
    if lines > LONGEST { vec![format!("{}: {lines} lines", file.path)] } else { Vec::new() }
}

fn unintroduced(file: &File) -> Vec<String> {
    if file.text.starts_with("//! ") { Vec::new() } else { vec![format!("{}:1", file.path)] }
}

fn unfinished(file: &File) -> Vec<String> {
    let marks = LEFT_OVERS.map(|(one, other)| format!("{one}{other}"));
    let lines = file.text.lines().enumerate().filter(|(_, line)| marks.iter().any(|mark| has_word(line, mark)));
    lines.map(|(number, line)| format!("{}:{}: {}", file.path, number + 1, line.trim())).collect()
}

/// Whether the mark stands in the line, and is not the inside of a longer word.
fn has_word(line: &str, mark: &str) -> bool {
    let edge = |character: Option<char>| character.is_none_or(|character| !character.is_alphanumeric() && character != '_');
    line.match_indices(mark).any(|(at, _)| edge(line[..at].chars().next_back()) && edge(line[at + mark.len()..].chars().next()))
}

fn emptily_named(file: &File) -> Vec<String> {
    let named = |part: &str| EMPTY_NAMES.contains(&part.trim_end_matches(".rs"));
    if file.path.split('/').any(named) { vec![file.path.clone()] } else { Vec::new() }
}

/// Mentions of the machine that this runs on.
fn tied_to(machine: &[String], file: &File) -> Vec<String> {
    let lines = file.text.lines().enumerate().filter(|(_, line)| machine.iter().any(|path| line.contains(path)));
    lines.map(|(number, line)| format!("{}:{}: {}", file.path, number + 1, line.trim())).collect()
}

/// Paths that name this machine or someone's home; a home of one folder (`/root`) is too common a word.
fn machine() -> Vec<String> {
    let home = std::env::var("HOME").ok().filter(|home| Path::new(home).components().count() > 2);
    let user = ["/home", "/Users"].map(|folder| format!("{folder}/"));
    [root().display().to_string()].into_iter().chain(home).chain(user).collect()
}

#[test]
fn files_are_short() {
    assert_none(&rust_files().iter().flat_map(too_long).collect::<Vec<_>>(), "cut it where it changes its subject");
}

#[test]
fn files_open_by_saying_what_they_are() {
    assert_none(&rust_files().iter().flat_map(unintroduced).collect::<Vec<_>>(), "open with a `//!` line that states the decision");
}

#[test]
fn nothing_is_left_unfinished() {
    let text = |file: &File| [".rs", ".yaml", ".yml", ".md", ".toml"].iter().any(|end| file.path.ends_with(end));
    let found = files().iter().filter(|file| text(file)).flat_map(unfinished).collect::<Vec<_>>();
    assert_none(&found, "do it now, or leave the line out");
}

#[test]
fn names_say_what_is_inside() {
    assert_none(&rust_files().iter().flat_map(emptily_named).collect::<Vec<_>>(), "name it after what it holds");
}

#[test]
fn nothing_names_this_machine() {
    let machine = machine();
    let found = files().iter().flat_map(|file| tied_to(&machine, file)).collect::<Vec<_>>();
    assert_none(&found, "say where from the root of the workspace");
}

#[test]
fn what_is_wrong_with_a_file_is_found() {
    let file = |text: &str| File::new("a.rs", text);
    let long = |lines: usize| file(&"//! a\n".repeat(lines));
    assert_finds(&too_long(&long(LONGEST + 1)), &too_long(&long(LONGEST)));
    assert_finds(&unintroduced(&file("// a\n")), &unintroduced(&file("//! a\n")));
    let mark = LEFT_OVERS.map(|(one, other)| format!("{one}{other}"));
    assert_finds(&unfinished(&file(&format!("// {}: later\n", mark[0]))), &unfinished(&file(&format!("let a{} = 1;\n", mark[0]))));
    assert_finds(&unfinished(&file(&format!("{}()\n", mark[3]))), &unfinished(&file(&format!("let pseu{}()\n", mark[3]))));
    assert_finds(&emptily_named(&File::new("a/utils/b.rs", "")), &emptily_named(&File::new("a/utilities.rs", "")));
    let machine = ["/somewhere/here".to_owned()];
    assert_finds(&tied_to(&machine, &file("\"/somewhere/here/x\"")), &tied_to(&machine, &file("\"/somewhere\"")));
}
