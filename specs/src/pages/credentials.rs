//! Credentials, in sentences and in the headers of examples.

use super::{
    Basis, Statement,
    draft::Draft,
    type_words,
    words::{Word, words},
};
use crate::api::{Location, SchemeKind};

/// Headers that carry no credentials.
const ORDINARY: [&str; 8] =
    ["content-type", "accept", "idempotency-key", "user-agent", "host", "content-length", "accept-language", "x-request-id"];

/// States the credentials that a sentence asks for.
pub(super) fn read(draft: &mut Draft, words: &[Word], line: impl Fn(&Word) -> usize) {
    let has = |wanted: &[&str]| words.iter().find(|word| wanted.contains(&word.lower.trim_end_matches(':')));
    let about = has(&["authorization", "authenticate", "authentication", "token", "authenticated", "auth", "tokens", "api"]);
    let mut kinds = Vec::new();
    if let (Some(word), true) = (words.iter().find(|word| word.lower == "bearer" || word.lower.starts_with("bearer ")), about.is_some()) {
        kinds.push((line(word), SchemeKind::Bearer { scopes: Vec::new() }));
    }
    let basic = |pair: &&[Word]| {
        pair[0].lower == "basic"
            && ["auth", "authentication", "access", "authorization", "token", "tokens", "credentials", "scheme"]
                .contains(&pair[1].lower.as_str())
    };
    if let Some([word, ..]) = words.windows(2).find(basic) {
        kinds.push((line(word), SchemeKind::Basic));
    }
    let user = words.iter().any(|word| word.is(&["username", "user", "password"]));
    let http = words
        .windows(2)
        .find(|pair| pair[1].lower == "basic" && (pair[0].is(&["http"]) || (user && pair[0].is(&["use", "uses", "using", "by", "over"]))));
    if let (Some([_, word]), true) = (http, kinds.is_empty()) {
        kinds.push((line(word), SchemeKind::Basic));
    }
    let spoken = ["key", "token", "keys", "authenticate", "authentication", "secret", "credentials", "credential"];
    let found = carrier(words).or_else(|| called(words));
    if let Some((word, location)) = found
        && (words.iter().any(|word| word.is(&spoken)) || is_secret(&word.lower))
        && !words.iter().any(|word| word.is(&["response", "responses", "idempotency"]))
    {
        kinds.push((line(word), SchemeKind::ApiKey { location, name: word.text.clone() }));
    }
    for (line, kind) in kinds {
        draft.push(line, None, Basis::Sentence, Statement::Security { kind, scopes: Vec::new() });
    }
    scopes(draft, words, line);
}

/// The header or query parameter that a sentence names as the carrier of a key.
fn carrier(words: &[Word]) -> Option<(&Word, Location)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let next = words.get(at + 1)?;
        let location = match next.lower.as_str() {
            "header" | "headers" => Location::Header,
            "query" => Location::Query,
            "cookie" => Location::Cookie,
            _ => return None,
        };
        let named = type_words::is_name(&word.text) && (word.quoted || word.text.contains('-') || word.text.contains('_'));
        let lower = word.lower.as_str();
        (named && lower != "authorization" && !ORDINARY.contains(&lower)).then_some((word, location))
    })
}

/// `as a query parameter named api_key`, `in the header X-Key`.
fn called(words: &[Word]) -> Option<(&Word, Location)> {
    words.iter().enumerate().find_map(|(at, word)| {
        let location = match word.lower.as_str() {
            "header" => Location::Header,
            "query" => Location::Query,
            "cookie" => Location::Cookie,
            _ => return None,
        };
        let fillers = ["parameter", "param", "string", "argument", "named", "called"];
        let next = words[at + 1..].iter().find(|next| !next.is(&fillers)).filter(|_| !word.ends() && !word.quoted)?;
        let named = type_words::is_name(&next.text) && (next.quoted || next.text.contains(['-', '_']));
        (named && next.lower != "authorization" && !ORDINARY.contains(&next.lower.as_str())).then_some((next, location))
    })
}

/// Headers that a sentence names and that carry no credentials, each with the position of its word.
pub(super) fn plain_headers(words: &[Word]) -> Vec<(usize, String)> {
    let is_noun = |at: Option<usize>| at.and_then(|at| words.get(at)).is_some_and(|word| word.is(&["header", "headers"]));
    let spoken = words.iter().any(|word| word.is(&["key", "token", "keys", "secret", "credentials", "credential"]));
    let found = words.iter().enumerate().filter(|(at, word)| {
        let lower = word.lower.as_str();
        let named = type_words::is_name(&word.text)
            && word.text.contains('-')
            && word.text.starts_with(|first: char| first.is_ascii_uppercase() || word.quoted);
        let shared = ORDINARY.contains(&lower) && !["idempotency-key", "x-request-id"].contains(&lower);
        named
            && !shared
            && (lower == "idempotency-key" || !is_secret(lower))
            && !spoken
            && (is_noun(Some(at + 1)) || is_noun(at.checked_sub(1)))
    });
    let valued = words.iter().enumerate().filter_map(|(at, word)| {
        let (name, _) = word.text.split_once(": ").filter(|_| word.quoted && is_noun(at.checked_sub(1)))?;
        let plain = type_words::is_name(name) && name.contains('-') && !ORDINARY.contains(&name.to_lowercase().as_str());
        (plain && !is_secret(&name.to_lowercase())).then(|| (at, name.to_owned()))
    });
    found.map(|(at, word)| (at, word.text.clone())).chain(valued).collect()
}

/// Whether a sentence demands the header that is named at a position; `None` when it only speaks of it.
pub(super) fn is_demanded(words: &[Word], at: usize) -> Option<bool> {
    if words.iter().any(|word| word.is(&["if", "when", "unless", "may", "can", "could"])) {
        return None;
    }
    let before = words[..at].iter().rev().take(4);
    let demanded = before.into_iter().any(|word| word.is(&["requires", "require", "needs", "need", "must", "demands"]));
    let stated = super::sentence::obligation(words);
    stated.or(demanded.then_some(true))
}

/// Whether the name of a header is that of a secret.
fn is_secret(name: &str) -> bool {
    ["key", "token", "secret", "auth"].iter().any(|word| name.contains(word)) && !ORDINARY.contains(&name)
}

/// `the notes scope`, `` `notes:write` permission ``: kept until the page has said what kind of token it is.
fn scopes(draft: &mut Draft, words: &[Word], line: impl Fn(&Word) -> usize) {
    let ordinary = [
        "required",
        "right",
        "correct",
        "same",
        "necessary",
        "appropriate",
        "following",
        "needed",
        "this",
        "that",
        "each",
        "oauth",
        "api",
        "token",
        "full",
        "the",
        "a",
        "with",
        "and",
        "or",
    ];
    for (at, word) in words.iter().enumerate().skip(1) {
        if !word.is(&["scope", "permission"]) {
            continue;
        }
        let name = &words[at - 1];
        let marked = name.quoted && name.text.contains([':', '.', '_']);
        let article = words[..at - 1].iter().rev().take(2).any(|before| before.is(&["the", "with"]));
        let plain = name.text.chars().all(|letter| letter.is_ascii_lowercase() || matches!(letter, ':' | '.' | '_'));
        let said = word.is(&["scope"]) && !name.ends() && plain && article && !ordinary.contains(&name.lower.as_str());
        if marked || said || (name.quoted && word.is(&["scope"])) {
            draft.pending_scopes.push((line(word), name.text.clone()));
        }
    }
}

/// The scheme that a header of an example shows, by its name and value.
pub(super) fn of_header(name: &str, value: &str) -> Option<SchemeKind> {
    let lower = name.to_ascii_lowercase();
    if lower == "authorization" {
        let scheme = value.split_whitespace().next()?;
        return Some(match scheme.to_ascii_lowercase().as_str() {
            "bearer" => SchemeKind::Bearer { scopes: Vec::new() },
            "basic" => SchemeKind::Basic,
            _ if value.split_whitespace().count() == 2 => SchemeKind::Http(scheme.to_owned()),
            _ => SchemeKind::ApiKey { location: Location::Header, name: name.to_owned() },
        });
    }
    is_secret(&lower).then(|| SchemeKind::ApiKey { location: Location::Header, name: name.to_owned() })
}

/// The scheme that a field of an authorization section describes: its name, where it is sent, and the sentence below it.
pub(super) fn of_field(name: &str, location: Option<Location>, text: &str) -> Option<SchemeKind> {
    let found = words(text);
    let says = |wanted: &str| found.iter().any(|word| word.lower.trim_start_matches('<').starts_with(wanted));
    if name.eq_ignore_ascii_case("authorization") {
        return if says("basic") {
            Some(SchemeKind::Basic)
        } else if says("bearer") || text.is_empty() {
            Some(SchemeKind::Bearer { scopes: Vec::new() })
        } else {
            Some(SchemeKind::ApiKey { location: location.unwrap_or(Location::Header), name: name.to_owned() })
        };
    }
    Some(SchemeKind::ApiKey { location: location?, name: name.to_owned() })
}
