//! Laws of creations, changes and deletions.

use serde_json::Value;
use specs::{
    api::{Direction, SchemaId},
    resources::{Action, Aspect, DECLARED, Role},
};

use super::{Sheet, batches, properties::properties};
use crate::{
    case::{Kind, Law},
    laws::{deleted::says_missing, refused::has_any},
    operations::is_search,
    rule::{self, Rule},
    world::is_list,
};

/// Why what was created cannot be found again.
const UNNAMED: &str = "the creation does not name what this is asked by";

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    let of_creation = [rule::CREATED_READABLE, rule::CREATED_LISTED, rule::OWN_KEY, rule::STORED, rule::BATCH];
    let of_change = [rule::UPDATED, rule::CLEARED, rule::REPLACED, rule::DELETED_REFUSED];
    let of_deletion = [rule::DELETED_GONE, rule::DELETED_ALONE];
    let Some(role) = &sheet.operation.role else {
        return sheet.none_of(&[&of_creation[..], &of_change, &of_deletion, &[rule::REFUSED_KEPT]].concat(), "what it does is unknown");
    };
    refused(sheet, role);
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

/// What is refused has to change nothing.
fn refused(sheet: &mut Sheet<'_>, role: &Role) {
    if matches!(role.action, Action::Read | Action::List) {
        return sheet.none(rule::REFUSED_KEPT, "", "it writes nothing");
    }
    match has_any(sheet.suite, &sheet.cases, role) {
        Ok(()) => law(sheet, rule::REFUSED_KEPT, "", "refused_then_unchanged", Law::RefusedKept),
        Err(reason) => sheet.none(rule::REFUSED_KEPT, "", reason),
    }
}

/// Adds the case of a law.
pub(super) fn law(sheet: &mut Sheet<'_>, rule: Rule, place: &str, name: &str, law: Law) {
    let at = if place.is_empty() { String::new() } else { format!(", `{place}`") };
    let sentence = format!("`{}`{at}: {}", sheet.operation.id, rule.promise);
    sheet.case(rule, place, name, sentence, Kind::Law(law));
}

fn created(sheet: &mut Sheet<'_>, role: &Role) {
    let suite = sheet.suite;
    let resource = &role.resource;
    if !suite.shows_key(resource) {
        let of_items = [rule::CREATED_READABLE, rule::CREATED_LISTED, rule::OWN_KEY, rule::STORED];
        sheet.none_of(&of_items, "no item shows its key");
        return batches::fill(sheet, role);
    }
    let sights = suite.sights(resource, |need| suite.is_named(sheet.operation, need));
    let reads = sights.iter().any(|sight| !is_list(sight));
    let lists: Vec<&str> = suite.all_acting(resource, Action::List).filter(|list| !is_search(list)).map(|list| list.id.as_str()).collect();
    let tells = role.item.is_some() || role.items.is_some() || role.echo.is_some() || tells_address(sheet);
    let nameable = tells || !lists.is_empty();
    let unseen = |is_known: bool, what: &str| if is_known { UNNAMED.to_owned() } else { format!("nothing {what} `{resource}`") };
    if reads && nameable {
        law(sheet, rule::CREATED_READABLE, "", "created_then_readable", Law::CreatedReadable);
    } else {
        sheet.none(rule::CREATED_READABLE, "", unseen(suite.acting(resource, Action::Read).is_some(), "reads one of"));
    }
    match (role.key.is_some(), nameable) {
        (true, _) => sheet.none(rule::OWN_KEY, "", "the client chooses the key"),
        (_, false) => sheet.none(rule::OWN_KEY, "", "nothing tells the key"),
        (false, true) => law(sheet, rule::OWN_KEY, "", "gives_each_a_key_of_its_own", Law::KeysUnique),
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
        properties(sheet, role, rule::STORED, |sheet, property, values| {
            let name = format!("stores_{}", property.words());
            law(sheet, rule::STORED, &property.place, &name, Law::Stored(property.path.clone(), values));
        });
    }
    batches::fill(sheet, role);
}

/// Whether the answer says where what was created is.
fn tells_address(sheet: &Sheet<'_>) -> bool {
    let headers = sheet.operation.success().map(|response| response.headers.as_slice()).unwrap_or_default();
    headers.iter().any(|header| header.name.eq_ignore_ascii_case("location"))
}

fn changed(sheet: &mut Sheet<'_>, role: &Role) {
    let suite = sheet.suite;
    let resource = &role.resource;
    refused_after_deletion(sheet, role);
    if suite.sights(resource, |_| true).is_empty() {
        let reason = format!("nothing reads or lists `{resource}`");
        return sheet.none_of(&[rule::UPDATED, rule::CLEARED, rule::REPLACED], &reason);
    }
    properties(sheet, role, rule::UPDATED, |sheet, property, values| {
        let name = format!("updated_{}_then_visible", property.words());
        law(sheet, rule::UPDATED, &property.place, &name, Law::Updated(property.path.clone(), values));
    });
    properties(sheet, role, rule::CLEARED, |sheet, property, _| {
        let accepts_null = |schema: &SchemaId, direction| {
            sheet.suite.validators.get(schema, direction).is_ok_and(|validator| validator.is_valid(&Value::Null))
        };
        let item = sheet.suite.shown_property(sheet.operation, &property.path);
        if !accepts_null(&property.schema, Direction::Request) {
            sheet.none(rule::CLEARED, &property.place, "null is not allowed");
        } else if item.is_some_and(|item| !accepts_null(&item, Direction::Response)) {
            let reason = "an item does not show it as null, so what null makes of it is not known";
            sheet.none(rule::CLEARED, &property.place, reason);
        } else {
            let name = format!("null_clears_{}", property.words());
            law(sheet, rule::CLEARED, &property.place, &name, Law::Cleared(property.path.clone()));
        }
    });
    replaced(sheet, role);
}

/// A replacement in so many words: that a PUT is one is only likely.
fn replaced(sheet: &mut Sheet<'_>, role: &Role) {
    let is_declared = role.why.iter().any(|why| why.about == Aspect::Action && why.from == DECLARED);
    if role.action != Action::Replace {
        return sheet.none(rule::REPLACED, "", "it changes what is sent, and no more");
    }
    if !is_declared {
        return sheet.none(rule::REPLACED, "", "the document does not say that it replaces the whole");
    }
    let required = sheet.suite.sent(sheet.operation).map(|item| sheet.suite.api.schemas.required(&item)).unwrap_or_default();
    properties(sheet, role, rule::REPLACED, |sheet, property, _| {
        let name = property.path.rsplit('/').next().unwrap_or_default();
        if required.iter().any(|required| required == name) {
            return sheet.none(rule::REPLACED, &property.place, "it is required");
        }
        let shown = sheet.suite.shown_property(sheet.operation, &property.path);
        let default = |schema: &SchemaId| sheet.suite.api.schemas.resolve(schema).1.get("default").cloned();
        let default = default(&property.schema).or_else(|| default(shown.as_ref()?));
        let name = format!("replaced_without_{}", property.words());
        law(sheet, rule::REPLACED, &property.place, &name, Law::Replaced(property.path.clone(), default));
    });
}

fn refused_after_deletion(sheet: &mut Sheet<'_>, role: &Role) {
    let suite = sheet.suite;
    let resource = &role.resource;
    let reason = if suite.acting(resource, Action::Delete).is_none() {
        format!("nothing deletes `{resource}`")
    } else if suite.acting(resource, Action::Create).is_none() {
        format!("nothing creates `{resource}`")
    } else if role.key.is_none() {
        "it names no item".to_owned()
    } else if role.makes {
        "it makes what is not there".to_owned()
    } else if !says_missing(sheet.operation) {
        "the document declares no status for a missing item".to_owned()
    } else {
        return law(sheet, rule::DELETED_REFUSED, "", "refuses_what_was_deleted", Law::DeletedRefused);
    };
    sheet.none(rule::DELETED_REFUSED, "", reason);
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
