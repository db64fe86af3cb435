//! What is true of a creation for several parents at once.

use serde_json::Value;
use specs::{api::Operation, resources::Action};

use super::same::brief;
use crate::{
    case::Wanted,
    exchange::Intent,
    pages, unlike,
    world::{Step, World, blocked, fail, role},
};

/// One result for each parent, in the order of the request, whether it exists or not.
pub(super) async fn results(world: &World<'_>, create: &Operation, results: &str, member: &str, parent: &str) -> Step<()> {
    let keys = some_unknown(world, create, parent).await?;
    let wanted = Wanted { parents: vec![(parent.to_owned(), Value::Array(keys.clone()))], ..Wanted::default() };
    let body = world.call(create, &wanted).await?.json().unwrap_or_default();
    let named: Vec<Value> =
        body.pointer(results).and_then(Value::as_array).into_iter().flatten().map(|result| result[member].clone()).collect();
    if named == keys {
        return Ok(());
    }
    fail(format!("the results are for {}, and the request was for {}", brief(&named.into()), brief(&keys.into())))
}

/// An unknown parent among known ones: either the whole is refused, or the known one gets its item and no more.
pub(super) async fn unknown_parent(world: &World<'_>, create: &Operation, property: &str) -> Step<()> {
    let role = role(create)?;
    let keys = some_unknown(world, create, property).await?;
    let Some(list) = world.suite.acting(&role.resource, Action::List) else { return blocked(format!("nothing lists `{}`", role.resource)) };
    let under = |key: &Value| vec![(property.to_owned(), key.clone())];
    let before = pages::all(world, list, &under(&keys[0])).await?.len();
    let others = counts(world, list, property, &keys[2..]).await?;
    let wanted = Wanted { parents: vec![(property.to_owned(), keys[..2].to_vec().into())], ..Wanted::default() };
    let response = world.call(create, &wanted).await?;
    if !response.is_success() && !(400..500).contains(&response.status) {
        return fail(format!("answered {}, where a success or a refusal is due", response.status));
    }
    let due = before + usize::from(response.is_success());
    let after = pages::all(world, list, &under(&keys[0])).await?.len();
    if after != due {
        return fail(format!("{after} items are listed for the parent that exists, where {due} are due"));
    }
    if counts(world, list, property, &keys[2..]).await? != others {
        return fail("something else is listed for a parent that the request does not name");
    }
    let draft = world.draft(list, &Wanted { parents: under(&keys[1]), ..Wanted::default() }).await?;
    if !draft.parents.iter().any(|(known, _)| known == property) {
        return Ok(());
    }
    let listed = pages::items(list, &world.send_to(list, Intent::Observe, draft.request).await?);
    if listed.is_some_and(|items| !items.is_empty()) {
        return fail(format!("something is listed for {}, which does not exist", brief(&keys[1])));
    }
    Ok(())
}

/// How many items are listed for each of these parents.
async fn counts(world: &World<'_>, list: &Operation, property: &str, parents: &[Value]) -> Step<Vec<usize>> {
    let mut counts = Vec::new();
    for parent in parents {
        counts.push(pages::all(world, list, &[(property.to_owned(), parent.clone())]).await?.len());
    }
    Ok(counts)
}

/// A parent that exists, one that does not, and another that does where there is one.
async fn some_unknown(world: &World<'_>, create: &Operation, property: &str) -> Step<Vec<Value>> {
    let named = world.draft(create, &Wanted::default()).await?.parents;
    let Some((_, first)) = named.into_iter().find(|(known, _)| known == property) else {
        return blocked(format!("no `{property}` is known"));
    };
    let resource = world.suite.parent_of(&role(create)?.resource, property);
    let other = resource.and_then(|resource| world.suite.seeded(resource).find(|key| **key != first)).cloned();
    let unknown = unlike::unlike(world.suite, None, &first);
    Ok([Some(first), Some(unknown), other].into_iter().flatten().collect())
}
