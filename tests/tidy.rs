//! The invariants of this workspace, as tests.
//!
//! Each check is a function from data (files, facts of documents, packages) to findings; a test runs it over the
//! workspace, and another over a made-up fixture, because a check that cannot fail proves nothing. What a check looks
//! for is computed wherever it can be: names, hosts, paths and properties of providers come from the documents.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a harness reports by panicking, its helpers too")]

#[path = "tidy/dependencies.rs"]
mod dependencies;
#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/engine.rs"]
mod engine;
#[path = "tidy/layout.rs"]
mod layout;
#[path = "tidy/manifests.rs"]
mod manifests;
#[path = "tidy/readme.rs"]
mod readme;
#[path = "tidy/sources.rs"]
mod sources;
#[path = "tidy/style.rs"]
mod style;
#[path = "tidy/vendors.rs"]
mod vendors;

/// Fails with every finding, one a line, and what to do about them.
#[track_caller]
fn assert_none(findings: &[String], help: &str) {
    assert!(findings.is_empty(), "\n{}\nhelp: {help}\n", findings.join("\n"));
}

/// The other half of every check: it finds what is wrong with a fixture, and nothing in its mended twin.
#[track_caller]
fn assert_finds(wrong: &[String], mended: &[String]) {
    assert_eq!((wrong.len(), mended.len()), (1, 0), "wrong: {wrong:?}, mended: {mended:?}");
}
