//! One step of a script.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use serde_json::Value;

use super::{At, Reader};
use crate::{
    script::{
        matcher::Expected,
        step::{Body, Check, Content, Place, Proof, Statuses, Step},
    },
    wire,
};

const KEYS: [&str; 15] = [
    "send",
    "as",
    "headers",
    "json",
    "form",
    "text",
    "bytes",
    "type",
    "gets",
    "answers",
    "answers-headers",
    "answers-type",
    "answers-text",
    "answers-bytes",
    "keep",
];

/// A body, with the media type that it has unless `type` says another.
const BODIES: [(&str, &str); 4] = [
    ("json", "application/json"),
    ("form", "application/x-www-form-urlencoded"),
    ("text", "text/plain"),
    ("bytes", "application/octet-stream"),
];

/// Reads what is expected of a value.
type Read<R> = fn(&mut R, &At<'_>) -> Expected;

impl Reader<'_> {
    pub(super) fn step(&mut self, at: &At<'_>) -> Option<Step> {
        self.keys(at, &KEYS);
        let (method, target) = self.needed(at, "send").and_then(|at| self.send(&at))?;
        let proof = at.member("as").map_or(Proof::Offered, |at| self.proof(&at));
        let headers = self.all_headers(at);
        let body = self.body(at);
        let gets = self.needed(at, "gets").map_or_else(Vec::new, |at| self.statuses(&at));
        let answers = self.checks(at, "answers", Reader::expected);
        for (place, at) in at.member("answers").iter().flat_map(At::members) {
            self.pointer(place, &at);
        }
        let headers_of_answer = self.checks(at, "answers-headers", Reader::expected_text);
        let type_of_answer = at.member("answers-type").map(|at| self.check(&at, Reader::expected_text));
        let text_of_answer = at.member("answers-text").map(|at| self.check(&at, Reader::expected_text));
        let bytes_of_answer = at.member("answers-bytes").map(|at| (self.line(&at), self.bytes(&at)));
        let keep = at.member("keep").iter().flat_map(At::members).filter_map(|(name, at)| self.keep(name, &at)).collect();
        let line = self.line(at);
        Some(Step {
            line,
            method,
            target,
            proof,
            headers,
            body,
            gets,
            answers,
            headers_of_answer,
            type_of_answer,
            text_of_answer,
            bytes_of_answer,
            keep,
        })
    }

    fn send(&mut self, at: &At<'_>) -> Option<(Method, String)> {
        self.uses(at);
        let (method, target) = self.text(at)?.split_once(' ').unwrap_or_default();
        let method = Method::from_bytes(method.as_bytes()).ok().filter(|_| target.starts_with('/'));
        if method.is_none() {
            self.problem("script-value", at, "this is no request", "write a method and a path, as `GET /notes?page=2`");
        }
        Some((method?, target.to_owned()))
    }

    fn proof(&mut self, at: &At<'_>) -> Proof {
        match at.value {
            Value::String(name) if name == "nobody" => Proof::Nothing,
            Value::String(name) => {
                let offered = self.api.schemes.get(name).and_then(|scheme| scheme.credentials.example.clone());
                Proof::These(self.credential(name, at, offered.as_deref()).into_iter().collect())
            }
            Value::Object(_) => {
                self.uses(at);
                let all = at.members().filter_map(|(name, at)| self.credential(name, &at, at.value.as_str()));
                Proof::These(all.collect())
            }
            _ => {
                self.problem("script-value", at, "this is nobody", "write `nobody`, a scheme, or `{scheme: credential}`");
                Proof::Nothing
            }
        }
    }

    fn credential(&mut self, name: &str, at: &At<'_>, credential: Option<&str>) -> Option<(specs::api::SchemeKind, String)> {
        let Some(scheme) = self.api.schemes.get(name) else {
            let known: Vec<&str> = self.api.schemes.keys().map(String::as_str).chain(["nobody"]).collect();
            self.unknown("script-value", name, at, &known);
            return None;
        };
        if credential.is_none() {
            self.problem("script-value", at, &format!("there is no credential for `{name}`"), "write `{scheme: credential}`");
        }
        Some((scheme.kind.clone(), credential?.to_owned()))
    }

    /// What the file sends with every step, and what the step sends instead or beside it.
    fn all_headers(&mut self, at: &At<'_>) -> Vec<(String, Vec<String>)> {
        let own = at.member("headers").map_or_else(Vec::new, |at| self.headers(&at));
        let is_own = |name: &str| own.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        let common = self.headers.iter().filter(|(name, _)| !is_own(name)).cloned();
        common.chain(own.iter().cloned()).collect()
    }

    pub(super) fn headers(&mut self, at: &At<'_>) -> Vec<(String, Vec<String>)> {
        self.uses(at);
        at.members().map(|(name, at)| (name.to_owned(), self.values(&at))).collect()
    }

    /// A scalar, or several; null is none.
    fn values(&mut self, at: &At<'_>) -> Vec<String> {
        match at.value {
            Value::Null => Vec::new(),
            Value::Array(elements) => elements.iter().map(wire::scalar).collect(),
            Value::Object(_) => {
                self.problem("script-value", at, "this is no text", "write a text, or a list of texts");
                Vec::new()
            }
            value => vec![wire::scalar(value)],
        }
    }

    fn body(&mut self, step: &At<'_>) -> Option<Content> {
        let mut there = BODIES.iter().filter_map(|(key, media)| Some((*key, *media, step.member(key)?)));
        let (first, second) = (there.next(), there.next());
        if let Some((key, _, at)) = &second {
            self.problem("script-key", at, &format!("`{key}` is a second body"), "send one body a step");
        }
        let Some((key, media, at)) = first else {
            if let Some(at) = step.member("type") {
                self.problem("script-key", &at, "there is no body to be of this type", "write a body, or the header `content-type`");
            }
            return None;
        };
        let media = match step.member("type") {
            None => Some(media.to_owned()),
            Some(at) if at.value.is_null() => None,
            Some(at) => self.text(&at).map(str::to_owned),
        };
        self.uses(&at);
        let body = match key {
            "json" => Body::Json(at.value.clone()),
            "form" => Body::Form(at.members().map(|(name, at)| (name.to_owned(), self.values(&at))).collect()),
            "text" => Body::Text(self.text(&at).unwrap_or_default().to_owned()),
            _ => Body::Bytes(self.bytes(&at)),
        };
        Some(Content { media, body })
    }

    fn bytes(&mut self, at: &At<'_>) -> Vec<u8> {
        let bytes = at.value.as_str().and_then(|text| STANDARD.decode(text).ok());
        bytes.unwrap_or_else(|| {
            self.problem("script-value", at, "this is no base64", "write the bytes in base64");
            Vec::new()
        })
    }

    fn statuses(&mut self, at: &At<'_>) -> Vec<Statuses> {
        let all = if at.value.is_array() { at.elements() } else { vec![at.clone()] };
        all.iter().filter_map(|at| self.status(at)).collect()
    }

    fn status(&mut self, at: &At<'_>) -> Option<Statuses> {
        let exact = at.value.as_u64().and_then(|status| u16::try_from(status).ok()).filter(|status| (100..1000).contains(status));
        let hundred = || at.value.as_str()?.strip_suffix("XX")?.parse().ok().filter(|hundred| (1..10).contains(hundred));
        let status = exact.map(Statuses::Exactly).or_else(|| hundred().map(Statuses::Hundred));
        if status.is_none() {
            self.problem("script-value", at, "this is no status", "write a status as `404`, or `4XX`");
        }
        status
    }

    fn checks(&mut self, step: &At<'_>, key: &str, read: Read<Self>) -> Vec<(String, Check)> {
        let Some(at) = step.member(key) else { return Vec::new() };
        if !at.value.is_object() {
            self.problem("script-value", &at, "this is no object", "write what is expected under its JSON pointer or name");
        }
        at.members().map(|(name, at)| (name.to_owned(), self.check(&at, read))).collect()
    }

    fn check(&mut self, at: &At<'_>, read: Read<Self>) -> Check {
        Check { line: self.line(at), expected: read(self, at) }
    }

    fn keep(&mut self, name: &str, at: &At<'_>) -> Option<(String, Place, usize)> {
        self.name(name, at);
        let text = self.text(at)?;
        let place = if text.is_empty() || text.starts_with('/') { Place::Pointer(text.to_owned()) } else { Place::Header(text.to_owned()) };
        Some((name.to_owned(), place, self.line(at)))
    }
}
