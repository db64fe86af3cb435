//! What a description says of the member that it describes.
//!
//! A sentence is believed only where its words leave one reading: a condition (`required if`), an article where a value
//! should stand (`one of the contacts`) or a unit that does not fit the type make it prose.

use serde_json::Value;

use super::{
    Claim, Type,
    limit_words::limits,
    type_words,
    words::{Word, words},
};

/// What a description claims of a member of this type.
pub(super) fn claims(text: &str, kind: Option<&Type>) -> Vec<Claim> {
    said(&words(text), kind)
}

/// What some words claim of a member of this type.
pub(super) fn said(words: &[Word], kind: Option<&Type>) -> Vec<Claim> {
    let mut claims = values(words, kind).map(Claim::Enum).into_iter().collect::<Vec<_>>();
    claims.extend(default(words, kind).map(Claim::Default));
    for sentence in sentences(words) {
        claims.extend(limits(sentence, kind));
        claims.extend(nullable(sentence).map(Claim::Nullable));
    }
    claims.extend(format(words, kind).map(Claim::Type));
    if words.first().is_some_and(|first| first.is(&["deprecated"])) {
        claims.push(Claim::Deprecated(true));
    }
    claims
}

/// The sentences of a text.
pub(super) fn sentences(words: &[Word]) -> impl Iterator<Item = &[Word]> {
    words.split_inclusive(Word::ends)
}

/// Whether a description says that its member must be there: `Required.`, `(optional)`, `This field is required`.
pub(super) fn required(text: &str) -> Option<bool> {
    let words = words(text);
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.is(&["required", "optional", "mandatory"])) {
        let alone = (at == 0 || word.before.contains('(') || words[at - 1].ends() || words[at - 1].after.contains([',', ':']))
            && (word.ends() || word.after.contains([')', ',', ':']) || at + 1 == words.len());
        let said =
            at >= 2 && words[at - 1].is(&["is"]) && words[at - 2].is(&["this", "field", "parameter", "property", "and", "it", "value"]);
        let said = said && (word.ends() || word.after.contains([',', ')']) || at + 1 == words.len());
        if alone || said {
            return Some(!word.is(&["optional"]));
        }
    }
    None
}

fn nullable(words: &[Word]) -> Option<bool> {
    let at = words.iter().position(|word| (word.lower == "null" || word.lower == "nullable") && word.number().is_none())?;
    if words[at].lower == "nullable" {
        let denied = at > 0 && words[at - 1].is(&["not", "non"]);
        return Some(!denied);
    }
    let before: Vec<&str> = words[..at].iter().rev().take(3).map(|word| word.lower.as_str()).collect();
    match before.as_slice() {
        ["be", "cannot" | "not" | "never", ..] => Some(false),
        ["be", "may" | "can" | "could" | "might", ..] | ["or", ..] => Some(true),
        [] if words.get(at + 1).is_some_and(|next| next.is(&["if", "when", "until", "unless", "while", "for"])) => Some(true),
        _ => None,
    }
}

/// All values that a text says there are.
pub(super) fn values(words: &[Word], kind: Option<&Type>) -> Option<Vec<Value>> {
    (0..words.len()).find_map(|at| {
        let start = opening(words, at)?;
        let listed = list(&words[start..])?;
        Some(listed.into_iter().map(|word| typed(word, kind)).collect())
    })
}

/// Where the values begin, when a list of values is announced at this word.
fn opening(words: &[Word], at: usize) -> Option<usize> {
    let lower = |at: usize| words.get(at).filter(|word| !word.quoted).map_or("", |word| word.lower.as_str());
    let kinds = ["allowed", "accepted", "possible", "valid", "permitted", "available", "supported", "acceptable", "legal"];
    let phrase = (lower(at) == "one" && lower(at + 1) == "of")
        || (kinds.contains(&lower(at)) && ["value", "values", "options", "option"].contains(&lower(at + 1)));
    let word = ["either", "enum"].contains(&lower(at)) || (["values", "options"].contains(&lower(at)) && words[at].after.contains(':'));
    let mut next = if phrase {
        at + 2
    } else if word {
        at + 1
    } else if ["be", "are", "is", "accepts", "takes", "allows"].contains(&lower(at)) && words.get(at + 1).is_some_and(|next| next.quoted) {
        return alternatives(&words[at + 1..]).then_some(at + 1);
    } else if lower(at) == "be" && at > 0 && ["can", "must", "may", "should"].contains(&lower(at - 1)) {
        return plain_alternatives(&words[at + 1..]).then_some(at + 1);
    } else {
        return None;
    };
    while ["are", "is", "include", "the", "following", "values", "these", "of", "="].contains(&lower(next)) {
        if lower(next) == "the" && lower(next + 1) != "following" {
            return None;
        }
        next += 1;
    }
    Some(next)
}

/// `` `a`, `b` or `c` ``: at least two quoted words, joined by `or`.
fn alternatives(words: &[Word]) -> bool {
    let mut at = 0;
    let mut joined = false;
    let mut count = 0;
    while let Some(word) = words.get(at) {
        if word.quoted {
            count += 1;
        } else if word.is(&["or"]) || (word.is(&["and"]) && words.get(at + 1).is_some_and(|next| next.quoted)) {
            joined = true;
        } else {
            break;
        }
        if word.ends() {
            break;
        }
        at += 1;
    }
    // A list that goes to the end of what is said needs no `or`.
    let closed = words.get(at).or(words.last()).is_some_and(Word::ends) || at == words.len();
    (joined || (closed && words[..at].iter().rev().skip(1).all(|word| word.after.contains(',')))) && count >= 2
}

/// `live, test or off` and the end of the sentence, of words that can be nothing but values.
fn plain_alternatives(words: &[Word]) -> bool {
    let other = ["null", "empty", "blank", "used", "set", "omitted", "more", "less", "true", "false", "any", "absent", "zero", "nothing"];
    let is_plain = |word: &Word| {
        let letters = word.text.chars().all(|letter| letter.is_ascii_lowercase() || matches!(letter, '_' | '-'));
        letters
            && is_value(word)
            && !word.lower.ends_with("ed")
            && !other.contains(&word.lower.as_str())
            && type_words::read(&word.lower).is_none()
    };
    let [first @ .., joint, last] = words else { return false };
    let listed = first.iter().rev().skip(1).all(|word| word.after == ",");
    !first.is_empty()
        && listed
        && joint.is(&["or"])
        && is_plain(last)
        && first.iter().all(is_plain)
        && (last.ends() || last.after.is_empty())
}

/// The values at the beginning of some words, up to what ends them.
fn list(words: &[Word]) -> Option<Vec<&Word>> {
    let quoted = words.first()?.quoted;
    let mut found: Vec<&Word> = Vec::new();
    let mut depth = 0usize;
    let mut expecting = true;
    for word in words {
        let inside = depth > 0 || (word.before.contains('(') && !found.is_empty());
        depth += word.before.matches('(').count();
        depth = depth.saturating_sub(word.after.matches(')').count());
        let joint = word.is(&["or", "and", "|", "/", "&"]);
        let ended = word.ends() && depth == 0;
        if !(quoted || inside || joint || (expecting && is_value(word))) {
            break;
        }
        if quoted && !word.quoted && word.is(&["when", "if", "unless", "where", "depending", "to", "use"]) && !inside {
            break;
        }
        if !joint && !inside && (word.quoted == quoted) {
            found.push(word);
            expecting = word.after.contains([',', '|']);
        } else if joint {
            expecting = true;
        }
        if ended || (word.after.contains(')') && depth == 0 && !inside) {
            break;
        }
    }
    let shape = if quoted { found.len() >= 2 || words.first()?.ends() } else { found.len() >= 2 && !expecting };
    shape.then_some(found)
}

fn is_value(word: &Word) -> bool {
    let articles = ["the", "your", "these", "our", "my", "its", "those", "all", "a", "an", "any", "it", "this", "when", "if", "in", "with"];
    let plain = word.text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/' | ':'));
    plain && !word.text.is_empty() && !articles.contains(&word.lower.as_str())
}

fn default(words: &[Word], kind: Option<&Type>) -> Option<Value> {
    let lower = |at: usize| words.get(at).filter(|word| !word.quoted).map_or("", |word| word.lower.as_str());
    for at in 0..words.len() {
        let mut next = match (lower(at), lower(at + 1)) {
            ("defaults", "to") | ("default", "is" | "value" | "of" | "to" | "=") => at + 2,
            ("default", _) if words[at].after.contains([':', '=']) || words[at].before.contains('(') => at + 1,
            ("defaults", _) if words[at].after.contains(':') => at + 1,
            ("default", _)
                if words.get(at + 1).is_some_and(|next| next.quoted || next.number().is_some() || next.is(&["true", "false"])) =>
            {
                at + 1
            }
            _ => continue,
        };
        while ["is", "of", "to", "="].contains(&lower(next)) {
            next += 1;
        }
        if let Some(word) = words.get(next)
            && is_default(word, next + 1 == words.len(), kind)
        {
            return Some(typed(word, kind));
        }
    }
    None
}

fn is_default(word: &Word, last: bool, kind: Option<&Type>) -> bool {
    let spoken = ["now", "today", "none", "empty", "blank", "current", "unset", "everything", "nothing", "null", "utc", "no", "all"];
    let number = word.number().is_some();
    let switch = ["true", "false"].contains(&word.lower.as_str());
    let text = kind.is_none_or(|kind| kind.is("string")) && is_value(word) && !spoken.contains(&word.lower.as_str());
    let closed = last || word.ends() || word.after.contains([',', ')']);
    word.quoted || ((number || switch || text) && closed)
}

/// A word as a value of a type; where the type is not known, what it looks like.
pub(super) fn typed(word: &Word, kind: Option<&Type>) -> Value {
    value(&word.text, kind, word.quoted)
}

/// A text as a value of a type.
pub(super) fn value(text: &str, kind: Option<&Type>, quoted: bool) -> Value {
    let string = || Value::String(text.to_owned());
    let kind = kind.map(|kind| kind.items.as_deref().unwrap_or(kind)).filter(|kind| !kind.names.is_empty());
    let parsed = serde_json::from_str::<Value>(text).ok().filter(|value| !value.is_string());
    let switch = match text.to_lowercase().as_str() {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        _ => None,
    };
    let fitting = switch.or(parsed);
    match (kind, fitting) {
        (Some(kind), Some(value)) => {
            let fits = match &value {
                Value::Bool(_) => kind.is("boolean"),
                Value::Number(_) => kind.is_numeric(),
                Value::Array(_) => kind.is("array"),
                Value::Object(_) => kind.is("object"),
                _ => !kind.is("string"),
            };
            if fits || !kind.is("string") { value } else { string() }
        }
        (None, Some(value)) if !quoted => value,
        _ => string(),
    }
}

/// `UUID` and `ISO 8601` name formats of text.
fn format(words: &[Word], kind: Option<&Type>) -> Option<Type> {
    if kind.is_some_and(|kind| !kind.is("string") || kind.format.is_some() || kind.names.len() > 1) {
        return None;
    }
    let lower: Vec<&str> = words.iter().map(|word| word.lower.as_str()).collect();
    let alternative = |at: usize| lower.get(at + 1) == Some(&"or") || (at > 0 && lower[at - 1] == "or");
    if let Some(at) = lower.iter().position(|word| ["uuid", "uuidv4", "uuidv7", "guid"].contains(word)) {
        return (!alternative(at)).then(|| Type::with_format("string", "uuid"));
    }
    let valid = lower.windows(2).find_map(|pair| match pair {
        ["valid" | "absolute", "url" | "uri"] => Some("uri"),
        ["valid", "email" | "e-mail"] => Some("email"),
        _ => None,
    });
    if let Some(valid) = valid {
        return Some(Type::with_format("string", valid));
    }
    let iso = lower.windows(2).any(|pair| {
        matches!(pair, ["iso", "8601"] | ["rfc", "3339"]) || pair[0] == "iso-8601" || pair[0] == "iso8601" || pair[0] == "rfc3339"
    });
    let iso = iso || matches!(lower.as_slice(), [.., "iso-8601" | "iso8601" | "rfc3339"]);
    if !iso {
        return None;
    }
    let has = |wanted: &[&str]| lower.iter().any(|word| wanted.contains(word));
    if has(&["duration", "week", "interval"]) {
        return None;
    }
    let date = has(&["date"]) && !has(&["time", "timestamp", "datetime", "date-time", "date/time"]);
    Some(Type::with_format("string", if date { "date" } else { "date-time" }))
}

/// Whether a clause says, without a condition, that its subject must be there or need not be.
pub(super) fn obligation(words: &[Word]) -> Option<bool> {
    let conditional = |words: &[Word]| words.iter().any(|word| word.is(&["if", "when", "unless", "only", "except", "until", "whenever"]));
    let at = words.iter().position(|word| word.is(&["required", "optional", "mandatory", "compulsory"]));
    if let Some(at) = at {
        let before: Vec<&str> = words[..at].iter().rev().take(3).map(|word| word.lower.as_str()).collect();
        let verb = matches!(before.as_slice(), ["is" | "are", ..] | ["always" | "both" | "not" | "also", "is" | "are", ..]);
        let aimed = words.get(at + 1).is_some_and(|next| next.is(&["for", "to", "by"]) && !words[at].ends() && words[at].after.is_empty());
        let denied = before.first() == Some(&"not");
        return (verb && !conditional(words) && !aimed).then_some(words[at].is(&["optional"]) == denied);
    }
    let given = ["provided", "present", "supplied", "included", "given", "specified", "sent"];
    let left = ["omitted", "skipped"];
    let phrase = words.windows(3).find_map(|part| match part {
        [modal, be, verb] if be.is(&["be"]) && verb.is(&given) && modal.is(&["must"]) => Some(true),
        [modal, be, verb] if be.is(&["be"]) && verb.is(&left) => match modal.lower.as_str() {
            "can" | "may" => Some(false),
            "cannot" | "not" | "never" => Some(true),
            _ => None,
        },
        _ => None,
    });
    phrase.filter(|_| !conditional(words))
}

/// The type that a clause gives its subject: `is a string`, `must be an array of strings`, `takes an integer`.
pub(super) fn kind_said(words: &[Word]) -> Option<Claim> {
    let verbs = words.iter().enumerate().filter(|(_, word)| word.is(&["is", "are", "be", "takes", "accepts", "expects"]));
    verbs.into_iter().find_map(|(at, _)| kind_at(&words[at + 1..]))
}

/// The type that some words begin with.
fn kind_at(rest: &[Word]) -> Option<Claim> {
    let skipped = [
        "a",
        "an",
        "valid",
        "single",
        "plain",
        "required",
        "optional",
        "positive",
        "non-negative",
        "unique",
        "non-empty",
        "always",
        "whole",
    ];
    let rest = &rest[rest.iter().take_while(|word| word.is(&skipped)).count()..];
    let names = [
        "string", "strings", "integer", "integers", "number", "numbers", "boolean", "booleans", "object", "objects", "array", "arrays",
        "list", "lists", "url", "urls", "uri", "uuid", "uuids", "email",
    ];
    let first = rest.first().filter(|word| word.is(&names))?;
    let length = rest.iter().position(|word| !word.after.is_empty()).map_or(rest.len(), |end| end + 1).min(5);
    let joined = |length: usize| rest[..length].iter().map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" ");
    let whole = (1..=length).rev().find_map(|length| type_words::read(&joined(length)).and_then(|phrase| phrase.kind));
    let plural = || type_words::read(first.lower.trim_end_matches('s')).and_then(|phrase| phrase.kind);
    whole.or_else(plural).map(Claim::Type)
}

/// How many things a clause demands that a document could say.
pub(super) fn restrictions(words: &[Word]) -> usize {
    let unsaid = words.windows(2).filter(|pair| {
        let open = ["begin", "start", "end", "match", "contain", "have", "include", "use", "follow", "consist", "differ", "equal", "not"];
        (pair[0].is(&["must"]) && pair[1].is(&open) || pair[0].is(&["must"]) && pair[1].is(&["be"])) && !pair[0].quoted
    });
    let bounds = words.windows(2).filter(|pair| {
        (pair[0].is(&["at"]) && pair[1].is(&["most", "least"]))
            || (pair[0].is(&["longer", "shorter", "more", "fewer", "less", "greater"]) && pair[1].is(&["than"]))
    });
    let conditional = words.windows(2).any(|pair| pair[0].is(&["required", "mandatory"]) && pair[1].is(&["if", "when", "unless", "only"]));
    unsaid.count().max(bounds.count()) + usize::from(conditional)
}
