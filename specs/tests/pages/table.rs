//! Facts as a table that people read.

use std::fmt::Write as _;

use specs::{
    api::{SchemeKind, Status},
    pages::{Basis, Claim, Page, Payload, Place, Request, Side, Statement, Step, Type},
};

/// One line for each fact, and for what was not understood.
pub(crate) fn shown(page: &Page) -> String {
    let mut text = String::new();
    for fact in &page.facts {
        let basis = match fact.basis {
            Basis::Field => "field",
            Basis::Sentence => "sentence",
            Basis::Example => "example",
            Basis::Mention => "mention",
        };
        let of = fact.operation.map_or_else(|| "all".to_owned(), |operation| format!("#{operation}"));
        let _ = writeln!(text, "{:>4} {basis:<8} {of:<4} {}", fact.line, statement(&fact.statement));
    }
    for unread in &page.unread {
        let _ = writeln!(text, "{:>4} unread   {}: {}", unread.first, unread.reason, unread.text);
    }
    let _ = writeln!(text, "{} of {}", page.coverage(), page.lines);
    text
}

fn statement(statement: &Statement) -> String {
    match statement {
        Statement::Operation(signature) => format!("operation {} {}", signature.method, signature.path),
        Statement::Server(url) => format!("server {url}"),
        Statement::Member { place: at, claim: what } => format!("{} {}", place(at), claim(what)),
        Statement::MediaType { side: whose, name } => format!("{} is {name}", side(*whose)),
        Statement::Status(code) => format!("status {}", status(*code)),
        Statement::ErrorCode { status: of, code } => {
            format!("error code {code} of {}", of.map_or_else(|| "any refusal".to_owned(), status))
        }
        Statement::Security { kind, scopes } => format!("security {} {scopes:?}", scheme(kind)),
        Statement::Request(sent) => request(sent),
        Statement::Answer { status: code, body } => {
            format!("answer {} {body}", code.map_or_else(|| "-".to_owned(), |code| code.to_string()))
        }
    }
}

fn request(request: &Request) -> String {
    let body = match &request.body {
        None => "-".to_owned(),
        Some(Payload::Json(value)) => value.to_string(),
        Some(Payload::Form(fields)) => format!("form {fields:?}"),
        Some(Payload::Text(text)) => format!("text {text:?}"),
    };
    format!("request {} {} {:?} {body}", request.method, request.url, request.headers)
}

fn scheme(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::ApiKey { location, name } => format!("key {name} in {}", location.as_str()),
        SchemeKind::Basic => "basic".to_owned(),
        SchemeKind::Bearer { .. } => "bearer".to_owned(),
        SchemeKind::Http(name) => format!("http {name}"),
        SchemeKind::MutualTls => "certificate".to_owned(),
    }
}

fn status(status: Status) -> String {
    match status {
        Status::Exactly(code) => code.to_string(),
        Status::Range(hundreds) => format!("{hundreds}XX"),
        Status::Default => "default".to_owned(),
    }
}

fn side(side: Side) -> String {
    match side {
        Side::Request => "request".to_owned(),
        Side::Response(None) => "response".to_owned(),
        Side::Response(Some(code)) => format!("response {}", status(code)),
    }
}

fn place(place: &Place) -> String {
    match place {
        Place::Parameter { location, name } => format!("{} {name}", location.as_str()),
        Place::Header { status: of, name } => format!("response {} header {name}", of.map_or_else(|| "-".to_owned(), status)),
        Place::Property { side: whose, path } => {
            let steps = path.iter().map(|step| match step {
                Step::Property(name) => format!(".{name}"),
                Step::Item => "[]".to_owned(),
            });
            format!("{} {}", side(*whose), if path.is_empty() { "body".to_owned() } else { steps.collect() })
        }
    }
}

fn claim(claim: &Claim) -> String {
    match claim {
        Claim::Exists => "exists".to_owned(),
        Claim::Type(kind) => format!("is {}", type_name(kind)),
        Claim::Required(true) => "is required".to_owned(),
        Claim::Required(false) => "is optional".to_owned(),
        Claim::Nullable(true) => "may be null".to_owned(),
        Claim::Nullable(false) => "is never null".to_owned(),
        Claim::Default(value) => format!("defaults to {value}"),
        Claim::Enum(values) => format!("is one of {}", serde_json::Value::Array(values.clone())),
        Claim::Limit { keyword, value } => format!("{keyword} {value}"),
        Claim::Example(value) => format!("e.g. {value}"),
        Claim::Deprecated(is) => format!("deprecated {is}"),
    }
}

fn type_name(kind: &Type) -> String {
    let mut name = if kind.names.is_empty() { "anything".to_owned() } else { kind.names.join("|") };
    if let Some(format) = &kind.format {
        let _ = write!(name, "({format})");
    }
    if let Some(items) = &kind.items {
        let _ = write!(name, " of {}", type_name(items));
    }
    name
}
