//! Requests at the pace that a server allows, so that no limit ever fails a case.
//!
//! What a server refuses for being asked too often (429, or 503 with `Retry-After`) was not done: it is sent again when
//! the server says so, and where it says nothing, ever later. On somebody's account a run looks ahead as well: it waits
//! *before* it sends what the server has announced to refuse, and it uses no more than its share of the limits that the
//! document declares. A mock announces limits that it does not keep, so elsewhere a run only reacts.
//!
//! A limit holds for all requests: documents do not say of which operations a limit is, and a server that is asked less
//! than it allows minds it not. No wait is longer than [`Settings::longest`]: what would take longer is not sent and
//! ends in [`OverLimit`], which tells nothing about the server's promises.
//!
//! A request without an answer is sent again only when it is safe and its connection broke, once.

mod budget;
mod clock;
mod fields;
mod gate;
mod hints;
mod moment;
mod over;
mod span;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use parking_lot::Mutex;
use specs::{Api, resources::RateLimit};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep_until},
};

pub use self::{
    budget::{Allowance, Budget, Forecast, Quota},
    clock::Clock,
    over::OverLimit,
    span::spelled,
};
use self::{
    gate::{Admission, Gate},
    hints::Hints,
};
use crate::{
    Place,
    exchange::{Request, Response},
    transport::{Transport, Unreachable},
};

/// How often a request over the limit is repeated.
const REPEATS: u32 = 6;
/// The first wait where a server says nothing; each one after is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Longer than any run: what a server or a document says beyond it comes to the same.
const FOREVER: Duration = Duration::from_hours(10 * 365 * 24);

/// How a run paces itself.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How much of each declared limit the run may use, from 0 to 1.
    pub share: f64,
    /// The longest time that a request may have to wait.
    pub longest: Duration,
    /// How many requests may be on their way at a time.
    pub jobs: usize,
    /// Chooses how far waits that no server asked for differ from each other.
    pub seed: u64,
    /// What time it is.
    pub clock: Clock,
}

impl Default for Settings {
    fn default() -> Self {
        Self { share: Budget::SHARE, longest: Duration::from_mins(2), jobs: 1, seed: 0, clock: Clock::system() }
    }
}

/// The pace of a run; its clones are the same pace.
#[derive(Clone, Debug)]
pub struct Pace(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    declared: Vec<RateLimit>,
    looks_ahead: bool,
    longest: Duration,
    clock: Clock,
    flights: Semaphore,
    gate: Mutex<Gate>,
}

/// How much a run has waited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// How many requests had to be repeated.
    pub repeats: u64,
    /// How long requests have waited, all together.
    pub waited: Duration,
}

/// What a run waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Why: a lower-case fragment.
    pub why: String,
    /// For how long yet.
    pub left: Duration,
}

impl Pace {
    /// The pace for a server of this document.
    #[must_use]
    pub fn new(api: &Api, place: Place, settings: &Settings) -> Self {
        let looks_ahead = place == Place::Live;
        let budget = if looks_ahead { Budget::of(api, settings.share) } else { Budget::default() };
        Self(Arc::new(Shared {
            declared: api.rate_limits.clone(),
            looks_ahead,
            longest: settings.longest,
            clock: settings.clock,
            flights: Semaphore::new(settings.jobs.clamp(1, Semaphore::MAX_PERMITS)),
            gate: Mutex::new(Gate::new(&budget, settings.seed)),
        }))
    }

    /// A transport that keeps this pace.
    pub fn around<T: Transport>(&self, inner: T) -> Paced<T> {
        Paced { inner, pace: self.clone() }
    }

    /// From now on the whole of each limit may be used: what was made has to be removed, whatever the share.
    pub fn clean(&self) {
        self.0.gate.lock().clean();
    }

    /// How much was waited so far.
    #[must_use]
    pub fn waits(&self) -> Waits {
        self.0.gate.lock().waits
    }

    /// What is waited for now.
    #[must_use]
    pub fn waiting(&self) -> Option<Waiting> {
        self.0.gate.lock().waiting(Instant::now())
    }

    /// Waits until a request may be sent.
    async fn admitted(&self, request: &Request) -> Result<Flight<'_>, Unreachable> {
        loop {
            let now = Instant::now();
            let admission = self.0.gate.lock().admit(now, self.0.longest);
            match admission {
                Admission::Now => return Ok(Flight(&self.0)),
                Admission::At(until) => {
                    sleep_until(until).await;
                    self.0.gate.lock().waits.waited += until - now;
                }
                Admission::Never(over) => return Err(Unreachable::new(request, over)),
            }
        }
    }

    /// Learns from an answer; gives when a refusal may be repeated at the soonest, `None` for what is no such refusal.
    fn heard(&self, response: &Response, refused: u32) -> Result<Option<()>, OverLimit> {
        let shared = &self.0;
        let hints = Hints::of(response, &shared.declared, shared.clock.now());
        let is_refusal = response.status == 429 || response.status == 503 && hints.retry_after.is_some();
        let (now, mut gate) = (Instant::now(), shared.gate.lock());
        if !is_refusal {
            gate.has_given_up = false;
            if shared.looks_ahead {
                gate.told(&hints.limits, now, shared.longest);
            }
            return Ok(None);
        }
        if refused == REPEATS || gate.has_given_up {
            gate.has_given_up = true;
            return Err(OverLimit::Still { repeats: refused });
        }
        let (limit, asked) = hints.refusal();
        // A server that refuses again what it said it would take is believed less and less.
        let own = if asked.is_none() { Some(refused) } else { refused.checked_sub(1) };
        let own = own.map_or(Duration::ZERO, |doubled| gate.backoff(FIRST_WAIT, doubled)).min(shared.longest);
        let wait = asked.unwrap_or_default().max(own);
        gate.close(now + wait, limit.clone());
        if wait > shared.longest {
            return Err(OverLimit::Asked { limit, wait });
        }
        gate.waits.repeats += 1;
        Ok(Some(()))
    }
}

/// A request on its way.
struct Flight<'s>(&'s Shared);

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.gate.lock().landed();
    }
}

/// A transport that keeps a pace.
#[derive(Clone, Debug)]
pub struct Paced<T> {
    inner: T,
    pace: Pace,
}

#[async_trait]
impl<T: Transport> Transport for Paced<T> {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        let permit = self.pace.0.flights.acquire().await;
        _ = permit.as_ref().map_err(|error| Unreachable::new(request, error.to_string()))?;
        let (mut refused, mut may_break) = (0, request.method.is_safe());
        loop {
            let flight = self.pace.admitted(request).await?;
            let answer = self.inner.send(request).await;
            drop(flight);
            match answer {
                Err(error) if may_break && error.is_reset() => may_break = false,
                Err(error) => return Err(error),
                Ok(response) => match self.pace.heard(&response, refused) {
                    Ok(None) => return Ok(response),
                    Ok(Some(())) => refused += 1,
                    Err(over) => return Err(Unreachable::new(request, over)),
                },
            }
        }
    }
}
