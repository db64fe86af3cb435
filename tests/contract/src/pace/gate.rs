//! When the next request may be sent: what the server has announced, and what the run has left of its share.
//!
//! A share is kept by the times of the last requests: as many as are allowed, and the oldest of them frees its place
//! when a window has passed. So no stretch of time of that length has more of them, wherever the server's windows begin.

use std::{collections::VecDeque, time::Duration};

use indexmap::IndexMap;
use tokio::time::Instant;

use super::{Allowance, Budget, OverLimit, Waiting, Waits, hints::Told};

/// What decides when the next request may be sent.
#[derive(Debug)]
pub(super) struct Gate {
    /// Until when nothing is sent, and by which limit.
    closed: Option<(Instant, Option<String>)>,
    /// What the server has announced, by limit.
    announced: IndexMap<String, Announced>,
    shares: Vec<Share>,
    in_flight: u64,
    jitter: fastrand::Rng,
    waited_for: Option<(Instant, String)>,
    /// Whether the last requests were refused whatever was waited.
    pub(super) has_given_up: bool,
    pub(super) waits: Waits,
}

#[derive(Debug)]
struct Announced {
    left: u64,
    ends: Instant,
}

#[derive(Debug)]
struct Share {
    allowance: Allowance,
    sent: VecDeque<Instant>,
}

/// Whether a request may be sent.
#[derive(Debug)]
pub(super) enum Admission {
    Now,
    At(Instant),
    Never(OverLimit),
}

impl Gate {
    pub(super) fn new(budget: &Budget, seed: u64) -> Self {
        let share = |allowance: &Allowance| Share { allowance: allowance.clone(), sent: VecDeque::new() };
        Self {
            closed: None,
            announced: IndexMap::new(),
            shares: budget.allowances.iter().map(share).collect(),
            in_flight: 0,
            jitter: fastrand::Rng::with_seed(seed),
            waited_for: None,
            has_given_up: false,
            waits: Waits::default(),
        }
    }

    /// Lets a request pass and counts it, or says when the next one may.
    pub(super) fn admit(&mut self, now: Instant, longest: Duration) -> Admission {
        self.announced.retain(|_, announced| announced.ends > now);
        self.closed.take_if(|(until, _)| *until <= now);
        if let Some((until, over)) = self.obstacle(now) {
            if until - now > longest {
                return Admission::Never(over);
            }
            let why = over.to_string();
            self.waited_for = Some((until, why.split(':').next().unwrap_or_default().to_owned()));
            return Admission::At(until);
        }
        self.announced.values_mut().for_each(|announced| announced.left -= 1);
        for share in &mut self.shares {
            if share.is_full() {
                share.sent.pop_front();
            }
            share.sent.push_back(now);
        }
        self.in_flight += 1;
        Admission::Now
    }

    /// What is in the way for the longest time.
    fn obstacle(&self, now: Instant) -> Option<(Instant, OverLimit)> {
        let closed = self.closed.iter().map(|(until, limit)| (*until, asked(limit.clone(), *until - now)));
        let announced = self.announced.iter().filter(|(_, announced)| announced.left == 0);
        let announced = announced.map(|(limit, announced)| (announced.ends, asked(Some(limit.clone()), announced.ends - now)));
        let shares = self.shares.iter().filter_map(|share| share.obstacle(now));
        closed.chain(announced).chain(shares).max_by_key(|(until, _)| *until)
    }

    /// A request has its answer, or will have none.
    pub(super) fn landed(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Learns what the server has announced. Those on their way may not be counted in it yet. Of what is guessed only that
    /// is believed which can be waited for; else the server has to say it once more, by refusing.
    pub(super) fn told(&mut self, limits: &[Told], now: Instant, longest: Duration) {
        for told in limits {
            if let (Some(left), Some(wait)) = (told.left, told.wait.filter(|wait| !told.is_guessed || *wait <= longest)) {
                let announced = Announced { left: left.saturating_sub(self.in_flight), ends: now + wait };
                self.announced.insert(told.limit.clone(), announced);
            }
        }
    }

    /// Sends nothing until then.
    pub(super) fn close(&mut self, until: Instant, limit: Option<String>) {
        if self.closed.as_ref().is_none_or(|(known, _)| *known < until) {
            self.closed = Some((until, limit));
        }
    }

    /// Between half of a wait and all of it, after it was doubled this often.
    pub(super) fn backoff(&mut self, first: Duration, doubled: u32) -> Duration {
        let whole = first.saturating_mul(2_u32.saturating_pow(doubled));
        whole.mul_f64(f64::midpoint(1.0, self.jitter.f64()))
    }

    pub(super) fn clean(&mut self) {
        self.shares.iter_mut().for_each(|share| share.allowance.allowed = share.allowance.of.max(1));
    }

    pub(super) fn waiting(&self, now: Instant) -> Option<Waiting> {
        let (until, why) = self.waited_for.as_ref().filter(|(until, _)| *until > now)?;
        Some(Waiting { why: why.clone(), left: *until - now })
    }
}

impl Share {
    fn is_full(&self) -> bool {
        self.sent.len() as u64 >= self.allowance.allowed
    }

    fn obstacle(&self, now: Instant) -> Option<(Instant, OverLimit)> {
        let free = *self.sent.front().filter(|_| self.is_full())? + self.allowance.window;
        let Allowance { limit, of, allowed, window } = self.allowance.clone();
        (free > now).then(|| (free, OverLimit::Share { limit, allowed, of, window, wait: free - now }))
    }
}

fn asked(limit: Option<String>, wait: Duration) -> OverLimit {
    OverLimit::Asked { limit, wait }
}
