//! What an exchange had, read back from what went over the wire.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use specs::{
    api::{Location, Operation, Parameter, Part, Segment, Style},
    wire::Token,
};

use crate::{
    exchange::{Exchange, Request, Response},
    wire::scalar,
};

/// What an exchange had.
pub(super) struct Seen<'e> {
    request: &'e Request,
    /// The pairs of the query.
    query: Vec<(String, String)>,
    /// The variables of the path.
    path: Vec<(String, String)>,
    /// What was sent.
    pub(super) body: Option<Body>,
    pub(super) response: Option<&'e Response>,
    /// What came back.
    pub(super) shown: Option<Body>,
}

/// A body as a value.
pub(super) enum Body {
    /// From JSON.
    Json(Value),
    /// From a form: its values are text, and a list with one element looks like that element.
    Form(Value),
}

impl<'e> Seen<'e> {
    pub(super) fn of(operation: &Operation, exchange: &'e Exchange) -> Self {
        let request = &exchange.request;
        let target = request.target();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let response = exchange.response.as_ref().ok();
        Self {
            request,
            query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            path: variables(&operation.segments, path).unwrap_or_default(),
            body: body(request),
            response,
            shown: response.and_then(Response::json).map(Body::Json),
        }
    }

    /// Whether a parameter was sent.
    pub(super) fn has(&self, parameter: &Parameter) -> bool {
        let name = parameter.name.as_str();
        match parameter.location {
            Location::Query if parameter.style == Style::DeepObject => {
                self.query.iter().any(|(known, _)| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('[')))
            }
            _ => !self.texts(parameter).is_empty(),
        }
    }

    /// Whether the query has this name.
    pub(super) fn has_query(&self, name: &str) -> bool {
        self.query.iter().any(|(known, _)| known == name)
    }

    /// What was sent for a parameter, and its parts, should it be a list.
    pub(super) fn values(&self, parameter: &Parameter) -> Vec<String> {
        let delimiter = match parameter.style {
            Style::SpaceDelimited => ' ',
            Style::PipeDelimited => '|',
            _ => ',',
        };
        let texts = self.texts(parameter);
        let parts = texts.iter().flat_map(|text| text.split(delimiter)).map(|part| part.trim().to_owned());
        parts.chain(texts.iter().map(Cow::to_string)).collect()
    }

    fn texts(&self, parameter: &Parameter) -> Vec<Cow<'_, str>> {
        let named = |(name, value): &'_ &(String, String)| (name == &parameter.name).then(|| value.clone());
        let headers = |name: &str| {
            let name = name.to_owned();
            self.request.headers.iter().filter(move |field| field.name.eq_ignore_ascii_case(&name)).map(|field| field.value.as_str())
        };
        match parameter.location {
            Location::Query => self.query.iter().filter_map(|pair| named(&pair)).map(Cow::Owned).collect(),
            Location::Path => self.path.iter().filter_map(|pair| named(&pair)).map(Cow::Owned).collect(),
            Location::Header => headers(&parameter.name).map(Cow::Borrowed).collect(),
            Location::Cookie => {
                let pairs = headers("cookie").flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
                pairs.filter(|(name, _)| *name == parameter.name).map(|(_, value)| Cow::Borrowed(value)).collect()
            }
        }
    }
}

impl Body {
    /// The values at a place.
    pub(super) fn at(&self, path: &[Token]) -> Vec<&Value> {
        let (Self::Json(value) | Self::Form(value)) = self;
        path.iter().fold(vec![value], |values, token| values.into_iter().flat_map(|value| self.step(value, token)).collect())
    }

    /// Whether what was sent is this value.
    pub(super) fn is_same(&self, sent: &Value, value: &Value) -> bool {
        match self {
            Self::Json(_) => sent == value,
            Self::Form(_) => scalar(sent) == scalar(value),
        }
    }

    fn step<'v>(&self, value: &'v Value, token: &Token) -> Vec<&'v Value> {
        match (value, token) {
            (Value::Object(members), Token::Name(name)) => members.get(name).into_iter().collect(),
            (Value::Object(members), Token::Any) if matches!(self, Self::Json(_)) => members.values().collect(),
            // Elements by name or number, or the only one there is.
            (Value::Object(members), Token::Any) => members.values().chain([value]).collect(),
            (Value::Array(elements), Token::Any) => elements.iter().collect(),
            (text, Token::Any) if matches!(self, Self::Form(_)) => vec![text],
            _ => Vec::new(),
        }
    }
}

fn body(request: &Request) -> Option<Body> {
    let bytes = request.body.as_ref()?;
    let header = request.headers.iter().find(|field| field.name.eq_ignore_ascii_case("content-type"))?;
    let essence = header.value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => Some(Body::Form(form(form_urlencoded::parse(bytes).into_owned()))),
        _ if essence.starts_with("multipart/") => Some(Body::Form(form(multipart(&header.value, bytes)?.into_iter()))),
        _ => serde_json::from_slice(bytes).ok().map(Body::Json),
    }
}

/// The pairs of a form as a value: `a[b]` is inside `a`, what is there twice is a list, and JSON is read.
fn form(pairs: impl Iterator<Item = (String, String)>) -> Value {
    let mut root = Value::Null;
    for (name, text) in pairs {
        let tokens: Vec<&str> = name.split('[').map(|token| token.trim_end_matches(']')).collect();
        let parsed = serde_json::from_str(&text).ok().filter(|value: &Value| value.is_object() || value.is_array());
        put(&mut root, &tokens, parsed.unwrap_or(Value::String(text)));
    }
    root
}

fn put(at: &mut Value, tokens: &[&str], value: Value) {
    match (tokens, &mut *at) {
        ([token, rest @ ..], Value::Object(members)) => put(members.entry(*token).or_insert(Value::Null), rest, value),
        ([token, rest @ ..], _) => {
            let mut below = Value::Null;
            put(&mut below, rest, value);
            *at = Value::Object(Map::from_iter([((*token).to_owned(), below)]));
        }
        ([], Value::Null) => *at = value,
        ([], Value::Array(elements)) => elements.push(value),
        ([], one) => *one = Value::Array(vec![one.take(), value]),
    }
}

/// The names and the texts of the parts.
fn multipart(content_type: &str, bytes: &[u8]) -> Option<Vec<(String, String)>> {
    let boundary = content_type.split_once("boundary=")?.1.split(';').next()?.trim().trim_matches('"');
    let text = String::from_utf8_lossy(bytes);
    let delimiter = format!("--{boundary}");
    let parts = text.split(delimiter.as_str()).filter_map(|part| {
        let (headers, content) = part.split_once("\r\n\r\n")?;
        let name = headers.split_once(" name=\"")?.1.split('"').next()?;
        Some((name.to_owned(), content.strip_suffix("\r\n").unwrap_or(content).to_owned()))
    });
    Some(parts.collect())
}

/// The variables of a path; none when it has another form.
fn variables(segments: &[Segment], path: &str) -> Option<Vec<(String, String)>> {
    let texts: Vec<&str> = path.split('/').skip(1).collect();
    if texts.len() != segments.len() {
        return None;
    }
    let mut all = Vec::new();
    for (segment, text) in segments.iter().zip(texts) {
        let mut rest = text;
        let mut parts = segment.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match (part, parts.peek()) {
                (Part::Literal(literal), _) => rest = rest.strip_prefix(literal.as_str())?,
                (Part::Variable(name), next) => {
                    let end = match next {
                        Some(Part::Literal(literal)) => rest.rfind(literal.as_str())?,
                        _ => rest.len(),
                    };
                    all.push((name.clone(), percent_decode_str(&rest[..end]).decode_utf8_lossy().into_owned()));
                    rest = &rest[end..];
                }
            }
        }
        if !rest.is_empty() {
            return None;
        }
    }
    Some(all)
}
