//! A report for programs, pull requests and CI.

use generator::surface::{ItemChange, Level as ItemLevel};
use serde_json::{Value, json};
use specs::compare::{Change, Release, Side, Wire};

use super::{report::Report, text};
use crate::{
    Failure,
    format::{self, Annotation, Case, Level, Suite, row},
};

/// For a program.
pub(super) fn json(report: &Report) -> Value {
    let documents: Vec<Value> = report
        .documents
        .iter()
        .map(|document| {
            json!({
                "document": document.name,
                "release": document.release().as_str(),
                "wire": document.wire.iter().map(wire).collect::<Vec<_>>(),
                "client": document.client.iter().map(client).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "base": report.base, "release": report.release().as_str(), "documents": documents })
}

fn wire(change: &Change) -> Value {
    json!({
        "rule": change.rule.id,
        "verdict": change.wire.as_str(),
        "direction": change.direction.map(|_| change.way()),
        "operations": change.operations,
        "at": change.at,
        "message": change.sentence(),
        "reason": change.reason,
        "old": side(&change.old),
        "new": side(&change.new),
    })
}

fn side(side: &Side) -> Value {
    if side.file.is_empty() {
        return Value::Null;
    }
    json!({ "file": side.file, "line": side.line, "column": side.column, "pointer": side.pointer, "value": side.value })
}

fn client(change: &ItemChange) -> Value {
    json!({
        "rule": change.rule.id,
        "release": change.level().as_str(),
        "operations": change.operations,
        "item": change.item,
        "old": change.old,
        "new": change.new,
        "message": change.rule.says,
        "reason": change.why,
        "breaks": change.breaks,
    })
}

/// For the text of a pull request: the verdict first, since the tables may be long.
pub(super) fn markdown(report: &Report) -> String {
    let mut text = format!("**Release: {}** – {}, since {}\n", report.release(), report.sum(), format::code(&report.base));
    for document in &report.documents {
        text.push_str(&format!("\n### {}: {}\n", document.name, document.release()));
        if !document.wire.is_empty() {
            text.push_str(&format!("\n{}|---|---|---|---|---|\n", row(["wire", "rule", "where", "what", "why"])));
        }
        for change in &document.wire {
            let (rule, side) = (format::code(change.rule.id), change.side());
            let place = format!("{} ({}:{})", text::place(change), side.file, side.line);
            text.push_str(&row([change.wire.as_str(), &rule, place.trim(), &change.sentence(), &change.reason]));
        }
        if !document.client.is_empty() {
            text.push_str(&format!("\n{}|---|---|---|---|---|\n", row(["client", "rule", "item", "what", "why"])));
        }
        for change in &document.client {
            let (rule, item) = (format::code(change.rule.id), format::code(&change.item));
            let sides = [&change.old, &change.new].map(|side| side.as_deref().map_or_else(|| "nothing".to_owned(), format::code));
            text.push_str(&row([change.level().as_str(), &rule, &item, &sides.join(" → "), &change.why]));
        }
    }
    text
}

/// Annotations of lines. What is no place of a file of now is told without one.
pub(super) fn github(report: &Report) -> String {
    let mut text = String::new();
    for document in &report.documents {
        for change in &document.wire {
            let level = match change.wire {
                Wire::Breaking => Level::Error,
                Wire::Caution => Level::Warning,
                Wire::None | Wire::Compatible => Level::Notice,
            };
            let (title, message) = (format!("{}: {}", change.wire, change.rule.id), message(change));
            let Side { file, line, column, .. } = &change.new;
            text.push_str(&format!("{}\n", Annotation { level, file, line: *line, column: *column, title: &title, message: &message }));
        }
        for change in &document.client {
            let level = match change.level() {
                ItemLevel::Major => Level::Error,
                ItemLevel::Minor | ItemLevel::Patch => Level::Notice,
            };
            let (title, message) = (format!("{}: {}", change.level(), change.rule.id), item(&document.name, change));
            text.push_str(&format!("{}\n", Annotation { level, file: "", line: 0, column: 0, title: &title, message: &message }));
        }
    }
    let (title, message) = (format!("release: {}", report.release()), report.sum());
    text.push_str(&format!("{}\n", Annotation { level: Level::Notice, file: "", line: 0, column: 0, title: &title, message: &message }));
    text
}

fn message(change: &Change) -> String {
    let place = text::place(change);
    let place = if place.is_empty() { place } else { format!("{place}: ") };
    format!("{place}{}; {}", change.sentence(), change.reason)
}

fn item(name: &str, change: &ItemChange) -> String {
    format!("`{name}::{}`: {}; {}", change.item, change.rule.says, change.why)
}

/// A suite for each document. What callers have to change fails; all else passed.
pub(super) fn junit(report: &Report) -> Result<String, Failure> {
    let suites: Vec<Suite> = report
        .documents
        .iter()
        .map(|document| {
            let wire = document.wire.iter().map(|change| {
                let name = format!("{}: {} ({})", change.rule.id, change.side(), change.way());
                case(change.wire.release(), name, change.rule.id, message(change))
            });
            let client = document.client.iter().map(|change| {
                let name = format!("{}: {}", change.rule.id, change.item);
                case(super::report::release(change.level()), name, change.rule.id, item(&document.name, change))
            });
            Suite { name: document.name.clone(), cases: wire.chain(client).collect() }
        })
        .collect();
    format::junit("diff", &suites)
}

fn case(release: Release, name: String, rule: &str, message: String) -> Case {
    match release {
        Release::Major => Case::Failed { name, rule: rule.to_owned(), text: message.clone(), message },
        _ => Case::Passed { name },
    }
}
