//! What to put in the place of a good value so that one rule is broken.

use serde_json::{Map, Number, Value, json};

use super::{
    Sampler, Shape, array,
    edge::WIDE,
    facets::Facets,
    nearly::{Rule, Wrong},
    number::{self, Limits},
    object, text,
    value::any_of_type,
};

/// The longest text and array that are made only to be too long.
const LONGEST: usize = 1_000_000;
const MOST: usize = 5_000;
/// How many steps beyond its limit a number is far off.
const FAR: f64 = 1000.0;
/// The name of a property that no document declares.
const EXTRA: &str = "undeclaredProperty";

/// The wrong values for each rule that the schemas declare at the place of this good value.
pub(super) fn all(sampler: &Sampler, facets: &Facets<'_>, good: &Value) -> Vec<Wrong> {
    let mut found = types(facets, good);
    found.extend(options(facets));
    match good {
        Value::Number(_) => found.extend(numbers(facets, good)),
        Value::String(text) => found.extend(texts(facets, text)),
        Value::Array(elements) => found.extend(arrays(sampler, facets, elements)),
        Value::Object(members) => found.extend(objects(sampler, facets, members)),
        Value::Null | Value::Bool(_) => {}
    }
    found
}

fn wrong(rule: Rule, says: impl Into<String>, value: Result<Value, String>) -> Wrong {
    Wrong { rule, says: says.into(), value }
}

fn types(facets: &Facets<'_>, good: &Value) -> Vec<Wrong> {
    let Some(types) = facets.types() else { return Vec::new() };
    let due = types.iter().copied().filter(|kind| *kind != "null").collect::<Vec<_>>().join(" or ");
    let mut found = Vec::new();
    if !types.contains(&"null") {
        found.push(wrong(Rule::NotNull, format!("null where {due} is due"), Ok(Value::Null)));
    }
    for kind in ["string", "boolean", "integer", "number", "array", "object"] {
        let allowed = types.contains(&kind) || kind == "integer" && types.contains(&"number");
        let doubled = kind == "number" && !types.contains(&"integer");
        if !allowed && !doubled {
            let article = if ["integer", "array", "object"].contains(&kind) { "an" } else { "a" };
            // A part more than a whole number is wrong by its type alone.
            let beside = good.as_f64().filter(|_| kind == "number").and_then(|good| Number::from_f64(good + 0.5)).map(Value::Number);
            let value = beside.unwrap_or_else(|| any_of_type(kind));
            found.push(wrong(Rule::Type, format!("{article} {kind} where {due} is due"), Ok(value)));
        }
    }
    // What a server may take for the value that it is the text of.
    if !types.contains(&"string") && (good.is_number() || good.is_boolean()) {
        found.push(wrong(Rule::Type, format!("a {due} as text"), Ok(good.to_string().into())));
    }
    found
}

fn options(facets: &Facets<'_>) -> Vec<Wrong> {
    let Some(options) = facets.options() else { return Vec::new() };
    let Some(first) = options.iter().find(|value| !value.is_null()) else { return Vec::new() };
    let other = match first {
        Value::String(text) => {
            (1..=options.len() + 1).map(|count| json!(format!("{text}{}", "x".repeat(count)))).find(|other| !options.contains(&other))
        }
        Value::Number(_) => (0..=options.len()).map(|number| json!(number)).find(|other| !options.contains(&other)),
        Value::Bool(value) => Some(json!(!value)).filter(|other| !options.contains(&other)),
        _ => None,
    };
    let other = wrong(Rule::Enum, "a value that is not listed", other.ok_or_else(|| "every value of the type is listed".to_owned()));
    let turned = first.as_str().map(|text| json!(if text == text.to_uppercase() { text.to_lowercase() } else { text.to_uppercase() }));
    let turned = turned.filter(|turned| !options.contains(&turned));
    let turned = turned.map(|turned| wrong(Rule::Enum, "a value that is listed in other letters", Ok(turned)));
    std::iter::once(other).chain(turned).collect()
}

fn numbers(facets: &Facets<'_>, good: &Value) -> Vec<Wrong> {
    let whole = facets.types().is_some_and(|types| !types.contains(&"number"));
    let limits = Limits::of(facets, whole);
    let beyond = |limit: Option<&Number>, excluded: Option<&Number>, sign: f64| {
        let limit = limit.or(excluded)?.as_f64()?;
        let step = limits.step.unwrap_or(0.01);
        Some(number::number(limit + sign * step, step).map(Value::Number).ok_or_else(|| "no number lies beyond the limit".to_owned()))
    };
    let (least, above) = (facets.lower("minimum"), facets.lower("exclusiveMinimum"));
    let (most, below) = (facets.upper("maximum"), facets.upper("exclusiveMaximum"));
    let mut found = Vec::new();
    found.extend(beyond(least, above, -1.0).map(|value| wrong(Rule::Minimum, "just below the least number", value)));
    found.extend(beyond(most, below, 1.0).map(|value| wrong(Rule::Maximum, "just above the greatest number", value)));
    found.extend(beyond(least, above, -FAR).map(|value| wrong(Rule::Minimum, "far below the least number", value)));
    found.extend(beyond(most, below, FAR).map(|value| wrong(Rule::Maximum, "far above the greatest number", value)));
    for (keyword, rule) in [("exclusiveMinimum", Rule::Minimum), ("exclusiveMaximum", Rule::Maximum)] {
        let limit = if rule == Rule::Minimum { facets.lower(keyword) } else { facets.upper(keyword) };
        found.extend(limit.map(|limit| wrong(rule, "the excluded limit itself", Ok(Value::Number(limit.clone())))));
    }
    if let Some(step) = facets.upper("multipleOf").and_then(Number::as_f64).filter(|step| !whole || step.abs() > 1.0) {
        let off = if whole { 1.0 } else { step / 2.0 };
        let value = good.as_f64().and_then(|good| number::number(good + off, off));
        found.push(wrong(
            Rule::MultipleOf,
            "between two steps",
            value.map(Value::Number).ok_or_else(|| "no number lies between two steps".to_owned()),
        ));
    }
    found
}

fn texts(facets: &Facets<'_>, good: &str) -> Vec<Wrong> {
    let mut found = Vec::new();
    if let Some(shorter) = facets.at_least("minLength").checked_sub(1) {
        let cut: String = good.chars().chain(std::iter::repeat('x')).take(shorter).collect();
        let wide: String = std::iter::repeat_n(WIDE, shorter).collect();
        found.extend([cut, wide].map(|text| wrong(Rule::MinLength, format!("{shorter} characters"), Ok(text.into()))));
    }
    if let Some(longer) = facets.at_most("maxLength").map(|most| most.saturating_add(1)) {
        let last = good.chars().last().unwrap_or('x');
        let made = || good.chars().chain(std::iter::repeat(last)).take(longer).collect::<String>().into();
        let value = if longer > LONGEST { Err(format!("a text of {longer} characters is too long to send")) } else { Ok(made()) };
        found.push(wrong(Rule::MaxLength, format!("{longer} characters"), value));
    }
    found.extend(facets.texts("pattern").flat_map(|pattern| unmatched(pattern, good)));
    found.extend(facets.texts("format").flat_map(malformed).map(|(says, text)| wrong(Rule::Format, says, Ok(text.into()))));
    found
}

/// Texts that are like the good one and do not match: with something before it, with something behind it, and one of
/// the same length.
fn unmatched(pattern: &str, good: &str) -> Vec<Wrong> {
    let replaced = |by: char| -> String { good.chars().map(|_| by).collect() };
    let tail = good.char_indices().last().map_or_else(|| "!".to_owned(), |(end, _)| format!("{}!", &good[..end]));
    let around = [format!("{good}!"), format!("!{good}")].into_iter().filter(|text| !text::matches(pattern, text));
    let alike = [tail, replaced('!'), replaced('x'), replaced('0'), String::new()].into_iter().find(|text| !text::matches(pattern, text));
    let texts: Vec<String> = around.chain(alike).collect();
    if texts.is_empty() {
        return vec![wrong(Rule::Pattern, "a text that does not match", Err(format!("every text that was tried matches `{pattern}`")))];
    }
    texts.into_iter().map(|text| wrong(Rule::Pattern, format!("a text that `{pattern}` does not match"), Ok(text.into()))).collect()
}

/// Texts that are not of a format: one that is nothing like it, and where it has a calendar, one that is only nearly so.
fn malformed(format: &str) -> Vec<(String, &'static str)> {
    let nearly: &[&str] = match format {
        "date" => &["2026-02-30"],
        // A moment without its zone is no moment (RFC 3339, section 5.6).
        "date-time" => &["2026-02-30T10:00:00Z", "2026-02-28T10:00:00"],
        "ipv4" => &["192.0.2.256"],
        _ => &[],
    };
    let plain = match format {
        "regex" => "(",
        "uri" | "iri" | "uri-reference" | "iri-reference" | "uri-template" => "no uri: {%",
        _ => "not of the format!",
    };
    let says = format!("a text that is no {format}");
    nearly.iter().map(|text| (format!("a text that is only nearly a {format}"), *text)).chain([(says, plain)]).collect()
}

fn arrays(sampler: &Sampler, facets: &Facets<'_>, good: &[Value]) -> Vec<Wrong> {
    let mut found = Vec::new();
    if let Some(fewer) = facets.at_least("minItems").checked_sub(1) {
        let cut = good.iter().take(fewer).cloned().collect();
        found.push(wrong(Rule::MinItems, format!("{fewer} elements"), Ok(Value::Array(cut))));
    }
    if let Some(more) = facets.at_most("maxItems").map(|most| most.saturating_add(1)) {
        found.push(wrong(Rule::MaxItems, format!("{more} elements"), longer(sampler, facets, good, more)));
    }
    if facets.is_set("uniqueItems") {
        let full = facets.at_most("maxItems").is_some_and(|most| good.len() >= most);
        let mut twice = good.to_vec();
        if full && good.len() > 1 {
            twice.pop();
        }
        let value = good.first().map(|first| twice.push(first.clone())).map(|()| Value::Array(twice));
        found.push(wrong(
            Rule::UniqueItems,
            "the same element twice",
            value.ok_or_else(|| "the array has no element to repeat".to_owned()),
        ));
    }
    found
}

/// The array with further elements, made like the others and unlike each other where that is asked for.
fn longer(sampler: &Sampler, facets: &Facets<'_>, good: &[Value], wanted: usize) -> Result<Value, String> {
    if wanted > MOST {
        return Err(format!("an array of {wanted} elements is too long to send"));
    }
    let mut made = good.to_vec();
    let unique = facets.is_set("uniqueItems");
    for number in 0_u64.. {
        if made.len() >= wanted {
            break;
        }
        let spare = good.first().filter(|_| !unique).cloned();
        let next = spare.or_else(|| another(sampler, facets, made.len(), number)).ok_or("no further element can be made")?;
        if !unique || !made.contains(&next) {
            made.push(next);
        } else if number > 20 * u64::try_from(wanted).unwrap_or(u64::MAX) {
            return Err("no further element is unlike those before it".to_owned());
        }
    }
    Ok(Value::Array(made))
}

fn another(sampler: &Sampler, facets: &Facets<'_>, position: usize, number: u64) -> Option<Value> {
    let ids = array::element(&sampler.store.schemas, facets, position);
    let Some(first) = ids.first() else { return Some(json!(number)) };
    sampler.sample(first, Shape::Random(number), None).ok()
}

fn objects(sampler: &Sampler, facets: &Facets<'_>, good: &Map<String, Value>) -> Vec<Wrong> {
    let mut found = Vec::new();
    let closed = ["additionalProperties", "unevaluatedProperties"]
        .iter()
        .any(|keyword| facets.all(keyword).any(|value| *value == Value::Bool(false)));
    if closed {
        let mut more = good.clone();
        more.insert(EXTRA.to_owned(), json!("text"));
        found.push(wrong(Rule::NoExtra, "a property that is not declared", Ok(Value::Object(more))));
    }
    if let Some(fewer) = facets.at_least("minProperties").checked_sub(1) {
        let required = object::required(&sampler.store, facets);
        let mut members: Vec<(&String, &Value)> = good.iter().collect();
        members.sort_by_key(|(name, _)| !required.contains(name));
        let cut = members.into_iter().take(fewer).map(|(name, value)| (name.clone(), value.clone())).collect();
        found.push(wrong(Rule::MinProperties, format!("{fewer} properties"), Ok(Value::Object(cut))));
    }
    if let Some(most) = facets.at_most("maxProperties").filter(|most| *most < MOST) {
        let mut more = good.clone();
        let sample = good.iter().next().map_or_else(|| json!("text"), |(_, value)| value.clone());
        (0..=most.saturating_sub(good.len())).for_each(|number| _ = more.insert(format!("{EXTRA}{number}"), sample.clone()));
        found.push(wrong(Rule::MaxProperties, format!("{} properties", more.len()), Ok(Value::Object(more))));
    }
    found
}
