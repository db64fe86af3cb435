//! Tables, whatever their columns are called.

use http::Method;
use serde_json::Value;

use super::{
    Basis, Claim, Place, Statement, Type,
    draft::Draft,
    examples,
    section::{self, Section, status},
    sentence, signature, type_words,
    words::words,
};
use crate::api::Location;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    /// Names, of which the heading says where they are.
    NameIn(Section),
    /// Names of properties: whether they are sent or answered, the heading does not say.
    Member,
    Kind,
    Required,
    Default,
    Values,
    Place,
    Limits,
    Example,
    Nullable,
    Text,
    Status,
    Code,
    Method,
    Path,
    Other,
}

/// What the columns under these headings hold; `None` for a table that states nothing of an API.
pub(super) fn columns(headings: &[String]) -> Option<Vec<Column>> {
    let mut columns: Vec<Column> = headings.iter().map(|heading| column(heading)).collect();
    let unnamed = !columns.iter().any(|column| is_name(*column));
    let typed = columns.iter().any(|column| [Column::Kind, Column::Required, Column::Default].contains(column));
    if let Some(first @ Column::Other) = columns.first_mut()
        && unnamed
        && typed
    {
        *first = Column::Name;
    }
    let has = |wanted| columns.iter().any(|column| *column == wanted || (wanted == Column::Name && is_name(*column)));
    let described = [Column::Kind, Column::Required, Column::Text, Column::Default, Column::Values, Column::Place, Column::Other];
    let members = has(Column::Name) && described.iter().any(|column| has(*column));
    let refusals = has(Column::Status) || (has(Column::Code) && columns.len() > 1);
    (members || refusals || (has(Column::Method) && has(Column::Path))).then_some(columns)
}

fn is_name(column: Column) -> bool {
    matches!(column, Column::Name | Column::NameIn(_) | Column::Member)
}

fn column(heading: &str) -> Column {
    let lower = heading.trim().trim_matches(['*', '`', ':', '?', '#']).trim().to_lowercase();
    let words: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        ["query", "parameter" | "parameters" | "param" | "params"] => Column::NameIn(Section::Parameters(Location::Query)),
        ["path", "parameter" | "parameters" | "param" | "params"] => Column::NameIn(Section::Parameters(Location::Path)),
        ["body", "parameter" | "field" | "property"] => Column::NameIn(Section::Body),
        ["header" | "headers"] | ["header", "name"] | ["request", "header"] => Column::NameIn(Section::Parameters(Location::Header)),
        ["response", "field" | "property" | "attribute"] => Column::NameIn(Section::Response(None)),
        ["response", "header"] => Column::NameIn(Section::ResponseHeaders(None)),
        [
            "name" | "field" | "parameter" | "parameters" | "fields" | "param" | "property" | "properties" | "attribute" | "attributes"
            | "key" | "argument" | "arguments" | "column",
        ]
        | ["field" | "parameter" | "property" | "attribute" | "query" | "path" | "body", "name" | "parameter" | "field"] => Column::Name,
        ["code" | "error"] | ["error", "code" | "type"] => Column::Code,
        ["type" | "schema"] | [_, "type"] | ["type", _] => Column::Kind,
        ["required" | "mandatory" | "presence" | "req" | "optional"] | ["is", "required"] | ["required", "optional"] => Column::Required,
        ["default" | "defaults"] | ["default", _] => Column::Default,
        ["values" | "options" | "enum"] | ["allowed" | "possible" | "accepted" | "valid", _] => Column::Values,
        ["in" | "location" | "place" | "where"] | ["sent", "in"] => Column::Place,
        ["limits" | "constraints" | "validation" | "limit" | "constraint" | "rules"] => Column::Limits,
        ["example" | "sample" | "examples"] | ["example" | "sample", _] => Column::Example,
        ["nullable" | "null"] => Column::Nullable,
        ["status" | "http"] | ["http" | "response", "status" | "code"] | ["status", "code"] | ["http", "status", "code"] => Column::Status,
        ["method" | "verb"] | ["http", "method"] => Column::Method,
        ["path" | "endpoint" | "url" | "route" | "uri"] => Column::Path,
        [
            "description" | "notes" | "details" | "meaning" | "note" | "comment" | "comments" | "reason" | "cause" | "message"
            | "explanation",
        ] => Column::Text,
        _ => Column::Other,
    }
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r> {
    pub(super) line: usize,
    pub(super) last: usize,
    pub(super) columns: &'r [Column],
    pub(super) cells: &'r [String],
    /// The place whose members the table lists, where it is no body.
    pub(super) parent: Option<&'r Place>,
}

impl<'r> Row<'r> {
    fn cell(&self, wanted: Column) -> Option<&'r str> {
        let is = |column: &Column| *column == wanted || (wanted == Column::Name && is_name(*column));
        let position = self.columns.iter().position(is)?;
        self.cells.get(position).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    /// States what the row says.
    pub(super) fn read(&self, draft: &mut Draft, section: Section) {
        let before = draft.facts.len();
        if self.columns.contains(&Column::Method) && self.columns.contains(&Column::Path) {
            self.operation(draft);
        } else if self.columns.iter().any(|column| is_name(*column)) {
            self.member(draft, section);
        } else {
            self.refusal(draft);
        }
        if draft.facts.len() == before {
            draft.unread(self.line, self.last, &self.cells.join(" | "), "this row of a table names nothing that is known");
        } else {
            draft.bears(self.line, self.last);
        }
    }

    fn operation(&self, draft: &mut Draft) {
        let method = self.cell(Column::Method).and_then(|cell| signature::method(plain(cell)));
        if let (Some(method), Some(path)) = (method, self.cell(Column::Path)) {
            draft.operation(self.line, Basis::Field, method, plain(path));
        }
    }

    fn refusal(&self, draft: &mut Draft) {
        let coded = self.cell(Column::Code).map(plain);
        let (shown, code) = match (self.cell(Column::Status).map(plain), coded) {
            (None, Some(code)) if status(code.split_whitespace().next().unwrap_or_default()).is_some() => (Some(code), None),
            (shown, code) => (shown, code),
        };
        let status = shown.and_then(|shown| status(plain(shown.split_whitespace().next().unwrap_or_default()).trim_matches('`')));
        if let Some(status) = status {
            draft.state(self.line, Basis::Field, Statement::Status(status));
        }
        if let Some(code) = code.filter(|code| is_code(code)) {
            draft.state(self.line, Basis::Field, Statement::ErrorCode { status, code: code.to_owned() });
        }
    }

    fn member(&self, draft: &mut Draft, section: Section) {
        let Some(cell) = self.cell(Column::Name) else { return };
        let marked = cell.ends_with('*') && !cell.starts_with('*') || cell.ends_with("\\*") || cell.ends_with("***");
        let first = cell.split_whitespace().next().unwrap_or_default();
        let name = plain(plain(first).trim_matches(['*', '\\']));
        let Some(place) = self.place(draft, section, name) else { return };
        draft.claim(self.line, Basis::Field, &place, Claim::Exists);
        let phrase = self.cell(Column::Kind).and_then(|kind| type_words::read(plain(kind)));
        if self.cell(Column::Kind).is_some() && phrase.is_none() {
            draft.unread(self.line, self.last, self.cell(Column::Kind).unwrap_or_default(), "the type is none that is known");
        }
        let phrase = phrase.unwrap_or_default();
        draft.claims(self.line, Basis::Field, &place, phrase.claims());
        let kind = phrase.kind.as_ref();
        let required = self.required(cell).or(marked.then_some(true));
        draft.claims(self.line, Basis::Field, &place, required.map(Claim::Required));
        self.more(draft, &place, kind);
        let text = self.cell(Column::Text).unwrap_or_default();
        if required.is_none() {
            draft.claims(self.line, Basis::Sentence, &place, sentence::required(text).map(Claim::Required));
        }
        draft.claims(self.line, Basis::Sentence, &place, sentence::claims(text, kind));
    }

    fn more(&self, draft: &mut Draft, place: &Place, kind: Option<&Type>) {
        let shown = |column| self.cell(column).filter(|cell| !is_blank(cell));
        let default = shown(Column::Default).map(|cell| Claim::Default(sentence::value(plain(cell).trim_matches('"'), kind, false)));
        let nullable = self.cell(Column::Nullable).and_then(yes).map(Claim::Nullable);
        draft.claims(self.line, Basis::Field, place, default.into_iter().chain(nullable));
        if let Some(values) = shown(Column::Values).and_then(|cell| listed(cell, kind)) {
            draft.claim(self.line, Basis::Field, place, Claim::Enum(values));
        }
        if let Some(limits) = shown(Column::Limits) {
            draft.claims(self.line, Basis::Field, place, sentence::claims(limits, kind));
        }
        if let Some(example) = shown(Column::Example) {
            let parsed = examples::value(plain(example)).filter(|(_, end)| *end == plain(example).len()).map(|(value, _)| value);
            let example = parsed.filter(|value| !value.is_number() || kind.is_none_or(Type::is_numeric));
            let value = example.unwrap_or_else(|| sentence::value(plain(self.cell(Column::Example).unwrap_or_default()), kind, true));
            draft.claim(self.line, Basis::Example, place, Claim::Example(value));
        }
    }

    fn required(&self, name: &str) -> Option<bool> {
        let in_name = || name.split_once(char::is_whitespace).and_then(|(_, rest)| sentence::required(rest));
        self.cell(Column::Required).and_then(yes).or_else(in_name)
    }

    fn place(&self, draft: &Draft, section: Section, name: &str) -> Option<Place> {
        if !type_words::is_name(name) {
            return None;
        }
        if let Some(parent) = self.parent {
            return section::below(parent, name, None);
        }
        let written = self.cell(Column::Place).map(|cell| plain(cell).to_lowercase());
        let headed = self.columns.iter().find_map(|column| if let Column::NameIn(section) = column { Some(*section) } else { None });
        let section = match (headed, section) {
            // A column of headers below a heading about answers names those of answers.
            (Some(Section::Parameters(Location::Header)), Section::Response(status) | Section::ResponseHeaders(status)) => {
                Section::ResponseHeaders(status)
            }
            (Some(headed), _) => headed,
            (None, section) => section,
        };
        let section = match written.as_deref() {
            Some("path" | "url" | "uri") => Section::Parameters(Location::Path),
            Some("query" | "query string" | "querystring") => Section::Parameters(Location::Query),
            Some("header" | "headers") => Section::Parameters(Location::Header),
            Some("cookie") => Section::Parameters(Location::Cookie),
            Some("body" | "json" | "request body") => Section::Body,
            _ => section,
        };
        let operation = draft.current.and_then(|current| draft.operations.get(current));
        let in_path = operation.is_some_and(|operation| operation.path.contains(&format!("{{{name}}}")));
        let section = match section {
            Section::Request | Section::Other if in_path && written.is_none() => Section::Parameters(Location::Path),
            Section::Other => Section::Request,
            other => other,
        };
        let bodiless = operation.is_some_and(|operation| [Method::GET, Method::DELETE, Method::HEAD].contains(&operation.method));
        if section == Section::Request && bodiless && written.is_none() && self.columns.contains(&Column::Member) {
            return None;
        }
        section.place(name, operation.map(|operation| &operation.method))
    }
}

/// A cell without its decoration.
pub(super) fn plain(cell: &str) -> &str {
    let cell = cell.trim();
    let cell = cell.strip_prefix("**").and_then(|rest| rest.strip_suffix("**")).unwrap_or(cell);
    let cell = cell.strip_prefix('*').and_then(|rest| rest.strip_suffix('*')).unwrap_or(cell).trim();
    cell.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).unwrap_or(cell).trim()
}

fn is_blank(cell: &str) -> bool {
    ["-", "\u{2014}", "\u{2013}", "n/a", "none", "no"].contains(&cell.to_lowercase().as_str())
}

fn yes(cell: &str) -> Option<bool> {
    match plain(cell).to_lowercase().trim_end_matches('.') {
        "yes" | "y" | "true" | "required" | "mandatory" | "always" | "\u{2713}" | "\u{2714}" | "\u{2705}" | "x" => Some(true),
        "no" | "n" | "false" | "optional" | "-" | "\u{2014}" | "\u{2013}" | "\u{274c}" | "\u{2717}" | "\u{2718}" => Some(false),
        _ => None,
    }
}

fn is_code(text: &str) -> bool {
    text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')) && !text.is_empty()
}

/// The values of a cell: quoted words where there are any, else words between commas, bars or slashes.
fn listed(cell: &str, kind: Option<&Type>) -> Option<Vec<Value>> {
    let found = words(cell);
    let quoted: Vec<Value> = found.iter().filter(|word| word.quoted).map(|word| sentence::typed(word, kind)).collect();
    if quoted.len() > 1 {
        return Some(quoted);
    }
    let parts: Vec<&str> = cell.split([',', '|', '/']).map(plain).collect();
    parts.iter().all(|part| is_code(part)).then(|| parts.iter().map(|part| sentence::value(part, kind, false)).collect())
}
