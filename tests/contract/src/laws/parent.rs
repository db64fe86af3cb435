//! What is true of a list that shows the items of one parent, which its path names or a filter.

use serde_json::Value;
use specs::{
    api::{Location, Operation},
    resources::Action,
};

use super::{
    filtered::{self, fitting, nothing},
    same::brief,
};
use crate::{
    case::Wanted,
    operations::names,
    pages,
    suite::key_in,
    unlike,
    world::{Made, Step, World, blocked, fail, role, skip},
};

/// A list shows what was created under its parent, and nothing of another parent.
pub(super) async fn alone(world: &World<'_>, list: &Operation, property: &str) -> Step<()> {
    told_apart(world, list, property, None).await
}

/// A filter by a parent that no item shows lets through what was created under it, and nothing of another parent.
pub(super) async fn chosen(world: &World<'_>, list: &Operation, position: usize, property: &str) -> Step<()> {
    match role(list)?.filters.get(position) {
        Some(filter) => told_apart(world, list, property, Some(&filter.parameter)).await,
        None => blocked("there is no such filter"),
    }
}

async fn told_apart(world: &World<'_>, list: &Operation, property: &str, parameter: Option<&str>) -> Step<()> {
    let role = role(list)?;
    let create = world.suite.creating(role, Some(property)).filter(|create| names(create, property));
    let Some(create) = create else { return skip(format!("what creates `{}` names no `{property}`", role.resource)) };
    let ours = world.make(create, &Wanted::default()).await?;
    let Some(own) = parent(&ours, property) else { return blocked(format!("no `{property}` is known")) };
    let other = other_parent(world, &role.resource, property, own).await?;
    // The two differ in this parent alone: what else a list goes by must not tell them apart.
    let mut parents = ours.parents.clone();
    parents.iter_mut().filter(|(known, _)| known == property).for_each(|(_, key)| key.clone_from(&other));
    let theirs = world.make(create, &Wanted { parents, ..Wanted::default() }).await?;
    let key = world.suite.key(&role.resource);
    for (made, stranger, parent) in [(&ours, &theirs, own), (&theirs, &ours, &other)] {
        let listed = listed(world, list, made, parameter, parent).await?;
        let has = |wanted: &Value| listed.iter().any(|item| key_in(item, key) == Some(wanted));
        if !has(&made.key) {
            return fail(format!("{} is not listed for its own {}", brief(&made.key), brief(parent)));
        }
        if has(&stranger.key) {
            return fail(format!("{} is listed for {}, which is not its own", brief(&stranger.key), brief(parent)));
        }
    }
    match parameter {
        Some(name) => nothing(world, list, name, &ours.parents, own).await,
        None => Ok(()),
    }
}

fn parent<'m>(made: &'m Made, property: &str) -> Option<&'m Value> {
    made.parents.iter().find(|(known, _)| known == property).map(|(_, key)| key)
}

/// What is listed for a parent.
async fn listed(world: &World<'_>, list: &Operation, made: &Made, parameter: Option<&str>, parent: &Value) -> Step<Vec<Value>> {
    let Some(name) = parameter else { return pages::all(world, list, &made.parents).await };
    match filtered::parameter(list, name).and_then(|known| fitting(world, known, parent)) {
        Some(sent) => pages::filtered(world, list, &made.parents, Some((Location::Query, name.to_owned(), sent))).await,
        None => skip(format!("`{name}` does not take {}", brief(parent))),
    }
}

async fn other_parent(world: &World<'_>, resource: &str, property: &str, own: &Value) -> Step<Value> {
    let Some(parent) = world.suite.parent_of(resource, property) else { return Ok(unlike::unlike(world.suite, None, own)) };
    if let Some(other) = world.suite.seeded(parent).find(|key| *key != own) {
        return Ok(other.clone());
    }
    match world.suite.acting(parent, Action::Create) {
        Some(create) => Ok(world.make(create, &Wanted::default()).await?.key),
        None if !world.suite.is_closed(parent) => Ok(unlike::unlike(world.suite, None, own)),
        None => skip(format!("only one of `{parent}` is known")),
    }
}
