//! What the README shows of a terminal is what is printed there: every block marked `console` is typed line by line, in a
//! repository that holds the files that it names.

mod console;

use std::{fs, path::Path};

use console::Console;

/// The folder that the examples are about.
const EXAMPLES: &str = "xtask/fixtures/docs";

#[test]
fn the_readme_shows_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).expect("there is a README");
    let blocks = blocks(&readme);
    assert!(!blocks.is_empty(), "the README shows a terminal");
    for (number, block) in blocks.iter().enumerate() {
        let console = Console::new(&format!("readme-{number}"));
        for entry in fs::read_dir(root.join(EXAMPLES)).expect("the examples are there") {
            let file = entry.expect("a folder can be read").path();
            let name = file.file_name().expect("files have names").to_string_lossy().into_owned();
            console.write(&format!("{EXAMPLES}/{name}"), &fs::read_to_string(&file).expect("an example is text"));
        }
        console.commit();
        for (line, shown) in typed(block) {
            let said = console.types(line);
            assert_eq!(said.screen.trim_end(), without_commits(&shown).trim_end(), "`{line}` ends with {}", said.code);
        }
    }
}

/// The blocks that are marked `console`.
fn blocks(readme: &str) -> Vec<&str> {
    let opened = readme.split("```console\n").skip(1);
    opened.map(|rest| rest.split_once("```").expect("a block ends").0).collect()
}

/// Each line that is typed, with what is shown below it.
fn typed(block: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(typed), _) => found.push((typed, String::new())),
            (None, Some((_, shown))) => *shown += &format!("{line}\n"),
            (None, None) => assert!(line.is_empty(), "a block begins with a line that is typed, not with `{line}`"),
        }
    }
    found
}

/// Every clone has commits of its own: what looks like the name of one is as the console has it.
fn without_commits(shown: &str) -> String {
    let is_commit = |word: &&str| word.len() == 9 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words: Vec<&str> = shown.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(is_commit).collect();
    words.iter().fold(shown.to_owned(), |shown, commit| shown.replace(commit, "COMMIT"))
}
