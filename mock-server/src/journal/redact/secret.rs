//! Which properties hold secrets: by their names, and by what the documents' schemas say of them.

use std::{collections::HashSet, sync::OnceLock};

use serde_json::Value;
use specs::{Api, api::Schemas};

/// Names of secrets everywhere, in lower case and without what joins words.
const NAMES: &[&str] = &[
    "accesskey",
    "accesstoken",
    "apikey",
    "apisecret",
    "apitoken",
    "authorization",
    "authtoken",
    "bearertoken",
    "clientassertion",
    "clientsecret",
    "codeverifier",
    "credential",
    "credentials",
    "currentpassword",
    "devicecode",
    "idtoken",
    "jwt",
    "newpassword",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "refreshtoken",
    "secret",
    "secretkey",
    "sessiontoken",
    "signingsecret",
    "subjecttoken",
    "token",
    "webhooksecret",
];

/// Whether a name is one of a secret, however its words are joined.
pub(super) fn is_secret(name: &str) -> bool {
    // No name in the list is longer than that with its joints.
    name.len() <= 32 && NAMES.binary_search(&plain(name).as_str()).is_ok()
}

/// A name in lower case, without what joins words.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| !matches!(letter, '_' | '-' | '.' | ' ')).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The properties that one provider's document calls `writeOnly` or gives the format `password`. A name counts
/// wherever it stands: a body that is refused need not have the form that the document gives it.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) provider: String,
    schemas: Schemas,
    /// Looked for when they are first needed, because documents are large and journals are seldom read.
    names: OnceLock<HashSet<String>>,
}

impl Declared {
    pub(super) fn new(api: &Api) -> Self {
        Self { provider: api.name.clone(), schemas: api.schemas.clone(), names: OnceLock::new() }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.get_or_init(|| declared(&self.schemas)).contains(name)
    }
}

impl Clone for Declared {
    fn clone(&self) -> Self {
        Self { provider: self.provider.clone(), schemas: self.schemas.clone(), names: self.names.clone() }
    }
}

/// The names of all such properties, wherever the document has a schema.
fn declared(schemas: &Schemas) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut next = vec![schemas.root()];
    while let Some(value) = next.pop() {
        match value {
            Value::Object(members) => {
                for (name, schema) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
                    if is_kept_secret(schemas, schema) {
                        found.insert(name.clone());
                    }
                }
                next.extend(members.values());
            }
            Value::Array(elements) => next.extend(elements),
            _ => {}
        }
    }
    found
}

fn is_kept_secret(schemas: &Schemas, schema: &Value) -> bool {
    let says = |schema: &Value| {
        schema.get("writeOnly") == Some(&Value::Bool(true)) || schema.get("format").is_some_and(|format| format == "password")
    };
    let target = || schema.get("$ref").and_then(Value::as_str).and_then(|target| schemas.target(target));
    says(schema) || target().is_some_and(|target| says(schemas.resolve(&target).1))
}

#[cfg(test)]
mod tests {
    use specs::Source;

    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(NAMES.is_sorted());
    }

    #[test]
    fn a_name_is_secret_however_its_words_are_joined() {
        for (name, expected) in [
            ("password", true),
            ("client_secret", true),
            ("clientSecret", true),
            ("API-Key", true),
            ("secretary", false),
            ("page_token", false),
            ("", false),
        ] {
            assert_eq!(is_secret(name), expected, "{name}");
        }
    }

    #[test]
    fn a_document_says_what_it_keeps_secret() {
        let text = "openapi: 3.0.3\ninfo: {title: Kites, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    \
            Pin: {type: string, format: password}\n    Kite:\n      type: object\n      properties:\n        \
            pin: {$ref: '#/components/schemas/Pin'}\n        knot: {type: string, writeOnly: true}\n        tail: {type: string}\n";
        let api = specs::load(&Source::new("kites", "kites.yaml", text.to_owned())).api.unwrap();
        let declared = Declared::new(&api);
        assert_eq!(["pin", "knot", "tail"].map(|name| declared.has(name)), [true, true, false]);
    }
}
