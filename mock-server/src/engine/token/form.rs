//! The parameters of a request for a token, which are a form (RFC 6749, appendix B).

use http::header::CONTENT_TYPE;
use serde_json::Value;

use super::Refusal;
use crate::engine::Request;

/// The parameters, by name. One without a value counts as left out (RFC 6749, section 3.2).
#[derive(Debug, Default)]
pub(super) struct Form {
    pairs: Vec<(String, String)>,
    /// What the client should do otherwise, and is let pass.
    pub(super) note: Option<&'static str>,
}

impl Form {
    pub(super) fn of_body(request: &Request) -> Result<Self, Refusal> {
        let sent = request.headers.get(CONTENT_TYPE).and_then(|sent| sent.to_str().ok()).unwrap_or_default();
        let essence = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if request.oversized {
            return Err(Refusal::new("invalid_request", "the body is larger than the server takes", "send a smaller body"));
        }
        match essence.as_str() {
            "application/x-www-form-urlencoded" => Self::checked(parse(&request.body), None),
            "application/json" => {
                let body: Option<Value> = serde_json::from_slice(&request.body).ok();
                let members = body.as_ref().and_then(Value::as_object).ok_or_else(|| {
                    Refusal::new("invalid_request", "the body is no JSON object", "send `application/x-www-form-urlencoded`")
                })?;
                let pairs = members.iter().filter_map(|(name, value)| Some((name.clone(), plain(value)?)));
                Self::checked(
                    pairs.collect(),
                    Some("the request for a token is JSON; RFC 6749 asks for `application/x-www-form-urlencoded`"),
                )
            }
            _ => {
                let message = format!("the body is `{essence}`, not `application/x-www-form-urlencoded`");
                Err(Refusal::new("invalid_request", message, "send `Content-Type: application/x-www-form-urlencoded`"))
            }
        }
    }

    pub(super) fn of_query(request: &Request) -> Result<Self, Refusal> {
        Self::checked(parse(request.target.query().unwrap_or_default().as_bytes()), None)
    }

    fn checked(pairs: Vec<(String, String)>, note: Option<&'static str>) -> Result<Self, Refusal> {
        let pairs: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let twice = |(at, (name, _)): &(usize, &(String, String))| pairs.iter().skip(at + 1).any(|(other, _)| other == name);
        if let Some((_, (name, _))) = pairs.iter().enumerate().find(twice).filter(|(_, (name, _))| name != "resource" && name != "audience")
        {
            return Err(Refusal::new("invalid_request", format!("`{name}` is sent more than once"), "send each parameter once"));
        }
        Ok(Self { pairs, note })
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::new("invalid_request", format!("`{name}` is missing"), "send it in the form"))
    }
}

fn parse(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Array(items) => items.iter().map(Value::as_str).collect::<Option<Vec<_>>>().map(|items| items.join(" ")),
        Value::Null | Value::Object(_) => None,
    }
}
