//! How a sandbox keeps limits of rate: whether it enforces them, and which are other than the documents say.

use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    edit::Refusal,
    engine::{LimitChange, Limiting},
    shell::Shell,
};

/// Changes of limits, by the position of the provider, and name.
pub(crate) type LimitChanges = IndexMap<usize, Arc<IndexMap<String, LimitChange>>>;

/// Changes of one provider's limits, by name.
pub(crate) type Quotas = IndexMap<String, Quota>;

/// What of a limit is other than the document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quota {
    /// How many requests a window allows, from 1; without it, as many as the document says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<u64>,
    /// The length of the window in seconds, from 1; without it, what the document says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) window: Option<u64>,
}

/// How a sandbox keeps limits.
#[derive(Clone, Debug, Default)]
pub(crate) struct LimitSettings {
    pub(crate) enforced: bool,
    pub(crate) changed: LimitChanges,
}

impl LimitSettings {
    /// What of it is about one provider.
    pub(crate) fn of(&self, provider: usize) -> Limiting {
        Limiting { enforced: self.enforced, changed: self.changed.get(&provider).cloned() }
    }
}

/// Changes as they are written.
pub(crate) fn show(shell: &Shell, settings: &LimitSettings) -> IndexMap<String, Quotas> {
    let quota = |(name, change): (&String, &LimitChange)| (name.clone(), Quota { limit: change.limit, window: change.window });
    let quotas = |(provider, changes): (&usize, &Arc<IndexMap<String, LimitChange>>)| {
        let slot = shell.slots.get(*provider)?;
        Some((slot.name.to_string(), changes.iter().map(quota).collect()))
    };
    settings.changed.iter().filter_map(quotas).collect()
}

/// Changes as they are kept.
pub(crate) fn read(shell: &Shell, written: &IndexMap<String, Quotas>) -> Result<LimitChanges, Refusal> {
    let mut changes = LimitChanges::default();
    for (provider, quotas) in written {
        let Some(index) = shell.slots.iter().position(|slot| *slot.name == **provider) else {
            let names: Vec<&str> = shell.slots.iter().map(|slot| &*slot.name).collect();
            return Err(Refusal::Invalid(format!("`/limits`: no provider `{provider}` is served; there are `{}`", names.join("`, `"))));
        };
        let known = shell.slots[index].current();
        for (name, quota) in quotas {
            let place = specs::pointer::join(&specs::pointer::join("/limits", provider), name);
            let limits = &known.api().rate_limits;
            if !limits.iter().any(|limit| limit.name == *name) {
                let names: Vec<String> = limits.iter().map(|limit| format!("`{}`", limit.name)).collect();
                let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                return Err(Refusal::Invalid(format!("`{place}`: `{provider}` has no such limit; there are {names}")));
            }
            if quota.limit == Some(0) || quota.window == Some(0) {
                return Err(Refusal::Invalid(format!("`{place}`: a limit allows 1 request at least, in 1 second at least")));
            }
        }
        let change = |(name, quota): (&String, &Quota)| (name.clone(), LimitChange { limit: quota.limit, window: quota.window });
        changes.insert(index, Arc::new(quotas.iter().map(change).collect()));
    }
    Ok(changes)
}
