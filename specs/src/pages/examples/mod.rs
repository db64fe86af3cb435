//! Examples on a page, found by parsing and not by where they stand.
//!
//! The lines of a page become items: an example with its lines, or a line that is part of none. A value may begin after
//! text and end before text, which then are lines of their own with the same number.

mod curl;
mod json;
mod literal;
pub(super) mod message;
mod script;
mod shell;

use serde_json::{Map, Value};

use super::{
    Payload, Request,
    line::{Line, Sheet},
};

/// How many bytes of commands with a quote that is not closed are looked at, in all.
const BUDGET: usize = 4_000_000;
/// How long a line may be that is searched for commands: what is longer was not written by a person.
const LONGEST_LINE: usize = 20_000;

/// A part of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    /// What is no example.
    Line(Line),
    /// JSON; partial when something of it is left out.
    Json { first: usize, last: usize, value: Value, partial: bool },
    /// A request.
    Request { first: usize, last: usize, request: Request },
    /// An answer, written as an HTTP message.
    Answer { first: usize, last: usize, status: u16, headers: Vec<(String, String)>, body: Option<Value> },
    /// What begins like an example and cannot be read.
    Broken { first: usize, last: usize, text: String, reason: &'static str },
}

/// Takes a page apart.
pub(super) fn items(lines: &[Line]) -> Vec<Item> {
    let sheet = Sheet::new(lines);
    let mut finder = Finder {
        sheet: &sheet,
        items: Vec::new(),
        budget: BUDGET,
        json_budget: BUDGET + 4 * sheet.text.len(),
        calls: script::calls(&sheet),
    };
    let mut at = 0;
    while at < sheet.text.len() {
        at = finder.step(at);
    }
    finder.items
}

/// The value that a text begins with, and the offset after it.
pub(super) fn value(text: &str) -> Option<(Value, usize)> {
    literal::read(text, 0, literal::Dialect::Json, &Map::new()).ok().filter(|found| !found.partial).map(|found| (found.value, found.end))
}

/// A body by its text: JSON where it parses, a form where that is what the headers say, else text.
fn payload(text: &str, headers: &[(String, String)]) -> Payload {
    let form = headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("content-type") && value.contains("urlencoded"));
    if let Ok(value) = serde_json::from_str::<Value>(text)
        && (!form || value.is_object() || value.is_array())
    {
        return Payload::Json(value);
    }
    if form && !text.trim_start().starts_with(['{', '[']) {
        let pairs = text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        return Payload::Form(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
    }
    Payload::Text(text.to_owned())
}

struct Finder<'s> {
    sheet: &'s Sheet,
    items: Vec<Item>,
    budget: usize,
    json_budget: usize,
    /// The position of the next line that calls something which sends a request, from each line on.
    calls: Vec<usize>,
}

impl Finder<'_> {
    /// Reads what begins at an offset, and returns the offset of what comes next.
    fn step(&mut self, at: usize) -> usize {
        let position = self.sheet.position(at);
        let whole = at == self.sheet.start(position);
        let next = if whole { self.whole_line(position) } else { None };
        next.or_else(|| self.command(at)).or_else(|| self.json(at)).unwrap_or_else(|| self.line(at))
    }

    /// What takes lines from their beginning: messages, programs, numbered lines.
    fn whole_line(&mut self, position: usize) -> Option<usize> {
        let first = self.sheet.number(position);
        if let Some((item, end)) = message::read(self.sheet, position) {
            self.items.push(item);
            return Some(self.after(end));
        }
        if let Some(program) = script::program(self.sheet, position, &self.calls) {
            let last = self.sheet.number(program.after.saturating_sub(1));
            let end = self.sheet.start(program.after);
            let text = || self.sheet.text[self.sheet.start(position)..end].to_owned();
            self.items.push(match program.request {
                Some(request) => Item::Request { first, last, request },
                None => Item::Broken { first, last, text: text(), reason: "the program uses a value that the page does not show" },
            });
            return Some(end);
        }
        self.numbered(position).or_else(|| self.stray(position))
    }

    fn numbered(&mut self, position: usize) -> Option<usize> {
        let found = json::numbered(self.sheet, position)?;
        let (first, last) = (self.sheet.number(position), self.sheet.number(found.after.saturating_sub(1)));
        match found.value {
            Some((value, partial, rest)) => {
                self.items.push(Item::Json { first, last, value, partial });
                if !rest.is_empty() {
                    self.items.push(Item::Line(Line { number: last, text: rest }));
                }
            }
            None => self.broken(position, found.after, "numbered lines that are no JSON together"),
        }
        Some(self.sheet.start(found.after))
    }

    /// What of an example cannot be read.
    fn broken(&mut self, from: usize, after: usize, reason: &'static str) {
        let (first, last) = (self.sheet.number(from), self.sheet.number(after.saturating_sub(1)));
        let text = self.sheet.text[self.sheet.start(from)..self.sheet.start(after)].to_owned();
        self.items.push(Item::Broken { first, last, text, reason });
    }

    /// Lines that begin with `>` and follow no command: the rest of one that has changed.
    fn stray(&mut self, position: usize) -> Option<usize> {
        let continued = |position: usize| {
            let rest = (position < self.sheet.len()).then(|| self.sheet.line(position).trim_start().strip_prefix('>')).flatten();
            rest.map(str::trim).is_some_and(|rest| rest.starts_with(['-', '"', '{', '}', '[', ']', '\'']))
        };
        if !continued(position) {
            return None;
        }
        let mut after = position + 1;
        while continued(after) {
            after += 1;
        }
        self.broken(position, after, "lines of a command that has no beginning");
        Some(self.sheet.start(after))
    }

    fn command(&mut self, at: usize) -> Option<usize> {
        let rest = self.sheet.rest(at);
        if rest.len() > LONGEST_LINE {
            return None;
        }
        let offset = rest.match_indices("curl").map(|(offset, _)| offset).find(|offset| is_command(&rest[offset + 4..]))?;
        let before = rest[..offset].trim_end();
        let prompted = before.ends_with('$');
        let label = before.trim_end_matches(['$', '>', '%', '#']).trim().to_owned();
        let position = self.sheet.position(at);
        let first = self.sheet.number(position);
        let (found, after) = if prompted {
            self.prompted(at + offset, position)?
        } else {
            self.plain(at + offset).map(|(found, end)| (Some(found), end))?
        };
        if !label.is_empty() {
            self.items.push(Item::Line(Line { number: first, text: label }));
        }
        let last = self.sheet.last(after.max(at + 1));
        let Some(found) = found else {
            self.broken(position, self.sheet.position(after) + 1, "a quote of the command is not closed");
            return Some(self.after(after));
        };
        self.items.push(match curl::request(&found) {
            Some(request) => Item::Request { first, last, request },
            None => Item::Broken { first, last, text: found.words.join(" "), reason: "the command has no URL" },
        });
        Some(self.after(after))
    }

    fn plain(&mut self, start: usize) -> Option<(shell::Command, usize)> {
        let limit = self.budget.max(self.sheet.rest(start).len() + 1);
        let found = shell::command(&self.sheet.text, start, limit);
        if found.is_none() {
            self.budget = self.budget.saturating_sub(limit.min(self.sheet.text.len() - start));
        }
        let found = found?;
        let end = found.end;
        Some((found, end))
    }

    /// A command whose further lines begin with `>`; one without it among them belongs to it as well. With a quote that is
    /// not closed, the lines alone.
    fn prompted(&mut self, start: usize, position: usize) -> Option<(Option<shell::Command>, usize)> {
        let mut text = format!("{}\n", self.sheet.rest(start));
        let mut ends = vec![(text.len(), self.sheet.start(position + 1))];
        let marked = |next: usize| (next < self.sheet.len()).then(|| self.sheet.line(next).trim_start().strip_prefix('>')).flatten();
        for next in position + 1..self.sheet.len() {
            let line = match marked(next) {
                Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
                None if marked(next + 1).is_some() && !self.sheet.line(next).trim().is_empty() => self.sheet.line(next),
                None => break,
            };
            text.push_str(line);
            text.push('\n');
            ends.push((text.len(), self.sheet.start(next + 1)));
        }
        if ends.len() == 1 {
            return self.plain(start).map(|(found, end)| (Some(found), end));
        }
        let Some(found) = shell::command(&text, 0, text.len()) else {
            let end = ends.last().map(|(_, end)| *end)?;
            return Some((None, end.saturating_sub(1)));
        };
        let line = ends.partition_point(|(end, _)| *end <= found.end);
        let end = ends.get(line).or(ends.last()).map(|(_, end)| *end)?;
        Some((Some(found), end.saturating_sub(1)))
    }

    fn json(&mut self, at: usize) -> Option<usize> {
        let position = self.sheet.position(at);
        let found = json::find(self.sheet, at, &mut self.json_budget)?;
        let (json::Found::Value { start, end, .. } | json::Found::Broken { start, end }) = found;
        let before = self.sheet.text[at..start].trim();
        if !before.is_empty() {
            self.items.push(Item::Line(Line { number: self.sheet.number(position), text: before.to_owned() }));
        }
        let (first, last) = (self.sheet.number(self.sheet.position(start)), self.sheet.last(end));
        self.items.push(match found {
            json::Found::Value { value, partial, .. } => Item::Json { first, last, value, partial },
            json::Found::Broken { .. } => {
                let text = self.sheet.text[start..end].to_owned();
                Item::Broken { first, last, text, reason: "this begins like JSON and is none" }
            }
        });
        Some(self.after(end))
    }

    fn line(&mut self, at: usize) -> usize {
        let position = self.sheet.position(at);
        let line = Line { number: self.sheet.number(position), text: self.sheet.rest(at).to_owned() };
        self.items.push(Item::Line(line));
        self.sheet.start(position + 1).max(at + 1)
    }

    /// Where to go on after an example: what is left of its line, or the next line.
    fn after(&self, end: usize) -> usize {
        if self.sheet.rest(end).trim().trim_matches(['\'', '"', ';', ',']).is_empty() {
            self.sheet.start(self.sheet.position(end.min(self.sheet.text.len().saturating_sub(1))) + 1)
        } else {
            end
        }
    }
}

/// Whether what follows the word makes it a command, and not a word of a sentence.
fn is_command(rest: &str) -> bool {
    let argument = rest.trim_start();
    rest.starts_with([' ', '\t', '\\'])
        && (argument.starts_with(['-', '\'', '"', '\\', '$', '{']) && argument.len() > 1
            || argument.starts_with("http")
            || argument == "\\")
}

/// The value that a script writes at an offset, and the offset after it.
pub(super) fn script_value(text: &str, at: usize) -> Option<(Value, usize)> {
    literal::read(text, at, literal::Dialect::Script, &Map::new()).ok().filter(|found| !found.partial).map(|found| (found.value, found.end))
}
