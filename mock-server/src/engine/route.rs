//! First step: which operation a request is for.

use http::{Method, StatusCode};
use specs::{
    api::{Condition, Wanted},
    wire::{Asked, Found, Matched},
};

use super::{
    Rejection, Request, Step,
    compile::{Compiled, Engine},
};

/// A request whose operation is known.
pub(super) struct Routed<'e> {
    pub(super) operation: &'e Compiled,
    /// Path parameters by name, as sent.
    pub(super) path: Vec<(&'e str, String)>,
    /// Whether the method asked for is HEAD, answered by the operation for GET.
    pub(super) head: bool,
}

pub(super) fn route<'e>(engine: &'e Engine, request: &Request) -> Result<Routed<'e>, Box<Rejection>> {
    let path = request.target.path();
    let query = request.target.query().unwrap_or_default();
    let asked = Asked { path, method: &request.method, query, headers: Some(&request.headers) };
    let found = engine.router.find(&asked);
    if let Some(Matched { operation, path, head }) = found.matched {
        return Ok(Routed { operation: engine.operation(operation), path, head });
    }
    Err(match found {
        Found { unmet: Some(conditions), .. } => unmet(path, conditions),
        Found { allow, .. } if allow.is_empty() => unknown_path(engine, path),
        Found { allow, .. } => wrong_method(request, allow),
    })
}

fn unknown_path(engine: &Engine, path: &str) -> Box<Rejection> {
    let other = if path.ends_with('/') { path.trim_end_matches('/').to_owned() } else { format!("{path}/") };
    let help = if engine.router.find(&Asked { path: &other, method: &Method::GET, query: "", headers: None }).has_path() {
        format!("the document writes this path `{other}`")
    } else {
        format!("paths of this document start with `{}`", engine.prefix)
    };
    Rejection::new(Step::Route, StatusCode::NOT_FOUND, "unknown-path", format!("no operation has the path `{path}`"), help)
}

fn unmet(path: &str, conditions: &[Condition]) -> Box<Rejection> {
    let message = format!("no operation of `{path}` has the query and the headers of this request");
    let names = conditions.iter().map(|condition| match &condition.wanted {
        Wanted::Exactly(value) => format!("`{}={value}` in the {}", condition.name, condition.location.as_str()),
        Wanted::Named | Wanted::Given => format!("`{}` in the {}", condition.name, condition.location.as_str()),
    });
    let help = format!("one has {}", names.collect::<Vec<_>>().join(" and "));
    Rejection::new(Step::Route, StatusCode::NOT_FOUND, "unknown-path", message, help)
}

fn wrong_method(request: &Request, mut allow: Vec<Method>) -> Box<Rejection> {
    if allow.contains(&Method::GET) && !allow.contains(&Method::HEAD) {
        allow.push(Method::HEAD);
    }
    if !allow.contains(&Method::OPTIONS) {
        allow.push(Method::OPTIONS);
    }
    let names = allow.iter().map(|method| format!("`{method}`")).collect::<Vec<_>>().join(", ");
    let (status, rule) = if request.method == Method::OPTIONS {
        (StatusCode::NO_CONTENT, "options")
    } else {
        (StatusCode::METHOD_NOT_ALLOWED, "undeclared-method")
    };
    let message = format!("the document declares no `{}` for this path", request.method);
    let mut rejection = Rejection::new(Step::Route, status, rule, message, format!("use one of {names}"));
    rejection.allow = allow;
    rejection
}
