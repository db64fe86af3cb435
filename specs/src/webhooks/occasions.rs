//! After what a webhook is sent that does not say it: its name is a verb and mostly a noun, its payload a resource.

use super::{Occasion, Webhook};
use crate::{
    api::{Api, SchemaId},
    resources::{Action, Resource, is_same_noun},
};

/// Words of names of events, by what they say became of something.
const VERBS: [(&str, Action); 20] = [
    ("created", Action::Create),
    ("create", Action::Create),
    ("added", Action::Create),
    ("add", Action::Create),
    ("new", Action::Create),
    ("inserted", Action::Create),
    ("updated", Action::Update),
    ("update", Action::Update),
    ("changed", Action::Update),
    ("change", Action::Update),
    ("edited", Action::Update),
    ("edit", Action::Update),
    ("modified", Action::Update),
    ("deleted", Action::Delete),
    ("delete", Action::Delete),
    ("removed", Action::Delete),
    ("remove", Action::Delete),
    ("destroyed", Action::Delete),
    ("trashed", Action::Delete),
    ("erased", Action::Delete),
];

/// Words that say nothing.
const FILLERS: [&str; 12] = ["on", "event", "events", "webhook", "hook", "has", "been", "was", "is", "after", "a", "the"];

/// When a webhook is sent, with the reason for it; no occasion, with the reason why not.
pub(super) fn infer(api: &Api, webhook: &Webhook) -> (Vec<Occasion>, String) {
    let mut words = words(&webhook.name);
    let Some((verb, action)) = words.iter().rev().find_map(|word| VERBS.iter().find(|(verb, _)| verb == word)).copied() else {
        let why = format!("`{}` says neither create nor update nor delete; say when by `x-mock.webhooks`, with `on`", webhook.name);
        return (Vec::new(), why);
    };
    words.retain(|word| word != verb && !FILLERS.contains(&word.as_str()));
    let noun = words.concat();
    let named = by_name(api, &words, &noun).map(|resource| (resource, format!("its name says `{verb}` and `{noun}`")));
    let shown = || by_payload(api, webhook).map(|resource| (resource, format!("its name says `{verb}`, and its payload holds one")));
    let known = named.or_else(shown);
    match known {
        Some((resource, why)) => (vec![Occasion::Write { resource: resource.name.clone(), action }], why),
        None => {
            let why = format!("no resource is named as `{noun}` is, and its payload holds none; say when by `x-mock.webhooks`, with `on`");
            (Vec::new(), why)
        }
    }
}

/// The resource of this name, else the one whose name ends it.
fn by_name<'a>(api: &'a Api, words: &[String], noun: &str) -> Option<&'a Resource> {
    if noun.is_empty() {
        return None;
    }
    let whole = api.resources.iter().find(|resource| is_same_noun(&resource.name, noun));
    whole.or_else(|| {
        (1..words.len()).find_map(|from| {
            let end = words[from..].concat();
            api.resources.iter().find(|resource| is_same_noun(&resource.name, &end))
        })
    })
}

/// The one resource whose schema the payload has, itself or as a property.
fn by_payload<'a>(api: &'a Api, webhook: &Webhook) -> Option<&'a Resource> {
    let payload = webhook.body.iter().flat_map(|body| &body.content).find_map(|media| media.schema.clone())?;
    let places: Vec<SchemaId> =
        std::iter::once(payload.clone()).chain(api.schemas.properties(&payload).into_iter().map(|(_, schema)| schema)).collect();
    let targets: Vec<SchemaId> = places.iter().map(|schema| api.schemas.resolve(schema).0).collect();
    let is_held = |resource: &&Resource| resource.schema.as_ref().is_some_and(|schema| targets.contains(&api.schemas.resolve(schema).0));
    let mut held = api.resources.iter().filter(is_held);
    held.next().filter(|_| held.next().is_none())
}

/// The words of a name, in lower case: `note.created`, `NoteCreate`, `on_note_created`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for letter in name.chars() {
        let begins = match before {
            Some(before) if before.is_alphanumeric() => letter.is_uppercase() && !before.is_uppercase(),
            _ => true,
        };
        if letter.is_alphanumeric() {
            match words.last_mut().filter(|_| !begins) {
                Some(word) => word.extend(letter.to_lowercase()),
                None => words.push(letter.to_lowercase().collect()),
            }
        }
        before = Some(letter);
    }
    words
}
