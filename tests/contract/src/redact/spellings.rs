//! How a credential is written where it is not written as it is: in a URL, in JSON, in Base64.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::wire;

/// The shortest part of a credential that is one by itself.
const SHORTEST_PART: usize = 6;
/// What browsers encode in a component.
const COMPONENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'!').remove(b'~').remove(b'*').remove(b'\'').remove(b'(').remove(b')');
/// What they encode in the query of a URL that is written as a whole.
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'\'');

/// The spellings of a credential and of its parts, each with whether it is the credential itself.
pub(super) fn of(credential: &str) -> Vec<(String, bool)> {
    let mut all: Vec<(String, bool)> = vec![(credential.to_owned(), true)];
    for text in [credential].into_iter().chain(parts(credential)) {
        for spelling in [text.to_owned()].into_iter().chain(in_urls(text)).chain(in_json(text)).chain(in_base64(text)) {
            if !all.iter().any(|(known, _)| *known == spelling) {
                all.push((spelling, false));
            }
        }
    }
    all
}

/// The user and the password of a Basic credential, and what stands behind the name of a scheme.
fn parts(credential: &str) -> impl Iterator<Item = &str> {
    let halves = credential.split_once(':').map_or([""; 2], |(user, password)| [user, password]);
    let last = credential.rsplit_once(' ').map(|(_, last)| last);
    halves.into_iter().chain(last).filter(|part| part.len() >= SHORTEST_PART)
}

fn in_urls(text: &str) -> [String; 5] {
    let encoded = |set| utf8_percent_encode(text, set).to_string();
    let form = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    [encoded(NON_ALPHANUMERIC), wire::encode(text), encoded(COMPONENT), encoded(QUERY), form]
}

fn in_json(text: &str) -> [String; 3] {
    let quoted = serde_json::Value::from(text).to_string();
    let inside = quoted.get(1..quoted.len() - 1).unwrap_or(&quoted).to_owned();
    let ascii = inside.chars().fold(String::new(), |mut ascii, character| {
        match character {
            plain if plain.is_ascii() => ascii.push(plain),
            other => other.encode_utf16(&mut [0; 2]).iter().for_each(|unit| ascii.push_str(&format!("\\u{unit:04x}"))),
        }
        ascii
    });
    [inside.replace('/', "\\/"), inside, ascii]
}

fn in_base64(text: &str) -> [String; 4] {
    [STANDARD.encode(text), STANDARD_NO_PAD.encode(text), URL_SAFE.encode(text), URL_SAFE_NO_PAD.encode(text)]
}
