//! A page of Fern, rendered to text: name, type and mark run together, as `lead_idstringRequired`.

mod access;
mod marks;
mod numbered;
mod values;

use serde_json::Value;

use super::{
    Basis, Claim, Format, Page, Statement, Step, Type, credentials,
    draft::{Draft, property},
    examples::{Item, items},
    line::Line,
    member::Members,
    section::{self, Section},
    signature,
    type_words::{self, Phrase},
    words::words,
};
use crate::{
    api::{Location, Status},
    pages::Side,
};
use values::Listed;

/// Reads a page.
pub(super) fn read(name: &str, lines: &[Line], format: Format, last: usize) -> Page {
    let nulls = lines.iter().any(|line| line.text.contains(" or null"));
    let mut reader = Reader { nulls, ..Reader::default() };
    for item in items(&numbered::unnumbered(lines)) {
        reader.item(&item);
    }
    reader.described();
    reader.draft.finish(name, format, last)
}

#[derive(Default)]
struct Reader {
    draft: Draft,
    section: Section,
    members: Members,
    /// A method that stands alone, and waits for its path.
    method: Option<http::Method>,
    /// Statuses that were listed for the examples that follow.
    statuses: Vec<u16>,
    /// Values below `Allowed values:`.
    values: Option<Listed>,
    /// What is said of the last member, in words.
    said: Vec<String>,
    /// A status whose sentence comes next.
    refused: bool,
    /// A key that waits for the line that says where it is sent.
    key: Option<(usize, String, Location)>,
    /// Whether the page is about a message of the vendor's, which no caller sends.
    event: bool,
    /// Whether the page writes `or null` where it is meant.
    nulls: bool,
    /// Sentences that may speak of members further below.
    prose: Vec<Line>,
}

impl Reader {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Line(line) if line.text.trim().is_empty() => self.finish_values(),
            Item::Line(line) => self.line(line.number, line.text.trim()),
            Item::Json { .. } => self.json(item),
            _ => drop(self.draft.example(item)),
        }
    }

    fn json(&mut self, item: &Item) {
        self.finish_values();
        if self.section == Section::RequestExample {
            self.draft.sample(item, &property(Side::Request, Vec::new()));
        } else {
            let status = if self.statuses.is_empty() { None } else { Some(self.statuses.remove(0)) };
            self.draft.answer(item, status);
        }
    }

    fn line(&mut self, number: usize, text: &str) {
        if self.signature(number, text) || self.listed_value(number, text) || self.credentials(number, text) {
            return;
        }
        if let Some(section) = heading(text) {
            return self.open(section);
        }
        let handled = match self.section {
            Section::Errors => self.refusal(number, text),
            _ => self.status(number, text) || self.nested(text) || self.detail(number, text) || self.member(number, text),
        };
        if !handled {
            self.sentence(number, text);
        }
    }

    fn open(&mut self, section: Section) {
        self.finish_values();
        self.flush_key();
        self.section = section;
        self.members.clear();
        self.said.clear();
        if let Section::Response(_) = section
            && self.lists_answers()
        {
            self.members.base = Some(Step::Item);
        }
    }

    /// Whether the answers that the page shows are lists.
    fn lists_answers(&self) -> bool {
        let mut shown = self.draft.bodies().filter_map(|fact| match &fact.statement {
            Statement::Answer { status, body } if status.is_none_or(|status| status < 300) => Some(body.is_array()),
            _ => None,
        });
        shown.next() == Some(true) && shown.all(|list| list)
    }

    /// A method alone, then a URL or path alone; or both on one line.
    fn signature(&mut self, line: usize, text: &str) -> bool {
        if let Some(method) = signature::method(text) {
            self.method = Some(method);
            return true;
        }
        let target = signature::target(text);
        if target.len() == text.len()
            && let Some(method) = self.method.take()
            && (text.starts_with('/') || text.contains("://"))
        {
            let stated = self.draft.operation(line, Basis::Field, method, text);
            self.draft.current = stated.or(self.draft.current);
            self.draft.bears(line.saturating_sub(1).max(1), line);
            return stated.is_some();
        }
        let found = signature::inline(text).into_iter().next().filter(|(start, _, _, end)| *start == 0 && *end == text.len());
        let Some((_, method, target, _)) = found else { return false };
        self.draft.current = self.draft.operation(line, Basis::Field, method, &target).or(self.draft.current);
        true
    }

    fn refusal(&mut self, line: usize, text: &str) -> bool {
        let (code, rest) = text.split_at_checked(3).unwrap_or((text, ""));
        if let Some(status @ Status::Exactly(400..=599)) = section::status(code)
            && (rest.is_empty() || rest.starts_with(|letter: char| letter.is_uppercase() || letter == ' '))
        {
            self.draft.state(line, Basis::Field, Statement::Status(status));
            self.refused = rest.is_empty();
            return true;
        }
        let named = std::mem::take(&mut self.refused);
        if named {
            self.draft.bears(line, line);
        }
        named
    }

    /// The status of the answers: `201Created`, `200 Retrieved`, a list of them, one alone.
    fn status(&mut self, line: usize, text: &str) -> bool {
        let (code, rest) = text.split_at_checked(3).unwrap_or((text, ""));
        let Some(Status::Exactly(status)) = section::status(code) else { return false };
        let named = rest.starts_with(|letter: char| letter.is_ascii_uppercase()) && rest.len() < 40;
        if !(rest.is_empty() || named) || self.members.last.is_some() && !matches!(self.section, Section::Response(_)) {
            return false;
        }
        self.draft.status(line, Basis::Field, status);
        if let Section::Response(None) = self.section {
            self.section = Section::Response(Some(Status::Exactly(status)));
        } else {
            self.statuses.push(status);
        }
        true
    }

    /// `Show 3 properties`, `Hide 2 properties`: those that are shown follow, each with its own.
    fn nested(&mut self, text: &str) -> bool {
        let found = words(text);
        let [verb, count, rest @ ..] = found.as_slice() else { return false };
        let shown = verb.is(&["hide"]);
        let noun = rest.last().is_some_and(|word| word.is(&["properties", "property", "variants", "enum", "values"]));
        let Some(count) = count.number().and_then(|count| count.as_u64()).filter(|_| noun && (shown || verb.is(&["show"]))) else {
            return false;
        };
        if shown && rest.iter().any(|word| word.is(&["properties", "property"])) {
            self.members.open(usize::try_from(count).ok());
        } else if shown && rest.iter().any(|word| word.is(&["variants"])) {
            self.members.vary();
        }
        true
    }

    /// A line about the last member: values, a default, limits.
    fn detail(&mut self, line: usize, text: &str) -> bool {
        self.finish_values();
        if self.members.last.is_none() {
            return false;
        }
        if let Some(rest) = text.strip_prefix("Allowed values:").or_else(|| text.strip_prefix("Allowed values")) {
            self.values = Some(Listed::new(line, rest, self.members.kind()));
            return true;
        }
        let before = self.draft.facts.len();
        let plain = text.trim_start_matches('`');
        if ["Defaults to", ">=", "<=", "format:"].iter().any(|start| plain.starts_with(start)) {
            self.marks(line, text);
        }
        self.draft.facts.len() > before
    }

    /// Takes a line as one of the values that were announced.
    fn listed_value(&mut self, line: usize, text: &str) -> bool {
        let member = glued_member(text).is_some() || heading(text).is_some();
        let Some(listed) = self.values.as_mut().filter(|_| !member) else {
            self.finish_values();
            return false;
        };
        let taken = listed.line(line, text, self.members.kind());
        if !taken {
            self.finish_values();
        }
        taken
    }

    /// States the values that were listed, where they can be told apart.
    fn finish_values(&mut self) {
        let Some(listed) = self.values.take_if(|listed| !listed.is_empty()) else { return };
        let known = self.known_values();
        self.draft.bears(listed.first, listed.last);
        match listed.values(&known) {
            Some(values) => self.members.claim(&mut self.draft, listed.first, Claim::Enum(values)),
            None => self.draft.unread(listed.first, listed.last, &listed.text, "where one value ends and the next begins cannot be told"),
        }
    }

    /// Values that the page shows of the last member elsewhere: its default, what is quoted in its description, examples.
    fn known_values(&self) -> Vec<String> {
        let Some((place, _)) = &self.members.last else { return Vec::new() };
        let mut known: Vec<String> =
            self.said.iter().flat_map(|text| words(text)).filter(|word| word.quoted).map(|word| word.text).collect();
        for fact in self.draft.facts.iter().rev().take(60) {
            if let Statement::Member { place: of, claim: Claim::Default(Value::String(value)) } = &fact.statement
                && of == place
            {
                known.push(value.clone());
            }
        }
        known.extend(self.members.shown(&self.draft));
        known
    }

    fn member(&mut self, line: usize, text: &str) -> bool {
        let Some((name, mut phrase, marks)) = glued_member(text) else { return self.half_member(line, text) };
        // What is called an enum here is made of names; what lists other values is called by their type.
        phrase.kind = phrase.kind.or_else(|| Some(Type::plain("string")));
        if matches!(self.section, Section::Other | Section::Security) {
            let marked = self.section == Section::Other && (marks.starts_with("Required") || marks.starts_with("Optional"));
            if marked {
                self.draft.unread(line, line, text, "the page does not say where this is sent");
            }
            return marked;
        }
        if self.event {
            self.draft.unread(line, line, text, "it is sent by the vendor and is no part of a request");
            return true;
        }
        self.said.clear();
        let before = self.members.is_varied();
        let Some(place) = self.members.state(&mut self.draft, line, self.section, name, &phrase) else {
            if before {
                self.draft.unread(line, line, text, "which of the variants this is a property of is not said");
            }
            return before;
        };
        let valued = phrase.kind.as_ref().is_some_and(|kind| !kind.names.is_empty());
        if self.nulls && !phrase.nullable && valued {
            self.draft.claim(line, Basis::Field, &place, Claim::Nullable(false));
        }
        self.marks(line, marks);
        true
    }

    /// A line that is marked like a member whose type is not known.
    fn half_member(&mut self, line: usize, text: &str) -> bool {
        let marked = text.strip_suffix("Required").or_else(|| text.strip_suffix("Optional"));
        let glued = marked.is_some_and(|before| before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '>'));
        let half = glued && self.section.place("x", None).is_some();
        if half {
            self.draft.unread(line, line, text, "the type is none that is known");
        }
        half
    }

    fn sentence(&mut self, line: usize, text: &str) {
        let lower = text.to_ascii_lowercase();
        let lists = ["a list of", "an array of", "a set of"].iter().any(|list| lower.contains(list));
        if text.starts_with("This endpoint expects") || text.starts_with("This endpoint returns") && text.len() < 60 {
            self.draft.bears(line, line);
            if lists && matches!(self.section, Section::Body | Section::Response(_)) {
                self.members.base = Some(Step::Item);
            }
        } else if text.starts_with("The payload of this webhook") || text.starts_with("This webhook") {
            self.event = true;
        } else if self.members.last.is_some() {
            self.said.push(text.to_owned());
            self.members.describe(&mut self.draft, line, text);
        } else if self.section == Section::Security {
            let found = words(text);
            credentials::read(&mut self.draft, &found, |_| line);
        } else if text.len() > 30 && text.contains(' ') {
            self.prose.push(Line { number: line, text: text.to_owned() });
        }
    }

    /// The sentences that were kept until all members are known.
    fn described(&mut self) {
        self.finish_values();
        self.flush_key();
        for line in std::mem::take(&mut self.prose) {
            super::statements::Paragraph::new(&mut self.draft, &[line]).read();
        }
    }
}

/// Name, type and what stands after them.
fn glued_member(text: &str) -> Option<(&str, Phrase, &str)> {
    let marks = ["Required", "Optional", "Deprecated", "Read-only", "Write-only", "Beta", "Defaults to", ">=", "<=", "format: ", "`"];
    let cut = marks.iter().filter_map(|mark| text.find(mark)).filter(|at| *at > 1).min();
    let mut cuts: Vec<usize> = cut.into_iter().collect();
    if cut.is_none() {
        cuts.push(text.len());
        cuts.extend(text.find(|letter: char| letter.is_ascii_digit()).filter(|at| text[*at..].contains('-')));
    } else if let Some(end) = cut {
        let inside = &text[..end];
        let digits = inside.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '-').len();
        cuts.push(digits);
    }
    cuts.into_iter().find_map(|end| {
        let (name, phrase) = type_words::glued(text[..end].trim_end())?;
        Some((name, phrase, &text[end..]))
    })
}

/// The part that a line opens. A sentence that happens to begin with such a word is no heading.
fn heading(text: &str) -> Option<Section> {
    if text.ends_with('.')
        || text.chars().count() > 40
        || glued_member(text).is_some()
        || text.chars().next().is_some_and(|first| first.is_ascii_digit())
    {
        return None;
    }
    match text.trim_start_matches(['#', ' ']) {
        "Request" | "Payload" => Some(Section::Body),
        "Send" | "Receive" | "Messages" | "Events" | "Handshake" => Some(Section::Other),
        _ => section::of(text),
    }
}
