//! What a heading says that the part below it is about.

use super::{Place, Side, Step, draft};
use crate::api::{Location, Status};

/// A part of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Section {
    /// Parameters at a place.
    Parameters(Location),
    /// What is sent; where, the heading does not say.
    Request,
    /// The body of the request.
    Body,
    /// The body of an answer.
    Response(Option<Status>),
    /// Headers of an answer.
    ResponseHeaders(Option<Status>),
    /// Refusals.
    Errors,
    /// Credentials.
    Security,
    /// A request, as an example.
    RequestExample,
    /// An answer, as an example.
    ResponseExample,
    /// Anything else.
    #[default]
    Other,
}

impl Section {
    /// The place of a name in this part; `Other` and refusals have none. Where the heading does not say, a method that has
    /// a body sends it there.
    pub(super) fn place(self, name: &str, method: Option<&http::Method>) -> Option<Place> {
        let bodied = method.is_none_or(|method| [http::Method::POST, http::Method::PUT, http::Method::PATCH].contains(method));
        let parameter = |location| Place::Parameter { location, name: name.to_owned() };
        Some(match self {
            Self::Parameters(location) => parameter(location),
            Self::Body => draft::property(Side::Request, draft::steps(name)),
            Self::Request if bodied => draft::property(Side::Request, draft::steps(name)),
            Self::Request => parameter(Location::Query),
            Self::Response(status) => draft::property(Side::Response(status), draft::steps(name)),
            Self::ResponseHeaders(status) => Place::Header { status, name: name.to_owned() },
            _ => return None,
        })
    }

    /// Whether what is listed here is sent by the caller.
    pub(super) fn is_request(self) -> bool {
        matches!(self, Self::Parameters(_) | Self::Request | Self::Body | Self::RequestExample)
    }
}

/// The part that a heading opens; `None` when it says nothing of the kind.
pub(super) fn of(heading: &str) -> Option<Section> {
    let lower = heading.trim().trim_matches(['#', '*', ':', '_', '`']).trim().to_lowercase();
    if lower.is_empty() || lower.len() > 60 {
        return None;
    }
    let words: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let only = |wanted: &[&str]| words.iter().all(|word| wanted.contains(word) || FILLERS.contains(word) || status(word).is_some());
    if has(&["example", "examples", "sample", "samples"]) {
        return example(&words);
    }
    let parameters = ["parameters", "parameter", "params", "param", "arguments", "args", "fields", "attributes", "properties"];
    let kinds = |kind: &[&'static str]| only(&[kind, &parameters].concat()) && has(kind);
    if has(&["response", "responses", "returns", "returned", "result"]) && has(&["header", "headers"]) && words.len() <= 3 {
        return Some(Section::ResponseHeaders(status_in(&words)));
    }
    if kinds(&["path", "url", "uri", "route"]) {
        Some(Section::Parameters(Location::Path))
    } else if kinds(&["query", "string", "querystring"]) && has(&["query", "querystring"]) {
        Some(Section::Parameters(Location::Query))
    } else if kinds(&["header", "headers"]) {
        Some(Section::Parameters(Location::Header))
    } else if kinds(&["cookie", "cookies"]) {
        Some(Section::Parameters(Location::Cookie))
    } else if kinds(&["body", "payload", "json", "form", "schema"]) && has(&["body", "payload"]) && !has(&["response"]) {
        Some(Section::Body)
    } else {
        rest(&words, &only, &has, &parameters)
    }
}

/// Words that say nothing of their own in a heading.
const FILLERS: [&str; 9] = ["the", "request", "a", "http", "of", "for", "endpoint", "api", "and"];

type Test<'t> = &'t dyn Fn(&[&str]) -> bool;

fn rest(words: &[&str], only: Test, has: Test, parameters: &[&str]) -> Option<Section> {
    let response = [
        "response",
        "responses",
        "returns",
        "returned",
        "body",
        "schema",
        "object",
        "success",
        "successful",
        "result",
        "json",
        "ok",
        "created",
    ];
    if only(&["authentication", "authorization", "authorizations", "auth", "security"]) && !only(&[]) {
        return Some(Section::Security);
    }
    let refusals = [
        "errors",
        "error",
        "responses",
        "response",
        "codes",
        "code",
        "status",
        "common",
        "statuses",
        "possible",
        "handling",
        "failure",
        "failures",
    ];
    if only(&refusals) && (has(&["errors", "error", "codes", "statuses", "failures"])) {
        return Some(Section::Errors);
    }
    if only(&[&response[..], parameters].concat()) && has(&["response", "responses", "returns", "returned", "result"]) {
        return Some(Section::Response(status_in(words)));
    }
    if let [first, ..] = words
        && let Some(status) = status(first)
        && words.len() <= 5
    {
        return Some(Section::Response(Some(status)));
    }
    (only(parameters) && !words.is_empty()).then_some(Section::Request)
}

fn example(words: &[&str]) -> Option<Section> {
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    if has(&["response", "responses", "answer", "result", "output"]) {
        Some(Section::ResponseExample)
    } else if has(&["request", "requests", "body", "call", "usage"]) {
        Some(Section::RequestExample)
    } else {
        None
    }
}

fn status_in(words: &[&str]) -> Option<Status> {
    words.iter().find_map(|word| status(word))
}

/// `201`, or `4xx`.
pub(super) fn status(word: &str) -> Option<Status> {
    let lower = word.trim().to_lowercase();
    if lower.len() != 3 {
        return None;
    }
    if let Some(hundreds) = lower.strip_suffix("xx") {
        return hundreds.parse().ok().filter(|hundreds| (1..=5).contains(hundreds)).map(Status::Range);
    }
    lower.parse().ok().filter(|code| (100..600).contains(code)).map(Status::Exactly)
}

/// The side of a body, with the way that leads to a place in it.
pub(super) fn below(place: &Place, name: &str, list: Option<Step>) -> Option<Place> {
    let Place::Property { side, path } = place else { return None };
    let mut path = path.clone();
    path.extend(list);
    path.extend(draft::steps(name));
    Some(draft::property(*side, path))
}
