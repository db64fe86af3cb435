//! A report for a person at a terminal: the reasons first, the verdict last.

use std::io::Write;

use generator::surface::ItemChange;
use specs::compare::{Change, Release};

use super::report::Report;
use crate::Failure;

/// Most operations that are named at one change.
const MOST_NAMED: usize = 3;

pub(super) fn write(report: &Report, screen: &mut dyn Write) -> Result<(), Failure> {
    for document in &report.documents {
        for change in &document.wire {
            wire(change, screen)?;
        }
        for change in &document.client {
            client(&document.name, change, screen)?;
        }
    }
    writeln!(screen, "since `{}`: {}", report.base, report.sum())?;
    for document in report.documents.iter().filter(|_| report.documents.len() > 1) {
        writeln!(screen, "`{}` calls for: {}", document.name, document.release())?;
    }
    writeln!(screen, "release: {}", report.release())?;
    if report.release() > Release::None {
        writeln!(screen, "help: `cargo xtask diff --explain <rule>` says what a rule means")?;
    }
    Ok(())
}

fn wire(change: &Change, screen: &mut dyn Write) -> Result<(), Failure> {
    writeln!(screen, "{}[{}]: {}", change.wire, change.rule.id, change.sentence())?;
    let at = place(change);
    if !at.is_empty() {
        writeln!(screen, "  in: {at}")?;
    }
    writeln!(screen, "  --> {}", change.side())?;
    if !change.old.file.is_empty() && change.side() != &change.old {
        writeln!(screen, "  was: {}", change.old)?;
    }
    writeln!(screen, "  {}\n", change.reason)?;
    Ok(())
}

fn client(name: &str, change: &ItemChange, screen: &mut dyn Write) -> Result<(), Failure> {
    writeln!(screen, "{}[{}]: {}: `{name}::{}`", change.level(), change.rule.id, change.rule.says, change.item)?;
    if !change.operations.is_empty() {
        writeln!(screen, "  in: {}", named(&change.operations))?;
    }
    if let Some(old) = &change.old {
        writeln!(screen, "  - {old}")?;
    }
    if let Some(new) = &change.new {
        writeln!(screen, "  + {new}")?;
    }
    if let Some(line) = &change.breaks {
        writeln!(screen, "  breaks: {line}")?;
    }
    writeln!(screen, "  {}\n", change.why)?;
    Ok(())
}

/// Where a change is, and whom it reaches.
pub(super) fn place(change: &Change) -> String {
    match (change.at.as_str(), change.operations.as_slice()) {
        ("", []) => String::new(),
        ("", operations) => named(operations),
        (at, []) => at.to_owned(),
        (at, operations) => format!("{at} of {}", named(operations)),
    }
}

/// The first operations, and how many more there are.
pub(super) fn named(operations: &[String]) -> String {
    let first: Vec<String> = operations.iter().take(MOST_NAMED).map(|id| format!("`{id}`")).collect();
    match operations.len().saturating_sub(MOST_NAMED) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
