//! dropshot and nothing else, set up as the mock sets it up: a root wildcard, raw requests, handlers that are not
//! detached, a logger that discards. `cargo xtask bench` measures the mock against it.

mod bare;

use std::sync::Arc;

use bare::Bare;
use bytes::Bytes;
use dropshot::{
    ApiDescription, ApiEndpoint, ApiEndpointBodyContentType, ApiEndpointParameter, ApiEndpointParameterLocation, ApiEndpointVersions, Body,
    ConfigDropshot, HandlerTaskMode, HttpError, Path, RawRequest, RequestContext, ServerBuilder, SharedExtractor,
};
use http::{Method, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::BodyExt as _;

type Context = Arc<Bare>;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Rest {
    #[expect(dead_code, reason = "its name and type are what dropshot asks for")]
    rest: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<(), String> {
    let Some(bare) = Bare::from_arguments() else { return Ok(()) };
    let bare = Arc::new(bare);
    let mut api = ApiDescription::new();
    for method in [Method::GET, Method::POST] {
        api.register(wildcard(method)).map_err(|error| error.to_string())?;
    }
    let config = ConfigDropshot { default_handler_task_mode: HandlerTaskMode::CancelOnDisconnect, ..ConfigDropshot::default() };
    let logger = slog::Logger::root(slog::Discard, slog::o!());
    let server = ServerBuilder::new(api, Arc::clone(&bare), logger).config(config).start().map_err(|error| error.to_string())?;
    bare.ready(server.local_addr()).map_err(|error| error.to_string())?;
    server.await
}

/// Every path of a method. The variable is declared and not extracted: extracting it costs a tenth of the rate.
fn wildcard(method: Method) -> ApiEndpoint<Context> {
    let mut endpoint = ApiEndpoint::new(
        method.to_string(),
        |request: RequestContext<Context>, raw: RawRequest| answer(request, raw),
        method,
        "application/json",
        "/{rest:.*}",
        ApiEndpointVersions::All,
    );
    let declared = <Path<Rest> as SharedExtractor>::metadata(ApiEndpointBodyContentType::Json).parameters;
    endpoint.parameters.extend(declared.into_iter().map(|parameter| {
        let location = ApiEndpointParameterLocation::Path;
        ApiEndpointParameter::new_named(&location, "rest".to_owned(), None, true, parameter.schema, Vec::new())
    }));
    endpoint
}

async fn answer(request: RequestContext<Context>, raw: RawRequest) -> Result<Response<Body>, HttpError> {
    let bare = request.context();
    let raw = raw.into_inner();
    let body = if raw.method() == Method::POST { parsed(raw, &bare.post).await? } else { bare.get.clone() };
    Ok(Response::builder().status(StatusCode::OK).header(CONTENT_TYPE, "application/json").body(body.into())?)
}

async fn parsed(raw: http::Request<Body>, answer: &Bytes) -> Result<Bytes, HttpError> {
    let refused = |error: &dyn std::fmt::Display| HttpError::for_bad_request(None, error.to_string());
    let body = raw.into_body().collect().await.map_err(|error| refused(&error))?.to_bytes();
    serde_json::from_slice::<serde_json::Value>(&body).map_err(|error| refused(&error))?;
    Ok(answer.clone())
}
