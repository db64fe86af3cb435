//! Isolated worlds: each sandbox has state and a journal of its own, is made on first use, and sees no other.
//!
//! Requests that name no sandbox are most requests, so the sandbox `default` stands beside the map and costs no
//! look-up. The number of sandboxes is bounded; those that nobody used for an hour go when a new one
//! comes.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use parking_lot::RwLock;

use crate::{journal::Journal, provider::Provider, state::World};

/// The name of the sandbox of requests that name none.
pub const DEFAULT_SANDBOX: &str = "default";

/// Seconds after which an unused sandbox makes room.
const IDLE: i64 = 3600;
/// The longest name of a sandbox.
const LONGEST_NAME: usize = 64;

/// One isolated world.
#[derive(Debug)]
pub(crate) struct Sandbox {
    pub(crate) name: Box<str>,
    pub(crate) journal: Journal,
    worlds: Box<[OnceLock<World>]>,
    used: AtomicI64,
}

impl Sandbox {
    fn new(name: &str, providers: usize) -> Self {
        let worlds = (0..providers).map(|_| OnceLock::new()).collect();
        Self { name: name.into(), journal: Journal::default(), worlds, used: AtomicI64::new(0) }
    }

    /// What this sandbox remembers of a provider, made when it is first asked for.
    pub(crate) fn world(&self, index: usize, provider: &Provider) -> &World {
        self.worlds[index].get_or_init(|| provider.engine.world())
    }

    /// The worlds that were asked for, by index of their provider.
    pub(crate) fn worlds(&self) -> impl Iterator<Item = (usize, &World)> {
        self.worlds.iter().enumerate().filter_map(|(index, world)| Some((index, world.get()?)))
    }

    /// Makes everything as it was at start, the journal included.
    pub(crate) fn reset(&self) {
        for (_, world) in self.worlds() {
            world.reset();
        }
        self.journal.clear();
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
#[derive(Debug)]
pub(crate) struct Sandboxes {
    pub(crate) default: Arc<Sandbox>,
    named: RwLock<IndexMap<Box<str>, Arc<Sandbox>>>,
    providers: usize,
    max: usize,
}

impl Sandboxes {
    pub(crate) fn new(providers: usize, max: usize) -> Self {
        let default = Arc::new(Sandbox::new(DEFAULT_SANDBOX, providers));
        Self { default, named: RwLock::default(), providers, max }
    }

    /// How many there may be beside the default one.
    pub(crate) fn max(&self) -> usize {
        self.max
    }

    /// The sandbox of this name, if it was used before.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<Sandbox>> {
        if name == DEFAULT_SANDBOX { Some(self.default.clone()) } else { self.named.read().get(name).cloned() }
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
            let sandbox = Sandbox::new(name, self.providers);
            sandbox.used.store(now, Ordering::Relaxed);
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
        let sandboxes = Sandboxes::new(0, 2);
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
        let sandboxes = Sandboxes::new(0, 2);
        for name in ["", "a b", "a/b", "ä", &"x".repeat(65)] {
            assert_eq!(sandboxes.open(name, at(0)).err(), Some(Refused::Name), "{name}");
        }
        assert_eq!(sandboxes.names(), ["default"]);
    }
}
