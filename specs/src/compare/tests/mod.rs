//! Pairs of documents: each rule with its own example, and what is no change at all.

mod depth;
mod examples;
mod twins;
mod verdicts;

use super::{Change, Frame, compare};
use crate::{
    api::{Loaded, load},
    document::Source,
};

/// The changes between two texts.
fn changes(old: &str, new: &str) -> Vec<Change> {
    compare(Some(&loaded(old)), Some(&loaded(new)))
}

fn loaded(text: &str) -> Loaded {
    let loaded = load(&Source::new("kites", "kites.yaml", text.to_owned()));
    assert!(loaded.api.is_some(), "{:#?}\n{text}", loaded.problems);
    loaded
}

/// What was found: rule and direction, each once, in order.
fn found(changes: &[Change]) -> Vec<String> {
    let mut all: Vec<String> = changes.iter().map(|change| format!("{} {}", change.rule.id, change.way())).collect();
    all.sort();
    all.dedup();
    all
}

/// A document around what is cut out of one.
fn framed(frame: Frame, text: &str) -> String {
    let member = |text: &str| if text.starts_with('{') { text.to_owned() } else { format!("{{{}}}", text.replace('\n', ", ")) };
    let operation = |members: &str, rest: &str| {
        format!("openapi: 3.1.0\ninfo: {{title: Kites, version: '1'}}\npaths:\n  /kites:\n    post:\n{members}{rest}")
    };
    let responses = "      responses: {'204': {description: flown}}\n";
    match frame {
        Frame::Document if text.contains("info:") => format!("openapi: 3.1.0\n{text}\n"),
        Frame::Document => format!("openapi: 3.1.0\ninfo: {{title: Kites, version: '1'}}\n{text}\n"),
        Frame::Operation => {
            let text = text
                .strip_prefix('{')
                .and_then(|text| text.strip_suffix('}'))
                .map_or_else(|| text.to_owned(), |text| text.replace(", ", "\n"));
            let members = text.lines().map(|line| format!("      {line}\n")).collect::<Vec<_>>().concat();
            let id = if text.contains("operationId") { "" } else { "      operationId: fly_kite\n" };
            operation(&format!("{id}{members}"), if text.contains("responses: {") { "" } else { responses })
        }
        Frame::Schema => {
            let schema = member(text);
            let body = format!("      requestBody: {{required: true, content: {{application/json: {{schema: {schema}}}}}}}\n");
            let response =
                format!("      responses: {{'200': {{description: flown, content: {{application/json: {{schema: {schema}}}}}}}}}\n");
            operation("      operationId: fly_kite\n", &format!("{body}{response}"))
        }
    }
}
