//! Requests that are hard to bear: whatever a server makes of them, it stays up and says so.

use specs::api::Operation;

use crate::{
    case::{Edit, Failure, Strain, Wanted},
    edit,
    exchange::{Intent, Request, Response},
    run::chain,
    world::{Step, Stop, World, fail},
};

/// Sends the request with each of these edits.
pub(crate) async fn survive(world: &World<'_>, operation: &Operation, wanted: &Wanted, edits: &[Edit], strain: Strain) -> Step<()> {
    let draft = world.draft(operation, wanted).await?;
    // A server that was not there before cannot have been broken.
    let plain = edit::apply(world, operation, &draft, &Edit::NoBody)?;
    world.send_to(operation, Intent::Observe, plain.clone()).await?;
    for edit in edits {
        let request = edit::apply(world, operation, &draft, edit)?;
        match twice(world, operation, request).await {
            Ok(response) => borne(&response, strain)?,
            Err(Stop::Unreachable(_)) if strain == Strain::Size && is_there(world, operation, &plain).await => {}
            Err(Stop::Unreachable(error)) if error.over_limit().is_none() => {
                let what = format!("the connection ended without an answer: {}", chain(&error));
                return fail(Failure::at("status", "an answer", "none", what));
            }
            Err(stop) => return Err(stop),
        }
    }
    Ok(())
}

/// Sends a request, and once more when no answer comes: a connection that was kept may have ended meanwhile.
async fn twice(world: &World<'_>, operation: &Operation, request: Request) -> Step<Response> {
    match world.send(operation, request.clone()).await {
        Err(Stop::Unreachable(error)) if error.over_limit().is_none() => world.send(operation, request).await,
        other => other,
    }
}

async fn is_there(world: &World<'_>, operation: &Operation, plain: &Request) -> bool {
    world.send_to(operation, Intent::Observe, plain.clone()).await.is_ok()
}

fn borne(response: &Response, strain: Strain) -> Step<()> {
    let status = response.status;
    let wrong = |due: &str, what: String| fail(Failure::at("status", due, status.to_string(), what));
    match status {
        500.. => wrong("a success or a refusal", format!("answered {status}, which is an error of the server")),
        200..300 if strain == Strain::Wrong => wrong("a refusal", format!("answered {status}, where a refusal is due")),
        _ => Ok(()),
    }
}
