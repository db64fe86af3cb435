//! Values that a conversation knows by name, and texts that name them.

use indexmap::IndexMap;
use serde_json::Value;

use crate::wire;

/// Values by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept(IndexMap<String, Value>);

/// A piece of a text.
enum Piece<'t> {
    Plain(&'t str),
    Name(&'t str),
}

impl Kept {
    pub(super) fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The text with values in the place of their names.
    pub(super) fn text(&self, written: &str) -> String {
        self.filled(written, wire::scalar)
    }

    /// The path and query with values in the place of their names, percent-encoded.
    pub(super) fn target(&self, written: &str) -> String {
        self.filled(written, |value| wire::encode(&wire::scalar(value)))
    }

    /// The value with values in the place of their names. A name that is all of a text gives its value as it is.
    pub(super) fn value(&self, written: &Value) -> Value {
        match written {
            Value::String(text) => match pieces(text)[..] {
                [Piece::Name(name)] => self.0.get(name).cloned().unwrap_or(Value::Null),
                _ => Value::String(self.text(text)),
            },
            Value::Array(elements) => elements.iter().map(|element| self.value(element)).collect(),
            Value::Object(members) => members.iter().map(|(key, member)| (key.clone(), self.value(member))).collect(),
            other => other.clone(),
        }
    }

    fn filled(&self, written: &str, write: impl Fn(&Value) -> String) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Plain(text) => (*text).to_owned(),
            Piece::Name(name) => self.0.get(*name).map(&write).unwrap_or_default(),
        };
        pieces(written).iter().map(text).collect()
    }
}

/// The names in a text.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Name(name) => Some(name),
        Piece::Plain(_) => None,
    })
}

/// Whether texts can name a value so.
pub(super) fn is_name(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(is_inner)
}

/// `{name}` is a name, `{{name}}` the text `{name}`, and every other brace itself.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        let Some(close) = text[open..].find('}').map(|close| open + close) else { break };
        if let Some(inner) = text[open..close].strip_prefix("{{").filter(|inner| is_name(inner) && text[close..].starts_with("}}")) {
            let from = open + 1;
            found.extend([Piece::Plain(&text[plain..open]), Piece::Plain(&text[from..=from + 1 + inner.len()])]);
            (plain, at) = (close + 2, close + 2);
        } else if is_name(&text[open + 1..close]) {
            found.extend([Piece::Plain(&text[plain..open]), Piece::Name(&text[open + 1..close])]);
            (plain, at) = (close + 1, close + 1);
        } else {
            at = open + 1;
        }
    }
    found.push(Piece::Plain(&text[plain..]));
    found.retain(|piece| !matches!(piece, Piece::Plain("")));
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Kept, names};

    #[test]
    fn names_stand_for_values_and_doubled_braces_for_themselves() {
        let mut kept = Kept::default();
        kept.put("note", json!("a/b"));
        kept.put("size", json!(3));
        assert_eq!(kept.target("/notes/{note}?n={size}"), "/notes/a%2Fb?n=3");
        assert_eq!(kept.value(&json!({"a": ["{size}", "{note}: {size}", 1]})), json!({"a": [3, "a/b: 3", 1]}));
        for (written, meant) in [
            ("{{note}}", "{note}"),
            (r#"{"note":{}}"#, r#"{"note":{}}"#),
            ("{", "{"),
            ("}{note", "}{note"),
            ("{{{note}}}", "{{note}}"),
            ("", ""),
        ] {
            assert_eq!(kept.text(written), meant, "{written}");
        }
        assert_eq!(names("{a} {{b}} {C} {d-e_1}").collect::<Vec<_>>(), ["a", "d-e_1"]);
    }
}
