//! Rows that are subscriptions, where the vendor's API has a resource for that.

use serde_json::{Map, Value};

use super::super::{compile::Engine, plan};
use crate::state::{PageQuery, Reads, View, World};

/// How many rows are looked at as subscriptions.
const MAX_SUBSCRIBERS: usize = 1_000;
/// Words by which a row says that it is in use.
const IN_USE: [&str; 6] = ["active", "enabled", "on", "true", "1", "yes"];

/// A row of a resource whose rows are subscriptions, read as one.
#[derive(Clone, Debug)]
pub struct Subscriber {
    /// The key of the row.
    pub key: String,
    /// Where to send.
    pub url: String,
    /// The names of the events; empty: all.
    pub events: Vec<String>,
    /// The secret to sign with.
    pub secret: Option<String>,
}

impl Engine {
    /// The rows that are subscriptions, the newest thousand of them.
    #[must_use]
    pub fn subscribers(&self, world: &World) -> Vec<Subscriber> {
        let Some((declared, kind)) = self.api.subscriptions.as_ref().and_then(|known| Some((known, self.kind_index(&known.resource)?)))
        else {
            return Vec::new();
        };
        let rows = world.fetch(&newest(kind, MAX_SUBSCRIBERS), &View::default()).page.rows;
        let rows = rows.iter().rev().filter_map(|(json, _)| serde_json::from_slice::<Map<String, Value>>(json).ok());
        rows.filter_map(|row| subscriber(declared, &self.kind(kind).key, &row)).collect()
    }
}

fn subscriber(declared: &specs::webhooks::Subscriptions, key: &str, row: &Map<String, Value>) -> Option<Subscriber> {
    let text = |name: &Option<String>| row.get(name.as_ref()?).and_then(plan::key_text);
    if text(&declared.active).is_some_and(|word| !IN_USE.contains(&word.to_ascii_lowercase().as_str())) {
        return None;
    }
    if declared.active.as_ref().and_then(|name| row.get(name)) == Some(&Value::Bool(false)) {
        return None;
    }
    let events = match declared.events.as_ref().and_then(|name| row.get(name)) {
        Some(Value::Array(names)) => names.iter().filter_map(plan::key_text).collect(),
        Some(one) => plan::key_text(one).into_iter().filter(|name| !name.is_empty()).collect(),
        None => Vec::new(),
    };
    let key = row.get(key).and_then(plan::key_text).unwrap_or_default();
    Some(Subscriber { key, url: row.get(&declared.url)?.as_str()?.to_owned(), events, secret: text(&declared.secret) })
}

/// Asks for the newest rows of a kind.
pub(super) fn newest(kind: usize, take: usize) -> Reads {
    let page = PageQuery {
        resource: kind,
        parent: None,
        others: Vec::new(),
        newest_first: true,
        skip: 0,
        take: Some(take),
        scan: false,
        after: None,
        named: false,
    };
    Reads { page: Some(page), ..Reads::default() }
}
