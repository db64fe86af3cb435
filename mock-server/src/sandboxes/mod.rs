//! All sandboxes: made on first use, bounded by count and memory, and gone when nobody uses them.
//!
//! Requests that name no sandbox are most requests, so the sandbox `default` stands beside the map and costs no look-up.
//! The map is many small maps, each with a lock of its own, so that requests of unlike sandboxes do not meet. Which one
//! is idle longest is known from a heap of the times when each was last seen to be used. A request only notes the time
//! in its own sandbox; whoever takes from the heap finds a later time there and puts the sandbox back. So nothing is ever
//! walked through, and no timer runs: what has expired goes when the next request, or question, comes.

mod evicted;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    hash::BuildHasher,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use hashbrown::HashMap;
use parking_lot::{Mutex, RwLock};
use rustc_hash::FxBuildHasher;

pub(crate) use evicted::{Evicted, Reason, Refused};

use crate::{
    inject::{Origin, Rule},
    sandbox::{DEFAULT_SANDBOX, Sandbox, Settings},
    state::Budget,
    webhooks::Client,
};

/// The longest name of a sandbox.
const LONGEST_NAME: usize = 64;
/// How many maps there are.
const SHARDS: usize = 64;
/// Most evictions that are remembered.
const REMEMBERED: usize = 1_000;
/// What a journal may always hold, however many there are, and what it may hold at most, in bytes.
const JOURNAL: (usize, usize) = (16 << 10, 4 << 20);
/// How long expired sandboxes that somebody holds are left alone, in microseconds.
const PATIENCE: i64 = 1_000_000;

type Shard = RwLock<HashMap<Box<str>, Arc<Sandbox>, FxBuildHasher>>;

/// How many sandboxes there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Most sandboxes beside the default one.
    pub(crate) count: usize,
    /// Bytes that all may take together.
    pub(crate) memory: usize,
    /// How long one is kept that nobody uses; none: for ever.
    pub(crate) idle: Option<Duration>,
}

/// When a sandbox was last seen to be used, its serial number and its name.
type Seen = (i64, u64, Box<str>);

/// All sandboxes of a mock.
pub(crate) struct Sandboxes {
    pub(crate) default: Arc<Sandbox>,
    shards: Box<[Shard]>,
    /// Held while one is made or goes.
    ages: Mutex<BinaryHeap<Reverse<Seen>>>,
    evicted: Mutex<VecDeque<Evicted>>,
    count: AtomicUsize,
    serials: AtomicU64,
    /// Numbers the sandboxes that nobody names.
    unnamed: AtomicU64,
    /// When the next one may have expired, in Unix microseconds.
    due: AtomicI64,
    providers: usize,
    settings: Settings,
    bounds: Bounds,
    budget: Arc<Budget>,
    /// What goes wrong in all of them from the start.
    faults: Arc<[Rule]>,
    /// What sends webhooks, for all of them.
    client: Client,
}

impl Sandboxes {
    pub(crate) fn new(providers: usize, settings: Settings, bounds: Bounds) -> Self {
        let budget = Arc::new(Budget::new(bounds.memory));
        let client = Client::default();
        Self {
            default: Arc::new(Sandbox::new(DEFAULT_SANDBOX, providers, &settings, &budget, 0, &client)),
            client,
            shards: (0..SHARDS).map(|_| Shard::default()).collect(),
            ages: Mutex::default(),
            evicted: Mutex::default(),
            count: AtomicUsize::new(0),
            serials: AtomicU64::new(1),
            unnamed: AtomicU64::new(1),
            due: AtomicI64::new(i64::MAX),
            providers,
            settings,
            bounds,
            budget,
            faults: Arc::default(),
        }
    }

    /// Begins with these faults, in each of them.
    pub(crate) fn with_faults(self, rules: Vec<Rule>) -> Self {
        let faults: Arc<[Rule]> = rules.into();
        self.default.faults.begin(&faults, &self.default.name);
        Self { faults, ..self }
    }

    /// How many there may be.
    pub(crate) fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// The bytes that all take together, about.
    pub(crate) fn bytes(&self) -> usize {
        self.budget.used()
    }

    /// The sandbox of this name, if there is one.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<Sandbox>> {
        if name == DEFAULT_SANDBOX { Some(self.default.clone()) } else { self.shard(name).read().get(name).cloned() }
    }

    /// All that there are, the default one first, then in the order in which they were made.
    pub(crate) fn all(&self) -> Vec<Arc<Sandbox>> {
        let mut all = vec![self.default.clone()];
        for shard in &self.shards {
            all.extend(shard.read().values().cloned());
        }
        all.sort_by_key(|sandbox| sandbox.serial());
        all
    }

    /// The names of those that there are.
    pub(crate) fn names(&self) -> Vec<String> {
        self.all().iter().map(|sandbox| sandbox.name.to_string()).collect()
    }

    /// Those that had to go, as far as that is remembered, the first one first.
    pub(crate) fn evicted(&self) -> Vec<Evicted> {
        self.evicted.lock().iter().cloned().collect()
    }

    /// The sandbox of this name, made if need be.
    pub(crate) fn open(&self, name: &str, now: DateTime<Utc>) -> Result<Arc<Sandbox>, Refused> {
        self.expire(now);
        let sandbox = match self.find(name) {
            Some(sandbox) => sandbox,
            None => match self
                .make(name, now, |serial| Sandbox::new(name, self.providers, &self.settings, &self.budget, serial, &self.client))
            {
                // Somebody else was quicker.
                Err(Refused::Taken) => self.find(name).ok_or(Refused::Taken)?,
                made => made?,
            },
        };
        sandbox.use_at(now);
        Ok(sandbox)
    }

    /// A sandbox of a name that nobody used.
    pub(crate) fn new_one(&self, now: DateTime<Utc>) -> Result<Arc<Sandbox>, Refused> {
        self.expire(now);
        loop {
            let name = format!("test-{}", self.unnamed.fetch_add(1, Ordering::Relaxed));
            let made = |serial| Sandbox::new(&name, self.providers, &self.settings, &self.budget, serial, &self.client);
            match self.make(&name, now, made) {
                Err(Refused::Taken) => {}
                Err(why) => return Err(why),
                Ok(sandbox) => {
                    sandbox.use_at(now);
                    return Ok(sandbox);
                }
            }
        }
    }

    /// A new sandbox that is as another one is.
    pub(crate) fn fork(&self, from: &Sandbox, to: &str, now: DateTime<Utc>) -> Result<Arc<Sandbox>, Refused> {
        self.expire(now);
        let made = self.make(to, now, |serial| from.fork(to, &self.budget, serial))?;
        let faults = from.faults.all().into_iter().filter(|active| active.origin == Origin::Control);
        if let Err(why) = made.faults.add(faults.map(|active| active.rule).collect()) {
            tracing::warn!("faults of `{}` are not in its copy `{to}`: {why:?}", from.name);
        }
        Ok(made)
    }

    /// Forgets a sandbox, with what was set in it; the default one begins anew. Says whether there was one.
    pub(crate) fn forget(&self, name: &str) -> bool {
        if name == DEFAULT_SANDBOX {
            self.default.reset();
            self.default.configure(&self.settings);
            return true;
        }
        let _ages = self.ages.lock();
        let gone = self.shard(name).write().remove(name);
        if gone.is_some() {
            self.count.fetch_sub(1, Ordering::Relaxed);
        }
        gone.is_some()
    }

    /// Lets those go that nobody used for too long. Mostly that is one comparison.
    pub(crate) fn expire(&self, now: DateTime<Utc>) {
        let micros = now.timestamp_micros();
        if micros < self.due.load(Ordering::Relaxed) {
            return;
        }
        let Some(idle) = self.idle() else { return };
        // Where somebody else is at it, it is done.
        let Some(mut ages) = self.ages.try_lock() else { return };
        let mut held = Vec::new();
        while let Some(Reverse((seen, ..))) = ages.peek()
            && seen.saturating_add(idle) <= micros
        {
            let Some(Reverse(oldest)) = ages.pop() else { break };
            let Some(sandbox) = self.known(&oldest) else { continue };
            let used = sandbox.used();
            drop(sandbox);
            if used.saturating_add(idle) > micros {
                ages.push(Reverse((used, oldest.1, oldest.2)));
            } else if !self.evict(&oldest, Reason::Idle, now) {
                held.push(Reverse((used, oldest.1, oldest.2)));
            }
        }
        let next = ages.peek().map_or(i64::MAX, |Reverse((seen, ..))| seen.saturating_add(idle));
        self.due.store(if held.is_empty() { next } else { micros.saturating_add(PATIENCE).min(next) }, Ordering::Relaxed);
        ages.extend(held);
    }

    /// Lets those go that are idle longest until the memory is enough. Mostly that is one comparison.
    pub(crate) fn relieve(&self, now: impl FnOnce() -> DateTime<Utc>) {
        if self.budget.is_over()
            && let Some(mut ages) = self.ages.try_lock()
        {
            let now = now();
            while self.budget.is_over() && self.evict_oldest(&mut ages, Reason::Memory, now) {}
        }
    }

    /// How many bytes a journal may take: half of the memory is shared out among all.
    pub(crate) fn journal_share(&self) -> usize {
        let share = self.budget.most() / 2 / (self.count.load(Ordering::Relaxed) + 1);
        share.clamp(JOURNAL.0, JOURNAL.1)
    }

    fn make(&self, name: &str, now: DateTime<Utc>, new: impl FnOnce(u64) -> Sandbox) -> Result<Arc<Sandbox>, Refused> {
        let fits = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-');
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(fits) {
            return Err(Refused::Name);
        }
        let mut ages = self.ages.lock();
        if self.find(name).is_some() {
            return Err(Refused::Taken);
        }
        while self.count.load(Ordering::Relaxed) >= self.bounds.count {
            if !self.evict_oldest(&mut ages, Reason::Count, now) {
                return Err(Refused::Count);
            }
        }
        while self.budget.is_over() {
            if !self.evict_oldest(&mut ages, Reason::Memory, now) {
                return Err(Refused::Memory);
            }
        }
        let sandbox = Arc::new(new(self.serials.fetch_add(1, Ordering::Relaxed)));
        sandbox.use_at(now);
        sandbox.faults.begin(&self.faults, name);
        if let Some(evicted) = self.evicted.lock().iter().rev().find(|evicted| *evicted.name == *name) {
            sandbox.tell(evicted.note());
        }
        let micros = now.timestamp_micros();
        if let Some(idle) = self.idle() {
            self.due.fetch_min(micros.saturating_add(idle), Ordering::Relaxed);
        }
        ages.push(Reverse((micros, sandbox.serial(), name.into())));
        self.shard(name).write().insert(name.into(), sandbox.clone());
        self.count.fetch_add(1, Ordering::Relaxed);
        Ok(sandbox)
    }

    /// Lets the one go that is idle longest and that nobody holds. Says whether there was one.
    fn evict_oldest(&self, ages: &mut BinaryHeap<Reverse<Seen>>, reason: Reason, now: DateTime<Utc>) -> bool {
        let mut held = Vec::new();
        let mut done = false;
        while !done && let Some(Reverse(oldest)) = ages.pop() {
            let Some(sandbox) = self.known(&oldest) else { continue };
            let used = sandbox.used();
            drop(sandbox);
            if used != oldest.0 {
                ages.push(Reverse((used, oldest.1, oldest.2)));
            } else if self.evict(&oldest, reason, now) {
                done = true;
            } else {
                held.push(Reverse(oldest));
            }
        }
        ages.extend(held);
        done
    }

    /// The sandbox that was seen, unless it is gone.
    fn known(&self, seen: &Seen) -> Option<Arc<Sandbox>> {
        self.find(&seen.2).filter(|sandbox| sandbox.serial() == seen.1)
    }

    /// Lets one go, unless somebody holds it: a request that is under way, or a handle.
    fn evict(&self, seen: &Seen, reason: Reason, now: DateTime<Utc>) -> bool {
        let name = &seen.2;
        let mut shard = self.shard(name).write();
        if shard.get(name).is_none_or(|sandbox| Arc::strong_count(sandbox) > 1) {
            return false;
        }
        let Some(gone) = shard.remove(name) else { return false };
        drop(shard);
        self.count.fetch_sub(1, Ordering::Relaxed);
        let idle = (now.timestamp_micros() - gone.used()).max(0) / 1_000_000;
        let evicted = Evicted { name: name.clone(), at: now, reason, idle };
        match reason {
            Reason::Idle => tracing::info!("sandbox `{name}` is gone: {}", reason.as_str()),
            Reason::Count | Reason::Memory => tracing::warn!("sandbox `{name}` had to go: {}", reason.as_str()),
        }
        let mut all = self.evicted.lock();
        if all.len() >= REMEMBERED {
            all.pop_front();
        }
        all.push_back(evicted);
        true
    }

    /// How long one is kept that nobody uses, in microseconds.
    fn idle(&self) -> Option<i64> {
        self.bounds.idle.map(|idle| i64::try_from(idle.as_micros()).unwrap_or(i64::MAX))
    }

    fn shard(&self, name: &str) -> &Shard {
        let hash = usize::try_from(FxBuildHasher.hash_one(name) >> 32).unwrap_or_default();
        &self.shards[hash % SHARDS]
    }
}

#[cfg(test)]
mod tests;
