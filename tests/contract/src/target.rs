//! A server that a suite is run against, and what is known of it.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    credentials::Credentials,
    draft::parameter_at,
    exchange::{Exchange, Intent, Request, Response},
    rehearsal::Rehearsal,
    run::chain,
    session::Session,
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
    /// What may be done to it, and what was; without one, everything may.
    pub session: Option<Arc<Session>>,
    /// A server that is imagined, so that nothing is sent.
    pub(crate) rehearsal: Option<Rehearsal>,
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
        Self {
            transport,
            credentials,
            given: Given::default(),
            place: Place::default(),
            settle: Duration::ZERO,
            session: None,
            rehearsal: None,
        }
    }

    /// The key of a parent that exists, by its resource, its property or the parameter that names it, however these are written.
    pub(crate) fn given(&self, resource: Option<&str>, property: &str, place: &specs::resources::Place) -> Option<&Value> {
        let parameter = parameter_at(place).map(|(_, name)| name);
        let plain = |name: &str| heck::AsSnakeCase(name).to_string();
        let names: Vec<String> = resource.into_iter().chain([property]).chain(parameter).map(plain).collect();
        self.given.iter().find(|(name, _)| names.contains(&plain(name))).map(|(_, key)| key)
    }

    /// Sends a request, and gives what came back beside the exchange that tells of it.
    pub(crate) async fn exchange(&self, operation: &str, intent: Intent, request: Request) -> (Exchange, Result<Response, Unreachable>) {
        #[expect(clippy::disallowed_methods, reason = "an archive of exchanges says when they were")]
        let (started, clock) = (SystemTime::now(), Instant::now());
        let response = self.transport.send(&request).await;
        let told = response.as_ref().map_err(|error| chain(error)).cloned();
        (Exchange { operation: operation.to_owned(), intent, started, took: clock.elapsed(), request, response: told }, response)
    }
}
