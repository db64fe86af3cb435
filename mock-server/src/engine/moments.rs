//! When an item was made and when it last changed: which properties say so, and how a vendor writes moments.

use serde_json::Value;
use specs::{Api, api::SchemaId};

use super::timestamp::TimeFormat;

/// Names of the moment an item was made, without case and separators.
pub(super) const CREATED: [&str; 17] = [
    "createdat",
    "created",
    "datecreated",
    "createddate",
    "createdon",
    "dateadded",
    "addedat",
    "creationdate",
    "createtime",
    "insertedat",
    "createddatetime",
    "createdtime",
    "createdtimestamp",
    "creationtime",
    "creationtimestamp",
    "creationdatetime",
    "timecreated",
];
/// Names of the moment an item last changed.
pub(super) const UPDATED: [&str; 20] = [
    "lastmodifieddatetime",
    "lastmodifiedat",
    "lastmodifieddate",
    "modifiedtime",
    "updateddatetime",
    "lastupdatedat",
    "updatedtimestamp",
    "timemodified",
    "updatedat",
    "updated",
    "dateupdated",
    "updateddate",
    "updatedon",
    "modifiedat",
    "modified",
    "datemodified",
    "modifieddate",
    "lastmodified",
    "lastupdated",
    "updatetime",
];

/// The property that holds most properties of an item.
pub(super) struct Inner {
    pub(super) name: String,
    pub(super) properties: Vec<String>,
    pub(super) created: Vec<String>,
    pub(super) updated: Vec<String>,
}

impl Inner {
    pub(super) fn new(api: &Api, properties: &[(String, SchemaId)], name: &str) -> Option<Self> {
        let (_, schema) = properties.iter().find(|(known, _)| known == name)?;
        let held = api.schemas.properties(schema);
        let (created, updated) = (named(api, &held, &CREATED), named(api, &held, &UPDATED));
        Some(Self { name: name.to_owned(), properties: held.into_iter().map(|(name, _)| name).collect(), created, updated })
    }
}

/// The properties with one of these names that hold a moment.
pub(super) fn named(api: &Api, properties: &[(String, SchemaId)], names: &[&str]) -> Vec<String> {
    let known = properties.iter().filter(|(name, _)| names.contains(&plain(name).as_str()));
    known.filter(|(_, id)| is_moment(api, id)).map(|(name, _)| name.clone()).collect()
}

/// A name without case and separators.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect()
}

fn is_moment(api: &Api, id: &SchemaId) -> bool {
    let types = api.schemas.types(id);
    types.is_empty() || types.iter().any(|kind| matches!(kind.as_str(), "string" | "integer" | "number"))
}

/// Whether a schema asks for a moment.
pub(super) fn is_date_time(api: &Api, id: &SchemaId) -> bool {
    api.schemas.resolve(id).1.get("format").and_then(Value::as_str) == Some("date-time")
}

/// How the resource writes moments: as the first example of one says.
pub(super) fn format(api: &Api, properties: &[(String, SchemaId)], created: &[String]) -> TimeFormat {
    let dated = properties.iter().filter(|(name, id)| created.contains(name) || is_date_time(api, id));
    let rows = || api.mock.seed.values().flatten();
    let mut found = dated.filter_map(|(name, id)| {
        let schema = api.schemas.resolve(id).1;
        let own = schema.get("example").or_else(|| schema.get("examples")?.get(0));
        own.and_then(TimeFormat::of).or_else(|| rows().find_map(|row| row.get(name).and_then(TimeFormat::of)))
    });
    found
        .next()
        .or_else(|| properties.iter().find(|(name, _)| created.contains(name)).and_then(|(_, id)| by_type(api, id)))
        .unwrap_or_default()
}

/// How a moment is written where no example shows it.
fn by_type(api: &Api, id: &SchemaId) -> Option<TimeFormat> {
    let types = api.schemas.types(id);
    let is_number = types.iter().any(|kind| kind == "integer" || kind == "number") && !types.iter().any(|kind| kind == "string");
    let is_date = api.schemas.resolve(id).1.get("format").is_some_and(|format| format == "date");
    is_number.then_some(TimeFormat::UnixSeconds).or(is_date.then_some(TimeFormat::Date))
}
