//! From bytes with a status to what the document declares for it.

use std::{future::poll_fn, ops::Deref, time::Duration};

use bytes::{Bytes, BytesMut};
use progenitor_client::{ByteStream, ResponseValue};
use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap},
};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::{Body, Error, NotSent, Reset, Undecodable, limits};

/// A body that the document declares as JSON and as something else.
#[derive(Clone, Debug, PartialEq)]
pub enum Media<T> {
    /// It came as JSON.
    Json(T),
    /// It came as something else.
    Other(Body),
}

/// What a server answered, read to its end and not yet decoded.
#[derive(Debug)]
pub struct Reply {
    operation: &'static str,
    limits: Limits,
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
}

/// The headers that tell when a rate limit's window ends.
type Limits = &'static [(&'static str, Reset)];

/// A success: the answer as the document types it, with status and headers.
///
/// It can be used like the answer: when the document declares one success with a body, `response.id` is the body's
/// `id`, and [`into_inner`](Self::into_inner) is the body.
#[derive(Clone, Debug)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    answer: T,
}

/// The successes of an operation.
pub trait Success {
    /// What callers are after: the body, when the document declares one success; else the enum itself.
    type Inner;

    /// That.
    fn into_inner(self) -> Self::Inner;
}

impl<T> Response<T> {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header as text, when it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The answer: one variant for each status that the document declares.
    pub fn answer(&self) -> &T {
        &self.answer
    }

    /// The answer by value.
    pub fn into_answer(self) -> T {
        self.answer
    }
}

impl<T: Success> Response<T> {
    /// The body, when the document declares one success; else the answer.
    pub fn into_inner(self) -> T::Inner {
        self.answer.into_inner()
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.answer
    }
}

/// What progenitor's methods give: bytes either way.
type Sent = Result<ResponseValue<ByteStream>, progenitor_client::Error<ByteStream>>;

impl Reply {
    /// Reads what came back to its end.
    ///
    /// # Errors
    /// When nothing came back, or not all of it.
    pub async fn read<E>(operation: &'static str, limits: Limits, sent: Sent) -> Result<Self, Error<E>> {
        use progenitor_client::Error as Raw;
        let value = match sent {
            Ok(value) | Err(Raw::ErrorResponse(value)) => value,
            Err(Raw::CommunicationError(error) | Raw::InvalidUpgrade(error) | Raw::ResponseBodyError(error)) => {
                return Err(why_not(operation, error));
            }
            Err(Raw::InvalidRequest(why) | Raw::Custom(why)) => return Err(Error::not_sent(operation, NotSent::new(why))),
            Err(Raw::UnexpectedResponse(response)) => ResponseValue::stream(response),
            Err(Raw::InvalidResponsePayload(_, error)) => return Err(Error::not_sent(operation, NotSent::new(error.to_string()))),
        };
        let (status, headers) = (value.status(), value.headers().clone());
        let body = collect(value).await.map_err(|error| Error::transport(operation, error))?;
        Ok(Self { operation, limits, status, headers, body: Body(body) })
    }

    /// The status code.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.status.as_u16()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is not JSON, or does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Box<Undecodable>> {
        serde_json::from_slice(&self.body).map_err(|error| self.undecodable::<T>(error))
    }

    /// The body as text.
    ///
    /// # Errors
    /// Never: what is no UTF-8 is replaced.
    pub fn text(&self) -> Result<String, Box<Undecodable>> {
        Ok(self.body.text())
    }

    /// The body as bytes.
    ///
    /// # Errors
    /// Never.
    pub fn raw(&self) -> Result<Body, Box<Undecodable>> {
        Ok(self.body.clone())
    }

    /// No body; one that came all the same is let go.
    ///
    /// # Errors
    /// Never.
    pub fn nothing(&self) -> Result<(), Box<Undecodable>> {
        Ok(())
    }

    /// The body as JSON when it says that it is JSON, or says nothing; else as it came.
    ///
    /// # Errors
    /// When it is said to be JSON and is not, or does not fit.
    pub fn mixed<T: DeserializeOwned>(&self) -> Result<Media<T>, Box<Undecodable>> {
        let said = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_json = said.is_none_or(|said| said.to_ascii_lowercase().contains("json"));
        if is_json { self.json().map(Media::Json) } else { Ok(Media::Other(self.body.clone())) }
    }

    /// A declared success.
    ///
    /// # Errors
    /// When the body does not decode.
    pub fn success<T, B, E>(
        self,
        decode: impl FnOnce(&Self) -> Result<B, Box<Undecodable>>,
        variant: impl FnOnce(B) -> T,
    ) -> Result<Response<T>, Error<E>> {
        match decode(&self) {
            Ok(body) => Ok(Response { status: self.status, headers: self.headers, answer: variant(body) }),
            Err(why) => Err(Error::undecodable(self.operation, why)),
        }
    }

    /// A declared refusal.
    pub fn failure<B, E>(self, decode: impl FnOnce(&Self) -> Result<B, Box<Undecodable>>, variant: impl FnOnce(B) -> E) -> Error<E> {
        match decode(&self) {
            Ok(body) => self.refused(variant(body)),
            Err(why) => Error::undecodable(self.operation, why).waiting(self.wait()),
        }
    }

    /// A status that the document does not declare.
    pub fn undeclared<E>(self, variant: impl FnOnce(StatusCode, Body) -> E) -> Error<E> {
        let answer = variant(self.status, self.body.clone());
        self.refused(answer)
    }

    fn refused<E>(self, answer: E) -> Error<E> {
        let wait = self.wait();
        Error::refused(self.operation, self.status, self.headers, answer, self.body).waiting(wait)
    }

    fn wait(&self) -> Option<Duration> {
        limits::retry_after(self.status, &self.headers, self.limits)
    }

    /// Decodes once more, slowly, to find the place that does not fit.
    fn undecodable<T: DeserializeOwned>(&self, error: serde_json::Error) -> Box<Undecodable> {
        let mut deserializer = serde_json::Deserializer::from_slice(&self.body);
        let (pointer, source) = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Ok(_) => (String::new(), error),
            Err(slow) => (pointer(slow.path()), slow.into_inner()),
        };
        Box::new(Undecodable { status: self.status, headers: self.headers.clone(), pointer, body: self.body.clone(), source })
    }
}

/// A request that could not be built was not sent; anything else failed on the way.
fn why_not<E>(operation: &'static str, error: reqwest::Error) -> Error<E> {
    if !error.is_builder() {
        return Error::transport(operation, error);
    }
    let error = error.without_url();
    let reason = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
    Error::not_sent(operation, NotSent::new(format!("the request cannot be built: {reason}")))
}

async fn collect(value: ResponseValue<ByteStream>) -> reqwest::Result<Bytes> {
    let mut stream = value.into_inner_stream();
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    while let Some(chunk) = poll_fn(|context| stream.as_mut().poll_next(context)).await {
        let chunk = chunk?;
        match first.take() {
            None if all.is_empty() => first = Some(chunk),
            None => all.extend_from_slice(&chunk),
            Some(before) => {
                all.extend_from_slice(&before);
                all.extend_from_slice(&chunk);
            }
        }
    }
    Ok(first.unwrap_or_else(|| all.freeze()))
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}
