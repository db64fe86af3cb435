//! A report as a person reads it on a terminal: contradictions first, a summary last.

use std::io::Write;

use specs::{
    api::Evidence,
    drift::{Finding, Report, Verdict},
};

use super::{sources::Unreached, words};
use crate::Failure;

/// How long unread text may be to be quoted.
const LONGEST: usize = 80;

/// Writes all reports, and what could not be read.
pub(super) fn write(reports: &[Report], unreached: &[Unreached], screen: &mut dyn Write) -> Result<(), Failure> {
    for report in reports {
        report.open().try_for_each(|finding| self::finding(finding, screen))?;
        for finding in report.findings.iter().filter(|finding| finding.accepted.is_some()) {
            self::finding(finding, screen)?;
        }
        for (page, unread) in &report.unread {
            let text: String = unread.text.lines().next().unwrap_or_default().chars().take(LONGEST).collect();
            writeln!(screen, "unread: {}\n  --> {page}:{}: {text}\n", unread.reason, words::lines(unread))?;
        }
        writeln!(screen, "`{}` beside `{}`: {}", report.file, report.pages.join("`, `"), words::sum(report))?;
        writeln!(screen, "{}", words::coverage(report))?;
    }
    unreached.iter().try_for_each(|one| writeln!(screen, "not read: {}: {}", one.url, one.reason))?;
    if reports.iter().any(|report| report.open().any(|finding| !finding.remedy.is_empty())) {
        writeln!(screen, "help: the same command with `--propose` prints the edits of the document, as a patch for `git apply`")?;
    }
    Ok(())
}

fn finding(finding: &Finding, screen: &mut dyn Write) -> Result<(), Failure> {
    let verdict = if finding.accepted.is_some() { "accepted" } else { finding.verdict.as_str() };
    writeln!(screen, "{verdict}[{}]: {}: {}", finding.rule, finding.subject, finding.message)?;
    if let Some(operation) = &finding.operation {
        writeln!(screen, "  operation: `{operation}`")?;
    }
    if let Some(shown) = &finding.shown {
        writeln!(screen, "  --> {}:{}: {}", shown.page, shown.line, shown.text)?;
    }
    let held = &finding.held;
    writeln!(screen, "  --> {}:{} (#{}){}", held.file, held.line, held.pointer, known(finding))?;
    if let Some(reason) = &finding.accepted {
        writeln!(screen, "  accepted: {reason}")?;
    }
    writeln!(screen)?;
    Ok(())
}

/// How sure the document is, where it is not from the page.
fn known(finding: &Finding) -> String {
    match finding.held.evidence {
        Evidence::Page => String::new(),
        _ if finding.verdict == Verdict::Proven => String::new(),
        evidence => format!(", which is `{}`", evidence.as_str()),
    }
}
