//! Whether an answer is as the document declares it, one aspect at a time.

use http::Method;
use serde_json::Value;
use specs::api::{Direction, Header, MediaType, Operation, Response as Declared, SchemaId, Status};

use crate::{
    case::{Aspect, Failure},
    exchange::Response,
    laws::same,
    suite::Suite,
    undocumented,
};

/// Statuses that any HTTP server may answer, whatever the document says (RFC 9110, RFC 6585).
const OF_HTTP: [u16; 10] = [405, 406, 408, 411, 413, 414, 415, 417, 429, 431];
/// How many violations of a schema are told.
const TOLD: usize = 4;
/// The keyword that has an aspect of its own.
const FORMAT: &str = "format";

/// What is wrong with this aspect of an answer.
pub(crate) fn answer(suite: &Suite, operation: &Operation, response: &Response, aspect: Aspect) -> Option<Failure> {
    let declared = operation.response(response.status);
    match (aspect, declared) {
        (Aspect::Status, None) if !OF_HTTP.contains(&response.status) => {
            let (status, due) = (response.status, statuses(operation));
            Some(Failure::at("status", &due, status.to_string(), format!("status {status} is not declared; declared are {due}")))
        }
        (Aspect::MediaType, Some(declared)) => media_type(operation, declared, response),
        (Aspect::Headers, Some(declared)) => declared.headers.iter().find_map(|header| self::header(suite, header, response)),
        (Aspect::Schema, Some(declared)) => schema(suite, declared, response, |keyword| keyword != FORMAT),
        (Aspect::Format, Some(declared)) => schema(suite, declared, response, |keyword| keyword == FORMAT),
        (Aspect::Documented, Some(declared)) => documented(suite, declared, response),
        _ => None,
    }
}

fn statuses(operation: &Operation) -> String {
    let name = |status: &Status| match status {
        Status::Exactly(code) => code.to_string(),
        Status::Range(hundreds) => format!("{hundreds}XX"),
        Status::Default => "default".to_owned(),
    };
    operation.responses.iter().map(|response| name(&response.status)).collect::<Vec<_>>().join(", ")
}

fn media_type(operation: &Operation, declared: &Declared, response: &Response) -> Option<Failure> {
    let status = response.status;
    let sent = response.header("content-type").map_or_else(|| "no `Content-Type`".to_owned(), |sent| format!("`{sent}`"));
    let wrong = |expected: &str, got: &str, what: String| Some(Failure::at("Content-Type", expected, got, what));
    if operation.method == Method::HEAD || [204, 205, 304].contains(&status) {
        let what = format!("a body with status {status}");
        return if response.body.is_empty() { None } else { wrong("no body", &sent, what) };
    }
    let due = names(declared);
    match (declared.content.is_empty(), response.body.is_empty()) {
        (true, false) if response.is_success() => wrong("no body", &sent, format!("a body ({sent}), where none is declared for {status}")),
        // A type says what would be there: an empty text, or an image that a mock has no picture for.
        (false, true) if content(declared, response).is_some_and(|media| !media.is_json()) => None,
        (false, true) => wrong(&due, "no body", format!("no body, where {due} is declared for {status}")),
        (false, false) if content(declared, response).is_none() => {
            wrong(&due, &sent, format!("{sent}, where {due} is declared for {status}"))
        }
        _ => None,
    }
}

fn names(declared: &Declared) -> String {
    declared.content.iter().map(|media| format!("`{}`", media.name)).collect::<Vec<_>>().join(" or ")
}

/// The declared media type that an answer is in: the most exact one.
fn content<'d>(declared: &'d Declared, response: &Response) -> Option<&'d MediaType> {
    specs::wire::meant(&declared.content, MediaType::essence, response.header("content-type")?)
}

fn header(suite: &Suite, header: &Header, response: &Response) -> Option<Failure> {
    if header.name.eq_ignore_ascii_case("content-type") {
        return None;
    }
    let Some(text) = response.header(&header.name) else {
        let what = format!("no header `{}`, which is required for {}", header.name, response.status);
        return header.required.then(|| Failure::at(&header.name, "a value", "no such header", what));
    };
    let schema = header.schema.as_ref()?;
    let validator = suite.validators.get(schema, Direction::Response).ok()?;
    let readings = readings(suite, schema, text);
    if readings.iter().any(|value| validator.is_valid(value)) {
        return None;
    }
    let (_, told) = violations(suite, Some(schema), readings.first()?, |_| true)?;
    Some(Failure::at(&header.name, &told, format!("`{text}`"), format!("header `{}` is `{text}`: {told}", header.name)))
}

/// What the text of a header can mean, for the types of its schema.
fn readings(suite: &Suite, schema: &SchemaId, text: &str) -> Vec<Value> {
    let types = suite.api.schemas.types(schema);
    let parsed = serde_json::from_str::<Value>(text.trim()).ok();
    let mut readings: Vec<Value> = parsed.into_iter().filter(|value| !value.is_string()).collect();
    if types.iter().any(|kind| kind == "array") {
        readings.push(text.split(',').map(|element| Value::from(element.trim())).collect());
    }
    readings.push(text.into());
    readings
}

/// What is wrong with the body, as far as keywords are concerned that this is about.
fn schema(suite: &Suite, declared: &Declared, response: &Response, is_meant: fn(&str) -> bool) -> Option<Failure> {
    let media = content(declared, response)?;
    if !media.is_json() {
        return None;
    }
    let status = response.status;
    let Some(value) = response.json() else {
        return is_meant("type").then(|| Failure::at("", "JSON", "no JSON", format!("the body of {status} is not JSON")));
    };
    let (place, told) = violations(suite, media.schema.as_ref(), &value, is_meant)?;
    let got = value.pointer(&place).map(same::brief).unwrap_or_default();
    Some(Failure::at(place, &told, got, format!("the body of {status} is not as declared: {told}")))
}

fn documented(suite: &Suite, declared: &Declared, response: &Response) -> Option<Failure> {
    let media = content(declared, response).filter(|media| media.is_json())?;
    // A problem may have members that nobody declared (RFC 9457, section 3.2).
    if media.essence() == "application/problem+json" {
        return None;
    }
    let value = response.json()?;
    let place = undocumented::first(&suite.api.schemas, media.schema.as_ref()?, &value)?;
    let got = value.pointer(&place).map(same::brief).unwrap_or_default();
    let what = format!("the body of {} has `{place}`, which is not declared", response.status);
    Some(Failure::at(place, "no such property", got, what))
}

/// Where the first violation is, and what is said of the first few.
fn violations(suite: &Suite, schema: Option<&SchemaId>, value: &Value, is_meant: fn(&str) -> bool) -> Option<(String, String)> {
    let validator = suite.validators.get(schema?, Direction::Response).ok()?;
    let place = |pointer: &str| if pointer.is_empty() { "the whole".to_owned() } else { format!("`{pointer}`") };
    let mut all = validator.violations(value);
    all.retain(|violation| is_meant(&violation.keyword));
    let told = all.iter().take(TOLD).map(|violation| format!("{} {}", place(&violation.instance), violation.message));
    Some((all.first()?.instance.clone(), told.collect::<Vec<_>>().join("; ")))
}
