//! Pages of made-up vendors, each with the facts that it states beside it, one a line: line, basis, operation, place, claim.
//!
//! `PAGES_WRITE=1` writes the tables anew; what they then say is to be read against the page, line by line.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a harness reports by panicking, its helpers too")]

#[path = "pages/examples.rs"]
mod examples;
#[path = "pages/table.rs"]
mod table;

use std::{fs, path::PathBuf};

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use specs::pages::{Format, Page, read};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pages")
}

/// Every page: file name and text.
fn pages() -> Vec<(String, String)> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let is_page = |path: &PathBuf| path.extension().is_some_and(|extension| extension != "facts" && extension != "rs");
    let mut found: Vec<_> = files
        .filter(is_page)
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    found.sort();
    found
}

/// The format that the name of a page begins with.
fn format(name: &str) -> Format {
    let starts = [
        ("fern", Format::FernText),
        ("fumadocs", Format::FumadocsText),
        ("html", Format::Html),
        ("mintlify-source", Format::MintlifySource),
        ("mintlify-text", Format::MintlifyText),
        ("openapi", Format::OpenApi),
        ("prose", Format::Prose),
    ];
    starts.into_iter().find(|(start, _)| name.starts_with(start)).unwrap_or_else(|| panic!("`{name}` begins with no format")).1
}

#[test]
fn every_page_states_the_facts_beside_it() {
    for (name, text) in pages() {
        let page = read(&name, &text);
        assert_eq!(page.format, format(&name), "{name}");
        let file = folder().join(&name).with_extension("facts");
        let shown = table::shown(&page);
        if std::env::var_os("PAGES_WRITE").is_some() {
            fs::write(&file, &shown).unwrap();
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        let missing: Vec<_> = expected.lines().filter(|line| !shown.lines().any(|other| other == *line)).collect();
        let new: Vec<_> = shown.lines().filter(|line| !expected.lines().any(|other| other == *line)).collect();
        assert_eq!(shown, expected, "{name}\nno longer: {missing:#?}\nnew: {new:#?}");
    }
}

#[test]
fn each_format_has_two_pages_at_least_and_most_of_their_lines_are_understood() {
    let pages = pages();
    for start in ["fern", "fumadocs", "html", "mintlify-source", "mintlify-text", "openapi", "prose"] {
        assert!(pages.iter().filter(|(name, _)| name.starts_with(start)).count() >= 2, "{start}");
    }
    for (name, text) in pages {
        let coverage = read(&name, &text).coverage();
        assert!(coverage.unread * 20 <= coverage.lines, "{name}: {coverage} of {} lines", coverage.lines);
    }
}

#[test]
fn what_is_not_understood_is_told_with_its_line() {
    let page = read(
        "odd.txt",
        "POST\nhttps://odd.example/things\nRequest\nThis endpoint expects an object.\nnamestringRequired\nshapeblobOptional\n",
    );
    assert_eq!(page.format, Format::FernText);
    assert_eq!(page.unread.iter().map(|unread| (unread.first, unread.text.as_str())).collect::<Vec<_>>(), [(6, "shapeblobOptional")]);
    assert_eq!(page.coverage().to_string(), "5 facts, 1 line not understood");
}

/// What must hold of a page, whatever it says.
fn check(text: &str) -> Result<(), TestCaseError> {
    let page: Page = read("any", text);
    let last = text.lines().count().max(1);
    for fact in &page.facts {
        prop_assert!((1..=last).contains(&fact.line), "line {} of {last}: {:?}", fact.line, fact.statement);
        prop_assert!(fact.operation.is_none_or(|operation| operation < page.operations.len()), "{:?}", fact.operation);
    }
    for unread in &page.unread {
        prop_assert!(1 <= unread.first && unread.first <= unread.last && unread.last <= last, "{}-{} of {last}", unread.first, unread.last);
    }
    prop_assert!(page.lines <= last && page.coverage().unread <= page.lines, "{} of {} of {last}", page.coverage().unread, page.lines);
    Ok(())
}

fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// A page in which lines are dropped, doubled or cut, and letters exchanged.
fn damaged() -> impl Strategy<Value = String> {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), 0_u8..7, any::<prop::sample::Index>(), ".{0,3}"), 1..12);
    (prop::sample::select(pages()), edits).prop_map(|((_, text), edits)| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (place, kind, other, piece) in edits {
            let at = place.index(lines.len());
            let cut = lines[at].char_indices().map(|(at, _)| at).nth(other.index(lines[at].chars().count().max(1))).unwrap_or_default();
            match kind {
                0 if lines.len() > 1 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[at].clone()),
                2 => lines[at].truncate(cut),
                3 => lines[at].insert_str(cut, &piece),
                4 => lines.truncate(at.max(1)),
                5 => {
                    let joined = lines[at].clone();
                    lines[at.saturating_sub(1)].push_str(&joined);
                }
                _ => lines.swap(at, other.index(at + 1)),
            }
        }
        lines.join("\n")
    })
}

#[test]
fn no_text_is_too_odd_to_be_read() {
    runner(1_500).run(&damaged(), |text| check(&text)).unwrap_or_else(|failure| panic!("{failure}"));
    let marks = "[ \\n`{}\\[\\]<>\"':,|*#$()/=_.0-9a-zA-Zäπ…“\u{200b}-]{0,120}";
    runner(600).run(&marks.prop_map(|text| text), |text| check(&text)).unwrap_or_else(|failure| panic!("{failure}"));
    runner(300).run(&any::<String>(), |text| check(&text)).unwrap_or_else(|failure| panic!("{failure}"));
}
