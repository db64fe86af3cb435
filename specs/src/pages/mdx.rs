//! Mintlify's source: components say what there is, Markdown between them the rest.

use serde_json::{Map, Value};

use super::{
    Basis, Claim, Format, Page, Place, Statement, Step, Type,
    examples::{Item, items},
    line::{Line, lines},
    markdown,
    prose::{self, Reader},
    section::{self, Section},
    sentence, signature, table,
    tags::{Closed, Piece, pieces},
    type_words::{self, Phrase},
};
use crate::api::{Location, SchemeKind, Status};

/// Reads a page.
pub(super) fn read(name: &str, text: &str) -> Page {
    let lines = lines(text);
    let last = lines.len();
    let mut walk = Walk { reader: Reader::default(), frames: Vec::new() };
    let body = walk.front_matter(&lines);
    for piece in pieces(&lines[body..]) {
        walk.piece(piece);
    }
    walk.reader.draft.finish(name, Format::MintlifySource, last)
}

/// How deep components may be nested.
const DEEPEST: usize = 64;

/// A component that is open.
struct Frame {
    name: String,
    /// The member that it describes.
    member: Option<(Place, Option<Type>)>,
    /// The part of the page before it.
    section: Section,
}

struct Walk {
    reader: Reader,
    frames: Vec<Frame>,
}

impl Walk {
    /// Reads what stands above the page, and returns the position of the line after it.
    fn front_matter(&mut self, lines: &[Line]) -> usize {
        if lines.first().is_none_or(|line| line.text.trim() != "---") {
            return 0;
        }
        let Some(end) = lines.iter().skip(1).take(60).position(|line| line.text.trim() == "---") else { return 0 };
        for line in &lines[1..=end] {
            let Some((key, value)) = line.text.split_once(':') else { continue };
            let value = value.trim().trim_matches(['"', '\'']);
            match key.trim() {
                "api" | "openapi" => self.endpoint(line.number, value),
                "authMethod" | "auth" => self.scheme(line.number, value),
                _ => {}
            }
        }
        end + 2
    }

    fn endpoint(&mut self, line: usize, value: &str) {
        let found = signature::inline(value).into_iter().next();
        let Some((_, method, target, _)) = found else { return };
        let draft = &mut self.reader.draft;
        draft.current = draft.operation(line, Basis::Field, method, &target).or(draft.current);
    }

    fn scheme(&mut self, line: usize, value: &str) {
        let kind = match value {
            "bearer" => SchemeKind::Bearer { scopes: Vec::new() },
            "basic" => SchemeKind::Basic,
            "none" => return,
            _ => return self.reader.draft.unread(line, line, value, "the way to authenticate is none that is known"),
        };
        self.reader.draft.security(line, Basis::Field, kind);
    }

    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Open { line, last, name, attributes, closed } => {
                let frame = self.open(line, last, &name, &attributes);
                if closed == Closed::Later && self.frames.len() < DEEPEST {
                    self.frames.push(frame);
                } else if closed == Closed::Itself {
                    self.reader.section = frame.section;
                }
            }
            Piece::Close { name, .. } => {
                if let Some(at) = self.frames.iter().rposition(|frame| frame.name == name) {
                    self.reader.section = self.frames[at].section;
                    self.frames.truncate(at);
                }
            }
            Piece::Text(lines) => self.text(&lines),
        }
    }

    fn open(&mut self, line: usize, last: usize, name: &str, attributes: &Map<String, Value>) -> Frame {
        let section = self.reader.section;
        let member = match name {
            _ if is_field(name, attributes) => {
                let member = self.place(name, attributes);
                if let Some(place) = &member {
                    self.reader.draft.bears(line, last);
                    Some((place.clone(), self.field(line, name, place, attributes)))
                } else {
                    self.reader.draft.unread(line, last, name, "the field has no name that is known");
                    None
                }
            }
            "RequestExample" => {
                self.reader.section = Section::RequestExample;
                None
            }
            "ResponseExample" => {
                self.reader.section = Section::ResponseExample;
                None
            }
            _ => {
                let title = attributes.get("title").and_then(Value::as_str).unwrap_or_default();
                if name == "Tab" || name == "Accordion" || name == "Step" {
                    self.reader.section = section::of(title).unwrap_or(section);
                }
                None
            }
        };
        Frame { name: name.to_owned(), member, section }
    }

    /// The place of a field; one inside another is a property of that one.
    fn place(&self, name: &str, attributes: &Map<String, Value>) -> Option<Place> {
        let parent = self.frames.iter().rev().find_map(|frame| frame.member.as_ref());
        let text = |key: &str| attributes.get(key).and_then(Value::as_str).filter(|text| type_words::is_name(text));
        let locations = [("path", Location::Path), ("query", Location::Query), ("header", Location::Header), ("cookie", Location::Cookie)];
        let nested = |name: &str| {
            parent.and_then(|(place, kind)| section::below(place, name, kind.as_ref().filter(|kind| kind.is("array")).map(|_| Step::Item)))
        };
        if name != "ResponseField" {
            for (key, location) in locations {
                if let Some(name) = text(key) {
                    return nested(name).or_else(|| Some(Place::Parameter { location, name: name.to_owned() }));
                }
            }
            if let Some(name) = text("body") {
                return nested(name).or_else(|| Section::Body.place(name, None));
            }
        }
        let (tag, name) = (name, text("name")?);
        let operation = self.reader.draft.current.and_then(|current| self.reader.draft.operations.get(current));
        if tag != "ResponseField" {
            let in_path = operation.is_some_and(|operation| operation.path.contains(&format!("{{{name}}}")));
            let section =
                if in_path && self.reader.section == Section::Other { Section::Parameters(Location::Path) } else { self.reader.section };
            return nested(name).or_else(|| section.place(name, operation.map(|operation| &operation.method)));
        }
        let status = match self.reader.section {
            Section::Response(status) => status,
            _ => None,
        };
        nested(name).or_else(|| Section::Response(status).place(name, None))
    }

    /// States what the attributes say, and returns the type.
    fn field(&mut self, line: usize, name: &str, place: &Place, attributes: &Map<String, Value>) -> Option<Type> {
        let draft = &mut self.reader.draft;
        draft.claim(line, Basis::Field, place, Claim::Exists);
        let written = attributes.get("type").and_then(Value::as_str);
        let phrase = written.and_then(|written| type_words::read(written).or_else(|| list_of_named(written)));
        if let (Some(written), None) = (written, &phrase) {
            draft.unread(line, line, written, "the type is none that is known");
        }
        let phrase = phrase.unwrap_or_default();
        draft.claims(line, Basis::Field, place, phrase.claims());
        let kind = phrase.kind;
        let sent = name == "ParamField" && !matches!(place, Place::Parameter { location: Location::Path, .. });
        let required = attributes.get("required").map(is_set).or(sent.then_some(false));
        draft.claims(line, Basis::Field, place, required.map(Claim::Required));
        draft.claims(line, Basis::Field, place, attributes.get("deprecated").map(is_set).map(Claim::Deprecated));
        draft.claims(line, Basis::Field, place, attributes.get("nullable").map(is_set).map(Claim::Nullable));
        let default = attributes.get("default").map(|value| typed(value, kind.as_ref()));
        draft.claims(line, Basis::Field, place, default.map(Claim::Default));
        let values =
            ["enum", "options", "values"].iter().find_map(|key| attributes.get(*key)).and_then(|value| listed(value, kind.as_ref()));
        draft.claims(line, Basis::Field, place, values.map(Claim::Enum));
        for (key, keyword) in
            [("min", "minimum"), ("max", "maximum"), ("minLength", "minLength"), ("maxLength", "maxLength"), ("pattern", "pattern")]
        {
            let value = attributes.get(key).map(|value| typed(value, Some(&Type::plain("number")))).filter(|value| !value.is_null());
            draft.claims(line, Basis::Field, place, value.map(|value| Claim::Limit { keyword, value }));
        }
        kind
    }

    fn text(&mut self, lines: &[Line]) {
        let member = self.frames.iter().rev().find(|frame| frame.member.is_some());
        let Some((place, kind)) = member.and_then(|frame| frame.member.clone()) else {
            return self.outside(lines);
        };
        let mut described: Vec<Line> = Vec::new();
        let rows = if kind.as_ref().is_none_or(|kind| kind.is("object") || kind.is("array")) {
            self.tabled(lines, &place, kind.as_ref())
        } else {
            Vec::new()
        };
        let lines: Vec<Line> = lines.iter().filter(|line| !rows.contains(&line.number)).cloned().collect();
        for item in items(&lines.iter().filter(|line| !line.text.trim_start().starts_with("```")).cloned().collect::<Vec<_>>()) {
            match item {
                Item::Line(line) => described.push(line),
                Item::Json { .. } => self.reader.draft.sample(&item, &place),
                _ => drop(self.reader.draft.example(&item)),
            }
        }
        self.describe(&described, &place, kind.as_ref());
    }

    /// Reads the tables that list the members of a field, and returns their lines.
    fn tabled(&mut self, lines: &[Line], place: &Place, kind: Option<&Type>) -> Vec<usize> {
        let mut parent = place.clone();
        if let (Place::Property { path, .. }, true) = (&mut parent, kind.is_some_and(|kind| kind.is("array"))) {
            path.push(Step::Item);
        }
        let mut taken = Vec::new();
        let mut columns: Option<Vec<table::Column>> = None;
        for line in lines {
            let text = line.text.trim();
            let Some(inside) = text.strip_prefix('|') else {
                columns = None;
                continue;
            };
            let inside = inside.strip_suffix('|').unwrap_or(inside).replace("\\|", "\u{1}");
            let cells: Vec<String> = inside.split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect();
            match &columns {
                None => columns = table::columns(&cells).filter(|columns| columns.contains(&table::Column::Name)),
                Some(columns) if !cells.iter().all(|cell| cell.trim_matches(['-', ':']).is_empty()) => {
                    let row = table::Row { line: line.number, last: line.number, columns, cells: &cells, parent: Some(&parent) };
                    row.read(&mut self.reader.draft, self.reader.section);
                }
                Some(_) => {}
            }
            if columns.is_some() {
                taken.push(line.number);
            }
        }
        taken
    }

    /// What the text of a field says of it.
    fn describe(&mut self, lines: &[Line], place: &Place, kind: Option<&Type>) {
        let draft = &mut self.reader.draft;
        let required = |known: &Statement| matches!(known, Statement::Member { place: known, claim: Claim::Required(_) } if known == place);
        let marked = draft.facts.iter().rev().take(60).any(|fact| required(&fact.statement));
        let listed = prose::bulleted(lines, kind);
        for line in lines {
            let claims = sentence::claims(&line.text, kind);
            let claims = claims.into_iter().filter(|claim| listed.is_none() || !matches!(claim, Claim::Enum(_)));
            draft.claims(line.number, Basis::Sentence, place, claims);
            if !marked {
                draft.claims(line.number, Basis::Sentence, place, sentence::required(&line.text).map(Claim::Required));
            }
        }
        if let Some((line, values)) = listed {
            draft.bears(line, line + values.len());
            draft.claim(line, Basis::Sentence, place, Claim::Enum(values));
        }
    }

    fn outside(&mut self, lines: &[Line]) {
        let group = self.frames.iter().any(|frame| frame.name == "CodeGroup" || frame.name == "RequestExample");
        let example = self.reader.section == Section::ResponseExample;
        if !example && !group {
            return markdown::blocks(&mut self.reader, lines);
        }
        let statuses = fence_statuses(lines);
        for (position, block) in fences(lines).into_iter().enumerate() {
            let status = statuses.get(position).copied().flatten();
            match status {
                Some((line, status)) => {
                    self.reader.draft.status(line, Basis::Field, status);
                    self.answers(&block, status);
                }
                None => self.reader.code(&block),
            }
        }
    }

    fn answers(&mut self, block: &[Line], status: u16) {
        let before = std::mem::replace(&mut self.reader.section, Section::Response(Some(Status::Exactly(status))));
        self.reader.code(block);
        self.reader.section = before;
    }
}

/// Whether a component describes a field: it is known for it, or has a name and a type.
fn is_field(name: &str, attributes: &Map<String, Value>) -> bool {
    let known = ["ParamField", "ResponseField", "Property", "ParamFieldGroup"].contains(&name);
    let text = |key: &str| attributes.get(key).is_some_and(Value::is_string);
    known || text("name") && text("type")
}

/// A list of what has a name of its own: `Stop[]`.
fn list_of_named(text: &str) -> Option<Phrase> {
    let inner = text.trim().strip_suffix("[]").or_else(|| {
        let inner = text.trim().strip_suffix('>')?;
        inner.strip_prefix("array<").or_else(|| inner.strip_prefix("Array<")).or_else(|| inner.strip_prefix("list<"))
    })?;
    type_words::is_name(inner).then(|| type_words::read("array")).flatten()
}

/// The contents of the fences among some lines.
fn fences(lines: &[Line]) -> Vec<Vec<Line>> {
    let mut found = Vec::new();
    let mut open: Option<Vec<Line>> = None;
    for line in lines {
        let mark = line.text.trim_start().starts_with("```");
        match (&mut open, mark) {
            (None, true) => open = Some(Vec::new()),
            (Some(_), true) => found.extend(open.take()),
            (Some(block), false) => block.push(line.clone()),
            (None, false) => {}
        }
    }
    found.extend(open);
    found
}

/// The status in the label of each fence: ```` ```json 201 ````.
fn fence_statuses(lines: &[Line]) -> Vec<Option<(usize, u16)>> {
    let marks = lines.iter().filter(|line| line.text.trim_start().starts_with("```"));
    let opening = marks.step_by(2);
    let status = |line: &Line| {
        line.text.split_whitespace().find_map(|word| match section::status(word.trim_matches(|letter: char| !letter.is_alphanumeric())) {
            Some(Status::Exactly(code)) => Some((line.number, code)),
            _ => None,
        })
    };
    opening.map(status).collect()
}

fn is_set(value: &Value) -> bool {
    !matches!(value, Value::Bool(false)) && value.as_str() != Some("false")
}

fn typed(value: &Value, kind: Option<&Type>) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| sentence::value(text, kind, false))
}

/// Values in an attribute: a list, or text between commas or bars.
fn listed(value: &Value, kind: Option<&Type>) -> Option<Vec<Value>> {
    match value {
        Value::Array(values) => Some(values.clone()),
        Value::String(text) => Some(text.split([',', '|']).map(|part| sentence::value(table::plain(part), kind, false)).collect()),
        _ => None,
    }
}
