//! What is true after a deletion.

use specs::{api::Operation, resources::Action};

use super::same::{brief, difference};
use crate::{
    case::{Refusal, Wanted},
    pages, refusal,
    world::{Made, Step, World, blocked, fail, role},
};

/// What was deleted can be neither read nor listed, and deleting it again is refused where the document says so.
pub(super) async fn gone(world: &World<'_>, delete: &Operation) -> Step<()> {
    let resource = &role(delete)?.resource;
    let made = world.make(resource, &Wanted::default()).await?;
    remove(world, delete, &made).await?;
    if let Some(read) = world.suite.acting(resource, Action::Read) {
        let response = world.call(read, &made.wanted()).await?;
        refusal::check(read, Refusal::Missing, response.status).or_else(|what| fail(format!("reading what was deleted was {what}")))?;
    }
    if let Some(list) = world.suite.acting(resource, Action::List) {
        let listed = pages::all(world, list, &made.parents).await?;
        if listed.iter().any(|item| item.get(world.suite.key(resource)) == Some(&made.key)) {
            return fail("what was deleted is still listed");
        }
    }
    if refusal::declares_missing(delete) {
        let response = world.call(delete, &made.wanted()).await?;
        refusal::check(delete, Refusal::Missing, response.status).or_else(|what| fail(format!("deleting it again was {what}")))?;
    }
    Ok(())
}

/// A deletion leaves the others as they were.
pub(super) async fn alone(world: &World<'_>, delete: &Operation) -> Step<()> {
    let resource = &role(delete)?.resource;
    let stays = world.make(resource, &Wanted::default()).await?;
    let goes = world.make(resource, &Wanted::default()).await?;
    let Some(before) = world.see(resource, &stays).await? else { return blocked(format!("{} is not to be seen", brief(&stays.key))) };
    remove(world, delete, &goes).await?;
    let Some(after) = world.see(resource, &stays).await? else {
        return fail(format!("{} is gone, and {} was deleted", brief(&stays.key), brief(&goes.key)));
    };
    difference(&before, &after, |_| false).map_or(Ok(()), |differs| fail(format!("deleting another changed it: {differs}")))
}

async fn remove(world: &World<'_>, delete: &Operation, made: &Made) -> Step<()> {
    let response = world.call(delete, &made.wanted()).await?;
    if response.is_success() { Ok(()) } else { fail(format!("deleting what exists was answered {}", response.status)) }
}
