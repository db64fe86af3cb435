//! Values that are only just valid: at each limit, each listed value, null where it is allowed; and texts that are valid
//! though few people write them.

use serde_json::Value;

use super::{
    Sampler, Shape, array,
    facets::Facets,
    hint::Hint,
    number::{self, Limits},
    walk,
};
use crate::{api::SchemaId, pointer};

/// The longest text and array that are made to be as long as is allowed.
const LONGEST: usize = 100_000;
const MOST: usize = 1_000;
/// A character of four bytes in UTF-8 and two units in UTF-16: one character all the same (RFC 8259, section 8.2).
pub(super) const WIDE: char = '🌲';
/// How long a text is made where nothing limits it.
const LONG: usize = 5_000;
/// Letters beyond the first plane, a letter with marks that combine, writing from the right, an emoji of several that are
/// joined.
const SCRIPTS: [&str; 4] = ["🌲 𝒳𐐷", "e\u{301}\u{327} a\u{30a}", "שלום مرحبا", "👩\u{200d}👩\u{200d}👧\u{200d}👦"];

/// What a value is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound {
    /// One of the values of `enum`.
    Listed,
    /// `null`, where it is allowed.
    Null,
    /// `minimum`.
    Minimum,
    /// `maximum`.
    Maximum,
    /// `minLength`.
    MinLength,
    /// `maxLength`.
    MaxLength,
    /// `minItems`.
    MinItems,
    /// `maxItems`.
    MaxItems,
    /// A free text in a script that is more than ASCII.
    Script,
    /// A free text that is long, where nothing limits it.
    Long,
}

/// A value that is only just valid in one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// What it is at.
    pub bound: Bound,
    /// JSON pointer of the place.
    pub pointer: String,
    /// The value as a whole.
    pub value: Value,
}

/// All edges of a base.
pub(super) fn all(sampler: &Sampler, id: &SchemaId, base: &Value) -> Vec<Edge> {
    let mut found = Vec::new();
    walk::each_place(&sampler.store, id, base, &mut |facets, place, good| {
        for (bound, edge) in at(sampler, facets, place, good) {
            let mut value = base.clone();
            if let Some(old) = value.pointer_mut(place).filter(|old| **old != edge) {
                *old = edge;
            }
            if sampler.store.accepts(id, &value) {
                found.push(Edge { bound, pointer: place.to_owned(), value });
            }
        }
    });
    found
}

fn at(sampler: &Sampler, facets: &Facets<'_>, place: &str, good: &Value) -> Vec<(Bound, Value)> {
    let mut found = Vec::new();
    if let Some(options) = facets.options() {
        found.extend(options.into_iter().filter(|option| !option.is_null()).map(|option| (Bound::Listed, option.clone())));
    }
    if facets.types().is_some_and(|types| types.contains(&"null")) {
        found.push((Bound::Null, Value::Null));
    }
    match good {
        Value::Number(_) => found.extend(numbers(facets)),
        Value::String(text) => {
            found.extend(texts(facets, text));
            found.extend(free(facets, place, text));
        }
        Value::Array(elements) => found.extend(arrays(sampler, facets, elements)),
        _ => {}
    }
    found
}

fn numbers(facets: &Facets<'_>) -> Vec<(Bound, Value)> {
    let whole = facets.types().is_some_and(|types| !types.contains(&"number"));
    let limits = Limits::of(facets, whole);
    let step = limits.step.unwrap_or(0.01);
    let (low, high) = (limits.low.map(|low| (low, limits.low_step())), limits.high.map(|high| (high, limits.high_step())));
    let made = |limit: Option<(f64, f64)>| limit.and_then(|(limit, inside)| number::number(limit + inside * step, step)).map(Value::Number);
    made(low).map(|value| (Bound::Minimum, value)).into_iter().chain(made(high).map(|value| (Bound::Maximum, value))).collect()
}

fn texts(facets: &Facets<'_>, good: &str) -> Vec<(Bound, Value)> {
    let last = good.chars().last().unwrap_or('x');
    let padded = |by: char, length: usize| -> Value { good.chars().chain(std::iter::repeat(by)).take(length).collect::<String>().into() };
    let of = |length: usize| padded(last, length);
    let least = facets.lower("minLength").map(|_| facets.at_least("minLength"));
    let most = facets.at_most("maxLength").filter(|most| *most <= LONGEST);
    let short = least.map(|least| (Bound::MinLength, of(least)));
    // Characters count, not bytes: the longest text is also made of characters that need several.
    let long = most.into_iter().flat_map(|most| [of(most), padded(WIDE, most)]).map(|text| (Bound::MaxLength, text));
    short.into_iter().chain(long).collect()
}

/// Texts that are as good as any other, where nothing asks for a certain form: no keyword, no name, and not what the good
/// text looks like.
fn free(facets: &Facets<'_>, place: &str, good: &str) -> Vec<(Bound, Value)> {
    let name = pointer::tokens(place).filter(|token| token.parse::<usize>().is_err()).last().unwrap_or_default();
    if facets.has(&FORMS) || !is_prose(&name, good) {
        return Vec::new();
    }
    let least = facets.at_least("minLength");
    let most = facets.at_most("maxLength");
    let padded = |text: &str| -> String {
        let missing = least.saturating_sub(text.chars().count());
        text.chars().chain(std::iter::repeat_n(WIDE, missing)).collect()
    };
    let scripts = SCRIPTS.into_iter().map(padded).filter(|text| most.is_none_or(|most| text.chars().count() <= most));
    let long = most.is_none().then(|| "Long texts are texts. ".chars().cycle().take(LONG.max(least)).chain(['.']).collect::<String>());
    let scripts = scripts.map(|text| (Bound::Script, text.into()));
    scripts.chain(long.map(|text| (Bound::Long, text.into()))).collect()
}

/// Keywords that ask for a certain form of a text.
const FORMS: [&str; 6] = ["format", "pattern", "enum", "const", "contentMediaType", "contentEncoding"];

/// Whether a text of this name is prose, as far as can be told: addresses, telephone numbers, times and codes are none,
/// though their schemas say nothing.
#[must_use]
pub fn is_prose(name: &str, good: &str) -> bool {
    let letters = good.chars().filter(|character| character.is_alphabetic()).count();
    let digits = good.chars().filter(char::is_ascii_digit).count();
    let is_code = letters <= digits || good.contains("://") || good.contains('@') || good.starts_with(['{', '[', '#', '/']);
    Hint::of(name, "").is_prose() && !is_code
}

fn arrays(sampler: &Sampler, facets: &Facets<'_>, good: &[Value]) -> Vec<(Bound, Value)> {
    let least = facets.lower("minItems").map(|_| facets.at_least("minItems"));
    let most = facets.at_most("maxItems").filter(|most| *most <= MOST);
    let least = least.map(|least| (Bound::MinItems, of_length(sampler, facets, good, least)));
    let most = most.map(|most| (Bound::MaxItems, of_length(sampler, facets, good, most)));
    least.into_iter().chain(most).filter_map(|(bound, value)| Some((bound, value?))).collect()
}

/// The elements, cut or continued to a length.
fn of_length(sampler: &Sampler, facets: &Facets<'_>, good: &[Value], length: usize) -> Option<Value> {
    let mut made: Vec<Value> = good.iter().take(length).cloned().collect();
    let unique = facets.is_set("uniqueItems");
    for number in 0..20 * u64::try_from(length.max(5)).unwrap_or(0) {
        if made.len() == length {
            break;
        }
        let ids = array::element(&sampler.store.schemas, facets, made.len());
        let next = sampler.sample(ids.first()?, Shape::Random(number), None).ok()?;
        if !unique || !made.contains(&next) {
            made.push(next);
        }
    }
    (made.len() == length).then(|| Value::Array(made))
}
