//! Properties that a request sets and an item shows, each with values that are hard to keep.

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde_json::{Number, Value, json};
use specs::{
    api::{Direction, SchemaId, Setter},
    resources::{Place, Role},
    sample::Shape,
};

use super::{Sheet, path, requests::hide, words};
use crate::{rule::Rule, suite::is_reference};

/// How long the longest text is that must be kept.
const LONG: usize = 5_000;
/// Texts that lose something where they are trimmed, cut at a line, composed, or stored in less than Unicode; where
/// the first is too long, the next one may fit. Each begins and ends with blanks, and has letters that are composed of
/// two, that another letter stands for, that need four bytes, and that run from right to left.
const TEXTS: [&str; 3] = ["  Zoë said “yes”\n\tand came 🌲 e\u{301} \u{212b} 字 שלום  ", " e\u{301} 🌲\n\u{212b}ש ", " e\u{301}🌲"];

/// Texts that change where they are taken for markup, an escape or a form: entities, tags, backslashes, percents and pluses,
/// and the line ends of another system, one of them at the end.
const MARKED_UP: [&str; 2] = ["1 < 2 & <b>bold</b> &amp; 50%25+50% C:\\new\\t 'q' \"Q\"\r\nnext line\r\n", "a+b <i>&lt;\\n%20"];
/// A zone that is hardly a server's, in seconds.
const ELSEWHERE: i32 = 5 * 3_600 + 45 * 60;
/// How many random arrays are looked at for one whose order shows.
const TRIES: u64 = 12;

/// A property of a request.
pub(super) struct Property {
    /// Its way in an item.
    pub(super) path: String,
    /// Its place in the body.
    pub(super) place: String,
    pub(super) schema: SchemaId,
}

impl Property {
    /// As part of a name.
    pub(super) fn words(&self) -> String {
        words(&format!("/{}", self.path))
    }
}

/// The properties of the body that an item shows, each with values to try.
pub(super) fn properties(sheet: &mut Sheet<'_>, role: &Role, rule: Rule, add: impl Fn(&mut Sheet<'_>, &Property, Vec<Value>)) {
    let Some(item) = sheet.suite.sent(sheet.operation) else {
        return sheet.none(rule, "", "it takes no body of a known schema");
    };
    for (path, schema) in sheet.suite.properties(&role.resource, &item) {
        let place = sheet.suite.place_sent(sheet.operation, &path).unwrap_or_default();
        let property = Property { path, place, schema };
        let values = values(sheet, &property);
        match unfit(sheet, role, &property) {
            Some(reason) => sheet.none(rule, &property.place, reason),
            None if values.is_empty() => sheet.none(rule, &property.place, "no valid value was found"),
            None => add(sheet, &property, values),
        }
    }
}

/// Why what a property becomes cannot be foretold.
fn unfit(sheet: &Sheet<'_>, role: &Role, property: &Property) -> Option<&'static str> {
    let suite = sheet.suite;
    let schemas = &suite.api.schemas;
    let (path, schema) = (property.path.as_str(), &property.schema);
    let parent = role.parents.iter().find(|(_, place)| *place == Place::Body(property.place.clone()));
    if schemas.is_marked(schema, "readOnly") || schemas.is_marked(schema, "writeOnly") {
        return Some("it is not both sent and shown");
    }
    if suite.key(&role.resource).split('/').next() == Some(path) || suite.key(&role.resource) == path {
        return Some("it is the key, or holds it");
    }
    let sampled = suite.sampler(Direction::Request).sample(schema, Shape::Full, None);
    let shown = suite.shown_property(sheet.operation, path);
    if shown.as_ref().is_some_and(|shown| schemas.is_marked(shown, "writeOnly")) {
        return Some("it is not both sent and shown");
    }
    let is_other = |(shown, sent): (SchemaId, Value)| {
        suite.validators.get(&shown, Direction::Response).is_ok_and(|validator| !validator.is_valid(&sent))
    };
    if shown.zip(sampled.ok()).is_some_and(is_other) {
        return Some("an item shows it in another form");
    }
    if !suite.is_seen(sheet.operation, path) {
        return Some("an item does not show it");
    }
    if parent.is_some_and(|(_, place)| path::is_several(sheet, place)) {
        return Some("it names several parents");
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    if parent.is_none() && is_reference(name) && !suite.is_offered(schema) {
        return Some("it refers to something of which the document shows no instance");
    }
    match sheet.operation.mock.set.iter().find(|(known, _)| known == path) {
        Some((_, Setter::Expression(expression))) if expression.source.contains(&format!("request.body.{path}")) => None,
        Some(_) => Some("the document computes it"),
        None => None,
    }
}

/// Values to try: all that are listed, or what the document shows and texts that are hard to keep.
fn values(sheet: &Sheet<'_>, property: &Property) -> Vec<Value> {
    let suite = sheet.suite;
    let (schema, name) = (&property.schema, property.path.rsplit('/').next().unwrap_or_default());
    let (_, resolved) = suite.api.schemas.resolve(schema);
    if let Some(listed) = resolved.get("enum").and_then(Value::as_array) {
        return listed.iter().filter(|value| !value.is_null()).cloned().collect();
    }
    let at = |example: &Value| example.pointer(&property.place).cloned();
    let shown = suite.body(sheet.operation).and_then(|(media, _, _)| media.examples.iter().find_map(|example| at(&example.value)));
    let sampled = || suite.sampler(Direction::Request).sample(schema, Shape::Full, None).ok();
    let mut shown = shown.filter(|value| !value.is_null()).or_else(sampled);
    if let Some(value) = &mut shown {
        hide(&suite.api.schemas, schema, value);
    }
    let fits = |value: &Value| suite.validators.get(schema, Direction::Request).is_ok_and(|validator| validator.is_valid(value));
    let more: Vec<Value> = match &shown {
        Some(Value::String(text)) if is_plain(resolved) && !text.starts_with('<') && !is_reference(name) => {
            let of = |texts: &[&str]| texts.iter().map(|text| Value::from(*text)).find(fits);
            of(&TEXTS).into_iter().chain(of(&MARKED_UP)).chain([json!(long(resolved))]).collect()
        }
        Some(Value::String(text)) if resolved.get("format").and_then(Value::as_str) == Some("date-time") => {
            elsewhere(text).into_iter().collect()
        }
        Some(Value::Bool(value)) => vec![json!(!value), json!(value)],
        Some(Value::Number(number)) => numbers(number),
        Some(Value::Array(elements)) => unsorted(sheet, schema, elements).into_iter().collect(),
        _ => Vec::new(),
    };
    let few = if shown.as_ref().is_some_and(Value::is_number) { 2 } else { 3 };
    let more: Vec<Value> = more.into_iter().filter(fits).take(few).collect();
    shown.filter(|value| !value.is_boolean()).into_iter().chain(more).collect()
}

/// The same moment in another zone.
fn elsewhere(text: &str) -> Option<Value> {
    let moment = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&FixedOffset::east_opt(ELSEWHERE)?);
    Some(moment.to_rfc3339_opts(SecondsFormat::AutoSi, false).into())
}

/// Nothing, which is often taken for none, and a neighbour.
fn numbers(shown: &Number) -> Vec<Value> {
    let zero = (shown.as_f64() != Some(0.0)).then(|| json!(0));
    let beside = shown.as_i64().map(|number| vec![json!(number.saturating_add(1)), json!(number.saturating_sub(1))]).unwrap_or_default();
    zero.into_iter().chain(beside).collect()
}

/// An array whose order is no other's: its own the other way round, or another one with several elements.
fn unsorted(sheet: &Sheet<'_>, schema: &SchemaId, shown: &[Value]) -> Option<Value> {
    if shown.len() > 1 {
        return Some(shown.iter().rev().cloned().collect());
    }
    let sampler = sheet.suite.sampler(Direction::Request);
    let falls = |array: &Value| array.as_array().is_some_and(|all| all.len() > 1 && !all.iter().map(Value::to_string).is_sorted());
    (0..TRIES).filter_map(|number| sampler.random(schema, number).ok()).find(falls)
}

/// A text that is cut where a server keeps only so much. It stays clear of the limit, which has cases of its own.
fn long(schema: &Value) -> String {
    let most = schema.get("maxLength").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let length = (most - most / 10).min(LONG);
    "Long texts are texts. ".chars().cycle().take(length.saturating_sub(1)).chain(['.']).collect()
}

/// Whether any text is as good as another.
fn is_plain(schema: &Value) -> bool {
    ["format", "pattern", "const", "contentMediaType", "contentEncoding"].iter().all(|keyword| schema.get(*keyword).is_none())
}
