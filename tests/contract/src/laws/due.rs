//! What is due of a value that was sent: what of it the document says is shown, and what of it means the same.

use serde_json::Value;
use specs::api::{Operation, SchemaId};

use super::same::kept;
use crate::suite::Suite;

/// Formats of text that means the same in letters of any case.
const CASELESS: [&str; 5] = ["email", "idn-email", "hostname", "idn-hostname", "uuid"];

/// What is due of a property.
pub(super) struct Due {
    value: Value,
    format: String,
}

impl Due {
    /// Of a value that an operation sends as this property.
    pub(super) fn of(suite: &Suite, change: &Operation, path: &str, sent: &Value) -> Self {
        let schema = suite.sent(change).and_then(|item| suite.part(&item, path));
        let shown = suite.shown_property(change, path);
        let format = schema.as_ref().and_then(|schema| suite.api.schemas.resolve(schema).1.get("format")?.as_str()).unwrap_or_default();
        let value = schema.as_ref().map_or_else(|| sent.clone(), |schema| shown_of(suite, schema, shown.as_ref(), sent));
        Self { format: format.to_owned(), value }
    }

    /// Whether this is what is due.
    pub(super) fn is(&self, seen: &Value) -> bool {
        let texts = self.value.as_str().zip(seen.as_str());
        let means_the_same = |(due, seen): (&str, &str)| match self.format.as_str() {
            format if CASELESS.contains(&format) => due.eq_ignore_ascii_case(seen),
            "uri" | "url" | "iri" => due.trim_end_matches('/').eq_ignore_ascii_case(seen.trim_end_matches('/')),
            _ => false,
        };
        kept(&self.value, seen) || texts.is_some_and(means_the_same)
    }
}

/// The value without the members that are only sent, or only shown, or of which no answer is declared to have them.
fn shown_of(suite: &Suite, sent: &SchemaId, shown: Option<&SchemaId>, value: &Value) -> Value {
    let schemas = &suite.api.schemas;
    match value {
        Value::Object(members) => {
            let declared = shown.map(|shown| schemas.properties(shown)).unwrap_or_default();
            let own = |name: &str| declared.iter().find(|(known, _)| known == name).map(|(_, schema)| schema);
            let kept = members.iter().filter_map(|(name, member)| {
                let schema = schemas.property(sent, name);
                let is_one_way = |schema: &SchemaId| schemas.is_marked(schema, "writeOnly") || schemas.is_marked(schema, "readOnly");
                if schema.as_ref().is_some_and(is_one_way) || !declared.is_empty() && own(name).is_none() {
                    return None;
                }
                let member = schema.map_or_else(|| member.clone(), |schema| shown_of(suite, &schema, own(name), member));
                Some((name.clone(), member))
            });
            Value::Object(kept.collect())
        }
        Value::Array(elements) => {
            let (sent, shown) = (schemas.items(sent), shown.and_then(|shown| schemas.items(shown)));
            let of = |element: &Value| sent.as_ref().map_or_else(|| element.clone(), |sent| shown_of(suite, sent, shown.as_ref(), element));
            elements.iter().map(of).collect()
        }
        other => other.clone(),
    }
}
