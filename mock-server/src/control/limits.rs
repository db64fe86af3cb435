//! Limits of rate over the control API: how they stand in a sandbox, and how they are kept.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{refusal::HttpError, sandboxes::explain};
use crate::{
    clock::{self, Going},
    limiting::{self, Quotas},
    sandbox::{Sandbox, Settings},
    shell::Shell,
};

/// Whether a request that is over a limit is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Enforcement {
    /// It is not: the headers stop at zero.
    Off,
    /// It is, and windows end as time goes by.
    On,
    /// It is, and the clock of the sandbox stands still until it is moved: a day passes in a call.
    Virtual,
}

/// How the limits of a sandbox stand.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct LimitsState {
    /// Whether they are enforced.
    pub(crate) enforcement: Enforcement,
    /// What the clock of the sandbox shows.
    pub(crate) now: DateTime<Utc>,
    /// The limits of each provider.
    pub(crate) limits: IndexMap<String, Vec<LimitState>>,
}

/// How a limit stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct LimitState {
    /// Its name in the document.
    pub(crate) name: String,
    /// How many requests a window allows.
    pub(crate) limit: u64,
    /// The length of the window in seconds.
    pub(crate) window: u64,
    /// The windows that have begun and are not over.
    pub(crate) windows: Vec<WindowState>,
}

/// A window of a limit.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct WindowState {
    /// Whose requests it counts: the beginning of a credential with a number that stands for all of it; `anonymous`, or
    /// `account` for everybody's.
    pub(crate) key: String,
    /// How many came.
    pub(crate) used: u64,
    /// How many more may come.
    pub(crate) remaining: u64,
    /// When it is over.
    pub(crate) ends: DateTime<Utc>,
}

/// How a sandbox is to keep limits; what is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsChange {
    /// Whether they are enforced.
    pub(crate) enforcement: Option<Enforcement>,
    /// All limits that are to be other than the documents say, by provider and name, as
    /// `{"acme": {"burst": {"limit": 3, "window": 10}}}`. An empty object makes them as documented.
    pub(crate) limits: Option<IndexMap<String, Quotas>>,
}

pub(super) fn show(shell: &Shell, sandbox: &Sandbox) -> LimitsState {
    let now = sandbox.clock.read(clock::now());
    let is_still = matches!(sandbox.clock.going(), Going::Frozen(_));
    let enforcement = match (sandbox.limits.load().enforced, is_still) {
        (false, _) => Enforcement::Off,
        (true, false) => Enforcement::On,
        (true, true) => Enforcement::Virtual,
    };
    let of_one = |(index, slot): (usize, &crate::provider::Slot)| {
        let played = sandbox.played(index, &slot.current());
        let limits = played.provider.engine.limits(&played.world.contents(), &sandbox.conditions(index, now));
        let window = |limit: u64, (key, used, ends): (String, u64, DateTime<Utc>)| WindowState {
            key,
            used,
            remaining: limit.saturating_sub(used),
            ends,
        };
        let limits = limits.into_iter().map(|one| LimitState {
            name: one.name,
            limit: one.limit,
            window: one.window,
            windows: one.windows.into_iter().map(|going| window(one.limit, going)).collect(),
        });
        (slot.name.to_string(), limits.collect())
    };
    LimitsState { enforcement, now, limits: shell.slots.iter().enumerate().map(of_one).collect() }
}

pub(super) fn set(shell: &Shell, sandbox: &Sandbox, change: &LimitsChange) -> Result<LimitsState, HttpError> {
    let mut settings = sandbox.settings();
    apply(shell, change, &mut settings)?;
    sandbox.configure(&settings);
    Ok(show(shell, sandbox))
}

/// What becomes of a sandbox's settings.
pub(super) fn apply(shell: &Shell, change: &LimitsChange, settings: &mut Settings) -> Result<(), HttpError> {
    if let Some(changed) = &change.limits {
        settings.limits.changed = limiting::read(shell, changed).map_err(|refusal| explain(&refusal))?;
    }
    if let Some(enforcement) = change.enforcement {
        settings.limits.enforced = enforcement != Enforcement::Off;
        if let (Enforcement::Virtual, Going::Running(ahead)) = (enforcement, settings.going) {
            let machine = clock::now();
            settings.going = Going::Frozen(machine.checked_add_signed(ahead).unwrap_or(machine));
        }
    }
    Ok(())
}

/// Begins all windows anew.
pub(super) fn clear(shell: &Shell, sandbox: &Sandbox) {
    for (index, slot) in shell.slots.iter().enumerate() {
        sandbox.played(index, &slot.current()).world.clear_windows();
    }
}
