//! What is true after a refusal: nothing has changed.

use serde_json::Value;
use specs::{
    api::Operation,
    resources::{Action, Role},
};

use super::{
    same::{brief, difference},
    updated,
};
use crate::{
    case::{Edit, Failure, Kind, Refusal, Wanted},
    edit, pages,
    rule::Rule,
    suite::{Suite, key_in},
    world::{Made, Step, World, blocked, fail, is_list, role, skip},
};

/// How many refusals are looked behind, each of another rule.
const MOST: usize = 8;

/// The wrong requests of an operation, one for each rule about who asks and for what.
fn wrong<'s>(suite: &'s Suite, operation: &Operation) -> Vec<(&'s Wanted, &'s Edit)> {
    let mut seen: Vec<Rule> = Vec::new();
    let mut found = Vec::new();
    for case in suite.cases().iter().filter(|case| case.operation == operation.id) {
        let Kind::Refuse(wanted, edits, due) = &case.kind else { continue };
        let fits = matches!(due, Refusal::Credentials | Refusal::Request | Refusal::MediaType);
        if let Some(edit) = edits.first().filter(|_| fits && !seen.contains(&case.rule) && found.len() < MOST) {
            seen.push(case.rule);
            found.push((wanted, edit));
        }
    }
    found
}

/// Whether there is something to be refused, and to look at afterwards.
pub(crate) fn has_any(suite: &Suite, cases: &[crate::Case], role: &Role) -> Result<(), String> {
    if !cases.iter().any(|case| matches!(case.kind, Kind::Refuse(_, _, Refusal::Credentials | Refusal::Request | Refusal::MediaType))) {
        return Err("nothing it takes can be wrong".to_owned());
    }
    let sights = suite.sights(&role.resource, |_| true);
    let is_seen = if role.action == Action::Create { sights.iter().any(|sight| is_list(sight)) } else { !sights.is_empty() };
    if is_seen { Ok(()) } else { Err(format!("nothing shows what became of `{}`", role.resource)) }
}

/// Sends what is refused, and looks whether all is as before.
pub(super) async fn kept(world: &World<'_>, operation: &Operation) -> Step<()> {
    if role(operation)?.action == Action::Create {
        return nothing_made(world, operation).await;
    }
    let resource = &role(operation)?.resource;
    let made = updated::item(world, operation).await?;
    let mut before = seen(world, resource, &made).await?;
    for (wanted, edit) in wrong(world.suite, operation) {
        let wanted = Wanted { key: Some(made.key.clone()), parents: made.parents.clone(), ..wanted.clone() };
        let draft = world.draft(operation, &wanted).await?;
        let response = world.send(operation, edit::apply(world, operation, &draft, edit)?).await?;
        if response.status < 400 {
            // That is for others to tell; what it changed is changed.
            let Some(now) = world.see(resource, &made).await? else { return Ok(()) };
            before = now;
            continue;
        }
        let Some(after) = world.see(resource, &made).await? else {
            let (name, status) = (brief(&made.key), response.status);
            return fail(Failure::at("", &name, "nothing", format!("a request was refused with {status}, and {name} is gone")));
        };
        let again = world.see(resource, &made).await?.unwrap_or_default();
        let restless = |name: &str| key_in(&after, name) != key_in(&again, name);
        if let Some(differs) = difference(&before, &after, world.suite.inner(resource), restless) {
            return fail(differs.failure(&format!("a request was refused with {}, and changed the item", response.status)));
        }
    }
    Ok(())
}

async fn seen(world: &World<'_>, resource: &str, made: &Made) -> Step<Value> {
    match world.see(resource, made).await? {
        Some(item) => Ok(item),
        None => blocked(format!("{} is not to be seen", brief(&made.key))),
    }
}

/// A creation that is refused makes nothing.
async fn nothing_made(world: &World<'_>, create: &Operation) -> Step<()> {
    if world.is_shared() {
        return skip("others may create meanwhile");
    }
    let resource = &role(create)?.resource;
    let parents = world.draft(create, &Wanted::default()).await?.parents;
    let sights = world.sights(resource, &parents);
    let Some(list) = sights.into_iter().find(|sight| is_list(sight)) else { return blocked(format!("nothing lists `{resource}`")) };
    let before = pages::all(world, list, &parents).await?.len();
    for (wanted, edit) in wrong(world.suite, create) {
        let draft = world.draft(create, &Wanted { parents: parents.clone(), ..wanted.clone() }).await?;
        let response = world.send(create, edit::apply(world, create, &draft, edit)?).await?;
        if response.status < 400 {
            return skip(format!("what is wrong was answered {}", response.status));
        }
        let after = pages::all(world, list, &parents).await?.len();
        if after != before {
            let what = format!("a creation was refused with {}, and {after} items are listed, where {before} were", response.status);
            return fail(Failure::at(role(list)?.items.clone().unwrap_or_default(), before.to_string(), after.to_string(), what));
        }
    }
    Ok(())
}
