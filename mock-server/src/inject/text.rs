//! The compact text of rules: `status=503; times=2, delay=200ms..2s; operation=list_notes`, or the name of a profile.
//!
//! It says nothing that the long form, in a file or over the control API, does not: each rule is taken apart into the
//! same members.

use serde_json::{Map, Value};

/// The rules of a text, as the long form has them. A word without a value wants what it names.
pub(super) fn rules(text: &str) -> Vec<Map<String, Value>> {
    parts(text, ',').map(members).filter(|members| !members.is_empty()).collect()
}

fn members(rule: &str) -> Map<String, Value> {
    parts(rule, ';').map(member).collect()
}

fn member(part: &str) -> (String, Value) {
    match part.split_once('=') {
        Some((name, value)) => (name.trim().to_owned(), Value::String(unquoted(value.trim()))),
        // A status is what is wanted most.
        None if part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()) => ("status".to_owned(), part.into()),
        None => (part.to_owned(), Value::Bool(true)),
    }
}

/// What stands between separators that are in no quotes and no brackets.
fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut depth) = (false, 0_usize);
    let parts = text.split(move |letter| {
        match letter {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == separator && !quoted && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty())
}

fn unquoted(text: &str) -> String {
    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text).to_owned()
}

/// The compact text of a rule.
pub(super) fn written<'m>(members: impl Iterator<Item = (&'m String, &'m Value)>) -> String {
    let each = members.map(|(name, value)| match value {
        Value::Bool(true) => name.clone(),
        Value::String(text) if text.contains([',', ';', '"']) && !text.ends_with(')') => format!("{name}=\"{text}\""),
        Value::String(text) => format!("{name}={text}"),
        other => format!("{name}={other}"),
    });
    each.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(text: &str, expected: &Value) {
        assert_eq!(json!(rules(text)), *expected, "{text}");
    }

    #[test]
    fn a_text_is_taken_apart_where_nothing_holds_it_together() {
        check("status=503; times=2", &json!([{ "status": "503", "times": "2" }]));
        check("cut, delay = 1s ;cut=after", &json!([{ "cut": true }, { "delay": "1s", "cut": "after" }]));
        check("delay=normal(1s, 2s); times=3", &json!([{ "delay": "normal(1s, 2s)", "times": "3" }]));
        check("content-type=\"text/html; a=b\"; empty", &json!([{ "content-type": "text/html; a=b", "empty": true }]));
        check("slow", &json!([{ "slow": true }]));
        check("503", &json!([{ "status": "503" }]));
        check(" ,; ", &json!([]));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let rule = json!({ "delay": "normal(1s, 2s)", "cut": true, "times": 3, "content_type": "text/html; a=b" });
        assert_eq!(written(rule.as_object().unwrap().iter()), "delay=normal(1s, 2s); cut; times=3; content_type=\"text/html; a=b\"");
    }
}
