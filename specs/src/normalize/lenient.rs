//! Schemas that say what they mean in words that JSON Schema does not have.

use serde_json::{Map, Value, json};

use super::{Walk, keywords};

/// Words for types, the type that is meant, and the format.
const TYPES: &[(&str, &str, &str)] = &[
    ("any", "", ""),
    ("", "", ""),
    ("mixed", "", ""),
    ("unknown", "", ""),
    ("file", "string", "binary"),
    ("binary", "string", "binary"),
    ("date", "string", "date"),
    ("datetime", "string", "date-time"),
    ("date-time", "string", "date-time"),
    ("timestamp", "string", "date-time"),
    ("time", "string", "time"),
    ("uuid", "string", "uuid"),
    ("uri", "string", "uri"),
    ("url", "string", "uri"),
    ("email", "string", "email"),
    ("str", "string", ""),
    ("text", "string", ""),
    ("char", "string", ""),
    ("enum", "string", ""),
    ("int", "integer", ""),
    ("int32", "integer", "int32"),
    ("int64", "integer", "int64"),
    ("long", "integer", "int64"),
    ("short", "integer", ""),
    ("float", "number", "float"),
    ("double", "number", "double"),
    ("decimal", "number", ""),
    ("numeric", "number", ""),
    ("bool", "boolean", ""),
    ("list", "array", ""),
    ("map", "object", ""),
    ("dict", "object", ""),
    ("hash", "object", ""),
    ("json", "", ""),
    ("none", "null", ""),
    ("nil", "null", ""),
];

/// The type and format that a word means that is no type.
fn meant(word: &str) -> Option<(String, &'static str)> {
    let low = word.trim().to_ascii_lowercase();
    let known = TYPES.iter().find(|(name, ..)| *name == low).map(|(_, name, format)| ((*name).to_owned(), *format));
    known.or_else(|| super::schema::TYPES.contains(&low.as_str()).then_some((low, "")))
}

impl Walk<'_, '_> {
    /// A type that is none is taken for the one that it means.
    pub(super) fn type_word(&mut self, object: &mut Map<String, Value>) {
        let Some(Value::String(word)) = object.get("type") else { return };
        let Some((name, format)) = meant(word).filter(|(name, _)| name != word) else { return };
        let help = match (name.as_str(), format) {
            ("", _) => "leave `type` out".to_owned(),
            (name, "") => format!("write `type: {name}`"),
            (name, format) => format!("write `type: {name}` and `format: {format}`"),
        };
        let message = format!("`{word}` is no type");
        self.below("type", |walk| walk.problems.warning("schema-type", &walk.at, &message, &help));
        if name.is_empty() {
            object.shift_remove("type");
        } else {
            object.insert("type".to_owned(), name.into());
        }
        if !format.is_empty() {
            object.entry("format").or_insert(format.into());
        }
    }

    /// In a list of types each counts for itself: a word for a type is read as that, and one that means nothing is left
    /// out.
    pub(super) fn type_words(&mut self, object: &mut Map<String, Value>) {
        let Some(Value::Array(words)) = object.get("type") else { return };
        let read = |word: &Value| word.as_str().and_then(meant).map(|(name, _)| name);
        let names: Vec<Option<String>> = words.iter().map(read).collect();
        let is_fine = |(word, name): (&Value, &Option<String>)| name.as_deref().is_some_and(|name| word == name);
        // Where all are unknown the type as a whole is, which is told as that.
        if names.iter().all(Option::is_none) || words.iter().zip(&names).all(is_fine) {
            return;
        }
        let admits_all = names.iter().flatten().any(String::is_empty);
        let mut kept: Vec<Value> = Vec::new();
        for name in names.into_iter().flatten().map(Value::from) {
            if !kept.contains(&name) {
                kept.push(name);
            }
        }
        let kept = Value::Array(kept);
        let help = if admits_all { "leave `type` out".to_owned() } else { format!("write `type: {kept}`") };
        let message = format!("of the types {} not all are types", object["type"]);
        self.below("type", |walk| walk.problems.warning("schema-type", &walk.at, &message, &help));
        if admits_all {
            object.shift_remove("type");
        } else {
            object.insert("type".to_owned(), kept);
        }
    }

    /// An `enum` beside `type: array` that lists what its items may be, or one that is a list in a list.
    pub(super) fn misplaced_enum(&mut self, object: &mut Map<String, Value>) {
        let Some(Value::Array(values)) = object.get("enum") else { return };
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        let (message, help) = match kind {
            "array" if !values.iter().any(Value::is_array) => ("the `enum` of a list is read as that of its items", "move it to `items`"),
            "string" | "integer" | "number" | "boolean" if values.iter().all(Value::is_array) => {
                ("an `enum` of lists is read as the list of what is in them", "write one list")
            }
            _ => return,
        };
        let is_list = kind == "array";
        self.below("enum", |walk| walk.problems.warning("schema-keyword", &walk.at, message, help));
        let Some(Value::Array(values)) = object.shift_remove("enum") else { return };
        if !is_list {
            let flat: Vec<Value> =
                values.into_iter().filter_map(|one| if let Value::Array(of) = one { Some(of) } else { None }).flatten().collect();
            if !flat.is_empty() {
                object.insert("enum".to_owned(), flat.into());
            }
            return;
        }
        // Items that say themselves what they may be, or that are another schema, are left as they are.
        let items = object.entry("items").or_insert_with(|| json!({}));
        if let Value::Object(items) = items
            && !items.contains_key("$ref")
            && !items.contains_key("enum")
        {
            items.insert("enum".to_owned(), values.into());
        }
    }

    /// `required: true` at a property is how draft 3 said that its parent requires it.
    pub(super) fn required_properties(&mut self, object: &mut Map<String, Value>) {
        let Some(Value::Object(properties)) = object.get_mut("properties") else { return };
        let mut required = Vec::new();
        for (name, property) in properties.iter_mut() {
            let Some(flag) = property.get("required").and_then(flag) else { continue };
            let message =
                format!("`required` at a property means nothing; `{name}` is taken as {}", if flag { "required" } else { "optional" });
            let place = ["properties", name, "required"].iter().fold(self.at.clone(), |at, token| crate::pointer::join(&at, token));
            self.problems.warning("required-property", &place, &message, "name it in the list `required` of the object");
            property.as_object_mut().and_then(|property| property.shift_remove("required"));
            if flag {
                required.push(Value::from(name.as_str()));
            }
        }
        if required.is_empty() {
            return;
        }
        match object.get_mut("required") {
            Some(Value::Array(names)) => names.extend(required),
            _ => drop(object.insert("required".to_owned(), required.into())),
        }
    }

    /// Values that are written otherwise than a keyword takes them, and clear.
    pub(super) fn clear_values(&mut self, object: &mut Map<String, Value>) {
        if let Some(Value::Array(items)) = object.get("items").filter(|_| !object.contains_key("prefixItems")) {
            let items = items.clone();
            self.below("items", |walk| {
                let message = "a list of `items` is read as `prefixItems`";
                walk.problems.warning("schema-keyword", &walk.at, message, "write one schema, or `prefixItems` in OpenAPI 3.1");
            });
            object.shift_remove("items");
            if !items.is_empty() {
                object.insert("prefixItems".to_owned(), items.into());
            }
        }
        let unclear: Vec<(String, Value)> = object
            .iter()
            .filter(|(keyword, value)| keywords::misfit(keyword, value).is_some())
            .filter_map(|(keyword, value)| Some((keyword.clone(), clear(keyword, value)?)))
            .collect();
        for (keyword, value) in unclear {
            let message = format!("`{keyword}` is read as {value}");
            let help = format!("write `{keyword}: {value}`");
            self.below(&keyword, |walk| walk.problems.warning("schema-keyword", &walk.at, &message, &help));
            object.insert(keyword, value);
        }
        for keyword in ["required", "enum"] {
            self.repeated(object, keyword);
        }
    }

    /// Lists in which each value counts once.
    fn repeated(&mut self, object: &mut Map<String, Value>, keyword: &str) {
        let Some(Value::Array(values)) = object.get_mut(keyword) else { return };
        let mut seen = std::collections::HashSet::new();
        let before = values.len();
        values.retain(|value| seen.insert(value.to_string()));
        if values.len() < before {
            let message = format!("`{keyword}` has values twice");
            self.below(keyword, |walk| walk.problems.warning("repeated-value", &walk.at, &message, "remove one of the two"));
        }
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

/// The value of the right kind that is meant.
fn clear(keyword: &str, value: &Value) -> Option<Value> {
    let text = value.as_str().map(str::trim);
    let made = match (keyword, text) {
        ("required", Some(name)) if !name.is_empty() && flag(value).is_none() => json!([name]),
        ("enum", _) if !value.is_array() && !value.is_object() && !value.is_null() => json!([value]),
        ("pattern" | "format", None) if value.is_number() => value.to_string().into(),
        (_, Some(text)) if value.is_string() => {
            serde_json::from_str::<Value>(text).ok().filter(|value| value.is_number() || value.is_boolean())?
        }
        _ => return None,
    };
    keywords::misfit(keyword, &made).is_none().then_some(made)
}
