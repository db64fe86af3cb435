//! Methods that a path does not have, and keys that nothing has.

use http::Method;
use specs::{
    api::{Operation, Part},
    resources::{Action, Place},
};

use super::Sheet;
use crate::{
    case::{Edit, Kind, Law, Refusal, Wanted},
    laws::filtered::parent_filter,
    refusal, rule,
};

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    methods(sheet);
    unknown_item(sheet);
    unknown_parents(sheet);
}

/// The methods that no operation has on this path, or on another that means the same address.
fn methods(sheet: &mut Sheet<'_>) {
    let operations = &sheet.suite.api.operations;
    if sheet.operation.shares_path {
        return sheet.none(rule::METHOD, "", "its path is another operation's too");
    }
    let same = |other: &&Operation| other.path == sheet.operation.path && other.servers == sheet.operation.servers;
    let first = operations.iter().find(same);
    if let Some(first) = first.filter(|first| first.id != sheet.operation.id) {
        return sheet.none(rule::METHOD, "", format!("it stands at `{}`, the first operation of the path", first.id));
    }
    let taken = |method: &Method| operations.iter().any(|other| other.method == *method && overlap(other, sheet.operation));
    let other: Vec<Method> =
        [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE].into_iter().filter(|method| !taken(method)).collect();
    if other.is_empty() {
        return sheet.none(rule::METHOD, "", "the path has every method");
    }
    let names: Vec<&str> = other.iter().map(Method::as_str).collect();
    let sentence = format!("`{}` has no {}", sheet.operation.path, names.join(", "));
    sheet.case(rule::METHOD, "", "rejects_undeclared_methods", sentence, Kind::Method(other));
}

/// Whether two paths can be the same address.
fn overlap(one: &Operation, other: &Operation) -> bool {
    let is_open = |parts: &[Part]| parts.iter().any(|part| matches!(part, Part::Variable(_)));
    let pairs = one.segments.iter().zip(&other.segments);
    one.segments.len() == other.segments.len()
        && pairs.into_iter().all(|(one, other)| one == other || is_open(&one.parts) || is_open(&other.parts))
}

fn unknown_item(sheet: &mut Sheet<'_>) {
    let key = sheet.operation.role.as_ref().and_then(|role| role.key.as_ref());
    if key.is_none() {
        sheet.none(rule::UNKNOWN_ITEM, "", "it names no item");
    } else if !refusal::declares_missing(sheet.operation) {
        sheet.none(rule::UNKNOWN_ITEM, "", "the document declares no status for a missing item");
    } else {
        let sentence = format!("`{}` refuses an item that does not exist", sheet.operation.id);
        let kind = Kind::Refuse(Wanted::default(), vec![Edit::UnknownItem], Refusal::Missing);
        sheet.case(rule::UNKNOWN_ITEM, "", "rejects_an_unknown_item", sentence, kind);
    }
}

fn unknown_parents(sheet: &mut Sheet<'_>) {
    let suite = sheet.suite;
    let Some(role) = sheet.operation.role.as_ref().filter(|role| !role.parents.is_empty()) else {
        let filter = sheet.operation.role.as_ref().and_then(|role| parent_filter(suite, role));
        let reason =
            filter.map_or_else(|| "it names no parent".to_owned(), |filter| format!("the filter `{}` names one", filter.parameter));
        return sheet.none(rule::UNKNOWN_PARENT, "", reason);
    };
    for (property, place) in &role.parents {
        let parent = suite.parent_of(&role.resource, property);
        let name = format!("rejects_an_unknown_{property}");
        let sentence = format!("`{}` refuses a `{property}` that does not exist", sheet.operation.id);
        if !matches!(role.action, Action::Create | Action::List) {
            sheet.none(rule::UNKNOWN_PARENT, property, "the item stands for it");
        } else if !parent.is_some_and(|parent| suite.is_closed(parent)) {
            sheet.none(rule::UNKNOWN_PARENT, property, "nothing says which ones exist");
        } else if is_several(sheet, place) {
            if suite.acting(&role.resource, Action::List).is_some() {
                sheet.case(rule::UNKNOWN_PARENT, property, &name, sentence, Kind::Law(Law::BatchUnknownParent(property.clone())));
            } else {
                sheet.none(rule::UNKNOWN_PARENT, property, format!("nothing lists `{}`", role.resource));
            }
        } else if role.action == Action::List && !refusal::declares_missing(sheet.operation) {
            sheet.none(rule::UNKNOWN_PARENT, property, "the document declares no status for a missing parent");
        } else {
            let kind = Kind::Refuse(Wanted::default(), vec![Edit::UnknownParent(property.clone())], Refusal::MissingParent);
            sheet.case(rule::UNKNOWN_PARENT, property, &name, sentence, kind);
        }
    }
}

/// Whether a place of the body holds the keys of several parents.
pub(super) fn is_several(sheet: &Sheet<'_>, place: &Place) -> bool {
    let bodies = sheet.suite.bodies(sheet.operation);
    matches!(place, Place::Body(pointer) if bodies.and_then(|bodies| bodies.whole.pointer(pointer)).is_some_and(serde_json::Value::is_array))
}
