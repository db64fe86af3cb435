//! Rows over the control API.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::{handlers::open, refusal::HttpError, sandboxes::explain};
use crate::{edit::Place, engine::Check, shell::Shell};

/// Names a resource of a provider in a sandbox.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct ResourcePath {
    /// The name of the sandbox.
    pub(crate) sandbox: String,
    /// The name of the provider.
    pub(crate) provider: String,
    /// The name of the resource.
    pub(crate) resource: String,
}

/// Names a row.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct RowPath {
    /// The name of the sandbox.
    pub(crate) sandbox: String,
    /// The name of the provider.
    pub(crate) provider: String,
    /// The name of the resource.
    pub(crate) resource: String,
    /// The key of the row, percent-encoded.
    pub(crate) key: String,
}

/// Which rows are shown.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct RowsQuery {
    /// How many are passed over: none without it.
    pub(crate) offset: Option<usize>,
    /// How many are shown: all without it.
    pub(crate) limit: Option<usize>,
}

/// How much of a row is looked at.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct CheckQuery {
    /// Whether rows are taken that do not conform to the schema of their resource, so that reading them returns what the
    /// document does not allow.
    pub(crate) unchecked: Option<bool>,
}

impl CheckQuery {
    pub(super) fn check(&self) -> Check {
        if self.unchecked == Some(true) { Check::Key } else { Check::Whole }
    }
}

impl ResourcePath {
    pub(super) fn place(&self, shell: &Shell) -> Result<Place, HttpError> {
        place(shell, &self.sandbox, &self.provider, &self.resource)
    }
}

impl RowPath {
    pub(super) fn place(&self, shell: &Shell) -> Result<Place, HttpError> {
        place(shell, &self.sandbox, &self.provider, &self.resource)
    }
}

fn place(shell: &Shell, sandbox: &str, provider: &str, resource: &str) -> Result<Place, HttpError> {
    let sandbox = open(shell, sandbox)?;
    Place::find(shell, &sandbox, provider, resource).map_err(|refusal| explain(&refusal))
}

/// The rows of a body: one, or a list.
pub(super) fn items(body: Value) -> Vec<Value> {
    match body {
        Value::Array(items) => items,
        one => vec![one],
    }
}
