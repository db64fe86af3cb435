//! Security definitions become security schemes.

use serde_json::{Map, Value, json};

/// A security definition as 3.0 writes it.
pub(super) fn convert(definition: Value) -> Value {
    let Value::Object(mut object) = definition else { return definition };
    match object.get("type").and_then(Value::as_str) {
        Some("basic") => {
            object.insert("type".to_owned(), "http".into());
            object.insert("scheme".to_owned(), "basic".into());
        }
        Some("oauth2") => oauth2(&mut object),
        _ => {}
    }
    object.into()
}

fn oauth2(object: &mut Map<String, Value>) {
    let name = match object.shift_remove("flow").as_ref().and_then(Value::as_str) {
        Some("implicit") => "implicit",
        Some("password") => "password",
        Some("application" | "clientCredentials" | "client_credentials") => "clientCredentials",
        _ => "authorizationCode",
    };
    let mut flow = Map::new();
    for member in ["authorizationUrl", "tokenUrl"] {
        if let Some(url) = object.shift_remove(member) {
            flow.insert(member.to_owned(), url);
        }
    }
    flow.insert("scopes".to_owned(), object.shift_remove("scopes").filter(Value::is_object).unwrap_or_else(|| json!({})));
    object.insert("flows".to_owned(), json!({ name: flow }));
}
