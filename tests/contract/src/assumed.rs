//! What requests name although nobody gave it and no case made it: it stands in the document.
//!
//! A mock has what the document shows. Any other server may never have heard of it, so that its refusal of a request
//! that names it proves nothing, until it has taken one.

use parking_lot::Mutex;
use serde_json::Value;

use crate::{
    target::Place,
    world::{Step, skip},
};

/// Statuses that may be about something that the request names.
const REFUSALS: [u16; 6] = [400, 403, 404, 409, 410, 422];

/// Properties with keys that only the document shows.
#[derive(Default)]
pub(crate) struct Assumed(Mutex<Vec<(String, Value)>>);

impl Assumed {
    /// Notes that a request names a key that only the document shows.
    pub(crate) fn note(&self, property: &str, key: &Value) {
        let mut all = self.0.lock();
        if !all.iter().any(|(known, value)| known == property && value == key) {
            all.push((property.to_owned(), key.clone()));
        }
    }

    /// Notes that the server took a request that names these.
    pub(crate) fn confirm(&self, named: &[(String, Value)]) {
        self.0.lock().retain(|known| !named.contains(known));
    }

    /// Ends a case whose request was refused, when that may be because the server does not know what the request names.
    pub(crate) fn excuse(&self, place: Place, status: u16, named: &[(String, Value)]) -> Step<()> {
        if place == Place::Mock || !REFUSALS.contains(&status) {
            return Ok(());
        }
        let all = self.0.lock();
        let Some((property, key)) = all.iter().find(|known| named.contains(known)) else { return Ok(()) };
        let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
        skip(format!(
            "it was answered {status}: the server may not know the `{property}` `{key}` of the document; give one that exists by `--given {property}=…`"
        ))
    }
}
