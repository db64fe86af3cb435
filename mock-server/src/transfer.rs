//! A sandbox as one document: what leaves it, and what comes back.

use chrono::{DateTime, TimeDelta, Utc};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    clock::{self, Going},
    edit::Refusal,
    limiting::{self, LimitSettings, Quotas},
    sandbox::{Sandbox, Settings},
    shell::Shell,
    state::Kept,
};

/// The version of the format.
const VERSION: u32 = 1;
/// Misfits that are told of at most.
const TOLD: usize = 10;

/// A sandbox, whole but for its journal: what is imported goes on as the exported one would have.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SandboxExport {
    /// The version of this format: 1.
    version: u32,
    /// Where its ids and generated values come from.
    seed: u64,
    /// How its clock goes.
    clock: ClockExport,
    /// Whether its limits are enforced.
    #[serde(default)]
    enforced: bool,
    /// Limits that are other than the documents say, by provider and name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    limits: IndexMap<String, Quotas>,
    /// What it holds, by provider. One that is not named begins anew.
    #[serde(default)]
    providers: IndexMap<String, Kept>,
}

/// How a clock goes.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ClockExport {
    /// The time at which it stands still; without it, it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frozen: Option<DateTime<Utc>>,
    /// How many milliseconds ahead of the machine's it runs.
    #[serde(default)]
    ahead: i64,
}

pub(crate) fn export(shell: &Shell, sandbox: &Sandbox) -> SandboxExport {
    let Settings { seed, going, limits, journal: _ } = sandbox.settings();
    let clock = match going {
        Going::Frozen(at) => ClockExport { frozen: Some(at), ahead: 0 },
        Going::Running(ahead) => ClockExport { frozen: None, ahead: ahead.num_milliseconds() },
    };
    let kept = |(index, slot): (usize, &crate::provider::Slot)| {
        let played = sandbox.played(index, &slot.current());
        (slot.name.to_string(), played.provider.engine.keep(&played.world))
    };
    let providers = shell.slots.iter().enumerate().map(kept).collect();
    SandboxExport { version: VERSION, seed, clock, enforced: limits.enforced, limits: limiting::show(shell, &limits), providers }
}

/// Lets a sandbox be what was exported: all of it, or when something does not fit, nothing.
pub(crate) fn import(shell: &Shell, sandbox: &Sandbox, export: &SandboxExport) -> Result<(), Refusal> {
    if export.version != VERSION {
        return Err(Refusal::Invalid(format!("`/version`: {} is not known; this mock reads version {VERSION}", export.version)));
    }
    let going = going(export.clock)?;
    let changed = limiting::read(shell, &export.limits)?;
    let mut wrong = Vec::new();
    let unknown = export.providers.keys().filter(|name| shell.provider(name).is_none());
    wrong.extend(unknown.map(|name| format!("`{}`: no such provider is served", specs::pointer::join("/providers", name))));
    let mut worlds = Vec::new();
    for (index, slot) in shell.slots.iter().enumerate() {
        let provider = slot.current();
        let nothing = Kept::default();
        let (world, misfits) = provider.engine.restore(export.providers.get(&*slot.name).unwrap_or(&nothing));
        let place = specs::pointer::join("/providers", &slot.name);
        wrong.extend(misfits.iter().map(|misfit| format!("`{place}{}`: {}", misfit.pointer, misfit.message)));
        worlds.push((index, provider, world));
    }
    if let Some(more) = (!wrong.is_empty()).then(|| wrong.len().saturating_sub(TOLD)) {
        wrong.truncate(TOLD);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        return Err(Refusal::Invalid(format!(
            "the export does not fit what is served, and nothing was imported: {}{more}",
            wrong.join("; ")
        )));
    }
    sandbox.put(worlds);
    let limits = LimitSettings { enforced: export.enforced, changed };
    sandbox.configure(&Settings { seed: export.seed, going, limits, journal: sandbox.journal.room() });
    Ok(())
}

fn going(clock: ClockExport) -> Result<Going, Refusal> {
    let far = || Refusal::Invalid(format!("`/clock`: {}", clock::RANGE));
    match clock.frozen {
        Some(at) => clock::within_range(at).map(Going::Frozen).ok_or_else(far),
        None => {
            let ahead = TimeDelta::try_milliseconds(clock.ahead).ok_or_else(far)?;
            let shown = clock::now().checked_add_signed(ahead).and_then(clock::within_range);
            shown.map(|_| Going::Running(ahead)).ok_or_else(far)
        }
    }
}
