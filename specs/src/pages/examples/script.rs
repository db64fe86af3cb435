//! `fetch`, axios and Python's requests become requests: constants and the one call are read, the rest of a program is not.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::{
    literal::{Dialect, HIDDEN, read, shown},
    payload,
};
use crate::pages::{Payload, Request, line::Sheet};

/// How many lines a program may have before its call.
const LONGEST: usize = 80;
/// What stays as it is in a query.
const KEPT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':').remove(b'{').remove(b'}');

/// What came of a program.
pub(super) struct Program {
    /// `None` when the call is there and a part of the request is not shown.
    pub(super) request: Option<Request>,
    /// The position of the line after it.
    pub(super) after: usize,
}

/// For each line the position of the next one, itself included, that has a call; beyond all lines where there is none.
pub(super) fn calls(sheet: &Sheet) -> Vec<usize> {
    let mut next = usize::MAX;
    let mut calls: Vec<usize> = (0..sheet.len())
        .rev()
        .map(|position| {
            if call_in(sheet.line(position)).is_some() {
                next = position;
            }
            next
        })
        .collect();
    calls.reverse();
    calls
}

/// The program that begins at a line.
pub(super) fn program(sheet: &Sheet, position: usize, calls: &[usize]) -> Option<Program> {
    let near = calls.get(position).is_some_and(|call| call - position < LONGEST);
    if !near || !begins(sheet.line(position)) {
        return None;
    }
    let limit = sheet.len().min(position + LONGEST);
    let mut constants = Map::new();
    let mut at = position;
    while at < limit {
        let line = sheet.line(at);
        if let Some(call) = call_in(line) {
            return finish(sheet, at, &call, &constants);
        }
        if at > position && foreign(line) {
            return None;
        }
        at = match assignment(sheet, at, &constants) {
            Some((name, value, end)) => {
                constants.insert(name, value);
                sheet.position(end) + 1
            }
            None => at + 1,
        };
    }
    None
}

fn begins(line: &str) -> bool {
    let line = line.trim_start();
    let opens = ["import ", "from ", "const ", "let ", "var ", "async ", "await ", "response", "res ", "r =", "#!", "// ", "# "];
    (opens.iter().any(|open| line.starts_with(open)) && !line.starts_with("## ")) || call_in(line).is_some() || assigned(line).is_some()
}

/// Whether a line cannot be of a program.
fn foreign(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("##") || line.starts_with("curl ") || line.starts_with('<')
}

/// A call that sends a request.
struct Call {
    /// Offset of its arguments in the line.
    arguments: usize,
    /// The method that its name says.
    method: Option<Method>,
    python: bool,
    /// Whether the method is its first argument.
    named: bool,
}

fn call_in(line: &str) -> Option<Call> {
    let open = line.match_indices('(').map(|(open, _)| open).find(|open| callee(&line[..*open]).is_some())?;
    let (object, verb) = callee(&line[..open])?;
    let method = Method::from_bytes(verb.to_ascii_uppercase().as_bytes()).ok().filter(|_| verb != "request");
    let python = ["requests", "httpx", "session"].contains(&object);
    Some(Call { arguments: open, method: method.filter(|_| !verb.is_empty()), python, named: python && verb == "request" })
}

fn callee(before: &str) -> Option<(&str, &str)> {
    let start = before.rfind(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '$' | '.'))).map_or(0, |at| at + 1);
    let name = before.get(start..)?;
    let (object, verb) = name.rsplit_once('.').unwrap_or((name, ""));
    let verbs = ["get", "post", "put", "patch", "delete", "head", "request"];
    match object {
        "fetch" | "$fetch" | "axios" if verb.is_empty() => Some((object, verb)),
        "axios" | "requests" | "httpx" | "session" if verbs.contains(&verb) => Some((object, verb)),
        _ => None,
    }
}

/// The name that a line gives a value to, and the offset of the value.
fn assigned(line: &str) -> Option<(&str, usize)> {
    let equals = line.find('=')?;
    let after = &line[equals + 1..];
    let left = line[..equals].trim();
    let left = ["const ", "let ", "var "].iter().find_map(|word| left.strip_prefix(word)).unwrap_or(left);
    let name = left.split(':').next().unwrap_or_default().trim();
    let plain = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '$'));
    let opens = after.trim_start().starts_with(['{', '[', '"', '\'', '`', 'f', 'J', 'j', 'o', 'p', 'n']) || after.trim_end().is_empty();
    (plain && opens && !after.starts_with(['=', '>'])).then_some((name, equals + 1))
}

fn assignment(sheet: &Sheet, at: usize, constants: &Map<String, Value>) -> Option<(String, Value, usize)> {
    let (name, offset) = assigned(sheet.line(at))?;
    let found = read(&sheet.text, sheet.start(at) + offset, Dialect::Script, constants).ok()?;
    let value = if found.partial && found.value.is_string() { Value::String(placeholder(name, &found.value)) } else { found.value };
    Some((name.to_owned(), value, found.end))
}

/// A constant whose value the page does not show is its own name in braces.
fn placeholder(name: &str, value: &Value) -> String {
    let text = shown(value);
    if text.starts_with('{') && text.ends_with('}') { format!("{{{HIDDEN}{name}}}") } else { text }
}

/// What a text says, without the marks of what the page does not show.
fn told(value: &Value) -> String {
    shown(value).replace(HIDDEN, "")
}

fn finish(sheet: &Sheet, at: usize, call: &Call, constants: &Map<String, Value>) -> Option<Program> {
    let arguments = Arguments::read(sheet, sheet.start(at) + call.arguments, constants)?;
    let mut after = sheet.position(arguments.end.saturating_sub(1)) + 1;
    while after < sheet.len() && follows(sheet.line(after)) {
        after += 1;
    }
    Some(Program { request: arguments.request(call), after })
}

/// Whether a line goes on after the call: what is done with the answer.
fn follows(line: &str) -> bool {
    let line = line.trim();
    let words =
        ["response", "res.", "res)", "print(", "console.", ".then", ".catch", "await ", "data = ", "data =", "return ", "if (!", "throw "];
    line.starts_with(['}', ')', '.']) && !line.starts_with("}{")
        || words.iter().any(|word| line.starts_with(word))
        || line.contains("await res")
        || line.contains("response.json")
}

#[derive(Default)]
struct Arguments {
    listed: Vec<Value>,
    named: Map<String, Value>,
    end: usize,
}

impl Arguments {
    /// The arguments between the parentheses that open at an offset.
    fn read(sheet: &Sheet, open: usize, constants: &Map<String, Value>) -> Option<Self> {
        let text = &sheet.text;
        let mut arguments = Self { end: open + 1, ..Self::default() };
        loop {
            let rest = text.get(arguments.end..)?;
            let trimmed = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == ',');
            arguments.end += rest.len() - trimmed.len();
            if trimmed.starts_with(')') {
                arguments.end += 1;
                return Some(arguments);
            }
            let name: String = trimmed.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            let value = trimmed[name.len()..].trim_start();
            let keyword = !name.is_empty() && value.starts_with('=') && !value.starts_with("==");
            let start = if keyword { text.len() - value.len() + 1 } else { arguments.end };
            let found = read(text, start, Dialect::Script, constants).ok()?;
            arguments.end = found.end;
            if keyword {
                arguments.named.insert(name, found.value);
            } else {
                arguments.listed.push(found.value);
            }
        }
    }

    fn request(mut self, call: &Call) -> Option<Request> {
        let mut listed = std::mem::take(&mut self.listed).into_iter();
        let mut options = std::mem::take(&mut self.named);
        let method = if call.named { listed.next().map(|value| shown(&value)) } else { call.method.as_ref().map(ToString::to_string) };
        let first = listed.next();
        let url = match first {
            Some(Value::Object(members)) => {
                options.extend(members);
                None
            }
            Some(url) => Some(told(&url)),
            None => None,
        };
        let sends = call.method.as_ref().is_some_and(|method| [Method::POST, Method::PUT, Method::PATCH].contains(method));
        for (position, value) in listed.enumerate() {
            let data = !call.python && sends && position == 0;
            match value {
                Value::Object(members) if !data => options.extend(members),
                other => drop(options.insert("data".to_owned(), other)),
            }
        }
        build(method, url, options)
    }
}

fn build(method: Option<String>, url: Option<String>, mut options: Map<String, Value>) -> Option<Request> {
    let method = options.get("method").map(told).or(method).unwrap_or_else(|| "GET".to_owned());
    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok()?;
    let mut url = url.or_else(|| options.get("url").map(told))?;
    if let Some(Value::Object(query)) = options.get("params") {
        push_query(&mut url, query);
    }
    let mut headers: Vec<(String, String)> = match options.get("headers") {
        Some(Value::Object(members)) => {
            members.iter().filter(|(name, _)| !name.contains(HIDDEN)).map(|(name, value)| (name.clone(), told(value))).collect()
        }
        _ => Vec::new(),
    };
    let json = options.shift_remove("json");
    let form = options.contains_key("auth").then(|| options.shift_remove("auth")).flatten();
    if let Some(Value::Array(pair)) = form {
        headers
            .push(("Authorization".to_owned(), format!("Basic {}", STANDARD.encode(pair.iter().map(told).collect::<Vec<_>>().join(":")))));
    }
    let body =
        json.clone().or_else(|| options.shift_remove("body")).or_else(|| options.shift_remove("data")).filter(|body| !body.is_null());
    if body.as_ref().is_some_and(is_hidden) {
        return None;
    }
    let typed = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if body.is_some() && !typed && (json.is_some() || body.as_ref().is_some_and(Value::is_object)) {
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    }
    let body = body.map(|body| if let Value::String(text) = body { payload(&text, &headers) } else { Payload::Json(body) });
    Some(Request { method, url, headers, body })
}

/// Whether a value has something in it that the page does not show.
fn is_hidden(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(HIDDEN),
        Value::Array(items) => items.iter().any(is_hidden),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains(HIDDEN) || is_hidden(value)),
        _ => false,
    }
}

fn push_query(url: &mut String, query: &Map<String, Value>) {
    for (name, value) in query {
        let values = if let Value::Array(values) = value { values.iter().map(told).collect() } else { vec![told(value)] };
        for value in values {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&format!("{}={}", utf8_percent_encode(name, KEPT), utf8_percent_encode(&value, KEPT)));
        }
    }
}
