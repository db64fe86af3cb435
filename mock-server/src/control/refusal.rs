//! How operations of the control API refuse.
//!
//! dropshot turns what an operation refuses with into a response that nothing of ours sees any more. The door has to
//! add to every response, so each refusal is noted where the door finds it again; dropshot's own response is dropped.

use std::{cell::RefCell, fmt, future::Future};

use dropshot::{Body, ClientErrorStatusCode, ErrorStatusCode, HttpErrorResponseBody, HttpResponseError};
use http::{HeaderValue, Response, header};
use schemars::{JsonSchema, r#gen::SchemaGenerator, schema::Schema};
use serde::{Serialize, Serializer};

/// What a person sees who opens the page without the token.
const ASK: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
    <title>mock-server</title>\n<h1>mock-server</h1>\n<p>This needs the control token: the mock showed it when it started, or was given \
    it with <code>--control-token</code>.</p>\n<form><label>Token <input name=\"token\" type=\"password\" autofocus required></label> \
    <button>Open</button></form>\n";

tokio::task_local! {
    /// The newest refusal within one request.
    static NOTED: RefCell<Option<dropshot::HttpError>>;
}

/// What an operation refuses with: the shape and the constructors of dropshot's error of the same name.
#[derive(Debug)]
pub(crate) struct HttpError {
    status: ErrorStatusCode,
    message: String,
}

impl HttpError {
    /// A status from 400 to 499.
    pub(crate) fn for_client_error(code: Option<String>, status: ClientErrorStatusCode, message: String) -> Self {
        dropshot::HttpError::for_client_error(code, status, message).into()
    }

    /// Status 400.
    pub(crate) fn for_bad_request(code: Option<String>, message: String) -> Self {
        dropshot::HttpError::for_bad_request(code, message).into()
    }

    /// Status 500; the message goes to the log alone.
    pub(crate) fn for_internal_error(message: String) -> Self {
        dropshot::HttpError::for_internal_error(message).into()
    }
}

/// Runs an operation, and hands out the refusal that it ended with.
pub(super) async fn noted<R, E>(operation: impl Future<Output = Result<R, E>>) -> Result<R, dropshot::HttpError> {
    let run = async {
        let done = operation.await;
        let lost = || dropshot::HttpError::for_internal_error("an answer could not be written".to_owned());
        done.map_err(|_| NOTED.with(RefCell::take).unwrap_or_else(lost))
    };
    NOTED.scope(RefCell::new(None), run).await
}

/// Status 403: who asks may not.
pub(super) fn forbidden(message: &str, help: &str) -> dropshot::HttpError {
    let message = format!("{message}\nhelp: {help}");
    dropshot::HttpError::for_client_error(Some("Forbidden".to_owned()), ClientErrorStatusCode::FORBIDDEN, message)
}

/// Status 401: who asks did not show the token. A person gets a page to type it into.
pub(super) fn unauthorized(is_person: bool, id: &str) -> Response<Body> {
    let message = "this needs the control token\nhelp: send it as `Authorization: Bearer TOKEN`, or open the page with `?token=TOKEN`; \
                   the mock shows it at start unless it was given with `--control-token`";
    let refused =
        dropshot::HttpError::for_client_error(Some("Unauthorized".to_owned()), ClientErrorStatusCode::UNAUTHORIZED, message.to_owned());
    let mut response = refused.into_response(id);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"mock-server control\""));
    if is_person {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        return response.map(|_| Body::from(ASK.to_owned()));
    }
    response
}

impl From<dropshot::HttpError> for HttpError {
    fn from(error: dropshot::HttpError) -> Self {
        let refusal = Self { status: error.status_code, message: error.internal_message.clone() };
        // Outside of a request nobody asks for it.
        let _ = NOTED.try_with(|noted| noted.replace(Some(error)));
        refusal
    }
}

impl From<http::Error> for HttpError {
    fn from(error: http::Error) -> Self {
        dropshot::HttpError::from(error).into()
    }
}

impl HttpResponseError for HttpError {
    fn status_code(&self) -> ErrorStatusCode {
        self.status
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Serialize for HttpError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let body = HttpErrorResponseBody { request_id: String::new(), error_code: None, message: self.message.clone() };
        body.serialize(serializer)
    }
}

impl JsonSchema for HttpError {
    fn schema_name() -> String {
        HttpErrorResponseBody::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        HttpErrorResponseBody::json_schema(generator)
    }
}
