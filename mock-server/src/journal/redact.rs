//! Blots out secrets: the `Authorization` header, and what the documents' security schemes call a key.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use specs::{
    Api,
    api::{Location, SchemeKind},
};

use crate::control::COOKIE;

/// Stands where a secret stood.
const BLOT: &str = "[redacted]";

/// The members of bodies that are secret whatever the document says: those of OAuth 2.0, and passwords.
const SECRETS: [&str; 15] = [
    "accessToken",
    "access_token",
    "clientSecret",
    "client_secret",
    "code_verifier",
    "currentPassword",
    "current_password",
    "idToken",
    "id_token",
    "jwt",
    "new_password",
    "password",
    "refreshToken",
    "refresh_token",
    "subject_token",
];

/// Where secrets are.
#[derive(Clone, Debug)]
pub(crate) struct Redactor {
    headers: Vec<String>,
    parameters: Vec<String>,
    cookies: Vec<String>,
}

impl Redactor {
    pub(crate) fn new<'a>(apis: impl IntoIterator<Item = &'a Api>) -> Self {
        let headers = vec!["authorization".to_owned(), "proxy-authorization".to_owned()];
        let mut redactor = Self { headers, parameters: Vec::new(), cookies: Vec::new() };
        for scheme in apis.into_iter().flat_map(|api| api.schemes.values()) {
            let SchemeKind::ApiKey { location, name } = &scheme.kind else { continue };
            match location {
                Location::Header => redactor.headers.push(name.to_ascii_lowercase()),
                Location::Query => redactor.parameters.push(name.clone()),
                Location::Cookie => redactor.cookies.push(name.clone()),
                Location::Path => {}
            }
        }
        redactor
    }

    /// The value of a header as it may be shown. A scheme before the secret stays: it is what people get wrong.
    pub(crate) fn header(&self, name: &str, value: String) -> String {
        match name {
            "cookie" => return self.cookie(&value),
            "set-cookie" => return self.set_cookie(&value),
            "location" => return location(value),
            _ => {}
        }
        if !self.headers.iter().any(|secret| secret == name) {
            return value;
        }
        match value.split_once(' ') {
            Some((scheme, _)) if name.ends_with("authorization") => format!("{scheme} {BLOT}"),
            _ => BLOT.to_owned(),
        }
    }

    /// Path and query as they may be shown.
    pub(crate) fn target(&self, target: &str) -> String {
        let Some((path, query)) = target.split_once('?') else { return target.to_owned() };
        let secret = |pair: &str| {
            let name = pair.split('=').next().unwrap_or_default().replace('+', " ");
            let name = percent_decode_str(&name).decode_utf8_lossy();
            self.parameters.iter().any(|secret| *secret == name)
        };
        let pairs: Vec<_> = query.split('&').map(|pair| if secret(pair) { blot(pair) } else { pair.to_owned() }).collect();
        format!("{path}?{}", pairs.join("&"))
    }

    /// A body as it may be shown: JSON or a form without the values of members that are secret. The rest stays as it is.
    pub(crate) fn body(text: String) -> String {
        if !SECRETS.iter().any(|name| text.contains(name)) {
            return text;
        }
        if let Ok(mut value) = serde_json::from_str::<Value>(&text) {
            return if blot_members(&mut value) { value.to_string() } else { text };
        }
        let is_form = !text.contains(['\n', '{', '<', ' ']) && text.contains('=');
        if !is_form {
            return blot_quoted(text);
        }
        let secret = |pair: &str| SECRETS.contains(&pair.split('=').next().unwrap_or_default());
        let pairs: Vec<_> = text.split('&').map(|pair| if secret(pair) { blot(pair) } else { pair.to_owned() }).collect();
        pairs.join("&")
    }

    fn set_cookie(&self, value: &str) -> String {
        let Some((pair, rest)) = value.split_once(';') else { return self.cookie(value) };
        format!("{};{rest}", self.cookie(pair))
    }

    fn cookie(&self, value: &str) -> String {
        let secret = |pair: &str| {
            let name = pair.split('=').next().unwrap_or_default();
            // Browsers show the cookies of one port of a host to all.
            name.trim().starts_with(COOKIE) || self.cookies.iter().any(|secret| secret == name.trim())
        };
        let pairs: Vec<_> = value.split(';').map(|pair| if secret(pair) { blot(pair) } else { pair.to_owned() }).collect();
        pairs.join(";")
    }
}

/// An address to go on to, without the code or the token that OAuth hands over in it.
fn location(value: String) -> String {
    let Some(at) = value.find(['?', '#']) else { return value };
    let (address, pairs) = value.split_at(at + 1);
    let secret = |pair: &str| matches!(pair.split('=').next(), Some("code" | "access_token" | "id_token"));
    let pairs: Vec<_> = pairs.split('&').map(|pair| if secret(pair) { blot(pair) } else { pair.to_owned() }).collect();
    format!("{address}{}", pairs.join("&"))
}

/// Blots out the texts of secret members, however deep; tells whether there were some.
fn blot_members(value: &mut Value) -> bool {
    let mut found = false;
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if member.is_string() && SECRETS.contains(&name.as_str()) {
                    *member = BLOT.into();
                    found = true;
                } else {
                    found |= blot_members(member);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                found |= blot_members(item);
            }
        }
        _ => {}
    }
    found
}

/// Blots out what follows the name of a secret member in JSON that was cut off.
fn blot_quoted(mut text: String) -> String {
    for name in SECRETS {
        let mut from = 0;
        let key = format!("\"{name}\"");
        while let Some(at) = text.get(from..).and_then(|rest| rest.find(&key)).map(|at| from + at + key.len()) {
            let rest = text.get(at..).unwrap_or_default();
            let Some(open) = rest.find('"').filter(|open| rest[..*open].trim().trim_start_matches(':').trim().is_empty()) else {
                from = at;
                continue;
            };
            let start = at + open + 1;
            let end = text.get(start..).and_then(|rest| rest.find('"')).map_or(text.len(), |length| start + length);
            text.replace_range(start..end, BLOT);
            from = start + BLOT.len();
        }
    }
    text
}

/// The name of a pair, without its value.
fn blot(pair: &str) -> String {
    let name = pair.split('=').next().unwrap_or_default();
    format!("{name}={BLOT}")
}

#[cfg(test)]
mod tests {
    use specs::Source;

    use super::*;

    fn redactor() -> Redactor {
        let text = "openapi: 3.0.3\ninfo: {title: Kites, version: '1'}\npaths: {}\ncomponents:\n  securitySchemes:\n    \
            header: {type: apiKey, in: header, name: X-Kite-Key}\n    query: {type: apiKey, in: query, name: 'kite key'}\n    \
            cookie: {type: apiKey, in: cookie, name: kite}\n";
        let api = specs::load(&Source::new("kites", "kites.yaml", text.to_owned())).api.unwrap();
        Redactor::new([&api])
    }

    #[test]
    fn headers_of_schemes_lose_their_value() {
        for (name, value, shown) in [
            ("authorization", "Bearer abc", "Bearer [redacted]"),
            ("authorization", "abc", "[redacted]"),
            ("x-kite-key", "a b", "[redacted]"),
            ("x-other", "a b", "a b"),
            ("cookie", "a=1; kite=2; b=3", "a=1; kite=[redacted]; b=3"),
            ("set-cookie", "kite=2; Path=/", "kite=[redacted]; Path=/"),
            ("location", "/back?code=1&state=2", "/back?code=[redacted]&state=2"),
            ("location", "/kites/1", "/kites/1"),
        ] {
            assert_eq!(redactor().header(name, value.to_owned()), shown, "{name}: {value}");
        }
    }

    #[test]
    fn bodies_lose_what_is_secret_in_them() {
        for (body, shown) in [
            (r#"{"a":1,"access_token":"x"}"#, r#"{"a":1,"access_token":"[redacted]"}"#),
            (r#"{"data":[{"password":"x"}]}"#, r#"{"data":[{"password":"[redacted]"}]}"#),
            (r#"{ "note": "my password" }"#, r#"{ "note": "my password" }"#),
            ("grant_type=refresh_token&refresh_token=x&a=b", "grant_type=refresh_token&refresh_token=[redacted]&a=b"),
            (r#"{"refresh_token": "x", "cut": "of"#, r#"{"refresh_token": "[redacted]", "cut": "of"#),
            ("plain text", "plain text"),
        ] {
            assert_eq!(Redactor::body(body.to_owned()), shown);
        }
    }

    #[test]
    fn query_parameters_of_schemes_lose_their_value_however_they_are_written() {
        for (target, shown) in [
            ("/a", "/a"),
            ("/a?b=c", "/a?b=c"),
            ("/a?kite+key=1&b=c", "/a?kite+key=[redacted]&b=c"),
            ("/a?b&kite%20key=1", "/a?b&kite%20key=[redacted]"),
        ] {
            assert_eq!(redactor().target(target), shown);
        }
    }
}
