//! Headings and what introduces a list: which part of a page they open, and whose operation it is about.

use super::{
    Basis,
    line::Line,
    prose::Reader,
    section::{self, Section},
    sentence, signature,
    statements::Opens,
    words::words,
};
use crate::api::{Location, Status};

impl Reader {
    /// A heading: it opens a part, and may name an operation.
    pub(super) fn heading(&mut self, line: usize, text: &str) {
        self.headed(line, text, 0);
    }

    /// A heading of a level, from 1; 0 where it is not known.
    pub(super) fn headed(&mut self, line: usize, text: &str, level: u8) {
        let text = text.replace("**", "");
        let text = text.trim().trim_matches(['`', '*']);
        self.announced = None;
        self.introduced = None;
        self.nest.clear();
        self.listed();
        self.hosted = is_hosting(text);
        self.object = self.object.filter(|own| level > *own);
        if text.to_lowercase().ends_with(" object") || text.to_lowercase().ends_with(" resource") {
            self.object = Some(level);
        }
        if self.signature(line, text) {
            self.section = Section::Other;
            self.settled(level);
            return;
        }
        let named = signature::inline(text).into_iter().next();
        if let Some((_, method, target, _)) = named {
            self.draft.current = self.draft.operation(line, Basis::Field, method, &target).or(self.draft.current);
            self.section = Section::Other;
            self.settled(level);
            return;
        }
        if self.title(text) && level > 0 {
            self.home = Some(level);
        }
        let section = section::of(text).unwrap_or_default();
        self.leave(level, section, text);
        self.section = section;
        if let Section::Response(Some(Status::Exactly(status))) = self.section {
            self.draft.status(line, Basis::Field, status);
            self.announced = Some(status);
        }
    }

    /// What follows a heading of this level is about one operation, up to the next heading like it.
    pub(super) fn settled(&mut self, level: u8) {
        self.home = Some(level).filter(|level| *level > 0);
        self.opens = Opens::Nothing;
    }

    /// Refusals and credentials beside the parts of several operations are those of all.
    pub(super) fn leave(&mut self, level: u8, section: Section, text: &str) {
        let common = ["limits", "limit", "limiting", "throttling", "versioning", "conventions", "general", "idempotency", "quotas"];
        let general = words(text).iter().any(|word| common.contains(&word.lower.as_str()));
        let beside = self.home.is_some_and(|home| level > 0 && level <= home);
        let common = general || matches!(section, Section::Errors | Section::Security) || section == Section::Parameters(Location::Header);
        if beside && common && self.draft.operations.len() > 1 {
            self.draft.current = None;
        }
    }

    /// A title that names no operation: what it opens may. Whether it does.
    pub(super) fn title(&mut self, text: &str) -> bool {
        let found = words(text);
        let about = ["response", "responses", "result", "error", "errors", "answer", "next", "output", "returns", "example", "examples"];
        let opens = section::of(text).is_none() && !found.iter().any(|word| about.contains(&word.lower.as_str()));
        if opens {
            self.opens = Opens::Part;
            self.section = Section::Other;
            self.introduced = None;
        }
        opens
    }

    /// `{% tab title="200: OK" %}`: a tab has a title as parts have headings.
    pub(super) fn tag(&mut self, line: &Line) {
        let text = line.text.trim().trim_start_matches("{%").trim_start();
        let title = text.strip_prefix("tab ").and_then(|rest| rest.split_once("title=\"")).and_then(|(_, rest)| rest.split_once('"'));
        if let Some((title, _)) = title {
            if section::of(title).is_some() {
                self.headed(line.number, title, 0);
            }
        } else if text.starts_with("endtabs") {
            (self.section, self.announced) = (Section::Other, None);
        } else if text.contains("method=") || text.contains("name=") || text.contains("status=") {
            self.draft.unread(line.number, line.number, &line.text, "a block of a kind that is not read");
        }
    }
}

/// Whether a line of plain text is a title: a few words that are no sentence.
pub(super) fn is_title(text: &str) -> bool {
    let count = text.split_whitespace().count();
    let opens = text.starts_with(|first: char| first.is_uppercase());
    opens
        && (2..=8).contains(&count)
        && text.len() < 60
        && text.ends_with(char::is_alphanumeric)
        && !text.contains(['/', ':', '`', '"', '='])
}

/// Whether a heading says that the address of the API comes.
pub(super) fn is_hosting(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["base url", "base uri", "server", "host", "endpoint url", "api root", "root url"].iter().any(|start| lower.starts_with(start))
}

/// What a sentence that ends with a colon says the list or table after it holds: `The response has these fields:`.
pub(super) fn introduction(text: &str) -> Option<Section> {
    let found = words(text);
    let last = sentence::sentences(&found).last().filter(|_| text.ends_with(':'))?;
    let has = |wanted: &[&str]| last.iter().any(|word| word.is(wanted));
    let listed = has(&[
        "fields",
        "field",
        "properties",
        "attributes",
        "parameters",
        "headers",
        "members",
        "following",
        "contains",
        "keys",
        "with",
        "arguments",
    ]);
    if !listed || has(&["example"]) {
        return None;
    }
    if has(&["response", "returns", "returned", "answer", "answers", "responds"]) && !has(&["request", "send", "error", "errors"]) {
        return Some(if has(&["headers", "header"]) { Section::ResponseHeaders(None) } else { Section::Response(None) });
    }
    if has(&["query"]) {
        Some(Section::Parameters(Location::Query))
    } else if has(&["path"]) {
        Some(Section::Parameters(Location::Path))
    } else if has(&["headers", "header"]) {
        Some(Section::Parameters(Location::Header))
    } else if has(&["body", "payload"]) {
        Some(Section::Body)
    } else {
        has(&["parameters", "arguments", "accepts"]).then_some(Section::Request)
    }
}
