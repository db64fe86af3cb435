//! Headings, paragraphs, lists, tables and code: what Markdown, HTML and plain text have in common.

use super::{
    Basis, Claim, Format, Page, Place, Side, Statement, Type, credentials,
    definition::Definition,
    draft::{Draft, property},
    examples::{self, Item, items, message},
    heading::{introduction, is_hosting, is_title},
    line::{Line, lines},
    section::{self, Section},
    sentence, signature,
    statements::{Opens, Paragraph},
    table::{Column, Row},
    words::words,
};
use crate::api::{Location, Status};

/// Reads plain text.
pub(super) fn read(name: &str, text: &str) -> Page {
    let lines = lines(text);
    let last = lines.len();
    let mut reader = Reader::default();
    reader.text(&lines);
    reader.listed();
    reader.draft.finish(name, Format::Prose, last)
}

/// What a page is read by, part after part.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) draft: Draft,
    pub(super) section: Section,
    /// The status that was announced for the next example.
    pub(super) announced: Option<u16>,
    /// Whether an example request stands before.
    pub(super) requested: bool,
    /// What the paragraph before says that the next table or list holds.
    pub(super) introduced: Option<Section>,
    /// Whether a part begins here whose operation is still to be named.
    pub(super) opens: Opens,
    /// The level of the heading below which the current operation is.
    pub(super) home: Option<u8>,
    /// How deep the entry of a list is nested, from 1; 0 where that is not known.
    pub(super) depth: usize,
    /// The members that entries of lists define, outermost first, each with its depth.
    pub(super) nest: Vec<(usize, Place, Option<Type>)>,
    /// Whether the heading before says that a server comes.
    pub(super) hosted: bool,
    /// The level of the heading that opened the description of an object, apart from any operation.
    pub(super) object: Option<u8>,
    /// The values of a member that entries below it list.
    pub(super) values: Option<Listed>,
    /// Whether a request was shown where a refusal is spoken of, so that its answer comes next.
    pub(super) answering: bool,
}

/// A member and the values that entries of a list give it.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) line: usize,
    /// How deep its own entry is nested.
    pub(super) depth: usize,
    pub(super) place: Place,
    pub(super) kind: Option<Type>,
    pub(super) values: Vec<serde_json::Value>,
}

impl Reader {
    /// Reads text without any structure but lines.
    pub(super) fn text(&mut self, lines: &[Line]) {
        for item in items(lines) {
            match &item {
                Item::Line(line) if line.text.trim().is_empty() => {}
                Item::Line(line) => self.bare(line),
                _ => self.example(&item),
            }
        }
    }

    fn bare(&mut self, line: &Line) {
        let text = line.text.trim();
        if self.signature(line.number, text) || self.header(line.number, text) {
            return;
        }
        if let Some(section) = section::of(text)
            && !text.ends_with('.')
        {
            self.heading(line.number, text);
            self.section = section;
            return;
        }
        let item = text.strip_prefix("- ").or_else(|| text.strip_prefix("* ")).or_else(|| text.strip_prefix("\u{2022} "));
        match item {
            Some(item) => {
                self.depth = 1 + (line.text.len() - line.text.trim_start().len()) / 2;
                self.item(&[Line { number: line.number, text: item.to_owned() }]);
            }
            None if is_title(text) => drop(self.title(text)),
            None => self.paragraph(std::slice::from_ref(line)),
        }
    }

    /// A line that is a method and a path and nothing else.
    pub(super) fn signature(&mut self, line: usize, text: &str) -> bool {
        let text = text.trim_matches(['`', '*', ' ']);
        let found = signature::inline(text).into_iter().next();
        let whole = found.filter(|(start, _, _, end)| *start == 0 && text[*end..].trim_matches(['`', ':', '*', ' ']).is_empty());
        let Some((_, method, target, _)) = whole else { return false };
        let stated = self.draft.operation(line, Basis::Field, method, &target);
        self.draft.current = stated.or(self.draft.current);
        self.opens = Opens::Nothing;
        for name in signature::query_names(&target) {
            let place = Place::Parameter { location: Location::Query, name };
            self.draft.push(line, stated, Basis::Example, Statement::Member { place, claim: Claim::Exists });
        }
        stated.is_some()
    }

    /// A line that is a header of requests.
    fn header(&mut self, line: usize, text: &str) -> bool {
        let Some((name, value)) = message::header(text) else { return false };
        self.sent_header(line, &name, &value);
        true
    }

    fn sent_header(&mut self, line: usize, name: &str, value: &str) {
        let kind = credentials::of_header(name, value);
        if let Some(kind) = kind {
            self.draft.security(line, Basis::Field, kind);
        } else if name.eq_ignore_ascii_case("content-type") {
            let name = value.to_ascii_lowercase();
            self.draft.state(line, Basis::Field, Statement::MediaType { side: Side::Request, name });
        } else if !name.eq_ignore_ascii_case("accept") && !name.eq_ignore_ascii_case("host") {
            let place = Place::Parameter { location: Location::Header, name: name.to_owned() };
            self.draft.claim(line, Basis::Field, &place, Claim::Exists);
        } else {
            self.draft.bears(line, line);
        }
    }

    /// A paragraph; one that ends with a colon introduces what follows.
    pub(super) fn paragraph(&mut self, lines: &[Line]) {
        self.nest.clear();
        self.listed();
        self.depth = 0;
        if let [line] = lines
            && (self.signature(line.number, line.text.trim()) || self.server(line))
        {
            return;
        }
        let (tags, lines): (Vec<Line>, Vec<Line>) = lines.iter().cloned().partition(|line| line.text.trim_start().starts_with("{%"));
        for line in &tags {
            self.tag(line);
        }
        let lines = lines.as_slice();
        if lines.is_empty() {
            return;
        }
        let text = lines.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ");
        self.introduced = introduction(&text);
        self.hosted |= is_hosting(&text) && text.split_whitespace().count() < 4 && !text.contains("://");
        if self.introduced.is_none() && self.is_definition(&text) && self.define(lines) {
            return;
        }
        self.sentences(lines);
    }

    /// Whether a paragraph opens as definitions do, with a type behind the name.
    fn is_definition(&self, text: &str) -> bool {
        let typed = |definition: Definition| definition.phrase.is_some();
        let listed = self.section.is_request() || matches!(self.section, Section::Response(_));
        (text.starts_with("**") || text.starts_with('`') || listed) && Definition::read(text).is_some_and(typed)
    }

    /// A URL alone under a heading that announces a server.
    fn server(&mut self, line: &Line) -> bool {
        let text = line.text.trim().trim_matches(['`', '*', '<', '>']).trim_end_matches('/');
        let is_url = (text.starts_with("http://") || text.starts_with("https://")) && !text.contains(char::is_whitespace);
        if is_url && self.hosted {
            self.draft.push(line.number, None, Basis::Field, Statement::Server(text.to_owned()));
        }
        is_url && self.hosted
    }

    pub(super) fn sentences(&mut self, lines: &[Line]) {
        let mut paragraph = Paragraph::new(&mut self.draft, lines).opening(self.opens);
        paragraph.read();
        let (status, operation, several) = (paragraph.status, paragraph.operation, paragraph.several);
        let introduces = lines.last().is_some_and(|line| line.text.trim_end().ends_with(':'));
        if introduces {
            self.draft.current = operation.or(self.draft.current);
        }
        if operation.is_some() && !several {
            self.opens = Opens::Nothing;
        }
        if status.is_some() {
            self.announced = status;
        } else if introduces && operation.is_some() {
            self.announced = None;
        }
        self.draft.current = self.draft.current.or(operation);
    }

    /// A row of a table.
    pub(super) fn row(&mut self, line: usize, last: usize, columns: &[Column], cells: &[String]) {
        if self.object.is_some() {
            return self.draft.unread(line, last, &cells.join(" | "), "an object that is described apart from any operation");
        }
        Row { line, last, columns, cells, parent: None }.read(&mut self.draft, self.introduced.unwrap_or(self.section));
    }

    /// A block of code.
    pub(super) fn code(&mut self, lines: &[Line]) {
        for item in items(lines) {
            match &item {
                Item::Line(line) => self.code_line(line),
                _ => self.example(&item),
            }
        }
    }

    fn code_line(&mut self, line: &Line) {
        let text = line.text.trim();
        if self.signature(line.number, text) || self.header(line.number, text) || text.is_empty() {
            return;
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            let server = text.trim_end_matches('/').to_owned();
            if !server.contains(char::is_whitespace) && self.draft.current.is_none() {
                self.draft.push(line.number, None, Basis::Field, Statement::Server(server));
            }
        } else if text.contains("http://") || text.contains("https://") {
            self.draft.unread(line.number, line.number, text, "a program in a language that is not read");
        }
    }

    /// An example; JSON is the body of the answer or of the request, as the part and the text before it say.
    pub(super) fn example(&mut self, item: &Item) {
        if self.draft.example(item).is_none() {
            if matches!(item, Item::Request { .. }) {
                self.requested = true;
                self.opens = Opens::Nothing;
                self.announced = None;
                self.answering = matches!(self.section, Section::Response(Some(Status::Exactly(400..))));
            }
            return;
        }
        let status = match self.section {
            Section::Response(Some(Status::Exactly(status))) if !std::mem::take(&mut self.answering) => Some(status),
            _ => self.announced,
        };
        if self.section == Section::Errors
            && status.is_none()
            && let Item::Json { first, last, value, .. } = item
            && !self.answering
        {
            return match refused(value) {
                Some(status) => self.draft.answer(item, Some(status)),
                None => self.draft.unread(*first, *last, &value.to_string(), "the status of this refusal is not said"),
            };
        }
        let asked = self.announced.is_none() && (self.section.is_request() || (self.section == Section::Other && self.is_sent(item)));
        if asked {
            self.draft.sample(item, &property(Side::Request, Vec::new()));
        } else {
            self.draft.answer(item, status);
        }
    }
}

impl Reader {
    /// Whether all names of an object are properties of a request's body, as far as the page has said.
    fn is_sent(&self, item: &Item) -> bool {
        let Item::Json { value: serde_json::Value::Object(members), .. } = item else { return false };
        let stated = |name: &String| matches!(self.draft.sent(name), Some(Place::Property { .. }));
        !self.requested && !members.is_empty() && members.len() < 200 && members.keys().all(stated)
    }
}

/// The status that the body of a refusal says itself.
fn refused(body: &serde_json::Value) -> Option<u16> {
    let members = body.as_object()?;
    let own = ["status", "statusCode", "status_code", "code", "http_status"].iter().find_map(|name| members.get(*name)?.as_u64());
    own.or_else(|| members.get("error")?.get("status").or_else(|| members.get("error")?.get("code"))?.as_u64())
        .and_then(|code| u16::try_from(code).ok())
        .filter(|code| (400..600).contains(code))
}

/// Values below a phrase that announces them, one in each entry of a list.
pub(super) fn bulleted(lines: &[Line], kind: Option<&Type>) -> Option<(usize, Vec<serde_json::Value>)> {
    let starts =
        ["one of", "allowed values", "possible values", "accepted values", "valid values", "available options", "values", "options"];
    let at = lines.iter().position(|line| {
        let lower = line.text.trim().to_lowercase();
        lower.ends_with(':') && starts.iter().any(|start| lower.ends_with(&format!("{start}:")) || lower.starts_with(start))
    })?;
    let entries = lines[at + 1..].iter().skip_while(|line| line.text.trim().is_empty());
    let values = entries.map_while(|line| {
        let entry = line.text.trim().strip_prefix(['-', '*', '\u{2022}'])?;
        let first = words(entry).into_iter().next()?;
        Some(sentence::typed(&first, kind))
    });
    let values: Vec<_> = values.collect();
    (!values.is_empty()).then(|| (lines[at].number, values))
}

/// The value that a text is, whole.
pub(super) fn whole_value(text: &str) -> Option<serde_json::Value> {
    examples::value(text.trim()).filter(|(_, end)| *end == text.trim().len()).map(|(value, _)| value)
}
