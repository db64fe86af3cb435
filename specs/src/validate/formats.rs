//! Formats of OpenAPI that JSON Schema does not have. The ranges of whole numbers are limits since `normalize`.

use serde_json::{Map, Value, json};

use jsonschema::ValidationOptions;

/// Adds the checks of texts.
pub(super) fn add(options: ValidationOptions<'_>) -> ValidationOptions<'_> {
    options.with_format("byte", is_base64).with_format("base64", is_base64).with_format("base64url", is_base64url)
}

/// Adds what a format says of a number, where no limit of the document's own is there.
pub(super) fn limit(schema: &mut Map<String, Value>) {
    let is_float = schema.get("format").is_some_and(|format| format == "float");
    let is_number =
        schema.get("type").is_some_and(|kind| kind == "number" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("number"))));
    if is_float && is_number {
        schema.entry("minimum").or_insert(json!(f64::from(f32::MIN)));
        schema.entry("maximum").or_insert(json!(f64::from(f32::MAX)));
    }
}

/// RFC 4648, section 4: the padding is part of it.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    text.len().is_multiple_of(4) && padding <= 2 && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

/// RFC 4648, section 5, where padding may be left out.
fn is_base64url(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let has_sense = digits.len() % 4 != 1 && (padding == 0 || text.len().is_multiple_of(4) && padding <= 2);
    has_sense && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
