//! What is true of the times that a server keeps: none is before what it follows.
//!
//! Clocks of one server may differ by a second, and a time may be written in seconds: only what is further apart than
//! that counts.

use serde_json::Value;
use specs::{
    api::{Operation, SchemaId},
    resources::Action,
};

use super::{
    same::{brief, kept, place},
    sight::Sight,
    updated,
};
use crate::{
    case::{BodyOf, Failure, Wanted},
    moment::{Moment, Stamp, stamp},
    suite::{Suite, key_in},
    world::{Made, Step, Stop, World, blocked, fail, role},
};

/// The times that the server keeps of items of a resource, and that no request sets.
pub(crate) fn stamps(suite: &Suite, resource: &str) -> Vec<(String, Stamp)> {
    let Some(item) = suite.resource(resource).and_then(|resource| resource.schema.as_ref()) else { return Vec::new() };
    let is_moment = |schema: &SchemaId| suite.api.schemas.resolve(schema).1.get("format").is_some_and(|format| format == "date-time");
    let own = suite.properties(resource, item).into_iter().filter(|(_, schema)| is_moment(schema));
    own.filter_map(|(path, _)| stamp(&path).map(|stamp| (path, stamp))).filter(|(path, _)| !is_settable(suite, resource, path)).collect()
}

/// Whether a request may set a property.
pub(crate) fn is_settable(suite: &Suite, resource: &str, path: &str) -> bool {
    let writes = [Action::Create, Action::Update, Action::Replace];
    let mut operations = writes.into_iter().flat_map(|action| suite.all_acting(resource, action));
    operations.any(|operation| {
        let property = suite.sent(operation).and_then(|item| suite.part(&item, path));
        property.is_some_and(|property| !suite.api.schemas.is_marked(&property, "readOnly"))
    })
}

/// A sight of an item, with the times that it shows.
struct Times(Vec<(String, Stamp, Moment, Value)>);

impl Times {
    fn of(world: &World<'_>, resource: &str, item: &Value) -> Self {
        let read = |(path, stamp): (String, Stamp)| {
            let value = key_in(item, &path)?.clone();
            Some((path, stamp, Moment::read(value.as_str()?)?, value))
        };
        Self(stamps(world.suite, resource).into_iter().filter_map(read).collect())
    }

    fn all(&self, wanted: Stamp) -> impl Iterator<Item = (&str, Moment, &Value)> {
        self.0.iter().filter(move |(_, stamp, ..)| *stamp == wanted).map(|(path, _, moment, value)| (path.as_str(), *moment, value))
    }

    /// That no change was before the creation.
    fn in_order(&self) -> Step<()> {
        for (created, first, at) in self.all(Stamp::Creation) {
            if let Some((changed, _, then)) = self.all(Stamp::Change).find(|(_, changed, _)| changed.is_long_before(first)) {
                let (at, then) = (brief(at), brief(then));
                let what = format!("`{changed}` is {then}, which is before `{created}`, {at}");
                return fail(Failure::at(place(changed), format!("{at}, or later"), then, what));
            }
        }
        Ok(())
    }
}

/// What is created later has no earlier time of creation, and nothing was changed before it was created.
pub(super) async fn of_creations(world: &World<'_>, create: &Operation) -> Step<()> {
    let resource = &role(create)?.resource;
    let mut before: Option<Times> = None;
    for _ in 0..2 {
        let made = world.make(create, &Wanted::default()).await?;
        let times = Times::of(world, resource, &see(world, resource, &made).await?);
        times.in_order()?;
        for (path, earlier, was) in before.iter().flat_map(|before| before.all(Stamp::Creation)) {
            let Some((_, _, is)) = times.all(Stamp::Creation).find(|(known, later, _)| *known == path && later.is_long_before(earlier))
            else {
                continue;
            };
            let (was, is) = (brief(was), brief(is));
            let what = format!("`{path}` of what was created later is {is}, and of what was created before {was}");
            return fail(Failure::at(place(path), format!("{was}, or later"), is, what));
        }
        before = Some(times);
    }
    Ok(())
}

/// A change leaves the time of creation, and does not set back the time of the last change.
pub(super) async fn of_changes(world: &World<'_>, update: &Operation) -> Step<()> {
    let (resource, makes) = (&role(update)?.resource, role(update)?.makes);
    let made = updated::item(world, update).await?;
    let before = Times::of(world, resource, &see(world, resource, &made).await?);
    let body = world.suite.bodies(update).map(|bodies| bodies.full.clone()).unwrap_or_default();
    let response = world.call(update, &Wanted { body: BodyOf::Exactly(body), ..made.wanted() }).await?;
    if !response.is_success() {
        return blocked(format!("changing it was answered {}", response.status));
    }
    let after = Times::of(world, resource, &see_changed(world, resource, &made, &before).await?);
    // Who makes what is not there may make it anew.
    for (path, _, was) in before.all(Stamp::Creation).filter(|_| !makes) {
        if let Some((_, _, is)) = after.all(Stamp::Creation).find(|(known, _, is)| *known == path && !kept(was, is)) {
            let (was, is) = (brief(was), brief(is));
            let what = format!("`{path}` was {was}, and is {is} after a change");
            return fail(Failure::at(place(path), was, is, what));
        }
    }
    for (path, earlier, was) in before.all(Stamp::Change) {
        if let Some((_, _, is)) = after.all(Stamp::Change).find(|(known, later, _)| *known == path && later.is_long_before(earlier)) {
            let (was, is) = (brief(was), brief(is));
            let what = format!("`{path}` was {was}, and is {is} after a later change");
            return fail(Failure::at(place(path), format!("{was}, or later"), is, what));
        }
    }
    after.in_order()
}

async fn see(world: &World<'_>, resource: &str, made: &Made) -> Step<Value> {
    // Where several show the item, the one that shows the most of its times.
    let first = stamps(world.suite, resource).into_iter().next().map(|(path, _)| path).unwrap_or_default();
    let sight = Sight::of(world, resource, made, &first);
    world.settled(async || sight.must_see(world, made).await).await
}

/// The item once a change of it is to be seen, as far as its times tell.
async fn see_changed(world: &World<'_>, resource: &str, made: &Made, before: &Times) -> Step<Value> {
    if !world.window.is_open() {
        return see(world, resource, made).await;
    }
    let changed = async || {
        let item = see(world, resource, made).await?;
        let times = Times::of(world, resource, &item);
        let same = |(path, _, was): (&str, Moment, &Value)| times.all(Stamp::Change).any(|(known, _, is)| known == path && was == is);
        if before.all(Stamp::Change).all(same) { blocked("the change is not to be seen yet") } else { Ok(item) }
    };
    match world.settled(changed).await {
        Err(Stop::Blocked(_)) => see(world, resource, made).await,
        item => item,
    }
}
