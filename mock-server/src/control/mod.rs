//! The control listener: a typed API over what the data listener keeps, and a page for people.

mod address;
mod answers;
mod api;
mod asker;
mod content;
mod coverage;
mod credentials;
mod document;
mod door;
mod events;
mod faults;
mod general;
mod handlers;
mod har;
mod journal;
mod limits;
mod reference;
mod refusal;
mod reply;
mod sandboxes;
mod state;
mod time;
mod token;
mod webhooks;

use std::sync::Arc;

use dropshot::HttpServer;
use serde_json::{Value, json};

use crate::{
    Error,
    error::Listener,
    listener::{self, Socket},
    shell::Shell,
};
use api::description;
pub(crate) use door::Door;
use door::{Api, Context};
use handlers::Handlers;
pub(crate) use token::{COOKIE, Token};

/// Starts to listen.
pub(crate) fn start(socket: Socket, shell: Arc<Shell>, door: Door) -> Result<HttpServer<Arc<Shell>>, Error> {
    let (door, api) = (Arc::new(door), api()?);
    listener::start(socket, shell, move |context, raw| {
        let (door, api) = (door.clone(), api.clone());
        async move { Ok(door::answer(door, api, context, raw.into_inner()).await) }
    })
}

/// The operations, as one function that finds the one that is asked for.
fn api() -> Result<Api, Error> {
    let api = description::api_description::<Handlers>()
        .map_err(|error| Error::Server { listener: Listener::Control, source: Box::new(error) })?;
    let router = Arc::new(api.into_router());
    Ok(Arc::new(move |mut context: Context, request| {
        let router = router.clone();
        Box::pin(async move {
            let found = router.lookup_route(request.method(), request.uri().path().into(), None)?;
            context.endpoint = found.endpoint;
            refusal::noted(found.handler.handle_request(context, request)).await
        })
    }))
}

/// The OpenAPI document of the control API, as JSON text.
///
/// # Errors
/// When dropshot cannot write it.
pub fn openapi() -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    written(&document()?)
}

/// The same, with the control listener as its server.
fn served_openapi(url: &str) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let mut document = document()?;
    document["servers"] = json!([{ "url": url }]);
    written(&document)
}

fn written(document: &Value) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    Ok(serde_json::to_string_pretty(document)? + "\n")
}

fn document() -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
    let api = description::stub_api_description()?;
    let version = dropshot::semver::Version::new(0, 1, 0);
    let mut document = api.openapi("mock-server control API", version).json()?;
    secure(&mut document);
    Ok(document)
}

/// Says in a document that there may be a token, which dropshot has no words for.
fn secure(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({ "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The control token. It is wanted where the mock was given one, and where others than its machine can reach it.",
    } });
    document["security"] = json!([{ "token": [] }, {}]);
    if let Some(health) = document.pointer_mut("/paths/~1health/get") {
        health["security"] = json!([]);
    }
}
