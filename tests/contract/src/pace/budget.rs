//! What a run may use of the limits that a document declares, and how long requests take under them.

use std::{fmt, time::Duration};

use specs::Api;

use super::{FOREVER, spelled};

/// What a run may use of each limit of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Budget {
    /// The limits.
    pub allowances: Vec<Allowance>,
}

/// What a run may use of a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The limit.
    pub limit: String,
    /// How many requests the document allows in a window.
    pub of: u64,
    /// How many of them the run may send.
    pub allowed: u64,
    /// The length of the window.
    pub window: Duration,
}

impl Budget {
    /// The share of a run that asks for none: others use the account too.
    pub const SHARE: f64 = 0.5;

    /// This share of each limit, and one request at least.
    #[must_use]
    pub fn of(api: &Api, share: f64) -> Self {
        // A limit of single operations is kept by what the responses say of it.
        let whole = api.rate_limits.iter().filter(|limit| limit.operations.is_empty());
        let allowances = whole.map(|limit| Allowance {
            limit: limit.name.clone(),
            of: limit.limit,
            allowed: part_of(limit.limit, share),
            window: Duration::from_secs(limit.window).min(FOREVER),
        });
        Self { allowances: allowances.collect() }
    }

    /// What this many requests take.
    #[must_use]
    pub fn forecast(&self, requests: u64, longest: Duration) -> Forecast {
        let least = |requests: u64| self.allowances.iter().map(|one| one.least(requests)).max().unwrap_or_default();
        let quota = |one: &Allowance| Quota { allowance: one.clone(), used: requests.min(one.allowed) };
        // A window that is used up is waited for, unless too much of it is left by then.
        let stops = |one: &&Allowance| requests > one.allowed && one.window.saturating_sub(least(one.allowed)) > longest;
        let fitting = self.allowances.iter().filter(stops).map(|one| one.allowed).min();
        Forecast {
            requests,
            least: least(fitting.unwrap_or(requests)),
            quotas: self.allowances.iter().map(quota).collect(),
            stops_after: fitting,
        }
    }
}

impl Allowance {
    /// How long this many requests take at least.
    fn least(&self, requests: u64) -> Duration {
        let windows = requests.saturating_sub(1) / self.allowed.max(1);
        Duration::from_secs(self.window.as_secs().saturating_mul(windows))
    }
}

/// How many requests of a limit a share is.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a count, rounded down, is a count")]
fn part_of(limit: u64, share: f64) -> u64 {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { Budget::SHARE };
    ((limit as f64 * share) as u64).clamp(1, limit.max(1))
}

/// What a number of requests takes under the limits of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// How many requests.
    pub requests: u64,
    /// How long those that can be sent take at least.
    pub least: Duration,
    /// What they use of each limit.
    pub quotas: Vec<Quota>,
    /// How many can be sent before one would have to wait too long; `None` when all can.
    pub stops_after: Option<u64>,
}

/// What requests use of a limit, in its fullest window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The limit.
    pub allowance: Allowance,
    /// How many requests are in that window.
    pub used: u64,
}

impl Quota {
    /// The part of the limit, from 0 to 1.
    #[must_use]
    pub fn part(&self) -> f64 {
        self.used as f64 / self.allowance.of.max(1) as f64
    }
}

/// `37 of 1000 in 24 h (4 %)`.
impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} in {} ({:.0} %)", self.used, self.allowance.of, spelled(self.allowance.window), self.part() * 100.0)
    }
}
