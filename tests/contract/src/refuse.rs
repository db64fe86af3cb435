//! Requests that are wrong in one way, and so are refused.

use http::Method;
use specs::api::Operation;

use crate::{
    case::{Edit, Failure, Items, Refusal, Wanted},
    edit,
    exchange::Response,
    refusal,
    world::{Step, World, fail},
};

/// Sends the request with each of these edits.
pub(crate) async fn refuse(world: &World<'_>, operation: &Operation, wanted: &Wanted, edits: &[Edit], due: Refusal) -> Step<()> {
    let draft = world.draft(operation, wanted).await?;
    for edit in edits {
        let response = world.send(operation, edit::apply(world, operation, &draft, edit)?).await?;
        refusal::check(operation, due, response.status).or_else(fail)?;
    }
    Ok(())
}

/// Sends each method that the path does not have.
pub(crate) async fn method(world: &World<'_>, operation: &Operation, methods: &[Method]) -> Step<()> {
    let draft = world.draft(operation, &Wanted { items: Items::Documented, ..Wanted::default() }).await?;
    let same = |other: &&Operation| other.path == operation.path && other.servers == operation.servers;
    let declared: Vec<&Method> = world.suite.api.operations.iter().filter(same).map(|other| &other.method).collect();
    for method in methods {
        let mut request = draft.request.clone();
        request.method = method.clone();
        let response = world.send(operation, request).await?;
        match response.status {
            404 if operation.path.contains('{') => {}
            405 => allowed(&response, method, &declared)?,
            status => {
                let what = format!("{method} was answered {status}, where 405 is due");
                return fail(Failure::at("status", "405", status.to_string(), what));
            }
        }
    }
    Ok(())
}

/// Whether the header `Allow` names the methods that are declared, and not the one that was refused.
fn allowed(response: &Response, method: &Method, declared: &[&Method]) -> Step<()> {
    let headers: Vec<&str> =
        response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("allow")).map(|(_, value)| value.as_str()).collect();
    let due = declared.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(", ");
    let wrong = |got: &str, what: String| fail(Failure::at("Allow", &due, got, what));
    if headers.is_empty() {
        return wrong("no such header", format!("405 for {method} without a header `Allow`"));
    }
    let sent = headers.join(", ");
    let named: Vec<String> = sent.split(',').map(|name| name.trim().to_ascii_uppercase()).collect();
    match declared.iter().find(|method| !named.contains(&method.to_string())) {
        Some(missing) => wrong(&sent, format!("`Allow: {sent}` lacks {missing}")),
        None if named.contains(&method.to_string()) => wrong(&sent, format!("`Allow: {sent}` names {method}, which was refused")),
        None => Ok(()),
    }
}
