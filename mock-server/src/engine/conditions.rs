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
}

impl Conditions {
    /// The time, and the seed that is used where nobody chose one.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self { now, seed: 0, keyring: None, orders: None }
    }
}
