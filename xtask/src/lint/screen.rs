//! Problems in every form.

use std::io::Write;

use serde_json::json;
use specs::{Problem, Severity};

use crate::{
    Failure,
    format::{Annotation, Case, Format, Level, Suite, code, junit, row},
};

/// What was found in each document.
pub(super) type Found = [(String, Vec<Problem>)];

/// Shows what was found in documents.
pub(super) fn show(found: &Found, format: Format, screen: &mut dyn Write) -> Result<(), Failure> {
    match format {
        Format::Text => text(found, screen)?,
        Format::Json => {
            writeln!(screen, "{:#}", found.iter().flat_map(|(_, problems)| problems).map(object).collect::<serde_json::Value>())?;
        }
        Format::Markdown => write!(screen, "{}", markdown(found))?,
        Format::Github => {
            found.iter().flat_map(|(_, problems)| problems).try_for_each(|problem| annotation(problem, screen))?;
        }
        Format::Junit => write!(screen, "{}", junit("lint", &found.iter().map(suite).collect::<Vec<_>>())?)?,
    }
    Ok(())
}

pub(super) fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn text(found: &Found, screen: &mut dyn Write) -> std::io::Result<()> {
    for problem in found.iter().flat_map(|(_, problems)| problems) {
        writeln!(screen, "{problem}\n")?;
    }
    writeln!(screen, "{}: {}", counted(found.len(), "document"), sum(found))
}

fn sum(found: &Found) -> String {
    let problems: Vec<_> = found.iter().flat_map(|(_, problems)| problems).collect();
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    match (errors, problems.len() - errors) {
        (0, 0) => "no problems".to_owned(),
        (errors, 0) => counted(errors, "error"),
        (0, warnings) => counted(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    }
}

fn object(problem: &Problem) -> serde_json::Value {
    json!({
        "rule": problem.rule,
        "severity": word(problem.severity),
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "pointer": problem.pointer,
        "message": problem.message,
        "help": problem.help,
    })
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn markdown(found: &Found) -> String {
    let mut text = format!("{}: {}\n", counted(found.len(), "document"), sum(found));
    for (file, problems) in found.iter().filter(|(_, problems)| !problems.is_empty()) {
        text.push_str(&format!("\n### {}\n\n", code(file)));
        text.push_str("| line | rule | problem | fix |\n|---|---|---|---|\n");
        for problem in problems {
            let place = if problem.file == *file { problem.line.to_string() } else { format!("{}:{}", problem.file, problem.line) };
            let rule = format!("{} ({})", code(problem.rule), word(problem.severity));
            text.push_str(&row([place.as_str(), &rule, &problem.message, &problem.help]));
        }
    }
    text
}

fn annotation(problem: &Problem, screen: &mut dyn Write) -> std::io::Result<()> {
    let level = if problem.severity == Severity::Error { Level::Error } else { Level::Warning };
    let message = format!("{}\nhelp: {}", problem.message, problem.help);
    let annotation =
        Annotation { level, file: &problem.file, line: problem.line, column: problem.column, title: problem.rule, message: &message };
    writeln!(screen, "{annotation}")
}

fn suite((file, problems): &(String, Vec<Problem>)) -> Suite {
    let cases = problems.iter().map(|problem| Case::Failed {
        name: format!("{}:{}:{} {}", problem.file, problem.line, problem.column, problem.rule),
        rule: problem.rule.to_owned(),
        message: problem.message.clone(),
        text: problem.to_string(),
    });
    Suite { name: file.clone(), cases: cases.collect() }
}
