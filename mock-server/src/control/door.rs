//! Through here goes every request for the control API, before any operation, and every answer after it: so no
//! operation can forget who may ask, nor who may read.
//!
//! dropshot has no place for this, so the listener has one wildcard, and what is let in is looked up in dropshot's own
//! router of the API.
//!
//! - **Where to**: without a token, the request must name this machine, or an address. Otherwise a page anywhere could
//!   give its own name this machine's address and read everything (DNS rebinding).
//! - **Whose page**: a browser says from which origin a page asks. Pages from this machine and from the mock may, and
//!   those that `--cors` names; others may not even write, which a browser would let them without asking.
//! - **Which token**: where there is one, all but `/health` wants it.

use std::{future::Future, pin::Pin, sync::Arc};

use dropshot::{Body, HttpError, RequestContext};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header, uri::Authority};

use super::{
    asker::{host, is_address, is_local_page, is_person, is_this_machine},
    refusal::{forbidden, unauthorized},
    token::{self, Shown, Token},
};
use crate::{data::cors, origins::Cors, shell::Shell};

pub(super) type Context = RequestContext<Arc<Shell>>;
/// The API behind the door.
pub(super) type Api = Arc<dyn Fn(Context, Request<Body>) -> Answer + Send + Sync>;
type Answer = Pin<Box<dyn Future<Output = Result<Response<Body>, HttpError>> + Send>>;

/// What needs no token: whether the mock is there.
const OPEN: &str = "/health";
/// Who is let in.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    pub(crate) token: Option<Token>,
    pub(crate) cors: Cors,
}

/// Lets a request in, or says why not.
pub(super) async fn answer(door: Arc<Door>, api: Api, context: Context, request: Request<Body>) -> Response<Body> {
    let (shell, id) = (context.context().clone(), context.request_id.clone());
    let (method, target, headers) = (request.method().clone(), request.uri().clone(), request.headers().clone());
    let origin = match door.origin(&shell, &target, &headers) {
        Ok(origin) => origin,
        Err(refused) => return refused.into_response(&id),
    };
    if let Some(origin) = origin.as_ref().filter(|_| cors::is_preflight(&method, &headers)) {
        return cors::grant(origin, &headers).map(Body::from);
    }
    let is_person = is_person(&method, &headers);
    let mut response = match door.shown(&shell, &target, &headers) {
        None => unauthorized(is_person, &id),
        Some(Shown::Query) if is_person => elsewhere(&token::without(&target)),
        Some(_) => api(context, request).await.unwrap_or_else(|refused| refused.into_response(&id)),
    };
    door.finish(&shell, &target, origin.as_ref(), &mut response);
    response
}

impl Door {
    /// The origin of the page that asks, if a page of another origin does, and may.
    fn origin(&self, shell: &Shell, target: &Uri, headers: &HeaderMap) -> Result<Option<HeaderValue>, HttpError> {
        let host = host(target, headers);
        let is_ours = host.as_ref().is_none_or(|host| is_this_machine(host.host()) || is_address(host.host()));
        if self.token.is_none() && !is_ours {
            let name = host.as_ref().map_or("", Authority::as_str);
            let help = "ask for `localhost` or an address; to be reached by another name, give the mock a `--control-token`";
            return Err(forbidden(&format!("`{name}` is no name of this machine"), help));
        }
        let Some(origin) = headers.get(header::ORIGIN) else { return Ok(None) };
        let scheme = if shell.is_secure() { "https" } else { "http" };
        let own = host.map(|host| format!("{scheme}://{host}"));
        if own.is_some_and(|own| origin.as_bytes().eq_ignore_ascii_case(own.as_bytes())) {
            return Ok(None);
        }
        if self.lets(shell, origin) {
            return Ok(Some(origin.clone()));
        }
        let origin = String::from_utf8_lossy(origin.as_bytes());
        let help = format!("allow them with `--cors {origin}`; without it, pages from this machine may");
        Err(forbidden(&format!("pages of `{origin}` may not use the control API"), &help))
    }

    fn lets(&self, shell: &Shell, origin: &HeaderValue) -> bool {
        match &self.cors {
            Cors::Any => origin.to_str().is_ok_and(|origin| origin == shell.url() || is_local_page(origin)),
            listed => listed.allows(origin),
        }
    }

    /// How a request shows the token; nothing, if it should have and did not.
    fn shown(&self, shell: &Shell, target: &Uri, headers: &HeaderMap) -> Option<Shown> {
        let Some(token) = &self.token else { return Some(Shown::Unasked) };
        let open = (target.path() == OPEN).then_some(Shown::Unasked);
        token.shown(target, headers, &cookie(shell)).or(open)
    }

    /// Adds what the door says to an answer.
    fn finish(&self, shell: &Shell, target: &Uri, origin: Option<&HeaderValue>, response: &mut Response<Body>) {
        let headers = response.headers_mut();
        if let Some(origin) = origin {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
            cors::expose(origin, headers);
        }
        let token = self.token.as_ref().filter(|token| token.is_in(target));
        if let Some(cookie) = token.and_then(|token| token.cookie(&cookie(shell), shell.is_secure())) {
            headers.append(header::SET_COOKIE, cookie);
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
}

/// Sends a browser to an address without the token, which so is in no history and no screenshot.
fn elsewhere(address: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().extend(HeaderValue::try_from(address).map(|address| (header::LOCATION, address)));
    response
}

/// The name of the cookie that holds the token.
fn cookie(shell: &Shell) -> String {
    let port = shell.control_url().and_then(|url| url.rsplit(':').next()).unwrap_or_default();
    format!("{}{port}", token::COOKIE)
}
