//! Types in the words of pages become types in the words of JSON Schema.

use super::{Claim, Type};

/// What a phrase says of a type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Phrase {
    /// `None` when it says only that there is a list of values, or nothing.
    pub(super) kind: Option<Type>,
    pub(super) nullable: bool,
    /// Values that the phrase itself lists: `"open" | "closed"`.
    pub(super) values: Vec<serde_json::Value>,
}

impl Phrase {
    /// What it claims of a member.
    pub(super) fn claims(&self) -> Vec<Claim> {
        let mut claims = Vec::new();
        if let Some(kind) = &self.kind {
            claims.push(Claim::Type(kind.clone()));
        }
        if self.nullable {
            claims.push(Claim::Nullable(true));
        }
        if !self.values.is_empty() {
            claims.push(Claim::Enum(self.values.clone()));
        }
        claims
    }
}

impl Type {
    /// A type without format and items.
    pub(super) fn plain(name: &'static str) -> Self {
        Self { names: vec![name], format: None, items: None }
    }

    pub(super) fn with_format(name: &'static str, format: &str) -> Self {
        Self { names: vec![name], format: Some(format.to_owned()), items: None }
    }

    fn list(items: Option<Self>) -> Self {
        Self { names: vec!["array"], format: None, items: items.map(Box::new) }
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    pub(super) fn is_numeric(&self) -> bool {
        self.is("integer") || self.is("number")
    }
}

/// Reads a phrase that is a type and nothing else.
pub(super) fn read(text: &str) -> Option<Phrase> {
    let text = text.trim().trim_matches(['`', '*', '_']).trim();
    if text.is_empty() || text.len() > 200 {
        return None;
    }
    let mut phrase = Phrase::default();
    let mut kinds: Vec<Type> = Vec::new();
    let mut spoken = false;
    for part in alternatives(text) {
        let part = part.trim().trim_end_matches(['?', ',']);
        let lower = part.to_lowercase();
        match lower.as_str() {
            "null" | "none" | "nil" | "nullable" => phrase.nullable = true,
            "enum" | "enums" | "optional" => spoken = true,
            _ => match (literal(part), one(&lower, 0)) {
                (Some(value), _) => phrase.values.push(value),
                (None, Some(kind)) => kinds.push(kind),
                _ => return None,
            },
        }
    }
    phrase.kind = union(kinds);
    if phrase.kind.is_none()
        && phrase.values.iter().any(serde_json::Value::is_string)
        && phrase.values.iter().all(serde_json::Value::is_string)
    {
        phrase.kind = Some(Type::plain("string"));
    }
    (phrase.kind.is_some() || spoken || !phrase.values.is_empty()).then_some(phrase)
}

fn literal(text: &str) -> Option<serde_json::Value> {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let inner = inner.or_else(|| text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')))?;
    (!inner.contains('"')).then(|| inner.into())
}

/// Several types as one; a single one as it is.
fn union(mut kinds: Vec<Type>) -> Option<Type> {
    if kinds.len() <= 1 {
        return kinds.pop();
    }
    let mut names: Vec<&'static str> = Vec::new();
    for name in kinds.iter().flat_map(|kind| &kind.names) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let mut items = kinds.into_iter().filter_map(|kind| kind.items);
    let only = items.next().filter(|_| items.next().is_none());
    Some(Type { names, format: None, items: only })
}

/// The parts between `|`, ` or ` and commas that no bracket encloses.
fn alternatives(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0usize;
    let mut skip = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' | ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '|' | '\u{2223}' if depth == 0 && at >= skip => {
                parts.push(&text[start..at]);
                start = at + letter.len_utf8();
            }
            ' ' if depth == 0 && at >= skip && text[at..].starts_with(" or ") => {
                parts.push(&text[start..at]);
                start = at + 4;
                skip = start;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// One type, in lower case, nested at most a few times.
fn one(text: &str, depth: usize) -> Option<Type> {
    let text = text.trim();
    if depth > 6 {
        return None;
    }
    if let Some(name) = word(text) {
        return Some(name);
    }
    let inner = |inner: &str| phrase_of(inner, depth + 1);
    if let Some(rest) = text.strip_suffix("[]") {
        return inner(rest.trim_start_matches('(').trim_end_matches(')')).map(|kind| Type::list(Some(kind)));
    }
    for open in ["array of ", "list of ", "lists of ", "arrays of ", "set of ", "sequence of "] {
        if let Some(rest) = text.strip_prefix(open) {
            if matches!(rest, "enum" | "enums") {
                return Some(Type::list(None));
            }
            return inner(singular(rest)).map(|kind| Type::list(Some(kind)));
        }
    }
    if text.starts_with("map from ")
        || text.starts_with("maps from ")
        || text.starts_with("map of ")
        || text.starts_with("record<")
        || text.starts_with("map<")
    {
        return Some(Type::plain("object"));
    }
    let (name, argument) = text
        .strip_suffix('>')
        .and_then(|rest| rest.split_once('<'))
        .or_else(|| text.strip_suffix(')').and_then(|rest| rest.split_once('(')))?;
    match name.trim() {
        "array" | "list" | "set" => inner(argument).map(|kind| Type::list(Some(kind))),
        "enum" | "optional" | "nullable" => inner(argument),
        other => {
            let kind = word(other)?;
            let format = argument.trim();
            let plain = !format.is_empty() && format.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'));
            plain.then(|| Type { format: Some(format.to_owned()), ..kind })
        }
    }
}

fn phrase_of(text: &str, depth: usize) -> Option<Type> {
    let kinds: Option<Vec<Type>> =
        alternatives(text).into_iter().filter(|part| part.trim() != "null").map(|part| one(part, depth)).collect();
    union(kinds?)
}

fn singular(text: &str) -> &str {
    if word(text).is_some() {
        text
    } else {
        text.strip_suffix('s').filter(|one| word(one).is_some() || one.ends_with("[]")).unwrap_or(text)
    }
}

fn word(text: &str) -> Option<Type> {
    let format = |name, format: &str| Some(Type::with_format(name, format));
    match text {
        "string" | "str" | "text" => Some(Type::plain("string")),
        "integer" | "int" | "long" | "integer number" => Some(Type::plain("integer")),
        "int32" | "int64" => format("integer", text),
        "number" | "double" | "float" | "decimal" | "numeric" => Some(Type::plain("number")),
        "boolean" | "bool" => Some(Type::plain("boolean")),
        "object" | "dict" | "dictionary" | "hash" | "json" | "json object" | "map" => Some(Type::plain("object")),
        "array" | "list" => Some(Type::list(None)),
        "any" | "unknown" | "mixed" => Some(Type { names: Vec::new(), format: None, items: None }),
        "datetime" | "date-time" | "date time" | "iso 8601 datetime" | "iso8601" => format("string", "date-time"),
        "date" => format("string", "date"),
        "uuid" | "guid" => format("string", "uuid"),
        "email" => format("string", "email"),
        "uri" | "url" => format("string", "uri"),
        "file" | "binary" => format("string", "binary"),
        "base64" => format("string", "byte"),
        _ => None,
    }
}

/// A type at the end of a text with the name that is glued before it: `lead_idstring`, `tagsarray<string>`. Of several
/// readings, the one with the longest type whose name is one.
pub(super) fn glued(text: &str) -> Option<(&str, Phrase)> {
    let limit = text.find(char::is_whitespace).unwrap_or(text.len()).min(160);
    let starts = text.char_indices().map(|(at, _)| at).filter(|at| *at > 0 && *at <= limit);
    starts.map(|at| text.split_at(at)).find_map(|(name, kind)| {
        let opens = kind.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '"' || letter == '(');
        let name = name.trim_end_matches(' ');
        (opens && is_name(name.trim_end_matches(['?', '*']))).then(|| read(kind)).flatten().map(|phrase| (name, phrase))
    })
}

/// Whether a text can be the name of a parameter or property.
pub(super) fn is_name(text: &str) -> bool {
    let inside = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '$' | '@' | '[' | ']' | '*' | ':');
    let starts = text.starts_with(|letter: char| letter.is_alphabetic() || matches!(letter, '_' | '$' | '@'));
    starts && text.len() <= 100 && text.chars().all(inside) && !text.ends_with(['.', ':', '-'])
}
