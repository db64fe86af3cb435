//! Runtime expressions of links (OpenAPI 3.0.3, "Runtime Expressions"): values of a request and of its answer.

use serde_json::Value;
use specs::api::Location;

use crate::{draft::Draft, exchange::Response, wire};

/// A request with its answer, as expressions see them.
pub(crate) struct Seen<'e> {
    pub(crate) draft: &'e Draft,
    pub(crate) response: &'e Response,
}

impl Seen<'_> {
    /// The value of what a link gives: itself, or what its expression is.
    ///
    /// # Errors
    /// The expression that is nothing here.
    pub(crate) fn value(&self, given: &Value) -> Result<Value, String> {
        let Some(text) = given.as_str() else { return Ok(given.clone()) };
        if text.starts_with('$') {
            return self.expression(text).ok_or_else(|| text.to_owned());
        }
        // The braces alone make no text of it.
        if let Some(inner) = text.strip_prefix("{$").and_then(|rest| rest.strip_suffix('}')).filter(|inner| !inner.contains('}')) {
            let expression = format!("${inner}");
            return self.expression(&expression).ok_or(expression);
        }
        self.filled(text)
    }

    /// The text with its embedded expressions filled in.
    fn filled(&self, text: &str) -> Result<Value, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{$") {
            let Some((inner, behind)) = after.split_once('}') else { break };
            let expression = format!("${inner}");
            let value = self.expression(&expression).ok_or(expression)?;
            filled.push_str(before);
            filled.push_str(&wire::scalar(&value));
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled.into())
    }

    fn expression(&self, expression: &str) -> Option<Value> {
        match expression {
            "$url" => return Some(self.draft.request.target().into()),
            "$method" => return Some(self.draft.request.method.as_str().into()),
            "$statusCode" => return Some(self.response.status.into()),
            _ => {}
        }
        let (side, source) = expression.split_once('.')?;
        let found = match (side, source.split_once('.')) {
            ("$response", Some(("header", name))) => self.response.header(name).map(Value::from),
            ("$request", Some((place, name))) if location(place).is_some() => self.parameter(location(place)?, name),
            ("$response", _) => body(&self.response.json()?, source),
            ("$request", _) => body(self.draft.body.as_ref()?, source),
            _ => None,
        };
        found.filter(|value| !value.is_null())
    }

    fn parameter(&self, location: Location, name: &str) -> Option<Value> {
        let same = |known: &str| if location == Location::Header { known.eq_ignore_ascii_case(name) } else { known == name };
        let named = self.draft.values.iter().find(|(known, parameter, _)| *known == location && same(parameter));
        let header = || self.draft.request.headers.iter().find(|field| same(&field.name)).map(|field| Value::from(field.value.as_str()));
        let sent = || if location == Location::Header { header() } else { None };
        named.map(|(_, _, value)| value.clone()).or_else(sent)
    }
}

fn location(word: &str) -> Option<Location> {
    [Location::Path, Location::Query, Location::Header].into_iter().find(|location| location.as_str() == word)
}

/// `body`, or `body#/pointer`.
fn body(body: &Value, source: &str) -> Option<Value> {
    let pointer = source.strip_prefix("body")?;
    match pointer.strip_prefix('#') {
        Some(pointer) => body.pointer(pointer).cloned(),
        None => pointer.is_empty().then(|| body.clone()),
    }
}
