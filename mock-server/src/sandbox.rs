//! One isolated world: state, clock, seed, limits and a journal of its own.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
};

use arc_swap::{ArcSwap, ArcSwapOption};
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;

use crate::{
    clock::{Clock, Going},
    coverage::Tally,
    engine::Conditions,
    inject::{Answers, Faults},
    journal::{Journal, Record, Room},
    limiting::LimitSettings,
    provider::Provider,
    state::{Budget, Keyring, Meter, World},
    webhooks::{Client, Webhooks},
};

/// The name of the sandbox of requests that name none.
pub const DEFAULT_SANDBOX: &str = "default";

/// What a sandbox takes without rows and journal, and what a provider in it does, in bytes, about.
const EMPTY: i64 = 2_048;
const EMPTY_WORLD: i64 = 512;

/// How a sandbox begins.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where ids and generated values come from.
    pub(crate) seed: u64,
    /// How the clock goes.
    pub(crate) going: Going,
    /// How limits are kept.
    pub(crate) limits: LimitSettings,
    /// How much the journal keeps.
    pub(crate) journal: Room,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: 0, going: Going::Running(TimeDelta::zero()), limits: LimitSettings::default(), journal: Room::default() }
    }
}

/// What a sandbox remembers of a provider, with the state of the document that it was made for.
pub(crate) struct Played {
    pub(crate) provider: Arc<Provider>,
    pub(crate) world: World,
    /// What its exchanges covered. It outlives the world.
    pub(crate) coverage: Arc<Tally>,
}

/// One isolated world.
pub(crate) struct Sandbox {
    pub(crate) name: Box<str>,
    pub(crate) journal: Journal,
    pub(crate) clock: Arc<Clock>,
    pub(crate) webhooks: Webhooks,
    pub(crate) limits: ArcSwap<LimitSettings>,
    pub(crate) faults: Faults,
    pub(crate) answers: Answers,
    seed: AtomicU64,
    played: Box<[ArcSwapOption<Played>]>,
    /// What it knows of each provider's credentials.
    pub(crate) keyrings: Box<[Arc<Keyring>]>,
    /// Held while one of them is made.
    making: Mutex<()>,
    meter: Arc<Meter>,
    /// What of the meter is the journal's.
    journal_bytes: AtomicUsize,
    /// What its first request is to be told.
    news: ArcSwapOption<String>,
    /// Tells it from an earlier one of its name.
    serial: u64,
    /// When it was last used, by the machine's clock in Unix microseconds.
    used: AtomicI64,
}

impl Sandbox {
    pub(crate) fn new(name: &str, providers: usize, settings: &Settings, budget: &Arc<Budget>, serial: u64, client: &Client) -> Self {
        let meter = Meter::of(budget.clone());
        meter.add(EMPTY);
        let clock: Arc<Clock> = Arc::default();
        let new = Self {
            name: name.into(),
            journal: Journal::new(settings.journal),
            webhooks: Webhooks::new(clock.clone(), client.clone()),
            clock,
            limits: ArcSwap::default(),
            faults: Faults::default(),
            answers: Answers::default(),
            seed: AtomicU64::new(0),
            played: (0..providers).map(|_| ArcSwapOption::empty()).collect(),
            keyrings: (0..providers).map(|_| Arc::default()).collect(),
            making: Mutex::new(()),
            meter: Arc::new(meter),
            journal_bytes: AtomicUsize::new(0),
            news: ArcSwapOption::empty(),
            serial,
            used: AtomicI64::new(0),
        };
        new.configure(settings);
        new
    }

    /// Another one, which is as this one is, with an empty journal.
    pub(crate) fn fork(&self, name: &str, budget: &Arc<Budget>, serial: u64) -> Self {
        let new = Self::new(name, self.played.len(), &self.settings(), budget, serial, self.webhooks.client());
        for (old, place) in self.played.iter().zip(&new.played) {
            if let Some(old) = old.load_full() {
                place.store(Some(Arc::new(new.play(None, old.provider.clone(), old.world.fork()))));
            }
        }
        for (old, new) in self.keyrings.iter().zip(&new.keyrings) {
            new.take_over(old);
        }
        new
    }

    /// Where its ids and generated values come from.
    pub(crate) fn seed(&self) -> u64 {
        self.seed.load(Ordering::Relaxed)
    }

    pub(crate) fn set_seed(&self, seed: u64) {
        self.seed.store(seed, Ordering::Relaxed);
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings { seed: self.seed(), going: self.clock.going(), limits: (**self.limits.load()).clone(), journal: self.journal.room() }
    }

    pub(crate) fn configure(&self, settings: &Settings) {
        self.set_seed(settings.seed);
        self.clock.set(settings.going);
        self.limits.store(Arc::new(settings.limits.clone()));
    }

    /// The circumstances of an exchange with a provider, in which nothing is to go wrong.
    pub(crate) fn conditions(&self, index: usize, now: DateTime<Utc>) -> Conditions {
        let limits = self.limits.load().of(index);
        Conditions { seed: self.seed(), limits, keyring: self.keyrings.get(index).cloned(), ..Conditions::at(now) }
    }

    /// What this sandbox remembers of a provider, made when it is first asked for.
    pub(crate) fn played(&self, index: usize, provider: &Arc<Provider>) -> Arc<Played> {
        if let Some(played) = self.known(index, provider) {
            return played;
        }
        let _making = self.making.lock();
        self.known(index, provider).unwrap_or_else(|| {
            // A document that changed finds the state of the old one, as far as it fits.
            let old = self.played[index].load_full();
            let world = old.map_or_else(|| provider.engine.world(), |old| provider.engine.restore(&old.provider.engine.keep(&old.world)).0);
            let new = Arc::new(self.play(None, provider.clone(), world));
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
        for played in self.played.iter().filter_map(ArcSwapOption::load_full) {
            played.coverage.reset();
        }
    }

    /// Lets it remember these in the place of what it remembers. What goes on meanwhile is forgotten.
    pub(crate) fn put(&self, worlds: Vec<(usize, Arc<Provider>, World)>) {
        let _making = self.making.lock();
        for (index, provider, world) in worlds {
            let covered = self.known(index, &provider).map(|old| old.coverage.clone());
            self.played[index].store(Some(Arc::new(self.play(covered, provider, world))));
        }
    }

    fn play(&self, covered: Option<Arc<Tally>>, provider: Arc<Provider>, world: World) -> Played {
        self.meter.add(EMPTY_WORLD);
        let coverage = covered.unwrap_or_else(|| Arc::new(Tally::new(provider.api().operations.len())));
        Played { provider, world: world.metered(self.meter.clone()), coverage }
    }

    /// Makes state and journal as they were at start. Its seed, its clock and how it keeps limits stay.
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
        self.weigh_journal(0);
    }

    /// Takes all faults away; what they hid is seen.
    pub(crate) fn heal(&self) {
        self.faults.clear();
        for played in self.played.iter().filter_map(ArcSwapOption::load_full) {
            played.world.forget_past();
        }
    }

    /// Writes an exchange down. The journal may hold so many bytes.
    pub(crate) fn write_down(&self, record: Record, most: usize) {
        self.journal.add(record);
        self.weigh_journal(self.journal.shrink(most));
    }

    fn weigh_journal(&self, bytes: usize) {
        let before = self.journal_bytes.swap(bytes, Ordering::Relaxed);
        self.meter.add(i64::try_from(bytes).unwrap_or(i64::MAX) - i64::try_from(before).unwrap_or(i64::MAX));
    }

    /// Rows that it holds of what was used.
    pub(crate) fn rows(&self) -> usize {
        self.played.iter().filter_map(ArcSwapOption::load_full).map(|played| played.world.rows()).sum()
    }

    /// The memory that it takes, in bytes, about.
    pub(crate) fn bytes(&self) -> usize {
        self.meter.used()
    }

    pub(crate) fn serial(&self) -> u64 {
        self.serial
    }

    /// When it was last used, in Unix microseconds.
    pub(crate) fn used(&self) -> i64 {
        self.used.load(Ordering::Relaxed)
    }

    pub(crate) fn use_at(&self, now: DateTime<Utc>) {
        self.used.store(now.timestamp_micros(), Ordering::Relaxed);
    }

    /// Says something to whoever uses it first.
    pub(crate) fn tell(&self, news: String) {
        self.news.store(Some(Arc::new(news)));
    }

    /// What is to be said, once.
    pub(crate) fn news(&self) -> Option<String> {
        if self.news.load().is_none() {
            return None;
        }
        self.news.swap(None).map(Arc::unwrap_or_clone)
    }
}
