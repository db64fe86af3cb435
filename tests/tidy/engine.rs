//! The engine is pure: the same request, snapshot, clock and seed give the same exchange, so it has no way to the outside.

use crate::{
    assert_finds, assert_none,
    sources::{File, rust_files},
};

/// Where the engine lives.
const FOLDER: &str = "mock-server/src/engine";

/// Words of code that lead outside, and what lies there.
const OUTSIDE: [(&str, &str); 8] = [
    ("tokio", "a runtime"),
    ("hyper", "a connection"),
    ("dropshot", "a server"),
    ("reqwest", "a client"),
    ("fs", "files"),
    ("net", "sockets"),
    ("SystemTime", "the machine's clock"),
    ("Instant", "the machine's clock"),
];

fn check(file: &File) -> Vec<String> {
    let words = file.identifiers();
    let outside = OUTSIDE.iter().filter(|(word, _)| words.iter().any(|one| one == word));
    outside.map(|(word, what)| format!("{}: `{word}` leads to {what}", file.path)).collect()
}

#[test]
fn the_engine_has_no_way_outside() {
    let files = rust_files();
    let engine = files.iter().filter(|file| file.path.strip_prefix(FOLDER).is_some_and(|rest| rest.starts_with(['/', '.'])));
    let engine = engine.collect::<Vec<_>>();
    assert!(!engine.is_empty(), "the engine is in `{FOLDER}`");
    assert_none(&engine.into_iter().flat_map(check).collect::<Vec<_>>(), "let the shell around the engine do it, and hand in the result");
}

#[test]
fn a_way_outside_is_found() {
    let check = |text: &str| check(&File::new("mock-server/src/engine/a.rs", text));
    assert_finds(&check("use tokio::time;"), &check("// tokio\n/// hyper\nfn f() {}"));
}
