//! A page of Fumadocs, rendered to text: `contentstring`, and details glued to the member that comes next.

mod access;
mod detail;
mod details;
mod glued;

use super::{
    Basis, Claim, Format, Page, Side, Statement,
    draft::{Draft, property},
    examples::{Item, items},
    line::Line,
    member::Members,
    section::{self, Section},
    signature,
    statements::Paragraph,
    type_words,
};
use crate::api::{Location, Status};
use details::label_at;

/// Reads a page.
pub(super) fn read(name: &str, lines: &[Line], format: Format, last: usize) -> Page {
    let mut reader = Reader { marks: Marks::of(lines), ..Reader::default() };
    for item in items(lines) {
        reader.item(&item);
    }
    reader.finish();
    reader.draft.finish(name, format, last)
}

/// Which members a page marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Marks {
    #[default]
    None,
    /// Those that may be left out, with `?`.
    Optional,
    /// The others too, with `*`.
    All,
}

impl Marks {
    fn of(lines: &[Line]) -> Self {
        let marks = |mark: char| lines.iter().any(|line| type_words::glued(line.text.trim()).is_some_and(|(name, _)| name.ends_with(mark)));
        if marks('*') {
            Self::All
        } else if marks('?') {
            Self::Optional
        } else {
            Self::None
        }
    }
}

#[derive(Default)]
struct Reader {
    draft: Draft,
    section: Section,
    members: Members,
    method: Option<http::Method>,
    statuses: Vec<u16>,
    /// A key that waits for the line that says where it is sent: its line, name and location.
    key: Option<(usize, String, Option<Location>)>,
    marks: Marks,
    /// Sentences that may speak of members further below.
    prose: Vec<Line>,
    /// Whether the next value is an example of the last member.
    exemplified: bool,
    /// How far the line is indented.
    indent: usize,
    /// How far the members are indented that enclose the next, and the last one.
    depths: Vec<usize>,
}

impl Reader {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Line(line) => {
                self.indent = line.text.len() - line.text.trim_start().len();
                self.line(line.number, line.text.trim());
            }
            Item::Json { first, .. } => self.json(item, *first),
            Item::Request { .. } if !self.exemplified => {
                self.draft.example(item);
                self.open(Section::ResponseExample);
            }
            _ => drop(self.draft.example(item)),
        }
    }

    fn json(&mut self, item: &Item, line: usize) {
        if std::mem::take(&mut self.exemplified)
            && let Some((place, _)) = self.members.last.clone()
        {
            self.draft.sample(item, &place);
        } else if self.section == Section::RequestExample || self.section == Section::Body {
            self.draft.sample(item, &property(Side::Request, Vec::new()));
        } else {
            let status = if self.statuses.is_empty() { None } else { Some(self.statuses.remove(0)) };
            self.draft.answer(item, status.or(self.status_of_section()));
        }
        self.draft.bears(line, line);
    }

    fn status_of_section(&self) -> Option<u16> {
        match self.section {
            Section::Response(Some(Status::Exactly(status))) => Some(status),
            _ => None,
        }
    }

    fn line(&mut self, line: usize, text: &str) {
        if text.is_empty() || self.signature(line, text) {
            return;
        }
        if let Some(section) = heading(text) {
            return self.open(section);
        }
        if self.section == Section::Security && self.credentials(line, text) {
            return;
        }
        if self.body(line, text) || self.status(line, text) || self.nested(text) {
            return;
        }
        match label_at(text) {
            Some((0, _, _)) => self.details(line, text),
            Some((at, _, _)) => {
                self.plain(line, text[..at].trim());
                self.details(line, &text[at..]);
            }
            None => self.plain(line, text),
        }
    }

    fn open(&mut self, section: Section) {
        self.section = section;
        self.members.clear();
        self.depths.clear();
        self.exemplified = false;
    }

    fn signature(&mut self, line: usize, text: &str) -> bool {
        if let Some(method) = signature::method(text) {
            self.method = Some(method);
            return true;
        }
        let inline = signature::inline(text).into_iter().next().filter(|(start, _, _, end)| *start == 0 && *end == text.len());
        if let Some((_, method, target, _)) = inline {
            self.draft.current = self.draft.operation(line, Basis::Field, method, &target).or(self.draft.current);
            return true;
        }
        if !text.starts_with('/') || self.members.last.is_some() {
            return false;
        }
        let known = self.draft.current.and_then(|current| self.draft.operations.get(current)).cloned();
        let method = self.method.take().or_else(|| known.as_ref().map(|known| known.method.clone()));
        let Some(method) = method else { return false };
        let whole = known.filter(|known| {
            text.strip_prefix(known.path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_uppercase))
        });
        let target = whole.map_or_else(|| untitled(text).to_owned(), |known| known.path);
        self.draft.current = self.draft.operation(line, Basis::Field, method, &target).or(self.draft.current);
        true
    }

    /// `application/jsonRequired…`: media type, whether a body must be sent, and what is said of it.
    fn body(&mut self, line: usize, text: &str) -> bool {
        let types =
            ["application/json", "multipart/form-data", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream"];
        let whole = ["application/", "multipart/", "text/", "image/"].iter().any(|start| text.starts_with(start)) && !text.contains(' ');
        let known = types.into_iter().find(|name| text.starts_with(name));
        let Some(name) = known.or_else(|| Some(text).filter(|_| whole)) else { return false };
        let rest = &text[name.len()..];
        let response = matches!(self.section, Section::Response(_));
        let side = match self.section {
            Section::Response(status) => Side::Response(status),
            _ => Side::Request,
        };
        self.draft.state(line, Basis::Field, Statement::MediaType { side, name: name.to_owned() });
        let marked =
            rest.strip_prefix("Required").map(|rest| (true, rest)).or_else(|| rest.strip_prefix("Optional").map(|rest| (false, rest)));
        let (required, described) = marked.map_or((None, rest), |(required, rest)| (Some(required), rest));
        if !response {
            self.draft.claims(line, Basis::Field, &property(side, Vec::new()), required.map(Claim::Required));
        }
        if !described.trim().is_empty() {
            self.prose.push(Line { number: line, text: described.trim().to_owned() });
        }
        true
    }

    /// `200`, `201 Created`, `200 application/json`, or several run together.
    fn status(&mut self, line: usize, text: &str) -> bool {
        if !matches!(self.section, Section::Response(_) | Section::Errors | Section::ResponseExample) {
            return false;
        }
        let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let rest = text[digits..].trim();
        let codes: Option<Vec<u16>> = (0..digits / 3).map(|at| one_status(&text[at * 3..at * 3 + 3])).collect();
        let Some(codes) = codes.filter(|codes| !codes.is_empty() && digits.is_multiple_of(3)) else { return false };
        let media = rest.starts_with("application/") || rest.starts_with("text/");
        if !(rest.is_empty() || media || rest.starts_with(char::is_uppercase) && rest.len() < 80) {
            return false;
        }
        for code in &codes {
            self.draft.status(line, Basis::Field, *code);
        }
        if let ([code], true) = (codes.as_slice(), self.section != Section::ResponseExample) {
            self.open(Section::Response(Some(Status::Exactly(*code))));
        } else {
            self.statuses.extend(codes);
        }
        if media {
            self.body(line, rest);
        }
        true
    }

    fn nested(&mut self, text: &str) -> bool {
        let shown = matches!(text, "Hide Attributes" | "Hide attributes" | "Hide Properties" | "Properties");
        if shown {
            self.members.open(None);
        }
        shown || matches!(text, "Show Attributes" | "Show attributes" | "Show Properties")
    }

    /// What is no detail: a member, or a sentence, or a sentence with the next member glued to it.
    fn plain(&mut self, line: usize, text: &str) {
        if text.is_empty() || self.member(line, text) || self.half_member(line, text) {
            return;
        }
        match glued::member(text) {
            Some(glued::Edge::At(at)) if self.section.place("x", None).is_some() => {
                self.sentence(line, text[..at].trim());
                self.member(line, &text[at..]);
            }
            Some(glued::Edge::Hidden) if self.section.place("x", None).is_some() => {
                self.members.last = None;
                self.draft.unread(line, line, text, "where the name begins that is glued to this sentence cannot be told");
            }
            _ => self.sentence(line, text),
        }
    }

    fn member(&mut self, line: usize, text: &str) -> bool {
        let deprecated = text.strip_suffix("Deprecated").or_else(|| text.strip_suffix("deprecated"));
        let Some((name, phrase)) = type_words::glued(deprecated.unwrap_or(text)) else { return false };
        let plain = name.trim_end_matches(['?', '*']);
        if plain == name && self.marks == Marks::All {
            return false;
        }
        self.nest();
        let Some(place) = self.members.state(&mut self.draft, line, self.section, plain, &phrase) else { return false };
        let required = match name.chars().last() {
            Some('*') => Some(true),
            Some('?') => Some(false),
            _ => (self.marks == Marks::Optional).then_some(true),
        };
        self.draft.claims(line, Basis::Field, &place, required.map(Claim::Required));
        self.draft.claims(line, Basis::Field, &place, deprecated.map(|_| Claim::Deprecated(true)));
        true
    }

    /// Members that are indented more than the one before are its own.
    fn nest(&mut self) {
        if self.depths.is_empty() {
            self.depths.push(self.indent);
        }
        while self.depths.len() > 1 && self.depths.last().is_some_and(|depth| *depth > self.indent) {
            self.depths.pop();
            self.members.close();
        }
        if self.depths.last().is_some_and(|depth| *depth < self.indent) {
            self.depths.push(self.indent);
            self.members.open(None);
        }
    }

    /// A member whose type is not known, or whose name is any.
    fn half_member(&mut self, line: usize, text: &str) -> bool {
        let named = text.find(['?', '*']).is_some_and(|at| {
            type_words::is_name(&text[..at]) && text[at + 1..].starts_with(char::is_alphabetic) && !text[at..].contains(". ")
        });
        let any = text.starts_with("[key: string]");
        let half = (named && self.marks != Marks::None || any) && self.section.place("x", None).is_some();
        if half {
            self.members.last = None;
            let reason = if any { "names that the page leaves open" } else { "the type is none that is known" };
            self.draft.unread(line, line, text, reason);
        }
        half
    }

    fn sentence(&mut self, line: usize, text: &str) {
        if self.members.last.is_some() {
            self.members.describe(&mut self.draft, line, text);
            for (_, method, target, _) in signature::inline(text) {
                self.draft.operation(line, Basis::Mention, method, &target);
            }
        } else if !matches!(self.section, Section::Security) && text.contains(' ') && text.len() > 20 {
            self.prose.push(Line { number: line, text: text.to_owned() });
        }
    }

    fn finish(&mut self) {
        self.flush_key();
        let current = self.draft.current;
        for line in std::mem::take(&mut self.prose) {
            for (_, method, target, _) in signature::inline(&line.text) {
                self.draft.operation(line.number, Basis::Mention, method, &target);
            }
            let text = without_operations(&line.text);
            Paragraph::new(&mut self.draft, &[Line { number: line.number, text }]).read();
            self.draft.current = current;
        }
    }
}

fn heading(text: &str) -> Option<Section> {
    if text.ends_with('.')
        || text.len() > 40
        || type_words::glued(text).is_some_and(|(name, _)| !name.contains(' '))
        || text.starts_with(|letter: char| letter.is_ascii_digit())
    {
        return None;
    }
    section::of(text)
}

/// A path without the title that is glued to it.
fn untitled(text: &str) -> &str {
    let target = signature::target(text);
    let edge = target
        .char_indices()
        .zip(target.chars().skip(1))
        .find(|((_, one), next)| (one.is_lowercase() || matches!(one, '}' | '/')) && next.is_uppercase());
    match edge {
        Some(((at, one), _)) if target.len() < text.len() => &target[..at + one.len_utf8()],
        _ => target,
    }
}

fn location(word: &str) -> Option<Location> {
    [Location::Path, Location::Query, Location::Header, Location::Cookie].into_iter().find(|location| location.as_str() == word)
}

fn one_status(text: &str) -> Option<u16> {
    match section::status(text) {
        Some(Status::Exactly(code)) => Some(code),
        _ => None,
    }
}

/// A sentence in which other operations are named no more: what is said is of this page's.
fn without_operations(text: &str) -> String {
    let mut plain = text.to_owned();
    for (start, _, _, end) in signature::inline(text).into_iter().rev() {
        plain.replace_range(start..end, "it");
    }
    plain
}
