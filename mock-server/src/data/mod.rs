//! The data listener: the vendors' paths, and nothing of ours but the sandbox prefix `/~name/`.
//!
//! dropshot's router refuses documents that are usual (`/notes/{id}` beside `/notes/mine`), drops trailing slashes,
//! and words refusals its own way. So each method has one wildcard at the root, which hands the raw request to the
//! engine; dropshot gives the transport and the graceful stop.

mod answer;
mod body;
mod cors;
mod direct;
mod faulty;
mod trickle;

use std::{net::SocketAddr, sync::Arc};

use dropshot::{
    ApiDescription, ApiEndpoint, ApiEndpointBodyContentType, ApiEndpointVersions, Body, ConfigDropshot, HandlerTaskMode, HttpError,
    HttpServer, Path, RawRequest, RequestContext, ServerBuilder, SharedExtractor,
};
use http::{Method, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Error, error::Listener, logging, shell::Shell};

/// Methods that reach the engine. dropshot itself refuses others with 405.
const METHODS: [Method; 9] =
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD, Method::OPTIONS, Method::TRACE, Method::CONNECT];

/// Starts to listen.
pub(crate) fn start(shell: Arc<Shell>, address: SocketAddr) -> Result<HttpServer<Arc<Shell>>, Error> {
    let mut api = ApiDescription::new();
    for method in METHODS {
        let name = method.as_str().to_ascii_lowercase();
        let mut endpoint = ApiEndpoint::new(name, handle, method, "application/json", "/{path:.*}", ApiEndpointVersions::All);
        endpoint.visible = false;
        endpoint.parameters = <Path<Wildcard> as SharedExtractor>::metadata(ApiEndpointBodyContentType::Json).parameters;
        api.register(endpoint).map_err(|error| Error::Server { listener: Listener::Data, source: Box::new(error) })?;
    }
    ServerBuilder::new(api, shell, logging::to_tracing())
        .config(config(address))
        .start()
        .map_err(|error| Error::from_build(error, Listener::Data))
}

/// The settings of both listeners. A client that goes away needs no answer: running each handler in a task of its
/// own, which is dropshot's default, costs a seventh of the throughput.
pub(crate) fn config(address: SocketAddr) -> ConfigDropshot {
    ConfigDropshot { bind_address: address, default_handler_task_mode: HandlerTaskMode::CancelOnDisconnect, ..ConfigDropshot::default() }
}

/// The variable of the wildcard, which dropshot wants to be declared. It is not extracted: that costs a tenth of the
/// throughput, and decodes what the engine wants as it was sent.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "the engine reads the raw path")]
struct Wildcard {
    path: Vec<String>,
}

async fn handle(context: RequestContext<Arc<Shell>>, raw: RawRequest) -> Result<Response<Body>, HttpError> {
    answer::answer(context.context(), raw.into_inner()).await
}
