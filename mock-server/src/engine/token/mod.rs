//! Tokens of OAuth 2.0 (RFC 6749): where the schemes of a document say that they are given out, the mock gives them out.
//!
//! These places are no operations of the document, so they stand beside the journey: an operation that has the path
//! answers itself.

mod authorize;
mod client;
mod form;
mod grant;
mod make;

use std::collections::HashMap;

use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header};
use rustc_hash::FxBuildHasher;
use serde_json::{Value, json};
use specs::{
    Api,
    api::{Flow, Grant, SchemeKind},
    wire::{Asked, Router},
};

pub(super) use make::{Made, Maker};

use super::{Conditions, Exchange, Obeyed, Rejection, Request, Step, Touched, compile::Engine, json as text};

/// Where a document's tokens are given out, by path as the mock serves it.
#[derive(Default)]
pub(super) struct Endpoints {
    by_path: HashMap<String, Endpoint, FxBuildHasher>,
    /// The first place of tokens, for people.
    pub(super) first: Option<String>,
}

/// One such place.
#[derive(Clone, Debug, Default)]
pub(super) struct Endpoint {
    /// The flows that have it as the place of tokens: index of the scheme, and of the flow.
    tokens: Vec<(usize, usize)>,
    /// The flows that send people there.
    people: Vec<(usize, usize)>,
}

/// Why no token is given out, in the words of RFC 6749, section 5.2.
pub(super) struct Refusal {
    code: &'static str,
    rule: &'static str,
    status: StatusCode,
    message: String,
    help: &'static str,
}

impl Refusal {
    fn new(code: &'static str, message: impl Into<String>, help: &'static str) -> Self {
        let (rule, status) = match code {
            "invalid_client" => ("invalid-client", StatusCode::UNAUTHORIZED),
            "invalid_grant" => ("invalid-grant", StatusCode::BAD_REQUEST),
            "invalid_scope" => ("invalid-scope", StatusCode::BAD_REQUEST),
            "unsupported_grant_type" => ("unsupported-grant-type", StatusCode::BAD_REQUEST),
            "unsupported_response_type" => ("unsupported-response-type", StatusCode::BAD_REQUEST),
            _ => ("invalid-request", StatusCode::BAD_REQUEST),
        };
        Self { code, rule, status, message: message.into(), help }
    }
}

impl Endpoints {
    /// The places that the schemes of a document name, where no operation is already.
    pub(super) fn new(api: &Api, mount: &str, router: &Router) -> Self {
        let mut endpoints = Self::default();
        let schemes = api.schemes.values().enumerate();
        for (index, scheme) in schemes.filter(|(_, scheme)| matches!(scheme.kind, SchemeKind::Bearer { .. })) {
            for (position, flow) in scheme.flows.iter().enumerate() {
                let at = (index, position);
                for path in [&flow.token_url, &flow.refresh_url].into_iter().flatten().flat_map(|url| paths(api, mount, url)) {
                    endpoints.first.get_or_insert_with(|| path.clone());
                    endpoints.add(router, &Method::POST, path, |endpoint| &mut endpoint.tokens, at);
                }
                for path in flow.authorization_url.iter().flat_map(|url| paths(api, mount, url)) {
                    endpoints.add(router, &Method::GET, path, |endpoint| &mut endpoint.people, at);
                }
            }
        }
        endpoints
    }

    fn add(
        &mut self,
        router: &Router,
        method: &Method,
        path: String,
        place: impl Fn(&mut Endpoint) -> &mut Vec<(usize, usize)>,
        at: (usize, usize),
    ) {
        let found = router.find(&Asked { path: &path, method, query: "", headers: None });
        // What has variables is there for other things.
        if found.matched.is_some_and(|matched| matched.path.is_empty()) {
            return;
        }
        let known = place(self.by_path.entry(path).or_default());
        if !known.contains(&at) {
            known.push(at);
        }
    }

    /// The place that a request is for. A method that such a place does not have is an operation's, if one has it.
    pub(super) fn find(&self, request: &Request, router: &Router) -> Option<&Endpoint> {
        if self.by_path.is_empty() {
            return None;
        }
        let endpoint = self.by_path.get(request.target.path())?;
        let is_own = match request.method {
            Method::POST => !endpoint.tokens.is_empty(),
            Method::GET => !endpoint.people.is_empty(),
            _ => false,
        };
        let path = request.target.path();
        let asked = Asked { path, method: &request.method, query: request.target.query().unwrap_or_default(), headers: None };
        let is_operations = || router.find(&asked).matched.is_some_and(|matched| matched.path.is_empty());
        (is_own || !is_operations()).then_some(endpoint)
    }
}

/// The paths under which a URL of a flow is served: its own below the mount, or where it is relative, that which it has
/// below the server. Some clients put any relative URL behind the whole base URL, so that is served too.
pub(crate) fn paths(api: &Api, mount: &str, url: &str) -> Vec<String> {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let base = api.servers.first().map(|server| server.path.as_str()).unwrap_or_default();
    let absolute = url.split_once("://").map(|(_, rest)| rest).or_else(|| url.strip_prefix("//"));
    if let Some(rest) = absolute {
        let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
        return vec![format!("{mount}{path}")];
    }
    if url.is_empty() {
        return Vec::new();
    }
    if url.starts_with('/') {
        return vec![format!("{mount}{url}"), format!("{mount}{base}{url}")];
    }
    let above = base.rsplit_once('/').map_or("", |(above, _)| above);
    vec![format!("{mount}{}", joined(above, url)), format!("{mount}{}", joined(base, url))]
}

/// A relative path below another one, without `.` and `..`.
fn joined(base: &str, path: &str) -> String {
    let mut segments: Vec<&str> = base.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in path.split('/') {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    format!("/{}", segments.join("/"))
}

/// What was answered at such a place.
pub(super) struct Answer {
    pub(super) response: Response<Bytes>,
    pub(super) notes: Vec<String>,
}

/// The exchange of a request for such a place.
pub(super) fn exchange(engine: &Engine, endpoint: &Endpoint, request: Request, conditions: &Conditions) -> Exchange {
    let answered = answer(engine, endpoint, &request, conditions);
    let (answer, rejection) = match answered {
        Ok(answer) => (answer, None),
        Err(rejection) => (Answer { response: refused(&rejection), notes: Vec::new() }, Some(rejection.1)),
    };
    let Answer { mut response, notes } = answer;
    for (name, value) in [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Exchange {
        request,
        response,
        operation: None,
        step: Step::Token,
        rejection,
        defects: Vec::new(),
        notes,
        touched: Touched::default(),
        obeyed: Obeyed::default(),
        events: Vec::new(),
    }
}

type Refused = (&'static str, Box<Rejection>);

fn answer(engine: &Engine, endpoint: &Endpoint, request: &Request, conditions: &Conditions) -> Result<Answer, Refused> {
    let asking = Asking { engine, request, conditions };
    let answered = match request.method {
        Method::POST if !endpoint.tokens.is_empty() => asking.tokens(&endpoint.tokens),
        Method::GET if !endpoint.people.is_empty() => asking.people(&endpoint.people),
        _ => return Err(("invalid_request", wrong_method(endpoint, request))),
    };
    answered.map_err(|refusal| {
        let Refusal { code, rule, status, message, help } = refusal;
        (code, Rejection::new(Step::Token, status, rule, message, help))
    })
}

fn wrong_method(endpoint: &Endpoint, request: &Request) -> Box<Rejection> {
    let mut allow = Vec::new();
    allow.extend((!endpoint.tokens.is_empty()).then_some(Method::POST));
    allow.extend((!endpoint.people.is_empty()).then_some(Method::GET));
    allow.push(Method::OPTIONS);
    let message = format!("there is no `{}` here", request.method);
    let help = if endpoint.tokens.is_empty() { "send people here with `GET`" } else { "ask for tokens with `POST`" };
    let mut rejection = Rejection::new(Step::Token, StatusCode::METHOD_NOT_ALLOWED, "undeclared-method", message, help);
    rejection.allow = allow;
    rejection
}

/// A refusal as RFC 6749 has it (section 5.2).
fn refused((code, rejection): &Refused) -> Response<Bytes> {
    let mut response = with_body(rejection.status, &json!({"error": code, "error_description": rejection.message}));
    let headers = response.headers_mut();
    if rejection.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"mock\""));
    }
    let allow = rejection.allow.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    if let Some(allow) = HeaderValue::try_from(allow).ok().filter(|allow| !allow.is_empty()) {
        headers.insert(header::ALLOW, allow);
    }
    response
}

fn with_body(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(text::bytes(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    response
}

/// A request for a token, with what is around it.
#[derive(Clone, Copy)]
struct Asking<'a> {
    engine: &'a Engine,
    request: &'a Request,
    conditions: &'a Conditions,
}

impl<'a> Asking<'a> {
    fn flow(self, (scheme, flow): (usize, usize)) -> Option<&'a Flow> {
        self.engine.api.schemes.get_index(scheme)?.1.flows.get(flow)
    }

    /// The flows of a kind among those of a place.
    fn flows_of(self, places: &[(usize, usize)], grant: Grant) -> Vec<(usize, usize)> {
        places.iter().copied().filter(|place| self.flow(*place).is_some_and(|flow| flow.grant == grant)).collect()
    }

    /// The scheme that tokens of these flows are for, when there is one alone.
    fn scheme(self, places: &[(usize, usize)]) -> Option<String> {
        let (first, _) = places.first()?;
        let name = || self.engine.api.schemes.get_index(*first).map(|(name, _)| name.clone());
        if places.iter().all(|(scheme, _)| scheme == first) { name() } else { None }
    }

    /// The scopes that a token gets: those asked for, or else all that there are.
    fn scopes(self, places: &[(usize, usize)], asked: Option<&str>, limit: Option<&[String]>) -> Result<Option<Vec<String>>, Refusal> {
        let mut known: Vec<String> = Vec::new();
        for scope in places.iter().filter_map(|place| self.flow(*place)).flat_map(|flow| &flow.scopes) {
            if !known.contains(scope) && limit.is_none_or(|limit| limit.contains(scope)) {
                known.push(scope.clone());
            }
        }
        let asked: Vec<String> = asked.unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect();
        if known.is_empty() && limit.is_none() {
            return Ok((!asked.is_empty()).then_some(asked));
        }
        if let Some(wrong) = asked.iter().find(|scope| !known.contains(scope)) {
            let message = format!("the scope `{wrong}` is none that may be asked for, which are `{}`", known.join("`, `"));
            return Err(Refusal::new("invalid_scope", message, "ask for scopes that the document declares, separated by blanks"));
        }
        Ok(Some(if asked.is_empty() { known } else { asked }))
    }
}
