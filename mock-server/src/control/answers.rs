//! Answers that are chosen beforehand, over the control API.

use dropshot::ClientErrorStatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{handlers::open, refusal::HttpError, sandboxes::SandboxPath};
use crate::{
    Error,
    inject::{AnswerBody, AtEnd, Sequence, SequenceBody},
    shell::Shell,
};

/// Chooses sequences of answers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct AnswersQuery {
    /// Only that of this provider.
    pub(crate) provider: Option<String>,
    /// Only that of this operation.
    pub(crate) operation: Option<String>,
}

/// The answers of an operation.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct SequenceState {
    /// The name of the provider.
    pub(crate) provider: String,
    /// The id of the operation.
    pub(crate) operation: String,
    /// The answers, in order.
    pub(crate) answers: Vec<AnswerBody>,
    /// What comes after the last.
    pub(crate) at_end: AtEnd,
    /// Whether requests are answered so that would be refused.
    pub(crate) unchecked: bool,
    /// How many were given.
    pub(crate) given: u64,
    /// How many are left before the end.
    pub(crate) left: u64,
}

pub(super) fn list(shell: &Shell, path: &SandboxPath) -> Result<Vec<SequenceState>, HttpError> {
    Ok(open(shell, &path.sandbox)?.answers.all().iter().map(state).collect())
}

pub(super) fn put(shell: &Shell, path: &SandboxPath, body: SequenceBody) -> Result<SequenceState, HttpError> {
    let sequence = shell.sequence(body).map_err(|error| refused(&error))?;
    let state = state(&sequence);
    if open(shell, &path.sandbox)?.answers.put(sequence) {
        return Ok(state);
    }
    let message = "the sandbox has as many sequences as it may have; take some away with `DELETE /sandboxes/{sandbox}/answers`";
    Err(HttpError::for_client_error(None, ClientErrorStatusCode::CONFLICT, message.to_owned()))
}

pub(super) fn clear(shell: &Shell, path: &SandboxPath, query: &AnswersQuery) -> Result<(), HttpError> {
    let is_meant = |wanted: &Option<String>, name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
    let answers = &open(shell, &path.sandbox)?.answers;
    answers.retain(|known| !(is_meant(&query.provider, &known.provider) && is_meant(&query.operation, &known.operation)));
    Ok(())
}

fn state(sequence: &Sequence) -> SequenceState {
    SequenceState {
        provider: sequence.provider.to_string(),
        operation: sequence.operation.to_string(),
        answers: sequence.steps.iter().map(|step| step.body.clone()).collect(),
        at_end: sequence.at_end,
        unchecked: sequence.unchecked,
        given: sequence.given,
        left: sequence.left(),
    }
}

fn refused(error: &Error) -> HttpError {
    HttpError::for_bad_request(None, format!("{error}; {}", error.help()))
}
