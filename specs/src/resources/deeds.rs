//! What a verb at the end of a path does: `/notes/{id}/archive`, `/notes/{id}:archive`, `/notes/search`.
//!
//! A verb is believed where the item shows what it leads to: `archive` where an item can be `archived`. What else it
//! might do is not guessed.

use http::Method;
use serde_json::Value;

use super::{Effect, words};
use crate::api::{Operation, SchemaId, Schemas, Status};

/// Verbs that ask for items.
const SEARCHES: &[&str] = &["search", "query", "find", "filter", "lookup", "list"];

/// Verbs that make several items at once.
const BATCHES: &[&str] = &["batch", "bulk", "batchcreate", "bulkcreate", "createmany", "createbatch", "createbulk", "multiple", "many"];

/// Verbs that make another item of one.
const COPIES: &[&str] = &["copy", "clone", "duplicate", "fork", "replicate", "split", "copyto"];

/// Participles that follow no rule.
const PARTICIPLES: &[(&str, &str)] = &[
    ("send", "sent"),
    ("pay", "paid"),
    ("hide", "hidden"),
    ("freeze", "frozen"),
    ("write", "written"),
    ("withdraw", "withdrawn"),
    ("read", "read"),
    ("show", "shown"),
    ("open", "open"),
    ("reopen", "open"),
    ("activate", "active"),
    ("deactivate", "inactive"),
    ("run", "running"),
    ("start", "running"),
    ("begin", "begun"),
    ("undo", "undone"),
    ("win", "won"),
    ("lose", "lost"),
    ("cancel", "cancelled"),
];

/// Beginnings of a verb that takes back another, and those it may put in its place.
const OPPOSITES: &[(&str, &str)] = &[("un", ""), ("dis", "en"), ("dis", ""), ("de", "")];

pub(super) fn searches(verb: &str) -> bool {
    SEARCHES.contains(&words::plain(verb).as_str())
}

pub(super) fn batches(verb: &str) -> bool {
    BATCHES.contains(&words::plain(verb).as_str())
}

/// Whether the answer to a verb is the item to which it was done, and not another one.
pub(super) fn keeps_item(verb: &str, operation: &Operation) -> bool {
    let is_made = operation.success().is_some_and(|response| response.status == Status::Exactly(201));
    !is_made && operation.method != Method::DELETE && !COPIES.contains(&words::plain(verb).as_str())
}

/// What a verb makes of the properties of an item. A DELETE of what was done takes it back.
pub(super) fn effects(schemas: &Schemas, item: &SchemaId, verb: &str, method: &Method) -> Vec<(String, Effect)> {
    let verb = words::plain(verb);
    let properties = schemas.properties(item);
    let undone = || {
        let bases = OPPOSITES.iter().filter_map(|(start, instead)| Some(format!("{instead}{}", verb.strip_prefix(start)?)));
        bases.map(|base| forms(&base)).find(|forms| flag(schemas, &properties, forms).is_some())
    };
    if *method == Method::DELETE {
        return taken_back(schemas, &properties, &forms(&verb));
    }
    let forms = forms(&verb);
    let mut found = Vec::new();
    found.extend(flag(schemas, &properties, &forms).map(|name| (name, Effect::Value(Value::Bool(true)))));
    found.extend(state(schemas, &properties, &forms));
    found.extend(moment(schemas, &properties, &forms).map(|(name, _)| (name, Effect::Now)));
    match undone() {
        Some(forms) if found.is_empty() => taken_back(schemas, &properties, &forms),
        _ => found,
    }
}

fn taken_back(schemas: &Schemas, properties: &[(String, SchemaId)], forms: &[String]) -> Vec<(String, Effect)> {
    let mut found: Vec<(String, Effect)> = Vec::new();
    found.extend(flag(schemas, properties, forms).map(|name| (name, Effect::Value(Value::Bool(false)))));
    let nullable = moment(schemas, properties, forms).filter(|(_, schema)| schemas.types(schema).iter().any(|kind| kind == "null"));
    found.extend(nullable.map(|(name, _)| (name, Effect::Value(Value::Null))));
    found
}

/// What something is called to which a verb was done.
fn forms(verb: &str) -> Vec<String> {
    let last = verb.chars().last().unwrap_or('e');
    let irregular = PARTICIPLES.iter().filter(|(known, _)| *known == verb).map(|(_, form)| (*form).to_owned());
    let regular = match last {
        'e' => vec![format!("{verb}d")],
        'y' => vec![format!("{}ied", verb.strip_suffix('y').unwrap_or(verb)), format!("{verb}ed")],
        _ => vec![format!("{verb}ed"), format!("{verb}{last}ed")],
    };
    irregular.chain(regular).collect()
}

fn flag(schemas: &Schemas, properties: &[(String, SchemaId)], forms: &[String]) -> Option<String> {
    let fits = |(name, schema): &&(String, SchemaId)| {
        let plain = words::plain(name);
        let bare = plain.strip_prefix("is").unwrap_or(&plain);
        schemas.types(schema).iter().any(|kind| kind == "boolean") && forms.iter().any(|form| form == bare || *form == plain)
    };
    properties.iter().find(fits).map(|(name, _)| name.clone())
}

/// The one property that can have such a value, and the value as it is written.
fn state(schemas: &Schemas, properties: &[(String, SchemaId)], forms: &[String]) -> Option<(String, Effect)> {
    let value = |schema: &SchemaId| {
        let values = schemas.resolve(schema).1.get("enum")?.as_array()?;
        values.iter().find(|value| value.as_str().is_some_and(|text| forms.contains(&words::plain(text)))).cloned()
    };
    let mut found = properties.iter().filter_map(|(name, schema)| Some((name.clone(), Effect::Value(value(schema)?))));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn moment(schemas: &Schemas, properties: &[(String, SchemaId)], forms: &[String]) -> Option<(String, SchemaId)> {
    let fits = |(name, schema): &&(String, SchemaId)| {
        let plain = words::plain(name);
        let is_date = schemas.resolve(schema).1.get("format").is_some_and(|format| format == "date-time");
        is_date && forms.iter().any(|form| ["at", "on", "date", "time"].iter().any(|end| plain == format!("{form}{end}")))
    };
    properties.iter().find(fits).cloned()
}
