//! Pages of each format beside documents of their own: silent as they are, and each change of a page is found, and only
//! it.

#[path = "pages/mutation.rs"]
mod mutation;

use std::{collections::BTreeMap, fs, path::Path};

use specs::{
    Source,
    api::Loaded,
    drift::{Finding, Report, compare, first},
    lint,
    pages::{self, Format, Page},
};

/// The pages, each with the document that was written from it.
fn pairs() -> Vec<(Page, String, Loaded)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut files: Vec<_> =
        fs::read_dir(&folder).expect("the folder is there").map(|entry| entry.expect("it can be read").path()).collect();
    files.sort();
    let named = |path: &Path| path.file_name().expect("files have names").to_string_lossy().into_owned();
    let is_page = |name: &str| !name.ends_with(".facts") && !name.ends_with(".rs") && !name.ends_with(".document.yaml");
    let pages = files.iter().filter(|path| is_page(&named(path)));
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).expect("pages are text");
        let name = named(path);
        let document = folder.join(format!("{}.document.yaml", path.file_stem().expect("pages have names").to_string_lossy()));
        let source = Source::read(&document).expect("every page has a document");
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
