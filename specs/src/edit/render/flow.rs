//! Values in brackets, in a line, and as JSON that is written in lines.

use serde_json::Value;

use super::{Around, Look, scalar};

/// A value in a line.
pub(in crate::edit) fn flow(value: &Value, look: &Look) -> String {
    let comma = format!(",{}", look.space);
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| flow(item, look)).collect();
            format!("[{}]", items.join(&comma))
        }
        Value::Object(members) => {
            let members: Vec<_> = members.iter().map(|(key, value)| pair(key, &flow(value, look), look)).collect();
            format!("{{{}}}", members.join(&comma))
        }
        _ => scalar(value, None, Around::Brackets, look),
    }
}

/// A value in as many lines as it has members, the first without its indentation.
pub(in crate::edit) fn pretty(value: &Value, indent: &str, look: &Look) -> String {
    let inner = format!("{indent}{}", look.step);
    let (open, close, entries) = match value {
        Value::Array(items) if !items.is_empty() => ('[', ']', items.iter().map(|item| pretty(item, &inner, look)).collect::<Vec<_>>()),
        Value::Object(members) if !members.is_empty() => {
            ('{', '}', members.iter().map(|(key, value)| pair(key, &pretty(value, &inner, look), look)).collect())
        }
        _ => return flow(value, look),
    };
    let newline = look.newline;
    format!("{open}{newline}{inner}{}{newline}{indent}{close}", entries.join(&format!(",{newline}{inner}")))
}

pub(in crate::edit) fn pair(key: &str, value: &str, look: &Look) -> String {
    let key = scalar(&Value::String(key.to_owned()), None, Around::Brackets, look);
    format!("{key}:{}{value}", look.space)
}
