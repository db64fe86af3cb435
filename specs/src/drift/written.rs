//! Places and words of a document as it was written, for what is known of it as it was normalized.

use serde_json::{Value, json};

use crate::{api::Status, document::Document, pages::Type, pointer};

/// The pointer of a normalized place in the document as it was written: schemas that admit null may have been wrapped.
pub(super) fn pointer(document: &Document, normalized: &str) -> String {
    let mut at = String::new();
    let mut skip = false;
    for token in pointer::tokens(normalized) {
        if std::mem::take(&mut skip) {
            continue;
        }
        let is_wrapper = token == "anyOf" && pointer::get(&document.value, &pointer::join(&at, "anyOf")).is_none();
        if is_wrapper && pointer::get(&document.value, &at).is_some_and(Value::is_object) {
            skip = true;
            continue;
        }
        pointer::push(&mut at, &token);
    }
    at
}

/// Whether the document is OpenAPI 3.0, where null is admitted by `nullable`.
pub(super) fn is_early(document: &Document) -> bool {
    document.value.get("openapi").and_then(Value::as_str).is_none_or(|version| version.starts_with("3.0"))
}

/// A type as a schema.
pub(super) fn schema(kind: &Type) -> Value {
    let mut made = match kind.names.as_slice() {
        [] => json!({}),
        [one] => json!({ "type": one }),
        several => json!({ "anyOf": several.iter().map(|one| json!({ "type": one })).collect::<Vec<_>>() }),
    };
    if let Some(format) = &kind.format {
        made["format"] = json!(format);
    }
    if kind.names == ["array"] {
        made["items"] = kind.items.as_deref().map_or_else(|| json!({}), schema);
    }
    made
}

/// A status as a key of `responses`.
pub(super) fn status(status: Status) -> String {
    match status {
        Status::Exactly(code) => code.to_string(),
        Status::Range(hundreds) => format!("{hundreds}XX"),
        Status::Default => "default".to_owned(),
    }
}
