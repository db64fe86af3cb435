//! The key of what was created, in the address that the answer gives.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use specs::resources::Role;

use crate::{exchange::Response, world::World};

impl World<'_> {
    /// The last segment of `Location`: what is made is below its collection, by its key.
    pub(crate) fn key_in_location(&self, role: &Role, response: &Response) -> Option<Value> {
        let address = response.header("location")?.split(['?', '#']).next()?;
        let last = address.trim_end_matches('/').rsplit('/').next()?;
        let key = percent_decode_str(last).decode_utf8().ok().filter(|key| !key.is_empty())?;
        let _ = role;
        Some(key.into_owned().into())
    }
}
