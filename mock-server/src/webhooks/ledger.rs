//! What a sandbox keeps of subscriptions and deliveries, bounded by count and bytes.

use std::collections::{HashMap, VecDeque};

use indexmap::IndexMap;

use super::{Attempt, Delivery, Outcome, Subscription, fits};

/// Most deliveries that are kept.
const MAX_DELIVERIES: usize = 1_000;
/// Most bytes of deliveries.
const MAX_BYTES: usize = 8 << 20;

/// Subscriptions, deliveries and what waits.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) subscriptions: IndexMap<String, Subscription>,
    /// Deliveries that wait for those before them, by lane. A lane is there while a task works it off.
    pub(super) lanes: HashMap<String, VecDeque<u64>>,
    deliveries: VecDeque<Delivery>,
    bytes: usize,
    /// Deliveries so far.
    delivered: u64,
    /// Subscriptions so far.
    subscribed: u64,
    forgotten: u64,
    dropped: u64,
}

/// Which deliveries are wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) event: Option<String>,
    pub(crate) subscription: Option<String>,
    pub(crate) provider: Option<String>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) exchange: Option<u64>,
    /// Most deliveries, the newest.
    pub(crate) limit: Option<usize>,
}

impl Wanted {
    fn is_met(&self, delivery: &Delivery) -> bool {
        self.is_met_but_for_outcome(delivery) && self.outcome.is_none_or(|outcome| outcome == delivery.outcome)
    }

    fn is_met_but_for_outcome(&self, delivery: &Delivery) -> bool {
        let is = |asked: &Option<String>, known: Option<&str>| asked.as_deref().is_none_or(|asked| Some(asked) == known);
        self.event.as_ref().is_none_or(|event| fits(std::slice::from_ref(event), &delivery.event.name))
            && is(&self.subscription, delivery.sending.subscription.as_deref().or(delivery.sending.row.as_deref()))
            && is(&self.provider, Some(&delivery.provider))
            && self.exchange.is_none_or(|exchange| delivery.exchange == Some(exchange))
    }
}

impl Kept {
    pub(super) fn add(&mut self, subscription: Subscription) -> Subscription {
        self.subscribed += 1;
        let named = Subscription { id: format!("sub_{}", self.subscribed), ..subscription };
        self.subscriptions.insert(named.id.clone(), named.clone());
        named
    }

    /// Writes a delivery down and numbers it. Where too many are on their way it is not to be sent.
    pub(super) fn record(&mut self, mut delivery: Delivery) -> u64 {
        self.delivered += 1;
        delivery.number = self.delivered;
        self.make_room(delivery.size());
        if self.deliveries.len() >= MAX_DELIVERIES || self.bytes + delivery.size() > MAX_BYTES {
            // All that is kept is on its way: there is no room to wait in.
            self.dropped += 1;
            tracing::warn!(event = delivery.event.name, url = delivery.sending.url, "not sent: too much is on its way already");
            return delivery.number;
        }
        self.bytes += delivery.size();
        let number = delivery.number;
        self.deliveries.push_back(delivery);
        number
    }

    /// Forgets the oldest that have come to an end, as far as need be.
    fn make_room(&mut self, size: usize) {
        while self.deliveries.len() >= MAX_DELIVERIES || self.bytes + size > MAX_BYTES {
            let Some(oldest) = self.deliveries.iter().position(|delivery| delivery.outcome != Outcome::Pending) else { return };
            if let Some(gone) = self.deliveries.remove(oldest) {
                self.bytes -= gone.size();
                self.forgotten += 1;
            }
        }
    }

    pub(super) fn get(&self, number: u64) -> Option<&Delivery> {
        let position = self.deliveries.binary_search_by_key(&number, |delivery| delivery.number).ok()?;
        self.deliveries.get(position)
    }

    /// Changes a delivery, whose size may become another.
    pub(super) fn change<T>(&mut self, number: u64, act: impl FnOnce(&mut Delivery) -> T) -> Option<T> {
        let position = self.deliveries.binary_search_by_key(&number, |delivery| delivery.number).ok()?;
        let delivery = self.deliveries.get_mut(position)?;
        let before = delivery.size();
        let result = act(delivery);
        self.bytes = (self.bytes + delivery.size()).saturating_sub(before);
        Some(result)
    }

    pub(super) fn end(&mut self, number: u64, outcome: Outcome, note: &'static str) {
        self.change(number, |delivery| {
            delivery.outcome = outcome;
            delivery.note = Some(note);
            delivery.next = None;
        });
    }

    /// Writes an attempt down. Seconds until the next one, where there is to be one.
    pub(super) fn attempted(&mut self, number: u64, attempt: Attempt, asked: Option<u64>) -> Option<u64> {
        self.change(number, |delivery| {
            let is_good = attempt.status.is_some_and(|status| (200..300).contains(&status));
            let pause = delivery.sending.retries.get(delivery.attempts.len()).copied().filter(|_| !is_good);
            let pause = pause.map(|pause| pause.max(asked.unwrap_or(0)));
            let at = attempt.at;
            delivery.attempts.push(attempt);
            delivery.next = pause.and_then(|pause| at.checked_add_signed(chrono::TimeDelta::try_seconds(i64::try_from(pause).ok()?)?));
            delivery.outcome = match (is_good, delivery.next) {
                (true, _) => Outcome::Delivered,
                (false, Some(_)) => Outcome::Pending,
                (false, None) => Outcome::Failed,
            };
            delivery.next.and(pause)
        })
        .flatten()
    }

    pub(super) fn wanted(&self, wanted: &Wanted) -> Vec<Delivery> {
        let found = self.deliveries.iter().rev().filter(|delivery| wanted.is_met(delivery));
        let mut found: Vec<_> = found.take(wanted.limit.unwrap_or(usize::MAX)).cloned().collect();
        found.reverse();
        found
    }

    /// Whether there are so many and none of them is on its way.
    pub(super) fn is_settled(&self, wanted: &Wanted, count: usize) -> bool {
        if wanted.outcome.is_some() {
            return self.deliveries.iter().filter(|delivery| wanted.is_met(delivery)).count() >= count;
        }
        let mut found = self.deliveries.iter().filter(|delivery| wanted.is_met(delivery)).peekable();
        let (mut all, mut is_over) = (0, true);
        for delivery in &mut found {
            all += 1;
            is_over &= delivery.outcome != Outcome::Pending;
        }
        all >= count && is_over
    }

    pub(super) fn counts(&self) -> (u64, u64) {
        (self.forgotten, self.dropped)
    }
}
