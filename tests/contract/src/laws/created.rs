//! What is true after a creation.

use serde_json::Value;
use specs::{api::Operation, resources::Place};

use super::{
    due::Due,
    same::{brief, difference, place},
    sight::Sight,
};
use crate::{
    case::{BodyOf, Failure, Wanted},
    moment::{Stamp, stamp},
    pages, property,
    suite::key_in,
    vary,
    world::{Made, Step, Stop, World, blocked, fail, is_list, role},
};

/// How many items are made to see that each has a key of its own.
const SEVERAL: usize = 3;

/// What was created can be read, as the answer showed it.
pub(super) async fn readable(world: &World<'_>, create: &Operation) -> Step<()> {
    let resource = &role(create)?.resource;
    let made = world.make(create, &Wanted::default()).await?;
    let sights = world.sights(resource, &made.parents);
    let Some(read) = sights.into_iter().find(|sight| !is_list(sight)) else { return blocked(format!("nothing reads `{resource}`")) };
    world.settled(async || read_back(world, create, read, &made).await).await
}

async fn read_back(world: &World<'_>, create: &Operation, read: &Operation, made: &Made) -> Step<()> {
    let response = world.call(read, &made.wanted()).await?;
    if !response.is_success() {
        return fail(Failure::no_success(response.status, "reading what was created was answered"));
    }
    let role = role(read)?;
    let at = role.item.clone().unwrap_or_default();
    let Some(item) = response.json().and_then(|body| body.pointer(&at).cloned()) else {
        return fail(Failure::at(&at, "the item", "nothing", format!("the answer has no item at `{at}`")));
    };
    let key = world.suite.key(&role.resource);
    if key_in(&item, key) != Some(&made.key) {
        let (due, got) = (brief(&made.key), key_in(&item, key).map(brief).unwrap_or_default());
        return fail(Failure::at(place(key), &due, got, format!("another item was read than {due}")));
    }
    let Some(shown) = &made.shown else { return Ok(()) };
    let inner = world.suite.inner(&role.resource);
    let told = told(world, create, made);
    match difference(shown, &item, inner, |name| !told.iter().any(|known| known == name) && stamp(name) != Some(Stamp::Creation)) {
        Some(differs) => fail(differs.failure("what was read is not what the creation showed")),
        None => Ok(()),
    }
}

/// The properties that a creation has set: what it sent, and what it hangs on.
fn told(world: &World<'_>, create: &Operation, made: &Made) -> Vec<String> {
    let resource = create.role.as_ref().map(|role| role.resource.as_str()).unwrap_or_default();
    let input = property::input(create).unwrap_or_default();
    let sent = made.sent.pointer(&input).map(|item| property::members(item, world.suite.inner(resource))).unwrap_or_default();
    let parents = made.parents.iter().map(|(parent, _)| parent.clone());
    sent.into_iter().map(|(name, _)| name).chain(parents).collect()
}

/// Each created item has a key of its own.
pub(super) async fn keys(world: &World<'_>, create: &Operation) -> Step<()> {
    let key = world.suite.key(&role(create)?.resource);
    let mut known: Vec<Value> = Vec::new();
    for _ in 0..SEVERAL {
        let made = world.make_another(create, &Wanted::default()).await?;
        if known.contains(&made.key) {
            let got = brief(&made.key);
            return fail(Failure::at(place(key), "a key of its own", &got, format!("{got} is the key of two items that were created")));
        }
        known.push(made.key);
    }
    Ok(())
}

/// What was created is listed once, and what was listed before stays.
pub(super) async fn listed(world: &World<'_>, create: &Operation, list: &str) -> Step<()> {
    let Some(list) = world.suite.api.operation(list) else { return blocked(format!("there is no `{list}`")) };
    let parents = world.draft(create, &Wanted::default()).await?.parents;
    let before = if world.is_shared() { Vec::new() } else { pages::all(world, list, &parents).await? };
    let made = world.make(create, &Wanted { parents: parents.clone(), ..Wanted::default() }).await?;
    world.settled_list(async || listed_once(world, create, list, &made, &before).await).await
}

async fn listed_once(world: &World<'_>, create: &Operation, list: &Operation, made: &Made, before: &[Value]) -> Step<()> {
    let resource = &role(create)?.resource;
    let key = world.suite.key(resource);
    let (after, is_whole) = pages::some(world, list, &made.parents).await?;
    let found: Vec<&Value> = after.iter().filter(|item| key_in(item, key) == Some(&made.key)).collect();
    if found.is_empty() && !is_whole {
        return pages::too_long(list);
    }
    let [item] = found[..] else {
        let times = found.len().to_string();
        let what = format!("{} is listed {times} times, where once is due", brief(&made.key));
        return fail(Failure::at(role(list)?.items.clone().unwrap_or_default(), "once", times, what));
    };
    if !world.is_shared() {
        let several = create.role.as_ref().and_then(|role| made.sent.pointer(role.batch.as_deref().unwrap_or_default())?.as_array());
        others(world, list, before, &after, several.map_or(1, Vec::len))?;
    }
    let inner = world.suite.inner(resource);
    let told = told(world, create, made);
    // A list that leaves something out shows the rest in its own way.
    let is_all = |shown: &Value| property::members(shown, inner).iter().all(|(name, _)| key_in(item, name).is_some());
    let shown = made.shown.as_ref().filter(|shown| is_all(shown));
    match shown.and_then(|shown| difference(shown, item, inner, |name| !told.iter().any(|known| known == name))) {
        Some(differs) => fail(differs.failure("what is listed is not what the creation showed")),
        None => Ok(()),
    }
}

/// That all the others are listed as before, and no more are new than were made.
fn others(world: &World<'_>, list: &Operation, before: &[Value], after: &[Value], made: usize) -> Step<()> {
    let role = role(list)?;
    let (key, items) = (world.suite.key(&role.resource), role.items.clone().unwrap_or_default());
    for old in before {
        let name = brief(key_in(old, key).unwrap_or(&Value::Null));
        let Some(now) = after.iter().find(|item| key_in(item, key) == key_in(old, key)) else {
            let what = format!("{name} is no longer listed after another was created");
            return fail(Failure::at(items, &name, "nothing", what));
        };
        if let Some(differs) = difference(old, now, world.suite.inner(&role.resource), |_| false) {
            return fail(differs.failure(&format!("{name} changed when another was created")));
        }
    }
    let (due, got) = (before.len() + made, after.len());
    if due == got {
        return Ok(());
    }
    let what = format!("{got} items are listed after the creation of {made}, where {due} are due");
    fail(Failure::at(items, due.to_string(), got.to_string(), what))
}

/// Each value of a property is kept as it was sent.
pub(super) async fn stored(world: &World<'_>, create: &Operation, path: &str, values: &[Value]) -> Step<()> {
    for value in values {
        let made = with(world, create, path, value).await?;
        world.settled(async || is_stored(world, create, path, &made, value).await).await?;
    }
    Ok(())
}

async fn is_stored(world: &World<'_>, create: &Operation, path: &str, made: &Made, value: &Value) -> Step<()> {
    let resource = &role(create)?.resource;
    let sent = world.suite.place_sent(create, path).and_then(|place| made.sent.pointer(&place)).unwrap_or(value);
    let due = Due::of(world.suite, create, path, sent);
    let sight = Sight::of(world, resource, made, path);
    let seen = sight.see(world, made).await?;
    for (who, item) in [("the answer shows", made.shown.as_ref()), ("what is stored has", seen.as_ref())] {
        if let Some(seen) = item.and_then(|item| key_in(item, path)).filter(|seen| !due.is(seen)) {
            let (sent, got) = (brief(sent), brief(seen));
            let what = format!("`{path}` was sent as {sent}, and {who} {got}");
            return fail(Failure::at(place(path), sent, got, what));
        }
    }
    match sight.lacks(world, create, path, made.shown.as_ref(), seen.as_ref()) {
        Some(who) => {
            let what = format!("`{path}` was sent as {}, and {who} lacks it", brief(sent));
            fail(Failure::at(place(path), brief(sent), "nothing", what))
        }
        None => Ok(()),
    }
}

/// Creates with what is required and this property.
async fn with(world: &World<'_>, create: &Operation, path: &str, value: &Value) -> Step<Made> {
    let (suite, role) = (world.suite, role(create)?);
    let place = suite.place_sent(create, path).unwrap_or_default();
    let mut body = suite.smallest(create).unwrap_or_default();
    body = vary::body_of(suite, create, &body, world.next_number(), Some(path));
    if !role.parents.iter().any(|(_, parent)| *parent == Place::Body(place.clone())) {
        body = suite.with(create, body, path, value);
    }
    match world.make(create, &Wanted { body: BodyOf::Exactly(body), about: vec![place], ..Wanted::default() }).await {
        Err(Stop::Blocked(what)) => {
            let sent = brief(value);
            let told = format!("`{path}` was sent as {sent}: {what}");
            fail(Failure::at("status", "a success", what, told))
        }
        made => made,
    }
}
