//! HTML, by a tokenizer that keeps lines: what is rendered from it is read as the text that a browser would show, or as
//! headings, paragraphs, lists, tables and code.
//!
//! A tree was rejected: nothing here asks for ancestors other than the open block, and the tree builders at hand drop lines.

mod cells;

use std::cell::RefCell;

use html5ever::{
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind},
};

use super::{
    Basis, Format, Page, Side, Statement, fern, format, fumadocs,
    line::Line,
    mintlify,
    prose::Reader,
    section::{self, Section},
    table::{self, Column},
};

/// Stands for the edge of code inside a sentence.
const CODE: char = '\u{1}';

/// What holds nothing to read.
const SILENT: [&str; 9] = ["script", "style", "nav", "footer", "svg", "template", "noscript", "head", "aside"];

/// A block of a page.
#[derive(Debug)]
struct Block {
    kind: Kind,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Heading,
    Item,
    Term,
    Definition,
    Code,
    Cell,
    HeadCell,
    RowEnd,
    TableEnd,
}

/// Reads a page.
pub(super) fn read(name: &str, text: &str) -> Page {
    let last = text.lines().count().max(1);
    // HTML takes a lone carriage return for the end of a line, and nobody who counts lines does.
    let blocks = blocks(&text.replace("\r\n", "\n").replace('\r', " "));
    let plain = |line: &Line| Line::new(line.number, &line.text.replace(CODE, ""));
    let shown: Vec<Line> = blocks.iter().flat_map(|block| &block.lines).map(plain).collect();
    // What stands in a table says by its column what it is, and not by the lines around it.
    let loose = blocks.iter().filter(|block| !matches!(block.kind, Kind::Cell | Kind::HeadCell));
    let read = match format::of_lines(&loose.flat_map(|block| &block.lines).map(plain).collect::<Vec<_>>()) {
        Format::FernText => fern::read,
        Format::FumadocsText => fumadocs::read,
        Format::MintlifyText => mintlify::read,
        _ => return structured(name, blocks, last),
    };
    read(name, &shown, Format::Html, last)
}

fn structured(name: &str, blocks: Vec<Block>, last: usize) -> Page {
    let mut reader = Reader::default();
    let mut columns: Option<Vec<Column>> = None;
    let (mut cells, mut heads) = (Vec::new(), 0);
    let mut span = (0, 0);
    let mut term: Option<Line> = None;
    let is_marked = |block: &Block| block.kind == Kind::Cell && joined(&block.lines).ends_with(" required");
    let unmarked = if blocks.iter().any(is_marked) { "no" } else { "" };
    for block in blocks {
        let lines: Vec<Line> =
            block.lines.into_iter().map(|line| Line { number: line.number, text: line.text.replace(CODE, "`") }).collect();
        let first = lines.first().map_or(span.0, |line| line.number);
        match block.kind {
            Kind::Heading => heading(&mut reader, first, &joined(&lines)),
            Kind::Text => text(&mut reader, &lines),
            Kind::Item => reader.item(&lines),
            Kind::Code => reader.code(&lines),
            Kind::Term => term = Some(Line { number: first, text: joined(&lines) }),
            Kind::Definition => reader.item(&defined(term.take(), lines)),
            Kind::Cell | Kind::HeadCell => {
                span = (if cells.is_empty() { first } else { span.0 }, first.max(span.1));
                heads += usize::from(block.kind == Kind::HeadCell);
                cells.push(joined(&lines));
            }
            Kind::RowEnd => {
                let row = std::mem::take(&mut cells);
                if std::mem::take(&mut heads) > 1 || columns.is_none() && heads == row.len() {
                    columns = table::columns(&row);
                } else if let Some(columns) = columns.as_ref().filter(|_| !row.is_empty()) {
                    match cells::named(columns, &row) {
                        Some((columns, row)) => reader.row(span.0, span.1, &columns, &row),
                        None => reader.row(span.0, span.1, columns, &row),
                    }
                } else if let Some((columns, row)) = cells::untitled(&row, unmarked).filter(|_| reader.section.place("x", None).is_some()) {
                    reader.row(span.0, span.1, &columns, &row);
                }
                span = (0, 0);
            }
            Kind::TableEnd => columns = None,
        }
    }
    reader.draft.finish(name, Format::Html, last)
}

/// A heading; `Response Schema: application/json` goes on with the answer that was named before.
fn heading(reader: &mut Reader, line: usize, text: &str) {
    let Some((title, media)) = text.rsplit_once(' ').filter(|(_, last)| last.contains('/') && !last.starts_with('/')) else {
        return reader.heading(line, text);
    };
    let title = title.trim_end_matches(':');
    let answered = matches!(reader.section, Section::Response(_)) && title.to_lowercase().starts_with("response");
    if !answered {
        reader.heading(line, title);
    }
    let side = match reader.section {
        Section::Response(status) => Side::Response(status),
        Section::Body | Section::Request => Side::Request,
        _ => return reader.heading(line, text),
    };
    reader.draft.state(line, Basis::Field, Statement::MediaType { side, name: media.to_lowercase() });
}

/// A paragraph; a method and path that are glued, or the status of an answer, are read as what they are.
fn text(reader: &mut Reader, lines: &[Line]) {
    let (line, whole) = (lines.first().map_or(1, |line| line.number), joined(lines));
    let answers = matches!(reader.section, Section::Response(_) | Section::Errors | Section::ResponseHeaders(_));
    let coded = whole.len() < 60 && whole.starts_with(|letter: char| letter.is_ascii_digit());
    if let Some(signature) = cells::signature(&whole) {
        reader.heading(line, &signature);
    } else if answers && coded && matches!(section::of(&whole), Some(Section::Response(Some(_)))) {
        reader.heading(line, &whole);
    } else {
        reader.paragraph(lines);
    }
}

fn joined(lines: &[Line]) -> String {
    lines.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// A term and its definition as one entry of a list.
fn defined(term: Option<Line>, mut lines: Vec<Line>) -> Vec<Line> {
    let Some(term) = term else { return lines };
    let name = if term.text.contains('`') || term.text.contains(' ') { term.text } else { format!("`{}`", term.text) };
    lines.insert(0, Line { number: term.number, text: format!("{name}:") });
    lines
}

fn blocks(text: &str) -> Vec<Block> {
    let sink = Sink { state: RefCell::new(State::default()) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(text));
    drop(tokenizer.feed(&queue));
    tokenizer.end();
    let mut state = tokenizer.sink.state.into_inner();
    state.close(Kind::Text);
    state.blocks
}

struct Sink {
    state: RefCell<State>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let line = usize::try_from(line).unwrap_or(1).max(1);
        let mut state = self.state.borrow_mut();
        match token {
            Token::TagToken(tag) => return state.tag(&tag, line),
            Token::CharacterTokens(text) => state.text(&text, line),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[derive(Default)]
struct State {
    blocks: Vec<Block>,
    lines: Vec<Line>,
    /// The silent elements that are open.
    silent: Vec<String>,
    /// How many `pre` are open.
    code: usize,
    /// Whether the head of a table is open.
    head: usize,
    /// What the text that is open will be.
    kind: Option<Kind>,
}

impl State {
    fn tag(&mut self, tag: &Tag, line: usize) -> TokenSinkResult<()> {
        let name = &*tag.name;
        let opens = tag.kind == TagKind::StartTag;
        if SILENT.contains(&name) && !(name == "aside" && (is_notice(tag) || !opens && !self.silent.iter().any(|open| open == name))) {
            if opens && !tag.self_closing {
                self.close(Kind::Text);
                self.silent.push(name.to_owned());
            } else if let Some(at) = self.silent.iter().rposition(|open| open == name) {
                self.silent.truncate(at);
            }
        } else if self.silent.is_empty() {
            self.element(name, opens, line);
        }
        match name {
            "script" if opens => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "noscript" if opens => TokenSinkResult::RawData(RawKind::Rawtext),
            _ => TokenSinkResult::Continue,
        }
    }

    fn element(&mut self, name: &str, opens: bool, line: usize) {
        let kind = match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
            "li" => Kind::Item,
            "dt" => Kind::Term,
            "dd" => Kind::Definition,
            "td" if self.head == 0 => Kind::Cell,
            "td" | "th" => Kind::HeadCell,
            "pre" => Kind::Code,
            "code" | "kbd" if self.code == 0 => return self.push(&CODE.to_string(), line),
            "br" => return self.lines.push(Line { number: line, text: String::new() }),
            "tr" | "table" => return self.row(name, opens),
            _ if is_block(name) => Kind::Text,
            _ => return,
        };
        if name == "thead" {
            self.head = usize::from(opens);
        }
        if kind == Kind::Code {
            self.code = if opens { self.code + 1 } else { self.code.saturating_sub(1) };
        }
        let cell = matches!(self.kind, Some(Kind::Cell | Kind::HeadCell));
        if cell && matches!(kind, Kind::Text | Kind::Item | Kind::Code) {
            return self.push(" ", line);
        }
        let inherited = matches!(self.kind, Some(Kind::Item | Kind::Definition)) && kind == Kind::Text && opens && self.is_blank();
        if inherited {
            return;
        }
        self.close(if opens { Kind::Text } else { kind });
        self.kind = opens.then_some(kind);
        if matches!(kind, Kind::Cell | Kind::HeadCell) && opens {
            self.lines.push(Line { number: line, text: String::new() });
        }
    }

    fn row(&mut self, name: &str, opens: bool) {
        self.close(Kind::Text);
        if !opens {
            let kind = if name == "tr" { Kind::RowEnd } else { Kind::TableEnd };
            self.blocks.push(Block { kind, lines: Vec::new() });
        }
    }

    fn is_blank(&self) -> bool {
        self.lines.iter().all(|line| line.text.trim().is_empty())
    }

    /// Ends the block that is open.
    fn close(&mut self, fallback: Kind) {
        let kind = self.kind.take().unwrap_or(fallback);
        let mut lines = std::mem::take(&mut self.lines);
        if kind != Kind::Code {
            lines.retain(|line| !line.text.trim().is_empty());
        }
        let cell = matches!(kind, Kind::Cell | Kind::HeadCell);
        if cell || lines.iter().any(|line| !line.text.trim().is_empty()) {
            self.blocks.push(Block { kind, lines });
        }
    }

    fn text(&mut self, text: &str, line: usize) {
        if !self.silent.is_empty() {
            return;
        }
        if self.code == 0 {
            return self.push(&text.split_whitespace().collect::<Vec<_>>().join(" ").pad(text), line);
        }
        for (offset, part) in text.split('\n').enumerate() {
            if offset > 0 {
                self.lines.push(Line { number: line, text: String::new() });
            }
            self.push(part, line);
        }
    }

    fn push(&mut self, text: &str, line: usize) {
        match self.lines.last_mut() {
            Some(last) if last.number == line || self.code > 0 => last.text.push_str(text),
            Some(last) if self.code == 0 && !text.is_empty() => {
                let glued = !last.text.ends_with(' ') && !text.starts_with(' ');
                let number = if glued { last.number } else { line };
                if glued {
                    last.text.push_str(text);
                } else {
                    self.lines.push(Line { number, text: text.to_owned() });
                }
            }
            Some(_) => {}
            None => self.lines.push(Line { number: line, text: text.to_owned() }),
        }
    }
}

trait Pad {
    /// The text with a space on each side on which the other one has some.
    fn pad(self, other: &str) -> String;
}

impl Pad for String {
    fn pad(self, other: &str) -> String {
        let before = if other.starts_with(char::is_whitespace) { " " } else { "" };
        let after = if other.ends_with(char::is_whitespace) && !self.is_empty() { " " } else { "" };
        format!("{before}{self}{after}")
    }
}

/// Whether an element is a remark in the text, and no column beside it.
fn is_notice(tag: &Tag) -> bool {
    let classes = tag.attrs.iter().find(|attribute| &*attribute.name.local == "class").map(|attribute| attribute.value.to_lowercase());
    let marks = ["notice", "warning", "success", "note", "tip", "info", "admonition", "callout", "alert", "hint"];
    classes.is_some_and(|classes| classes.split(['-', '_', ' ']).any(|class| marks.contains(&class)))
}

fn is_block(name: &str) -> bool {
    let blocks = [
        "p",
        "aside",
        "div",
        "section",
        "article",
        "main",
        "header",
        "ul",
        "ol",
        "dl",
        "blockquote",
        "body",
        "html",
        "form",
        "fieldset",
        "button",
        "figure",
        "figcaption",
        "details",
        "summary",
        "hr",
        "thead",
        "tbody",
        "label",
        "select",
        "option",
    ];
    blocks.contains(&name)
}
