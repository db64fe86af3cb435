//! What the two listeners share: the mock without its sockets.

use std::sync::OnceLock;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Response;

use crate::{
    engine::{Exchange, Request},
    journal::{Decided, Entry, Record, Redactor, Wanted},
    provider::{Provider, Rows},
    sandbox::{Sandbox, Sandboxes},
    summary::ProviderSummary,
};

/// Providers, sandboxes, and what is common to all of them.
pub(crate) struct Shell {
    pub(crate) providers: Vec<Provider>,
    /// Whether the one provider is served without its name as a prefix.
    pub(crate) rooted: bool,
    pub(crate) sandboxes: Sandboxes,
    pub(crate) redactor: Redactor,
    pub(crate) max_body: usize,
    pub(crate) urls: OnceLock<Urls>,
}

/// Where the listeners are, without a trailing slash.
#[derive(Clone, Debug)]
pub(crate) struct Urls {
    pub(crate) data: String,
    pub(crate) control: String,
}

/// A request with its response, and who decided about it.
pub(crate) struct Answered {
    pub(crate) request: Request,
    pub(crate) response: Response<Bytes>,
    pub(crate) decided: Decided,
}

impl Shell {
    /// The provider whose paths begin like this one.
    pub(crate) fn provider_of(&self, path: &str) -> Option<usize> {
        if self.rooted {
            return (!self.providers.is_empty()).then_some(0);
        }
        let first = path.strip_prefix('/')?.split('/').next()?;
        self.providers.iter().position(|provider| provider.name == first)
    }

    pub(crate) fn provider(&self, name: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.name == name)
    }

    /// Where the vendors' paths are; empty for the moment between binding and starting.
    pub(crate) fn url(&self) -> &str {
        self.urls.get().map_or("", |urls| &urls.data)
    }

    /// Answers a request for the provider at `index`.
    pub(crate) fn exchange(&self, sandbox: &Sandbox, index: usize, request: Request, now: DateTime<Utc>) -> Answered {
        let provider = &self.providers[index];
        let exchange = provider.engine.exchange(sandbox.world(index, provider), request, now);
        let Exchange { request, response, operation, step, rejection, defects, notes } = exchange;
        Answered {
            request,
            response,
            decided: Decided { provider: Some(index), operation, step: step.as_str(), rejection, defects, notes },
        }
    }

    /// What is served, in order.
    pub(crate) fn summaries(&self) -> Vec<ProviderSummary> {
        let url = self.url();
        self.providers.iter().map(|provider| ProviderSummary::new(provider, url)).collect()
    }

    /// All rows of a sandbox.
    pub(crate) fn export(&self, sandbox: &Sandbox) -> Rows {
        let worlds = self.providers.iter().enumerate().map(|(index, provider)| (provider, sandbox.world(index, provider)));
        worlds.map(|(provider, world)| (provider.name.clone(), world.export())).collect()
    }

    /// A record as people may see it, if it is the one wanted.
    pub(crate) fn show(&self, record: &Record, wanted: &Wanted<'_>) -> Option<Entry> {
        let provider = record.provider().and_then(|index| self.providers.get(index));
        let operation = provider.zip(record.operation()).and_then(|(provider, index)| provider.api().operations.get(index));
        let named = |asked: Option<&str>, name: Option<&str>| asked.is_none_or(|asked| name == Some(asked));
        let fits = named(wanted.provider, provider.map(|provider| provider.name.as_str()))
            && named(wanted.operation, operation.map(|operation| operation.id.as_str()))
            && wanted.status.is_none_or(|status| status.covers(record.status()));
        fits.then(|| {
            let provider = provider.map(|provider| provider.name.clone());
            Entry::new(record, provider, operation.map(|operation| operation.id.clone()), &self.redactor)
        })
    }
}
