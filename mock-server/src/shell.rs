//! What the two listeners share: the mock without its sockets.

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::Response;
use tokio::sync::watch;

use crate::{
    clock,
    coverage::{self, CoverageReport},
    engine::{Conditions, Event, Exchange, Obeyed, Request},
    inject::{self, Rule, Wrong},
    journal::{Decided, Entry, Judged, Record, Redactor, Verification, VerifyRequest, judge},
    origins::Cors,
    provider::{Provider, Rows, Slot},
    sandbox::{Played, Sandbox},
    sandboxes::Sandboxes,
    summary::ProviderSummary,
    tls::Certificate,
    webhooks::Cause,
};

/// Providers, sandboxes, and what is common to all of them.
pub(crate) struct Shell {
    pub(crate) slots: Box<[Slot]>,
    /// Whether the one provider is served without its name as a prefix.
    pub(crate) rooted: bool,
    pub(crate) sandboxes: Sandboxes,
    pub(crate) redactor: ArcSwap<Redactor>,
    pub(crate) max_body: usize,
    /// Which pages may use the vendors' paths.
    pub(crate) cors: Cors,
    /// What the listeners show, when they speak HTTPS.
    pub(crate) certificate: Option<Certificate>,
    pub(crate) urls: OnceLock<Urls>,
    /// Ends when the mock does, for answers that would go on.
    pub(crate) closing: OnceLock<watch::Receiver<()>>,
}

/// Where the listeners are, without a trailing slash.
#[derive(Clone, Debug)]
pub(crate) struct Urls {
    pub(crate) data: String,
    pub(crate) control: Option<String>,
}

/// A request with its response, and who decided about it.
pub(crate) struct Answered {
    pub(crate) request: Request,
    pub(crate) response: Response<Bytes>,
    pub(crate) decided: Decided,
    /// What the vendor sends of its own accord because of it.
    pub(crate) told: Option<Told>,
}

/// What is to be sent because of a request.
pub(crate) struct Told {
    played: Arc<Played>,
    events: Vec<Event>,
}

impl Told {
    /// Sends it, because of the exchange of this number.
    fn publish(self, sandbox: &Sandbox, exchange: u64) {
        let provider = &self.played.provider;
        let subscribers = provider.engine.subscribers(&self.played.world);
        let webhooks = &provider.api().webhooks;
        let cause = Cause { provider: &provider.name, webhooks, exchange: Some(exchange), subscribers: &subscribers };
        sandbox.webhooks.publish(&cause, self.events);
    }
}

impl Answered {
    /// Writes it down in the journal of a sandbox, sends what the vendor sends because of it, and leaves the response.
    /// It is of a time by the sandbox's clock, and began at another by the machine's.
    pub(crate) fn keep(
        self,
        shell: &Shell,
        sandbox: &Sandbox,
        number: u64,
        (at, began): (DateTime<Utc>, DateTime<Utc>),
    ) -> Response<Bytes> {
        let record = Record::new(number, at, &self.request, &self.response, self.decided);
        shell.write_down(sandbox, record.took(clock::now() - began));
        if let Some(told) = self.told {
            told.publish(sandbox, number);
        }
        self.response
    }
}

impl Shell {
    /// The position of the provider whose paths begin like this one.
    pub(crate) fn slot_of(&self, path: &str) -> Option<usize> {
        if self.rooted {
            return (!self.slots.is_empty()).then_some(0);
        }
        let first = path.strip_prefix('/')?.split('/').next()?;
        self.slots.iter().position(|slot| *slot.name == *first)
    }

    /// What is served now, in order.
    pub(crate) fn providers(&self) -> impl Iterator<Item = Arc<Provider>> {
        self.slots.iter().map(Slot::current)
    }

    /// Checks that there is what rules of faults name, and that they are for this sandbox.
    pub(crate) fn check(&self, rules: &[Rule], sandbox: &str) -> Result<(), Wrong> {
        if let Some(other) = rules.iter().filter(|rule| !rule.is_for(sandbox)).find_map(|rule| rule.scope.sandbox.as_deref()) {
            let message = format!("the rule is for the sandbox `{other}`, and this one is `{sandbox}`");
            return Err(Wrong::new("sandbox", &message, "set it there, or leave `sandbox` out"));
        }
        let providers: Vec<_> = self.providers().collect();
        inject::check(rules, &providers.iter().map(|provider| &**provider).collect::<Vec<_>>())
    }

    pub(crate) fn provider(&self, name: &str) -> Option<Arc<Provider>> {
        self.slots.iter().find(|slot| *slot.name == *name).map(Slot::current)
    }

    /// Is over when the mock ends.
    pub(crate) async fn closed(&self) {
        if let Some(mut closing) = self.closing.get().cloned() {
            // It never changes; it ends.
            let _ = closing.changed().await;
        }
    }

    /// Where the vendors' paths are; empty for the moment between binding and starting.
    pub(crate) fn url(&self) -> &str {
        self.urls.get().map_or("", |urls| &urls.data)
    }

    /// Where the control API is, if there is one.
    pub(crate) fn control_url(&self) -> Option<&str> {
        self.urls.get()?.control.as_deref()
    }

    /// Whether the listeners speak HTTPS.
    pub(crate) fn is_secure(&self) -> bool {
        self.certificate.is_some()
    }

    /// Where an exchange of a sandbox is explained.
    pub(crate) fn journal_url(&self, sandbox: &Sandbox, number: u64) -> Option<String> {
        let control = self.control_url()?;
        Some(format!("{control}/sandboxes/{}/journal/{number}", sandbox.name))
    }

    /// Answers a request for the provider at `index`, when the machine's clock shows `now`.
    pub(crate) fn exchange(&self, sandbox: &Sandbox, index: usize, request: Request, now: DateTime<Utc>) -> Answered {
        self.exchange_by(sandbox, index, request, sandbox.conditions(index, now)).0
    }

    /// The same under given conditions; says what of the orders was done.
    pub(crate) fn exchange_by(&self, sandbox: &Sandbox, index: usize, request: Request, mut conditions: Conditions) -> (Answered, Obeyed) {
        let played = sandbox.played(index, &self.slots[index].current());
        let api = played.provider.api();
        if !api.webhooks.is_empty() {
            conditions.heard = api.subscriptions.is_some() || sandbox.webhooks.is_heard();
            conditions.event = sandbox.webhooks.number();
        }
        let mut exchange = played.provider.engine.exchange(&played.world, request, &conditions);
        coverage::note(&played, &mut exchange);
        let (obeyed, events) = (exchange.obeyed, std::mem::take(&mut exchange.events));
        let mut answered = answered(&played.provider, exchange);
        answered.told = (!events.is_empty()).then_some(Told { played, events });
        (answered, obeyed)
    }

    /// Writes an exchange down, and sees to it that the memory is enough.
    pub(crate) fn write_down(&self, sandbox: &Sandbox, record: Record) {
        sandbox.write_down(record, self.sandboxes.journal_share());
        self.sandboxes.relieve(clock::now);
    }

    /// What is served, in order.
    pub(crate) fn summaries(&self) -> Vec<ProviderSummary> {
        let url = self.url();
        let default = &self.sandboxes.default;
        let conditions = Conditions { seed: default.seed(), ..Conditions::at(default.clock.read(clock::now())) };
        let mut summaries: Vec<_> = self.slots.iter().map(|slot| ProviderSummary::new(slot, url, &conditions)).collect();
        if let Some(option) = self.certificate.as_ref().and_then(|certificate| certificate.trust.as_deref()) {
            summaries.iter_mut().flat_map(|summary| &mut summary.tour).for_each(|call| call.trust(option));
        }
        summaries
    }

    /// All rows of a sandbox.
    pub(crate) fn export(&self, sandbox: &Sandbox) -> Rows {
        let worlds = self.providers().enumerate().map(|(index, provider)| (provider.name.to_string(), sandbox.played(index, &provider)));
        worlds.map(|(name, played)| (name, played.provider.engine.items(&played.world))).collect()
    }

    /// Counts an exchange that the engine did not decide about as covering what it has.
    pub(crate) fn count(&self, sandbox: &Sandbox, index: usize, exchange: &mut Exchange) {
        coverage::note(&sandbox.played(index, &self.slots[index].current()), exchange);
    }

    /// What was covered in a sandbox, or in all that there were, of one provider or of all.
    pub(crate) fn coverage(&self, sandbox: Option<&Sandbox>, only: Option<&str>) -> CoverageReport {
        let is_wanted = |provider: &Arc<Provider>| only.is_none_or(|only| *provider.name == *only);
        let providers: Vec<_> = self.providers().enumerate().filter(|(_, provider)| is_wanted(provider)).collect();
        match sandbox {
            None => CoverageReport::new(providers.iter().map(|(_, provider)| (&**provider, Some(&provider.coverage)))),
            Some(sandbox) => {
                let known = providers.iter().map(|(index, provider)| sandbox.known(*index, provider));
                let known: Vec<_> = known.collect();
                let tallies = known.iter().map(|played| played.as_ref().map(|played| &*played.coverage));
                CoverageReport::new(providers.iter().map(|(_, provider)| &**provider).zip(tallies))
            }
        }
    }

    /// Counts anew what is covered in a sandbox, or in all of them.
    pub(crate) fn reset_coverage(&self, sandbox: Option<&Sandbox>) {
        match sandbox {
            Some(sandbox) => sandbox.reset_coverage(),
            None => {
                self.providers().for_each(|provider| provider.coverage.reset());
                self.sandboxes.all().iter().for_each(|sandbox| sandbox.reset_coverage());
            }
        }
    }

    /// A record as people may see it.
    pub(crate) fn show(&self, sandbox: &Sandbox, record: &Record) -> Entry {
        Entry::new(record, &sandbox.name, self.journal_url(sandbox, record.number), &self.redactor.load())
    }

    /// Finds out anew what is secret, when a document changed.
    pub(crate) fn learn_secrets(&self) {
        let providers: Vec<_> = self.providers().collect();
        let redactor = Redactor::new(providers.iter().map(|provider| provider.api()));
        let reveals = self.redactor.load().reveals();
        self.redactor.store(Arc::new(redactor.revealing(reveals)));
    }

    /// What comes of expectations in a sandbox.
    pub(crate) fn verify(&self, sandbox: &Sandbox, expected: &VerifyRequest) -> Verification {
        let redactor = self.redactor.load();
        judge(expected, sandbox.journal.oldest(usize::MAX, |record| Some(Judged::new(record, expected, &redactor))))
    }
}

/// An exchange with the names that the journal keeps.
pub(crate) fn answered(provider: &Provider, exchange: Exchange) -> Answered {
    let Exchange { request, response, operation, step, rejection, defects, notes, touched: _, obeyed: _, events: _ } = exchange;
    let operation = operation.and_then(|index| provider.operation(index));
    let provider = Some(provider.name.clone());
    let decided = Decided { provider, operation, step: step.as_str(), rejection, defects, notes, faults: Vec::new() };
    Answered { request, response, decided, told: None }
}
