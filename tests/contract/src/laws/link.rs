//! An answer leads where its links say.

use specs::{
    api::{Link, Location, Operation, Status},
    resources::Action,
};

use crate::{
    case::{BodyOf, Failure, Wanted},
    exchange::{Intent, Response},
    expression::Seen,
    world::{Step, World, blocked, fail, skip},
};

/// What a link names takes the request that the link makes of an answer.
pub(super) async fn followed(world: &World<'_>, source: &Operation, status: Status, name: &str) -> Step<()> {
    let declared = source.responses.iter().find(|response| response.status == status);
    let link = declared.and_then(|response| response.links.iter().find(|link| link.name == name));
    let target = link.and_then(|link| Some((link, world.suite.api.operation(link.operation.as_ref()?)?)));
    let Some((link, target)) = target else { return blocked(format!("there is no link `{name}`")) };
    let is_list = source.role.as_ref().is_some_and(|role| role.action == Action::List);
    if world.is_shared() && is_list {
        return skip("nothing that is listed on a live account is put into a request");
    }
    let draft = world.draft(source, &Wanted::default()).await?;
    let response = world.send_to(source, Intent::Prepare, draft.request.clone()).await?;
    if !response.is_success() || source.response(response.status).map(|declared| declared.status) != Some(status) {
        return blocked(format!("`{}` was answered {}", source.id, response.status));
    }
    let wanted = wanted(link, target, &Seen { draft: &draft, response: &response })?;
    if target.method.is_safe() {
        return world.settled(async || follow(world, link, target, &wanted).await).await;
    }
    follow(world, link, target, &wanted).await
}

async fn follow(world: &World<'_>, link: &Link, target: &Operation, wanted: &Wanted) -> Step<()> {
    let response: Response = world.call(target, wanted).await?;
    if response.is_success() && target.response(response.status).is_some() {
        return Ok(());
    }
    let (name, status) = (&link.name, response.status);
    let what = format!("the link `{name}` leads to `{}`, which was answered {status}", target.id);
    fail(Failure::at("status", "a declared success", status.to_string(), what))
}

/// The request that a link makes of an answer.
fn wanted(link: &Link, target: &Operation, seen: &Seen<'_>) -> Step<Wanted> {
    let value = |given| match seen.value(given) {
        Ok(value) => Ok(value),
        Err(expression) => skip(format!("the answer has nothing at `{expression}`, so that the link leads nowhere")),
    };
    let mut wanted = Wanted::default();
    for parameter in &link.parameters {
        let fits = |location: Location| parameter.location.is_none_or(|wanted| wanted == location);
        let known = target.parameters.iter().find(|known| known.name == parameter.name && fits(known.location));
        let Some(known) = known else { continue };
        wanted.parameters.push((known.location, known.name.clone(), value(&parameter.value)?));
    }
    if let Some(body) = &link.body {
        wanted.body = BodyOf::Exactly(value(body)?);
    }
    Ok(wanted)
}
