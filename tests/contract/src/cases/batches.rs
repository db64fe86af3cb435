//! Laws of creations of several items at once: for each of several parents, or from an array of items.

use serde_json::{Value, json};
use specs::{
    api::{Direction, SchemaId},
    resources::{Place, Role},
};

use super::{Sheet, changes::law, path, words};
use crate::{case::Law, rule, suite::is_reference};

pub(super) fn fill(sheet: &mut Sheet<'_>, role: &Role) {
    if role.batch.is_some() {
        return of_items(sheet, role);
    }
    of_parents(sheet, role);
}

/// Results for each of several parents, where the document's examples show how they stand.
fn of_parents(sheet: &mut Sheet<'_>, role: &Role) {
    let several = role.parents.iter().find(|(_, place)| path::is_several(sheet, place));
    let Some((property, Place::Body(pointer))) = several else {
        return sheet.none(rule::BATCH, "", "it creates one at a time");
    };
    let requests = sheet.operation.body.iter().flat_map(|body| &body.content).flat_map(|media| &media.examples);
    let success = sheet.operation.success().into_iter().flat_map(|response| &response.content);
    let answers: Vec<&Value> = success.flat_map(|media| &media.examples).map(|example| &example.value).collect();
    let keys = requests.filter_map(|example| example.value.pointer(pointer)?.as_array());
    let found = keys.flat_map(|keys| answers.iter().filter_map(|answer| results(answer, "", keys))).next();
    match found {
        Some((results, member)) => {
            let place = results.clone();
            law(sheet, rule::BATCH, &place, "answers_for_each_in_order", Law::Batch { results, member, parent: property.clone() });
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

/// Results for each of several items, told apart by a text that is sent and shown.
fn of_items(sheet: &mut Sheet<'_>, role: &Role) {
    let suite = sheet.suite;
    let batch = role.batch.clone().unwrap_or_default();
    let Some(items) = &role.items else { return sheet.none(rule::BATCH, &batch, "the answer does not show what was made") };
    let Some(item) = suite.sent(sheet.operation) else { return sheet.none(rule::BATCH, &batch, "nothing says what an item is") };
    let answer = suite.item_of(sheet.operation, items);
    let shows = |name: &str| answer.as_ref().is_none_or(|answer| suite.part(answer, name).is_some());
    let schemas = &suite.api.schemas;
    let own = schemas.properties(&item);
    let is_both = |schema: &SchemaId| !schemas.is_marked(schema, "readOnly") && !schemas.is_marked(schema, "writeOnly");
    let is_free = |(name, schema): &&(String, SchemaId)| is_both(schema) && is_text(sheet, schema) && !is_reference(name) && shows(name);
    let Some((text, _)) = own.iter().find(is_free) else {
        return sheet.none(rule::BATCH, &batch, "no text of an item is both sent and shown");
    };
    law(sheet, rule::BATCH, &batch, "answers_for_each_in_order", Law::BatchItems(text.clone()));
    // What tells the items apart is left to the one that is wrong, where something else is required too.
    let mut required = schemas.required(&item);
    required.sort_by_key(|name| name == text);
    match required.into_iter().find(|name| own.iter().any(|(known, _)| known == name)) {
        Some(required) => {
            let name = format!("answers_in_order_beside_one_without_{}", words(&specs::pointer::join("", &required)));
            law(sheet, rule::BATCH, &format!("{batch}/1"), &name, Law::BatchWrongItem(text.clone(), required));
        }
        None => sheet.none(rule::BATCH, &format!("{batch}/1"), "nothing is required of an item"),
    }
}

/// Whether any text is as good as another.
fn is_text(sheet: &Sheet<'_>, schema: &SchemaId) -> bool {
    let free = ["one 1", "two 2"]
        .into_iter()
        .all(|text| sheet.suite.validators.get(schema, Direction::Request).is_ok_and(|validator| validator.is_valid(&json!(text))));
    free && sheet.suite.api.schemas.resolve(schema).1.get("enum").is_none()
}
