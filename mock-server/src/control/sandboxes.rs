//! Sandboxes over the control API: which there are, and what time it is in them.

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{handlers::open, refusal::HttpError};
use crate::{
    clock::{self, Going},
    sandbox::Sandbox,
    shell::Shell,
};

/// Names a sandbox in a path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct SandboxPath {
    /// The name of the sandbox: 1 to 64 letters, digits, `.`, `_` and `-`. `default` is that of requests that name none.
    pub(crate) sandbox: String,
}

/// A sandbox.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SandboxSummary {
    /// Its name.
    pub(crate) name: String,
    /// Where its ids and generated values come from.
    pub(crate) seed: u64,
    /// What its clock shows.
    pub(crate) now: DateTime<Utc>,
    /// Exchanges since it was made or reset.
    pub(crate) exchanges: u64,
}

/// How a clock goes.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ClockMode {
    /// It runs as the machine's does.
    Running,
    /// It stands still.
    Frozen,
}

/// What a clock shows.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ClockState {
    /// How it goes.
    pub(crate) mode: ClockMode,
    /// What it shows.
    pub(crate) now: DateTime<Utc>,
}

/// What becomes of a clock; what is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClockChange {
    /// How it goes.
    pub(crate) mode: Option<ClockMode>,
    /// What it shows now.
    pub(crate) now: Option<DateTime<Utc>>,
    /// Seconds by which it is put forward, or back when they are negative; after `now`.
    pub(crate) advance: Option<f64>,
}

pub(super) fn list(shell: &Shell) -> Vec<SandboxSummary> {
    shell.sandboxes.all().iter().map(|sandbox| summary(sandbox)).collect()
}

fn summary(sandbox: &Sandbox) -> SandboxSummary {
    SandboxSummary {
        name: sandbox.name.to_string(),
        seed: sandbox.seed(),
        now: sandbox.clock.read(clock::now()),
        exchanges: sandbox.journal.counts().exchanges,
    }
}

pub(super) fn clock(shell: &Shell, path: &SandboxPath) -> Result<ClockState, HttpError> {
    Ok(show(&*open(shell, &path.sandbox)?))
}

pub(super) fn set_clock(shell: &Shell, path: &SandboxPath, change: &ClockChange) -> Result<ClockState, HttpError> {
    let sandbox = open(shell, &path.sandbox)?;
    let machine = clock::now();
    let mut now = change.now.unwrap_or_else(|| sandbox.clock.read(machine));
    if let Some(seconds) = change.advance {
        now = moved(now, seconds).ok_or_else(|| unreachable_time(seconds))?;
    }
    let frozen = match change.mode {
        Some(mode) => matches!(mode, ClockMode::Frozen),
        None => matches!(sandbox.clock.going(), Going::Frozen(_)),
    };
    sandbox.clock.set(if frozen { Going::Frozen(now) } else { Going::Running(now - machine) });
    Ok(show(&sandbox))
}

fn show(sandbox: &Sandbox) -> ClockState {
    let mode = match sandbox.clock.going() {
        Going::Running(_) => ClockMode::Running,
        Going::Frozen(_) => ClockMode::Frozen,
    };
    ClockState { mode, now: sandbox.clock.read(clock::now()) }
}

/// A time so many seconds later.
fn moved(now: DateTime<Utc>, seconds: f64) -> Option<DateTime<Utc>> {
    let milliseconds = (seconds * 1_000.0).round();
    if !milliseconds.is_finite() || milliseconds.abs() >= 9e15 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is a whole number below 2^53")]
    now.checked_add_signed(TimeDelta::milliseconds(milliseconds as i64))
}

fn unreachable_time(seconds: f64) -> HttpError {
    HttpError::for_bad_request(None, format!("no clock can be moved by {seconds} seconds; use a number of a few centuries at most"))
}
