//! Signatures of what is sent.

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose};
use chrono::{DateTime, SecondsFormat, Utc};
use specs::webhooks::{Algorithm, Coding, Key, Signature, Stamp};

/// What is signed.
pub(super) struct Signed<'s> {
    pub(super) body: &'s [u8],
    pub(super) id: &'s str,
    pub(super) at: DateTime<Utc>,
    pub(super) url: &'s str,
    pub(super) method: &'s str,
}

/// Headers with a signature, and the bytes that it is of.
pub(super) struct Sealed {
    pub(super) headers: Vec<(String, String)>,
    pub(super) base: Vec<u8>,
}

/// Signs something with a secret; `spoilt` makes the signature one of something else.
pub(super) fn seal(signature: &Signature, secret: &str, signed: &Signed<'_>, spoilt: bool) -> Sealed {
    let timestamp = match signature.timestamp {
        Stamp::Seconds => signed.at.timestamp().to_string(),
        Stamp::Milliseconds => signed.at.timestamp_millis().to_string(),
        Stamp::Rfc3339 => signed.at.to_rfc3339_opts(SecondsFormat::Secs, true),
    };
    let base = base(&signature.signed, signed, &timestamp);
    let mut over = base.clone();
    if spoilt {
        over.extend_from_slice(b"spoilt");
    }
    let text = match signature.algorithm {
        Algorithm::Plain if spoilt => format!("not-{secret}"),
        Algorithm::Plain => secret.to_owned(),
        algorithm => coded(signature.encoding, hmac::sign(&hmac::Key::new(digest(algorithm), &key(signature.key, secret)), &over).as_ref()),
    };
    let value = replaced(&signature.value, &[("{signature}", &text), ("{timestamp}", &timestamp), ("{id}", signed.id)]);
    let others = [(&signature.timestamp_header, timestamp), (&signature.id_header, signed.id.to_owned())];
    let mut headers = vec![(signature.header.clone(), value)];
    headers.extend(others.into_iter().filter_map(|(name, value)| Some((name.clone()?, value))));
    Sealed { headers, base }
}

fn digest(algorithm: Algorithm) -> hmac::Algorithm {
    match algorithm {
        Algorithm::HmacSha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        Algorithm::HmacSha384 => hmac::HMAC_SHA384,
        Algorithm::HmacSha512 => hmac::HMAC_SHA512,
        Algorithm::HmacSha256 | Algorithm::Plain => hmac::HMAC_SHA256,
    }
}

/// The key that a secret stands for. One that is no base64 is taken as text.
fn key(kind: Key, secret: &str) -> Vec<u8> {
    let text = || secret.as_bytes().to_vec();
    match kind {
        Key::Text => text(),
        Key::Base64 => {
            let coded = secret.rsplit_once('_').map_or(secret, |(_, coded)| coded);
            general_purpose::STANDARD.decode(coded).or_else(|_| general_purpose::STANDARD_NO_PAD.decode(coded)).unwrap_or_else(|_| text())
        }
    }
}

/// Whether a secret is what a scheme takes.
pub(crate) fn is_key(kind: Key, secret: &str) -> bool {
    kind == Key::Text || key(kind, secret) != secret.as_bytes()
}

/// A secret for whoever brings none: good as text and as base64, and the same for the same seed and number.
pub(crate) fn minted_secret(seed: u64, number: u64) -> String {
    let sum = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &seed.to_be_bytes()), &number.to_be_bytes());
    format!("whsec_{}", general_purpose::STANDARD.encode(sum.as_ref().get(..24).unwrap_or_default()))
}

fn coded(coding: Coding, bytes: &[u8]) -> String {
    match coding {
        Coding::Hex => bytes.iter().fold(String::new(), |mut text, byte| {
            // Writing to memory cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        }),
        Coding::Base64 => general_purpose::STANDARD.encode(bytes),
        Coding::Base64Url => general_purpose::URL_SAFE_NO_PAD.encode(bytes),
    }
}

/// The template with its values, the body being bytes.
fn base(template: &str, signed: &Signed<'_>, timestamp: &str) -> Vec<u8> {
    let names = [("{timestamp}", timestamp), ("{id}", signed.id), ("{url}", signed.url), ("{method}", signed.method)];
    let mut bytes = Vec::new();
    for (position, part) in template.split("{body}").enumerate() {
        if position > 0 {
            bytes.extend_from_slice(signed.body);
        }
        bytes.extend_from_slice(replaced(part, &names).as_bytes());
    }
    bytes
}

fn replaced(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in values {
        text = text.replace(name, value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(algorithm: Algorithm) -> Signature {
        let text = String::new;
        Signature {
            algorithm,
            header: "x".to_owned(),
            encoding: Coding::Hex,
            value: "{signature}".to_owned(),
            signed: "{body}".to_owned(),
            secret: None,
            key: Key::Text,
            timestamp: Stamp::Seconds,
            timestamp_header: Some(text()).filter(|name| !name.is_empty()),
            id_header: None,
        }
    }

    fn signed(body: &[u8]) -> Signed<'_> {
        let at = DateTime::from_timestamp(1_614_265_330, 0).unwrap();
        Signed { body, id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at, url: "http://there.example/a", method: "POST" }
    }

    fn check(algorithm: Algorithm, secret: &str, body: &str, expected: &str) {
        let sealed = seal(&signature(algorithm), secret, &signed(body.as_bytes()), false);
        assert_eq!(sealed.headers, [("x".to_owned(), expected.to_owned())]);
    }

    /// RFC 4231, test case 2, and RFC 2202, test case 2.
    #[test]
    fn published_vectors_are_met() {
        let (key, data) = ("Jefe", "what do ya want for nothing?");
        for (algorithm, expected) in [
            (Algorithm::HmacSha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (Algorithm::HmacSha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (Algorithm::HmacSha384, "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"),
            (
                Algorithm::HmacSha512,
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ),
        ] {
            check(algorithm, key, data, expected);
        }
    }

    /// The example of the libraries of Standard Webhooks.
    #[test]
    fn standard_webhooks_are_signed_as_their_example_is() {
        let body = br#"{"test": 2432232314}"#;
        let sealed = seal(&Signature::standard(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &signed(body), false);
        assert_eq!(
            sealed.headers,
            [
                ("webhook-signature".to_owned(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=".to_owned()),
                ("webhook-timestamp".to_owned(), "1614265330".to_owned()),
                ("webhook-id".to_owned(), "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned()),
            ]
        );
        assert!(sealed.base.starts_with(b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"));
    }

    #[test]
    fn a_signature_that_is_to_be_wrong_is_another_one() {
        for algorithm in [Algorithm::HmacSha256, Algorithm::Plain] {
            let seal = |spoilt| seal(&signature(algorithm), "s", &signed(b"b"), spoilt).headers;
            assert_ne!(seal(true), seal(false));
        }
    }

    #[test]
    fn a_template_names_all_there_is() {
        let signature = Signature {
            signed: "{method} {url} {timestamp} {id} {body}{body}".to_owned(),
            value: "t={timestamp},v1={signature}".to_owned(),
            ..signature(Algorithm::Plain)
        };
        let sealed = seal(&signature, "s", &signed(b"{id}"), false);
        assert_eq!(sealed.base, b"POST http://there.example/a 1614265330 msg_p5jXN8AQM9LWM0D4loKWxJek {id}{id}");
        assert_eq!(sealed.headers[0].1, "t=1614265330,v1=s");
    }
}
