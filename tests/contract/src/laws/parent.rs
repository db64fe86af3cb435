//! What is true of items that hang on a parent, which a path names or a filter: they are there, and nowhere else.

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
    case::{Failure, Wanted},
    operations::names,
    pages,
    suite::key_in,
    target::Place,
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
    let (ours, other) = made_below(world, list, property).await?;
    let role = role(list)?;
    let Some(own) = parent(&ours, property) else { return blocked(format!("no `{property}` is known")) };
    let Some(create) = world.suite.creating(role, Some(property)) else { return blocked(format!("nothing creates `{}`", role.resource)) };
    // The two differ in this parent alone: what else a list goes by must not tell them apart.
    let theirs = world.make(create, &Wanted { parents: below(&ours, property, &other), ..Wanted::default() }).await?;
    let both = [(&ours, &theirs, own), (&theirs, &ours, &other)];
    for (made, stranger, parent) in both {
        world.settled_list(async || is_below(world, list, made, stranger, parent, parameter).await).await?;
    }
    let items = |made: &Made| made.shown.clone().unwrap_or_default();
    match parameter {
        Some(name) => nothing(world, list, name, &ours.parents, own, &[items(&ours), items(&theirs)]).await,
        None => Ok(()),
    }
}

/// That a list for a parent has what was made below it, and not what was made below another.
async fn is_below(world: &World<'_>, list: &Operation, made: &Made, stranger: &Made, parent: &Value, parameter: Option<&str>) -> Step<()> {
    let role = role(list)?;
    let (key, items) = (world.suite.key(&role.resource), role.items.clone().unwrap_or_default());
    let listed = listed(world, list, made, parameter, parent).await?;
    let has = |wanted: &Value| listed.iter().any(|item| key_in(item, key) == Some(wanted));
    if !has(&made.key) {
        let (name, parent) = (brief(&made.key), brief(parent));
        return fail(Failure::at(items, &name, "nothing", format!("{name} is not listed for its own {parent}")));
    }
    if has(&stranger.key) {
        let (name, parent) = (brief(&stranger.key), brief(parent));
        return fail(Failure::at(items, "nothing of others", &name, format!("{name} is listed for {parent}, which is not its own")));
    }
    Ok(())
}

/// An item is not there under another parent than its own.
pub(super) async fn other(world: &World<'_>, operation: &Operation, property: &str) -> Step<()> {
    let (made, other) = made_below(world, operation, property).await?;
    let wanted = Wanted { parents: below(&made, property, &other), ..made.wanted() };
    let response = world.call(operation, &wanted).await?;
    if (400..500).contains(&response.status) {
        return Ok(());
    }
    let (name, other, status) = (brief(&made.key), brief(&other), response.status);
    let what = format!("`{}` of {name} below {other}, which is not its own, was answered {status}", operation.id);
    fail(Failure::at("status", "a refusal", status.to_string(), what))
}

/// An item that hangs on a parent, and another parent that exists.
async fn made_below(world: &World<'_>, operation: &Operation, property: &str) -> Step<(Made, Value)> {
    let role = role(operation)?;
    let create = world.suite.creating(role, Some(property)).filter(|create| names(create, property));
    let Some(create) = create else { return skip(format!("what creates `{}` names no `{property}`", role.resource)) };
    let made = world.make(create, &Wanted::default()).await?;
    let Some(own) = parent(&made, property) else { return blocked(format!("no `{property}` is known")) };
    let other = other_parent(world, &role.resource, property, own).await?;
    Ok((made, other))
}

/// The parents of an item, with another one in the place of one of them.
fn below(made: &Made, property: &str, other: &Value) -> Vec<(String, Value)> {
    let mut parents = made.parents.clone();
    parents.iter_mut().filter(|(known, _)| known == property).for_each(|(_, key)| key.clone_from(other));
    parents
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

/// Another parent: a new one, or of a mock one that the document shows or does not forbid.
async fn other_parent(world: &World<'_>, resource: &str, property: &str, own: &Value) -> Step<Value> {
    let is_mock = world.target.place == Place::Mock;
    let parent = world.suite.parent_of(resource, property);
    let seeded = parent.and_then(|parent| world.suite.seeded(parent).find(|key| *key != own)).filter(|_| is_mock);
    let create = parent.and_then(|parent| world.suite.acting(parent, Action::Create));
    match (seeded, create) {
        (Some(other), _) => Ok(other.clone()),
        (None, Some(create)) => Ok(world.make_another(create, &Wanted::default()).await?.key),
        (None, None) if is_mock && parent.is_none_or(|parent| !world.suite.is_closed(parent)) => Ok(unlike::unlike(world.suite, None, own)),
        (None, None) => skip(format!("only one `{property}` is known to be there")),
    }
}
