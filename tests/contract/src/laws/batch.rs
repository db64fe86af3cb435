//! What is true of a creation of several items at once: the results stand for what was sent, one by one.

use serde_json::Value;
use specs::{api::Operation, resources::Action};

use super::same::{brief, kept};
use crate::{
    case::{BodyOf, Failure, Wanted},
    exchange::{Intent, Response},
    pages,
    property::input,
    suite::key_in,
    target::Place,
    unlike, vary,
    world::{Step, World, blocked, fail, role, skip},
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
    let (got, due) = (brief(&named.into()), brief(&keys.into()));
    let what = format!("the results are for {got}, and the request was for {due}");
    fail(Failure::at(results, due, got, what))
}

/// An unknown parent among known ones: either the whole is refused, or the known one gets its item and no more.
pub(super) async fn unknown_parent(world: &World<'_>, create: &Operation, property: &str) -> Step<()> {
    let role = role(create)?;
    let keys = some_unknown(world, create, property).await?;
    let Some(list) = world.suite.acting(&role.resource, Action::List) else { return blocked(format!("nothing lists `{}`", role.resource)) };
    let items = list.role.as_ref().and_then(|role| role.items.clone()).unwrap_or_default();
    let under = |key: &Value| vec![(property.to_owned(), key.clone())];
    // Where others write too, how many there are says nothing.
    let counted = if world.is_shared() { &[][..] } else { &keys[..1] };
    let before = counts(world, list, property, counted).await?;
    let others = counts(world, list, property, &keys[2..]).await?;
    let wanted = Wanted { parents: vec![(property.to_owned(), keys[..2].to_vec().into())], ..Wanted::default() };
    let response = world.call(create, &wanted).await?;
    if !response.is_success() && !(400..500).contains(&response.status) {
        let what = format!("answered {}, where a success or a refusal is due", response.status);
        return fail(Failure::at("status", "a success or a refusal", response.status.to_string(), what));
    }
    let made = usize::from(response.is_success());
    world
        .settled(async || {
            let after = counts(world, list, property, counted).await?;
            match before.iter().map(|before| before + made).zip(after).find(|(due, after)| due != after) {
                Some((due, after)) => {
                    let what = format!("{after} items are listed for the parent that exists, where {due} are due");
                    fail(Failure::at(&items, due.to_string(), after.to_string(), what))
                }
                None => Ok(()),
            }
        })
        .await?;
    if counts(world, list, property, &keys[2..]).await? != others {
        let what = "something else is listed for a parent that the request does not name";
        return fail(Failure::at(&items, "what was there before", "something else", what));
    }
    let draft = world.draft(list, &Wanted { parents: under(&keys[1]), ..Wanted::default() }).await?;
    if !draft.parents.iter().any(|(known, _)| known == property) {
        return Ok(());
    }
    let listed = pages::items(list, &world.send_to(list, Intent::Observe, draft.request).await?);
    match listed.filter(|listed| !listed.is_empty()) {
        Some(listed) => {
            let what = format!("something is listed for {}, which does not exist", brief(&keys[1]));
            fail(Failure::at(items, "no items", listed.len().to_string(), what))
        }
        None => Ok(()),
    }
}

/// How many items are listed for each of these parents.
async fn counts(world: &World<'_>, list: &Operation, property: &str, parents: &[Value]) -> Step<Vec<usize>> {
    let mut counts = Vec::new();
    for parent in parents {
        counts.push(pages::all(world, list, &[(property.to_owned(), parent.clone())]).await?.len());
    }
    Ok(counts)
}

/// A parent that exists, one that does not, and of a mock another that does where there is one.
async fn some_unknown(world: &World<'_>, create: &Operation, property: &str) -> Step<Vec<Value>> {
    let named = world.draft(create, &Wanted::default()).await?.parents;
    let Some((_, first)) = named.into_iter().find(|(known, _)| known == property) else {
        return blocked(format!("no `{property}` is known"));
    };
    let resource = world.suite.parent_of(&role(create)?.resource, property);
    let other = resource.and_then(|resource| world.suite.seeded(resource).find(|key| **key != first)).cloned();
    let other = other.filter(|_| world.target.place == Place::Mock);
    let unknown = unlike::unlike(world.suite, None, &first);
    Ok([Some(first), Some(unknown), other].into_iter().flatten().collect())
}

/// The results of several items are those of the items, in their order.
pub(super) async fn of_items(world: &World<'_>, create: &Operation, path: &str) -> Step<()> {
    let (sent, response) = send(world, create, &several(world, create)?).await?;
    if !response.is_success() {
        return blocked(format!("creating {} at once was answered {}", sent.len(), response.status));
    }
    let place = role(create)?.items.clone().unwrap_or_default();
    let results = shown(create, &response)?;
    if results.len() != sent.len() {
        let (due, got) = (sent.len(), results.len());
        let what = format!("there are {got} results, and {due} items were sent");
        return fail(Failure::at(place, due.to_string(), got.to_string(), what));
    }
    for (position, (sent, result)) in sent.iter().zip(&results).enumerate() {
        let (due, got) = (key_in(sent, path).cloned().unwrap_or_default(), key_in(result, path).cloned().unwrap_or_default());
        if !kept(&due, &got) {
            let (due, got) = (brief(&due), brief(&got));
            let what = format!("`{path}` of the result {position} is {got}, and {due} was sent there");
            return fail(Failure::at(format!("{place}/{position}/{path}"), due, got, what));
        }
    }
    Ok(())
}

/// One that lacks what is required among others that do not: either the whole is refused, or the others get theirs.
pub(super) async fn wrong_item(world: &World<'_>, create: &Operation, path: &str, required: &str) -> Step<()> {
    let mut items = several(world, create)?;
    items.get_mut(1).and_then(Value::as_object_mut).map(|members| members.shift_remove(required));
    let (sent, response) = send(world, create, &items).await?;
    let value = |item: &Value| key_in(item, path).cloned().unwrap_or_default();
    let due: Vec<Value> = sent.iter().enumerate().filter(|(position, _)| *position != 1).map(|(_, item)| value(item)).collect();
    if (400..500).contains(&response.status) {
        return Ok(());
    }
    if !response.is_success() {
        let what = format!("answered {}, where a success or a refusal is due", response.status);
        return fail(Failure::at("status", "a success or a refusal", response.status.to_string(), what));
    }
    let results = shown(create, &response)?;
    let got: Vec<Value> = results.iter().map(value).filter(|got| due.iter().any(|due| kept(due, got))).collect();
    if got.len() == due.len() && due.iter().zip(&got).all(|(due, got)| kept(due, got)) {
        return Ok(());
    }
    let (due, got) = (brief(&due.into()), brief(&got.into()));
    let what = format!("`{path}` of the results is {got}, where {due} was sent beside an item that is wrong");
    fail(Failure::at(role(create)?.items.clone().unwrap_or_default(), due, got, what))
}

/// Three items that differ.
fn several(world: &World<'_>, create: &Operation) -> Step<Vec<Value>> {
    let suite = world.suite;
    let Some(place) = input(create) else { return blocked("nothing says where the items are") };
    let body = suite.bodies(create).map(|bodies| bodies.full.clone()).unwrap_or_default();
    let body = if body.pointer(&place).is_some() { body } else { suite.smallest(create).unwrap_or_default() };
    let one = |number| vary::body_of(suite, create, &body, number, None).pointer(&place).cloned();
    let several: Option<Vec<Value>> = [3, 1, 2].into_iter().map(one).collect();
    let Some(several) = several else { return blocked("no item is known that could be sent") };
    if several.iter().enumerate().any(|(position, item)| several[..position].contains(item)) {
        return skip("no two items are known that differ");
    }
    Ok(several)
}

/// Sends these items, and gives them back as they were sent: a run marks what it makes.
async fn send(world: &World<'_>, create: &Operation, items: &[Value]) -> Step<(Vec<Value>, Response)> {
    let mut body = world.suite.bodies(create).map(|bodies| bodies.full.clone()).unwrap_or_default();
    let batch = role(create)?.batch.clone().unwrap_or_default();
    if let Some(place) = specs::pointer::create(&mut body, &batch) {
        *place = items.to_vec().into();
    }
    let draft = world.draft(create, &Wanted { body: BodyOf::Exactly(body), ..Wanted::default() }).await?;
    let sent = draft.body.as_ref().and_then(|body| body.pointer(&batch)?.as_array().cloned()).unwrap_or_default();
    Ok((sent, world.send(create, draft.request).await?))
}

fn shown(create: &Operation, response: &Response) -> Step<Vec<Value>> {
    let place = role(create)?.items.clone().unwrap_or_default();
    let items = response.json().and_then(|body| body.pointer(&place)?.as_array().cloned());
    match items {
        Some(items) => Ok(items),
        None => fail(Failure::at(&place, "a list", "none", format!("the answer to `{}` has no list at `{place}`", create.id))),
    }
}
