//! What vendors send of their own accord, sent: subscriptions of a sandbox, the queue of what is on its way to them, and
//! a record of every attempt.
//!
//! First attempts of one subscription are made in the order of the events, one after the other. A second attempt has its
//! own time and holds nobody up, and neither does what is late by a fault: so do vendors. All times are the sandbox's:
//! where its clock stands still, whoever puts it forward makes the next attempt. Tasks hold on to what is in here and not
//! to the sandbox, whose end is theirs. Redirects are not followed, as vendors do not.

mod client;
mod delivery;
mod lane;
mod ledger;
mod sign;
mod subscription;

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use specs::webhooks::{Origin, Webhook};
use tokio::sync::{Notify, watch};

pub(crate) use client::Client;
pub(crate) use delivery::{Attempt, Delivery, Header, Outcome};
pub(crate) use ledger::Wanted;
pub(crate) use sign::{is_key, minted_secret};
pub(crate) use subscription::{Faults, Subscription, fits};

use crate::{
    clock::{self, Clock},
    engine::{Event, Subscriber},
};
use delivery::Sending;
use ledger::Kept;

/// Seconds between attempts where neither document nor subscription says anything.
const RETRIES: [u64; 3] = [5, 30, 120];
/// Most subscriptions of a sandbox.
const MAX_SUBSCRIPTIONS: usize = 1_000;

/// The subscriptions of a sandbox, and what was sent to them.
pub(crate) struct Webhooks {
    post: Arc<Post>,
    /// Ends the tasks when it says something, and when it is no more.
    stop: watch::Sender<()>,
}

/// What tasks share.
struct Post {
    kept: Mutex<Kept>,
    /// Whether there are subscriptions, and how many events there were: every exchange asks.
    heard: AtomicBool,
    events: AtomicU64,
    /// Told when something has come to an end.
    changed: Notify,
    clock: Arc<Clock>,
    client: Client,
}

/// What an event comes from.
pub(crate) struct Cause<'c> {
    pub(crate) provider: &'c str,
    pub(crate) webhooks: &'c [Webhook],
    /// The number of the exchange in the journal; none for what was sent by hand.
    pub(crate) exchange: Option<u64>,
    /// Rows of the provider that are subscriptions.
    pub(crate) subscribers: &'c [Subscriber],
}

impl Webhooks {
    pub(crate) fn new(clock: Arc<Clock>, client: Client) -> Self {
        let post = Post {
            kept: Mutex::default(),
            heard: AtomicBool::new(false),
            events: AtomicU64::new(0),
            changed: Notify::new(),
            clock,
            client,
        };
        Self { post: Arc::new(post), stop: watch::Sender::new(()) }
    }

    /// What sends them.
    pub(crate) fn client(&self) -> &Client {
        &self.post.client
    }

    /// Whether there are subscriptions.
    pub(crate) fn is_heard(&self) -> bool {
        self.post.heard.load(Ordering::Relaxed)
    }

    /// The number of the next event.
    pub(crate) fn number(&self) -> u64 {
        self.post.events.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Adds a subscription and names it.
    ///
    /// # Errors
    /// When there are as many as there may be.
    pub(crate) fn subscribe(&self, subscription: Subscription) -> Result<Subscription, usize> {
        let mut kept = self.post.kept.lock();
        if kept.subscriptions.len() >= MAX_SUBSCRIPTIONS {
            return Err(MAX_SUBSCRIPTIONS);
        }
        self.post.heard.store(true, Ordering::Relaxed);
        Ok(kept.add(subscription))
    }

    pub(crate) fn subscriptions(&self) -> Vec<Subscription> {
        self.post.kept.lock().subscriptions.values().cloned().collect()
    }

    /// Ends a subscription; what is on its way to it goes on. Whether there was one.
    pub(crate) fn unsubscribe(&self, id: &str) -> bool {
        let held = {
            let mut kept = self.post.kept.lock();
            let removed = kept.subscriptions.shift_remove(id);
            self.post.heard.store(!kept.subscriptions.is_empty(), Ordering::Relaxed);
            removed.map(|subscription| subscription.held)
        };
        if let Some(Some(held)) = held {
            self.queue(held);
        }
        held.is_some()
    }

    /// Changes what goes wrong on the way to a subscription. What was held back is sent.
    pub(crate) fn set_faults(&self, id: &str, faults: Faults) -> Option<Subscription> {
        let (changed, held) = {
            let mut kept = self.post.kept.lock();
            let subscription = kept.subscriptions.get_mut(id)?;
            subscription.faults = faults;
            let held = subscription.held.take();
            (subscription.clone(), held)
        };
        if let Some(held) = held {
            self.queue(held);
        }
        Some(changed)
    }

    /// Sends events to those who want them, and to the addresses that they have themselves. The numbers of the
    /// deliveries.
    pub(crate) fn publish(&self, cause: &Cause<'_>, events: Vec<Event>) -> Vec<u64> {
        let mut numbers = Vec::new();
        for event in events {
            let event = Arc::new(event);
            let Some(webhook) = cause.webhooks.get(event.webhook) else { continue };
            for sending in self.addressees(cause, webhook, &event) {
                numbers.extend(self.send(cause, &event, sending));
            }
        }
        numbers
    }

    /// Who gets an event, and how.
    fn addressees(&self, cause: &Cause<'_>, webhook: &Webhook, event: &Event) -> Vec<Sending> {
        let mut found: Vec<Sending> = event.target.iter().map(|url| Sending::to(url.clone(), webhook)).collect();
        for row in cause.subscribers.iter().filter(|row| webhook.origin != Origin::Callback && fits(&row.events, &event.name)) {
            let mut sending = Sending::to(row.url.clone(), webhook);
            sending.row = Some(row.key.clone());
            sending.secret = row.secret.clone().or(sending.secret);
            found.push(sending);
        }
        let kept = self.post.kept.lock();
        let wanted = kept.subscriptions.values().filter(|one| one.wants(cause.provider, webhook));
        found.extend(wanted.map(|subscription| Sending::of(subscription, webhook)));
        found
    }

    fn send(&self, cause: &Cause<'_>, event: &Arc<Event>, mut sending: Sending) -> Vec<u64> {
        let now = self.now();
        let mut queued = Vec::new();
        let numbers = {
            let mut kept = self.post.kept.lock();
            let faults = sending.subscription.as_ref().and_then(|id| kept.subscriptions.get_mut(id)).map(Subscription::take_faults);
            let faults = faults.unwrap_or_default();
            sending.spoilt = faults.bad_signature;
            sending.late = faults.late;
            let first = kept.record(Delivery::new(cause.provider, cause.exchange, event.clone(), sending.clone(), now));
            if faults.lost {
                kept.end(first, Outcome::Lost, "lost by a fault");
            } else if faults.out_of_order {
                let held =
                    sending.subscription.as_ref().and_then(|id| kept.subscriptions.get_mut(id)).and_then(|one| one.held.replace(first));
                queued.extend(held);
            } else {
                queued.push(first);
            }
            let mut numbers = vec![first];
            if faults.duplicate && !faults.lost {
                let again = Delivery::new(cause.provider, cause.exchange, event.clone(), sending.clone(), now).again(first);
                let again = kept.record(again);
                numbers.push(again);
                queued.push(again);
            }
            if !faults.out_of_order {
                let held = sending.subscription.as_ref().and_then(|id| kept.subscriptions.get_mut(id)).and_then(|one| one.held.take());
                queued.extend(held);
            }
            numbers
        };
        for number in queued {
            self.queue(number);
        }
        self.post.changed.notify_waiters();
        numbers
    }

    /// Sends something that was sent before once more, as a delivery of its own.
    pub(crate) fn redeliver(&self, number: u64) -> Option<u64> {
        let again = {
            let now = self.now();
            let mut kept = self.post.kept.lock();
            let again = kept.get(number)?.once_more(now);
            kept.record(again)
        };
        self.queue(again);
        Some(again)
    }

    /// The deliveries that are wanted, oldest first.
    pub(crate) fn deliveries(&self, wanted: &Wanted) -> Vec<Delivery> {
        self.post.kept.lock().wanted(wanted)
    }

    pub(crate) fn delivery(&self, number: u64) -> Option<Delivery> {
        self.post.kept.lock().get(number).cloned()
    }

    /// Deliveries that are no longer kept, and those that were not taken at all.
    pub(crate) fn counts(&self) -> (u64, u64) {
        self.post.kept.lock().counts()
    }

    /// Waits until there are as many deliveries as wanted and none of them is on its way, but not forever.
    pub(crate) async fn settle(&self, wanted: &Wanted, count: usize, most: std::time::Duration) {
        let settled = async {
            loop {
                let mut changed = std::pin::pin!(self.post.changed.notified());
                changed.as_mut().enable();
                if self.post.kept.lock().is_settled(wanted, count) {
                    return;
                }
                changed.await;
            }
        };
        // What is there by then is shown.
        drop(tokio::time::timeout(most, settled).await);
    }

    /// Makes everything as it was at start: no subscription, nothing on its way.
    pub(crate) fn reset(&self) {
        self.stop();
        let mut kept = self.post.kept.lock();
        let _old = std::mem::take(&mut *kept);
        self.post.heard.store(false, Ordering::Relaxed);
        self.post.events.store(0, Ordering::Relaxed);
        drop(kept);
        self.post.changed.notify_waiters();
    }

    /// Ends what is on its way.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(());
    }

    fn now(&self) -> DateTime<Utc> {
        self.post.clock.read(clock::now())
    }

    fn queue(&self, number: u64) {
        lane::queue(&self.post, number, &self.stop);
    }
}
