//! Values as path, query, header and cookie parameters, by the rules of OpenAPI 3.0.3, "Style Values".

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::NotSent;

/// How a value is written; `Exploded` spreads the elements of arrays and objects over several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are OpenAPI's")]
pub enum Style {
    Simple,
    SimpleExploded,
    Label,
    LabelExploded,
    Matrix,
    MatrixExploded,
    Form,
    FormExploded,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// A parameter with `content`: JSON text.
    Json,
}

/// The pairs of a query string, in the order of the document's parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Adds a parameter, unless it is not set.
    ///
    /// # Errors
    /// When the value cannot be written as JSON, from which all styles start.
    pub fn add(&mut self, name: &str, value: &impl Serialize, style: Style) -> Result<(), NotSent> {
        match to_value(name, value)? {
            Value::Null => {}
            value if style == Style::Json => self.pairs.push((name.to_owned(), value.to_string())),
            Value::Array(items) => self.add_items(name, &items, style),
            Value::Object(members) if style == Style::DeepObject => self.add_deep(name, &Value::Object(members)),
            Value::Object(members) if style == Style::FormExploded => {
                self.pairs.extend(members.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.clone(), text(value))));
            }
            Value::Object(members) => self.pairs.push((name.to_owned(), flat(&members).join(","))),
            scalar => self.pairs.push((name.to_owned(), text(&scalar))),
        }
        Ok(())
    }

    /// The pairs as `application/x-www-form-urlencoded`.
    pub(crate) fn encoded(&self) -> String {
        let Ok(mut url) = reqwest::Url::parse("form:/") else { return String::new() };
        url.query_pairs_mut().extend_pairs(&self.pairs);
        url.query().unwrap_or_default().to_owned()
    }

    fn add_items(&mut self, name: &str, items: &[Value], style: Style) {
        let texts: Vec<String> = items.iter().map(text).collect();
        let joined = match style {
            _ if texts.is_empty() => return,
            Style::DeepObject if items.iter().any(Value::is_object) => {
                return items.iter().enumerate().for_each(|(position, item)| self.add_deep(&format!("{name}[{position}]"), item));
            }
            Style::FormExploded | Style::DeepObject => return self.pairs.extend(texts.into_iter().map(|text| (name.to_owned(), text))),
            Style::SpaceDelimited => texts.join(" "),
            Style::PipeDelimited => texts.join("|"),
            _ => texts.join(","),
        };
        self.pairs.push((name.to_owned(), joined));
    }

    fn add_deep(&mut self, name: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::Object(members) => members.iter().for_each(|(key, value)| self.add_deep(&format!("{name}[{key}]"), value)),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(position, item)| self.add_deep(&format!("{name}[{position}]"), item));
            }
            scalar => self.pairs.push((name.to_owned(), text(scalar))),
        }
    }
}

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.pairs.iter().map(|(name, value)| (name, value)))
    }
}

/// A path parameter, not yet percent-encoded.
///
/// # Errors
/// When the text is empty, `.` or `..`: the URL would name something else.
pub fn path(name: &str, value: &impl Serialize, style: Style) -> Result<String, NotSent> {
    let written = in_path(name, &to_value(name, value)?, style);
    match written.as_str() {
        "" | "." | ".." => Err(NotSent::new(format!("path parameter `{name}` is `{written}`, which would name another path"))),
        _ => Ok(written),
    }
}

/// A header parameter; `None` when it is not set.
///
/// # Errors
/// When the value cannot be written as JSON, from which all styles start.
pub fn header(name: &str, value: &impl Serialize, style: Style) -> Result<Option<String>, NotSent> {
    Ok(match to_value(name, value)? {
        Value::Null => None,
        value if style == Style::Json => Some(value.to_string()),
        Value::Array(items) => Some(texts(&items).join(",")),
        Value::Object(members) if style == Style::SimpleExploded => Some(members_as_pairs(&members).join(",")),
        Value::Object(members) => Some(flat(&members).join(",")),
        scalar => Some(text(&scalar)),
    })
}

/// The `Cookie` header of the parameters that are set, by name and text; `None` when none is.
#[must_use]
pub fn cookies(pairs: &[(&str, Option<String>)]) -> Option<String> {
    let set: Vec<String> = pairs.iter().filter_map(|(name, text)| text.as_ref().map(|text| format!("{name}={text}"))).collect();
    (!set.is_empty()).then(|| set.join("; "))
}

fn in_path(name: &str, value: &Value, style: Style) -> String {
    let parts = match value {
        Value::Array(items) => texts(items),
        Value::Object(members) if matches!(style, Style::SimpleExploded | Style::LabelExploded | Style::MatrixExploded) => {
            members_as_pairs(members)
        }
        Value::Object(members) => flat(members),
        scalar => vec![text(scalar)],
    };
    match style {
        Style::Label => format!(".{}", parts.join(",")),
        Style::LabelExploded => format!(".{}", parts.join(".")),
        Style::MatrixExploded if value.is_object() => format!(";{}", parts.join(";")),
        Style::MatrixExploded => format!(";{name}={}", parts.join(&format!(";{name}="))),
        Style::Matrix => format!(";{name}={}", parts.join(",")),
        Style::Json => value.to_string(),
        _ => parts.join(","),
    }
}

fn to_value(name: &str, value: &impl Serialize) -> Result<Value, NotSent> {
    serde_json::to_value(value).map_err(|error| NotSent::new(format!("parameter `{name}` cannot be written: {error}")))
}

fn texts(items: &[Value]) -> Vec<String> {
    items.iter().map(text).collect()
}

fn flat(members: &serde_json::Map<String, Value>) -> Vec<String> {
    members.iter().filter(|(_, value)| !value.is_null()).flat_map(|(key, value)| [key.clone(), text(value)]).collect()
}

fn members_as_pairs(members: &serde_json::Map<String, Value>) -> Vec<String> {
    members.iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| format!("{key}={}", text(value))).collect()
}

/// Text without quotes; a whole number without `.0`, as servers that parse integers expect.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_query_is_written_as_its_style_says() {
        let check = |value: Value, style: Style, expected: &[(&str, &str)]| {
            let mut query = Query::default();
            query.add("f", &value, style).unwrap();
            let expected: Vec<(String, String)> = expected.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            assert_eq!(query.pairs, expected, "{value} {style:?}");
        };
        check(json!(null), Style::FormExploded, &[]);
        check(json!([]), Style::Form, &[]);
        check(json!(1.0), Style::FormExploded, &[("f", "1")]);
        check(json!(["a", "b,c"]), Style::FormExploded, &[("f", "a"), ("f", "b,c")]);
        check(json!(["a", 2]), Style::Form, &[("f", "a,2")]);
        check(json!(["a", "b"]), Style::SpaceDelimited, &[("f", "a b")]);
        check(json!(["a", "b"]), Style::PipeDelimited, &[("f", "a|b")]);
        check(json!({"r": 1, "g": null}), Style::FormExploded, &[("r", "1")]);
        check(json!({"r": 1, "g": 2}), Style::Form, &[("f", "r,1,g,2")]);
        check(json!({"r": {"gte": 1}, "g": ["x", "y"]}), Style::DeepObject, &[("f[r][gte]", "1"), ("f[g][0]", "x"), ("f[g][1]", "y")]);
        check(json!({"r": 1}), Style::Json, &[("f", "{\"r\":1}")]);
    }

    #[test]
    fn a_path_is_written_as_its_style_says() {
        let check = |value: Value, style: Style, expected: &str| {
            assert_eq!(path("id", &value, style).unwrap(), expected, "{value} {style:?}");
        };
        check(json!("a/b"), Style::Simple, "a/b");
        check(json!([3, 4]), Style::Simple, "3,4");
        check(json!({"r": 1}), Style::SimpleExploded, "r=1");
        check(json!([3, 4]), Style::LabelExploded, ".3.4");
        check(json!(5), Style::Matrix, ";id=5");
        check(json!([3, 4]), Style::MatrixExploded, ";id=3;id=4");
        check(json!({"r": 1, "g": 2}), Style::MatrixExploded, ";r=1;g=2");
    }

    #[test]
    fn a_path_that_would_name_another_is_not_sent() {
        for text in ["", ".", ".."] {
            assert!(path("id", &text, Style::Simple).is_err(), "{text}");
        }
    }
}
