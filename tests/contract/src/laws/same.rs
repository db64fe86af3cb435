//! Whether a value is what was sent, and whether an item stayed as it was.

use serde_json::Value;

use crate::{case::Failure, moment::Moment, property};

/// Words in the names of properties that a server keeps about changes.
const BOOKKEEPING: [&str; 8] = ["updat", "modif", "edit", "chang", "version", "etag", "revision", "last"];
/// How much of a value is shown.
const SHOWN: usize = 80;

/// Whether `seen` is what was `sent`: numbers by value, moments by time, objects in every member that was sent.
pub(crate) fn kept(sent: &Value, seen: &Value) -> bool {
    match (sent, seen) {
        (Value::Number(sent), Value::Number(seen)) => sent == seen || sent.as_f64() == seen.as_f64(),
        (Value::String(sent), Value::String(seen)) => sent == seen || are_one_moment(sent, seen),
        (Value::Array(sent), Value::Array(seen)) => sent.len() == seen.len() && sent.iter().zip(seen).all(|(sent, seen)| kept(sent, seen)),
        (Value::Object(sent), Value::Object(seen)) => sent.iter().all(|(name, sent)| match seen.get(name) {
            Some(seen) => kept(sent, seen),
            None => sent.is_null(),
        }),
        _ => sent == seen,
    }
}

fn are_one_moment(sent: &str, seen: &str) -> bool {
    Moment::read(sent).zip(Moment::read(seen)).is_some_and(|(sent, seen)| seen.is(sent))
}

/// Whether a property tells about changes, so that a server sets it as it likes.
pub(super) fn is_bookkeeping(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    BOOKKEEPING.iter().any(|word| name.contains(word))
}

/// A property in which two sights of an item differ.
pub(super) struct Difference {
    name: String,
    was: Value,
    is: Value,
}

impl Difference {
    /// The failure that it is, said of something.
    pub(super) fn failure(&self, what: &str) -> Failure {
        let (was, is) = (brief(&self.was), brief(&self.is));
        Failure::at(place(&self.name), &was, &is, format!("{what}: `{}` is {is}, and was {was}", self.name))
    }
}

/// The place of a property in an item, for people.
pub(super) fn place(path: &str) -> String {
    format!("/{path}")
}

/// The first property, of those that both have, in which two sights of an item differ. What one property of the item
/// holds is looked at member by member.
pub(super) fn difference(before: &Value, after: &Value, inner: Option<&str>, ignore: impl Fn(&str) -> bool) -> Option<Difference> {
    let after = property::members(after, inner);
    property::members(before, inner).into_iter().filter(|(name, _)| !ignore(name)).find_map(|(name, was)| {
        let (_, is) = after.iter().find(|(known, _)| *known == name)?;
        (!kept(was, is)).then(|| Difference { name, was: was.clone(), is: Value::clone(is) })
    })
}

/// A value for people, cut where it gets long.
pub(crate) fn brief(value: &Value) -> String {
    let text = value.to_string();
    let cut: String = text.chars().take(SHOWN).collect();
    if cut.len() < text.len() { format!("`{cut}…`") } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{difference, kept};

    #[test]
    fn what_was_sent_is_kept_by_value_time_and_member() {
        let check = |sent: Value, seen: Value, expected: bool| assert_eq!(kept(&sent, &seen), expected, "{sent} {seen}");
        check(json!(1), json!(1.0), true);
        check(json!("a "), json!("a"), false);
        check(json!("2026-01-01T00:30:00+01:00"), json!("2025-12-31T23:30:00.000Z"), true);
        check(json!("2026-01-01T00:30:00Z"), json!("2026-01-01T00:30:01Z"), false);
        check(json!("2026-01-01T00:30:00.1239Z"), json!("2026-01-01T00:30:00.124Z"), true);
        check(json!({"a": 1}), json!({"a": 1, "b": 2}), true);
        check(json!({"a": 1, "b": 2}), json!({"a": 1}), false);
        check(json!({"a": 1, "b": null}), json!({"a": 1}), true);
        check(json!([1, 2]), json!([2, 1]), false);
        check(json!(null), json!(""), false);
    }

    #[test]
    fn what_one_property_holds_is_compared_member_by_member() {
        let before = json!({"id": 1, "attributes": {"name": "Ana", "age": 3}});
        let after = json!({"id": 1, "attributes": {"name": "Ana", "age": 4}});
        let name = |ignore: &str| difference(&before, &after, Some("attributes"), |name| name == ignore).map(|found| found.name);
        assert_eq!(name(""), Some("attributes/age".to_owned()));
        assert_eq!(name("attributes/age"), None);
    }
}
