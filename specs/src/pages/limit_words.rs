//! Limits in words: `max 10,000 characters`, `between 1 and 100`, `at least one item`.

use serde_json::{Number, Value};

use super::{Claim, Type, words::Word};

/// Which bound a phrase sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Lower,
    Upper,
    Above,
    Below,
    Both,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Length,
    Items,
    Value,
}

const CHARACTERS: [&str; 7] = ["character", "characters", "chars", "char", "letters", "symbols", "long"];
const ITEMS: [&str; 12] =
    ["item", "items", "elements", "entries", "values", "ids", "objects", "results", "records", "rows", "members", "files"];

/// The limits that a sentence sets, for a member of this type.
pub(super) fn limits(words: &[Word], kind: Option<&Type>) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut at = 0;
    if says_filled(words) {
        let unit = kind.and_then(|kind| if kind.is("array") { Some(Unit::Items) } else { kind.is("string").then_some(Unit::Length) });
        push(&mut claims, unit, Bound::Lower, &1.into());
    }
    while at < words.len() {
        at += match range(words, at) {
            Some((low, high, length)) => {
                let unit = unit(words, at, at + length, kind);
                push(&mut claims, unit, Bound::Lower, &low);
                push(&mut claims, unit, Bound::Upper, &high);
                length
            }
            None => {
                single(words, at, kind, &mut claims);
                1
            }
        };
    }
    claims
}

/// `must not be empty`, `a non-empty list`.
fn says_filled(words: &[Word]) -> bool {
    words.iter().any(|word| word.is(&["non-empty", "nonempty"]))
        || words
            .windows(3)
            .any(|part| part[0].is(&["not", "cannot", "never", "can't"]) && part[1].is(&["be"]) && part[2].is(&["empty", "blank"]))
}

/// `between 1 and 100`, `from 1 to 100`, `1-100`, `1 to 100 characters`: the bounds and how many words they take.
fn range(words: &[Word], at: usize) -> Option<(Number, Number, usize)> {
    let word = words.get(at)?;
    if word.is(&["between", "from"]) {
        let (low, joint, high) = (words.get(at + 1)?.number()?, words.get(at + 2)?, words.get(at + 3)?.number()?);
        return joint.is(&["and", "to"]).then_some((low, high, 4));
    }
    if let Some(low) = word.number()
        && words.get(at + 1).is_some_and(|joint| joint.is(&["to", "-", "\u{2013}"]))
        && let Some(high) = words.get(at + 2).and_then(Word::number)
    {
        let stated =
            words.get(at + 3).is_some_and(|next| next.is(&CHARACTERS)) || (word.before.contains('(') && words[at + 2].after.contains(')'));
        return stated.then_some((low, high, 3));
    }
    let (low, high) = word.text.split_once(['\u{2013}', '-'])?;
    let digits = |text: &str| !text.is_empty() && text.len() < 12 && text.chars().all(|letter| letter.is_ascii_digit() || letter == ',');
    let stated = words.get(at + 1).is_some_and(|next| next.is(&CHARACTERS))
        || (word.before.contains('(') && word.after.contains(')'))
        || at.checked_sub(1).is_some_and(|before| words[before].is(&["range", "range:", "limits"]));
    if !(digits(low) && digits(high) && stated) {
        return None;
    }
    Some((low.replace(',', "").parse().ok()?, high.replace(',', "").parse().ok()?, 1))
}

fn single(words: &[Word], at: usize, kind: Option<&Type>, claims: &mut Vec<Claim>) {
    let Some(number) = count(&words[at]) else { return };
    let Some(bound) = before(words, at).or_else(|| after(words, at)) else { return };
    let unit = shared(words, at).map_or_else(|| unit(words, at, at + 1, kind), |later| unit(words, later, later + 1, kind));
    push(claims, unit, bound, &number);
}

/// The number that has the unit of this one: `at least 16 and at most 64 characters`.
fn shared(words: &[Word], at: usize) -> Option<usize> {
    let joint = words.get(at + 1).filter(|joint| joint.is(&["and", "but", "to"])).map(|_| at + 1);
    let start = if words[at].after == "," { Some(at) } else { joint }?;
    let later = (start + 1..words.len().min(start + 6)).find(|later| count(&words[*later]).is_some())?;
    let small = [
        "at", "most", "least", "no", "not", "more", "less", "longer", "shorter", "than", "and", "up", "to", "maximum", "minimum", "a", "of",
    ];
    words[start + 1..later].iter().all(|word| word.is(&small)).then_some(later).filter(|later| before(words, *later).is_some())
}

fn count(word: &Word) -> Option<Number> {
    if word.quoted {
        return None;
    }
    let spelled = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let spelled = spelled.iter().position(|known| *known == word.lower).map(|value| Number::from(value as u64));
    word.number()
        .or(spelled)
        .or_else(|| word.lower.strip_suffix('k').and_then(|text| text.parse::<u64>().ok()).map(|value| (value * 1000).into()))
}

/// What stands before a number and bounds it, nothing but small words in between.
fn before(words: &[Word], at: usize) -> Option<Bound> {
    let text =
        words[at.saturating_sub(6)..at].iter().rev().take_while(|word| !word.ends()).map(|word| word.lower.as_str()).collect::<Vec<_>>();
    let mut near: Vec<&str> = text.into_iter().rev().collect();
    while near.last().is_some_and(|word| {
        ["of", "is", "to", "a", "an", "the", "length", "value", "size", "are", "be", "equal", "or", "number", "limit", "long", "only"]
            .contains(word)
    }) {
        near.pop();
    }
    let joined = near.join(" ");
    let ends = |phrases: &[&str]| phrases.iter().any(|phrase| joined == *phrase || joined.ends_with(&format!(" {phrase}")));
    if ends(&[
        "no more than",
        "not more than",
        "at most",
        "up to",
        "up",
        "max",
        "maximum",
        "not exceed",
        "cannot exceed",
        "exceeds",
        "limited",
        "no longer than",
        "not be longer than",
        "fewer than or",
        "less than or",
        "<=",
        "\u{2264}",
        "not exceeding",
        "capped at",
    ]) {
        Some(Bound::Upper)
    } else if ends(&[
        "at least",
        "min",
        "minimum",
        "no less than",
        "no fewer than",
        "not less than",
        "greater than or",
        "more than or",
        ">=",
        "\u{2265}",
    ]) {
        Some(Bound::Lower)
    } else if ends(&["greater than", "more than"]) && !ends(&["no more than"]) {
        Some(Bound::Above)
    } else if ends(&["less than", "fewer than", "below", "under"]) {
        Some(Bound::Below)
    } else if ends(&["exactly"]) {
        Some(Bound::Both)
    } else {
        None
    }
}

/// What stands after a number and bounds it: `100 characters max`, `1 or more`.
fn after(words: &[Word], at: usize) -> Option<Bound> {
    let mut next = words.iter().skip(at + 1).take(4).map(|word| word.lower.as_str());
    let first = next.next()?;
    let rest: Vec<&str> = std::iter::once(first).chain(next).collect();
    let rest = if CHARACTERS.contains(&first) || ITEMS.contains(&first) { &rest[1..] } else { &rest[..] };
    if words[at].ends() {
        return None;
    }
    match rest {
        ["max" | "maximum" | "limit", ..] | ["or", "less" | "fewer", ..] | ["at", "most", ..] => Some(Bound::Upper),
        ["min" | "minimum", ..] | ["or", "more" | "greater", ..] | ["at", "least", ..] => Some(Bound::Lower),
        _ => None,
    }
}

/// What the number counts; `None` when the sentence does not say and the type does not tell.
fn unit(words: &[Word], at: usize, next: usize, kind: Option<&Type>) -> Option<Unit> {
    let closed = words[next - 1].after.contains([',', '.', ')', ';']);
    let noun = words.get(next).filter(|_| !closed);
    let about_length = words[at.saturating_sub(5)..at].iter().any(|word| word.is(&["length", "characters", "chars", "long"]));
    let list = kind.is_some_and(|kind| kind.is("array"));
    let string = kind.is_none_or(|kind| kind.is("string"));
    if noun.is_some_and(|noun| noun.is(&CHARACTERS)) || (about_length && string) {
        return string.then_some(Unit::Length);
    }
    if list {
        return noun.is_none_or(|noun| noun.is(&ITEMS) || noun.lower.ends_with('s')).then_some(Unit::Items);
    }
    let small = ["or", "and", "inclusive", "by", "default", "per", "max", "maximum", "min", "minimum", "if", "when"];
    let plain = noun.is_none_or(|noun| noun.is(&ITEMS) || noun.is(&small));
    if kind.is_none() && noun.is_some_and(|noun| noun.is(&["item", "items", "elements", "entries"])) {
        return Some(Unit::Items);
    }
    (kind.is_none_or(Type::is_numeric) && plain && !(kind.is_none() && noun.is_some_and(|noun| noun.is(&ITEMS)))).then_some(Unit::Value)
}

fn push(claims: &mut Vec<Claim>, unit: Option<Unit>, bound: Bound, value: &Number) {
    let Some(unit) = unit else { return };
    if unit != Unit::Value && !value.is_u64() {
        return;
    }
    let keywords: &[&'static str] = match (unit, bound) {
        (Unit::Length, Bound::Lower) => &["minLength"],
        (Unit::Length, Bound::Upper) => &["maxLength"],
        (Unit::Length, Bound::Both) => &["minLength", "maxLength"],
        (Unit::Items, Bound::Lower) => &["minItems"],
        (Unit::Items, Bound::Upper) => &["maxItems"],
        (Unit::Items, Bound::Both) => &["minItems", "maxItems"],
        (Unit::Value, Bound::Lower) => &["minimum"],
        (Unit::Value, Bound::Upper) => &["maximum"],
        (Unit::Value, Bound::Above) => &["exclusiveMinimum"],
        (Unit::Value, Bound::Below) => &["exclusiveMaximum"],
        _ => &[],
    };
    for keyword in keywords {
        let claim = Claim::Limit { keyword, value: Value::Number(value.clone()) };
        if !claims.contains(&claim) {
            claims.push(claim);
        }
    }
}
