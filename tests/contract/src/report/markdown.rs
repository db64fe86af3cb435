//! A run for the text of a pull request, or the summary of a job.

use super::{
    Colour, Shown,
    escape::{cell, code, fence, row},
    screen::joined,
    shown::{Told, blocked, skipped, unanswered},
    text::{again, facts, proof},
};
use crate::case::{Failure, Outcome};

/// GitHub takes no comment that is longer than 65,536 characters: details are left out beyond this.
const ROOM: usize = 50_000;

/// A run, as Markdown.
#[must_use]
pub fn markdown(shown: &Shown) -> String {
    let mut text = format!("### {} at {}: {}\n", code(&shown.provider), code(&shown.url), shown.counts);
    text.push_str(&broken(shown));
    text.push_str(&new_findings(shown));
    for (title, groups) in
        [("Unanswered", shown.grouped(unanswered)), ("Blocked", shown.grouped(blocked)), ("Skipped", shown.grouped(skipped))]
    {
        text.push_str(&table(title, &["cases", "reason"], groups.iter().map(|(reason, cases)| [cases.len().to_string(), cell(reason)])));
    }
    text.push_str(&table("Accepted", &["case", "reason"], shown.accepted().map(|(told, reason)| [code(&told.case.id()), cell(reason)])));
    text.push_str(&list("Left behind", &shown.residue));
    text.push_str(&list("To be looked at", &shown.warnings));
    if let Some(coverage) = &shown.coverage {
        let rows = coverage.sums().map(|(name, sum)| [name.to_owned(), cell(&sum.to_string())]);
        text.push_str(&table("Coverage", &["of", "reached"], rows));
    }
    if !shown.counts.is_fine() {
        text.push_str(&format!("\n{} repeats what did not pass.\n", code(&again(shown))));
    }
    text
}

fn broken(shown: &Shown) -> String {
    let failed: Vec<(&Told, &Failure)> = shown.failed().filter_map(|told| Some((told, failure(told)?))).collect();
    let rows = failed.iter().map(|(told, failure)| [code(&told.case.id()), code(told.case.rule.name), cell(&failure.what)]);
    let mut text = table("Failed", &["case", "rule", "what"], rows);
    let mut left_out = 0;
    for (told, failure) in failed {
        let details = fence(&format!("{}\n{}{}", told.case.sentence, facts(told, failure, Colour::Plain), proof(told)));
        if left_out > 0 || text.len() + details.len() > ROOM {
            left_out += 1;
            continue;
        }
        text.push_str(&format!("\n<details><summary><code>{}</code></summary>\n\n{details}\n</details>\n", cell(&told.case.id())));
    }
    if left_out > 0 {
        text.push_str(&format!("\nDetails of {left_out} more are left out here.\n"));
    }
    text
}

fn new_findings(shown: &Shown) -> String {
    let rows = shown.new_findings().filter_map(|told| {
        let failure = failure(told)?;
        Some([code(&told.case.id()), code(told.place(&failure.place)), cell(&failure.what)])
    });
    table("New: the server does what the document does not say", &["case", "place", "what"], rows)
}

fn failure(told: &Told) -> Option<&Failure> {
    match &told.outcome {
        Outcome::Failed(failure) | Outcome::New(failure) => Some(failure),
        _ => None,
    }
}

/// A table of cells that are escaped; nothing when it has no rows.
fn table<const N: usize>(title: &str, heads: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let rows = joined(rows, |cells| format!("| {} |\n", cells.join(" | ")));
    let head = row(heads.iter().copied());
    if rows.is_empty() { rows } else { format!("\n#### {title}\n\n{head}|{}\n{rows}", "---|".repeat(N)) }
}

fn list(title: &str, all: &[String]) -> String {
    let lines = joined(all, |one| format!("- {}\n", cell(one)));
    if lines.is_empty() { lines } else { format!("\n#### {title}\n\n{lines}") }
}
