//! What an exchange depends on beside the request and the state.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use super::Orders;
use crate::state::Keyring;

/// The circumstances of one exchange: the same ones, with the same request and state, give the same exchange.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// The time.
    pub now: DateTime<Utc>,
    /// Where ids and generated values come from.
    pub seed: u64,
    /// How limits of rate are kept.
    pub limits: Limiting,
    /// What the sandbox knows of credentials beyond the document.
    pub keyring: Option<Arc<Keyring>>,
    /// What is to be otherwise than the document says.
    pub orders: Option<Box<Orders>>,
    /// Whether somebody hears of what the vendor sends of its own accord.
    pub heard: bool,
    /// The number that ids of what it sends are made from: another one for each exchange.
    pub event: u64,
}

/// How limits of rate are kept.
#[derive(Clone, Debug, Default)]
pub struct Limiting {
    /// Whether a request that is one too many is refused.
    pub enforced: bool,
    /// What is other than the document says, by the name of the limit.
    pub changed: Option<Arc<IndexMap<String, LimitChange>>>,
}

/// What of a limit is other than the document says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimitChange {
    /// How many requests a window allows.
    pub limit: Option<u64>,
    /// The length of the window in seconds.
    pub window: Option<u64>,
}

impl Conditions {
    /// The time, and the seed that is used where nobody chose one.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now, seed: 0, limits: Limiting::default(), keyring: None, orders: None, heard: false, event: 0 }
    }
}
