//! What a vendor sends of its own accord, when, and why that is believed.

use specs::{
    Api,
    api::Evidence,
    resources::DECLARED,
    webhooks::{Origin, Signature, Webhook},
};

use super::sheet::Sheet;

pub(super) fn sheet(api: &Api, sheet: &mut Sheet) {
    for webhook in &api.webhooks {
        sheet.section(format!("{} {}", webhook.origin.as_str(), webhook.name));
        told(webhook, sheet);
    }
    if let Some(rows) = &api.subscriptions {
        sheet.section("subscriptions".to_owned());
        sheet.say("rows", rows.resource.as_str(), rows.why.as_str());
        sheet.say("address", rows.url.as_str(), rows.why.as_str());
        for (label, property) in [("events", &rows.events), ("secret", &rows.secret), ("in use", &rows.active)] {
            if let Some(property) = property {
                sheet.say(label, property.as_str(), rows.why.as_str());
            }
        }
    }
}

fn told(webhook: &Webhook, sheet: &mut Sheet) {
    if webhook.occasions.is_empty() {
        sheet.say("sent", "never, but by hand", webhook.why.as_str());
    }
    for occasion in &webhook.occasions {
        sheet.say("sent", format!("after {occasion}"), webhook.why.as_str());
    }
    if let Some(when) = &webhook.when {
        sheet.say("sent", format!("only where {}", when.source), DECLARED);
    }
    match &webhook.target {
        Some(target) if webhook.origin == Origin::Callback => sheet.say("to", target.as_str(), DECLARED),
        Some(target) => sheet.say("to", format!("{target}, and whoever subscribes"), DECLARED),
        None => sheet.say("to", "whoever subscribes", "it has no address of its own"),
    }
    let (payload, why) = match (webhook.set.as_slice(), &webhook.body) {
        ([], None) => ("type, timestamp, data".to_owned(), "nothing says what is sent"),
        ([], Some(_)) => ("as its schema or example, with the row".to_owned(), "its request body"),
        (set, _) => (set.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "), DECLARED),
    };
    sheet.say("payload", payload, why);
    match &webhook.signature {
        Some(Signature { algorithm, header, .. }) => sheet.say("signed", format!("{} in {header}", algorithm.as_str()), DECLARED),
        None => sheet.say("signed", "not at all", "nothing says how"),
    }
    if webhook.evidence != Evidence::Page {
        sheet.say("evidence", webhook.evidence.as_str(), DECLARED);
    }
}
