//! How what is sent is signed: which bytes, by which algorithm, and how the signature is written.
//!
//! Vendors differ in nothing but this, so one description does for all of them: a template of what is signed, one of
//! the header, and how a secret becomes a key.

use crate::api::node::{Node, Reader};

/// How what is sent is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The header that carries the signature.
    pub header: String,
    /// How the signature is written.
    pub encoding: Coding,
    /// The value of the header, over `{signature}`, `{timestamp}` and `{id}`.
    pub value: String,
    /// What is signed, over `{body}`, `{timestamp}`, `{id}`, `{url}` and `{method}`.
    pub signed: String,
    /// The secret of whoever has none of its own.
    pub secret: Option<String>,
    /// How a secret becomes a key.
    pub key: Key,
    /// How `{timestamp}` is written.
    pub timestamp: Stamp,
    /// A header with the time.
    pub timestamp_header: Option<String>,
    /// A header with the id of the event.
    pub id_header: Option<String>,
}

/// An algorithm of signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC (RFC 2104) with SHA-1.
    HmacSha1,
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-384.
    HmacSha384,
    /// HMAC with SHA-512.
    HmacSha512,
    /// No signature: the secret itself.
    Plain,
}

/// How bytes are written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Lower-case hexadecimal.
    Hex,
    /// Base64 with padding.
    Base64,
    /// Base64 with the alphabet for URLs and without padding.
    Base64Url,
}

/// How a secret becomes a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The bytes of the text.
    Text,
    /// Base64, after a prefix such as `whsec_`.
    Base64,
}

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// RFC 3339.
    Rfc3339,
}

const ALGORITHMS: [(&str, Algorithm); 5] = [
    ("hmac-sha1", Algorithm::HmacSha1),
    ("hmac-sha256", Algorithm::HmacSha256),
    ("hmac-sha384", Algorithm::HmacSha384),
    ("hmac-sha512", Algorithm::HmacSha512),
    ("plain", Algorithm::Plain),
];
const CODINGS: [(&str, Coding); 3] = [("hex", Coding::Hex), ("base64", Coding::Base64), ("base64url", Coding::Base64Url)];
const KEYS: [(&str, Key); 2] = [("text", Key::Text), ("base64", Key::Base64)];
const STAMPS: [(&str, Stamp); 3] = [("seconds", Stamp::Seconds), ("milliseconds", Stamp::Milliseconds), ("rfc3339", Stamp::Rfc3339)];

/// The name of the scheme of <https://www.standardwebhooks.com>.
const STANDARD: &str = "standard-webhooks";

impl Algorithm {
    /// The word in `x-mock`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        ALGORITHMS.iter().find(|(_, known)| *known == self).map_or("", |(word, _)| word)
    }
}

impl Signature {
    /// The scheme of Standard Webhooks.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            algorithm: Algorithm::HmacSha256,
            header: "webhook-signature".to_owned(),
            encoding: Coding::Base64,
            value: "v1,{signature}".to_owned(),
            signed: "{id}.{timestamp}.{body}".to_owned(),
            secret: None,
            key: Key::Base64,
            timestamp: Stamp::Seconds,
            timestamp_header: Some("webhook-timestamp".to_owned()),
            id_header: Some("webhook-id".to_owned()),
        }
    }
}

/// The `signature` of a webhook: the name of a scheme, or its parts.
pub(super) fn read(reader: &mut Reader, node: &Node) -> Option<Signature> {
    if node.value.as_str() == Some(STANDARD) {
        return Some(Signature::standard());
    }
    let standard = node.string("scheme") == Some(STANDARD);
    let base = if standard { Signature::standard() } else { blank() };
    let header = node.string("header").map_or(base.header, str::to_owned);
    if header.is_empty() {
        let help = "write `standard-webhooks`, or `{algorithm: hmac-sha256, header: x-signature}`";
        reader.problems.error("x-mock", &node.pointer, "the signature has no `header` that carries it", help);
        return None;
    }
    let text = |name: &str, usual: String| node.string(name).map_or(usual, str::to_owned);
    let signed = text("signed", base.signed);
    Some(Signature {
        algorithm: word(reader, node, "algorithm", &ALGORITHMS, base.algorithm),
        header,
        encoding: word(reader, node, "encoding", &CODINGS, base.encoding),
        value: text("value", base.value),
        signed: if signed == "body" { "{body}".to_owned() } else { signed },
        secret: node.string("secret").map(str::to_owned),
        key: word(reader, node, "key", &KEYS, base.key),
        timestamp: word(reader, node, "timestamp", &STAMPS, base.timestamp),
        timestamp_header: node.string("timestamp-header").map(str::to_owned).or(base.timestamp_header),
        id_header: node.string("id-header").map(str::to_owned).or(base.id_header),
    })
}

fn blank() -> Signature {
    Signature {
        header: String::new(),
        encoding: Coding::Hex,
        value: "{signature}".to_owned(),
        signed: "{body}".to_owned(),
        key: Key::Text,
        timestamp_header: None,
        id_header: None,
        ..Signature::standard()
    }
}

fn word<T: Copy>(reader: &mut Reader, node: &Node, name: &str, words: &[(&str, T)], usual: T) -> T {
    let Some(said) = node.get(name) else { return usual };
    let known = words.iter().find(|(word, _)| said.value == *word).map(|(_, known)| *known);
    known.unwrap_or_else(|| {
        let all: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("{} is no `{name}` of a signature", said.value);
        reader.problems.error("x-mock", &said.pointer, &message, &format!("write one of `{}`", all.join("`, `")));
        usual
    })
}
