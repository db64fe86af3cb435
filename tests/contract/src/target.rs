//! A server that a suite is run against, and what is known of it.

use std::time::{Duration, Instant, SystemTime};

use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    credentials::Credentials,
    exchange::{Exchange, Intent, Request, Response},
    run::chain,
    transport::{Transport, Unreachable},
};

/// Keys of things that exist, by the name of their resource or of the property that holds them.
pub type Given = IndexMap<String, Value>;

/// A server that a suite is run against.
pub struct Target {
    /// The way to it.
    pub transport: Box<dyn Transport>,
    /// What requests prove themselves with.
    pub credentials: Credentials,
    /// Keys of things that exist.
    pub given: Given,
    /// What it is.
    pub place: Place,
    /// How long what was written may take to be seen everywhere.
    pub settle: Duration,
}

/// What a target is, which decides what is expected of it and what may be done to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// It acts out the document, and has the rows that the document shows.
    #[default]
    Mock,
    /// It is on this machine, so that nobody else's data is at stake; it need not have what the document shows.
    Here,
    /// Somebody's account.
    Live,
}

impl Target {
    /// A mock of the document, reached this way.
    #[must_use]
    pub fn new(transport: Box<dyn Transport>, credentials: Credentials) -> Self {
        Self { transport, credentials, given: Given::default(), place: Place::default(), settle: Duration::ZERO }
    }

    /// Sends a request, and gives what came back beside the exchange that tells of it.
    pub(crate) async fn exchange(&self, operation: &str, intent: Intent, request: Request) -> (Exchange, Result<Response, Unreachable>) {
        let (started, clock) = (SystemTime::now(), Instant::now());
        let response = self.transport.send(&request).await;
        let told = response.as_ref().map_err(|error| chain(error)).cloned();
        (Exchange { operation: operation.to_owned(), intent, started, took: clock.elapsed(), request, response: told }, response)
    }
}
