//! Values as pages write them: JSON with the liberties that documentation takes, and the literals of scripts.
//!
//! One parser serves JSON, JavaScript and Python: what differs is which words stand for values. A parser of each
//! language was rejected: pages show fragments, and of those only the literals are needed.

use serde_json::{Map, Number, Value};

/// How deep values may be nested.
const DEEPEST: usize = 100;
/// How many characters a value that a name stands for may have, so that names of names do not multiply.
const LONGEST_CONSTANT: usize = 100_000;

/// Stands in what the page does not show: no text of a page has it.
pub(super) const HIDDEN: char = '\u{0}';

/// Which liberties are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// JSON, with comments, trailing commas and `...`.
    Json,
    /// JavaScript or Python.
    Script,
}

/// A value that was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) value: Value,
    /// The offset after it.
    pub(super) end: usize,
    /// Whether something of it is left out, or is not shown by the page.
    pub(super) partial: bool,
}

/// The value that begins at an offset, or the offset where it stops to be one.
pub(super) fn read(text: &str, at: usize, dialect: Dialect, constants: &Map<String, Value>) -> Result<Found, usize> {
    let mut parser = Parser { text, at, dialect, constants, partial: false, depth: 0, spent: 0 };
    match parser.sum() {
        Some(value) => Ok(Found { value, end: parser.at, partial: parser.partial }),
        None => Err(parser.at),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    dialect: Dialect,
    constants: &'t Map<String, Value>,
    partial: bool,
    depth: usize,
    /// Characters of constants so far.
    spent: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.at += prefix.len();
        }
        found
    }

    /// Passes over space and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            let mut passed = rest.len() - trimmed.len();
            if trimmed.starts_with("//") || (trimmed.starts_with('#') && self.dialect == Dialect::Script) {
                passed += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if trimmed.starts_with("/*") {
                passed += trimmed.find("*/").map_or(trimmed.len(), |end| end + 2);
            }
            self.at += passed;
            if passed == 0 {
                return;
            }
        }
    }

    /// A value, or several texts joined by `+`.
    fn sum(&mut self) -> Option<Value> {
        let mut value = self.value()?;
        if self.dialect == Dialect::Json {
            return Some(value);
        }
        loop {
            let before = self.at;
            self.skip();
            if !self.take("+") {
                self.at = before;
                return Some(value);
            }
            let more = self.value()?;
            value = Value::String(shown(&value) + &shown(&more));
        }
    }

    fn value(&mut self) -> Option<Value> {
        self.skip();
        match self.peek()? {
            '{' => self.nested(Self::object),
            '[' => self.nested(|parser| parser.list('[', ']')),
            '(' if self.dialect == Dialect::Script => self.nested(|parser| parser.list('(', ')')),
            '"' => self.text(),
            '\'' | '`' if self.dialect == Dialect::Script => self.text(),
            '-' | '0'..='9' => self.number(),
            letter if letter.is_alphabetic() || letter == '_' || letter == '$' => self.word(),
            _ => None,
        }
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Option<Value>) -> Option<Value> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// Passes over `...`, and says whether it was there.
    fn elided(&mut self) -> bool {
        let found = self.take("...") || self.take("\u{2026}");
        if found && self.dialect == Dialect::Script {
            let name = self.identifier();
            self.partial |= !name.is_empty();
        }
        found
    }

    fn object(&mut self) -> Option<Value> {
        self.at += 1;
        let mut members = Map::new();
        loop {
            self.skip();
            if self.take("}") {
                return Some(Value::Object(members));
            }
            if self.elided() {
                self.partial = true;
                if self.dialect == Dialect::Script {
                    members.insert(HIDDEN.to_string(), Value::Null);
                }
            } else {
                let (name, value) = self.member()?;
                members.insert(name, value);
            }
            self.skip();
            if !self.take(",") && self.peek() != Some('}') {
                return None;
            }
        }
    }

    fn member(&mut self) -> Option<(String, Value)> {
        let quoted = matches!(self.peek()?, '"' | '\'' | '`');
        let name = if quoted { self.text()?.as_str()?.to_owned() } else { self.bare_name()? };
        self.skip();
        if self.take(":") {
            return Some((name, self.sum()?));
        }
        let shorthand = !quoted && matches!(self.peek(), Some(',' | '}'));
        shorthand.then(|| self.named(&name)).map(|value| (name, value))
    }

    fn bare_name(&mut self) -> Option<String> {
        if self.dialect == Dialect::Json {
            return None;
        }
        let name = self.identifier();
        (!name.is_empty()).then_some(name)
    }

    fn list(&mut self, open: char, close: char) -> Option<Value> {
        self.at += open.len_utf8();
        let mut items = Vec::new();
        loop {
            self.skip();
            if self.peek()? == close {
                self.at += close.len_utf8();
                return Some(Value::Array(items));
            }
            if self.elided() {
                self.partial |= items.is_empty();
            } else {
                items.push(self.sum()?);
            }
            self.skip();
            if !self.take(",") && self.peek() != Some(close) {
                return None;
            }
        }
    }

    fn number(&mut self) -> Option<Value> {
        let rest = self.rest();
        let length = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'))).unwrap_or(rest.len());
        let number: Number = rest[..length].parse().ok()?;
        self.at += length;
        Some(Value::Number(number))
    }

    fn identifier(&mut self) -> String {
        let rest = self.rest();
        let inside = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
        let length = rest.find(|letter: char| !inside(letter)).unwrap_or(rest.len());
        let name = rest[..length].to_owned();
        self.at += length;
        name
    }

    /// A word that is a value, opens a text, calls something that does not change its argument, or names a value.
    fn word(&mut self) -> Option<Value> {
        let name = self.identifier();
        match (name.as_str(), self.dialect) {
            ("true", _) | ("True", Dialect::Script) => return Some(Value::Bool(true)),
            ("false", _) | ("False", Dialect::Script) => return Some(Value::Bool(false)),
            ("null", _) | ("None" | "undefined", Dialect::Script) => return Some(Value::Null),
            (_, Dialect::Json) => return None,
            ("f" | "r" | "b" | "rb" | "F", _) if matches!(self.peek(), Some('"' | '\'')) => return self.text(),
            ("new" | "await", _) => return self.value(),
            _ => {}
        }
        let mut full = name;
        while self.rest().starts_with('.') && self.rest()[1..].starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
            self.at += 1;
            full.push('.');
            full.push_str(&self.identifier());
        }
        match self.peek() {
            Some('(') => self.call(&full),
            Some('[') => self.nested(|parser| parser.list('[', ']')).map(|_| self.unknown(&full)),
            _ => Some(self.named(&full)),
        }
    }

    fn call(&mut self, name: &str) -> Option<Value> {
        let arguments = self.nested(|parser| parser.list('(', ')'))?;
        let transparent = ["JSON.stringify", "json.dumps", "encodeURIComponent", "str", "String", "URLSearchParams", "dict", "quote"];
        match arguments.get(0) {
            Some(first) if transparent.contains(&name) => Some(first.clone()),
            _ => Some(self.unknown(name)),
        }
    }

    fn named(&mut self, name: &str) -> Value {
        let Some(value) = self.constants.get(name) else { return self.unknown(name) };
        self.spent += value.to_string().len();
        if self.spent > LONGEST_CONSTANT { self.unknown(name) } else { value.clone() }
    }

    /// What only the reader of the page can know, written like a variable of a path.
    fn unknown(&mut self, name: &str) -> Value {
        self.partial = true;
        Value::String(format!("{{{HIDDEN}{name}}}"))
    }

    fn text(&mut self) -> Option<Value> {
        let before = self.text[..self.at].chars().next_back();
        let quote = self.peek()?;
        let triple = quote.to_string().repeat(3);
        let closing = if self.dialect == Dialect::Script && self.take(&triple) { triple } else { quote.to_string() };
        if closing.len() == 1 {
            self.at += 1;
        }
        let formatted = quote != '`' && matches!(before, Some('f' | 'F')) && self.dialect == Dialect::Script;
        let mut text = String::new();
        while !self.take(&closing) {
            let letter = self.peek()?;
            match letter {
                '\n' if closing.len() == 1 && quote != '`' => return None,
                '\\' => text.push(self.escape()?),
                '{' if formatted => self.hole(&mut text),
                '$' if quote == '`' && self.rest().starts_with("${") => {
                    self.at += 1;
                    self.hole(&mut text);
                }
                _ => {
                    text.push(letter);
                    self.at += letter.len_utf8();
                }
            }
        }
        Some(Value::String(text))
    }

    /// `{name}` in a text: the value of the name, or the hole as it is.
    fn hole(&mut self, text: &mut String) {
        let inside = self.rest()[1..].split(['}', '\n']).next().unwrap_or_default().to_owned();
        self.at += 1 + inside.len();
        let closed = self.take("}");
        match self.constants.get(inside.trim()).filter(|_| closed) {
            Some(value) if self.spent < LONGEST_CONSTANT => {
                let shown = shown(value);
                self.spent += shown.len();
                text.push_str(&shown);
            }
            _ => text.push_str(&format!("{{{}}}", inside.trim())),
        }
    }

    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(match letter {
            'n' | '\n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => return self.unicode(),
            other => other,
        })
    }

    fn unicode(&mut self) -> Option<char> {
        let first = self.four()?;
        if !(0xd800..0xdc00).contains(&first) {
            return Some(char::from_u32(first).unwrap_or('\u{fffd}'));
        }
        let second = if self.take("\\u") { self.four()? } else { return Some('\u{fffd}') };
        let joined = 0x10000 + ((first - 0xd800) << 10) + (second.wrapping_sub(0xdc00) & 0x3ff);
        Some(char::from_u32(joined).unwrap_or('\u{fffd}'))
    }

    fn four(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        let number = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(number)
    }
}

/// A value as text holds it.
pub(super) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
