//! `cargo xtask drift`: documentation pages beside the documents that were written from them.
//!
//! Which document a page is of is found by what the page states, unless one is named. Pages of the same document are
//! compared together. Nothing is written: `--propose` prints a patch, and whoever asked for it applies it.

mod propose;
pub(crate) mod sources;
mod text;
mod words;

use std::{io::Write, path::Path};

use serde_json::{Value, json};
use specs::{
    Source,
    api::Loaded,
    drift::{self, Finding, Report, Verdict},
    pages::Page,
};

use crate::{
    Exit, Failure, args, documents,
    format::{Annotation, Format, Level, row},
    workspace,
};
use sources::Unreached;

/// Why a page is not compared that says nothing: it would agree with every document.
const SILENT: &str = "it states nothing that is understood; is it the page, or an app or a login in its place?";

/// A document, with what it was read from.
struct Held {
    source: Source,
    loaded: Loaded,
}

impl Held {
    fn read(path: &Path) -> Result<Self, Failure> {
        let source = workspace::document(path, &[])?;
        let loaded = specs::load(&source);
        if loaded.api.is_none() {
            let failure = Failure::new(format!("`{}` cannot be loaded", path.display()));
            return Err(failure.help(format!("`cargo xtask lint {}` says what is wrong with it", path.display())));
        }
        Ok(Self { source, loaded })
    }
}

/// Reads the pages, compares them with their documents and shows what differs.
pub(crate) fn run(wanted: &args::Drift, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let paths = documents::meant(wanted.document.as_deref(), wanted.specs.as_deref())?;
    let held = paths.iter().map(|path| Held::read(path)).collect::<Result<Vec<_>, _>>()?;
    let (pages, mut unreached) = if wanted.watch_list { sources::watched(&held)? } else { (sources::read(&wanted.pages)?, Vec::new()) };
    if pages.is_empty() && unreached.is_empty() {
        let failure = Failure::new("no document names a page");
        return Err(failure.help("write `x-docs: [{url: …, read: 2026-01-31}]` at the top of a document, or at its operations"));
    }
    let (pages, silent): (Vec<_>, Vec<_>) = pages.into_iter().partition(|(_, page)| !page.facts.is_empty());
    unreached.extend(silent.into_iter().map(|(_, page)| Unreached { url: page.name, reason: SILENT.to_owned() }));
    let groups = group(&held, pages, wanted)?;
    if wanted.propose {
        return propose::run(&held, &groups, screen);
    }
    let reports: Vec<Report> = groups.iter().filter_map(|(at, pages)| drift::compare(pages, &held[*at].loaded)).collect();
    match wanted.format {
        Format::Text => text::write(&reports, &unreached, screen)?,
        Format::Json => writeln!(screen, "{:#}", as_json(&reports, &unreached))?,
        Format::Markdown => markdown(&reports, &unreached, screen)?,
        Format::Github => github(&reports, &unreached, screen)?,
        Format::Junit => {
            let failure = Failure::new("a comparison of pages is no test report");
            return Err(failure.help("name `text`, `json`, `markdown` or `github`"));
        }
    }
    if !unreached.is_empty() && reports.is_empty() {
        return Err(Failure::new("no page could be read").help("look at the reasons above"));
    }
    let is_done = unreached.is_empty() && reports.iter().all(Report::is_silent);
    Ok(if is_done { Exit::Done } else { Exit::Attention })
}

/// The pages of each document, by its position.
fn group(held: &[Held], pages: Vec<(Option<usize>, Page)>, wanted: &args::Drift) -> Result<Vec<(usize, Vec<Page>)>, Failure> {
    let mut groups: Vec<(usize, Vec<Page>)> = Vec::new();
    for (known, page) in pages {
        let Some(at) = known.or_else(|| of(held, &page, wanted)) else {
            let failure = Failure::new(format!("`{}` states nothing that one of the {} documents has", page.name, held.len()));
            return Err(failure.help("name the document: `--document <name or file>`"));
        };
        match groups.iter_mut().find(|(position, _)| *position == at) {
            Some((_, pages)) => pages.push(page),
            None => groups.push((at, vec![page])),
        }
    }
    groups.sort_by_key(|(at, _)| *at);
    Ok(groups)
}

fn of(held: &[Held], page: &Page, wanted: &args::Drift) -> Option<usize> {
    if wanted.document.is_some() {
        return (!held.is_empty()).then_some(0);
    }
    let loaded: Vec<_> = held.iter().map(|held| held.loaded.clone()).collect();
    drift::choose(page, &loaded)
}

fn as_json(reports: &[Report], unreached: &[Unreached]) -> Value {
    let reports: Vec<Value> = reports
        .iter()
        .map(|report| {
            json!({
                "document": report.document,
                "file": report.file,
                "pages": report.pages,
                "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
                "unread": report.unread.iter().map(|(page, unread)| {
                    json!({ "page": page, "first": unread.first, "last": unread.last, "text": unread.text, "reason": unread.reason })
                }).collect::<Vec<_>>(),
                "coverage": { "facts": report.facts, "agreed": report.agreed, "lines": report.lines, "unread": report.lines_unread() },
            })
        })
        .collect();
    let unreached: Vec<Value> = unreached.iter().map(|one| json!({ "page": one.url, "reason": one.reason })).collect();
    json!({ "reports": reports, "unreached": unreached })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "verdict": finding.verdict.as_str(),
        "rule": finding.rule,
        "operation": finding.operation,
        "subject": finding.subject,
        "message": finding.message,
        "page": finding.shown.as_ref().map(|shown| json!({ "name": shown.page, "line": shown.line, "text": shown.text })),
        "document": {
            "file": finding.held.file,
            "line": finding.held.line,
            "pointer": finding.held.pointer,
            "evidence": finding.held.evidence.as_str(),
        },
        "accepted": finding.accepted,
    })
}

fn markdown(reports: &[Report], unreached: &[Unreached], screen: &mut dyn Write) -> Result<(), Failure> {
    for report in reports {
        writeln!(screen, "## {}: {}\n", report.document, words::sum(report))?;
        if !report.findings.is_empty() {
            write!(screen, "{}{}", row(["", "What", "Page", "Document"]), row(["---", "---", "---", "---"]))?;
        }
        for finding in report.open().chain(report.findings.iter().filter(|finding| finding.accepted.is_some())) {
            let what = format!("{}: {}{}", finding.subject, finding.message, words::reason(finding));
            let verdict = if finding.accepted.is_some() { "accepted" } else { finding.verdict.as_str() };
            write!(screen, "{}", row([verdict, &what, &words::shown(finding), &format!("`{}:{}`", finding.held.file, finding.held.line)]))?;
        }
        for (page, unread) in &report.unread {
            writeln!(screen, "\nNot understood: `{page}:{}`: {}", words::lines(unread), unread.reason)?;
        }
        writeln!(screen, "\n{}\n", words::coverage(report))?;
    }
    unreached.iter().try_for_each(|one| writeln!(screen, "Not read: <{}>: {}\n", one.url, one.reason))?;
    Ok(())
}

fn github(reports: &[Report], unreached: &[Unreached], screen: &mut dyn Write) -> Result<(), Failure> {
    for finding in reports.iter().flat_map(Report::open) {
        let level = if finding.verdict == Verdict::Contradicts { Level::Error } else { Level::Warning };
        let message = format!("{}: {} ({})", finding.subject, finding.message, words::shown(finding));
        let title = format!("{} {}", finding.verdict.as_str(), finding.rule);
        let annotation =
            Annotation { level, file: &finding.held.file, line: finding.held.line, column: 0, title: &title, message: &message };
        writeln!(screen, "{annotation}")?;
    }
    for one in unreached {
        let message = format!("{}: {}", one.url, one.reason);
        let annotation = Annotation { level: Level::Warning, file: "", line: 0, column: 0, title: "page not read", message: &message };
        writeln!(screen, "{annotation}")?;
    }
    reports.iter().try_for_each(|report| writeln!(screen, "{}: {}, {}", report.document, words::sum(report), words::coverage(report)))?;
    Ok(())
}
