//! A listener: dropshot's transport, TLS and graceful stop under one function that answers every request.

use std::{future::Future, net::SocketAddr, sync::Arc};

use dropshot::{
    ApiDescription, ApiEndpoint, ApiEndpointBodyContentType, ApiEndpointVersions, Body, ConfigDropshot, ConfigTls, HandlerTaskMode,
    HttpError, HttpServer, Path, RawRequest, RequestContext, ServerBuilder, SharedExtractor,
};
use http::{Method, Response};
use rustls::ServerConfig;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Error, error::Listener, logging, shell::Shell};

/// Most bytes of a body that dropshot reads, as that of a whole exported sandbox.
const MAX_TYPED_BODY: usize = 256 << 20;

/// Methods that are answered. dropshot itself refuses others with 405.
const METHODS: [Method; 9] =
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD, Method::OPTIONS, Method::TRACE, Method::CONNECT];

/// Which listener, where, and how.
pub(crate) struct Socket {
    pub(crate) listener: Listener,
    pub(crate) address: SocketAddr,
    pub(crate) tls: Option<ServerConfig>,
}

/// Starts to listen: one wildcard at the root for each method.
///
/// A client that goes away needs no answer: running each handler in a task of its own, which is dropshot's default,
/// costs a seventh of the throughput.
pub(crate) fn start<F, A>(socket: Socket, shell: Arc<Shell>, answer: F) -> Result<HttpServer<Arc<Shell>>, Error>
where
    F: Fn(RequestContext<Arc<Shell>>, RawRequest) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Response<Body>, HttpError>> + Send + 'static,
{
    let Socket { listener, address, tls } = socket;
    let mut api = ApiDescription::new();
    for method in METHODS {
        let name = method.as_str().to_ascii_lowercase();
        let mut endpoint = ApiEndpoint::new(name, answer.clone(), method, "application/json", "/{path:.*}", ApiEndpointVersions::All);
        endpoint.visible = false;
        endpoint.parameters = <Path<Wildcard> as SharedExtractor>::metadata(ApiEndpointBodyContentType::Json).parameters;
        api.register(endpoint).map_err(|error| Error::Server { listener, source: Box::new(error) })?;
    }
    let default_handler_task_mode = HandlerTaskMode::CancelOnDisconnect;
    let config = ConfigDropshot {
        bind_address: address,
        default_handler_task_mode,
        default_request_body_max_bytes: MAX_TYPED_BODY,
        ..ConfigDropshot::default()
    };
    let server = ServerBuilder::new(api, shell, logging::to_tracing()).config(config).tls(tls.map(ConfigTls::Dynamic)).start();
    server.map_err(|error| Error::from_build(error, listener))
}

/// The variable of the wildcard, which dropshot wants to be declared. It is not extracted: that costs a tenth of the
/// throughput, and decodes what the engine wants as it was sent.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "the raw path is read")]
struct Wildcard {
    path: Vec<String>,
}
