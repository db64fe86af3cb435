//! A run that answers for what it does: nothing is written that it may not write, and all that it made is removed.
//!
//! Every request passes the gate ([`Session::before`]), which reads off the request what it is about to do. Only what
//! this run made is ever changed or deleted; what it makes is written down first ([`ledger`]), carries a mark
//! ([`mark`]), and is removed when its case is over, or at the end, or by `contract clean` after a crash.
//! Leaving that to each case was rejected: one forgetful case would be enough to lose somebody's notes.

mod cleanup;
mod gate;
mod ledger;
mod mark;
mod named;
mod policy;
mod tally;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use parking_lot::Mutex;
use serde_json::Value;

pub use ledger::{Opening, Unreadable};
pub use policy::{Allow, Policy};
pub use tally::Tally;

pub(crate) use named::{Effect, Named, body, effect, named, variable};

use self::{
    ledger::{Entry, Fate, Intention, Ledger},
    mark::{Mark, Wish},
};
use crate::{rule, target::Place, wire, world::World};

/// What a run may do, what it did, and what it has to remove.
#[derive(Debug)]
pub struct Session {
    policy: Policy,
    mark: Mark,
    ledger: Mutex<Ledger>,
    tally: Mutex<Tally>,
    /// All that this run ever made.
    owned: Mutex<Vec<Owned>>,
    /// What could not be removed, by the number of its entry, and why.
    stays: Mutex<BTreeMap<usize, String>>,
    /// Whether nothing more is to be sent, except to remove what was made.
    is_over: AtomicBool,
}

impl Session {
    /// A run whose ledger is a new file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn new(path: &Path, opening: &Opening, policy: Policy) -> std::io::Result<Self> {
        let ledger = Ledger::create(path, opening, policy.place == Place::Live)?;
        Ok(Self::with(ledger, &opening.run, policy))
    }

    /// A run that ends with the process: its ledger is no file.
    #[must_use]
    pub fn in_memory(run: &str, policy: Policy) -> Self {
        Self::with(Ledger::in_memory(), run, policy)
    }

    /// An earlier run, to remove what it left.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn resume(path: &Path, policy: Policy) -> Result<(Opening, Self), Unreadable> {
        let (opening, ledger) = Ledger::open(path)?;
        let session = Self::with(ledger, &opening.run, policy);
        Ok((opening, session))
    }

    fn with(ledger: Ledger, run: &str, policy: Policy) -> Self {
        let made = |entry: &Entry| match &entry.fate {
            Fate::Made(keys) => owned(&entry.intention, keys),
            Fate::Open | Fate::Refused(_) | Fate::Removed => Vec::new(),
        };
        let owned = ledger.entries.iter().flat_map(made).collect();
        Self {
            policy,
            owned: Mutex::new(owned),
            stays: Mutex::default(),
            mark: Mark::new(run),
            ledger: Mutex::new(ledger),
            tally: Mutex::new(Tally::default()),
            is_over: AtomicBool::new(false),
        }
    }

    /// Ends the run: what is under way may finish, nothing new begins.
    pub fn stop(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// Whether nothing new may begin.
    pub(crate) fn is_stopped(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Whether this run made it, even if it is gone again.
    fn owns(&self, resource: &str, key: &str, parents: &[(String, Vec<String>)]) -> bool {
        // Below each parent the same key may be another item's.
        let is_below = |own: &Owned| {
            let named = |property: &String| own.parents.iter().find(|(known, _)| known == property).map(|(_, key)| key);
            parents.iter().all(|(property, texts)| named(property).is_none_or(|key| texts.is_empty() || texts.contains(key)))
        };
        self.owned.lock().iter().any(|own| own.resource == resource && own.key == key && is_below(own))
    }

    /// How many requests may still be sent, what removes what is there aside, and of how many.
    pub(crate) fn left(&self) -> Option<(u64, u64)> {
        let most = self.policy.most?;
        Some((most.saturating_sub(self.tally.lock().requests + self.reserve()), most))
    }

    /// How many requests it takes to remove what is there.
    fn reserve(&self) -> u64 {
        let cost = |entry: &Entry| match &entry.fate {
            Fate::Made(keys) => keys.len().max(1) as u64,
            Fate::Open => 2,
            Fate::Refused(_) | Fate::Removed => 0,
        };
        self.ledger.lock().entries.iter().map(cost).sum()
    }

    /// What was sent so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally.lock().clone()
    }

    /// Marks what a request is about to make. On an account a text is added where none can hold the mark, except where
    /// the case is about what need not be there.
    pub(crate) fn mark(&self, world: &World<'_>, operation: &specs::api::Operation, body: &mut Value, about: &[String]) {
        let suite = world.suite;
        let Some(role) = operation.role.as_ref().filter(|_| effect(operation, &operation.method) == Effect::Creates) else { return };
        let Some((_, Some(schema), _)) = suite.body(operation) else { return };
        let at = role.batch.as_deref().unwrap_or(&role.input);
        let number = self.tally.lock().marks();
        let may_add = self.policy.place == Place::Live && !world.is_about(rule::MINIMAL) && !world.is_to_be_refused();
        self.mark.put(suite, schema, body, at, number, &Wish { about, may_add });
    }
}

/// Something that this run made.
#[derive(Debug)]
struct Owned {
    resource: String,
    key: String,
    parents: Vec<(String, String)>,
}

fn owned(intention: &Intention, keys: &[Value]) -> Vec<Owned> {
    let parents: Vec<(String, String)> = intention.parents.iter().map(|(name, key)| (name.clone(), wire::scalar(key))).collect();
    let own = |key: &Value| Owned { resource: intention.resource.clone(), key: wire::scalar(key), parents: parents.clone() };
    keys.iter().map(own).collect()
}

impl World<'_> {
    pub(crate) fn session(&self) -> Option<&Session> {
        self.target.session.as_deref()
    }
}
