//! What a client asks of its answer: `Prefer: code=404, example=name, dynamic=true` (RFC 7240), or the same in the
//! query as `__code`, `__example`, `__dynamic`, where the document has no such parameters.
//!
//! A request is judged as any other before its wish is looked at, so that a wish hides no mistake. What the document
//! does not have is refused with 404 and not ignored: whoever asks for a response by name wants to see that one.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, WWW_AUTHENTICATE},
};
use specs::{
    api::{self, Example, Location, MediaType, Operation, Status},
    wire::pairs,
};

use super::{
    Rejection, Request, Step, challenge,
    compile::{Compiled, Engine},
    declared::{Declared, Origin, concrete, is_bodiless},
    negotiate::Offered,
    respond::{Trace, headless},
    validate,
};

const PREFER: HeaderName = HeaderName::from_static("prefer");
const APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The response that a client asked for.
pub(super) struct Wish<'e> {
    response: &'e api::Response,
    status: StatusCode,
    media: Option<&'e MediaType>,
    origin: Origin<'e>,
    applied: String,
}

/// What somebody prefers of the answers that an operation declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The status: `404`, `4XX`, `default`.
    pub code: Option<String>,
    /// The name of an example.
    pub example: Option<String>,
    /// `true` for a body that is made of the schema alone.
    pub dynamic: Option<String>,
}

/// What the request asks of its answer; `None` when that is nothing, as nearly always.
pub(super) fn wish<'e>(engine: &'e Engine, compiled: &Compiled, request: &Request) -> Result<Option<Wish<'e>>, Box<Rejection>> {
    let in_query = request.target.query().is_some_and(|query| query.contains("__"));
    if !in_query && !request.headers.contains_key(PREFER) {
        return Ok(None);
    }
    let operation = &engine.api.operations[compiled.index];
    let preferences = Preferences::read(request, operation);
    if preferences.is_none()? { Ok(None) } else { preferences.wish(engine, compiled, request).map(Some) }
}

impl Wish<'_> {
    /// Whether it asks for nothing but the response that the operation gives of itself.
    pub(super) fn is_usual(&self, compiled: &Compiled) -> bool {
        self.status == compiled.reply.status && matches!(self.origin, Origin::Document)
    }

    /// Says that a response is the one that was asked for.
    pub(super) fn mark(&self, response: &mut Response<Bytes>) {
        if let Ok(applied) = HeaderValue::from_str(&self.applied) {
            response.headers_mut().insert(APPLIED, applied);
        }
    }

    /// The response, made of what the document declares and of nothing that is stored.
    pub(super) fn grant(&self, engine: &Engine, compiled: &Compiled, is_head: bool, trace: &mut Trace) -> Response<Bytes> {
        let declared = Declared { api: &engine.api, validators: &engine.validators, sampler: &engine.sampler };
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = self.status;
        if let Some(media) = self.media {
            let (body, wrong) = declared.body(media, self.origin);
            trace.defects.extend(wrong);
            if let Ok(name) = HeaderValue::from_str(concrete(media)) {
                response.headers_mut().insert(CONTENT_TYPE, name);
            }
            *response.body_mut() = body;
        }
        for (name, value) in declared.headers(self.response) {
            response.headers_mut().append(name, value);
        }
        if self.status == StatusCode::UNAUTHORIZED && !response.headers().contains_key(WWW_AUTHENTICATE) {
            challenge::challenge(engine, engine.api.operations.get(compiled.index), None, &mut response);
        }
        self.mark(&mut response);
        if is_head {
            headless(&mut response);
        }
        response
    }
}

impl Preferences {
    /// The declared response that is preferred.
    pub(super) fn wish<'e>(&self, engine: &'e Engine, compiled: &Compiled, request: &Request) -> Result<Wish<'e>, Box<Rejection>> {
        let operation = &engine.api.operations[compiled.index];
        let is_dynamic = self.is_dynamic()?;
        let (response, status) = self.response(operation, compiled)?;
        let content = if is_bodiless(status) { &[] } else { response.content.as_slice() };
        let named = self.example.as_deref().map(|name| (name, with_example(content, name)));
        if let Some((name, found)) = &named
            && found.is_empty()
        {
            return Err(no_example(response, status, name));
        }
        let content: Vec<&MediaType> = named.map_or_else(|| content.iter().collect(), |(_, found)| found);
        let offered = Offered::new(content.iter().map(|media| (media.name.as_str(), media.is_json())));
        let position = offered.negotiate(&request.headers).ok_or_else(|| validate::not_acceptable(&offered))?;
        let media = content.get(position).copied();
        let example = self.example.as_deref().and_then(|name| example(media?, name));
        let origin = match (example, is_dynamic) {
            (Some(example), _) => Origin::Example(example),
            (None, true) => Origin::Schema(number(request)),
            (None, false) => Origin::Document,
        };
        Ok(Wish { response, status, media, origin, applied: self.applied() })
    }

    fn is_dynamic(&self) -> Result<bool, Box<Rejection>> {
        match self.dynamic.as_deref() {
            Some("true" | "") => Ok(true),
            None | Some("false") => Ok(false),
            Some(other) => Err(refused(format!("`dynamic` is `{other}`"), "write `dynamic=true` or `dynamic=false`")),
        }
    }

    /// Whether nothing is preferred.
    fn is_none(&self) -> Result<bool, Box<Rejection>> {
        Ok(!self.is_dynamic()? && self.code.is_none() && self.example.is_none())
    }

    fn read(request: &Request, operation: &Operation) -> Self {
        let mut found = Self::of_headers(&request.headers);
        let is_ours = |name: &str| !operation.parameters.iter().any(|known| known.location == Location::Query && known.name == name);
        for pair in request.target.query().map(pairs).unwrap_or_default() {
            if let Some(name) = pair.name.strip_prefix("__").filter(|_| is_ours(&pair.name)) {
                found.set(name, pair.decoded().into_owned());
            }
        }
        found
    }

    fn of_headers(headers: &HeaderMap) -> Self {
        let mut found = Self::default();
        let mut seen = Vec::new();
        for line in headers.get_all(PREFER) {
            for preference in split(line.to_str().unwrap_or_default(), ',') {
                let Some(main) = split(preference, ';').next() else { continue };
                let (name, value) = main.split_once('=').unwrap_or((main, ""));
                let name = name.trim().to_ascii_lowercase();
                // The first of a name counts (RFC 7240, section 2).
                if !seen.contains(&name) {
                    found.set(&name, unquoted(value.trim()));
                    seen.push(name);
                }
            }
        }
        found
    }

    fn set(&mut self, name: &str, value: String) {
        match name {
            "code" => self.code = Some(value),
            "example" => self.example = Some(value),
            "dynamic" => self.dynamic = Some(value),
            _ => {}
        }
    }

    /// The declared response that is asked for, and its status.
    fn response<'e>(&self, operation: &'e Operation, compiled: &Compiled) -> Result<(&'e api::Response, StatusCode), Box<Rejection>> {
        let Some(code) = &self.code else {
            let usual = compiled.reply.status;
            return operation
                .response(usual.as_u16())
                .map(|response| (response, usual))
                .ok_or_else(|| no_response(operation, usual.as_str()));
        };
        let status = match code.to_ascii_lowercase().as_bytes() {
            b"default" => Some(500),
            [hundreds @ b'1'..=b'5', b'x', b'x'] => Some(u16::from(hundreds - b'0') * 100),
            _ => code.parse().ok(),
        };
        let status = status.and_then(|code| StatusCode::from_u16(code).ok()).filter(|status| (200..600).contains(&status.as_u16()));
        let other = || operation.responses.iter().find(|response| response.status == Status::Default);
        let is_other = code.eq_ignore_ascii_case("default");
        let found = status.and_then(|status| {
            let response = if is_other { other() } else { operation.response(status.as_u16()) };
            Some((response?, status))
        });
        found.ok_or_else(|| no_response(operation, code))
    }

    fn applied(&self) -> String {
        let each = [("code", &self.code), ("example", &self.example), ("dynamic", &self.dynamic)];
        let written = each.into_iter().filter_map(|(name, value)| {
            let value = value.as_ref()?;
            let is_token =
                !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
            Some(if is_token { format!("{name}={value}") } else { format!("{name}=\"{}\"", value.replace(['"', '\\'], "")) })
        });
        written.collect::<Vec<_>>().join(", ")
    }
}

/// The parts of a header between separators that are in no quotes, those that are empty left out.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = text.split(move |character| {
        let ends = character == separator && !is_quoted;
        is_quoted ^= character == '"' && !is_escaped;
        is_escaped = character == '\\' && is_quoted && !is_escaped;
        ends
    });
    parts.map(str::trim).filter(|part| !part.is_empty())
}

fn unquoted(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return text.to_owned() };
    let mut characters = inner.chars();
    let mut plain = String::with_capacity(inner.len());
    while let Some(character) = characters.next() {
        plain.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    plain
}

fn with_example<'e>(content: &'e [MediaType], name: &str) -> Vec<&'e MediaType> {
    content.iter().filter(|media| example(media, name).is_some()).collect()
}

fn example<'e>(media: &'e MediaType, name: &str) -> Option<&'e Example> {
    media.examples.iter().find(|example| !name.is_empty() && example.name == name)
}

/// A number that is the same for the same request: what is generated for it can be had again.
fn number(request: &Request) -> u64 {
    use std::hash::{Hash as _, Hasher as _};
    let mut hasher = rustc_hash::FxHasher::default();
    let target = request.target.path_and_query().map(http::uri::PathAndQuery::as_str);
    (request.method.as_str(), target, &request.body[..]).hash(&mut hasher);
    hasher.finish() >> 32
}

fn no_response(operation: &Operation, code: &str) -> Box<Rejection> {
    let declared = operation.responses.iter().map(|response| match response.status {
        Status::Exactly(code) => format!("`code={code}`"),
        Status::Range(hundreds) => format!("`code={hundreds}00` to `code={hundreds}99`"),
        Status::Default => "any other code".to_owned(),
    });
    let help = format!("the operation has {}", declared.collect::<Vec<_>>().join(", "));
    refused(format!("the operation declares no response `{code}`"), help)
}

fn no_example(response: &api::Response, status: StatusCode, name: &str) -> Box<Rejection> {
    let examples = response.content.iter().flat_map(|media| &media.examples).filter(|example| !example.name.is_empty());
    let names: Vec<_> = examples.map(|example| format!("`{}`", example.name)).collect();
    let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    refused(format!("the response {} has no example `{name}`", status.as_u16()), format!("its named examples are {known}"))
}

fn refused(message: String, help: impl Into<String>) -> Box<Rejection> {
    Rejection::new(Step::Validate, StatusCode::NOT_FOUND, "unknown-preference", message, help).at("header.Prefer")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&'static str], code: Option<&str>, example: Option<&str>, dynamic: Option<&str>) {
        let lines = lines.iter().map(|line| (PREFER, HeaderValue::from_static(line)));
        let mut headers = HeaderMap::new();
        lines.for_each(|(name, value)| {
            headers.append(name, value);
        });
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let expected = Preferences { code: owned(code), example: owned(example), dynamic: owned(dynamic) };
        assert_eq!(Preferences::of_headers(&headers), expected);
    }

    #[test]
    fn preferences_are_read_as_rfc_7240_writes_them() {
        check(&["code=404"], Some("404"), None, None);
        check(&["Code = 404 , example=\"a, \\\"b\\\"; c\"; x=1, respond-async"], Some("404"), Some("a, \"b\"; c"), None);
        check(&["dynamic=true", "code=\"2XX\"", "code=500"], Some("2XX"), None, Some("true"));
        check(&["dynamic"], None, None, Some(""));
        check(&["", ",;=", "return=minimal"], None, None, None);
    }
}
