//! The key of what was created, in the address that the answer gives.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use specs::{
    api::{Location, Operation},
    resources::{Action, Place, Role},
};

use crate::{exchange::Response, session, suite::Suite, world::World};

/// The operations that have the key of an item in their path, those that read it first.
const NAMING: [Action; 4] = [Action::Read, Action::Update, Action::Replace, Action::Delete];

impl World<'_> {
    /// The key in `Location`: where the operations of the resource have it in their path, else its last segment, for
    /// what is made is below its collection.
    pub(crate) fn key_in_location(&self, role: &Role, response: &Response) -> Option<Value> {
        let path = path(response.header("location")?);
        let mut naming = NAMING.into_iter().flat_map(|action| self.suite.all_acting(&role.resource, action)).peekable();
        if naming.peek().is_none() {
            let last = path.trim_end_matches('/').rsplit('/').next()?;
            return decoded(last).map(Value::String);
        }
        naming.find_map(|operation| key(self.suite, operation, path))
    }
}

/// The path of an address, without its first slash.
fn path(address: &str) -> &str {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let path = address.split_once("//").map_or(address, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    path.trim_start_matches('/')
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().filter(|text| !text.is_empty()).map(std::borrow::Cow::into_owned)
}

/// The key that this operation would be asked for at this path.
fn key(suite: &Suite, operation: &Operation, path: &str) -> Option<Value> {
    let Place::Path(variable) = operation.role.as_ref()?.key.as_ref()? else { return None };
    let text = value(operation, path, variable)?;
    let parameter = operation.parameters.iter().find(|known| known.location == Location::Path && known.name == *variable)?;
    let is_text = parameter.schema.as_ref().is_none_or(|schema| suite.api.schemas.admits(schema, "string"));
    let number = text.parse::<i64>().ok().filter(|_| !is_text);
    Some(number.map_or(Value::String(text), Value::from))
}

/// The value of a variable in a path, which may have any base path in front.
fn value(operation: &Operation, path: &str, variable: &str) -> Option<String> {
    let length = operation.segments.iter().filter(|segment| !segment.parts.is_empty()).count();
    let found: Vec<&str> = path.split('/').filter(|text| !text.is_empty()).collect();
    let own = found.get(found.len().checked_sub(length)?..)?;
    session::variable(operation, &format!("/{}", own.join("/")), variable).filter(|text| !text.is_empty())
}
