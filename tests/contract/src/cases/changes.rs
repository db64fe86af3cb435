//! Laws of creations, changes and deletions.

use serde_json::{Value, json};
use specs::{
    api::{Direction, SchemaId, Setter},
    resources::{Action, Role},
    sample::Shape,
};

use super::{Sheet, path, words};
use crate::{
    case::{Kind, Law},
    operations::is_search,
    rule::{self, Rule},
    suite::is_reference,
    world::is_list,
};

/// Why what was created cannot be found again.
const UNNAMED: &str = "the creation does not name what this is asked by";
/// How long the longest text is that must be kept.
const LONG: usize = 5_000;
/// A text that loses something where it is trimmed, cut at a line, or stored in less than Unicode.
const TEXT: &str = "  Zoë said “yes”\n\tand came 🌲 e\u{301} 字  ";

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    let of_creation = [rule::CREATED_READABLE, rule::CREATED_LISTED, rule::STORED, rule::BATCH];
    let of_change = [rule::UPDATED, rule::CLEARED];
    let of_deletion = [rule::DELETED_GONE, rule::DELETED_ALONE];
    let Some(role) = &sheet.operation.role else {
        return sheet.none_of(&[&of_creation[..], &of_change, &of_deletion].concat(), "what it does is unknown");
    };
    if role.action == Action::Create {
        created(sheet, role);
    } else {
        sheet.none_of(&of_creation, "it creates nothing");
    }
    if matches!(role.action, Action::Update | Action::Replace) {
        changed(sheet, role);
    } else {
        sheet.none_of(&of_change, "it changes nothing");
    }
    if role.action == Action::Delete { deleted(sheet, role) } else { sheet.none_of(&of_deletion, "it deletes nothing") }
}

fn law(sheet: &mut Sheet<'_>, rule: Rule, place: &str, name: &str, law: Law) {
    let at = if place.is_empty() { String::new() } else { format!(", `{place}`") };
    let sentence = format!("`{}`{at}: {}", sheet.operation.id, rule.promise);
    sheet.case(rule, place, name, sentence, Kind::Law(law));
}

fn created(sheet: &mut Sheet<'_>, role: &Role) {
    let suite = sheet.suite;
    let resource = &role.resource;
    if !suite.shows_key(resource) {
        sheet.none_of(&[rule::CREATED_READABLE, rule::CREATED_LISTED, rule::STORED], "no item shows its key");
        return batch(sheet, role);
    }
    let sights = suite.sights(resource, |need| suite.is_named(sheet.operation, need));
    let reads = sights.iter().any(|sight| !is_list(sight));
    let lists: Vec<&str> = suite.all_acting(resource, Action::List).filter(|list| !is_search(list)).map(|list| list.id.as_str()).collect();
    let nameable = role.item.is_some() || !lists.is_empty();
    let unseen = |is_known: bool, what: &str| if is_known { UNNAMED.to_owned() } else { format!("nothing {what} `{resource}`") };
    if reads && nameable {
        law(sheet, rule::CREATED_READABLE, "", "created_then_readable", Law::CreatedReadable);
    } else {
        sheet.none(rule::CREATED_READABLE, "", unseen(suite.acting(resource, Action::Read).is_some(), "reads one of"));
    }
    if lists.is_empty() {
        sheet.none(rule::CREATED_LISTED, "", unseen(false, "lists"));
    }
    for (position, list) in lists.iter().enumerate() {
        if !sights.iter().any(|sight| sight.id == *list) {
            sheet.none(rule::CREATED_LISTED, list, UNNAMED);
            continue;
        }
        let by = if position == 0 { String::new() } else { format!("_by_{list}") };
        law(sheet, rule::CREATED_LISTED, list, &format!("created_then_listed{by}"), Law::CreatedListed((*list).to_owned()));
    }
    if sights.is_empty() {
        sheet.none(rule::STORED, "", unseen(!suite.sights(resource, |_| true).is_empty(), "reads or lists"));
    } else {
        properties(sheet, role, rule::STORED, |sheet, name, values| {
            law(sheet, rule::STORED, name, &format!("stores_{}", words(name)), Law::Stored(bare(name), values));
        });
    }
    batch(sheet, role);
}

/// A top-level place as the name of its property.
fn bare(place: &str) -> String {
    specs::pointer::tokens(place).next().unwrap_or_default().into_owned()
}

fn changed(sheet: &mut Sheet<'_>, role: &Role) {
    let suite = sheet.suite;
    let resource = &role.resource;
    if suite.sights(resource, |_| true).is_empty() {
        return sheet.none_of(&[rule::UPDATED, rule::CLEARED], &format!("nothing reads or lists `{resource}`"));
    }
    properties(sheet, role, rule::UPDATED, |sheet, name, values| {
        law(sheet, rule::UPDATED, name, &format!("updated_{}_then_visible", words(name)), Law::Updated(bare(name), values));
    });
    properties(sheet, role, rule::CLEARED, |sheet, name, _| {
        let property = sheet.suite.body(sheet.operation).and_then(|(_, schema, _)| sheet.suite.api.schemas.property(schema?, &bare(name)));
        let accepts_null = |schema: &SchemaId, direction| {
            sheet.suite.validators.get(schema, direction).is_ok_and(|validator| validator.is_valid(&Value::Null))
        };
        let item = sheet.suite.shown_property(sheet.operation, &bare(name));
        let nullable = property.is_some_and(|property| accepts_null(&property, Direction::Request));
        if !nullable {
            sheet.none(rule::CLEARED, name, "null is not allowed");
        } else if item.is_some_and(|item| !accepts_null(&item, Direction::Response)) {
            sheet.none(rule::CLEARED, name, "an item does not show it as null, so what null makes of it is not known");
        } else {
            law(sheet, rule::CLEARED, name, &format!("null_clears_{}", words(name)), Law::Cleared(bare(name)));
        }
    });
}

fn deleted(sheet: &mut Sheet<'_>, role: &Role) {
    let suite = sheet.suite;
    let resource = &role.resource;
    if suite.acting(resource, Action::Create).is_none() {
        return sheet.none_of(&[rule::DELETED_GONE, rule::DELETED_ALONE], &format!("nothing creates `{resource}`"));
    }
    if suite.sights(resource, |_| true).is_empty() {
        return sheet.none_of(&[rule::DELETED_GONE, rule::DELETED_ALONE], &format!("nothing reads or lists `{resource}`"));
    }
    law(sheet, rule::DELETED_GONE, "", "deleted_then_gone", Law::DeletedGone);
    law(sheet, rule::DELETED_ALONE, "", "deleted_then_the_others_stay", Law::DeletedAlone);
}

/// The properties of the body that an item shows, each with values to try.
fn properties(sheet: &mut Sheet<'_>, role: &Role, rule: Rule, add: impl Fn(&mut Sheet<'_>, &str, Vec<Value>)) {
    let Some((_, Some(schema), _)) = sheet.suite.body(sheet.operation) else {
        return sheet.none(rule, "", "it takes no body of a known schema");
    };
    for (name, property) in sheet.suite.api.schemas.properties(schema) {
        let place = specs::pointer::join("", &name);
        let values = values(sheet, &name, &property);
        match unfit(sheet, role, &name, &property) {
            Some(reason) => sheet.none(rule, &place, reason),
            None if values.is_empty() => sheet.none(rule, &place, "no valid value was found"),
            None => add(sheet, &place, values),
        }
    }
}

/// Why what a property becomes cannot be foretold.
fn unfit(sheet: &Sheet<'_>, role: &Role, name: &str, property: &SchemaId) -> Option<&'static str> {
    let schemas = &sheet.suite.api.schemas;
    let is = |keyword| {
        schemas.resolve(property).1.get(keyword) == Some(&Value::Bool(true))
            || schemas.get(property).get(keyword) == Some(&Value::Bool(true))
    };
    let parent = role.parents.iter().find(|(_, place)| *place == specs::resources::Place::Body(specs::pointer::join("", name)));
    if is("readOnly") || is("writeOnly") {
        return Some("it is not both sent and shown");
    }
    if sheet.suite.key(&role.resource).split('/').next() == Some(name) {
        return Some("it is the key, or holds it");
    }
    let sampled = sheet.suite.sampler(Direction::Request).sample(property, Shape::Full, None);
    let shown = sheet.suite.shown_property(sheet.operation, name).zip(sampled.ok());
    let is_other = |(shown, sent): (SchemaId, Value)| {
        sheet.suite.validators.get(&shown, Direction::Response).is_ok_and(|validator| !validator.is_valid(&sent))
    };
    if shown.is_some_and(is_other) {
        return Some("an item shows it in another form");
    }
    if !sheet.suite.is_seen(sheet.operation, name) {
        return Some("an item does not show it");
    }
    if parent.is_some_and(|(_, place)| path::is_several(sheet, place)) {
        return Some("it names several parents");
    }
    if parent.is_none() && is_reference(name) && !sheet.suite.is_offered(property) {
        return Some("it refers to something of which the document shows no instance");
    }
    match sheet.operation.mock.set.iter().find(|(known, _)| known == name) {
        Some((_, Setter::Expression(expression))) if expression.source.contains(&format!("request.body.{name}")) => None,
        Some(_) => Some("the document computes it"),
        None => None,
    }
}

/// Values to try: all that are listed, or what the document shows and a text that is hard to keep.
fn values(sheet: &Sheet<'_>, name: &str, property: &SchemaId) -> Vec<Value> {
    let suite = sheet.suite;
    let (_, resolved) = suite.api.schemas.resolve(property);
    if let Some(listed) = resolved.get("enum").and_then(Value::as_array) {
        return listed.iter().filter(|value| !value.is_null()).cloned().collect();
    }
    let shown =
        suite.body(sheet.operation).and_then(|(media, _, _)| media.examples.iter().find_map(|example| example.value.get(name).cloned()));
    let shown =
        shown.filter(|value| !value.is_null()).or_else(|| suite.sampler(Direction::Request).sample(property, Shape::Full, None).ok());
    let fits = |value: &Value| suite.validators.get(property, Direction::Request).is_ok_and(|validator| validator.is_valid(value));
    let more: Vec<Value> = match &shown {
        Some(Value::String(text)) if is_plain(resolved) && !text.starts_with('<') && !is_reference(name) => {
            vec![json!(TEXT), json!(long(resolved))]
        }
        Some(Value::Bool(value)) => vec![json!(!value), json!(value)],
        Some(Value::Number(number)) => number.as_i64().map(|number| vec![json!(number + 1), json!(number - 1)]).unwrap_or_default(),
        _ => Vec::new(),
    };
    let few = if shown.as_ref().is_some_and(Value::is_number) { 1 } else { 2 };
    let more: Vec<Value> = more.into_iter().filter(fits).take(few).collect();
    shown.filter(|value| !value.is_boolean()).into_iter().chain(more).collect()
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

/// Results for each of several parents, where the document's examples show how they stand.
fn batch(sheet: &mut Sheet<'_>, role: &Role) {
    let several = role.parents.iter().find(|(_, place)| path::is_several(sheet, place));
    let Some((property, specs::resources::Place::Body(pointer))) = several else {
        return sheet.none(rule::BATCH, "", "it creates one at a time");
    };
    let requests = sheet.operation.body.iter().flat_map(|body| &body.content).flat_map(|media| &media.examples);
    let answers: Vec<&Value> = sheet
        .operation
        .success()
        .into_iter()
        .flat_map(|response| &response.content)
        .flat_map(|media| &media.examples)
        .map(|example| &example.value)
        .collect();
    let keys = requests.filter_map(|example| example.value.pointer(pointer)?.as_array());
    let found = keys.flat_map(|keys| answers.iter().filter_map(|answer| results(answer, "", keys))).next();
    match found {
        Some((results, member)) => {
            law(
                sheet,
                rule::BATCH,
                &results.clone(),
                "answers_for_each_in_order",
                Law::Batch { results, member, parent: property.clone() },
            );
        }
        None => sheet.none(rule::BATCH, "", "no example shows how the results stand for the request"),
    }
}

/// Where an answer has an object for each key, and in which member of it.
fn results(answer: &Value, at: &str, keys: &[Value]) -> Option<(String, String)> {
    match answer {
        Value::Array(elements) if elements.len() == keys.len() && !keys.is_empty() => {
            let names = elements.first()?.as_object()?.keys();
            let holds = |name: &&String| elements.iter().zip(keys).all(|(element, key)| element.get(name.as_str()) == Some(key));
            names.into_iter().find(holds).map(|name| (at.to_owned(), name.clone()))
        }
        Value::Object(members) => members.iter().find_map(|(name, member)| results(member, &specs::pointer::join(at, name), keys)),
        _ => None,
    }
}
