//! `WWW-Authenticate`: how a client can prove who it is (RFC 9110, section 11.6.1), and for bearer tokens what was
//! wrong with the one that it sent (RFC 6750, section 3).

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Response,
    header::{AUTHORIZATION, WWW_AUTHENTICATE},
};
use specs::api::{Operation, SchemeKind};

use super::{Rejection, compile::Engine};

/// Adds a challenge for each scheme that the operation takes.
pub(super) fn challenge(
    engine: &Engine,
    operation: Option<&Operation>,
    refused: Option<(&Rejection, &HeaderMap)>,
    response: &mut Response<Bytes>,
) {
    let names = operation.into_iter().flat_map(|operation| &operation.security).flat_map(|alternative| &alternative.schemes);
    let wrong = refused.filter(|(_, headers)| is_bearer(headers)).and_then(|(rejection, _)| error(operation, rejection));
    let mut told: Vec<String> = Vec::new();
    for scheme in names.filter_map(|(name, _)| engine.api.schemes.get(name)) {
        let challenge = match &scheme.kind {
            SchemeKind::Basic => "Basic realm=\"mock\"".to_owned(),
            SchemeKind::Bearer { .. } => format!("Bearer realm=\"mock\"{}", wrong.as_deref().unwrap_or_default()),
            SchemeKind::Http(name) => name.clone(),
            // A 401 has to have a challenge, and none is registered for keys.
            SchemeKind::ApiKey { .. } => "ApiKey realm=\"mock\"".to_owned(),
            SchemeKind::MutualTls => continue,
        };
        if !told.contains(&challenge) {
            if let Ok(value) = HeaderValue::try_from(&challenge) {
                response.headers_mut().append(WWW_AUTHENTICATE, value);
            }
            told.push(challenge);
        }
    }
}

/// Whether a refusal is told by a challenge although its status does not ask for one.
pub(super) fn is_about_scope(rejection: &Rejection, headers: &HeaderMap) -> bool {
    rejection.rule == "insufficient-scope" && is_bearer(headers)
}

fn is_bearer(headers: &HeaderMap) -> bool {
    let begins = |value: &HeaderValue| value.as_bytes().get(..7).is_some_and(|begin| begin.eq_ignore_ascii_case(b"bearer "));
    headers.get_all(AUTHORIZATION).iter().any(begins)
}

/// What was wrong with a token, as parameters of a challenge.
fn error(operation: Option<&Operation>, rejection: &Rejection) -> Option<String> {
    let code = match rejection.rule {
        "malformed-credentials" | "unknown-credentials" | "expired-credentials" | "revoked-credentials" => "invalid_token",
        "insufficient-scope" => "insufficient_scope",
        _ => return None,
    };
    let mut text = format!(", error=\"{code}\", error_description=\"{}\"", rejection.message.replace(['"', '\\'], "'"));
    let scopes = operation.into_iter().flat_map(|operation| {
        let of_schemes = operation.security.iter().flat_map(|alternative| &alternative.schemes).flat_map(|(_, scopes)| scopes);
        of_schemes.chain(&operation.scopes)
    });
    let mut needed: Vec<&str> = Vec::new();
    for scope in scopes {
        if !needed.contains(&scope.as_str()) {
            needed.push(scope);
        }
    }
    if code == "insufficient_scope" && !needed.is_empty() {
        text.push_str(&format!(", scope=\"{}\"", needed.join(" ").replace(['"', '\\'], "'")));
    }
    Some(text)
}
