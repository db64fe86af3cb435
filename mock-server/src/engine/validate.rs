//! Third step: whether the request is well formed, against the document's parameters and body.

use bytes::Bytes;
use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use serde_json::Value;
use specs::{
    api::Location,
    validate::Validator,
    wire::{Coding, Content, Decoder, Media, Raw, pairs},
};

use super::{
    Rejection, Request, Step, Violation,
    authenticate::Authorized,
    compile::{Compiled, Engine},
    held::Held,
    negotiate::Offered,
    prefer::{self, Wish},
    scope::Input,
    surface::Touched,
};

/// A request that means something to its operation.
pub(super) struct Validated<'e> {
    pub(super) operation: &'e Compiled,
    pub(super) caller: Held<'e>,
    pub(super) input: Input<'e>,
    pub(super) head: bool,
    /// The position of the media type to answer with.
    pub(super) offer: usize,
    /// The response that the client asks for.
    pub(super) wish: Option<Wish<'e>>,
    /// How the body changes an item.
    pub(super) patch: Patch,
    pub(super) request: &'e Request,
}

/// How a body changes an item, by its media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patch {
    /// Property by property.
    Plain,
    /// As a merge patch (RFC 7396).
    Merge,
    /// As a list of operations (RFC 6902).
    Operations,
}

impl Patch {
    fn of(essence: &str) -> Self {
        match essence {
            "application/merge-patch+json" => Self::Merge,
            "application/json-patch+json" => Self::Operations,
            _ => Self::Plain,
        }
    }
}

pub(super) fn validate<'e>(
    engine: &'e Engine,
    authorized: Authorized<'e>,
    request: &'e Request,
    touched: &mut Touched,
) -> Result<Validated<'e>, Box<Rejection>> {
    let Authorized { operation, path, head, caller, tenant: _ } = authorized;
    if request.oversized {
        let message = "the body is larger than the server takes";
        return Err(Rejection::new(Step::Validate, StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", message, "send a smaller body"));
    }
    let media = media(operation, request)?;
    let wish = prefer::wish(engine, operation, request)?;
    let offer = if wish.as_ref().is_some_and(|wish| !wish.is_usual(operation)) { 0 } else { accepted(operation, &request.headers)? };
    let mut violations = Vec::new();
    let query = request.target.query().map(pairs).unwrap_or_default();
    let raw = Raw { path: &path, query, headers: &request.headers };
    let mut input = Input::default();
    let surface = engine.surface(operation.index);
    for (position, decoder) in operation.parameters.iter().enumerate() {
        let value = match decoder.decode(&raw) {
            Some(Ok(value)) => {
                surface.touch_parameter(position, &value, touched);
                value
            }
            Some(Err(message)) => {
                violations.push(Violation { place: decoder.place(), field: decoder.name.clone(), keyword: "style".to_owned(), message });
                continue;
            }
            None => {
                if decoder.required {
                    violations.push(missing(decoder.place(), &decoder.name));
                }
                let default = decoder.default.as_ref().map(|value| (decoder.location, decoder.name.as_str(), value));
                input.defaults.extend(default);
                continue;
            }
        };
        if let Some(validator) = &decoder.validator
            && !decoder.takes(&value)
        {
            violations.extend(violations_of(validator, &value).into_iter().map(|found| of_parameter(decoder, found)));
        }
        input.parameters.push((decoder.location, decoder.name.as_str(), value));
    }
    // A path variable that the document forgot to declare is text.
    for (name, text) in path {
        if input.parameter(Location::Path, name).is_none() {
            input.parameters.push((Location::Path, name, Value::String(Coding::Percent.decode(&text).into_owned())));
        }
    }
    let patch = media.map_or(Patch::Plain, |media| Patch::of(&media.essence));
    if let Some(media) = media {
        input.body = read(engine, operation, media, request, &mut violations)?;
        if let Some(body) = &input.body {
            surface.touch_body(body, touched);
        }
    }
    if !violations.is_empty() {
        return Err(invalid(operation, violations));
    }
    Ok(Validated { operation, caller, input, head, offer, wish, patch, request })
}

/// How the body is to be read; `None` when there is none to read.
fn media<'e>(operation: &'e Compiled, request: &Request) -> Result<Option<&'e Media>, Box<Rejection>> {
    let Some(body) = operation.body.as_ref().filter(|body| !body.media.is_empty()) else { return Ok(None) };
    encoding(&request.headers)?;
    let sent = content_type(&request.headers);
    if request.body.is_empty() {
        if body.required && !body.takes_empty(sent.unwrap_or_default()) {
            return Err(invalid(operation, vec![missing(String::new(), "")]));
        }
        if !body.required {
            return Ok(None);
        }
    }
    let Some(sent) = sent else {
        return Err(wrong_media_type(body, "the request has a body and no `Content-Type` header"));
    };
    let essence = || sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    body.find(sent).map(Some).ok_or_else(|| wrong_media_type(body, &format!("the operation does not take `{}`", essence())))
}

/// No document can say that a compressed body is taken, so none is (RFC 9110, section 15.5.16).
fn encoding(headers: &HeaderMap) -> Result<(), Box<Rejection>> {
    let Some(named) = headers.get(CONTENT_ENCODING).filter(|named| !named.as_bytes().eq_ignore_ascii_case(b"identity")) else {
        return Ok(());
    };
    let message = format!("the body is encoded as `{}`", String::from_utf8_lossy(named.as_bytes()));
    let help = "send the body as it is, without `Content-Encoding`";
    let rejection = Rejection::new(Step::Validate, StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-encoding", message, help);
    Err(rejection.at("header.Content-Encoding"))
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()
}

fn wrong_media_type(body: &Content, message: &str) -> Box<Rejection> {
    let taken = body.media.iter().map(|media| format!("`{}`", media.essence)).collect::<Vec<_>>().join(" or ");
    let help = format!("send `Content-Type: {}`", taken.trim_matches('`'));
    Rejection::new(Step::Validate, StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", message, help).at("header.Content-Type")
}

fn accepted(operation: &Compiled, headers: &HeaderMap) -> Result<usize, Box<Rejection>> {
    let offered = &operation.reply.offered;
    offered.negotiate(headers).ok_or_else(|| not_acceptable(offered))
}

pub(super) fn not_acceptable(offered: &Offered) -> Box<Rejection> {
    let message = "the client takes none of the media types that the operation answers with";
    let help = format!("accept {}", offered.names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or "));
    Rejection::new(Step::Validate, StatusCode::NOT_ACCEPTABLE, "not-acceptable", message, help).at("header.Accept")
}

fn read(
    engine: &Engine,
    operation: &Compiled,
    media: &Media,
    request: &Request,
    violations: &mut Vec<Violation>,
) -> Result<Option<Value>, Box<Rejection>> {
    let bytes: &Bytes = &request.body;
    let sent = content_type(&request.headers).unwrap_or_default();
    let value = media.read(bytes, sent).map_err(|reason| {
        let status = operation.refusal_status(&engine.api, &[StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY]);
        let message = format!("the body cannot be read as `{}`: {reason}", media.essence);
        let mut rejection = Rejection::new(Step::Validate, status, "malformed-body", message, "send a well-formed body");
        let message = format!("is malformed: {reason}");
        rejection.violations.push(Violation { place: String::new(), field: String::new(), keyword: "syntax".to_owned(), message });
        rejection
    })?;
    if let Some(validator) = &media.validator
        && !validator.is_valid(&value)
    {
        violations.extend(violations_of(validator, &value));
    }
    Ok(Some(value))
}

fn violations_of(validator: &Validator, value: &Value) -> Vec<Violation> {
    let found = validator.violations(value).into_iter();
    found
        .map(|violation| {
            let missing = violation.keyword == "required";
            let place = match &violation.property {
                Some(name) => specs::pointer::join(&violation.instance, name),
                None => violation.instance.clone(),
            };
            // Envelopes name the property of the body, however deep within it the mistake is.
            let field = specs::pointer::tokens(&place).next().map(std::borrow::Cow::into_owned).unwrap_or_default();
            let message = match &violation.property {
                Some(_) if missing && violation.instance.is_empty() => "is required".to_owned(),
                Some(name) if missing => format!("needs `{name}`"),
                Some(_) if violation.instance.is_empty() && violation.keyword.ends_with("Properties") => "is not allowed".to_owned(),
                _ => violation.message,
            };
            Violation { place, field, keyword: violation.keyword, message }
        })
        .collect()
}

/// A violation inside a parameter's value, said of the parameter.
fn of_parameter(decoder: &Decoder, found: Violation) -> Violation {
    let message = if found.place.is_empty() { found.message } else { format!("at `{}` {}", found.place, found.message) };
    Violation { place: decoder.place(), field: decoder.name.clone(), keyword: found.keyword, message }
}

fn missing(place: String, field: &str) -> Violation {
    Violation { place, field: field.to_owned(), keyword: "required".to_owned(), message: "is required".to_owned() }
}

/// The rule that a violation breaks.
pub(super) fn rule_of(violation: &Violation) -> &'static str {
    match violation.keyword.as_str() {
        "required" if violation.place.starts_with('/') => "missing-property",
        "required" if violation.place.is_empty() => "missing-body",
        "required" if violation.message == "is required" => "missing-parameter",
        _ if violation.place.starts_with('/') || violation.place.is_empty() => "invalid-body",
        _ => "invalid-parameter",
    }
}

/// Refuses with the first violation as the reason and all of them for the envelope.
fn invalid(operation: &Compiled, violations: Vec<Violation>) -> Box<Rejection> {
    let first = violations.first().cloned().unwrap_or_else(|| missing(String::new(), ""));
    let what = match (first.field.as_str(), first.place.as_str()) {
        ("", "") => "the body".to_owned(),
        // What is deep in the body is not what is wrong with the property that it is in.
        (_, place) if place.matches('/').count() > 1 => format!("`{place}`"),
        ("", place) | (place, _) => format!("`{place}`"),
    };
    let rule = rule_of(&first);
    let is_missing = first.keyword == "required" && (first.place.starts_with('/') || first.place.is_empty());
    let message = format!("{what} {}", if is_missing { "is required" } else { &first.message });
    let more = match violations.len() {
        0 | 1 => String::new(),
        several => format!("; it is the first of {several} violations"),
    };
    let help = format!("the rule is `{}`{more}", first.keyword);
    let status = if first.place.starts_with("path.") { operation.invalid_path_status } else { operation.invalid_status };
    let mut rejection = Rejection::new(Step::Validate, status, rule, message, help).at(first.place);
    rejection.violations = violations;
    rejection
}
