//! What an exchange depends on beside the request and the state.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Orders;
use crate::state::Keyring;

/// The circumstances of one exchange: the same ones, with the same request and state, give the same exchange.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// The time.
    pub now: DateTime<Utc>,
    /// Where ids and generated values come from.
    pub seed: u64,
    /// What the sandbox knows of credentials beyond the document.
    pub keyring: Option<Arc<Keyring>>,
    /// What is to be otherwise than the document says.
    pub orders: Option<Box<Orders>>,
    /// Whether somebody hears of what the vendor sends of its own accord.
    pub heard: bool,
    /// The number that ids of what it sends are made from: another one for each exchange.
    pub event: u64,
}

impl Conditions {
    /// The time, and the seed that is used where nobody chose one.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now, seed: 0, keyring: None, orders: None, heard: false, event: 0 }
    }
}
