//! Bytes of any kind: reading them as a document ends with a document or with problems, and never with a panic.
#![expect(clippy::panic, reason = "a test may")]

use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use specs::Source;

const QUARRY: &str = include_str!("documents/quarry.yaml");
/// What ends, opens and names things in JSON and YAML.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "'",
    "\\",
    "\\u",
    "\\ud800",
    "\u{feff}",
    "\0",
    "\r",
    "\n",
    "\t",
    "---",
    "...",
    "&a",
    "*a",
    "!!binary",
    "<<: *a",
    "? ",
    "- ",
    "|",
    ">-",
    "#",
    "$ref",
    "#/",
    "~1",
    "~2",
    "null",
    "on",
    "1e999",
    "-0",
    "0x1F",
    "99999999999999999999999",
    "openapi: 3.1.0",
    "swagger: '2.0'",
    "%",
    "allOf",
    "é",
    "🌊",
];

/// A change of a text: where, how much is taken away, and what is put there.
type Edit = (f64, usize, Vec<u8>);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let put = prop_oneof![4 => select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()), 1 => vec(any::<u8>(), 0..5)];
    vec((0.0..1.0, select(vec![0_usize, 0, 1, 2, 8, 300]), put), 1..5)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length is a position")]
fn edited(text: &str, edits: Vec<Edit>) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for (share, taken, put) in edits {
        let at = (share * bytes.len() as f64) as usize;
        let end = (at + taken).min(bytes.len());
        bytes.splice(at..end, put);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn check(cases: u32, file: &str, texts: impl Strategy<Value = String>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let result = runner.run(&texts, |text| {
        let loaded = specs::load(&Source::new("fixture", file, text));
        prop_assert!(loaded.api.is_some() || !loaded.problems.is_empty(), "what cannot be used comes with a reason");
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn a_document_in_yaml_survives_any_edit() {
    check(150, "fixture.yaml", edits().prop_map(|edits| edited(QUARRY, edits)));
}

#[test]
fn a_document_in_json_survives_any_edit() {
    let document = specs::Document::read(&Source::new("quarry", "quarry.yaml", QUARRY.to_owned())).0.expect("the fixture is sound");
    let text = document.value.to_string();
    check(150, "fixture.json", edits().prop_map(move |edits| edited(&text, edits)));
}

#[test]
fn bytes_without_sense_are_refused() {
    let pieces = prop_oneof![3 => select(PIECES).prop_map(str::to_owned), 1 => ".{0,6}"];
    check(400, "fixture.yaml", vec(pieces, 0..40).prop_map(|pieces| pieces.concat()));
}
