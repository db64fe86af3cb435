//! What a document shows and a server need not have.
//!
//! A mock has the rows that its document shows. Another server may not have them, so that a refusal there for want of one
//! says nothing about the promise. Whether it was for want of it is taken from the exchanges: something else than a list
//! that was named by such a key and succeeded proves that it is there.

use serde_json::Value;
use specs::{api::Operation, resources::Action};

use crate::{
    case::{BodyOf, Outcome, Wanted},
    exchange::{Exchange, Intent},
    laws::same,
    target::Place,
    world::World,
};

/// Statuses of a request that names nothing, and of a body that does.
const MISSING: [u16; 2] = [404, 410];
const WRONG: [u16; 4] = [400, 403, 409, 422];

/// A key that a request names because the document shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Borrowed {
    /// The resource, or the property or parameter that holds the key: as what it can be given.
    pub(crate) name: String,
    pub(crate) key: Value,
    /// Whether it stands in the body.
    pub(crate) in_body: bool,
}

/// The outcome; or that there is nothing to test it on, when it failed for want of something that the document shows.
pub(crate) async fn excuse(world: &World<'_>, outcome: Outcome) -> Outcome {
    if world.target.place == Place::Mock || !matches!(outcome, Outcome::Failed(_) | Outcome::Blocked(_)) {
        return outcome;
    }
    let exchanges = world.log();
    let (borrowed, last) = (world.borrowed(), exchanges.last().cloned());
    let (Some(missing), Some(last)) = (borrowed.first(), last) else { return outcome };
    let status = last.response.as_ref().map_or(0, |response| response.status);
    if exchanges.iter().any(|exchange| proves(world, exchange)) {
        return outcome;
    }
    let in_body = borrowed.iter().any(|borrowed| borrowed.in_body);
    if MISSING.contains(&status) || in_body && WRONG.contains(&status) && refuses_anything(world, &last.operation).await {
        let (name, key) = (&missing.name, same::brief(&missing.key));
        let given = missing.key.as_str().map_or_else(|| missing.key.to_string(), str::to_owned);
        return Outcome::Skipped(format!(
            "{key}, which the document shows as one of `{name}`, need not be there: give one that is, as `--given {name}={given}`"
        ));
    }
    outcome
}

/// Whether a success shows that what was borrowed is there; a list may be empty for want of it.
fn proves(world: &World<'_>, exchange: &Exchange) -> bool {
    let operation = world.suite.api.operation(&exchange.operation);
    let lists = operation.and_then(|operation| operation.role.as_ref()).is_some_and(|role| role.action == Action::List);
    exchange.response.as_ref().is_ok_and(crate::Response::is_success) && !lists
}

/// Whether even the plainest request of an operation is refused.
async fn refuses_anything(world: &World<'_>, operation: &str) -> bool {
    let Some(operation) = world.suite.api.operation(operation) else { return false };
    match plainest(world, operation).await {
        Some(status) => status >= 400,
        None => false,
    }
}

async fn plainest(world: &World<'_>, operation: &Operation) -> Option<u16> {
    let draft = world.draft(operation, &Wanted { body: BodyOf::Minimal, ..Wanted::default() }).await.ok()?;
    Some(world.send_to(operation, Intent::Observe, draft.request).await.ok()?.status)
}
