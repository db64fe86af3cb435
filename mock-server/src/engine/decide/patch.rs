//! A JSON Patch (RFC 6902): operations on an item as reading shows it, all of them or none.

use http::StatusCode;
use json_patch::{PatchErrorKind, PatchOperation};
use serde_json::{Map, Value};

use super::{super::Step, Deciding, Rejection};

/// The operations have been validated against the document; what is wrong with them beyond that is of this status.
const WRONG: [StatusCode; 3] = [StatusCode::UNPROCESSABLE_ENTITY, StatusCode::BAD_REQUEST, StatusCode::CONFLICT];
/// A test that does not hold says that the item is another than the client thinks.
const UNEQUAL: [StatusCode; 3] = [StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::BAD_REQUEST];

impl Deciding<'_> {
    /// The item after all operations. What is the server's stays as it was.
    pub(super) fn patched(&self, before: &Map<String, Value>) -> Result<Map<String, Value>, Box<Rejection>> {
        let body = self.validated.input.body.clone().unwrap_or_default();
        let operations: Vec<PatchOperation> = serde_json::from_value(body)
            .map_err(|error| self.refused(&WRONG, "invalid-patch", format!("the body is no JSON Patch: {error}"), String::new()))?;
        let mut item = Value::Object(before.clone());
        json_patch::patch(&mut item, &operations).map_err(|error| {
            let place = format!("/{}", error.operation);
            match error.kind {
                PatchErrorKind::TestFailed => {
                    let message = format!("operation {} found another value than it tests for", error.operation);
                    self.refused(&UNEQUAL, "failed-test", message, place)
                }
                kind => self.refused(&WRONG, "invalid-patch", format!("operation {} cannot be done: {kind}", error.operation), place),
            }
        })?;
        let Value::Object(mut item) = item else {
            return Err(self.refused(&WRONG, "invalid-patch", "an item would be no object".to_owned(), String::new()));
        };
        item.retain(|name, _| self.kind.shows(name));
        for (name, value) in before.iter().filter(|(name, _)| self.kind.is_own(name)) {
            item.insert(name.clone(), value.clone());
        }
        Ok(item)
    }

    /// The refusal of a patch after which the item would not conform.
    pub(super) fn unfit(&self, defects: &[String]) -> Box<Rejection> {
        self.refused(&WRONG, "invalid-patch", format!("the item would not conform any more: {}", defects.join("; ")), String::new())
    }

    fn refused(&self, wanted: &[StatusCode], rule: &'static str, message: String, place: String) -> Box<Rejection> {
        let status = self.validated.operation.refusal_status(&self.engine.api, wanted);
        Rejection::new(Step::Decide, status, rule, message, "read the item, and send operations that fit it").at(place)
    }
}
