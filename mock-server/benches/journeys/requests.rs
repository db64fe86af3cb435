//! Requests that a document's own examples make.

use http::{HeaderMap, HeaderValue, Method, Uri, header};
use mock_server::engine::Request;
use serde_json::Value;
use specs::{
    Api,
    api::{Location, Operation, SchemeKind},
    resources::Action,
};

/// The first request of this kind that the document's examples make.
pub(crate) fn request(api: &Api, action: Action) -> Option<Request> {
    let does = |operation: &&Operation| operation.role.as_ref().is_some_and(|role| role.action == action);
    let operation = api.operations.iter().find(does)?;
    let mut path = operation.path.clone();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.location == Location::Path) {
        let example = parameter.examples.first()?;
        path = path.replace(&format!("{{{}}}", parameter.name), &text(&example.value));
    }
    let body = operation.body.as_ref().and_then(|body| body.content.iter().find(|media| media.is_json())?.examples.first());
    let mut headers = credentials(api, operation)?;
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        let schema = parameter.schema.as_ref().map(|schema| api.schemas.resolve(schema).1);
        let listed = || schema?.get("enum")?.get(0);
        let value = text(parameter.examples.first().map(|example| &example.value).or_else(listed)?);
        match parameter.location {
            Location::Header => drop(headers.insert(http::HeaderName::try_from(&parameter.name).ok()?, HeaderValue::try_from(value).ok()?)),
            Location::Query => path.push_str(&format!("{}{}={value}", if path.contains('?') { '&' } else { '?' }, parameter.name)),
            Location::Path | Location::Cookie => {}
        }
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let body = body.map(|example| Value::to_string(&example.value)).unwrap_or_default();
    Some(Request {
        method: Method::clone(&operation.method),
        target: path.parse::<Uri>().ok()?,
        headers,
        body: body.into(),
        oversized: false,
        sandbox: None,
    })
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn credentials(api: &Api, operation: &Operation) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, _) in operation.security.first().into_iter().flat_map(|alternative| &alternative.schemes) {
        match &api.schemes.get(name)?.kind {
            SchemeKind::ApiKey { location: Location::Header, name } => {
                headers.insert(http::HeaderName::try_from(name).ok()?, HeaderValue::from_static("key"));
            }
            SchemeKind::Basic => drop(headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic a2V5Og=="))),
            _ => drop(headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer token"))),
        }
    }
    Some(headers)
}
