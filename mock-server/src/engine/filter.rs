//! Which rows a list's query parameters choose.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use specs::resources::Comparison;

/// Whether a property satisfies a filter.
pub(super) fn keeps(comparison: Comparison, property: Option<&Value>, wanted: &Value) -> bool {
    let Some(property) = property else { return false };
    match comparison {
        Comparison::Equal => any(property, |one| equal(one, wanted)),
        Comparison::In => values(wanted).iter().any(|value| any(property, |one| equal(one, value))),
        Comparison::Contains => contains(property, wanted),
        Comparison::Greater => compare(property, wanted) == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => matches!(compare(property, wanted), Some(Ordering::Greater | Ordering::Equal)),
        Comparison::Less => compare(property, wanted) == Some(Ordering::Less),
        Comparison::LessOrEqual => matches!(compare(property, wanted), Some(Ordering::Less | Ordering::Equal)),
    }
}

/// A property of a row, or what a path of properties leads to: `attributes/title`.
pub(super) fn property<'r>(row: &'r Value, name: &str) -> Option<&'r Value> {
    row.get(name).or_else(|| name.split('/').try_fold(row, |at, name| at.get(name))).filter(|value| !value.is_null())
}

/// An array satisfies a filter when one of its elements does.
fn any(property: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    match property {
        Value::Array(items) => items.iter().any(holds),
        other => holds(other),
    }
}

/// The values of a parameter: those of an array, or those between commas.
pub(super) fn values(wanted: &Value) -> Vec<Value> {
    match wanted {
        Value::Array(items) => items.clone(),
        Value::String(text) => text.split(',').map(|part| Value::String(part.trim().to_owned())).collect(),
        other => vec![other.clone()],
    }
}

fn equal(property: &Value, wanted: &Value) -> bool {
    property == wanted || text(property).is_some_and(|property| text(wanted).is_some_and(|wanted| property == wanted))
}

fn contains(property: &Value, wanted: &Value) -> bool {
    let (Some(property), Some(wanted)) = (text(property), text(wanted)) else { return false };
    property.to_lowercase().contains(&wanted.to_lowercase())
}

/// A scalar as the text that a query would have for it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Moments by time, numbers by value, else text by code point.
pub(super) fn compare(property: &Value, wanted: &Value) -> Option<Ordering> {
    let (left, right) = (text(property)?, text(wanted)?);
    if let (Some(left), Some(right)) = (moment(&left), moment(&right)) {
        return Some(left.cmp(&right));
    }
    if let (Ok(left), Ok(right)) = (left.parse::<f64>(), right.parse::<f64>()) {
        return left.partial_cmp(&right);
    }
    Some(left.cmp(&right))
}

/// The moment that a text says: RFC 3339, or a date.
pub(super) fn moment(text: &str) -> Option<DateTime<Utc>> {
    // A `+` that was not encoded arrives as a space.
    let text = text.replace(' ', "+");
    if let Ok(moment) = DateTime::parse_from_rfc3339(&text) {
        return Some(moment.with_timezone(&Utc));
    }
    let date = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?;
    Some(date.and_hms_opt(0, 0, 0)?.and_utc())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn properties_are_compared_by_what_they_are() {
        for (comparison, property, wanted, expected) in [
            (Comparison::Equal, json!(true), json!("true"), true),
            (Comparison::Equal, json!("a"), json!("b"), false),
            (Comparison::Equal, json!(["x", "y"]), json!("y"), true),
            (Comparison::In, json!("b"), json!("a, b"), true),
            (Comparison::In, json!(2), json!(["1", "2"]), true),
            (Comparison::Contains, json!("A Word"), json!("wor"), true),
            (Comparison::Greater, json!("2024-01-01T00:00:00+02:00"), json!("2023-12-31T22:00:00Z"), false),
            (Comparison::GreaterOrEqual, json!("2024-01-01T00:00:00+02:00"), json!("2023-12-31T22:00:00Z"), true),
            (Comparison::Less, json!("2024-01-01T00:00:00Z"), json!("2024-01-02"), true),
            (Comparison::Less, json!(9), json!("10"), true),
            (Comparison::LessOrEqual, json!("b"), json!("a"), false),
            (Comparison::Equal, json!(null), json!("null"), false),
        ] {
            assert_eq!(keeps(comparison, Some(&property), &wanted), expected, "{comparison:?} {property} {wanted}");
        }
        assert!(!keeps(Comparison::Equal, None, &json!("x")));
    }
}
