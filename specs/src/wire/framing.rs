//! How the bytes of a media type hold values: one JSON text, a sequence of them, or text.

use serde_json::Value;

/// How a media type holds values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// One value as JSON.
    Json,
    /// A value per line (NDJSON).
    Lines,
    /// Values each after a record separator (RFC 7464).
    Records,
    /// Server-sent events.
    Events,
    /// Text; what is no text stands as JSON.
    Text,
}

impl Framing {
    /// By the name of a media type, without its parameters.
    #[must_use]
    pub fn of(essence: &str, is_json: bool) -> Self {
        match essence {
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/json-lines"
            | "text/x-ndjson"
            | "application/stream+json" => Self::Lines,
            "application/json-seq" => Self::Records,
            "text/event-stream" => Self::Events,
            _ if essence.ends_with("+json-seq") => Self::Records,
            _ if is_json => Self::Json,
            _ => Self::Text,
        }
    }

    /// Whether a body holds several values, one after the other.
    #[must_use]
    pub fn is_sequence(self) -> bool {
        matches!(self, Self::Lines | Self::Records | Self::Events)
    }

    /// The body that holds these values; of those that hold one value, the first.
    #[must_use]
    pub fn body(self, values: &[Value]) -> Vec<u8> {
        let mut body = String::new();
        match self {
            Self::Json => body = values.first().map(Value::to_string).unwrap_or_default(),
            Self::Text => body = values.first().map(plain).unwrap_or_default(),
            Self::Lines => values.iter().for_each(|value| body.extend([&value.to_string(), "\n"])),
            Self::Records => values.iter().for_each(|value| body.extend(["\u{1e}", &value.to_string(), "\n"])),
            Self::Events => values.iter().for_each(|value| event(value, &mut body)),
        }
        body.into_bytes()
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// One event. An object of nothing but the fields of an event is that event; anything else is the data of one.
fn event(value: &Value, body: &mut String) {
    const FIELDS: [&str; 4] = ["event", "id", "retry", "data"];
    match value.as_object().filter(|map| map.contains_key("data") && map.keys().all(|name| FIELDS.contains(&name.as_str()))) {
        Some(map) => FIELDS.iter().filter_map(|name| Some((name, map.get(*name)?))).for_each(|(name, value)| field(name, value, body)),
        None => field("data", value, body),
    }
    body.push('\n');
}

/// A text of several lines is as many fields.
fn field(name: &str, value: &Value, body: &mut String) {
    for line in plain(value).split(['\n', '\r']) {
        body.extend([name, ": ", line, "\n"]);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(essence: &str, values: &[Value], expected: &str) {
        let framing = Framing::of(essence, essence.ends_with("json"));
        assert_eq!(String::from_utf8(framing.body(values)).unwrap(), expected, "{essence}");
    }

    #[test]
    fn a_sequence_has_a_frame_around_each_value() {
        let values = [json!({"a": 1}), json!("b\nc")];
        check("application/x-ndjson", &values, "{\"a\":1}\n\"b\\nc\"\n");
        check("application/json-seq", &values, "\u{1e}{\"a\":1}\n\u{1e}\"b\\nc\"\n");
        check("text/event-stream", &values, "data: {\"a\":1}\n\ndata: b\ndata: c\n\n");
        check("text/event-stream", &[json!({"data": {"a": 1}, "id": 7})], "id: 7\ndata: {\"a\":1}\n\n");
        check("application/json", &values, "{\"a\":1}");
        check("text/plain", &values[1..], "b\nc");
    }
}
