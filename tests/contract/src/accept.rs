//! Requests that are valid, and so are answered with a success.

use serde_json::Value;
use specs::{api::Operation, resources::Action};

use crate::{
    case::{Edit, Failure, Wanted},
    draft::{self, Draft},
    edit,
    exchange::Response,
    suite::{Suite, key_in},
    vary,
    world::{Step, World, fail, role, skip},
};

/// Whether what a request names may be missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It exists: the case sees to that.
    Fails,
    /// It may be, as with a key that is only well formed.
    IsFine,
}

/// Sends the request with each of these edits.
pub(crate) async fn accept(world: &World<'_>, operation: &Operation, wanted: &Wanted, edits: &[Edit], missing: Missing) -> Step<()> {
    let mut draft = world.draft(operation, wanted).await?;
    let mut gone = Vec::new();
    for (position, edit) in edits.iter().enumerate() {
        if position > 0 && consumes(operation) && missing == Missing::Fails {
            gone.extend(key(operation, &draft));
            draft = world.draft(operation, &another(world.suite, operation, wanted, &gone)?).await?;
        }
        // Of what the client names there is one of each name.
        if position > 0 && operation.role.as_ref().is_some_and(|role| role.action == Action::Create && role.key.is_some()) {
            draft = world.draft(operation, wanted).await?;
        }
        let mut response = world.send(operation, edit::apply(world, operation, &draft, edit)?).await?;
        // There is one like it already, and there may be no two.
        if position > 0 && response.status == 409 {
            vary::draft(world, operation, &mut draft, world.next_number())?;
            response = world.send(operation, edit::apply(world, operation, &draft, edit)?).await?;
        }
        let is_missing = missing == Missing::IsFine && [404, 410].contains(&response.status);
        if !is_due(operation, &response) && !is_missing {
            return fail(Failure::no_success(response.status, "answered"));
        }
    }
    Ok(())
}

/// Whether a response is one that a valid request is due: a success, or where the operation leads when it has none.
pub(crate) fn is_due(operation: &Operation, response: &Response) -> bool {
    let leads = || operation.success().is_none() && operation.redirect().is_some() && (300..400).contains(&response.status);
    response.is_success() || leads()
}

/// Whether a success leaves nothing to send the next request for.
fn consumes(operation: &Operation) -> bool {
    operation.role.as_ref().is_some_and(|role| role.action == Action::Delete)
}

/// The key of the item that a request names.
fn key(operation: &Operation, draft: &Draft) -> Option<Value> {
    draft::get(operation.role.as_ref()?.key.as_ref()?, &draft.values, draft.body.as_ref())
}

/// The request for another item than those that are gone: a new one, or a row of the document.
fn another(suite: &Suite, operation: &Operation, wanted: &Wanted, gone: &[Value]) -> Step<Wanted> {
    let role = role(operation)?;
    if suite.creating(role, None).is_some() {
        return Ok(wanted.clone());
    }
    let name = suite.key(&role.resource);
    let rows = suite.api.mock.seed.get(&role.resource).into_iter().flatten();
    let left = rows.filter_map(|row| Some((row, key_in(row, name)?))).find(|(_, key)| !gone.contains(key));
    let Some((row, key)) = left else { return skip(format!("{} of `{}` exist, and nothing creates more", gone.len(), role.resource)) };
    let parents = role.parents.iter().filter_map(|(property, _)| Some((property.clone(), row.get(property)?.clone()))).collect();
    Ok(Wanted { key: Some(key.clone()), parents, ..wanted.clone() })
}
