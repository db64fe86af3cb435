//! A comparison on a terminal: who is the odd one out, case by case, and one line at the end.

use std::fmt::Write as _;

use super::{Compared, Comparison, Odd};

/// What follows from it, by who is the odd one out.
const DOCUMENT_HELP: &str = "both do the same: mend the document";
const EVERYBODY_HELP: &str = "ask the vendor which is meant, and mend the other two";

pub(super) fn told(comparison: &Comparison) -> String {
    let mut out = String::new();
    for odd in [Odd::A, Odd::B, Odd::Document, Odd::Everybody] {
        let cases: Vec<&Compared> = comparison.cases.iter().filter(|case| case.odd == odd).collect();
        if !cases.is_empty() {
            section(&mut out, comparison, &odd, &cases);
        }
    }
    beyond(&mut out, comparison);
    undecided(&mut out, comparison);
    let counts = comparison.counts();
    let (a, b) = (&comparison.a.name, &comparison.b.name);
    let said = [(counts.a, a.as_str()), (counts.b, b.as_str()), (counts.document, "the document")];
    let odd = said.iter().map(|(count, name)| format!("{name} odd in {count}")).collect::<Vec<_>>().join(", ");
    let _ = writeln!(out, "{} agree, {odd}, no two agree in {}, {} undecided", counts.agree, counts.everybody, counts.unknown);
    out
}

fn section(out: &mut String, comparison: &Comparison, odd: &Odd, cases: &[&Compared]) {
    let (name, help) = match odd {
        Odd::Document => ("the document is the odd one out".to_owned(), DOCUMENT_HELP.to_owned()),
        Odd::Everybody => ("no two agree".to_owned(), EVERYBODY_HELP.to_owned()),
        _ => {
            let (name, url) = if *odd == Odd::A { side(&comparison.a) } else { side(&comparison.b) };
            let help = format!("`contract run {} --url {url} --filter <case>` shows the exchanges", comparison.file);
            (format!("`{name}` is the odd one out"), help)
        }
    };
    let _ = writeln!(out, "{name} in {}", count(cases.len(), "case"));
    for compared in cases {
        case(out, comparison, compared);
    }
    let _ = writeln!(out, "  help: {help}\n");
}

fn side(side: &super::Side) -> (&str, &str) {
    (&side.name, &side.url)
}

fn case(out: &mut String, comparison: &Comparison, compared: &Compared) {
    let due = match compared.due() {
        Some(("", expected)) => expected.to_owned(),
        Some((place, expected)) => format!("{expected} at `{place}`"),
        None => compared.case.rule.promise.to_owned(),
    };
    let rows = [
        ("document", due),
        (&comparison.a.name, compared.does(compared.a.as_ref())),
        (&comparison.b.name, compared.does(compared.b.as_ref())),
    ];
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let _ = writeln!(out, "  {}\n    {}", compared.case.id(), compared.case.sentence);
    for (name, does) in rows {
        let _ = writeln!(out, "    {name:width$}  {}", does.replace('\n', " "));
    }
}

/// What servers do beyond the document.
fn beyond(out: &mut String, comparison: &Comparison) {
    let mut lines = Vec::new();
    for compared in &comparison.cases {
        for (side, outcome) in [(&comparison.a, &compared.a), (&comparison.b, &compared.b)] {
            let what = Compared::beyond(outcome.as_ref());
            lines.extend(what.map(|what| format!("  {}\n    {}: {what}\n", compared.case.id(), side.name)));
        }
    }
    if !lines.is_empty() {
        let _ = writeln!(out, "beyond the document\n{}", lines.concat());
    }
}

/// Why cases are undecided, the commonest reason first.
fn undecided(out: &mut String, comparison: &Comparison) {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for compared in &comparison.cases {
        let Odd::Unknown(why) = &compared.odd else { continue };
        match reasons.iter_mut().find(|(known, _)| known == why) {
            Some((_, count)) => *count += 1,
            None => reasons.push((why, 1)),
        }
    }
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    if reasons.is_empty() {
        return;
    }
    out.push_str("undecided\n");
    for (why, cases) in reasons {
        let _ = writeln!(out, "  {}: {}", count(cases, "case"), why.replace('\n', " "));
    }
    out.push('\n');
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
