//! How much was sent, and what for.

use super::Effect;
use crate::exchange::Intent;

/// How many requests of which kind were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All requests.
    pub requests: u64,
    /// Requests that make something, or that a wrong server could make something of.
    pub creates: u64,
    /// Requests that change something.
    pub updates: u64,
    /// Requests that delete something, those that clean up included.
    pub deletes: u64,
    /// Requests of which nobody knows what they change.
    pub unknown: u64,
    /// Requests that remove what the run made.
    pub cleaning: u64,
    marks: usize,
}

impl Tally {
    pub(super) fn add(&mut self, effect: Effect, intent: Intent) {
        self.requests += 1;
        self.cleaning += u64::from(intent == Intent::Clean);
        match effect {
            Effect::Looks => {}
            Effect::Creates => self.creates += 1,
            Effect::Updates => self.updates += 1,
            Effect::Deletes => self.deletes += 1,
            Effect::Unknown => self.unknown += 1,
        }
    }

    /// The number of the next mark.
    pub(super) fn marks(&mut self) -> usize {
        self.marks += 1;
        self.marks
    }

    /// This and another one.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            creates: self.creates + other.creates,
            updates: self.updates + other.updates,
            deletes: self.deletes + other.deletes,
            unknown: self.unknown + other.unknown,
            cleaning: self.cleaning + other.cleaning,
            marks: self.marks,
        }
    }

    /// Whether nothing was sent that could change something.
    #[must_use]
    pub fn only_looks(&self) -> bool {
        self.creates + self.updates + self.deletes + self.unknown == 0
    }
}
