//! In which order a request wants a list: `-created_at`, `name:desc`, `name desc,age`, or a direction of its own.

use std::cmp::Ordering;

use serde_json::Value;
use specs::{api::Location, resources::Sort};

use super::{filter, kind::Kind, role::Role, validate::Validated};

/// By which property, and whether the greatest comes first.
pub(super) type By = (String, bool);

/// What a request says of the order.
pub(super) struct Wanted {
    /// The properties, the weightiest first; none: the order in which rows were made.
    pub(super) by: Vec<By>,
    /// Whether the newest row comes first, where the request says so.
    pub(super) newest_first: Option<bool>,
    /// Names that are no property of an item.
    pub(super) unknown: Vec<String>,
}

/// The order that a request asks for; `None` when it says nothing.
pub(super) fn wanted(validated: &Validated<'_>, role: &Role, kind: &Kind) -> Option<Wanted> {
    let Sort { by, direction } = role.sort.as_ref()?;
    let text = |name: &Option<String>| validated.input.parameter(Location::Query, name.as_deref()?);
    let descends = text(direction).and_then(Value::as_str).and_then(direction_of);
    let Some(named) = text(by) else {
        return descends.map(|newest| Wanted { by: Vec::new(), newest_first: Some(newest), unknown: Vec::new() });
    };
    let mut wanted = Wanted { by: Vec::new(), newest_first: None, unknown: Vec::new() };
    for token in filter::values(named).iter().filter_map(Value::as_str) {
        let (name, own) = taken_apart(token);
        match kind.called(name) {
            Some(property) => wanted.by.push((property, own.or(descends).unwrap_or(false))),
            None => match name.to_ascii_lowercase().as_str() {
                "newest" | "latest" | "recent" => wanted.newest_first = Some(true),
                "oldest" => wanted.newest_first = Some(false),
                _ => match direction_of(token) {
                    // A direction of its own is that of the property before it.
                    Some(descends) if !wanted.by.is_empty() => {
                        wanted.by.last_mut().into_iter().for_each(|last| last.1 = descends);
                    }
                    Some(newest) => wanted.newest_first = Some(newest),
                    None => wanted.unknown.push(name.to_owned()),
                },
            },
        }
    }
    Some(wanted)
}

/// A name, and whether the greatest comes first, where the text says.
fn taken_apart(token: &str) -> (&str, Option<bool>) {
    let token = token.trim();
    if let Some(name) = token.strip_prefix('-') {
        return (name, Some(true));
    }
    if let Some(name) = token.strip_prefix('+') {
        return (name, Some(false));
    }
    let split = [' ', ':', '|', '.', '_', '-'].into_iter().find_map(|mark| {
        let (name, word) = token.rsplit_once(mark)?;
        Some((name, direction_of(word)?))
    });
    split.map_or((token, None), |(name, descends)| (name.trim(), Some(descends)))
}

fn direction_of(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "desc" | "descending" => Some(true),
        "asc" | "ascending" => Some(false),
        _ => None,
    }
}

/// Compares two rows; what has no such property comes last.
pub(super) fn compare(by: &[By], left: &Value, right: &Value) -> Ordering {
    let each = by.iter().map(|(property, descends)| match (filter::property(left, property), filter::property(right, property)) {
        (Some(left), Some(right)) => {
            let order = filter::compare(left, right).unwrap_or(Ordering::Equal);
            if *descends { order.reverse() } else { order }
        }
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
    each.fold(Ordering::Equal, Ordering::then)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_way_to_write_an_order_is_understood() {
        for (written, name, descends) in [
            ("-made_on", "made_on", Some(true)),
            ("+made_on", "made_on", Some(false)),
            ("made_on", "made_on", None),
            ("name desc", "name", Some(true)),
            ("name:asc", "name", Some(false)),
            ("made_on_desc", "made_on", Some(true)),
            ("name.desc", "name", Some(true)),
        ] {
            assert_eq!(taken_apart(written), (name, descends), "{written}");
        }
    }

    #[test]
    fn rows_are_compared_by_one_property_after_another() {
        let (left, right) = (json!({"a": 1, "b": {"c": "x"}}), json!({"a": 1, "b": {"c": "y"}}));
        let by = |property: &str, descends| (property.to_owned(), descends);
        assert_eq!(compare(&[by("a", false), by("b/c", true)], &left, &right), Ordering::Greater);
        assert_eq!(compare(&[by("z", false)], &left, &right), Ordering::Equal);
        assert_eq!(compare(&[by("a", true)], &left, &json!({})), Ordering::Less);
    }
}
