//! What is true after a creation.

use serde_json::Value;
use specs::{api::Operation, resources::Place};

use super::{
    same::{brief, difference, is_bookkeeping, kept},
    sight::Sight,
};
use crate::{
    case::{BodyOf, Wanted},
    pages,
    suite::key_in,
    world::{Made, Step, Stop, World, blocked, fail, is_list, role},
};

/// What was created can be read, as the answer showed it.
pub(super) async fn readable(world: &World<'_>, create: &Operation) -> Step<()> {
    let resource = &role(create)?.resource;
    let made = world.make(create, &Wanted::default()).await?;
    let sights = world.sights(resource, &made.parents);
    let Some(read) = sights.into_iter().find(|sight| !is_list(sight)) else { return blocked(format!("nothing reads `{resource}`")) };
    let response = world.call(read, &made.wanted()).await?;
    if !response.is_success() {
        return fail(format!("reading what was created was answered {}", response.status));
    }
    let place = role(read)?.item.clone().unwrap_or_default();
    let Some(item) = response.json().and_then(|body| body.pointer(&place).cloned()) else {
        return fail(format!("the answer has no item at `{place}`"));
    };
    if world.suite.key_of(resource, &item) != Some(&made.key) {
        return fail(format!("another item was read than {}", brief(&made.key)));
    }
    let differs = made.shown.as_ref().and_then(|shown| difference(shown, &item, is_bookkeeping));
    differs.map_or(Ok(()), |differs| fail(format!("what was read is not what the creation showed: {differs}")))
}

/// What was created is listed once, and what was listed before stays.
pub(super) async fn listed(world: &World<'_>, create: &Operation, list: &str) -> Step<()> {
    let resource = &role(create)?.resource;
    let Some(list) = world.suite.api.operation(list) else { return blocked(format!("there is no `{list}`")) };
    let parents = world.draft(create, &Wanted::default()).await?.parents;
    let before = pages::all(world, list, &parents).await?;
    let made = world.make(create, &Wanted { parents: parents.clone(), ..Wanted::default() }).await?;
    let after = pages::all(world, list, &parents).await?;
    let key = world.suite.key(resource);
    let found: Vec<&Value> = after.iter().filter(|item| key_in(item, key) == Some(&made.key)).collect();
    let [item] = found[..] else {
        return fail(format!("{} is listed {} times, where once is due", brief(&made.key), found.len()));
    };
    others(key, &before, &after)?;
    let shown =
        made.shown.as_ref().filter(|shown| shown.as_object().is_some_and(|shown| shown.keys().all(|name| item.get(name).is_some())));
    let differs = shown.and_then(|shown| difference(shown, item, is_bookkeeping));
    differs.map_or(Ok(()), |differs| fail(format!("what is listed is not what the creation showed: {differs}")))
}

/// That all the others are listed as before, and no more than one is new.
fn others(key: &str, before: &[Value], after: &[Value]) -> Step<()> {
    for old in before {
        let name = brief(key_in(old, key).unwrap_or(&Value::Null));
        let Some(now) = after.iter().find(|item| key_in(item, key) == key_in(old, key)) else {
            return fail(format!("{name} is no longer listed after another was created"));
        };
        if let Some(differs) = difference(old, now, |_| false) {
            return fail(format!("{name} changed when another was created: {differs}"));
        }
    }
    if after.len() == before.len() + 1 {
        return Ok(());
    }
    fail(format!("{} items are listed after the creation of one, where {} are due", after.len(), before.len() + 1))
}

/// Each value of a property is kept as it was sent.
pub(super) async fn stored(world: &World<'_>, create: &Operation, property: &str, values: &[Value]) -> Step<()> {
    let resource = &role(create)?.resource;
    for value in values {
        let made = with(world, create, property, value).await?;
        let sent = made.sent.get(property).unwrap_or(value);
        let sight = Sight::of(world, resource, &made, property);
        let seen = sight.see(world, &made).await?;
        for (who, item) in [("the answer shows", made.shown.as_ref()), ("what is stored has", seen.as_ref())] {
            if let Some(seen) = item.and_then(|item| item.get(property)).filter(|seen| !kept(sent, seen)) {
                return fail(format!("`{property}` was sent as {}, and {who} {}", brief(sent), brief(seen)));
            }
        }
        if let Some(who) = sight.lacks(world, create, property, made.shown.as_ref(), seen.as_ref()) {
            return fail(format!("`{property}` was sent as {}, and {who} lacks it", brief(sent)));
        }
    }
    Ok(())
}

/// Creates with what is required and this property.
async fn with(world: &World<'_>, create: &Operation, property: &str, value: &Value) -> Step<Made> {
    let role = role(create)?;
    let mut body = world.suite.bodies(create).map(|bodies| bodies.minimal.clone()).unwrap_or_default();
    let is_parent = role.parents.iter().any(|(_, place)| *place == Place::Body(specs::pointer::join("", property)));
    if let Some(members) = body.as_object_mut().filter(|_| !is_parent) {
        members.insert(property.to_owned(), value.clone());
    }
    match world.make(create, &Wanted { body: BodyOf::Exactly(body), ..Wanted::default() }).await {
        Err(Stop::Blocked(what)) => fail(format!("`{property}` was sent as {}: {what}", brief(value))),
        made => made,
    }
}
