//! Statuses in sentences: `returns 201 Created`, `a 409 is returned when`, `400 or 422 means`.
//!
//! A number of three digits is a status only where the words around it say so: limits, amounts and years look the same.

use http::StatusCode;

use super::{
    section::status,
    words::{Word, words},
};
use crate::api::Status;

/// What answers do with a status.
const VERBS: [&str; 17] = [
    "returns",
    "return",
    "returned",
    "returning",
    "responds",
    "respond",
    "receive",
    "receives",
    "gets",
    "get",
    "yields",
    "answers",
    "answer",
    "gives",
    "produces",
    "expect",
    "see",
];
/// What announces a status with an article or `with` in between.
const ANNOUNCING: [&str; 10] = ["fail", "fails", "failed", "rejected", "refused", "answered", "replies", "reply", "responded", "failing"];
/// What names it.
const LABELS: [&str; 5] = ["status", "code", "http", "statuses", "codes"];
/// What may stand after it.
const FOLLOWING: [&str; 22] = [
    "means",
    "mean",
    "status",
    "response",
    "responses",
    "error",
    "errors",
    "if",
    "when",
    "indicates",
    "is",
    "are",
    "code",
    "on",
    "and",
    "or",
    "with",
    "for",
    "to",
    "as",
    "once",
    "unless",
];
/// How the reasons of statuses begin.
const REASONS: [&str; 18] = [
    "created",
    "ok",
    "bad",
    "unauthorized",
    "forbidden",
    "not",
    "conflict",
    "too",
    "unprocessable",
    "no",
    "accepted",
    "gone",
    "internal",
    "payload",
    "payment",
    "precondition",
    "method",
    "service",
];

/// The statuses that a sentence states, each with the position of its word.
pub(super) fn stated(words: &[Word]) -> Vec<(usize, u16)> {
    let found: Vec<(usize, u16)> = words.iter().enumerate().filter_map(|(at, word)| code_in(word).map(|code| (at, code))).collect();
    let mut said: Vec<bool> = found.iter().map(|(at, code)| is_said(words, *at, *code)).collect();
    let joined = |one: usize, other: usize| match other - one {
        1 => words[one].after.contains([',', '/']),
        2 => words[one + 1].is(&["and", "or", "nor"]),
        _ => false,
    };
    for at in 1..found.len() {
        said[at] |= said[at - 1] && joined(found[at - 1].0, found[at].0);
    }
    for at in 1..found.len() {
        said[at] |= said[..at].contains(&true) && continues(words, found[at].0);
    }
    for at in (1..found.len()).rev() {
        said[at - 1] |= said[at] && joined(found[at - 1].0, found[at].0);
    }
    found.into_iter().zip(said).filter(|(_, said)| *said).map(|(one, _)| one).collect()
}

/// `…, or with 404 if there is none`, after another status.
fn continues(words: &[Word], at: usize) -> bool {
    let before = words[..at].iter().rev().find(|word| !word.is(&["with", "a", "an"]));
    let ends = words[at].ends() || words.get(at + 1).is_none_or(|next| next.is(&["if", "when", "for", "once", "unless", "on", "where"]));
    before.is_some_and(|word| word.is(&["and", "or"])) && ends
}

/// A status, also one that is glued to the words around it, as `the201response`, or in quotes with its reason.
pub(super) fn code_in(word: &Word) -> Option<u16> {
    let with_reason = || word.text.split_once(' ').filter(|(code, _)| word.quoted && code.len() == 3).map(|(code, _)| code);
    let text = if word.text.len() == 3 { word.text.as_str() } else { with_reason().or_else(|| glued_code(&word.text))? };
    match status(text) {
        Some(Status::Exactly(code)) => Some(code),
        _ => None,
    }
}

fn glued_code(text: &str) -> Option<&str> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let digits = text.get(start..start + 3)?;
    let (before, after) = (&text[..start], text.get(start + 3..)?);
    let joined = ["the", "a", "an", ""].contains(&before) && ["response", "status", ""].contains(&after);
    (joined && before.len() + after.len() > 0).then_some(digits)
}

fn is_said(words: &[Word], at: usize, code: u16) -> bool {
    let word = &words[at];
    let lower = |back: usize| at.checked_sub(back).and_then(|at| words.get(at)).map_or("", |word| word.lower.as_str());
    let (before, second, third) = (lower(1), lower(2), lower(3));
    if before == "than" || second == "than" || (before == "of" && second == "instead") || is_denied(before, second, third) {
        return false;
    }
    if word.text.len() > 3 || has_reason(words, at, code) || LABELS.contains(&before) {
        return true;
    }
    let closed = word.ends() || word.after.contains([',', ')', ':']);
    let ahead = |by: usize| if closed { "" } else { words.get(at + by).map_or("", |word| word.lower.as_str()) };
    let (next, after) = (ahead(1), ahead(2));
    let fits = next.is_empty() || FOLLOWING.contains(&next) || REASONS.contains(&next);
    let article = ["a", "an", "the", "with", "as"].contains(&before);
    let called = ["is", "be", "of"].contains(&before) && ["answer", "response", "status", "code", "result", "reply"].contains(&second);
    ((VERBS.contains(&before) || called) && fits)
        || (article && (VERBS.contains(&second) || ANNOUNCING.contains(&second)) && fits)
        || ["means", "mean", "status", "response", "responses", "error", "errors", "indicates", "signals"].contains(&next)
        || (["is", "are"].contains(&next) && PASSIVE.contains(&after))
        || (REASONS.contains(&next) && word.number().is_some())
        || (at == 0 && word.quoted && ["if", "when", "with", "for", "on", "and"].contains(&next))
        || (["if", "when"].contains(&next) && (at == 0 || (at == 1 && ["a", "an"].contains(&before))))
}

/// What is done with a status.
const PASSIVE: [&str; 8] = ["returned", "sent", "raised", "given", "answered", "thrown", "produced", "received"];

/// `does not return 404`, `never a 404`.
fn is_denied(before: &str, second: &str, third: &str) -> bool {
    let no = |word: &str| ["not", "never", "no", "don't", "doesn't", "won't"].contains(&word);
    no(before) || (VERBS.contains(&before) && no(second)) || (["a", "an", "with"].contains(&before) && (no(second) || no(third)))
}

/// Whether the registered reason of a status stands after it.
fn has_reason(words: &[Word], at: usize, code: u16) -> bool {
    let reason = StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason());
    let Some(reason) = reason.filter(|_| !words[at].ends()) else { return false };
    let mut rest = words[at + 1..].iter();
    reason.split([' ', '-']).all(|wanted| rest.next().is_some_and(|word| word.lower == wanted.to_lowercase()))
}

/// The status that a text begins with, and the length with it: `404`, `` `404 Not Found` ``.
pub(super) fn leading(text: &str) -> Option<(u16, usize)> {
    let first = words(text).into_iter().next()?;
    code_in(&first).map(|code| (code, first.end))
}
