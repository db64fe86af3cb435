//! Texts that break a rule of their syntax and are clear all the same: mended, and told about.
//!
//! A text is read as it is first. Only one that cannot be read so is mended and read again, so that a document without
//! mistakes pays nothing.

use super::{
    Read, Syntax, json, scalar,
    tree::{Fault, Place},
    yaml,
};
use crate::problem::Severity;

/// Widths that a tab may stand for, the likeliest first.
const TABS: [usize; 3] = [2, 4, 8];

/// Reads JSON. Lone surrogates, endless numbers and comments are mended; what is no JSON may still be YAML, as with a comma at
/// the end of a list.
pub(super) fn json(text: &str) -> Read {
    let error = match json::value(text) {
        Ok((value, faults)) => return Read { value: Some(value), faults, mended: None, syntax: Syntax::Json },
        Err(error) => error,
    };
    let (mended, mut faults) = sound(text);
    if !faults.is_empty()
        && let Ok((value, more)) = json::value(&mended)
    {
        faults.extend(more);
        return Read { value: Some(value), faults, mended: Some(mended), syntax: Syntax::Json };
    }
    let read = yaml(&mended);
    if read.value.as_ref().is_none_or(|value| !value.is_object()) {
        let fault = syntax_fault(&error, Severity::Error, "mend the JSON, or name the file `.yaml` if it is YAML");
        return Read { value: None, faults: vec![fault], mended: None, syntax: Syntax::Json };
    }
    faults.push(syntax_fault(&error, Severity::Warning, "it is read as YAML; mend the JSON, or name the file `.yaml`"));
    faults.extend(read.faults);
    Read { faults, mended: Some(read.mended.unwrap_or(mended)), ..read }
}

/// Reads YAML. Where tabs indent, they are taken for spaces.
pub(super) fn yaml(text: &str) -> Read {
    let (value, faults) = yaml::value(text);
    let syntax = Syntax::Yaml;
    if faults.iter().any(yaml::is_syntax)
        && let Some(fault) = tab_fault(text)
    {
        for width in TABS {
            let mended = untabbed(text, width);
            let (value, more) = yaml::value(&mended);
            if value.is_some() {
                let faults = std::iter::once(fault).chain(more).collect();
                return Read { value, faults, mended: Some(mended), syntax };
            }
        }
    }
    Read { value, faults, mended: None, syntax }
}

fn syntax_fault(error: &serde_json::Error, severity: Severity, help: &'static str) -> Fault {
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or_default();
    Fault {
        rule: "json-syntax",
        severity,
        place: Place { line: error.line(), column: error.column() },
        pointer: String::new(),
        message: format!("the text is not JSON: {message}"),
        help,
    }
}

/// The text with whole surrogates and finite numbers, and no comments.
fn sound(text: &str) -> (String, Vec<Fault>) {
    let mut sound = Sound { text, at: 0, done: 0, line: 1, line_start: 0, mended: String::with_capacity(text.len()), faults: Vec::new() };
    while let Some(byte) = sound.byte(sound.at) {
        match byte {
            b'"' => sound.string(),
            b'-' | b'0'..=b'9' => sound.number(),
            b'/' => sound.comment(),
            _ => sound.at += 1,
        }
    }
    sound.mended.push_str(&text[sound.done..]);
    (sound.mended, sound.faults)
}

struct Sound<'t> {
    text: &'t str,
    at: usize,
    /// What has been copied, and the line that it ends in.
    done: usize,
    line: usize,
    line_start: usize,
    mended: String,
    faults: Vec<Fault>,
}

impl Sound<'_> {
    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'"' => break,
                b'\\' if self.byte(self.at + 1) == Some(b'u') => self.escape(),
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
    }

    fn escape(&mut self) {
        let unit = |at: usize| self.text.get(at + 2..at + 6).and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let is_escape = |at: usize| self.text.get(at..at + 2) == Some("\\u");
        let (high, low) = (unit(self.at), Some(self.at + 6).filter(|at| is_escape(*at)).and_then(unit));
        match (high, low) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => self.at += 12,
            (Some(unit @ 0xD800..=0xDFFF), _) => {
                let message = format!("the escape `\\u{unit:04X}` is half a character");
                self.replace(6, "\\uFFFD", "lone-surrogate", message, "write both halves, or the character itself");
            }
            _ => self.at += 2,
        }
    }

    fn number(&mut self) {
        let rest = &self.text[self.at..];
        let length = rest.find(|next: char| !matches!(next, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let number = &rest[..length];
        if number.parse::<f64>().is_ok_and(f64::is_infinite) {
            let (message, text) = (scalar::out_of_range(number), format!("\"{number}\""));
            self.replace(length, &text, "number-range", message, scalar::OUT_OF_RANGE);
        } else {
            self.at += length;
        }
    }

    /// A comment as JavaScript has them becomes space, so that places stay.
    fn comment(&mut self) {
        let rest = &self.text[self.at..];
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            self.at += 1;
            return;
        };
        let space: String = rest[..length].chars().map(|one| if one == '\n' { one } else { ' ' }).collect();
        self.replace(length, &space, "json-comment", "JSON has no comments; this one is skipped".to_owned(), "remove it");
    }

    fn replace(&mut self, length: usize, by: &str, rule: &'static str, message: String, help: &'static str) {
        let sound = &self.text[self.done..self.at];
        self.line += sound.matches('\n').count();
        self.line_start = sound.rfind('\n').map_or(self.line_start, |end| self.done + end + 1);
        let place = Place { line: self.line, column: self.at - self.line_start + 1 };
        self.faults.push(Fault { rule, severity: Severity::Warning, place, pointer: String::new(), message, help });
        self.mended.push_str(sound);
        self.mended.push_str(by);
        self.at += length;
        self.done = self.at;
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }
}

/// The first tab that indents a line or parts a key from its value.
fn tab_fault(text: &str) -> Option<Fault> {
    let tab = |text: &str| indent(text).find('\t').or_else(|| Some(text.find(":\t")? + 1));
    let (line, column) = text.lines().enumerate().find_map(|(line, text)| Some((line + 1, tab(text)? + 1)))?;
    Some(Fault {
        rule: "tab",
        severity: Severity::Warning,
        place: Place { line, column },
        pointer: String::new(),
        message: "a tab stands where only spaces are sure to be understood".to_owned(),
        help: "write spaces",
    })
}

fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

fn untabbed(text: &str, width: usize) -> String {
    let mut mended = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let indent = indent(line);
        mended.push_str(&indent.replace('\t', &" ".repeat(width)));
        mended.push_str(&line[indent.len()..].replace(":\t", ": "));
    }
    mended
}
