//! Pages of each format beside documents of their own: silent as they are, and each change of a page is found, and only
//! it.

#[path = "drift/mutation.rs"]
mod mutation;
#[path = "drift/wording.rs"]
mod wording;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use specs::{
    Source,
    api::Loaded,
    drift::{Finding, Report, compare, first, propose},
    lint,
    pages::{self, Format, Page},
};

/// The document that was written from a page.
fn document_of(page: &str) -> PathBuf {
    let stem = Path::new(page).file_stem().expect("pages have names").to_string_lossy();
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drift").join(format!("{stem}.yaml"))
}

/// The pages, each with the document that was written from it.
fn pairs() -> Vec<(Page, String, Loaded)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut files: Vec<_> =
        fs::read_dir(&folder).expect("the folder is there").map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    let named = |path: &Path| path.file_name().expect("files have names").to_string_lossy().into_owned();
    let is_page = |name: &str| ![".facts", ".rs"].iter().any(|end| name.ends_with(end));
    let pages = files.iter().filter(|path| is_page(&named(path)));
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("pages are text");
        let name = named(path);
        let source = Source::read(&document_of(&name)).expect("every page has a document");
        (pages::read(&name, &text), text, lint::check(&source))
    };
    pages.map(read).collect()
}

fn report(page: &Page, loaded: &Loaded) -> Report {
    compare(std::slice::from_ref(page), loaded).expect("the document loads")
}

fn lines(findings: &[&Finding]) -> String {
    let line =
        |finding: &&Finding| format!("\n    {} {}: {}: {}", finding.verdict.as_str(), finding.rule, finding.subject, finding.message);
    findings.iter().map(line).collect()
}

#[test]
fn pages_agree_with_their_documents() {
    for (page, _, loaded) in pairs() {
        assert_eq!(loaded.problems, [], "{}", page.name);
        let report = report(&page, &loaded);
        assert!(report.is_silent(), "{}: {}", page.name, lines(&report.open().collect::<Vec<_>>()));
    }
}

#[test]
fn a_first_document_says_what_its_page_says() {
    for (page, _, _) in pairs() {
        let made = first(&page.name, std::slice::from_ref(&page), "2026-01-01").expect("it is written");
        let loaded = lint::check(&Source::new("first", "first.yaml", made.text));
        assert_eq!(loaded.problems, [], "{}", page.name);
        let report = report(&page, &loaded);
        assert!(report.is_silent(), "{}: {}", page.name, lines(&report.open().collect::<Vec<_>>()));
    }
}

/// How many changes of a kind were found exactly, of how many.
type Tally = BTreeMap<(&'static str, Format), (usize, usize)>;

#[test]
fn every_change_of_a_page_is_found_and_only_it() {
    let (mut tally, mut misses): (Tally, Vec<String>) = (BTreeMap::new(), Vec::new());
    for (page, text, loaded) in pairs() {
        for mutation in mutation::all(&page, &text) {
            let report = report(&pages::read(&page.name, &mutation.text), &loaded);
            let open: Vec<&Finding> = report.open().collect();
            let is_about = |finding: &&Finding| {
                mutation.words.iter().any(|word| finding.subject.contains(word.as_str()) || finding.message.contains(word.as_str()))
            };
            let found = open.iter().any(|finding| is_about(finding) && mutation.rules.contains(&finding.rule));
            let alone = open.iter().all(is_about);
            let entry = tally.entry((mutation.kind, page.format)).or_default();
            entry.0 += usize::from(found && alone);
            entry.1 += 1;
            if !found || !alone {
                misses.push(format!("{} {:?}: {}{}", page.name, mutation.kind, mutation.words.join(" "), lines(&open)));
            }
        }
    }
    let (found, all) = tally.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!("{}", matrix(&tally));
    assert!(all > 200, "there are only {all} changes");
    assert!(found * 100 >= all * 98, "{found} of {all} changes were found alone; the others:\n{}", misses.join("\n"));
    println!("{found} of {all}; the others:\n{}", misses.join("\n"));
}

/// How many of the changes are settled: one in so many, since each is loaded and compared several times.
const SETTLED: usize = 5;

#[test]
fn what_is_proposed_settles_what_was_found_and_breaks_nothing() {
    let (mut settled, mut all, mut left) = (0, 0, Vec::new());
    for (page, text, _) in pairs() {
        let source = Source::read(&document_of(&page.name)).expect("every page has a document");
        // A page whose field and example disagree is settled by no document.
        let agrees = |mutation: &mutation::Mutation| !matches!(mutation.kind, "type" | "example");
        for mutation in mutation::all(&page, &text).into_iter().filter(agrees).step_by(SETTLED) {
            let changed = [pages::read(&page.name, &mutation.text)];
            let proposal = propose(&changed, &source).expect("the document loads");
            let after = proposal.files.first().map_or_else(|| source.text.clone(), |file| file.after.clone());
            let loaded = lint::check(&Source::new("after", "after.yaml", after));
            assert_eq!(loaded.problems, [], "{} {:?}", page.name, mutation.words);
            let open = report(&changed[0], &loaded);
            let open: Vec<&Finding> = open.open().collect();
            assert_eq!(open.len(), proposal.left.len(), "{} {:?}: {}", page.name, mutation.words, lines(&open));
            all += 1;
            // That a page's example does not fit what its own field says, no document settles.
            settled += usize::from(open.iter().all(|finding| finding.rule == "example"));
            left.extend(proposal.left.iter().map(|(finding, why)| format!("{} {}: {}: {why}", page.name, finding.rule, finding.subject)));
        }
    }
    println!("{settled} of {all}; the others:\n{}", left.join("\n"));
    assert!(settled * 20 >= all * 19, "{settled} of {all} changes have a proposal; the others:\n{}", left.join("\n"));
}

/// Kinds of changes by formats.
fn matrix(tally: &Tally) -> String {
    let mut formats: Vec<Format> = tally.keys().map(|(_, format)| *format).collect();
    formats.sort_unstable();
    formats.dedup();
    let mut kinds: Vec<&str> = tally.keys().map(|(kind, _)| *kind).collect();
    kinds.dedup();
    let mut made = format!("{:<14}", "");
    made.extend(formats.iter().map(|format| format!("{:>16}", format!("{format:?}"))));
    for kind in kinds {
        made.push_str(&format!("\n{kind:<14}"));
        for format in &formats {
            let cell = tally.get(&(kind, *format)).map_or_else(|| "-".to_owned(), |(found, all)| format!("{found}/{all}"));
            made.push_str(&format!("{cell:>16}"));
        }
    }
    made
}
