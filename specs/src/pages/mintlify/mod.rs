//! A page of Mintlify, rendered to text: method and path split over lines, a name on one line and its type on the next.

mod marks;

use serde_json::Value;

use super::{
    Basis, Claim, Format, Page, Place, Side, Statement, credentials,
    draft::{Draft, property},
    examples::{Item, items},
    limit_marks,
    line::Line,
    member::Members,
    section::{self, Section},
    signature,
    statements::Paragraph,
    type_words::{self, Phrase},
};
use crate::api::{Location, Status};
use marks::{Marks, is_mark, whole_text};

/// Reads a page.
pub(super) fn read(name: &str, lines: &[Line], format: Format, last: usize) -> Page {
    let all = items(lines);
    let items: Vec<Item> = all.into_iter().filter(|item| !matches!(item, Item::Line(line) if line.text.trim().is_empty())).collect();
    let mut reader = Reader {
        items: &items,
        at: 0,
        draft: Draft::default(),
        section: Section::Other,
        members: Members::default(),
        statuses: Vec::new(),
        key: None,
        prose: Vec::new(),
    };
    while reader.at < items.len() {
        reader.step();
    }
    reader.finish();
    reader.draft.finish(name, format, last)
}

struct Reader<'i> {
    items: &'i [Item],
    at: usize,
    draft: Draft,
    section: Section,
    members: Members,
    statuses: Vec<u16>,
    /// A field of the authorization part, and what is said of it: line, name, location, sentence.
    key: Option<(usize, String, Option<Location>, String)>,
    prose: Vec<Line>,
}

impl Reader<'_> {
    /// The text of an item further on, when it is a line.
    fn text(&self, offset: usize) -> &str {
        match self.items.get(self.at + offset) {
            Some(Item::Line(line)) => line.text.trim(),
            _ => "",
        }
    }

    fn number(&self, offset: usize) -> usize {
        match self.items.get(self.at + offset) {
            Some(Item::Line(line)) => line.number,
            _ => 1,
        }
    }

    fn step(&mut self) {
        let Some(item) = self.items.get(self.at) else { return };
        let taken = match item {
            Item::Line(_) => self.line(),
            Item::Json { .. } => {
                self.json(item);
                1
            }
            _ => {
                self.draft.example(item);
                1
            }
        };
        self.at += taken.max(1);
    }

    fn json(&mut self, item: &Item) {
        let sent = self.section.is_request();
        if let (true, Some((place, _))) = (sent, self.members.last.clone()) {
            self.draft.sample(item, &place);
        } else if let (Section::Response(_), Some((place, _))) = (self.section, self.members.last.clone()) {
            self.draft.sample(item, &place);
        } else if sent {
            self.draft.sample(item, &property(Side::Request, Vec::new()));
        } else {
            let status = if self.statuses.is_empty() { None } else { Some(self.statuses.remove(0)) };
            self.draft.answer(item, status);
        }
    }

    /// Reads what begins at a line, and returns how many lines it took.
    fn line(&mut self) -> usize {
        let (line, text) = (self.number(0), self.text(0).to_owned());
        let taken = self.signature(line, &text);
        if taken > 0 {
            return taken;
        }
        let member = self.member_length();
        if member == 0
            && let Some(section) = heading(&text)
        {
            self.open(section);
            return 1;
        }
        if member > 0 {
            return self.member(line, &text);
        }
        let taken = self.media_type(line, &text) + self.status(line, &text);
        if taken > 0 {
            return taken;
        }
        let taken = self.detail(line, &text) + self.half_member(line, &text);
        if taken == 0 {
            self.sentence(line, &text);
        }
        taken.max(1)
    }

    fn open(&mut self, section: Section) {
        self.flush_key();
        self.section = section;
        self.members.clear();
    }

    /// A method, and below it the path, in one line or split at its slashes.
    fn signature(&mut self, line: usize, text: &str) -> usize {
        let inline = signature::inline(text).into_iter().next().filter(|(start, _, _, end)| *start == 0 && *end == text.len());
        if let Some((_, method, target, _)) = inline {
            return usize::from(self.operation(line, line, method, &target));
        }
        let Some(method) = signature::method(text) else { return 0 };
        let next = self.text(1).to_owned();
        if next.len() > 1 && (next.starts_with('/') || next.contains("://")) && signature::target(&next).len() == next.len() {
            return if self.operation(line, self.number(1), method, &next) { 2 } else { 0 };
        }
        let mut path = String::new();
        let mut taken = 1;
        if next.contains("://") {
            path.push_str(next.trim_end_matches('/'));
            taken = 2;
        }
        while self.text(taken) == "/" {
            path.push('/');
            taken += 1;
            let segment = self.text(taken);
            let plain = !segment.is_empty() && segment.chars().all(|letter| letter.is_alphanumeric() || "{}_-.:~@$".contains(letter));
            let titled = segment.starts_with(char::is_uppercase) && self.text(taken + 1) != "/";
            if plain && !titled {
                path.push_str(segment);
                taken += 1;
            }
        }
        if taken > 1 && self.operation(line, self.number(taken - 1), method, &path) { taken } else { 0 }
    }

    fn operation(&mut self, first: usize, last: usize, method: http::Method, target: &str) -> bool {
        let stated = self.draft.operation(first, Basis::Field, method, target);
        self.draft.bears(first, last);
        self.draft.current = stated.or(self.draft.current);
        stated.is_some()
    }

    /// How many lines open a member here: a name and a type; 0 when it is none.
    fn member_length(&self) -> usize {
        let (name, kind) = (self.text(0), self.text(1));
        let placed = self.section.place("x", None).is_some() || self.section == Section::Security;
        let typed = kind.len() < 80 && marks::split(kind).is_some();
        if placed && type_words::is_name(name) && typed && !is_mark(name) { 2 } else { 0 }
    }

    /// A member whose type is not known, or whose name is any; how many lines it took.
    fn half_member(&mut self, line: usize, text: &str) -> usize {
        if text.ends_with(':') || self.section.place("x", None).is_none() {
            return 0;
        }
        let any = text.ends_with('}') && text.contains("{key}") && marks::split(self.text(1)).is_some();
        let unknown = type_words::is_name(text) && !self.text(1).contains(' ') && is_mark(self.text(2)) && !is_mark(text);
        if !any && !unknown {
            return 0;
        }
        let reason = if any { "names that the page leaves open" } else { "the type is none that is known" };
        self.members.passed(text);
        self.draft.unread(line, self.number(1), &format!("{text} {}", self.text(1)), reason);
        2 + usize::from(is_mark(self.text(2)))
    }

    fn member(&mut self, line: usize, name: &str) -> usize {
        let (phrase, glued) = marks::split(self.text(1)).unwrap_or_default();
        let mut taken = 2;
        let mut marks = Marks::default();
        for mark in glued.into_iter().rev() {
            marks.take(mark, phrase.kind.as_ref());
        }
        while marks.take(self.text(taken), phrase.kind.as_ref()) {
            taken += 1;
        }
        let lines = (line, self.number(taken - 1));
        if self.section == Section::Security {
            self.flush_key();
            self.draft.bears(lines.0, lines.1);
            self.key = Some((line, name.to_owned(), marks.location, String::new()));
            return taken;
        }
        self.state(lines, name, &phrase, marks);
        taken
    }

    fn state(&mut self, lines: (usize, usize), name: &str, phrase: &Phrase, marks: Marks) {
        let (line, last) = lines;
        let section = marks.location.map_or(self.section, Section::Parameters);
        self.draft.bears(line, last);
        let Some(place) = self.members.state(&mut self.draft, line, section, name, phrase) else { return };
        let in_path = matches!(place, Place::Parameter { location: Location::Path, .. });
        let required = if marks.required || !in_path { Some(marks.required) } else { None };
        self.draft.claims(line, Basis::Field, &place, required.map(Claim::Required));
        self.draft.claims(line, Basis::Field, &place, marks.default.map(Claim::Default));
        self.draft.claims(line, Basis::Field, &place, marks.deprecated.then_some(Claim::Deprecated(true)));
    }

    /// `application/json` below the heading of a body.
    fn media_type(&mut self, line: usize, text: &str) -> usize {
        let known = ["application/", "multipart/", "text/"].iter().any(|start| text.starts_with(start));
        let side = match self.section {
            Section::Body | Section::Request => Side::Request,
            Section::Response(status) => Side::Response(status),
            _ => return 0,
        };
        if !known || text.contains(' ') {
            return 0;
        }
        self.draft.state(line, Basis::Field, Statement::MediaType { side, name: text.to_ascii_lowercase() });
        1
    }

    /// `200`, `200 - application/json`, or the statuses of tabs, one after the other.
    fn status(&mut self, line: usize, text: &str) -> usize {
        let (code, rest) = text.split_at_checked(3).unwrap_or((text, ""));
        let Some(Status::Exactly(status)) = section::status(code) else { return self.tabs(line, text) };
        let rest = rest.trim_start_matches([' ', '-', '\u{b7}']);
        if !(rest.is_empty() || rest.starts_with("application/") || rest.starts_with("text/")) {
            return self.tabs(line, text);
        }
        self.draft.status(line, Basis::Field, status);
        if matches!(self.section, Section::Response(_)) {
            self.section = Section::Response(Some(Status::Exactly(status)));
            self.members.clear();
        } else {
            self.statuses.push(status);
        }
        if !rest.is_empty() {
            self.media_type(line, rest);
        }
        1
    }

    /// `200 400 401` on one line.
    fn tabs(&mut self, line: usize, text: &str) -> usize {
        let codes: Option<Vec<u16>> = text
            .split_whitespace()
            .map(|word| match section::status(word) {
                Some(Status::Exactly(code)) => Some(code),
                _ => None,
            })
            .collect();
        let Some(codes) = codes.filter(|codes| codes.len() > 1) else { return 0 };
        for code in codes {
            self.draft.status(line, Basis::Field, code);
            if !matches!(self.section, Section::Response(_)) {
                self.statuses.push(code);
            }
        }
        1
    }

    /// What is said of the last member under a label; how many lines it took.
    fn detail(&mut self, line: usize, text: &str) -> usize {
        match text {
            "Hide child attributes" => self.members.open(None),
            "Show child attributes" => {}
            "Available options:" => return self.options(line, "", 1),
            "Example:" | "Examples:" => return self.example(line),
            _ => return self.labelled(line, text),
        }
        1
    }

    /// Values below `Available options:`: one, and more as long as commas join them.
    fn options(&mut self, first: usize, beside: &str, start: usize) -> usize {
        let kind = self.members.kind().cloned();
        let mut values: Vec<Value> = Vec::new();
        let mut taken = start;
        let mut open = true;
        while open && (taken == 0 || !self.text(taken).is_empty()) {
            let text = if taken == 0 { beside.to_owned() } else { self.text(taken).to_owned() };
            open = text.ends_with(',') || self.text(taken + 1) == ",";
            let parts = text.split(',').map(|part| part.trim().trim_matches('`')).filter(|part| !part.is_empty());
            values.extend(parts.map(|part| whole_text(part, kind.as_ref())));
            taken += 1;
        }
        self.draft.bears(first, self.number(taken.saturating_sub(1)));
        if !values.is_empty() {
            self.members.claim(&mut self.draft, first, Claim::Enum(values));
        }
        taken
    }

    fn example(&mut self, line: usize) -> usize {
        let text = self.text(1).to_owned();
        if text.is_empty() {
            self.draft.bears(line, line);
            return 1;
        }
        let mut taken = 1;
        while taken == 1 || self.text(0) == "Examples:" && marks::is_value(self.text(taken)) {
            let value = whole_text(self.text(taken), self.members.kind());
            let last = self.number(taken);
            self.draft.bears(line, last);
            self.members.claim(&mut self.draft, last, Claim::Example(value));
            taken += 1;
        }
        taken
    }

    fn labelled(&mut self, line: usize, text: &str) -> usize {
        let Some((label, rest)) = text.split_once(':') else { return 0 };
        let rest = rest.trim();
        let lower = label.to_lowercase();
        let keywords = match lower.as_str() {
            "required range" => ["minimum", "maximum"],
            "required string length" | "maximum string length" | "minimum string length" | "maximum length" | "minimum length" => {
                ["minLength", "maxLength"]
            }
            "required array length" | "maximum array length" | "minimum array length" => ["minItems", "maxItems"],
            "available options" if self.members.last.is_some() => return self.options(line, rest, 0),
            "maximum" | "minimum" if rest.parse::<f64>().is_ok() => ["minimum", "maximum"],
            "pattern" => {
                self.members.claim(&mut self.draft, line, Claim::Limit { keyword: "pattern", value: rest.trim_matches('`').into() });
                return 1;
            }
            "allowed value" | "constant value" => {
                let value = whole_text(rest.trim_matches('`'), self.members.kind());
                self.members.claim(&mut self.draft, line, Claim::Enum(vec![value]));
                return 1;
            }
            "example" if !rest.is_empty() && self.members.last.is_some() => {
                let value = whole_text(rest, self.members.kind());
                self.members.claim(&mut self.draft, line, Claim::Example(value));
                return 1;
            }
            _ => return 0,
        };
        match limit_marks::read(rest, keywords, label) {
            Some((claims, _)) => claims.into_iter().for_each(|claim| self.members.claim(&mut self.draft, line, claim)),
            None => self.draft.unread(line, line, text, "the limit is none that is known"),
        }
        1
    }

    fn sentence(&mut self, line: usize, text: &str) {
        if let Some((_, _, _, said)) = &mut self.key {
            said.push_str(text);
            self.draft.bears(line, line);
        } else if self.members.last.is_some() {
            self.members.describe(&mut self.draft, line, text);
        } else if text.len() > 30 && text.contains(' ') {
            self.prose.push(Line { number: line, text: text.to_owned() });
        }
    }

    fn flush_key(&mut self) {
        let Some((line, name, location, text)) = self.key.take() else { return };
        match credentials::of_field(&name, location, &text) {
            Some(kind) => self.draft.push(line, None, Basis::Field, Statement::Security { kind, scopes: Vec::new() }),
            None => self.draft.unread(line, line, &name, "where this credential is sent is not said"),
        }
    }

    fn finish(&mut self) {
        self.flush_key();
        for line in std::mem::take(&mut self.prose) {
            Paragraph::new(&mut self.draft, &[line]).read();
        }
    }
}

fn heading(text: &str) -> Option<Section> {
    let short = text.len() < 40 && text.starts_with(char::is_uppercase) && !text.ends_with(['.', ':']);
    section::of(text).filter(|_| short)
}
