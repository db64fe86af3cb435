//! What is true after a deletion.

use serde_json::Value;
use specs::{
    api::{Operation, Status},
    resources::Action,
};

use super::same::{brief, difference};
use crate::{
    case::{Failure, Refusal, Wanted},
    pages::{self, Found},
    refusal,
    suite::key_in,
    world::{Made, Step, World, blocked, fail, is_list, role},
};

/// Whether the document says, for this operation and not for a class of statuses, how it is told that nothing is there.
pub(crate) fn says_missing(operation: &Operation) -> bool {
    operation.responses.iter().any(|response| matches!(response.status, Status::Exactly(404 | 410)))
}

/// What was deleted can be neither read nor listed, and deleting it again is refused where the document says so.
pub(super) async fn gone(world: &World<'_>, delete: &Operation) -> Step<()> {
    let role = role(delete)?;
    let made = world.make_for(role, &Wanted::default()).await?;
    let sights = world.sights(&role.resource, &made.parents);
    // Where it was not seen before, that it is not seen afterwards says nothing.
    for read in sights.iter().copied().filter(|sight| !is_list(sight)) {
        world.settled(async || is_there(world, read, &made).await).await?;
    }
    let mut lists = Vec::new();
    for list in sights.iter().copied().filter(|sight| is_list(sight)) {
        if let Found::Item(_) = world.settled(async || seen(world, list, &made).await).await? {
            lists.push(list);
        }
    }
    remove(world, delete, &made).await?;
    for read in sights.into_iter().filter(|sight| !is_list(sight)) {
        world.settled(async || is_refused(world, read, &made, "reading what was deleted was").await).await?;
    }
    for list in lists {
        world
            .settled(async || match pages::find(world, list, &made).await? {
                Found::Item(item) => {
                    let what = format!("what was deleted is still listed by `{}`", list.id);
                    fail(Failure::at(role.items.clone().unwrap_or_default(), "nothing", brief(&item), what))
                }
                Found::Nowhere | Found::TooFar => Ok(()),
            })
            .await?;
    }
    if says_missing(delete) {
        world.settled(async || is_refused(world, delete, &made, "deleting it again was").await).await?;
    }
    Ok(())
}

/// What was deleted cannot be changed.
pub(super) async fn refused(world: &World<'_>, update: &Operation) -> Step<()> {
    let role = role(update)?;
    let Some(delete) = world.suite.acting(&role.resource, Action::Delete) else {
        return blocked(format!("nothing deletes `{}`", role.resource));
    };
    let made = world.make_for(role, &Wanted::default()).await?;
    let response = world.call(delete, &made.wanted()).await?;
    if !response.is_success() {
        return blocked(format!("deleting what exists was answered {}", response.status));
    }
    world.settled(async || is_refused(world, update, &made, "changing what was deleted was").await).await
}

async fn is_there(world: &World<'_>, read: &Operation, made: &Made) -> Step<()> {
    match world.see_by(read, made).await? {
        Some(_) => Ok(()),
        None => blocked(format!("{} is not to be seen", brief(&made.key))),
    }
}

/// Where it can be seen, once it can be.
async fn seen(world: &World<'_>, list: &Operation, made: &Made) -> Step<Found> {
    match pages::find(world, list, made).await? {
        Found::Nowhere if world.window.is_open() => blocked("it is not listed yet"),
        found => Ok(found),
    }
}

async fn is_refused(world: &World<'_>, operation: &Operation, made: &Made, what: &str) -> Step<()> {
    let response = world.call(operation, &made.wanted()).await?;
    refusal::check(operation, Refusal::Missing, response.status).or_else(|failure| fail(failure.inside(what)))
}

/// A deletion leaves the others as they were.
pub(super) async fn alone(world: &World<'_>, delete: &Operation) -> Step<()> {
    let role = role(delete)?;
    let resource = &role.resource;
    let stays = world.make_for(role, &Wanted::default()).await?;
    let goes = world.make_for(role, &Wanted { parents: stays.parents.clone(), ..Wanted::default() }).await?;
    let Some(before) = world.see(resource, &stays).await? else { return blocked(format!("{} is not to be seen", brief(&stays.key))) };
    remove(world, delete, &goes).await?;
    // What is slow to go may take another with it when it goes.
    if world.window.is_open() {
        let gone = async || if world.see(resource, &goes).await?.is_some() { blocked("it is there still") } else { Ok(()) };
        _ = world.settled(gone).await;
    }
    still_there(world, resource, &stays, &goes, &before).await
}

async fn still_there(world: &World<'_>, resource: &str, stays: &Made, goes: &Made, before: &Value) -> Step<()> {
    let Some(after) = world.see(resource, stays).await? else {
        let (name, deleted) = (brief(&stays.key), brief(&goes.key));
        return fail(Failure::at("", &name, "nothing", format!("{name} is gone, and {deleted} was deleted")));
    };
    let inner = world.suite.inner(resource);
    if difference(before, &after, inner, |_| false).is_none() {
        return Ok(());
    }
    // What is another at each look, as a signed address is, says nothing.
    let again = world.see(resource, stays).await?.unwrap_or_default();
    match difference(before, &after, inner, |name| key_in(&after, name) != key_in(&again, name)) {
        Some(differs) => fail(differs.failure("deleting another changed it")),
        None => Ok(()),
    }
}

async fn remove(world: &World<'_>, delete: &Operation, made: &Made) -> Step<()> {
    let response = world.call(delete, &made.wanted()).await?;
    if response.is_success() { Ok(()) } else { fail(Failure::no_success(response.status, "deleting what exists was answered")) }
}
