//! The components of MDX: tags that begin with a capital, and the text between them.
//!
//! Code is left alone: what stands in a fence or in backticks is text. A parser of MDX was rejected, as none is
//! maintained that keeps lines and takes the half-written pages that renderers take.

use serde_json::{Map, Value};

use super::{
    examples::script_value,
    line::{Line, Sheet},
};

/// How many bytes of tags without an end are looked at, in all.
const BUDGET: usize = 2_000_000;
/// How long a tag may be.
const LONGEST: usize = 5_000;

/// A piece of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// `<Name …>`, or `<Name … />` when it is closed.
    Open { line: usize, last: usize, name: String, attributes: Map<String, Value>, closed: Closed },
    /// `</Name>`.
    Close { line: usize, name: String },
    /// What stands between.
    Text(Vec<Line>),
}

/// Whether a tag has content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    Itself,
    Later,
}

/// Takes a page apart.
pub(super) fn pieces(lines: &[Line]) -> Vec<Piece> {
    let sheet = Sheet::new(lines);
    let mut scanner = Scanner { sheet: &sheet, at: 0, from: 0, pieces: Vec::new(), fence: None, budget: BUDGET };
    while scanner.at < sheet.text.len() {
        scanner.step();
    }
    scanner.text(sheet.text.len());
    scanner.pieces
}

struct Scanner<'s> {
    sheet: &'s Sheet,
    at: usize,
    /// Where the text begins that is no piece yet.
    from: usize,
    pieces: Vec<Piece>,
    fence: Option<String>,
    /// How many bytes of tags without an end may still be looked at.
    budget: usize,
}

impl Scanner<'_> {
    fn step(&mut self) {
        let position = self.sheet.position(self.at);
        let line = self.sheet.rest(self.at);
        let next = self.sheet.start(position + 1);
        if self.at == self.sheet.start(position) && self.fenced(line) {
            self.at = next;
            return;
        }
        if self.fence.is_some() {
            self.at = next;
            return;
        }
        match line.find(['<', '`']) {
            None => self.at = next,
            Some(offset) if line[offset..].starts_with('`') => {
                let ticks = line[offset..].len() - line[offset..].trim_start_matches('`').len();
                let rest = &line[offset + ticks..];
                let close = rest.find(&"`".repeat(ticks)).map_or(0, |end| end + ticks);
                self.at += offset + ticks + close;
            }
            Some(offset) => {
                self.at += offset;
                if !self.tag() {
                    self.at += 1;
                }
            }
        }
    }

    /// Whether a line belongs to a fence as its opening or closing.
    fn fenced(&mut self, line: &str) -> bool {
        let line = line.trim();
        let mark: String = line.chars().take_while(|letter| matches!(letter, '`' | '~')).collect();
        match &self.fence {
            None if mark.len() >= 3 && !line[mark.len()..].contains('`') => self.fence = Some(mark),
            Some(open) if mark.starts_with(open.as_str()) && line.len() == mark.len() => self.fence = None,
            _ => return false,
        }
        true
    }

    fn text(&mut self, end: usize) {
        let (from, sheet) = (self.from, self.sheet);
        if from >= end {
            return;
        }
        let first = sheet.position(from);
        let parts = sheet.text[from..end].split('\n').enumerate();
        let lines: Vec<Line> = parts.map(|(offset, text)| Line { number: sheet.number(first + offset), text: text.to_owned() }).collect();
        if lines.iter().any(|line| !line.text.trim().is_empty()) {
            self.pieces.push(Piece::Text(dedented(lines)));
        }
    }

    /// Reads the tag that begins here; `false` when there is none.
    fn tag(&mut self) -> bool {
        let start = self.at;
        let rest = &self.sheet.text[start + 1..];
        let closing = rest.starts_with('/');
        let rest = rest.trim_start_matches('/');
        let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_')).collect();
        if !name.starts_with(|letter: char| letter.is_ascii_uppercase()) {
            return false;
        }
        let mut at = start + 1 + usize::from(closing) + name.len();
        let line = self.sheet.number(self.sheet.position(start));
        let mut limit = self.sheet.text.len().min(at + LONGEST.min(self.budget));
        while !self.sheet.text.is_char_boundary(limit) {
            limit -= 1;
        }
        let Some((attributes, closed, end)) = attributes(&self.sheet.text[..limit.max(at)], at) else {
            self.budget = self.budget.saturating_sub(limit.saturating_sub(at));
            return false;
        };
        at = end;
        self.text(start);
        let last = self.sheet.last(at);
        self.pieces.push(if closing { Piece::Close { line, name } } else { Piece::Open { line, last, name, attributes, closed } });
        self.at = at;
        self.from = at;
        true
    }
}

/// The attributes from an offset to the end of the tag.
fn attributes(text: &str, mut at: usize) -> Option<(Map<String, Value>, Closed, usize)> {
    let mut found = Map::new();
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start().len();
        let rest = &text[at..];
        if rest.starts_with("/>") {
            return Some((found, Closed::Itself, at + 2));
        }
        if rest.starts_with('>') {
            return Some((found, Closed::Later, at + 1));
        }
        let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | ':')).collect();
        if name.is_empty() {
            return None;
        }
        at += name.len();
        if !text[at..].starts_with('=') {
            found.insert(name, Value::Bool(true));
            continue;
        }
        let (value, end) = attribute(text, at + 1)?;
        found.insert(name, value);
        at = end;
    }
}

/// A value: text in quotes, or an expression in braces.
fn attribute(text: &str, at: usize) -> Option<(Value, usize)> {
    let rest = text.get(at..)?;
    let quote = rest.chars().next()?;
    if matches!(quote, '"' | '\'') {
        let end = rest[1..].find(quote)?;
        return Some((Value::String(rest[1..=end].to_owned()), at + end + 2));
    }
    if quote != '{' {
        return None;
    }
    let found = script_value(text, at + 1);
    let plain = found.filter(|(_, end)| text[*end..].trim_start().starts_with('}'));
    if let Some((value, end)) = plain {
        let close = text[end..].find('}')?;
        return Some((value, end + close + 1));
    }
    let close = braces(rest)?;
    Some((Value::Null, at + close))
}

/// The offset after the brace that closes the first.
fn braces(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (offset, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(offset + 1);
        }
    }
    None
}

/// Lines without the indentation that all of them have: what is nested in components is indented, and no code.
fn dedented(lines: Vec<Line>) -> Vec<Line> {
    let indent = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
    let common = lines.iter().skip(1).filter(|line| !line.text.trim().is_empty()).map(|line| indent(&line.text)).min().unwrap_or_default();
    let cut = |(position, line): (usize, Line)| {
        let cut = if position == 0 { indent(&line.text) } else { common.min(indent(&line.text)) };
        Line { number: line.number, text: line.text[cut..].to_owned() }
    };
    lines.into_iter().enumerate().map(cut).collect()
}
