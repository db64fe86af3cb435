//! Sandboxes over the control API: which there are, and how they begin, change, double and go.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use dropshot::ErrorStatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    handlers::{no_such_sandbox, open, refused},
    limits::{self, LimitsChange},
    refusal::HttpError,
    time::{self, ClockChange, ClockState},
};
use crate::{
    clock,
    edit::Refusal,
    sandbox::Sandbox,
    sandboxes::{Evicted, Reason},
    shell::Shell,
    transfer::{self, SandboxExport},
};

/// Names a sandbox in a path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct SandboxPath {
    /// The name of the sandbox: 1 to 64 letters, digits, `.`, `_` and `-`. `default` is that of requests that name none.
    pub(crate) sandbox: String,
}

/// The sandboxes that there are, and those that had to go.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SandboxList {
    /// Those that there are, `default` first, then in the order in which they were made.
    pub(crate) sandboxes: Vec<SandboxSummary>,
    /// Those that had to go, the first one first, as far as that is remembered.
    pub(crate) evicted: Vec<EvictedSandbox>,
    /// The memory that all take together, in bytes, about: changed rows and journals.
    pub(crate) bytes: usize,
    /// The memory that they may take.
    pub(crate) max_bytes: usize,
    /// How many there may be beside `default`.
    pub(crate) max_sandboxes: usize,
}

/// A sandbox.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SandboxSummary {
    /// Its name.
    pub(crate) name: String,
    /// Where its ids and generated values come from.
    pub(crate) seed: u64,
    /// What its clock shows.
    pub(crate) clock: ClockState,
    /// Exchanges since it was made or reset.
    pub(crate) exchanges: u64,
    /// Rows of the providers that were used in it.
    pub(crate) rows: usize,
    /// The memory that it takes, in bytes, about: changed rows and journal.
    pub(crate) bytes: usize,
    /// For how long nobody has used it, in seconds.
    pub(crate) idle: i64,
}

/// A sandbox that had to go.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct EvictedSandbox {
    /// Its name.
    pub(crate) name: String,
    /// When it went, by the machine's clock.
    pub(crate) at: DateTime<Utc>,
    /// Why.
    pub(crate) reason: EvictionReason,
    /// For how long nobody had used it, in seconds.
    pub(crate) idle: i64,
}

/// Why a sandbox had to go.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EvictionReason {
    /// Nobody used it for as long as `--sandbox-idle` says.
    Idle,
    /// There were as many as `--max-sandboxes` says.
    Count,
    /// All of `--max-memory` was taken.
    Memory,
}

/// How a sandbox is to be; what is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SandboxChange {
    /// Where its ids and generated values come from.
    pub(crate) seed: Option<u64>,
    /// What its clock shows.
    pub(crate) clock: Option<ClockChange>,
    /// How it keeps limits of rate.
    pub(crate) limits: Option<LimitsChange>,
}

/// What a copy is called.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fork {
    /// The name of the new sandbox; none may have it yet.
    pub(crate) to: String,
}

pub(super) fn list(shell: &Shell) -> SandboxList {
    shell.sandboxes.expire(clock::now());
    let bounds = shell.sandboxes.bounds();
    SandboxList {
        sandboxes: shell.sandboxes.all().iter().map(|sandbox| summary(sandbox)).collect(),
        evicted: shell.sandboxes.evicted().into_iter().map(evicted).collect(),
        bytes: shell.sandboxes.bytes(),
        max_bytes: bounds.memory,
        max_sandboxes: bounds.count,
    }
}

fn evicted(evicted: Evicted) -> EvictedSandbox {
    let reason = match evicted.reason {
        Reason::Idle => EvictionReason::Idle,
        Reason::Count => EvictionReason::Count,
        Reason::Memory => EvictionReason::Memory,
    };
    EvictedSandbox { name: evicted.name.into(), at: evicted.at, reason, idle: evicted.idle }
}

pub(super) fn summary(sandbox: &Sandbox) -> SandboxSummary {
    let idle = if sandbox.used() == 0 { 0 } else { (clock::now().timestamp_micros() - sandbox.used()).max(0) / 1_000_000 };
    SandboxSummary {
        name: sandbox.name.to_string(),
        seed: sandbox.seed(),
        clock: time::show(sandbox),
        exchanges: sandbox.journal.counts().exchanges,
        rows: sandbox.rows(),
        bytes: sandbox.bytes(),
        idle,
    }
}

/// A sandbox that there is.
pub(super) fn existing(shell: &Shell, name: &str) -> Result<Arc<Sandbox>, HttpError> {
    shell.sandboxes.expire(clock::now());
    shell.sandboxes.find(name).ok_or_else(|| no_such_sandbox(shell, name))
}

pub(super) fn change(shell: &Shell, name: &str, change: &SandboxChange) -> Result<SandboxSummary, HttpError> {
    let sandbox = open(shell, name)?;
    let mut settings = sandbox.settings();
    if let Some(seed) = change.seed {
        settings.seed = seed;
    }
    if let Some(change) = &change.clock {
        settings.going = time::going(&sandbox, change)?;
    }
    if let Some(change) = &change.limits {
        limits::apply(shell, change, &mut settings)?;
    }
    sandbox.configure(&settings);
    Ok(summary(&sandbox))
}

pub(super) fn delete(shell: &Shell, name: &str) -> Result<(), HttpError> {
    if shell.sandboxes.forget(name) { Ok(()) } else { Err(no_such_sandbox(shell, name)) }
}

pub(super) fn fork(shell: &Shell, name: &str, to: &str) -> Result<SandboxSummary, HttpError> {
    let from = existing(shell, name)?;
    let made = shell.sandboxes.fork(&from, to, clock::now()).map_err(|why| refused(shell, to, why))?;
    Ok(summary(&made))
}

pub(super) fn export(shell: &Shell, name: &str) -> Result<SandboxExport, HttpError> {
    Ok(transfer::export(shell, &*existing(shell, name)?))
}

pub(super) fn import(shell: &Shell, name: &str, export: &SandboxExport) -> Result<SandboxSummary, HttpError> {
    let sandbox = open(shell, name)?;
    transfer::import(shell, &sandbox, export).map_err(|refusal| explain(&refusal))?;
    Ok(summary(&sandbox))
}

/// A refusal as the control API words it.
pub(super) fn explain(refusal: &Refusal) -> HttpError {
    let status = match refusal {
        Refusal::NotFound(_) => ErrorStatusCode::NOT_FOUND,
        Refusal::Invalid(_) => ErrorStatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Conflict(_) => ErrorStatusCode::CONFLICT,
        Refusal::Full(_) => ErrorStatusCode::INSUFFICIENT_STORAGE,
    };
    error(status, refusal.message().to_owned())
}

/// An error of any status, told as it is.
pub(super) fn error(status_code: ErrorStatusCode, message: String) -> HttpError {
    dropshot::HttpError { status_code, error_code: None, external_message: message.clone(), internal_message: message, headers: None }
        .into()
}
