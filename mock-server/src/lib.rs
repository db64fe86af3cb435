//! A server that acts out any OpenAPI document.
//!
//! A document goes in; out comes a server that behaves like the vendor whose API it describes: it keeps state, pages
//! lists, checks credentials and bodies, and refuses as the document says. Nothing about a vendor is in this code.
//!
//! The [`engine`] decides what is answered: pure and sync, without sockets and clock. Around it are two dropshot
//! servers that share a `shell`: `data` carries the vendors' paths and nothing of ours, `control` the typed API that
//! looks into the mock. [`MockServer`] is all of it in one process, for tests; the binary is the same with flags.

mod builder;
mod call;
mod clock;
mod control;
mod coverage;
mod credentials;
mod data;
mod documents;
mod edit;
pub mod engine;
mod error;
mod expected;
mod handles;
mod inject;
mod journal;
mod limiting;
mod listener;
mod logging;
mod origins;
mod provider;
mod reload;
mod sandbox;
mod sandboxes;
mod server;
mod shell;
pub mod state;
mod summary;
mod tls;
mod transfer;
mod transport;
mod webhooks;

pub use builder::{Builder, DEFAULT_MAX_MEMORY, DEFAULT_MAX_ROWS, DEFAULT_MAX_SANDBOXES};
pub use control::openapi as control_openapi;
pub use coverage::{Coverage, CoverageFormat, CoveragePart, CoveragePlace, CoverageReport, OperationCoverage, ProviderCoverage};
pub use credentials::{Credential, CredentialEntry, CredentialSource, CredentialState, Credentials, SchemeChange, SchemeState};
pub use documents::{embedded, lay_over};
pub use error::{Error, Listener};
pub use handles::{Journal, Sandbox, State};
pub use inject::{Answer, AtEnd, Fault};
pub use journal::{
    DEFAULT_JOURNAL_BYTES, DEFAULT_JOURNAL_ENTRIES, Entry, Expectation, Header, Message, Mismatch, Refusal, RequestEntry, ResponseEntry,
    Wrong,
};
pub use origins::{AllowedOrigin, Cors};
pub use provider::problems;
pub use sandbox::DEFAULT_SANDBOX;
pub use server::MockServer;
pub use summary::{CallSummary, CredentialSummary, OperationSummary, ProviderSummary};
pub use tls::Tls;
