//! A run as annotations of the document's lines: at the operation of each case that did not pass.
//!
//! GitHub shows ten errors and ten warnings of a step, so the failures of a rule at an operation are one annotation, and
//! so are the cases that are blocked for the same reason.

use std::path::{self, Path, PathBuf};

use specs::{Api, Document, Severity};

use super::{
    Annotation, Level, Shown,
    shown::{Told, blocked, unanswered},
};
use crate::case::Outcome;

/// A run, as workflow commands, a line each. Files are named from the root of the repository, where they are below it.
#[must_use]
pub fn github(shown: &Shown, api: &Api, document: &Document, root: &Path) -> String {
    let writer = Writer { api, document, root };
    let mut text = String::new();
    for failed in by_rule(shown) {
        text.push_str(&failed.first().map(|first| writer.line(Level::Error, first, &failure(first, &failed))).unwrap_or_default());
    }
    for (reason, cases) in shown.grouped(unanswered).into_iter().chain(shown.grouped(blocked)) {
        let message = format!("not tested: {reason}\n{}", ids(&cases));
        text.push_str(&cases.first().map(|first| writer.line(Level::Warning, first, &message)).unwrap_or_default());
    }
    for told in shown.new_findings() {
        let Outcome::New(new) = &told.outcome else { continue };
        text.push_str(&writer.line(Level::Notice, told, &format!("new: {}", new.what)));
    }
    for (title, all) in [("left behind", &shown.residue), ("to be looked at", &shown.warnings)] {
        for message in all {
            let file = &writer.relative(&shown.file);
            text.push_str(&format!("{}\n", Annotation { level: Level::Warning, file, line: 0, column: 0, title, message }));
        }
    }
    text
}

/// The cases that failed, those of one rule at one operation together.
fn by_rule(shown: &Shown) -> Vec<Vec<&Told>> {
    let mut groups: Vec<Vec<&Told>> = Vec::new();
    let of = |told: &Told| (told.case.operation.clone(), told.case.rule);
    for told in shown.failed() {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| of(first) == of(told))) {
            Some(group) => group.push(told),
            None => groups.push(vec![told]),
        }
    }
    groups
}

fn failure(first: &Told, all: &[&Told]) -> String {
    let Outcome::Failed(failure) = &first.outcome else { return String::new() };
    let mut message = format!("{}\n{}", first.case.sentence, failure.what);
    for (word, value) in [("place", first.place(&failure.place)), ("expected", &failure.expected), ("got", &failure.got)] {
        if !value.is_empty() {
            message.push_str(&format!("\n{word}: {value}"));
        }
    }
    match all {
        [_, rest @ ..] if !rest.is_empty() => format!("{message}\nso do:\n{}", ids(rest)),
        _ => message,
    }
}

fn ids(cases: &[&Told]) -> String {
    cases.iter().map(|told| told.case.id()).collect::<Vec<_>>().join("\n")
}

struct Writer<'a> {
    api: &'a Api,
    document: &'a Document,
    root: &'a Path,
}

impl Writer<'_> {
    /// An annotation at the operation of a case.
    fn line(&self, level: Level, told: &Told, message: &str) -> String {
        let pointer = self.api.operation(&told.case.operation).map_or("", |operation| operation.pointer.as_str());
        let place = self.document.problem(Severity::Error, told.case.rule.name, pointer, "", "");
        let file = &self.relative(&place.file);
        let title = &format!("{}: {}", told.case.rule.name, told.case.id());
        format!("{}\n", Annotation { level, file, line: place.line, column: place.column, title, message })
    }

    fn relative(&self, file: &str) -> String {
        let below = |file: PathBuf, root: PathBuf| Some(file.strip_prefix(root).ok()?.display().to_string());
        let whole = path::absolute(file).ok().zip(path::absolute(self.root).ok());
        whole.and_then(|(file, root)| below(file, root)).unwrap_or_else(|| file.to_owned())
    }
}
