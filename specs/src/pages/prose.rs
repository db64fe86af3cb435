//! Headings, paragraphs, lists, tables and code: what Markdown, HTML and plain text have in common.

use super::{
    Basis, Claim, Format, Page, Place, Side, Statement, Type, credentials,
    draft::{Draft, property},
    examples::{self, Item, items, message},
    line::{Line, lines},
    section::{self, Section},
    sentence, signature,
    statements::Paragraph,
    table::{Column, Row},
    type_words,
    words::words,
};
use crate::api::{Location, Status};

/// Reads plain text.
pub(super) fn read(name: &str, text: &str) -> Page {
    let lines = lines(text);
    let last = lines.len();
    let mut reader = Reader::default();
    reader.text(&lines);
    reader.draft.finish(name, Format::Prose, last)
}

/// What a page is read by, part after part.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) draft: Draft,
    pub(super) section: Section,
    /// The status that was announced for the next example.
    announced: Option<u16>,
    /// Whether an example request stands before.
    requested: bool,
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
            Some(item) => self.item(&[Line { number: line.number, text: item.to_owned() }]),
            None => self.paragraph(std::slice::from_ref(line)),
        }
    }

    /// A heading: it opens a part, and may name an operation.
    pub(super) fn heading(&mut self, line: usize, text: &str) {
        self.announced = None;
        if self.signature(line, text.trim().trim_matches('`')) {
            self.section = Section::Other;
            return;
        }
        let named = signature::inline(text).into_iter().next();
        if let Some((_, method, target, _)) = named {
            self.draft.current = self.draft.operation(line, Basis::Field, method, &target).or(self.draft.current);
            self.section = Section::Other;
        } else {
            self.section = section::of(text).unwrap_or_default();
            if let Section::Response(Some(Status::Exactly(status))) = self.section {
                self.draft.status(line, Basis::Field, status);
                self.announced = Some(status);
            }
        }
    }

    /// A line that is a method and a path and nothing else.
    fn signature(&mut self, line: usize, text: &str) -> bool {
        let text = text.trim_matches(['`', '*', ' ']);
        let found = signature::inline(text).into_iter().next();
        let whole = found.filter(|(start, _, _, end)| *start == 0 && text[*end..].trim_matches(['`', ':', '*', ' ']).is_empty());
        let Some((_, method, target, _)) = whole else { return false };
        let stated = self.draft.operation(line, Basis::Field, method, &target);
        self.draft.current = stated.or(self.draft.current);
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
        if let [line] = lines
            && self.signature(line.number, line.text.trim())
        {
            return;
        }
        let mut paragraph = Paragraph::new(&mut self.draft, lines);
        paragraph.read();
        let (status, operation) = (paragraph.status, paragraph.operation);
        let introduces = lines.last().is_some_and(|line| line.text.trim_end().ends_with(':'));
        if introduces {
            self.draft.current = operation.or(self.draft.current);
        }
        if status.is_some() {
            self.announced = status;
        } else if introduces && operation.is_some() {
            self.announced = None;
        }
        self.draft.current = self.draft.current.or(operation);
    }

    /// An entry of a list: the definition of a member, or a paragraph.
    pub(super) fn item(&mut self, lines: &[Line]) {
        let Some(first) = lines.first() else { return };
        if self.refusal(first) || self.define(lines) {
            return;
        }
        self.paragraph(lines);
    }

    /// `404 Not Found: there is no such note` among refusals.
    fn refusal(&mut self, line: &Line) -> bool {
        let found = words(&line.text);
        let Some(Status::Exactly(status)) = found.first().and_then(|word| section::status(&word.text)) else { return false };
        let listed = matches!(self.section, Section::Errors | Section::Response(None));
        let dashed = found.first().is_some_and(|word| word.quoted || word.after.contains(':') || word.before.contains('*'));
        if !(listed || dashed) {
            return false;
        }
        self.draft.status(line.number, Basis::Field, status);
        let code = found.get(1).filter(|word| word.quoted && word.text.contains('_'));
        if let Some(code) = code {
            let status = Some(Status::Exactly(status));
            self.draft.state(line.number, Basis::Field, Statement::ErrorCode { status, code: code.text.clone() });
        }
        true
    }

    /// `` `title` (string, required): the title ``.
    fn define(&mut self, lines: &[Line]) -> bool {
        let text = lines.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ");
        let line = lines.first().map_or(1, |line| line.number);
        let Some(definition) = Definition::read(&text) else { return false };
        let operation = self.draft.current.and_then(|current| self.draft.operations.get(current));
        let in_path = operation.is_some_and(|operation| operation.path.contains(&format!("{{{}}}", definition.name)));
        let section = match self.section {
            Section::Request if in_path => Section::Parameters(Location::Path),
            other => other,
        };
        let method = operation.map(|operation| operation.method.clone());
        let typed = definition.phrase.is_some() || definition.required.is_some();
        let section = if section == Section::Other && typed {
            if in_path { Section::Parameters(Location::Path) } else { Section::Request }
        } else {
            section
        };
        let Some(place) = section.place(&definition.name, method.as_ref()) else { return false };
        self.draft.claim(line, Basis::Field, &place, Claim::Exists);
        let kind = definition.phrase.as_ref().and_then(|phrase| phrase.kind.clone());
        let claims = definition.phrase.map(|phrase| phrase.claims()).unwrap_or_default();
        self.draft.claims(line, Basis::Field, &place, claims);
        self.draft.claims(line, Basis::Field, &place, definition.required.map(Claim::Required));
        self.draft.claims(line, Basis::Sentence, &place, sentence::claims(&definition.rest, kind.as_ref()));
        self.draft.bears(line, lines.last().map_or(line, |last| last.number));
        true
    }

    /// A row of a table.
    pub(super) fn row(&mut self, line: usize, last: usize, columns: &[Column], cells: &[String]) {
        Row { line, last, columns, cells }.read(&mut self.draft, self.section);
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
            self.requested |= matches!(item, Item::Request { .. });
            return;
        }
        let status = match self.section {
            Section::Response(Some(Status::Exactly(status))) => Some(status),
            _ => self.announced,
        };
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

/// A member defined in one line.
struct Definition {
    name: String,
    phrase: Option<type_words::Phrase>,
    required: Option<bool>,
    rest: String,
}

impl Definition {
    fn read(text: &str) -> Option<Self> {
        let found = words(text);
        let first = found.first()?;
        let strong = first.quoted || first.before.contains('*');
        let marked = found.get(1).is_some_and(|next| next.before.starts_with('(') || next.is(&["-", "\u{2013}", ":"]))
            || first.after.contains([':', '\u{2014}']);
        if !type_words::is_name(&first.text)
            || !(strong || found.get(1).is_some_and(|next| next.before.starts_with('(')))
            || first.after.contains([',', '.'])
        {
            return None;
        }
        let rest = text.get(first.end..)?.trim_start();
        let (inside, after) = match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            Some((inside, after)) => (inside, after),
            None => ("", rest),
        };
        let mut definition = Self { name: first.text.clone(), phrase: None, required: None, rest: after.to_owned() };
        for part in inside.split([',', ';']) {
            definition.attribute(part.trim());
        }
        if inside.is_empty() {
            definition.lead(after);
        }
        let stated = definition.phrase.is_some() || definition.required.is_some();
        (stated || (marked && strong)).then_some(definition)
    }

    fn attribute(&mut self, part: &str) {
        match part.trim_matches(['*', '_', '`']).to_lowercase().as_str() {
            "required" | "mandatory" => self.required = Some(true),
            "optional" => self.required = Some(false),
            _ => match type_words::read(part) {
                Some(phrase) if self.phrase.is_none() => self.phrase = Some(phrase),
                _ => self.rest = format!("{part}. {}", self.rest),
            },
        }
    }

    /// `string, required: …` and `*string* required` without parentheses.
    fn lead(&mut self, text: &str) {
        let found = words(text);
        let mut end = 0;
        for word in found.iter().take(4) {
            match word.lower.as_str() {
                "-" | ":" | "\u{2013}" | "\u{2014}" => {}
                "required" => self.required = Some(true),
                "optional" => self.required = Some(false),
                lower if self.phrase.is_none() && end == 0 || word.before.contains('*') => match type_words::read(lower) {
                    Some(phrase) => self.phrase = Some(phrase),
                    None => break,
                },
                _ => break,
            }
            end = word.end;
            if word.after.contains([':', '.']) {
                break;
            }
        }
        text.get(end..).unwrap_or_default().clone_into(&mut self.rest);
    }
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
