//! A comparison on a page: a table of how many, and one of the cases in which somebody is the odd one out.

use std::fmt::Write as _;

use super::{Compared, Comparison, Odd};

pub(super) fn told(comparison: &Comparison) -> String {
    let (a, b) = (cell(&comparison.a.name), cell(&comparison.b.name));
    let counts = comparison.counts();
    let mut out = format!("## {}: {a} and {b}\n\n", comparison.provider);
    let _ = writeln!(out, "| agree | {a} odd | {b} odd | document odd | no two agree | undecided |\n|--:|--:|--:|--:|--:|--:|");
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | {} | {} |",
        counts.agree, counts.a, counts.b, counts.document, counts.everybody, counts.unknown
    );
    let is_told = |compared: &&Compared| !matches!(compared.odd, Odd::Nobody | Odd::Unknown(_));
    let cases: Vec<&Compared> = comparison.cases.iter().filter(is_told).collect();
    if !cases.is_empty() {
        let _ = writeln!(out, "\n| case | odd one out | document | {a} | {b} |\n|---|---|---|---|---|");
    }
    for compared in cases {
        let due = compared.due().map_or(compared.case.rule.promise, |(_, expected)| expected);
        let name = comparison.name(&compared.odd).unwrap_or("no two agree");
        let (one, other) = (compared.does(compared.a.as_ref()), compared.does(compared.b.as_ref()));
        let id = compared.case.id();
        let _ = writeln!(out, "| `{id}` | **{}** | {} | {} | {} |", cell(name), cell(due), cell(&one), cell(&other));
    }
    out
}

/// A text that ends no cell and begins no markup.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    for character in text.chars() {
        match character {
            '\n' | '\r' => cell.push(' '),
            '|' | '\\' | '*' | '_' | '`' | '<' | '[' => cell.extend(['\\', character]),
            other => cell.push(other),
        }
    }
    cell
}
