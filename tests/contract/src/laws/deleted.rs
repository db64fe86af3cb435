//! What is true after a deletion.

use specs::api::Operation;

use super::same::{brief, difference};
use crate::{
    case::{Refusal, Wanted},
    refusal,
    world::{Made, Step, World, blocked, fail, is_list, role},
};

/// What was deleted can be neither read nor listed, and deleting it again is refused where the document says so.
pub(super) async fn gone(world: &World<'_>, delete: &Operation) -> Step<()> {
    let role = role(delete)?;
    let made = world.make_for(role, &Wanted::default()).await?;
    let sights = world.sights(&role.resource, &made.parents);
    remove(world, delete, &made).await?;
    for sight in sights {
        if is_list(sight) {
            if world.see_by(sight, &made).await?.is_some() {
                return fail(format!("what was deleted is still listed by `{}`", sight.id));
            }
        } else {
            let response = world.call(sight, &made.wanted()).await?;
            refusal::check(sight, Refusal::Missing, response.status).or_else(|what| fail(what.inside("reading what was deleted was")))?;
        }
    }
    if refusal::declares_missing(delete) {
        let response = world.call(delete, &made.wanted()).await?;
        refusal::check(delete, Refusal::Missing, response.status).or_else(|what| fail(what.inside("deleting it again was")))?;
    }
    Ok(())
}

/// A deletion leaves the others as they were.
pub(super) async fn alone(world: &World<'_>, delete: &Operation) -> Step<()> {
    let role = role(delete)?;
    let resource = &role.resource;
    let stays = world.make_for(role, &Wanted::default()).await?;
    let goes = world.make_for(role, &Wanted::default()).await?;
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
