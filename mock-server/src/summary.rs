//! What a mock serves, for the screen at start, the control API and the page for people.

use schemars::JsonSchema;
use serde::Serialize;
use specs::api::Grant;

use crate::{
    call,
    engine::Conditions,
    provider::{Provider, Slot},
};

/// A provider as the mock serves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProviderSummary {
    /// Its name, the first segment of its paths.
    pub name: String,
    /// The title of its document.
    pub title: String,
    /// The version of its document.
    pub version: String,
    /// The file of its document.
    pub file: String,
    /// What a client takes as base URL.
    pub base_url: String,
    /// The ways to prove who one is.
    pub credentials: Vec<CredentialSummary>,
    /// Commands that work as written, one after the other, in a mock that nobody used yet: mostly what makes an item,
    /// what shows it and what deletes it.
    pub tour: Vec<CallSummary>,
    /// Where tokens of OAuth are given out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_url: Option<String>,
    /// A command that gets such a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_curl: Option<String>,
    /// The operations of the document.
    pub operations: Vec<OperationSummary>,
    /// What is wrong with the document, as shown to people.
    pub problems: Vec<String>,
}

/// A call of an operation, as a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CallSummary {
    /// What it does to what it keeps: `create`, `read`, `list`, `delete`; else the id of the operation.
    pub does: String,
    /// The id of the operation.
    pub operation: String,
    /// The command, for a POSIX shell.
    pub curl: String,
}

/// A credential that works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CredentialSummary {
    /// The name of the security scheme in the document.
    pub scheme: String,
    /// How it is sent: `Authorization: Basic`, `header x-api-key`.
    pub sent_as: String,
    /// One that works; `user:password` for Basic. Others that are well formed do too.
    pub example: String,
}

/// An operation of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OperationSummary {
    /// Its id in snake case, as the journal names it.
    pub id: String,
    /// Its method.
    pub method: String,
    /// Its path below the base URL.
    pub path: String,
    /// What it does, in words.
    pub summary: String,
    /// What it keeps, when it keeps something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// What it does to that: `create`, `read`, `list`, `update`, `replace`, `delete`. Without it, the operation
    /// answers by example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Why the mock believes this: `key is id: the last variable of /notes/{id}`.
    pub why: Vec<String>,
}

impl ProviderSummary {
    pub(crate) fn new(slot: &Slot, url: &str, conditions: &Conditions) -> Self {
        let provider = &slot.current();
        let api = provider.api();
        let base_url = format!("{url}{}", provider.base);
        let token_url = provider.engine.token_path().map(|path| format!("{url}{path}"));
        Self {
            name: provider.name.to_string(),
            title: api.title.clone(),
            version: api.version.clone(),
            file: api.file.clone(),
            credentials: api.schemes.values().map(credential).collect(),
            tour: call::tour(provider, conditions).into_iter().map(|stop| visited(provider, url, &stop)).collect(),
            token_curl: token_url.as_ref().and_then(|url| token_curl(api, url)),
            token_url,
            base_url,
            operations: api.operations.iter().map(operation).collect(),
            problems: slot.problems().iter().map(ToString::to_string).collect(),
        }
    }
}

impl CallSummary {
    /// Makes curl trust a certificate that nobody else does.
    pub(crate) fn trust(&mut self, option: &str) {
        self.curl = self.curl.replacen("curl", &format!("curl {option}"), 1);
    }
}

fn visited(provider: &Provider, url: &str, stop: &call::Stop<'_>) -> CallSummary {
    let operation = stop.operation;
    let does = operation.role.as_ref().map_or(operation.id.as_str(), |role| role.action.as_str());
    let curl = stop.call.curl(&format!("{url}{}", provider.base_of(operation)));
    CallSummary { does: does.to_owned(), operation: operation.id.clone(), curl }
}

fn credential(scheme: &specs::api::Scheme) -> CredentialSummary {
    let (sent_as, example) = call::credential(scheme);
    CredentialSummary { scheme: scheme.name.clone(), sent_as, example }
}

/// A command that gets a token without anybody who agrees.
fn token_curl(api: &specs::Api, url: &str) -> Option<String> {
    let schemes = api.schemes.values().filter(|scheme| scheme.flows.iter().any(|flow| flow.token_url.is_some()));
    let grants: Vec<_> = schemes.clone().flat_map(|scheme| &scheme.flows).map(|flow| flow.grant).collect();
    let client = schemes.flat_map(|scheme| &scheme.credentials.clients).next();
    let id = client.map_or("client", |client| client.id.as_str());
    let secret = client.map_or("secret", |client| client.secret.as_deref().unwrap_or_default());
    let user = api.mock.users.first();
    if grants.is_empty() {
        return None;
    }
    let fields = if grants.contains(&Grant::Password) && !grants.contains(&Grant::ClientCredentials) {
        let name = user.map_or("user", |user| user.name.as_str());
        let password = user.map_or("password", |user| user.password.as_str());
        vec!["grant_type=password".to_owned(), format!("username={name}"), format!("password={password}")]
    } else {
        vec!["grant_type=client_credentials".to_owned()]
    };
    let fields: Vec<_> = fields.iter().map(|field| format!("--data-urlencode {}", call::quote(field))).collect();
    Some(format!("curl -u {} {} {}", call::quote(&format!("{id}:{secret}")), fields.join(" "), call::quote(url)))
}

fn operation(operation: &specs::api::Operation) -> OperationSummary {
    let role = operation.role.as_ref();
    let why = role.map(|role| role.why.as_slice()).unwrap_or_default();
    OperationSummary {
        id: operation.id.clone(),
        method: operation.method.to_string(),
        path: operation.path.clone(),
        summary: operation.summary.clone(),
        resource: role.map(|role| role.resource.clone()),
        action: role.map(|role| role.action.as_str().to_owned()),
        why: why.iter().map(|inference| format!("{}: {}", inference.what, inference.from)).collect(),
    }
}
