//! Requests that are wrong in one way, and so are refused.

use http::Method;
use serde_json::Value;
use specs::api::Operation;

use crate::{
    case::{Edit, Failure, Items, Refusal, Wanted},
    edit,
    exchange::Response,
    refusal,
    world::{Step, World, fail},
};

/// The status of a body that has a result for each of several items (RFC 4918, section 11.1).
const MULTI_STATUS: u16 = 207;
/// How deep results stand in such a body.
const DEPTH: usize = 3;

/// Sends the request with each of these edits.
pub(crate) async fn refuse(world: &World<'_>, operation: &Operation, wanted: &Wanted, edits: &[Edit], due: Refusal) -> Step<()> {
    let draft = world.draft(operation, wanted).await?;
    for edit in edits {
        let response = world.send(operation, edit::apply(world, operation, &draft, edit)?).await?;
        if response.status == MULTI_STATUS && operation.response(MULTI_STATUS).is_some() && is_told_inside(&response) {
            continue;
        }
        refusal::check(operation, due, response.status).or_else(fail)?;
    }
    Ok(())
}

/// Whether a body with a result for each item tells of one that was refused.
fn is_told_inside(response: &Response) -> bool {
    fn tells(value: &Value, depth: usize) -> bool {
        let is_refusal = |(name, member): (&String, &Value)| {
            let name = name.to_ascii_lowercase();
            let is_status = ["status", "code", "statuscode", "status_code", "httpstatus"].contains(&name.as_str());
            let is_4xx = member.as_u64().is_some_and(|status| (400..500).contains(&status));
            let is_error = name.starts_with("error") && !matches!(member, Value::Null | Value::Bool(false));
            is_status && is_4xx || is_error && member.as_array().is_none_or(|errors| !errors.is_empty())
        };
        match value {
            Value::Object(members) => {
                members.iter().any(is_refusal) || depth > 0 && members.values().any(|member| tells(member, depth - 1))
            }
            Value::Array(elements) => depth > 0 && elements.iter().any(|element| tells(element, depth - 1)),
            _ => false,
        }
    }
    response.json().is_some_and(|body| tells(&body, DEPTH))
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
            404 if operation.path.contains('{') || operation.response(405).is_none() => {}
            401 | 403 if operation.security.is_empty() && !world.suite.api.schemes.is_empty() => {}
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
