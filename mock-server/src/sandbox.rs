//! Isolated worlds: each sandbox has state and a journal of its own, is made on first use, and sees no other.
//!
//! Requests that name no sandbox are most requests, so the sandbox `default` stands beside the map and costs no
//! look-up. The number of sandboxes is bounded; those that nobody used for an hour go when a new one
//! comes.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use arc_swap::ArcSwapOption;
use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use parking_lot::{Mutex, RwLock};

use crate::{
    clock::Clock,
    coverage::Tally,
    engine::Conditions,
    inject::{Answers, Faults, Rule},
    journal::{Bounds, Journal},
    provider::Provider,
    state::{Keyring, World},
    webhooks::{Client, Webhooks},
};

/// The name of the sandbox of requests that name none.
pub const DEFAULT_SANDBOX: &str = "default";

/// Seconds after which an unused sandbox makes room.
const IDLE: i64 = 3600;
/// The longest name of a sandbox.
const LONGEST_NAME: usize = 64;

/// What a sandbox remembers of a provider, with the state of the document that it was made for.
pub(crate) struct Played {
    pub(crate) provider: Arc<Provider>,
    pub(crate) world: World,
    /// What its exchanges covered.
    pub(crate) coverage: Tally,
}

/// One isolated world.
pub(crate) struct Sandbox {
    pub(crate) name: Box<str>,
    pub(crate) journal: Journal,
    pub(crate) clock: Arc<Clock>,
    pub(crate) webhooks: Webhooks,
    pub(crate) faults: Faults,
    pub(crate) answers: Answers,
    seed: AtomicU64,
    played: Box<[ArcSwapOption<Played>]>,
    /// What it knows of each provider's credentials.
    pub(crate) keyrings: Box<[Arc<Keyring>]>,
    /// Held while one of them is made.
    making: Mutex<()>,
    /// When it was last used, by the machine's clock in Unix seconds.
    used: AtomicI64,
}

impl Sandbox {
    fn new(name: &str, providers: usize, seed: u64, bounds: Bounds, client: Client) -> Self {
        let clock: Arc<Clock> = Arc::default();
        Self {
            name: name.into(),
            journal: Journal::new(bounds),
            webhooks: Webhooks::new(clock.clone(), client),
            clock,
            faults: Faults::default(),
            answers: Answers::default(),
            seed: AtomicU64::new(seed),
            played: (0..providers).map(|_| ArcSwapOption::empty()).collect(),
            keyrings: (0..providers).map(|_| Arc::default()).collect(),
            making: Mutex::new(()),
            used: AtomicI64::new(0),
        }
    }

    /// Where its ids and generated values come from.
    pub(crate) fn seed(&self) -> u64 {
        self.seed.load(Ordering::Relaxed)
    }

    /// The circumstances of an exchange with a provider, in which nothing is to go wrong.
    pub(crate) fn conditions(&self, index: usize, now: DateTime<Utc>) -> Conditions {
        Conditions { seed: self.seed(), keyring: self.keyrings.get(index).cloned(), ..Conditions::at(now) }
    }

    /// What this sandbox remembers of a provider, made when it is first asked for.
    pub(crate) fn played(&self, index: usize, provider: &Arc<Provider>) -> Arc<Played> {
        if let Some(played) = self.known(index, provider) {
            return played;
        }
        let _making = self.making.lock();
        self.known(index, provider).unwrap_or_else(|| {
            let coverage = Tally::new(provider.api().operations.len());
            let new = Arc::new(Played { provider: provider.clone(), world: provider.engine.world(), coverage });
            self.played[index].store(Some(new.clone()));
            new
        })
    }

    /// What this sandbox remembers of a provider, if it was asked for.
    pub(crate) fn known(&self, index: usize, provider: &Arc<Provider>) -> Option<Arc<Played>> {
        self.played[index].load_full().filter(|played| Arc::ptr_eq(&played.provider, provider))
    }

    /// Counts anew what is covered.
    pub(crate) fn reset_coverage(&self) {
        self.played.iter().filter_map(ArcSwapOption::load_full).for_each(|played| played.coverage.reset());
    }

    /// Makes everything as it was at start, the journal included.
    pub(crate) fn reset(&self) {
        for played in self.played.iter().filter_map(ArcSwapOption::load_full) {
            played.world.reset();
        }
        for keyring in &self.keyrings {
            keyring.reset();
        }
        self.faults.reset();
        self.answers.retain(|_| false);
        self.journal.clear();
        self.webhooks.reset();
    }

    /// Takes all faults away; what they hid is seen.
    pub(crate) fn heal(&self) {
        self.faults.clear();
        for played in self.played.iter().filter_map(ArcSwapOption::load_full) {
            played.world.forget_past();
        }
    }
}

/// Why a sandbox cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Its name is not one.
    Name,
    /// There are as many as there may be, and none is idle.
    Full,
}

/// All sandboxes of a mock.
pub(crate) struct Sandboxes {
    pub(crate) default: Arc<Sandbox>,
    named: RwLock<IndexMap<Box<str>, Arc<Sandbox>>>,
    providers: usize,
    seed: u64,
    max: usize,
    /// How much the journal of each keeps.
    bounds: Bounds,
    /// What goes wrong in all of them from the start.
    faults: Arc<[Rule]>,
    /// What sends webhooks, for all of them.
    client: Client,
}

impl Sandboxes {
    pub(crate) fn new(providers: usize, seed: u64, max: usize, bounds: Bounds) -> Self {
        let client = Client::default();
        let default = Arc::new(Sandbox::new(DEFAULT_SANDBOX, providers, seed, bounds, client.clone()));
        Self { default, named: RwLock::default(), providers, seed, max, bounds, faults: Arc::default(), client }
    }

    /// Begins with these faults, in each of them.
    pub(crate) fn with_faults(self, rules: Vec<Rule>) -> Self {
        let faults: Arc<[Rule]> = rules.into();
        self.default.faults.begin(&faults, &self.default.name);
        Self { faults, ..self }
    }

    /// How many there may be beside the default one.
    pub(crate) fn max(&self) -> usize {
        self.max
    }

    /// The sandbox of this name, if it was used before.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<Sandbox>> {
        if name == DEFAULT_SANDBOX { Some(self.default.clone()) } else { self.named.read().get(name).cloned() }
    }

    /// All that were used, the default one first.
    pub(crate) fn all(&self) -> Vec<Arc<Sandbox>> {
        std::iter::once(&self.default).chain(self.named.read().values()).cloned().collect()
    }

    /// The names of those that were used.
    pub(crate) fn names(&self) -> Vec<String> {
        let named = self.named.read();
        std::iter::once(DEFAULT_SANDBOX.to_owned()).chain(named.keys().map(ToString::to_string)).collect()
    }

    /// The sandbox of this name, made if need be.
    pub(crate) fn open(&self, name: &str, now: DateTime<Utc>) -> Result<Arc<Sandbox>, Refused> {
        let sandbox = match self.find(name) {
            Some(sandbox) => sandbox,
            None => self.make(name, now.timestamp())?,
        };
        sandbox.used.store(now.timestamp(), Ordering::Relaxed);
        Ok(sandbox)
    }

    fn make(&self, name: &str, now: i64) -> Result<Arc<Sandbox>, Refused> {
        let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-');
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(fits) {
            return Err(Refused::Name);
        }
        let mut named = self.named.write();
        named.retain(|_, sandbox| now - sandbox.used.load(Ordering::Relaxed) < IDLE);
        if !named.contains_key(name) && named.len() >= self.max {
            return Err(Refused::Full);
        }
        let new = || {
            let sandbox = Sandbox::new(name, self.providers, self.seed, self.bounds, self.client.clone());
            sandbox.used.store(now, Ordering::Relaxed);
            sandbox.faults.begin(&self.faults, name);
            Arc::new(sandbox)
        };
        Ok(named.entry(name.into()).or_insert_with(new).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn an_idle_sandbox_makes_room_for_a_new_one() {
        let sandboxes = Sandboxes::new(0, 0, 2, Bounds::default());
        for name in ["old", "young"] {
            sandboxes.open(name, at(0)).unwrap();
        }
        sandboxes.open("young", at(IDLE - 1)).unwrap();
        assert_eq!(sandboxes.open("new", at(IDLE - 1)).err(), Some(Refused::Full));
        sandboxes.open("new", at(IDLE)).unwrap();
        assert_eq!(sandboxes.names(), ["default", "young", "new"]);
    }

    #[test]
    fn names_are_checked_before_anything_is_made() {
        let sandboxes = Sandboxes::new(0, 0, 2, Bounds::default());
        for name in ["", "a b", "a/b", "ä", &"x".repeat(65)] {
            assert_eq!(sandboxes.open(name, at(0)).err(), Some(Refused::Name), "{name}");
        }
        assert_eq!(sandboxes.names(), ["default"]);
    }
}
