//! Whether a value is what was sent, and whether an item stayed as it was.

use serde_json::Value;

/// Words in the names of properties that a server keeps about changes.
const BOOKKEEPING: [&str; 8] = ["updat", "modif", "edit", "chang", "version", "etag", "revision", "last"];
/// How much of a value is shown.
const SHOWN: usize = 80;

/// Whether `seen` is what was `sent`: numbers by value, moments by time, objects in every member that was sent.
pub(crate) fn kept(sent: &Value, seen: &Value) -> bool {
    match (sent, seen) {
        (Value::Number(sent), Value::Number(seen)) => sent == seen || sent.as_f64() == seen.as_f64(),
        (Value::String(sent), Value::String(seen)) => sent == seen || moment(sent).is_some_and(|sent| Some(sent) == moment(seen)),
        (Value::Array(sent), Value::Array(seen)) => sent.len() == seen.len() && sent.iter().zip(seen).all(|(sent, seen)| kept(sent, seen)),
        (Value::Object(sent), Value::Object(seen)) => sent.iter().all(|(name, sent)| seen.get(name).is_some_and(|seen| kept(sent, seen))),
        _ => sent == seen,
    }
}

/// A moment as seconds and their fraction in UTC; `None` for what is no RFC 3339 date and time.
fn moment(text: &str) -> Option<(i64, String)> {
    let (date, rest) = text.split_once(['T', 't'])?;
    let (time, offset) = rest.split_at(rest.rfind(['Z', 'z', '+', '-'])?);
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let numbers = |text: &str, between: char| text.split(between).map(|part| part.parse::<i64>().ok()).collect::<Option<Vec<_>>>();
    let [year, month, day] = numbers(date, '-')?[..] else { return None };
    let [hour, minute, second] = numbers(clock, ':')?[..] else { return None };
    let shift = match offset {
        "Z" | "z" => 0,
        _ => {
            let [hours, minutes] = numbers(&offset[1..], ':')?[..] else { return None };
            (hours * 60 + minutes) * if offset.starts_with('-') { -60 } else { 60 }
        }
    };
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - shift;
    Some((seconds, fraction.trim_end_matches('0').to_owned()))
}

/// Days since a fixed one, in the Gregorian calendar, with years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
}

/// Whether a property tells about changes, so that a server sets it as it likes.
pub(super) fn is_bookkeeping(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    BOOKKEEPING.iter().any(|word| name.contains(word))
}

/// The first property, of those that both have, in which two sights of an item differ.
pub(super) fn difference(before: &Value, after: &Value, ignore: impl Fn(&str) -> bool) -> Option<String> {
    let (before, after) = (before.as_object()?, after.as_object()?);
    before.iter().filter(|(name, _)| !ignore(name)).find_map(|(name, old)| {
        let new = after.get(name)?;
        (!kept(old, new)).then(|| format!("`{name}` is {}, and was {}", brief(new), brief(old)))
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

    use super::kept;

    #[test]
    fn what_was_sent_is_kept_by_value_time_and_member() {
        let check = |sent: Value, seen: Value, expected: bool| assert_eq!(kept(&sent, &seen), expected, "{sent} {seen}");
        check(json!(1), json!(1.0), true);
        check(json!("a "), json!("a"), false);
        check(json!("2026-01-01T00:30:00+01:00"), json!("2025-12-31T23:30:00.000Z"), true);
        check(json!("2026-01-01T00:30:00Z"), json!("2026-01-01T00:30:01Z"), false);
        check(json!("2024-03-01T00:00:00Z"), json!("2024-02-29T24:00:00Z"), true);
        check(json!({"a": 1}), json!({"a": 1, "b": 2}), true);
        check(json!({"a": 1, "b": 2}), json!({"a": 1}), false);
        check(json!([1, 2]), json!([2, 1]), false);
        check(json!(null), json!(""), false);
    }
}
