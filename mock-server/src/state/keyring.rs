//! What one sandbox knows of a provider's credentials beyond the document: those that were added, the tokens that were
//! given out, what they are renewed with, and what is to be refused for a while.
//!
//! It is state as rows are: in memory, with a lock that is held for a look-up or a change. Most sandboxes never use
//! theirs, which then costs one look at a flag.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use parking_lot::Mutex;
use serde_json::Value;

/// Most credentials, and most grants, that are remembered; the oldest make room.
const MOST: usize = 10_000;

/// Whether a credential works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    #[default]
    Good,
    /// It is nobody's.
    Unknown,
    /// It did, and its time is over.
    Expired,
    /// It did, and was taken back.
    Revoked,
}

/// A credential that is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Key {
    /// The scheme that it is for; none: all of the document.
    pub scheme: Option<String>,
    /// Whether it works.
    pub standing: Standing,
    /// What it may do; none: everything.
    pub scopes: Option<Vec<String>>,
    /// Who a request with it comes from; none: the usual caller.
    pub caller: Option<Value>,
    /// The tenant whose rows it sees; none: the usual one.
    pub tenant: Option<String>,
    /// When it ends to work.
    pub expires_at: Option<DateTime<Utc>>,
    /// How many requests with it are refused before it works.
    pub refuse: u32,
    /// Whether the mock gave it out itself.
    pub is_issued: bool,
}

/// What a token can be had for: a code, or what renews one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grant {
    /// The key that comes of it, but for its time.
    pub key: Key,
    /// The client that it was given to.
    pub client: Option<String>,
    /// Until when it is good.
    pub expires_at: Option<DateTime<Utc>>,
    /// Where the code was sent; none: it is no code.
    pub redirect: Option<String>,
    /// The challenge that the code was asked for with, and how it is made (RFC 7636).
    pub challenge: Option<(String, Method)>,
    /// Whether it was used.
    pub is_spent: bool,
}

/// How a challenge is made of its verifier (RFC 7636, section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// They are the same.
    Plain,
    /// Its SHA-256.
    S256,
}

/// How a scheme differs from what the document says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mode {
    /// Whether only known credentials work.
    pub closed: Option<bool>,
    /// Whether all credentials have expired that are not given out or added from now on.
    pub expired: bool,
    /// How many requests are refused before the scheme works.
    pub refuse: u32,
}

/// What is known of one credential, as a request shows it.
#[derive(Debug, Default)]
pub(crate) struct Look {
    pub(crate) closed: Option<bool>,
    pub(crate) key: Option<Key>,
    pub(crate) standing: Standing,
}

/// What one sandbox knows of a provider's credentials.
#[derive(Debug, Default)]
pub struct Keyring {
    is_used: AtomicBool,
    state: Mutex<State>,
}

#[derive(Clone, Debug, Default)]
struct State {
    modes: IndexMap<String, Mode>,
    keys: IndexMap<String, Vec<Key>>,
    grants: IndexMap<String, Grant>,
    numbers: u64,
}

impl Keyring {
    /// Knows what another one knows, and nothing else.
    pub fn take_over(&self, other: &Self) {
        let known = other.state.lock().clone();
        *self.state.lock() = known;
        self.is_used.store(other.is_used.load(Ordering::Acquire), Ordering::Release);
    }

    /// Forgets everything.
    pub fn reset(&self) {
        let mut state = self.state.lock();
        *state = State::default();
        self.is_used.store(false, Ordering::Release);
    }

    /// Whether anything is known at all.
    pub(crate) fn is_used(&self) -> bool {
        self.is_used.load(Ordering::Acquire)
    }

    /// What is known of a credential that is shown for a scheme; it counts as shown. `names` are the texts that it may be
    /// known by, the best first; `fits` tells whether a key of another scheme may be meant.
    pub(crate) fn look(&self, scheme: &str, names: &[&str], now: DateTime<Utc>, fits: impl Fn(&str) -> bool) -> Look {
        if !self.is_used() {
            return Look::default();
        }
        let mut state = self.state.lock();
        let State { modes, keys, grants, .. } = &mut *state;
        let mode = modes.get_mut(scheme);
        let place = names.iter().find_map(|name| {
            let known = keys.get(*name)?;
            let own = known.iter().position(|key| key.scheme.as_deref().is_none_or(|own| own == scheme));
            let at = own.or_else(|| known.iter().position(|key| key.scheme.as_deref().is_some_and(&fits)))?;
            Some((*name, at))
        });
        let found = place.and_then(|(name, at)| keys.get_mut(name)?.get_mut(at));
        let is_renewal = names.iter().any(|name| grants.contains_key(*name));
        let (mut closed, mut standing) = (None, Standing::Good);
        let is_known = found.is_some();
        if let Some(mode) = mode {
            closed = mode.closed;
            if mode.refuse > 0 {
                mode.refuse -= 1;
                standing = Standing::Expired;
            } else if mode.expired && !is_known {
                standing = Standing::Expired;
            }
        }
        let key = found.map(|key| {
            if standing == Standing::Good {
                standing = key.shown(now);
            }
            key.clone()
        });
        if is_renewal && !is_known {
            standing = Standing::Unknown;
        }
        Look { closed, key, standing }
    }

    /// Adds a credential, or puts it in the place of the one of the same scheme.
    pub fn add(&self, credential: String, key: Key) {
        self.change(|state| {
            make_room(&mut state.keys);
            let known = state.keys.entry(credential).or_default();
            known.retain(|other| other.scheme != key.scheme);
            known.push(key);
        });
    }

    /// Forgets a credential of a scheme, or all of them; tells whether there was one.
    pub fn forget(&self, scheme: &str, credential: Option<&str>) -> bool {
        let mut found = false;
        self.change(|state| {
            for (name, known) in &mut state.keys {
                if credential.is_none_or(|credential| credential == name) {
                    let before = known.len();
                    known.retain(|key| key.scheme.as_deref().is_some_and(|own| own != scheme));
                    found |= known.len() < before;
                }
            }
            state.keys.retain(|_, known| !known.is_empty());
            if credential.is_none() {
                found |= state.modes.shift_remove(scheme).is_some();
            }
        });
        found
    }

    /// Changes how a scheme differs from the document.
    pub fn set_mode(&self, scheme: &str, change: impl FnOnce(&mut Mode)) {
        self.change(|state| {
            let mode = state.modes.entry(scheme.to_owned()).or_default();
            let was_expired = mode.expired;
            change(mode);
            if mode.expired && !was_expired {
                let own = |key: &&mut Key| key.scheme.as_deref().is_none_or(|own| own == scheme);
                for key in state.keys.values_mut().flatten().filter(own) {
                    key.standing = Standing::Expired;
                }
            }
        });
    }

    /// How a scheme differs from the document.
    pub fn mode(&self, scheme: &str) -> Mode {
        self.state.lock().modes.get(scheme).cloned().unwrap_or_default()
    }

    /// The credentials that are known for a scheme, the oldest first.
    pub fn keys(&self, scheme: &str) -> Vec<(String, Key)> {
        let state = self.state.lock();
        let own = |key: &&Key| key.scheme.as_deref().is_none_or(|own| own == scheme);
        let all = state.keys.iter().flat_map(|(name, known)| known.iter().map(move |key| (name, key)));
        all.filter(|(_, key)| own(key)).map(|(name, key)| (name.clone(), key.clone())).collect()
    }

    /// Takes back a credential, of whatever scheme it is, with what it is renewed with; one that is not known only where
    /// that is insisted on.
    pub(crate) fn revoke(&self, credential: &str, insist: bool) {
        let mut state = self.state.lock();
        if let Some(grant) = state.grants.get_mut(credential) {
            grant.is_spent = true;
            return;
        }
        if insist || state.keys.contains_key(credential) {
            let known = state.keys.entry(credential.to_owned()).or_default();
            if known.is_empty() {
                known.push(Key::default());
            }
            for key in known {
                key.standing = Standing::Revoked;
            }
            self.is_used.store(true, Ordering::Release);
        }
    }

    /// Counts what is given out, from 0.
    pub(crate) fn number(&self) -> u64 {
        let mut state = self.state.lock();
        state.numbers += 1;
        state.numbers - 1
    }

    /// Adds what a token can be had for.
    pub(crate) fn grant(&self, text: String, grant: Grant) {
        self.change(|state| {
            make_room(&mut state.grants);
            state.grants.insert(text, grant);
        });
    }

    /// What a token can be had for, which is used up when the check finds nothing wrong with it.
    pub(crate) fn spend<E>(&self, text: &str, check: impl FnOnce(Option<&Grant>) -> Result<(), E>) -> Result<Option<Grant>, E> {
        let mut state = self.state.lock();
        let grant = state.grants.get_mut(text);
        check(grant.as_deref())?;
        Ok(grant.map(|grant| {
            grant.is_spent = true;
            grant.clone()
        }))
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock());
        self.is_used.store(true, Ordering::Release);
    }
}

impl Key {
    /// Whether it works now; a request that is refused on purpose counts.
    fn shown(&mut self, now: DateTime<Utc>) -> Standing {
        if self.refuse > 0 {
            self.refuse -= 1;
            return Standing::Expired;
        }
        self.standing_at(now)
    }

    /// Whether it works at a time.
    #[must_use]
    pub fn standing_at(&self, now: DateTime<Utc>) -> Standing {
        match self.expires_at {
            Some(end) if self.standing == Standing::Good && end <= now => Standing::Expired,
            _ => self.standing,
        }
    }
}

/// Forgets the oldest when there are too many.
fn make_room<T>(all: &mut IndexMap<String, T>) {
    if all.len() >= MOST {
        all.shift_remove_index(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn look(keyring: &Keyring, name: &str, seconds: i64) -> Standing {
        keyring.look("gate", &[name], at(seconds), |_| false).standing
    }

    #[test]
    fn a_key_ends_at_its_time_and_not_before() {
        let keyring = Keyring::default();
        keyring.add("a".to_owned(), Key { expires_at: Some(at(10)), ..Key::default() });
        assert_eq!((look(&keyring, "a", 9), look(&keyring, "a", 10)), (Standing::Good, Standing::Expired));
    }

    #[test]
    fn what_is_refused_so_often_is_fine_then() {
        let keyring = Keyring::default();
        keyring.set_mode("gate", |mode| mode.refuse = 1);
        keyring.add("a".to_owned(), Key { refuse: 1, ..Key::default() });
        assert_eq!([(); 3].map(|()| look(&keyring, "a", 0)), [Standing::Expired, Standing::Expired, Standing::Good]);
    }

    #[test]
    fn what_has_expired_at_once_lets_in_what_comes_later() {
        let keyring = Keyring::default();
        keyring.add("old".to_owned(), Key::default());
        keyring.set_mode("gate", |mode| mode.expired = true);
        keyring.add("new".to_owned(), Key::default());
        let found = ["old", "new", "other"].map(|name| look(&keyring, name, 0));
        assert_eq!(found, [Standing::Expired, Standing::Good, Standing::Expired]);
    }

    #[test]
    fn the_oldest_make_room() {
        let keyring = Keyring::default();
        for number in 0..=MOST {
            keyring.add(number.to_string(), Key::default());
        }
        assert_eq!(keyring.keys("gate").len(), MOST);
        assert_eq!(keyring.keys("gate")[0].0, "1");
    }
}
