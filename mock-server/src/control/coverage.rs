//! What of the documents was covered, over the control API, with a threshold for CI.

use std::{marker::PhantomData, sync::Arc};

use dropshot::Body;
use http::{Response, StatusCode, header};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    handlers::{find, not_found},
    refusal::HttpError,
    reply::Reply,
};
use crate::{
    coverage::{CoverageFormat, CoverageReport},
    shell::Shell,
};

/// Chooses what of a report is wanted, and how.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CoverageQuery {
    /// Only this provider.
    pub(crate) provider: Option<String>,
    /// How much has to be covered, of a hundred: where it is less, the status is 409, so that `curl --fail` fails.
    pub(crate) minimum: Option<f64>,
    /// How the report is written; as JSON without it.
    pub(crate) format: Option<CoverageFormat>,
}

/// The report of one sandbox, or of all that there were.
pub(super) async fn report(shell: &Arc<Shell>, sandbox: Option<String>, query: CoverageQuery) -> Result<Reply<CoverageReport>, HttpError> {
    let minimum = query.minimum;
    if let Some(minimum) = minimum.filter(|minimum| !(0.0..=100.0).contains(minimum)) {
        return Err(HttpError::for_bad_request(None, format!("`minimum` is {minimum}; write a number from 0 to 100")));
    }
    if let Some(name) = query.provider.as_deref().filter(|name| shell.provider(name).is_none()) {
        let names: Vec<_> = shell.slots.iter().map(|slot| format!("`{}`", slot.name)).collect();
        return Err(not_found(format!("no provider is named `{name}`; there are {}", names.join(", "))));
    }
    let sandbox = sandbox.map(|name| find(shell, Some(&name))).transpose()?;
    let shared = shell.clone();
    // A large document has tens of thousands of places, which are listed here for the first time.
    let listing = tokio::task::spawn_blocking(move || shared.coverage(sandbox.as_deref(), query.provider.as_deref()));
    let report = listing.await.map_err(|error| HttpError::for_internal_error(error.to_string()))?;
    let report = minimum.map_or(report.clone(), |minimum| report.held_to(minimum));
    let format = query.format.unwrap_or_default();
    let status = if report.is_enough { StatusCode::OK } else { StatusCode::CONFLICT };
    let response = Response::builder().status(status).header(header::CONTENT_TYPE, format.media_type());
    Ok(Reply { response: response.body(Body::from(report.render(format)))?, holds: PhantomData })
}

/// Counts anew in one sandbox, or in all of them.
pub(super) fn reset(shell: &Shell, sandbox: Option<&str>) -> Result<(), HttpError> {
    let sandbox = sandbox.map(|name| find(shell, Some(name))).transpose()?;
    shell.reset_coverage(sandbox.as_deref());
    Ok(())
}
