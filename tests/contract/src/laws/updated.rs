//! What is true after a change.

use serde_json::Value;
use specs::{api::Operation, resources::Action};

use super::{
    same::{brief, difference, is_bookkeeping, kept},
    sight::Sight,
};
use crate::{
    case::{BodyOf, Wanted},
    draft,
    world::{Made, Step, World, blocked, fail, role},
};

/// A change that was made.
struct Change {
    before: Value,
    sent: Value,
    /// The item as the answer shows it.
    shown: Option<Value>,
    after: Value,
    /// Who should show the property, and lacks it.
    lacking: Option<&'static str>,
}

/// Each value of a property is seen after it was sent, and the rest stays.
pub(super) async fn seen(world: &World<'_>, update: &Operation, property: &str, values: &[Value]) -> Step<()> {
    let made = item(world, update).await?;
    for value in values {
        let change = change(world, update, &made, property, value).await?;
        for (who, item) in [("the answer shows", change.shown.as_ref()), ("what is stored has", Some(&change.after))] {
            if let Some(seen) = item.and_then(|item| item.get(property)).filter(|seen| !kept(value, seen)) {
                return fail(format!("`{property}` was changed to {}, and {who} {}", brief(value), brief(seen)));
            }
        }
        if let Some(who) = change.lacking {
            return fail(format!("`{property}` was changed to {}, and {who} lacks it", brief(value)));
        }
        stays(world, update, &made, property, &change)?;
    }
    Ok(())
}

/// Null clears a property, and the rest stays.
pub(super) async fn cleared(world: &World<'_>, update: &Operation, property: &str) -> Step<()> {
    let made = item(world, update).await?;
    let change = change(world, update, &made, property, &Value::Null).await?;
    let is_clear = match change.after.get(property) {
        None | Some(Value::Null | Value::Bool(false)) => true,
        Some(Value::Array(elements)) => elements.is_empty(),
        Some(_) => false,
    };
    if is_clear {
        stays(world, update, &made, property, &change)
    } else {
        fail(format!("`{property}` was cleared, and what is stored has {}", brief(&change.after[property])))
    }
}

/// The item that is changed: a new one, or the document's.
async fn item(world: &World<'_>, update: &Operation) -> Step<Made> {
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

async fn see(world: &World<'_>, sight: &Sight<'_>, made: &Made) -> Step<Value> {
    match sight.see(world, made).await? {
        Some(item) => Ok(item),
        None => blocked(format!("{} is not to be seen", brief(&made.key))),
    }
}

/// Sends a change of one property, and looks before and after.
async fn change(world: &World<'_>, update: &Operation, made: &Made, property: &str, value: &Value) -> Step<Change> {
    let role = role(update)?;
    let sight = Sight::of(world, &role.resource, made, property);
    let before = see(world, &sight, made).await?;
    let bodies = world.suite.bodies(update);
    let base = bodies.map(|bodies| if role.action == Action::Replace { &bodies.full } else { &bodies.minimal });
    let mut sent = base.cloned().unwrap_or_default();
    if let Some(members) = sent.as_object_mut() {
        members.insert(property.to_owned(), value.clone());
    }
    let response = world.call(update, &Wanted { body: BodyOf::Exactly(sent.clone()), ..made.wanted() }).await?;
    if !response.is_success() {
        return fail(format!("changing `{property}` to {} was answered {}", brief(value), response.status));
    }
    let shown = role.item.as_ref().and_then(|pointer| response.json()?.pointer(pointer).cloned());
    let after = see(world, &sight, made).await?;
    let lacking = sight.lacks(world, update, property, shown.as_ref(), Some(&after));
    Ok(Change { before, sent, shown, after, lacking })
}

/// That what was not sent, does not follow from what was sent, and does not tell about changes, is as before.
fn stays(world: &World<'_>, update: &Operation, made: &Made, property: &str, change: &Change) -> Step<()> {
    let role = role(update)?;
    let computed = |name: &str| update.mock.set.iter().any(|(known, _)| known == name);
    let follows = |name: &str| name.to_ascii_lowercase().contains(&property.to_ascii_lowercase());
    // What replaces an item as a whole may leave nothing of it but what it hangs on.
    let kept = |name: &str| {
        world.suite.key(&role.resource).split('/').next() == Some(name) || made.parents.iter().any(|(parent, _)| parent == name)
    };
    let replaced = |name: &str| role.action == Action::Replace && !kept(name);
    let ignore = |name: &str| change.sent.get(name).is_some() || computed(name) || follows(name) || is_bookkeeping(name) || replaced(name);
    if let Some(differs) = difference(&change.before, &change.after, ignore) {
        return fail(format!("changing `{property}` changed something else: {differs}"));
    }
    let mut members = change.before.as_object().into_iter().flatten();
    let lost = members.find(|(name, value)| !ignore(name) && !value.is_null() && change.after.get(*name).is_none());
    lost.map_or(Ok(()), |(name, _)| fail(format!("changing `{property}` lost `{name}`")))
}
