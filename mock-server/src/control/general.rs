//! What operations of the control API have in common: how they answer, and the types that belong to no section.

use dropshot::{Body, HttpResponseAccepted, HttpResponseCreated, HttpResponseDeleted, HttpResponseOk, HttpResponseUpdatedNoContent};
use http::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) use super::{
    answers::{AnswersQuery, SequenceState},
    content::{Caching, Content},
    coverage::CoverageQuery,
    credentials::{CredentialQuery, SchemePath},
    document::Format,
    events::EventsQuery,
    faults::{FaultPath, FaultState},
    har::Har,
    journal::{ExchangePath, JournalFilter, JournalPage, JournalQuery, VerifyQuery},
    limits::{LimitsChange, LimitsState},
    reference::{AssetPath, ReferenceQuery},
    refusal::HttpError,
    reply::Reply,
    sandboxes::{Fork, SandboxChange, SandboxList, SandboxPath, SandboxSummary},
    state::{CheckQuery, ResourcePath, RowPath, RowsQuery},
    time::{ClockChange, ClockState},
    webhooks::{
        DeliveryEntry, DeliveryPage, DeliveryPath, DeliveryQuery, NewSubscription, SendRequest, SendResult, SubscriptionEntry,
        SubscriptionPath, WebhookSummary,
    },
};
pub(super) use crate::{
    coverage::CoverageReport,
    credentials::{Credential, SchemeChange, SchemeState},
    edit::Refusal,
    inject::{ProfileSummary, RuleBody, RulesBody, SequenceBody},
    journal::{Entry, Verification, VerifyRequest},
    sandbox::{DEFAULT_SANDBOX, Sandbox},
    sandboxes::Refused,
    shell::Shell,
    summary::ProviderSummary,
    transfer::SandboxExport,
    webhooks::Faults,
};

/// 200 with a body.
pub(crate) type Answer<T> = Result<HttpResponseOk<T>, HttpError>;
/// 201 with what was made.
pub(crate) type Created<T> = Result<HttpResponseCreated<T>, HttpError>;
/// 202 with what will be done.
pub(crate) type Accepted<T> = Result<HttpResponseAccepted<T>, HttpError>;
/// 204: it is gone.
pub(crate) type Deleted = Result<HttpResponseDeleted, HttpError>;
/// 204: it was done.
pub(crate) type Updated = Result<HttpResponseUpdatedNoContent, HttpError>;
/// Something else than JSON.
pub(crate) type Raw = Result<Response<Body>, HttpError>;

/// Whether the mock answers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Health {
    /// `ok`.
    pub(crate) status: String,
    /// The version of the mock.
    pub(crate) version: String,
    /// Where the vendors' paths are.
    pub(crate) url: String,
    /// The sandboxes that were used.
    pub(crate) sandboxes: Vec<String>,
}

/// Names a document.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct DocumentPath {
    /// The name of the provider, then `.yaml` or `.json`.
    pub(crate) file: String,
}

/// Names a sandbox.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct SandboxQuery {
    /// The name of the sandbox; without it, the sandbox of requests that name none.
    pub(crate) sandbox: Option<String>,
}

/// Rows by provider and resource. What `--state` takes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct State(pub(crate) crate::provider::Rows);

/// A refusal of an edit, as the control API says it.
pub(super) fn told<T>(done: Result<T, Refusal>) -> Result<T, HttpError> {
    done.map_err(|refusal| super::sandboxes::explain(&refusal))
}
