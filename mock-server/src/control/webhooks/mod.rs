//! Webhooks over the control API: which there are, who wants to hear of them, and what was sent.

mod entries;

use std::time::Duration;

use dropshot::ClientErrorStatusCode;
use http::{HeaderName, HeaderValue, Uri};

pub(crate) use entries::{
    DeliveryEntry, DeliveryPage, DeliveryPath, DeliveryQuery, NewSubscription, SendRequest, SendResult, SubscriptionEntry,
    SubscriptionPath, WebhookSummary,
};
use entries::{SignatureSummary, entry, shown};

use super::{
    handlers::{not_found, open},
    refusal::HttpError,
};
use crate::{
    clock,
    engine::Conditions,
    provider::Provider,
    sandbox::Sandbox,
    shell::Shell,
    webhooks::{Cause, Faults, Subscription, Wanted, fits, is_key, minted_secret},
};

/// Deliveries that are shown without a limit.
const DELIVERIES: usize = 100;
/// Seconds that are waited at most.
const LONGEST_WAIT: f64 = 60.0;

pub(super) fn list(shell: &Shell, sandbox: &str) -> Result<Vec<WebhookSummary>, HttpError> {
    let sandbox = open(shell, sandbox)?;
    let conditions = Conditions { seed: sandbox.seed(), ..Conditions::at(sandbox.clock.read(clock::now())) };
    let mut found = Vec::new();
    for (index, slot) in shell.slots.iter().enumerate() {
        let played = sandbox.played(index, &slot.current());
        for (position, webhook) in played.provider.api().webhooks.iter().enumerate() {
            let example = played.provider.engine.example_event(&played.world, position, None, &conditions);
            let signature = webhook.signature.as_ref().map(|signature| SignatureSummary {
                algorithm: signature.algorithm.as_str().to_owned(),
                header: signature.header.clone(),
                value: signature.value.clone(),
                signed: signature.signed.clone(),
            });
            found.push(WebhookSummary {
                provider: slot.name.to_string(),
                event: webhook.name.clone(),
                kind: webhook.origin.as_str().to_owned(),
                summary: webhook.summary.clone(),
                method: webhook.method.to_string(),
                sent_after: webhook.occasions.iter().map(ToString::to_string).collect(),
                why: webhook.why.clone(),
                address: webhook.target.clone(),
                signature,
                payload: example.as_ref().and_then(|event| serde_json::from_slice(&event.body).ok()).unwrap_or_default(),
                defects: example.map(|event| event.defects).unwrap_or_default(),
            });
        }
    }
    Ok(found)
}

pub(super) fn subscribe(shell: &Shell, sandbox: &str, new: NewSubscription) -> Result<SubscriptionEntry, HttpError> {
    let sandbox = open(shell, sandbox)?;
    let mut subscription = Subscription::new(address(&new.url)?);
    let providers: Vec<_> = shell.providers().collect();
    if let Some(name) = new.provider.as_deref().filter(|name| shell.provider(name).is_none()) {
        let names: Vec<_> = providers.iter().map(|provider| format!("`{}`", provider.name)).collect();
        return Err(bad(format!("no provider is named `{name}`; there are {}", names.join(", "))));
    }
    let wanted = providers.iter().filter(|provider| new.provider.as_deref().is_none_or(|name| *provider.name == *name));
    let webhooks: Vec<_> = wanted.flat_map(|provider| &provider.api().webhooks).collect();
    for name in &new.events {
        if !webhooks.iter().any(|webhook| fits(std::slice::from_ref(name), &webhook.name)) {
            let names: Vec<_> = webhooks.iter().map(|webhook| format!("`{}`", webhook.name)).collect();
            let known = if names.is_empty() { "no document declares one".to_owned() } else { format!("there are {}", names.join(", ")) };
            return Err(bad(format!("no event is named `{name}`; {known}")));
        }
    }
    let signatures = webhooks.iter().filter(|webhook| fits(&new.events, &webhook.name)).filter_map(|webhook| webhook.signature.as_ref());
    if let Some(secret) = &new.secret
        && signatures.clone().any(|signature| !is_key(signature.key, secret))
    {
        return Err(bad("the secret is no base64; write 24 to 64 bytes as base64, with or without `whsec_` before it".to_owned()));
    }
    for header in &new.headers {
        if HeaderName::try_from(&header.name).is_err() || HeaderValue::try_from(&header.value).is_err() {
            return Err(bad(format!("`{}: {}` is no header", header.name, header.value)));
        }
    }
    check_faults(&new.faults)?;
    let needs_secret = signatures.clone().any(|signature| signature.secret.is_none());
    subscription.secret = new.secret.or_else(|| needs_secret.then(|| minted_secret(sandbox.seed(), sandbox.webhooks.number())));
    subscription.provider = new.provider;
    subscription.events = new.events;
    subscription.headers = new.headers.into_iter().map(|header| (header.name, header.value)).collect();
    subscription.retries = new.retries;
    subscription.timeout = new.timeout;
    subscription.faults = new.faults;
    let full = |most| {
        HttpError::for_client_error(
            None,
            ClientErrorStatusCode::CONFLICT,
            format!("there are {most} subscriptions, as many as there may be; delete one of them"),
        )
    };
    sandbox.webhooks.subscribe(subscription).map(entry).map_err(full)
}

fn check_faults(faults: &Faults) -> Result<(), HttpError> {
    match faults.late {
        Some(seconds) if !(0.0..=1e9).contains(&seconds) => {
            Err(bad(format!("nothing can be late by {seconds} seconds; write a number from 0")))
        }
        _ => Ok(()),
    }
}

fn address(url: &str) -> Result<String, HttpError> {
    let is_http = |url: &Uri| matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some();
    match url.parse::<Uri>() {
        Ok(parsed) if is_http(&parsed) => Ok(url.to_owned()),
        _ => Err(bad(format!("`{url}` is no address of HTTP; write one as `http://127.0.0.1:3000/hooks`"))),
    }
}

pub(super) fn subscriptions(shell: &Shell, sandbox: &str) -> Result<Vec<SubscriptionEntry>, HttpError> {
    Ok(open(shell, sandbox)?.webhooks.subscriptions().into_iter().map(entry).collect())
}

pub(super) fn unsubscribe(shell: &Shell, path: &SubscriptionPath) -> Result<(), HttpError> {
    let sandbox = open(shell, &path.sandbox)?;
    if sandbox.webhooks.unsubscribe(&path.id) { Ok(()) } else { Err(no_subscription(&sandbox, &path.id)) }
}

pub(super) fn set_faults(shell: &Shell, path: &SubscriptionPath, faults: Faults) -> Result<SubscriptionEntry, HttpError> {
    let sandbox = open(shell, &path.sandbox)?;
    check_faults(&faults)?;
    sandbox.webhooks.set_faults(&path.id, faults).map(entry).ok_or_else(|| no_subscription(&sandbox, &path.id))
}

fn no_subscription(sandbox: &Sandbox, id: &str) -> HttpError {
    let known: Vec<_> = sandbox.webhooks.subscriptions().into_iter().map(|subscription| format!("`{}`", subscription.id)).collect();
    let known = if known.is_empty() { "none at all".to_owned() } else { known.join(", ") };
    not_found(format!("no subscription has the id `{id}`; there are {known}"))
}

pub(super) async fn deliveries(shell: &Shell, sandbox: &str, query: DeliveryQuery) -> Result<DeliveryPage, HttpError> {
    let sandbox = open(shell, sandbox)?;
    let wanted = Wanted {
        event: query.event,
        subscription: query.subscription,
        provider: query.provider,
        outcome: query.status,
        exchange: query.exchange,
        limit: Some(query.limit.unwrap_or(DELIVERIES)),
    };
    if let Some(seconds) = query.wait {
        if !(0.0..=LONGEST_WAIT).contains(&seconds) {
            return Err(bad(format!("`wait` is {seconds}; write seconds from 0 to {LONGEST_WAIT}")));
        }
        sandbox.webhooks.settle(&wanted, query.count.unwrap_or(1), Duration::from_secs_f64(seconds)).await;
    }
    let (forgotten, dropped) = sandbox.webhooks.counts();
    let deliveries = sandbox.webhooks.deliveries(&wanted).iter().map(shown).collect();
    Ok(DeliveryPage { deliveries, forgotten, dropped })
}

pub(super) fn delivery(shell: &Shell, path: &DeliveryPath) -> Result<DeliveryEntry, HttpError> {
    let found = open(shell, &path.sandbox)?.webhooks.delivery(path.number);
    found.as_ref().map(shown).ok_or_else(|| no_delivery(path.number))
}

pub(super) fn redeliver(shell: &Shell, path: &DeliveryPath) -> Result<DeliveryEntry, HttpError> {
    let sandbox = open(shell, &path.sandbox)?;
    let again = sandbox.webhooks.redeliver(path.number).and_then(|number| sandbox.webhooks.delivery(number));
    again.as_ref().map(shown).ok_or_else(|| no_delivery(path.number))
}

fn no_delivery(number: u64) -> HttpError {
    not_found(format!("no delivery has the number {number}, or it is no longer kept; `…/webhooks/deliveries` lists them"))
}

pub(super) fn send(shell: &Shell, sandbox: &str, request: &SendRequest) -> Result<SendResult, HttpError> {
    let sandbox = open(shell, sandbox)?;
    let url = request.url.as_deref().map(address).transpose()?;
    let has = |provider: &Provider| provider.api().webhooks.iter().position(|webhook| webhook.name == request.event);
    let is_meant = |provider: &Provider| request.provider.as_deref().is_none_or(|name| *provider.name == *name);
    let current = shell.slots.iter().map(crate::provider::Slot::current).enumerate();
    let mut found =
        current.filter(|(_, provider)| is_meant(provider)).filter_map(|(slot, provider)| Some((slot, has(&provider)?, provider)));
    let Some((slot, webhook, provider)) = found.next() else {
        let meant = shell.providers().filter(|provider| is_meant(provider));
        let names: Vec<_> = meant
            .flat_map(|provider| provider.api().webhooks.iter().map(|webhook| format!("`{}`", webhook.name)).collect::<Vec<_>>())
            .collect();
        let known = if names.is_empty() { "no document declares one".to_owned() } else { format!("there are {}", names.join(", ")) };
        return Err(not_found(format!("no event is named `{}`; {known}", request.event)));
    };
    if let Some((_, _, other)) = found.next() {
        let message = format!("`{}` is an event of `{}` and of `{}`; name one as `provider`", request.event, provider.name, other.name);
        return Err(bad(message));
    }
    let played = sandbox.played(slot, &provider);
    let now = sandbox.clock.read(clock::now());
    let conditions = Conditions { seed: sandbox.seed(), heard: true, event: sandbox.webhooks.number(), ..Conditions::at(now) };
    let event = provider.engine.example_event(&played.world, webhook, request.payload.as_ref(), &conditions);
    let mut event = event.ok_or_else(|| not_found(format!("no event is named `{}`", request.event)))?;
    event.target = url;
    let id = event.id.clone();
    let subscribers = provider.engine.subscribers(&played.world);
    let webhooks = &provider.api().webhooks;
    let cause = Cause { provider: &provider.name, webhooks, exchange: None, subscribers: &subscribers };
    Ok(SendResult { id, deliveries: sandbox.webhooks.publish(&cause, vec![event]) })
}

fn bad(message: String) -> HttpError {
    HttpError::for_bad_request(None, message)
}
