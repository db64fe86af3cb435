//! The data listener: the vendors' paths, and nothing of ours but the sandbox prefix `/~name/`.
//!
//! dropshot's router refuses documents that are usual (`/notes/{id}` beside `/notes/mine`), drops trailing slashes,
//! and words refusals its own way. So each method has one wildcard at the root, which hands the raw request to the
//! engine; dropshot gives the transport and the graceful stop.

mod answer;
mod body;
pub(crate) mod cors;
mod direct;
mod faulty;
mod target;
mod trickle;

use std::sync::Arc;

use dropshot::{Body, HttpError, HttpServer, RawRequest, RequestContext};
use http::Response;

use crate::{
    Error,
    listener::{self, Socket},
    shell::Shell,
};

/// Starts to listen.
pub(crate) fn start(socket: Socket, shell: Arc<Shell>) -> Result<HttpServer<Arc<Shell>>, Error> {
    listener::start(socket, shell, handle)
}

async fn handle(context: RequestContext<Arc<Shell>>, raw: RawRequest) -> Result<Response<Body>, HttpError> {
    answer::answer(context.context(), raw.into_inner()).await
}
