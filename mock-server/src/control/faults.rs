//! Faults over the control API.

use chrono::{DateTime, Utc};
use dropshot::ClientErrorStatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{handlers::open, refusal::HttpError, sandboxes::SandboxPath};
use crate::{
    clock,
    inject::{Active, Origin, Rule, RuleBody, RulesBody, Wrong},
    sandbox::Sandbox,
    shell::Shell,
};

/// Names a fault of a sandbox.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct FaultPath {
    /// The name of the sandbox.
    pub(crate) sandbox: String,
    /// The id of the fault.
    pub(crate) id: String,
}

/// A fault of a sandbox.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct FaultState {
    /// Its id.
    pub(crate) id: String,
    /// Where it comes from.
    pub(crate) origin: FaultOrigin,
    /// The rule as it was written.
    pub(crate) rule: RuleBody,
    /// The rule as the header `x-mock-fault` has it.
    pub(crate) text: String,
    /// Requests that were meant.
    pub(crate) calls: u64,
    /// Requests that it happened to.
    pub(crate) hits: u64,
    /// How often it can still happen; absent where nothing bounds that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remaining: Option<u64>,
    /// Whether it can still happen.
    pub(crate) active: bool,
}

/// Where a fault comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FaultOrigin {
    /// The mock was started with it.
    Start,
    /// The control API, or the program that has the mock in it.
    Control,
    /// The header of a request.
    Header,
}

fn state(active: &Active, now: DateTime<Utc>) -> FaultState {
    FaultState {
        id: active.id.clone(),
        origin: match active.origin {
            Origin::Start => FaultOrigin::Start,
            Origin::Control => FaultOrigin::Control,
            Origin::Header(_) => FaultOrigin::Header,
        },
        rule: RuleBody::shown(active.rule.members.clone()),
        text: active.rule.text(),
        calls: active.calls,
        hits: active.hits,
        remaining: active.remaining(now),
        active: !active.is_over(now),
    }
}

pub(super) fn list(shell: &Shell, path: &SandboxPath) -> Result<Vec<FaultState>, HttpError> {
    Ok(states(&*open(shell, &path.sandbox)?, |_| true))
}

fn states(sandbox: &Sandbox, is_wanted: impl Fn(&Active) -> bool) -> Vec<FaultState> {
    let now = sandbox.clock.read(clock::now());
    sandbox.faults.all().iter().filter(|active| is_wanted(active)).map(|active| state(active, now)).collect()
}

pub(super) fn add(shell: &Shell, path: &SandboxPath, body: RulesBody) -> Result<Vec<FaultState>, HttpError> {
    let rules = read(shell, &path.sandbox, body)?;
    put(&*open(shell, &path.sandbox)?, rules)
}

pub(super) fn replace(shell: &Shell, path: &SandboxPath, body: RulesBody) -> Result<Vec<FaultState>, HttpError> {
    let rules = read(shell, &path.sandbox, body)?;
    let sandbox = open(shell, &path.sandbox)?;
    sandbox.heal();
    put(&sandbox, rules)
}

pub(super) fn clear(shell: &Shell, path: &SandboxPath) -> Result<(), HttpError> {
    open(shell, &path.sandbox)?.heal();
    Ok(())
}

pub(super) fn get(shell: &Shell, path: &FaultPath) -> Result<FaultState, HttpError> {
    let sandbox = open(shell, &path.sandbox)?;
    states(&sandbox, |active| active.id == path.id).pop().ok_or_else(|| unknown(&sandbox, &path.id))
}

pub(super) fn set(shell: &Shell, path: FaultPath, body: RuleBody) -> Result<FaultState, HttpError> {
    let RuleBody(mut members) = body;
    members.insert("id".to_owned(), path.id.into());
    let sandbox = &path.sandbox;
    let rules = Rule::read(members).and_then(|rules| checked(shell, sandbox, rules)).map_err(|wrong| refused(&wrong))?;
    let states = put(&*open(shell, sandbox)?, rules)?;
    states.into_iter().next().ok_or_else(|| HttpError::for_internal_error("a rule that was set is there".to_owned()))
}

pub(super) fn remove(shell: &Shell, path: &FaultPath) -> Result<(), HttpError> {
    let sandbox = open(shell, &path.sandbox)?;
    if sandbox.faults.remove(&path.id) { Ok(()) } else { Err(unknown(&sandbox, &path.id)) }
}

fn put(sandbox: &Sandbox, rules: Vec<Rule>) -> Result<Vec<FaultState>, HttpError> {
    let full = |_| {
        let message = "the sandbox has as many faults as it may have; take some away with `DELETE /sandboxes/{sandbox}/faults`";
        HttpError::for_client_error(None, ClientErrorStatusCode::CONFLICT, message.to_owned())
    };
    let ids = sandbox.faults.add(rules).map_err(full)?;
    Ok(states(sandbox, |active| ids.contains(&active.id)))
}

fn read(shell: &Shell, sandbox: &str, body: RulesBody) -> Result<Vec<Rule>, HttpError> {
    body.read().and_then(|rules| checked(shell, sandbox, rules)).map_err(|wrong| refused(&wrong))
}

fn checked(shell: &Shell, sandbox: &str, rules: Vec<Rule>) -> Result<Vec<Rule>, Wrong> {
    shell.check(&rules, sandbox)?;
    Ok(rules)
}

fn refused(wrong: &Wrong) -> HttpError {
    HttpError::for_bad_request(None, format!("{}; {}", wrong.message, wrong.help))
}

fn unknown(sandbox: &Sandbox, id: &str) -> HttpError {
    let known: Vec<_> = sandbox.faults.all().into_iter().map(|active| format!("`{}`", active.id)).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let message = format!("the sandbox has no fault `{id}`; there are {known}");
    HttpError::for_client_error(None, ClientErrorStatusCode::NOT_FOUND, message)
}
