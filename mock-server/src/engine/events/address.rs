//! Runtime expressions of OpenAPI in the address of a callback: `{$request.body#/callbackUrl}`,
//! `https://there.example/{$response.body#/id}`.

use bytes::Bytes;
use http::{HeaderMap, Response};
use serde_json::Value;
use specs::api::Location;

use super::{
    super::{plan::key_text, validate::Validated},
    url,
};

/// The address.
///
/// # Errors
/// With the expression that gives nothing.
pub(super) fn resolve(template: &str, validated: &Validated<'_>, response: &Response<Bytes>) -> Result<String, String> {
    filled(template, |expression| value(expression, validated, response))
}

/// The template with the values of its expressions; a template that begins as an expression is one as a whole.
fn filled(template: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let nothing = |expression: &str| format!("`{expression}` gives nothing");
    if template.starts_with('$') {
        return value(template).ok_or_else(|| nothing(template));
    }
    let mut text = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else { break };
        let expression = &rest[open + 1..open + length];
        text.push_str(&rest[..open]);
        text.push_str(&value(expression).ok_or_else(|| nothing(expression))?);
        rest = &rest[open + length + 1..];
    }
    text.push_str(rest);
    Ok(text)
}

fn value(expression: &str, validated: &Validated<'_>, response: &Response<Bytes>) -> Option<String> {
    let request = validated.request;
    let found = match expression.strip_prefix('$')? {
        "url" => Some(url(request)),
        "method" => Some(request.method.to_string()),
        "statusCode" => Some(response.status().as_u16().to_string()),
        rest => {
            let (side, place) = rest.split_once('.')?;
            match side {
                "request" => of_request(place, validated),
                "response" => of_response(place, response),
                _ => None,
            }
        }
    };
    found.filter(|text| !text.is_empty())
}

fn of_request(place: &str, validated: &Validated<'_>) -> Option<String> {
    let input = &validated.input;
    if let Some(pointer) = in_body(place) {
        return input.body.as_ref()?.pointer(pointer).and_then(key_text);
    }
    let (location, name) = place.split_once('.')?;
    match location {
        "query" => input.parameter(Location::Query, name).and_then(key_text).or_else(|| {
            let query = specs::wire::pairs(validated.request.target.query()?);
            query.iter().find(|pair| pair.name == name).map(|pair| pair.coding.decode(pair.raw).into_owned())
        }),
        "path" => input.parameter(Location::Path, name).and_then(key_text),
        "header" => header(&validated.request.headers, name),
        _ => None,
    }
}

fn of_response(place: &str, response: &Response<Bytes>) -> Option<String> {
    if let Some(pointer) = in_body(place) {
        return serde_json::from_slice::<Value>(response.body()).ok()?.pointer(pointer).and_then(key_text);
    }
    header(response.headers(), place.strip_prefix("header.")?)
}

/// The JSON pointer behind `body`.
fn in_body(place: &str) -> Option<&str> {
    match place.strip_prefix("body")? {
        "" => Some(""),
        rest => rest.strip_prefix('#'),
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn expressions_stand_alone_or_within_an_address() {
        let value = |expression: &str| (expression == "$a").then(|| "x".to_owned());
        for (template, expected) in [
            ("$a", Ok("x".to_owned())),
            ("{$a}", Ok("x".to_owned())),
            ("http://h/{$a}?b={$a}", Ok("http://h/x?b=x".to_owned())),
            ("http://h/", Ok("http://h/".to_owned())),
            ("http://h/{$b}", Err("`$b` gives nothing".to_owned())),
            ("http://h/{$a", Ok("http://h/{$a".to_owned())),
        ] {
            assert_eq!(filled(template, value), expected, "{template}");
        }
    }
}
