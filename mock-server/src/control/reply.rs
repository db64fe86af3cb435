//! An answer that is put together by hand, of which the API's document says all the same what it holds.

use std::marker::PhantomData;

use dropshot::{ApiEndpointResponse, Body, HttpError, HttpResponse, HttpResponseOk};
use http::{Response, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

/// An answer that holds this as JSON, unless another format was asked for.
pub(crate) struct Reply<T> {
    pub(super) response: Response<Body>,
    pub(super) holds: PhantomData<T>,
}

impl<T: Serialize + JsonSchema + Send + Sync + 'static> HttpResponse for Reply<T> {
    fn to_result(self) -> Result<Response<Body>, HttpError> {
        Ok(self.response)
    }

    fn response_metadata() -> ApiEndpointResponse {
        HttpResponseOk::<T>::response_metadata()
    }

    fn status_code(&self) -> StatusCode {
        self.response.status()
    }
}
