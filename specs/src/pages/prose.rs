//! Headings, paragraphs, lists, tables and code: what Markdown, HTML and plain text have in common.

use super::{
    Basis, Claim, Format, Page, Place, Side, Statement, Step, Type, credentials,
    definition::Definition,
    draft::{Draft, property},
    examples::{self, Item, items, message},
    line::{Line, lines},
    section::{self, Section},
    sentence, signature,
    statements::{Opens, Paragraph},
    status_words,
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
    announced: Option<u16>,
    /// Whether an example request stands before.
    requested: bool,
    /// What the paragraph before says that the next table or list holds.
    introduced: Option<Section>,
    /// Whether a part begins here whose operation is still to be named.
    opens: Opens,
    /// The level of the heading below which the current operation is.
    home: Option<u8>,
    /// How deep the entry of a list is nested, from 1; 0 where that is not known.
    pub(super) depth: usize,
    /// The members that entries of lists define, outermost first, each with its depth.
    nest: Vec<(usize, Place, Option<Type>)>,
    /// Whether the heading before says that a server comes.
    hosted: bool,
    /// The level of the heading that opened the description of an object, apart from any operation.
    object: Option<u8>,
    /// The values of a member that entries below it list, with its line and the depth of its own entry.
    values: Option<(usize, usize, Place, Option<Type>, Vec<serde_json::Value>)>,
    /// Whether a request was shown where a refusal is spoken of, so that its answer comes next.
    answering: bool,
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
    fn settled(&mut self, level: u8) {
        self.home = Some(level).filter(|level| *level > 0);
        self.opens = Opens::Nothing;
    }

    /// Refusals and credentials beside the parts of several operations are those of all.
    fn leave(&mut self, level: u8, section: Section, text: &str) {
        let common = ["limits", "limit", "limiting", "throttling", "versioning", "conventions", "general", "idempotency", "quotas"];
        let general = words(text).iter().any(|word| common.contains(&word.lower.as_str()));
        let beside = self.home.is_some_and(|home| level > 0 && level <= home);
        let common = general || matches!(section, Section::Errors | Section::Security) || section == Section::Parameters(Location::Header);
        if beside && common && self.draft.operations.len() > 1 {
            self.draft.current = None;
        }
    }

    /// A title that names no operation: what it opens may. Whether it does.
    fn title(&mut self, text: &str) -> bool {
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

    /// A line that is a method and a path and nothing else.
    fn signature(&mut self, line: usize, text: &str) -> bool {
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
        tags.iter().for_each(|line| self.tag(line));
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

    /// `{% tab title="200: OK" %}`: a tab has a title as parts have headings.
    fn tag(&mut self, line: &Line) {
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

    fn sentences(&mut self, lines: &[Line]) {
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

    /// An entry of a list: the definition of a member, or a paragraph.
    pub(super) fn item(&mut self, lines: &[Line]) {
        let Some(first) = lines.first() else { return };
        while self.nest.last().is_some_and(|(depth, _, _)| *depth >= self.depth) {
            self.nest.pop();
        }
        if self.values.as_ref().is_some_and(|(_, depth, ..)| *depth >= self.depth) {
            self.listed();
        }
        if self.value(first) || self.refusal(first) || self.define(lines) {
            return;
        }
        self.sentences(lines);
    }

    /// Takes an entry as one of the values that the entry around it announces.
    fn value(&mut self, line: &Line) -> bool {
        let Some((_, depth, _, kind, values)) = &mut self.values else { return false };
        let Some(word) = words(&line.text).into_iter().next().filter(|_| self.depth > *depth) else { return false };
        values.push(sentence::typed(&word, kind.as_ref()));
        self.draft.bears(line.number, line.number);
        true
    }

    /// States the values that were listed.
    pub(super) fn listed(&mut self) {
        if let Some((line, _, place, _, values)) = self.values.take().filter(|(.., values)| values.len() > 1) {
            self.draft.claim(line, Basis::Field, &place, Claim::Enum(values));
        }
    }

    /// `404 Not Found: there is no such note` among refusals.
    fn refusal(&mut self, line: &Line) -> bool {
        let found = words(&line.text);
        let Some((status, _)) = status_words::leading(&line.text) else { return false };
        let listed = matches!(self.section, Section::Errors | Section::Response(None));
        let dashed = found.first().is_some_and(|word| word.quoted || word.after.contains(':') || word.before.contains('*'));
        let dashed = dashed
            || found.get(1).is_some_and(|word| word.is(&["-", "\u{2013}"]))
            || found.first().is_some_and(|word| word.after.contains('\u{2014}'));
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
        if self.is_value(&definition) {
            return true;
        }
        if self.object.is_some() {
            let last = lines.last().map_or(line, |last| last.number);
            self.draft.unread(line, last, &text, "an object that is described apart from any operation");
            return true;
        }
        let Some(place) = self.defined(&definition) else { return false };
        self.draft.claim(line, Basis::Field, &place, Claim::Exists);
        let kind = definition.phrase.as_ref().and_then(|phrase| phrase.kind.clone());
        let claims = definition.phrase.map(|phrase| phrase.claims()).unwrap_or_default();
        self.draft.claims(line, Basis::Field, &place, claims);
        self.draft.claims(line, Basis::Field, &place, definition.required.map(Claim::Required));
        let mut claims = sentence::claims(&definition.rest, kind.as_ref());
        claims.retain(|claim| kind.is_none() || !matches!(claim, Claim::Type(own) if Some(own) == kind.as_ref()));
        if definition.required.is_none() {
            claims.extend(sentence::required(&definition.rest).map(Claim::Required));
        }
        self.draft.claims(line, Basis::Sentence, &place, claims);
        self.draft.bears(line, lines.last().map_or(line, |last| last.number));
        let rest = definition.rest.trim_end().to_lowercase();
        let announced =
            ["one of:", "values:", "options:", "values are:", "either:", "of the following:"].iter().any(|end| rest.ends_with(end));
        if announced && self.depth > 0 {
            self.values = Some((line, self.depth, place.clone(), kind.clone(), Vec::new()));
        }
        self.nest.push((self.depth, place, kind));
        true
    }

    /// Whether an entry is a value of the member that the entry around it defines.
    fn is_value(&self, definition: &Definition) -> bool {
        let scalar = |kind: &Option<Type>| kind.as_ref().is_some_and(|kind| !kind.is("object") && !kind.is("array"));
        definition.phrase.is_none() && self.nest.last().is_some_and(|(depth, _, kind)| *depth < self.depth && scalar(kind))
    }

    /// The place of a member that is defined here.
    fn defined(&self, definition: &Definition) -> Option<Place> {
        let typed = definition.phrase.is_some() || definition.required.is_some();
        if let Some((_, parent @ Place::Property { .. }, kind)) = self.nest.last().filter(|(depth, _, _)| *depth < self.depth) {
            let step = kind.as_ref().filter(|kind| kind.is("array")).map(|_| Step::Item);
            return section::below(parent, &definition.name, step);
        }
        let operation = self.draft.current.and_then(|current| self.draft.operations.get(current));
        let in_path = operation.is_some_and(|operation| operation.path.contains(&format!("{{{}}}", definition.name)));
        let section = match self.introduced.unwrap_or(self.section) {
            Section::Request if in_path => Section::Parameters(Location::Path),
            Section::Other if typed && in_path => Section::Parameters(Location::Path),
            Section::Other if typed => Section::Request,
            other => other,
        };
        section.place(&definition.name, operation.map(|operation| &operation.method))
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

/// Whether a line of plain text is a title: a few words that are no sentence.
fn is_title(text: &str) -> bool {
    let count = text.split_whitespace().count();
    let opens = text.starts_with(|first: char| first.is_uppercase());
    opens
        && (2..=8).contains(&count)
        && text.len() < 60
        && text.ends_with(char::is_alphanumeric)
        && !text.contains(['/', ':', '`', '"', '='])
}

/// Whether a heading says that the address of the API comes.
fn is_hosting(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["base url", "base uri", "server", "host", "endpoint url", "api root", "root url"].iter().any(|start| lower.starts_with(start))
}

/// What a sentence that ends with a colon says the list or table after it holds: `The response has these fields:`.
fn introduction(text: &str) -> Option<Section> {
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
