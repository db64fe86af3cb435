//! What bodies and parameters have in common: places, names, and what can be written as text.

use serde_json::Value;
use specs::sample::{Bound, Nearly, Rule as Broken};

use crate::rule::{self, Rule};

/// The names of cases about values that are only just valid; `{}` is the place.
pub(super) const BOUNDS: [(Bound, &str); 10] = [
    (Bound::Listed, "accepts_each_{}"),
    (Bound::Null, "accepts_null_as_{}"),
    (Bound::Minimum, "accepts_{}_at_its_minimum"),
    (Bound::Maximum, "accepts_{}_at_its_maximum"),
    (Bound::MinLength, "accepts_the_shortest_{}"),
    (Bound::MaxLength, "accepts_the_longest_{}"),
    (Bound::MinItems, "accepts_the_fewest_{}"),
    (Bound::MaxItems, "accepts_the_most_{}"),
    (Bound::Script, "accepts_{}_in_any_script"),
    (Bound::Long, "accepts_long_{}"),
];

/// What a bound is, behind the name of its place.
pub(super) fn says(bound: Bound) -> &'static str {
    match bound {
        Bound::Listed => "with each value that is listed",
        Bound::Null => "as null",
        Bound::Minimum => "at its minimum",
        Bound::Maximum => "at its maximum",
        Bound::MinLength => "as short as is allowed",
        Bound::MaxLength => "as long as is allowed",
        Bound::MinItems => "with as few elements as are allowed",
        Bound::MaxItems => "with as many elements as are allowed",
        Bound::Script => "in any script",
        Bound::Long => "however long it is",
    }
}

/// The rule that values at a bound are about.
pub(super) fn rule_of(bound: Bound, otherwise: Rule) -> Rule {
    match bound {
        Bound::Script => rule::UNICODE,
        Bound::Long => rule::LONG,
        _ => otherwise,
    }
}

/// Why a rule about values that are valid has no case at a place.
pub(super) fn unbounded(rule: Rule) -> &'static str {
    match rule.name {
        "unicode" => "it is no free text",
        "long" => "it is no free text, or its length is limited",
        _ => "no limit, list of values or null is declared",
    }
}

/// The name of a case that breaks a rule at a place.
pub(super) fn name(rule: Rule, place: &str) -> String {
    let form = match rule.name {
        "required" => "rejects_missing_{}",
        "not_null" => "rejects_null_as_{}",
        "type" => "rejects_wrong_type_of_{}",
        "enum" => "rejects_unlisted_{}",
        "minimum" => "rejects_{}_below_its_minimum",
        "maximum" => "rejects_{}_above_its_maximum",
        "multiple_of" => "rejects_{}_between_two_steps",
        "min_length" => "rejects_too_short_{}",
        "max_length" => "rejects_too_long_{}",
        "pattern" => "rejects_{}_that_does_not_match",
        "format" => "rejects_malformed_{}",
        "min_items" => "rejects_too_few_{}",
        "max_items" => "rejects_too_many_{}",
        "unique_items" => "rejects_repeated_{}",
        "min_properties" => "rejects_{}_with_too_few_properties",
        "max_properties" => "rejects_{}_with_too_many_properties",
        _ => "rejects_undeclared_properties_of_{}",
    };
    form.replace("{}", place)
}

/// The places of a value, the whole included; of an array, those of its first element.
pub(super) fn places(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, "", &mut found);
    found
}

fn collect(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| collect(member, &specs::pointer::join(at, name), found)),
        Value::Array(elements) => elements.iter().take(1).for_each(|element| collect(element, &specs::pointer::index(at, 0), found)),
        _ => {}
    }
}

/// Why a rule has no case at a place that nothing breaks it at; `value` is what stands there.
pub(super) fn absent(rule: Rule, place: &str, value: Option<&Value>) -> &'static str {
    let is_element = specs::pointer::tokens(place).last().is_some_and(|token| token.parse::<usize>().is_ok());
    match rule.name {
        "required" if place.is_empty() => "a missing body has a rule of its own",
        "required" if is_element => "it is an element",
        "no_extra" if value.is_some_and(|value| !value.is_object()) => "it is no object",
        _ => rule::absent(rule),
    }
}

/// What to put at the place of a nearly valid value, `None` to take it out; or why that cannot be sent. As text,
/// everything is a string: what is wrong only by its type has to be so by its text too.
pub(super) fn edit(nearly: &Nearly, is_text: bool) -> Result<Option<Value>, String> {
    let value = nearly.value.as_ref().map_err(|problem| match nearly.rule {
        Broken::Format => "no text is known that is not of its format".to_owned(),
        _ => problem.reason.clone(),
    })?;
    if nearly.rule == Broken::Required {
        return Ok(None);
    }
    let wrong = value.pointer(&nearly.pointer).ok_or("the place is gone")?;
    match nearly.rule {
        Broken::NotNull if is_text => Err("as text there is no null".to_owned()),
        Broken::Type if is_text && wrong.as_str().is_some_and(is_of_another_type) => Err("as text it is what is due".to_owned()),
        Broken::Type if is_text && !wrong.is_string() => Err("as text every value is a string".to_owned()),
        _ => Ok(Some(wrong.clone())),
    }
}

/// Whether a text reads as a number or a truth value.
fn is_of_another_type(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_number() || value.is_boolean())
}
