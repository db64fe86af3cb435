//! A run for a person at a terminal: what is wrong, with what shows it and what repeats it, and then the sums.

use super::{
    Colour, Shown,
    evidence::{lines, summary},
    quote,
    screen::{indented, joined, line},
    shown::{Evidence, Told, blocked, skipped, unanswered},
};
use crate::case::{Failure, Outcome};

/// How long a value is shown.
const LONGEST: usize = 400;
/// How many of the cases with the same reason are named.
const NAMED: usize = 3;

/// A run, as text: failures, new findings, and what could not be tested, by reason; the last line but for help counts.
#[must_use]
pub fn text(shown: &Shown, colour: Colour) -> String {
    let mut text = String::new();
    for told in shown.failed() {
        text.push_str(&failed(told, colour));
    }
    text.push_str(&new_findings(shown, colour));
    text.push_str(&groups("Unanswered", &shown.grouped(unanswered), colour));
    text.push_str(&groups("Blocked", &shown.grouped(blocked), colour));
    text.push_str(&groups("Skipped", &shown.grouped(skipped), colour));
    let accepted: Vec<String> = shown.accepted().map(|(told, reason)| format!("{}: {reason}", told.case.id())).collect();
    for (title, all) in [("Accepted", &accepted), ("Left behind", &shown.residue), ("To be looked at", &shown.warnings)] {
        text.push_str(&list(title, all, colour));
    }
    if let Some(coverage) = &shown.coverage {
        text.push_str(&format!("{}\n{coverage}{}\n", colour.bold("Coverage"), coverage.unreached()));
    }
    let counts = shown.counts.to_string();
    text.push_str(&format!("{}\n", if shown.counts.is_fine() { colour.bold(&counts) } else { colour.red(&counts) }));
    if !shown.counts.is_fine() {
        text.push_str(&format!("help: `{}` repeats what did not pass\n", again(shown)));
    }
    text
}

/// The command that runs what did not pass once more.
pub(super) fn again(shown: &Shown) -> String {
    let word = |text: &str| quote::literal(text.as_bytes());
    let seed = if shown.seed == crate::Suite::SEED { String::new() } else { format!(" --seed {}", shown.seed) };
    let flags = joined(&shown.flags, |flag| format!(" {}", word(flag)));
    format!("contract run {} --url {}{seed}{flags} --last-failed", word(&shown.file), word(&shown.url))
}

/// What a failure says, a line for each word that is not empty.
pub(super) fn facts(told: &Told, failure: &Failure, colour: Colour) -> String {
    let rule = told.case.rule;
    let all = [
        ("rule", format!("{}: {}", rule.name, rule.promise)),
        ("place", line(told.place(&failure.place), LONGEST)),
        ("expected", line(&failure.expected, LONGEST)),
        ("got", line(&failure.got, LONGEST)),
    ];
    let said = all.into_iter().filter(|(_, value)| !value.is_empty());
    joined(said, |(word, value)| format!("{} {value}\n", colour.dim(&format!("{word:<9}"))))
}

/// What shows a failure, and how to repeat it.
pub(super) fn proof(told: &Told) -> String {
    joined(told.proof(), |one| format!("\n{}\n{}\n", lines(&one.exchange), one.curl))
}

fn failed(told: &Told, colour: Colour) -> String {
    let Outcome::Failed(failure) = &told.outcome else { return String::new() };
    let mut text = format!("{} {}\n", colour.red("FAILED"), colour.bold(&told.case.id()));
    let mut about = format!("{}\n{}\n", line(&told.case.sentence, LONGEST), line(&failure.what, LONGEST));
    about.push_str(&facts(told, failure, colour));
    about.push_str(&proof(told));
    text.push_str(&indented(&about, "  "));
    text.push('\n');
    text
}

fn new_findings(shown: &Shown, colour: Colour) -> String {
    let mut text = String::new();
    for told in shown.new_findings() {
        let Outcome::New(failure) = &told.outcome else { continue };
        text.push_str(&format!("  {}\n    {}\n", told.case.id(), line(&failure.what, LONGEST)));
        let place = told.place(&failure.place);
        if !place.is_empty() {
            text.push_str(&format!("    {} {}\n", colour.dim("place    "), line(place, LONGEST)));
        }
    }
    if text.is_empty() { text } else { format!("{}\n{text}\n", colour.bold("New: the server does what the document does not say")) }
}

fn groups(title: &str, groups: &[(&str, Vec<&Told>)], colour: Colour) -> String {
    let mut text = String::new();
    for (reason, cases) in groups {
        text.push_str(&format!("  {:>4} {}\n", cases.len(), line(reason, LONGEST)));
        text.push_str(&indented(&instance(cases, colour), "       "));
    }
    if text.is_empty() { text } else { format!("{}\n{text}\n", colour.bold(title)) }
}

/// Which cases a reason keeps from telling anything, and how to see it. Who skips a case has nothing to look at.
fn instance(cases: &[&Told], colour: Colour) -> String {
    if cases.iter().all(|told| matches!(told.outcome, Outcome::Skipped(_))) {
        return String::new();
    }
    let names: Vec<String> = cases.iter().take(NAMED).map(|told| told.case.id()).collect();
    let rest = if cases.len() > NAMED { format!(", and {} more", cases.len() - NAMED) } else { String::new() };
    let shows = |Evidence { exchange, curl, .. }: &Evidence| format!("{}\n{curl}\n", summary(exchange));
    let shown = cases.iter().find_map(|told| told.proof().pop()).map(shows).unwrap_or_default();
    format!("{}\n{shown}", colour.dim(&format!("{}{rest}", names.join(", "))))
}

fn list(title: &str, all: &[String], colour: Colour) -> String {
    let lines = joined(all, |one| indented(&joined(one.lines(), |part| format!("{}\n", line(part, LONGEST))), "  "));
    if lines.is_empty() { lines } else { format!("{}\n{lines}\n", colour.bold(title)) }
}
