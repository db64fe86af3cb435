//! The control listener: a typed API over what the data listener keeps, and a page for people.

mod api;
mod coverage;
mod document;
mod events;
mod handlers;
mod har;
mod journal;
mod page;
mod reply;
mod sandboxes;

use std::{net::SocketAddr, sync::Arc};

use dropshot::{HttpServer, ServerBuilder};

use crate::{Error, data, error::Listener, logging, shell::Shell};
use api::description;
use handlers::Handlers;

/// Starts to listen.
pub(crate) fn start(shell: Arc<Shell>, address: SocketAddr) -> Result<HttpServer<Arc<Shell>>, Error> {
    let api = description::api_description::<Handlers>()
        .map_err(|error| Error::Server { listener: Listener::Control, source: Box::new(error) })?;
    ServerBuilder::new(api, shell, logging::to_tracing())
        .config(data::config(address))
        .start()
        .map_err(|error| Error::from_build(error, Listener::Control))
}

/// The OpenAPI document of the control API, as JSON text.
///
/// # Errors
/// When dropshot cannot write it.
pub fn openapi() -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let api = description::stub_api_description()?;
    let version = dropshot::semver::Version::new(0, 1, 0);
    let document = api.openapi("mock-server control API", version).json()?;
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
