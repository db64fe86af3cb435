//! Webhooks, subscriptions and deliveries as the control API has them.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::webhooks::{Attempt, Delivery, Faults, Header, Outcome, Subscription};

/// Names a sandbox and a subscription.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct SubscriptionPath {
    /// The name of the sandbox.
    pub(crate) sandbox: String,
    /// The id of the subscription.
    pub(crate) id: String,
}

/// Names a sandbox and a delivery.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct DeliveryPath {
    /// The name of the sandbox.
    pub(crate) sandbox: String,
    /// The number of the delivery.
    pub(crate) number: u64,
}

/// Something that a vendor sends of its own accord.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct WebhookSummary {
    /// The provider.
    pub(super) provider: String,
    /// The name of the event.
    pub(super) event: String,
    /// `webhook` or `callback`.
    pub(super) kind: String,
    /// What it tells.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) summary: String,
    /// The method of the request that is sent.
    pub(super) method: String,
    /// After what it is sent: ids of operations, or what became of which resource. Empty: never, but by hand.
    pub(super) sent_after: Vec<String>,
    /// Why it is believed to be sent then, or why never.
    pub(super) why: String,
    /// Where it is sent beside the addresses of subscriptions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
    /// How it is signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) signature: Option<SignatureSummary>,
    /// A payload, made of the newest row.
    pub(super) payload: Value,
    /// Where that payload does not conform to the document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) defects: Vec<String>,
}

/// How a webhook is signed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(super) struct SignatureSummary {
    /// The algorithm.
    pub(super) algorithm: String,
    /// The header that carries the signature.
    pub(super) header: String,
    /// What the header holds.
    pub(super) value: String,
    /// What is signed.
    pub(super) signed: String,
}

/// A subscription that is wanted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSubscription {
    /// Where events are sent.
    pub(super) url: String,
    /// Only events of this provider.
    pub(super) provider: Option<String>,
    /// Names of events, or beginnings with `*` behind them; left out: all.
    #[serde(default)]
    pub(super) events: Vec<String>,
    /// The secret to sign with; left out: the document's, or a new one where the vendor signs.
    pub(super) secret: Option<String>,
    /// Headers that are sent too.
    #[serde(default)]
    pub(super) headers: Vec<Header>,
    /// Seconds between attempts; left out: as the document says.
    pub(super) retries: Option<Vec<u64>>,
    /// Milliseconds until an attempt without an answer has failed: 10000 without it.
    pub(super) timeout: Option<u64>,
    /// What goes wrong on the way.
    #[serde(default)]
    pub(super) faults: Faults,
}

/// A subscription.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SubscriptionEntry {
    /// Its id.
    pub(crate) id: String,
    /// Where events are sent.
    pub(super) url: String,
    /// Only events of this provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provider: Option<String>,
    /// Names of events; empty: all.
    pub(super) events: Vec<String>,
    /// The secret that is signed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
    /// Headers that are sent too.
    pub(super) headers: Vec<Header>,
    /// Seconds between attempts, in the place of the document's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retries: Option<Vec<u64>>,
    /// Milliseconds until an attempt without an answer has failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) timeout: Option<u64>,
    /// What goes wrong on the way.
    pub(super) faults: Faults,
}

/// Chooses deliveries.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct DeliveryQuery {
    /// Only of events of this name, or with this beginning before a `*`.
    pub(super) event: Option<String>,
    /// Only to the subscription with this id, or to the row with this key that is one.
    pub(super) subscription: Option<String>,
    /// Only events of this provider.
    pub(super) provider: Option<String>,
    /// Only with this outcome: `pending`, `delivered`, `failed` or `lost`.
    pub(super) status: Option<Outcome>,
    /// Only because of the exchange with this number in the journal.
    pub(super) exchange: Option<u64>,
    /// Most deliveries, the newest: 100 without it.
    pub(super) limit: Option<usize>,
    /// Seconds to wait at most, up to 60, until there are `count` of them and none is on its way.
    pub(super) wait: Option<f64>,
    /// How many are waited for: 1 without it.
    pub(super) count: Option<usize>,
}

/// Deliveries.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct DeliveryPage {
    /// The deliveries, oldest first.
    pub(super) deliveries: Vec<DeliveryEntry>,
    /// Deliveries that are no longer kept, because newer ones needed the room.
    pub(super) forgotten: u64,
    /// Deliveries that were not made, because too many were on their way.
    pub(super) dropped: u64,
}

/// One event on its way to one place.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct DeliveryEntry {
    /// Counts the deliveries of the sandbox, from 1.
    pub(super) number: u64,
    /// The provider whose event it is.
    pub(super) provider: String,
    /// The name of the event.
    pub(super) event: String,
    /// The id of the event, which repeated deliveries share.
    pub(super) id: String,
    /// When the event came about, by the clock of the sandbox.
    pub(super) at: DateTime<Utc>,
    /// The number of the exchange in the journal that caused it; absent for what was sent by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exchange: Option<u64>,
    /// The subscription that it is for; absent for a callback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subscription: Option<String>,
    /// The method.
    pub(super) method: String,
    /// Where it is sent.
    pub(super) url: String,
    /// What became of it.
    pub(super) status: Outcome,
    /// What is to say about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
    /// The delivery that this one repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repeats: Option<u64>,
    /// When the next attempt is due, by the clock of the sandbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<DateTime<Utc>>,
    /// The payload, as text.
    pub(super) body: String,
    /// Where the payload does not conform to the document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) defects: Vec<String>,
    /// The attempts, in order.
    pub(super) attempts: Vec<Attempt>,
}

/// An event that is to be sent by hand.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendRequest {
    /// The provider; may be left out where one alone has such an event.
    pub(super) provider: Option<String>,
    /// The name of the event.
    pub(super) event: String,
    /// The payload; left out: one made of the newest row.
    pub(super) payload: Option<Value>,
    /// Where to send it beside the addresses of subscriptions.
    pub(super) url: Option<String>,
}

/// What was sent by hand.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SendResult {
    /// The id of the event.
    pub(super) id: String,
    /// The numbers of its deliveries; empty when nobody listens.
    pub(super) deliveries: Vec<u64>,
}

pub(super) fn entry(subscription: Subscription) -> SubscriptionEntry {
    let headers = subscription.headers.into_iter().map(|(name, value)| Header { name, value }).collect();
    let Subscription { id, url, provider, events, secret, retries, timeout, faults, .. } = subscription;
    SubscriptionEntry { id, url, provider, events, secret, headers, retries, timeout, faults }
}

pub(super) fn shown(delivery: &Delivery) -> DeliveryEntry {
    let event = &delivery.event;
    DeliveryEntry {
        number: delivery.number,
        provider: delivery.provider.to_string(),
        event: event.name.clone(),
        id: event.id.clone(),
        at: delivery.at,
        exchange: delivery.exchange,
        subscription: delivery.sending.subscription.clone().or_else(|| delivery.sending.row.clone()),
        method: event.method.to_string(),
        url: delivery.sending.url.clone(),
        status: delivery.outcome,
        note: delivery.note.map(str::to_owned),
        repeats: delivery.repeats,
        next: delivery.next,
        body: String::from_utf8_lossy(&event.body).into_owned(),
        defects: event.defects.clone(),
        attempts: delivery.attempts.clone(),
    }
}
