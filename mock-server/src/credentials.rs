//! The credentials of a sandbox, for tests in the same process and for the control API: which are known, whether they
//! work, and how that changes.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specs::api::Scheme;

use crate::{
    call, clock,
    provider::Provider,
    sandbox::Sandbox,
    shell::Shell,
    state::{Key, Keyring, Standing},
};

/// Whether a credential works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialState {
    /// It does.
    #[default]
    Valid,
    /// It is nobody's.
    Unknown,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

/// A credential to be known in a sandbox.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The credential, as a person would copy it: the token, the key, or `user:password`.
    pub credential: String,
    /// Whether it works: `valid` without it.
    #[serde(default)]
    pub state: CredentialState,
    /// What it may do; without it, everything.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// Who a request with it comes from; without it, the usual caller.
    #[serde(default)]
    pub caller: Option<Value>,
    /// The tenant whose rows it sees; without it, the usual one. Another tenant starts without rows.
    #[serde(default)]
    pub tenant: Option<String>,
    /// When it ends to work, by the clock of the sandbox.
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
    /// The seconds for which it works from now on, by the clock of the sandbox.
    #[serde(default)]
    pub expires_in: Option<u32>,
    /// How many requests with it are refused as if it had expired, before it works.
    #[serde(default)]
    pub refuse: u32,
}

/// What changes about a scheme; what is left out stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemeChange {
    /// Whether only known credentials work.
    #[serde(default)]
    pub closed: Option<bool>,
    /// Whether all credentials have expired but those that are given out or added from now on.
    #[serde(default)]
    pub expired: Option<bool>,
    /// How many requests are refused as if their credentials had expired, whatever they are.
    #[serde(default)]
    pub refuse: Option<u32>,
}

/// Where a credential is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialSource {
    /// The document lists it.
    Document,
    /// It was added to the sandbox.
    Sandbox,
    /// The mock gave it out.
    Issued,
}

/// A credential that is known in a sandbox.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CredentialEntry {
    /// The credential.
    pub credential: String,
    /// Whether it works now.
    pub state: CredentialState,
    /// Where it is known from.
    pub source: CredentialSource,
    /// What it may do; without it, everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// Who a request with it comes from; without it, the usual caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<Value>,
    /// The tenant whose rows it sees; without it, the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// When it ends to work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// How many more requests with it are refused.
    pub refuse: u32,
}

/// A security scheme in a sandbox.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SchemeState {
    /// The name of the provider.
    pub provider: String,
    /// The name of the scheme in the document.
    pub scheme: String,
    /// How a credential is sent: `Authorization: Basic`, `header x-api-key`.
    pub sent_as: String,
    /// Whether only known credentials work. Without that, all do that are well formed and not known to be no good.
    pub closed: bool,
    /// Whether all credentials have expired but those that were given out or added since.
    pub expired: bool,
    /// How many more requests are refused, whatever their credentials are.
    pub refuse: u32,
    /// Where tokens are given out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_url: Option<String>,
    /// The credentials that are known, those of the document first.
    pub credentials: Vec<CredentialEntry>,
}

/// The credentials of a sandbox. A change is that of the next request.
#[derive(Clone)]
pub struct Credentials {
    shell: Arc<Shell>,
    kept: Arc<Sandbox>,
}

impl Credentials {
    pub(crate) fn new(shell: Arc<Shell>, kept: Arc<Sandbox>) -> Self {
        Self { shell, kept }
    }

    /// All schemes of all providers, with what is known of them.
    #[must_use]
    pub fn schemes(&self) -> Vec<SchemeState> {
        list(&self.shell, &self.kept)
    }

    /// Adds a credential to a scheme, or puts it in the place of the one that is known; `None` when there is no such
    /// provider or scheme.
    pub fn add(&self, provider: &str, scheme: &str, credential: Credential) -> Option<SchemeState> {
        Some(add(&self.shell, &self.kept, &place(&self.shell, &self.kept, provider, scheme).ok()?, credential))
    }

    /// Changes a scheme; `None` when there is no such provider or scheme.
    pub fn change(&self, provider: &str, scheme: &str, change: SchemeChange) -> Option<SchemeState> {
        Some(self::change(&self.shell, &self.kept, &place(&self.shell, &self.kept, provider, scheme).ok()?, change))
    }

    /// Refuses so many requests of a scheme, as if their credentials had expired.
    pub fn refuse(&self, provider: &str, scheme: &str, times: u32) -> Option<SchemeState> {
        self.change(provider, scheme, SchemeChange { refuse: Some(times), ..SchemeChange::default() })
    }

    /// Forgets a credential of a scheme that the document does not list, or all of them and what was changed; tells
    /// whether there was something to forget.
    pub fn forget(&self, provider: &str, scheme: &str, credential: Option<&str>) -> bool {
        place(&self.shell, &self.kept, provider, scheme).is_ok_and(|place| place.keyring.forget(scheme, credential))
    }
}

/// A scheme of a provider, in a sandbox.
pub(crate) struct Place {
    provider: Arc<Provider>,
    pub(crate) keyring: Arc<Keyring>,
    scheme: String,
}

/// Finds a scheme; otherwise says which there are.
pub(crate) fn place(shell: &Shell, sandbox: &Sandbox, provider: &str, scheme: &str) -> Result<Place, String> {
    let Some(index) = shell.slots.iter().position(|slot| *slot.name == *provider) else {
        let names: Vec<_> = shell.slots.iter().map(|slot| format!("`{}`", slot.name)).collect();
        return Err(format!("no provider is named `{provider}`; there are {}", names.join(", ")));
    };
    let found = shell.slots[index].current();
    if !found.api().schemes.contains_key(scheme) {
        let names: Vec<_> = found.api().schemes.keys().map(|name| format!("`{name}`")).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        return Err(format!("`{provider}` has no security scheme `{scheme}`; there is {names}"));
    }
    Ok(Place { provider: found, keyring: sandbox.keyrings[index].clone(), scheme: scheme.to_owned() })
}

pub(crate) fn list(shell: &Shell, sandbox: &Sandbox) -> Vec<SchemeState> {
    let mut all = Vec::new();
    for (slot, keyring) in shell.slots.iter().zip(&sandbox.keyrings) {
        let provider = slot.current();
        all.extend(provider.api().schemes.values().map(|scheme| show(shell, sandbox, &provider, keyring, scheme)));
    }
    all
}

pub(crate) fn add(shell: &Shell, sandbox: &Sandbox, place: &Place, credential: Credential) -> SchemeState {
    let Credential { credential, state, scopes, caller, tenant, expires_at, expires_in, refuse } = credential;
    let now = sandbox.clock.read(clock::now());
    let later = expires_in.and_then(|seconds| now.checked_add_signed(TimeDelta::seconds(seconds.into())));
    let standing = match state {
        CredentialState::Valid => Standing::Good,
        CredentialState::Unknown => Standing::Unknown,
        CredentialState::Expired => Standing::Expired,
        CredentialState::Revoked => Standing::Revoked,
    };
    let scheme = Some(place.scheme.clone());
    let key = Key { scheme, standing, scopes, caller, tenant, expires_at: expires_at.or(later), refuse, is_issued: false };
    place.keyring.add(credential, key);
    shown(shell, sandbox, place)
}

pub(crate) fn change(shell: &Shell, sandbox: &Sandbox, place: &Place, change: SchemeChange) -> SchemeState {
    place.keyring.set_mode(&place.scheme, |mode| {
        mode.closed = change.closed.or(mode.closed);
        mode.expired = change.expired.unwrap_or(mode.expired);
        mode.refuse = change.refuse.unwrap_or(mode.refuse);
    });
    shown(shell, sandbox, place)
}

fn shown(shell: &Shell, sandbox: &Sandbox, place: &Place) -> SchemeState {
    // The scheme was there when it was looked up, and a provider never changes.
    let scheme = &place.provider.api().schemes[place.scheme.as_str()];
    show(shell, sandbox, &place.provider, &place.keyring, scheme)
}

fn show(shell: &Shell, sandbox: &Sandbox, provider: &Provider, keyring: &Keyring, scheme: &Scheme) -> SchemeState {
    let now = sandbox.clock.read(clock::now());
    let mode = keyring.mode(&scheme.name);
    let known = keyring.keys(&scheme.name);
    let mut credentials = listed(scheme, mode.expired);
    credentials.retain(|entry| !known.iter().any(|(name, _)| *name == entry.credential));
    credentials.extend(known.into_iter().map(|(name, key)| CredentialEntry {
        credential: name,
        state: state(key.standing_at(now)),
        source: if key.is_issued { CredentialSource::Issued } else { CredentialSource::Sandbox },
        scopes: key.scopes,
        caller: key.caller,
        tenant: key.tenant,
        expires_at: key.expires_at,
        refuse: key.refuse,
    }));
    let gives_tokens = scheme.flows.iter().any(|flow| flow.token_url.is_some());
    SchemeState {
        provider: provider.name.to_string(),
        scheme: scheme.name.clone(),
        sent_as: call::credential(scheme).0,
        closed: mode.closed.unwrap_or(scheme.credentials.only),
        expired: mode.expired,
        refuse: mode.refuse,
        token_url: provider.engine.token_path().filter(|_| gives_tokens).map(|path| format!("{}{path}", shell.url())),
        credentials,
    }
}

/// What the document lists.
fn listed(scheme: &Scheme, expired: bool) -> Vec<CredentialEntry> {
    let known = &scheme.credentials;
    let entry = |credential: &String, state| CredentialEntry {
        credential: credential.clone(),
        state,
        source: CredentialSource::Document,
        scopes: None,
        caller: None,
        tenant: None,
        expires_at: None,
        refuse: 0,
    };
    let good = if expired { CredentialState::Expired } else { CredentialState::Valid };
    let caller = || known.caller.clone();
    let example = known.example.iter().map(|one| CredentialEntry { scopes: known.scopes.clone(), caller: caller(), ..entry(one, good) });
    let others = known.others.iter().map(|holder| CredentialEntry {
        scopes: holder.scopes.clone(),
        caller: holder.caller.clone().or_else(caller),
        tenant: holder.tenant.clone(),
        ..entry(&holder.credential, good)
    });
    let lists = [
        (&known.invalid, CredentialState::Unknown),
        (&known.expired, CredentialState::Expired),
        (&known.revoked, CredentialState::Revoked),
    ];
    let refused = lists.into_iter().flat_map(|(all, state)| all.iter().map(move |one| (one, state)));
    example.chain(others).chain(refused.map(|(one, state)| entry(one, state))).collect()
}

fn state(standing: Standing) -> CredentialState {
    match standing {
        Standing::Good => CredentialState::Valid,
        Standing::Unknown => CredentialState::Unknown,
        Standing::Expired => CredentialState::Expired,
        Standing::Revoked => CredentialState::Revoked,
    }
}
