//! The payload of a webhook that says nothing of it but its schema: what an example or the schema has, with the row in
//! the place that is the resource's, and what tells one event from others.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use specs::{
    api::{Direction, MediaType, SchemaId},
    sample::Shape,
    webhooks::Webhook,
};

use super::super::{
    compile::Engine,
    conform,
    kind::Kind,
    moments::{self, plain},
    timestamp::TimeFormat,
};

/// Names of the property that holds what an event is about, beside that of the resource.
const HOLDERS: [&str; 8] = ["data", "object", "payload", "resource", "record", "item", "entity", "attributes"];
/// Names of the property that says which event it is, without case and separators, as are those below.
const NAMES: [&str; 5] = ["type", "event", "eventtype", "eventname", "topic"];
/// Names of properties that hold the moment of the event.
const MOMENTS: [&str; 6] = ["timestamp", "occurredat", "sentat", "eventtime", "triggeredat", "firedat"];
/// Names of properties that hold the moment of the event where another one holds what it is about.
const CREATED: [&str; 2] = ["createdat", "created"];
/// Names of properties that hold the id of the event.
const IDS: [&str; 3] = ["eventid", "messageid", "deliveryid"];

pub(super) struct Payload<'a> {
    pub(super) engine: &'a Engine,
    pub(super) webhook: &'a Webhook,
    /// The resource of the row.
    pub(super) kind: Option<&'a Kind>,
    pub(super) row: &'a Map<String, Value>,
    pub(super) id: &'a str,
    pub(super) now: DateTime<Utc>,
    pub(super) number: u64,
}

/// The declared payload, where it is JSON.
fn media(webhook: &Webhook) -> Option<&MediaType> {
    webhook.body.iter().flat_map(|body| &body.content).find(|media| media.is_json())
}

/// Where a payload does not conform to the document.
pub(super) fn defects(engine: &Engine, webhook: &Webhook, value: &Value) -> Vec<String> {
    let schema = media(webhook).and_then(|media| media.schema.as_ref());
    let validator = schema.and_then(|schema| engine.validators.get(schema, Direction::Response).ok());
    let found = validator.filter(|validator| !validator.is_valid(value)).map(|validator| conform::describe(&validator, value));
    found.into_iter().flatten().map(|defect| format!("the payload of `{}`: {defect}", webhook.name)).collect()
}

impl Payload<'_> {
    pub(super) fn value(&self) -> Value {
        let Some(media) = media(self.webhook) else { return self.plain() };
        let Some(schema) = &media.schema else {
            return media.examples.first().map_or_else(|| self.plain(), |example| example.value.clone());
        };
        let shown = media.examples.first().map(|example| &example.value);
        let base = shown.cloned().or_else(|| self.engine.sampler.sample(schema, Shape::Lifelike(self.number), None).ok());
        let filled = self.filled(schema, base.unwrap_or_else(|| json!({})), shown.is_some(), 0);
        let validator = self.engine.validators.get(schema, Direction::Response).ok();
        if validator.as_ref().is_none_or(|validator| validator.is_valid(&filled)) {
            return filled;
        }
        super::super::complete::nearest(self.engine, schema, &filled).unwrap_or(filled)
    }

    /// What is sent where nothing says what: as Standard Webhooks recommend.
    fn plain(&self) -> Value {
        let data = if self.row.is_empty() { Value::Null } else { self.shown() };
        json!({"type": self.webhook.name, "timestamp": TimeFormat::default().value(self.now), "data": data})
    }

    fn shown(&self) -> Value {
        self.kind.map_or_else(|| Value::Object(self.row.clone()), |kind| kind.shown(self.row))
    }

    /// A value with what the row and the event have in the places that are theirs.
    fn filled(&self, schema: &SchemaId, value: Value, exemplary: bool, depth: usize) -> Value {
        let schemas = &self.engine.api.schemas;
        if self.is_the_resource(schema) {
            return self.shown();
        }
        if let (Value::Array(_), Some(items)) = (&value, schemas.items(schema)) {
            let element = value.get(0).cloned().unwrap_or_else(|| json!({}));
            return json!([self.filled(&items, element, exemplary, depth)]);
        }
        let Value::Object(mut object) = value else { return value };
        let properties = schemas.properties(schema);
        let holder = properties.iter().find(|(_, schema)| self.is_the_resource(schema)).or_else(|| {
            properties
                .iter()
                .find(|(name, schema)| self.is_holder(name) && schemas.types(schema).first().is_none_or(|kind| kind == "object"))
        });
        if let Some((name, inner)) = holder.filter(|_| depth < 4 && self.kind.is_some()) {
            let before = object.get(name).cloned().unwrap_or_else(|| json!({}));
            let before = if before.is_object() { before } else { json!({}) };
            let inside = self.filled(inner, before, exemplary, depth + 1);
            object.insert(name.clone(), inside);
        }
        let has_holder = holder.is_some();
        for (name, schema) in &properties {
            if holder.is_some_and(|(known, _)| known == name) {
                continue;
            }
            let own = if depth == 0 { self.of_event(name, schema, has_holder, exemplary) } else { None };
            let of_row = || self.row.get(name).filter(|_| !has_holder || name != "id").cloned();
            if let Some(value) = own.or_else(of_row).filter(|value| self.takes(schema, value)) {
                object.insert(name.clone(), value);
            }
        }
        if properties.is_empty() && self.kind.is_some() && depth > 0 {
            return self.shown();
        }
        Value::Object(object)
    }

    /// What the event itself has for a property of the outermost object.
    fn of_event(&self, name: &str, schema: &SchemaId, has_holder: bool, exemplary: bool) -> Option<Value> {
        let declared = self.engine.api.schemas.resolve(schema).1;
        let known = plain(name);
        let known = known.as_str();
        if NAMES.contains(&known) {
            if let Some(words) = declared.get("enum").and_then(Value::as_array) {
                return words.iter().find(|word| word.as_str().is_some_and(|word| plain(word) == plain(&self.webhook.name))).cloned();
            }
            let is_said = exemplary || ["const", "example", "examples"].iter().any(|keyword| declared.get(keyword).is_some());
            return (!is_said && !self.row.contains_key(name)).then(|| json!(self.webhook.name));
        }
        if MOMENTS.contains(&known) || (has_holder && CREATED.contains(&known)) {
            let format = moments::format(&self.engine.api, &[(name.to_owned(), schema.clone())], &[name.to_owned()]);
            return Some(format.value(self.now));
        }
        let is_id = IDS.contains(&known) || (has_holder && name == "id");
        is_id.then(|| json!(self.id))
    }

    fn is_the_resource(&self, schema: &SchemaId) -> bool {
        let resolve = |schema: &SchemaId| self.engine.api.schemas.resolve(schema).0;
        self.kind.and_then(|kind| kind.schema.as_ref()).is_some_and(|known| resolve(known) == resolve(schema))
    }

    fn is_holder(&self, name: &str) -> bool {
        let named = self.kind.is_some_and(|kind| kind.name.to_lowercase().trim_end_matches('s') == name.to_lowercase());
        named || HOLDERS.contains(&name)
    }

    fn takes(&self, schema: &SchemaId, value: &Value) -> bool {
        self.engine.validators.get(schema, Direction::Response).is_ok_and(|validator| validator.is_valid(value))
    }
}
