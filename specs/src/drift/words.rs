//! Facts and places in words for people.

use serde_json::Value;

use crate::{
    api::{Location, SchemeKind},
    pages::{Claim, Place, Side, Statement, Step, Type},
};

use super::written;

/// How long a value may be to be quoted.
const LONGEST: usize = 60;

/// What a statement is about: `` body property `title` ``.
pub(super) fn subject(statement: &Statement) -> String {
    match statement {
        Statement::Operation(signature) => format!("operation `{} {}`", signature.method, signature.path),
        Statement::Server(url) => format!("server `{url}`"),
        Statement::Member { place, .. } => self::place(place),
        Statement::MediaType { side, name } => format!("media type `{name}` of the {}", self::side(*side)),
        Statement::Status(status) => format!("status `{}`", written::status(*status)),
        Statement::ErrorCode { code, .. } => format!("error code `{code}`"),
        Statement::Security { kind, .. } => format!("credentials in {}", sent_as(kind)),
        Statement::Request(request) => format!("example of `{} {}`", request.method, request.url),
        Statement::Answer { status: Some(status), .. } => format!("example of the answer `{status}`"),
        Statement::Answer { status: None, .. } => "example of the answer".to_owned(),
    }
}

/// A statement in a few words.
pub(super) fn fact(statement: &Statement) -> String {
    match statement {
        Statement::Member { claim, .. } => format!("{} {}", subject(statement), self::claim(claim)),
        Statement::Security { scopes, .. } if !scopes.is_empty() => format!("{} with `{}`", subject(statement), scopes.join("`, `")),
        Statement::ErrorCode { status: Some(status), .. } => format!("{} of status `{}`", subject(statement), written::status(*status)),
        _ => subject(statement),
    }
}

/// A place in words.
pub(super) fn place(place: &Place) -> String {
    match place {
        Place::Parameter { location: Location::Header, name } => format!("header `{name}`"),
        Place::Parameter { location, name } => format!("{} parameter `{name}`", location.as_str()),
        Place::Header { name, .. } => format!("response header `{name}`"),
        Place::Property { side, path } if path.is_empty() => self::side(*side),
        Place::Property { side, path } => property(*side, path),
    }
}

/// A property in words.
pub(super) fn property(side: Side, path: &[Step]) -> String {
    match side {
        Side::Request => format!("body property `{}`", self::path(path)),
        Side::Response(None) => format!("response property `{}`", self::path(path)),
        Side::Response(Some(status)) => format!("property `{}` of response `{}`", self::path(path), written::status(status)),
    }
}

/// The way to a property: `data.notes[].id`.
pub(super) fn path(path: &[Step]) -> String {
    let mut made = String::new();
    for step in path {
        match step {
            Step::Property(name) => {
                if !made.is_empty() {
                    made.push('.');
                }
                made.push_str(name);
            }
            Step::Item => made.push_str("[]"),
        }
    }
    made
}

fn side(side: Side) -> String {
    match side {
        Side::Request => "request body".to_owned(),
        Side::Response(None) => "body of the success".to_owned(),
        Side::Response(Some(status)) => format!("body of response `{}`", written::status(status)),
    }
}

fn claim(claim: &Claim) -> String {
    match claim {
        Claim::Exists => "exists".to_owned(),
        Claim::Type(kind) => format!("is {}", self::kind(kind)),
        Claim::Required(true) => "is required".to_owned(),
        Claim::Required(false) => "is optional".to_owned(),
        Claim::Nullable(true) => "may be null".to_owned(),
        Claim::Nullable(false) => "is never null".to_owned(),
        Claim::Default(value) => format!("is {} by default", self::value(value)),
        Claim::Enum(values) => format!("is one of {}", self::values(values)),
        Claim::Limit { keyword, value } => format!("has `{keyword}` {}", self::value(value)),
        Claim::Example(value) => format!("may be {}", self::value(value)),
        Claim::Deprecated(true) => "is deprecated".to_owned(),
        Claim::Deprecated(false) => "is not deprecated".to_owned(),
    }
}

/// A type in words: `array of string`, `string (date-time)`.
pub(super) fn kind(kind: &Type) -> String {
    let mut made = if kind.names.is_empty() { "anything".to_owned() } else { kind.names.join(" or ") };
    if let Some(items) = kind.items.as_deref().filter(|items| !items.names.is_empty()) {
        made = format!("{made} of {}", self::kind(items));
    }
    match &kind.format {
        Some(format) => format!("{made} ({format})"),
        None => made,
    }
}

/// Values in words.
pub(super) fn values(values: &[Value]) -> String {
    let words: Vec<String> = values.iter().map(value).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

/// A value in words.
pub(super) fn value(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.chars().count() <= LONGEST {
        return format!("`{text}`");
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("`{start}…`")
}

/// How credentials are sent.
pub(super) fn sent_as(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::ApiKey { location: Location::Header, name } => format!("header `{name}`"),
        SchemeKind::ApiKey { location, name } => format!("{} `{name}`", location.as_str()),
        SchemeKind::Basic => "`Authorization: Basic`".to_owned(),
        SchemeKind::Bearer { .. } => "`Authorization: Bearer`".to_owned(),
        SchemeKind::Http(name) => format!("`Authorization: {name}`"),
        SchemeKind::MutualTls => "a client certificate".to_owned(),
    }
}
