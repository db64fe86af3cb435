//! One event on its way to one place, with every attempt.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use specs::webhooks::{Signature, Webhook};

use super::{RETRIES, Subscription};
use crate::engine::Event;

/// Milliseconds until an attempt without an answer has failed.
const TIMEOUT: u64 = 10_000;

/// One event on its way to one place.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) number: u64,
    pub(crate) provider: Arc<str>,
    /// The number of the exchange that caused it.
    pub(crate) exchange: Option<u64>,
    pub(crate) event: Arc<Event>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) outcome: Outcome,
    /// What is to say about the outcome.
    pub(crate) note: Option<&'static str>,
    pub(crate) attempts: Vec<Attempt>,
    /// When the next attempt is due.
    pub(crate) next: Option<DateTime<Utc>>,
    /// The delivery that this one repeats.
    pub(crate) repeats: Option<u64>,
    pub(crate) sending: Sending,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// It is on its way, or waits for its time.
    Pending,
    /// It was answered with a status of 200 to 299.
    Delivered,
    /// The last attempt failed too.
    Failed,
    /// A fault lost it.
    Lost,
}

/// One attempt to deliver something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Attempt {
    /// When it was made, by the clock of the sandbox.
    pub(crate) at: DateTime<Utc>,
    /// How long it took.
    pub(crate) milliseconds: u64,
    /// The status of the answer.
    pub(crate) status: Option<u16>,
    /// Why it failed.
    pub(crate) error: Option<String>,
    /// The headers that were sent.
    pub(crate) request_headers: Vec<Header>,
    /// What was signed, when the sender was to sign something.
    pub(crate) signed: Option<String>,
    /// The beginning of what the receiver answered.
    pub(crate) response_body: String,
}

/// A header.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "WebhookHeader")]
pub(crate) struct Header {
    /// Its name.
    pub(crate) name: String,
    /// Its value.
    pub(crate) value: String,
}

/// How and where something is sent.
#[derive(Clone, Debug)]
pub(crate) struct Sending {
    pub(crate) url: String,
    pub(crate) subscription: Option<String>,
    /// The key of the row that is the subscription.
    pub(crate) row: Option<String>,
    pub(super) secret: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) signature: Option<Signature>,
    pub(super) retries: Vec<u64>,
    pub(super) timeout: u64,
    /// Whether the signature is to be wrong.
    pub(super) spoilt: bool,
    /// Seconds by which it is late.
    pub(super) late: Option<f64>,
}

impl Sending {
    /// To an address, as the document says.
    pub(super) fn to(url: String, webhook: &Webhook) -> Self {
        Self {
            url,
            subscription: None,
            row: None,
            secret: webhook.signature.as_ref().and_then(|signature| signature.secret.clone()),
            headers: Vec::new(),
            signature: webhook.signature.clone(),
            retries: webhook.retries.clone().unwrap_or_else(|| RETRIES.to_vec()),
            timeout: TIMEOUT,
            spoilt: false,
            late: None,
        }
    }

    /// To a subscription.
    pub(super) fn of(subscription: &Subscription, webhook: &Webhook) -> Self {
        let usual = Self::to(subscription.url.clone(), webhook);
        Self {
            subscription: Some(subscription.id.clone()),
            secret: subscription.secret.clone().or(usual.secret),
            headers: subscription.headers.clone(),
            retries: subscription.retries.clone().unwrap_or(usual.retries),
            timeout: subscription.timeout.unwrap_or(usual.timeout),
            ..Self::to(subscription.url.clone(), webhook)
        }
    }

    /// What is sent in the same order stands in the same lane.
    pub(super) fn lane(&self) -> &str {
        self.subscription.as_deref().unwrap_or(&self.url)
    }
}

impl Delivery {
    pub(super) fn new(provider: &str, exchange: Option<u64>, event: Arc<Event>, sending: Sending, at: DateTime<Utc>) -> Self {
        Self {
            number: 0,
            provider: provider.into(),
            exchange,
            event,
            at,
            outcome: Outcome::Pending,
            note: None,
            attempts: Vec::new(),
            next: Some(at),
            repeats: None,
            sending,
        }
    }

    pub(super) fn again(mut self, number: u64) -> Self {
        self.repeats = Some(number);
        self.note = Some("sent twice by a fault");
        self
    }

    /// The same event to the same place, without faults.
    pub(super) fn once_more(&self, at: DateTime<Utc>) -> Self {
        let sending = Sending { spoilt: false, late: None, ..self.sending.clone() };
        let again = Self::new(&self.provider, self.exchange, self.event.clone(), sending, at);
        Self { repeats: Some(self.number), ..again }
    }

    /// About how much memory it takes.
    pub(super) fn size(&self) -> usize {
        let attempt = |attempt: &Attempt| {
            let headers: usize = attempt.request_headers.iter().map(|header| header.name.len() + header.value.len() + 48).sum();
            let texts = attempt.response_body.len() + attempt.error.as_ref().map_or(0, String::len);
            headers + texts + attempt.signed.as_ref().map_or(0, String::len) + size_of::<Attempt>()
        };
        size_of::<Self>() + self.event.body.len() + self.attempts.iter().map(attempt).sum::<usize>()
    }
}
