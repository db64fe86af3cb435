//! What time it is in a sandbox, over the control API.

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::refusal::HttpError;
use crate::{
    clock::{self, Going},
    sandbox::Sandbox,
};

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

pub(super) fn set(sandbox: &Sandbox, change: &ClockChange) -> Result<ClockState, HttpError> {
    sandbox.clock.set(going(sandbox, change)?);
    Ok(show(sandbox))
}

/// How the clock goes after a change.
pub(super) fn going(sandbox: &Sandbox, change: &ClockChange) -> Result<Going, HttpError> {
    let machine = clock::now();
    let mut now = change.now.unwrap_or_else(|| sandbox.clock.read(machine));
    if let Some(seconds) = change.advance {
        now = moved(now, seconds).ok_or_else(out_of_range)?;
    }
    now = clock::within_range(now).ok_or_else(out_of_range)?;
    let frozen = match change.mode {
        Some(mode) => matches!(mode, ClockMode::Frozen),
        None => matches!(sandbox.clock.going(), Going::Frozen(_)),
    };
    Ok(if frozen { Going::Frozen(now) } else { Going::Running(now - machine) })
}

pub(super) fn show(sandbox: &Sandbox) -> ClockState {
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

fn out_of_range() -> HttpError {
    HttpError::for_bad_request(None, clock::RANGE.to_owned())
}
