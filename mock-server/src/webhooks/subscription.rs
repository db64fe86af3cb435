//! Who wants to hear of what, and what goes wrong on the way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use specs::webhooks::{Origin, Webhook};

/// A subscription of a sandbox.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) url: String,
    /// Only events of this provider.
    pub(crate) provider: Option<String>,
    /// Names of events, or beginnings with `*` behind them; empty: all.
    pub(crate) events: Vec<String>,
    pub(crate) secret: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    /// Seconds between attempts, in the place of the document's.
    pub(crate) retries: Option<Vec<u64>>,
    /// Milliseconds until an attempt without an answer has failed.
    pub(crate) timeout: Option<u64>,
    pub(crate) faults: Faults,
    /// What is held back until the next event went out.
    pub(super) held: Option<u64>,
}

/// What goes wrong on the way to a subscription.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fault of its own, and none excludes another")]
pub(crate) struct Faults {
    /// Seconds by which an event is late, by the clock of the sandbox.
    pub(crate) late: Option<f64>,
    /// Whether an event is sent twice, with the same id.
    pub(crate) duplicate: bool,
    /// Whether an event is held back until the next one was sent.
    pub(crate) out_of_order: bool,
    /// Whether the signature is wrong.
    pub(crate) bad_signature: bool,
    /// Whether an event is never sent.
    pub(crate) lost: bool,
    /// How many events this happens to; without it, all.
    pub(crate) times: Option<u64>,
}

impl Subscription {
    pub(crate) fn new(url: String) -> Self {
        Self {
            id: String::new(),
            url,
            provider: None,
            events: Vec::new(),
            secret: None,
            headers: Vec::new(),
            retries: None,
            timeout: None,
            faults: Faults::default(),
            held: None,
        }
    }

    /// Whether an event is for it.
    pub(super) fn wants(&self, provider: &str, webhook: &Webhook) -> bool {
        // A callback has its address: whoever wants it too says so.
        let is_meant = webhook.origin != Origin::Callback || !self.events.is_empty();
        is_meant && self.provider.as_deref().is_none_or(|own| own == provider) && fits(&self.events, &webhook.name)
    }

    /// What goes wrong with the next event.
    pub(super) fn take_faults(&mut self) -> Faults {
        match &mut self.faults.times {
            Some(0) => return Faults::default(),
            Some(times) => *times -= 1,
            None => {}
        }
        self.faults.clone()
    }
}

/// Whether an event is among those that are named; none named: all.
pub(crate) fn fits(names: &[String], event: &str) -> bool {
    let is = |name: &String| match name.strip_suffix('*') {
        Some(beginning) => event.starts_with(beginning),
        None => name == event,
    };
    names.is_empty() || names.iter().any(is)
}
