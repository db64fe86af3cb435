//! What is true after a change.

use http::Method;
use serde_json::Value;
use specs::{
    api::Operation,
    resources::{Action, Role},
};

use super::{
    due::Due,
    same::{brief, difference, is_bookkeeping, place},
    sight::Sight,
};
use crate::{
    case::{BodyOf, Failure, Wanted},
    draft, property,
    suite::key_in,
    world::{Made, Step, World, blocked, fail, role},
};

/// A change that was made.
struct Change<'w> {
    update: &'w Operation,
    sight: Sight<'w>,
    before: Value,
    /// The item as it was sent.
    sent: Value,
    /// The item as the answer shows it.
    shown: Option<Value>,
}

/// Each value of a property is seen after it was sent, and the rest stays.
pub(super) async fn seen(world: &World<'_>, update: &Operation, path: &str, values: &[Value]) -> Step<()> {
    let made = item(world, update).await?;
    for value in values {
        let change = change(world, update, &made, path, value).await?;
        world.settled(async || is_seen(world, &made, path, value, &change).await).await?;
    }
    Ok(())
}

async fn is_seen(world: &World<'_>, made: &Made, path: &str, value: &Value, change: &Change<'_>) -> Step<()> {
    let due = Due::of(world.suite, change.update, path, value);
    let after = change.sight.must_see(world, made).await?;
    for (who, item) in [("the answer shows", change.shown.as_ref()), ("what is stored has", Some(&after))] {
        if let Some(seen) = item.and_then(|item| key_in(item, path)).filter(|seen| !due.is(seen)) {
            let (sent, got) = (brief(value), brief(seen));
            let what = format!("`{path}` was changed to {sent}, and {who} {got}");
            return fail(Failure::at(place(path), sent, got, what));
        }
    }
    if let Some(who) = change.sight.lacks(world, change.update, path, change.shown.as_ref(), Some(&after)) {
        let what = format!("`{path}` was changed to {}, and {who} lacks it", brief(value));
        return fail(Failure::at(place(path), brief(value), "nothing", what));
    }
    stays(world, made, path, change, &after).await
}

/// Null clears a property, and the rest stays.
pub(super) async fn cleared(world: &World<'_>, update: &Operation, path: &str) -> Step<()> {
    let made = item(world, update).await?;
    let change = change(world, update, &made, path, &Value::Null).await?;
    world
        .settled(async || {
            let after = change.sight.must_see(world, &made).await?;
            if is_nothing(key_in(&after, path)) || key_in(&after, path) == Some(&Value::Bool(false)) {
                return stays(world, &made, path, &change, &after).await;
            }
            let got = key_in(&after, path).map(brief).unwrap_or_default();
            let what = format!("`{path}` was cleared, and what is stored has {got}");
            fail(Failure::at(place(path), "null", got, what))
        })
        .await
}

/// Whether a property is not there, or has nothing in it.
fn is_nothing(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Array(elements)) => elements.is_empty(),
        Some(_) => false,
    }
}

/// What a replacement leaves out is gone, or as by default.
pub(super) async fn replaced(world: &World<'_>, replace: &Operation, path: &str, default: Option<&Value>) -> Step<()> {
    let role = role(replace)?;
    let made = item(world, replace).await?;
    let sight = Sight::of(world, &role.resource, &made, path);
    let before = sight.must_see(world, &made).await?;
    let Some(was) = key_in(&before, path).filter(|was| !is_nothing(Some(was)) && Some(*was) != default) else {
        return skip_unset(path);
    };
    let mut body = world.suite.bodies(replace).map(|bodies| bodies.full.clone()).unwrap_or_default();
    let left_out = world.suite.place_sent(replace, path).unwrap_or_default();
    if let Some((parent, name)) = specs::pointer::split_last(&left_out) {
        body.pointer_mut(parent).and_then(Value::as_object_mut).map(|members| members.shift_remove(&name));
    }
    let response = world.call(replace, &Wanted { body: BodyOf::Exactly(body), ..made.wanted() }).await?;
    if !response.is_success() {
        return fail(Failure::no_success(response.status, &format!("a replacement without `{path}` was answered")));
    }
    let due = default.map_or_else(|| "nothing".to_owned(), brief);
    world
        .settled(async || {
            let after = sight.must_see(world, &made).await?;
            match key_in(&after, path) {
                Some(is) if !is_nothing(Some(is)) && Some(is) != default => {
                    let got = brief(is);
                    let what = format!("`{path}` was {}, a replacement left it out, and now it is {got}", brief(was));
                    fail(Failure::at(place(path), &due, got, what))
                }
                _ => Ok(()),
            }
        })
        .await
}

fn skip_unset<T>(path: &str) -> Step<T> {
    crate::world::skip(format!("no item has a `{path}` that could be left out"))
}

/// The item that is changed: a new one, or the document's.
pub(super) async fn item(world: &World<'_>, update: &Operation) -> Step<Made> {
    let role = role(update)?;
    if let Some(create) = world.suite.creating(role, None) {
        return world.make(create, &Wanted::default()).await;
    }
    let draft = world.draft(update, &Wanted::default()).await?;
    if world.suite.api.resources.iter().any(|resource| resource.name == role.resource && resource.single) {
        return Ok(Made { key: Value::Null, parents: draft.parents, sent: Value::Null, shown: None });
    }
    let key = role.key.as_ref().and_then(|place| draft::get(place, &draft.values, draft.body.as_ref()));
    match key {
        Some(key) => Ok(Made { key, parents: draft.parents, sent: Value::Null, shown: None }),
        None => blocked(format!("`{}` names no item", update.id)),
    }
}

/// Whether a change may replace the item as a whole: by its role, or by PUT, which says so (RFC 9110, section 9.3.4).
fn is_whole(update: &Operation, role: &Role) -> bool {
    role.action == Action::Replace || update.method == Method::PUT
}

/// The body of a change: of a replacement everything, else no more than must be there.
pub(super) fn base(world: &World<'_>, update: &Operation, made: &Made) -> Value {
    let Some(role) = &update.role else { return Value::Null };
    let bodies = world.suite.bodies(update);
    let base = bodies.map(|bodies| if role.action == Action::Replace { &bodies.full } else { &bodies.minimal });
    let base = base.cloned().unwrap_or_default();
    // Where the body repeats the key, it is that of the item.
    let key = world.suite.key(&role.resource);
    let is_repeated = world.suite.place_sent(update, key).is_some_and(|place| base.pointer(&place).is_some());
    if is_repeated { world.suite.with(update, base, key, &made.key) } else { base }
}

/// Sends a change of one property, and looks before.
async fn change<'w>(world: &World<'w>, update: &'w Operation, made: &Made, path: &str, value: &Value) -> Step<Change<'w>> {
    let role = role(update)?;
    let sight = Sight::of(world, &role.resource, made, path);
    let before = world.settled(async || sight.must_see(world, made).await).await?;
    let body = world.suite.with(update, base(world, update, made), path, value);
    let sent = body.pointer(&property::input(update).unwrap_or_default()).cloned().unwrap_or_default();
    let response = world.call(update, &Wanted { body: BodyOf::Exactly(body), ..made.wanted() }).await?;
    if !response.is_success() {
        let what = format!("changing `{path}` to {} was answered", brief(value));
        return fail(Failure::no_success(response.status, &what));
    }
    let shown = role.item.as_ref().and_then(|pointer| response.json()?.pointer(pointer).cloned());
    Ok(Change { update, sight, before, sent, shown })
}

/// That the rest is as before. What is another at each look, as a signed address is, says nothing.
async fn stays(world: &World<'_>, made: &Made, path: &str, change: &Change<'_>, after: &Value) -> Step<()> {
    let first = is_kept(world, made, path, change, after, &|_| false);
    if first.is_ok() {
        return first;
    }
    let again = change.sight.must_see(world, made).await?;
    is_kept(world, made, path, change, after, &|name| key_in(after, name) != key_in(&again, name))
}

/// That what was not sent, does not follow from what was sent, and does not tell about changes, is as before.
fn is_kept(world: &World<'_>, made: &Made, path: &str, change: &Change<'_>, after: &Value, is_restless: &dyn Fn(&str) -> bool) -> Step<()> {
    let role = role(change.update)?;
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let computed = |name: &str| change.update.mock.set.iter().any(|(known, _)| known == name);
    let follows = |name: &str| last(name).contains(&last(path));
    // What replaces an item as a whole may leave nothing of it but what it hangs on.
    let kept = |name: &str| {
        world.suite.key(&role.resource).split('/').next() == Some(name) || made.parents.iter().any(|(parent, _)| parent == name)
    };
    let replaced = |name: &str| is_whole(change.update, role) && !kept(name);
    let is_sent = |name: &str| key_in(&change.sent, name).is_some();
    let ignore =
        |name: &str| is_sent(name) || computed(name) || follows(name) || is_bookkeeping(&last(name)) || replaced(name) || is_restless(name);
    let inner = world.suite.inner(&role.resource);
    if let Some(differs) = difference(&change.before, after, inner, ignore) {
        return fail(differs.failure(&format!("changing `{path}` changed something else")));
    }
    let mut members = property::members(&change.before, inner).into_iter();
    let lost = members.find(|(name, value)| !ignore(name) && !value.is_null() && key_in(after, name).is_none());
    lost.map_or(Ok(()), |(name, was)| {
        let was = brief(was);
        fail(Failure::at(place(&name), &was, "nothing", format!("changing `{path}` lost `{name}`, which was {was}")))
    })
}
