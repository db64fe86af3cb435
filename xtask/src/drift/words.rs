//! What all forms of a report say in the same words.

use specs::{
    drift::{Finding, Report, Verdict},
    pages::Unread,
};

/// How many findings of each verdict are open: `2 contradictions, 1 missing`.
pub(super) fn sum(report: &Report) -> String {
    let count = |verdict: Verdict| report.open().filter(|finding| finding.verdict == verdict).count();
    let contradictions = count(Verdict::Contradicts);
    let mut parts = vec![format!("{contradictions} contradiction{}", if contradictions == 1 { "" } else { "s" })];
    parts.push(format!("{} missing", count(Verdict::Missing)));
    parts.push(format!("{} no longer shown", count(Verdict::NoLongerShown)));
    let rest = [(Verdict::Proven, "now proven"), (Verdict::Idle, "accepted in vain")];
    parts.extend(
        rest.into_iter()
            .map(|(verdict, word)| (count(verdict), word))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}")),
    );
    let accepted = report.findings.iter().filter(|finding| finding.accepted.is_some()).count();
    if accepted > 0 {
        parts.push(format!("{accepted} accepted"));
    }
    parts.join(", ")
}

/// How much of the pages was understood.
pub(super) fn coverage(report: &Report) -> String {
    let plural = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    format!("coverage: {}, {} not understood", plural(report.facts, "fact"), plural(report.lines_unread(), "line"))
}

/// The page's side: `page.txt:12`.
pub(super) fn shown(finding: &Finding) -> String {
    finding.shown.as_ref().map_or_else(|| "not shown".to_owned(), |shown| format!("`{}:{}`", shown.page, shown.line))
}

/// Why a difference is accepted, behind its message.
pub(super) fn reason(finding: &Finding) -> String {
    finding.accepted.as_ref().map_or_else(String::new, |reason| format!(" (accepted: {reason})"))
}

/// The lines of unread text: `12` or `12-14`.
pub(super) fn lines(unread: &Unread) -> String {
    if unread.first == unread.last { unread.first.to_string() } else { format!("{}-{}", unread.first, unread.last) }
}
