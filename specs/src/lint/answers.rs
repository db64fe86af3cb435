//! The words that say what a response answers (`x-mock.for`): rules, keywords, and places of a request. One that nothing
//! breaks is a response that is never given.

use crate::{
    api::{Api, Operation},
    nearest::nearest,
    pointer,
    problem::Problems,
};

use super::resources::is_declared;

/// The rules by which the mock refuses, and the keywords by which a schema does.
const WORDS: [&str; 63] = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "body-too-large",
    "const",
    "contains",
    "contended",
    "content-encoding",
    "cursor",
    "dependentRequired",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "expired-credentials",
    "failed-test",
    "format",
    "insufficient-scope",
    "invalid-body",
    "invalid-parameter",
    "invalid-patch",
    "invalid-refresh",
    "malformed-body",
    "malformed-credentials",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "media-type",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "missing-body",
    "missing-credentials",
    "missing-parameter",
    "missing-property",
    "multipleOf",
    "no-memory",
    "not",
    "not-acceptable",
    "oneOf",
    "other-tenant",
    "pattern",
    "propertyNames",
    "rate-limited",
    "required",
    "revoked-credentials",
    "style",
    "syntax",
    "taken-id",
    "too-many-rows",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "unknown-credentials",
    "unknown-item",
    "unknown-parent",
    "unknown-preference",
    "wrong-password",
    "wrong-scheme",
];

pub(super) fn lint(api: &Api, problems: &mut Problems) {
    for operation in &api.operations {
        for response in &operation.responses {
            let above = pointer::join(&response.mock.pointer, "for");
            for (position, word) in response.mock.answers.iter().enumerate() {
                if let Some((message, help)) = wrong(api, operation, word) {
                    problems.warning("mock-word", &pointer::index(&above, position), &message, &help);
                }
            }
        }
    }
}

fn wrong(api: &Api, operation: &Operation, word: &str) -> Option<(String, String)> {
    let place = |location: &str| word.strip_prefix(location)?.strip_prefix('.');
    if word.starts_with('/') {
        let bodies = operation.body.iter().flat_map(|body| &body.content).filter_map(|media| media.schema.as_ref());
        let is_there = bodies.into_iter().any(|schema| is_declared(api, schema, word));
        let help = "correct the pointer, or add it to the schema of the body".to_owned();
        return (!is_there).then(|| (format!("the body of `{}` declares nothing at `{word}`", operation.id), help));
    }
    if let Some(name) = ["path", "query", "header", "cookie"].into_iter().find_map(place) {
        let is_it = |known: &str| known.eq_ignore_ascii_case(name);
        let is_there = is_it("Authorization") || operation.parameters.iter().any(|parameter| is_it(&parameter.name));
        let help = "name one of its parameters, as `query.limit`".to_owned();
        return (!is_there).then(|| (format!("`{}` has no parameter `{name}`", operation.id), help));
    }
    let help = || match nearest(word, WORDS.iter().copied()) {
        Some(meant) => format!("write `{meant}`"),
        None => "write a rule as `missing-property`, a keyword as `maxLength`, or a place as `query.limit`".to_owned(),
    };
    (!WORDS.contains(&word)).then(|| (format!("no request is refused for `{word}`"), help()))
}
