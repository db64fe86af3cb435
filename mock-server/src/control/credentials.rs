//! Credentials over the control API: which are known in a sandbox, and how that changes.

use dropshot::ClientErrorStatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{handlers::open, refusal::HttpError, sandboxes::SandboxPath};
use crate::{
    credentials::{self, Credential, SchemeChange, SchemeState},
    shell::Shell,
};

/// Names a security scheme in a sandbox.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct SchemePath {
    /// The name of the sandbox.
    pub(crate) sandbox: String,
    /// The name of the provider.
    pub(crate) provider: String,
    /// The name of the security scheme in its document.
    pub(crate) scheme: String,
}

/// Names a credential.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct CredentialQuery {
    /// The credential; without it, all that the document does not list are meant, and all changes.
    pub(crate) credential: Option<String>,
}

pub(super) fn list(shell: &Shell, path: &SandboxPath) -> Result<Vec<SchemeState>, HttpError> {
    Ok(credentials::list(shell, &*open(shell, &path.sandbox)?))
}

pub(super) fn change(shell: &Shell, path: &SchemePath, change: SchemeChange) -> Result<SchemeState, HttpError> {
    let sandbox = open(shell, &path.sandbox)?;
    let place = credentials::place(shell, &sandbox, &path.provider, &path.scheme).map_err(unknown)?;
    Ok(credentials::change(shell, &sandbox, &place, change))
}

pub(super) fn add(shell: &Shell, path: &SchemePath, credential: Credential) -> Result<SchemeState, HttpError> {
    let sandbox = open(shell, &path.sandbox)?;
    let place = credentials::place(shell, &sandbox, &path.provider, &path.scheme).map_err(unknown)?;
    if credential.credential.is_empty() {
        let message = "a credential is not empty: write the token, the key, or `user:password`";
        return Err(HttpError::for_bad_request(None, message.to_owned()));
    }
    Ok(credentials::add(shell, &sandbox, &place, credential))
}

pub(super) fn forget(shell: &Shell, path: &SchemePath, query: &CredentialQuery) -> Result<(), HttpError> {
    let sandbox = open(shell, &path.sandbox)?;
    let place = credentials::place(shell, &sandbox, &path.provider, &path.scheme).map_err(unknown)?;
    match &query.credential {
        Some(name) if !place.keyring.forget(&path.scheme, Some(name)) => {
            Err(unknown("no such credential was added or given out; those of the document stay, and can be revoked".to_owned()))
        }
        Some(_) => Ok(()),
        None => {
            place.keyring.forget(&path.scheme, None);
            Ok(())
        }
    }
}

fn unknown(message: String) -> HttpError {
    HttpError::for_client_error(None, ClientErrorStatusCode::NOT_FOUND, message)
}
