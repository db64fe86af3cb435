//! Paths that there are not, methods that a path does not have, and keys that nothing has.

use http::Method;
use specs::{
    api::{Operation, Part, Segment, Status},
    resources::{Action, Place},
};

use super::Sheet;
use crate::{
    case::{Edit, Items, Kind, Law, Refusal, Wanted},
    laws::filtered::parent_filter,
    refusal, rule,
};

/// A segment of a path that no document has.
const NOBODYS: &str = "no-such-path";

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    unknown_path(sheet);
    methods(sheet);
    unknown_item(sheet);
    unknown_parents(sheet);
}

/// A path beside this one, or else below it, that is nobody's.
fn unknown_path(sheet: &mut Sheet<'_>) {
    let operation = sheet.operation;
    if let Some(reason) = stands_elsewhere(sheet) {
        return sheet.none(rule::PATH, "", reason);
    }
    let segments = &operation.segments;
    let literal = |segment: &Segment| !segment.parts.is_empty() && segment.parts.iter().all(|part| matches!(part, Part::Literal(_)));
    let beside = segments.iter().rposition(literal);
    let free = [beside, Some(segments.len())].into_iter().flatten().find(|position| is_nobodys(sheet, *position));
    let Some(position) = free else { return sheet.none(rule::PATH, "", "a path of the document has room for any other") };
    let sentence = format!("a path beside `{}` that no operation has is not found", operation.path);
    let kind = Kind::Refuse(
        Wanted { items: Items::Documented, ..Wanted::default() },
        vec![Edit::Segment(position, NOBODYS.to_owned())],
        Refusal::NoPath,
    );
    sheet.case(rule::PATH, "", "rejects_an_unknown_path", sentence, kind);
}

/// Whether no operation has the path up to a position with a name of nobody's there.
fn is_nobodys(sheet: &Sheet<'_>, position: usize) -> bool {
    let mut segments = sheet.operation.segments[..position].to_vec();
    segments.push(Segment { parts: vec![Part::Literal(NOBODYS.to_owned())] });
    // A slash at the end of a path is an empty segment, and a server may think nothing of it.
    let trimmed = |segments: &[Segment]| segments.iter().filter(|segment| !segment.parts.is_empty()).cloned().collect::<Vec<_>>();
    let segments = trimmed(&segments);
    sheet.suite.api.operations.iter().all(|other| !is_one(&trimmed(&other.segments), &segments))
}

/// At which other operation a case about the path stands.
fn stands_elsewhere(sheet: &Sheet<'_>) -> Option<String> {
    let same = |other: &&Operation| other.path == sheet.operation.path && other.servers == sheet.operation.servers;
    let first = sheet.suite.api.operations.iter().find(same).filter(|first| first.id != sheet.operation.id)?;
    Some(format!("it stands at `{}`, the first operation of the path", first.id))
}

/// The methods that no operation has on this path, or on another that means the same address.
fn methods(sheet: &mut Sheet<'_>) {
    let operations = &sheet.suite.api.operations;
    if sheet.operation.shares_path {
        return sheet.none(rule::METHOD, "", "its path is another operation's too");
    }
    if let Some(reason) = stands_elsewhere(sheet) {
        return sheet.none(rule::METHOD, "", reason);
    }
    let taken =
        |method: &Method| operations.iter().any(|other| other.method == *method && is_one(&other.segments, &sheet.operation.segments));
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
fn is_one(one: &[Segment], other: &[Segment]) -> bool {
    let is_open = |parts: &[Part]| parts.iter().any(|part| matches!(part, Part::Variable(_)));
    let pairs = one.iter().zip(other);
    one.len() == other.len() && pairs.into_iter().all(|(one, other)| one == other || is_open(&one.parts) || is_open(&other.parts))
}

fn unknown_item(sheet: &mut Sheet<'_>) {
    let key = sheet.operation.role.as_ref().and_then(|role| role.key.as_ref());
    if key.is_none() {
        sheet.none(rule::UNKNOWN_ITEM, "", "it names no item");
    } else if sheet.operation.role.as_ref().is_some_and(|role| role.action == Action::Create) {
        sheet.none(rule::UNKNOWN_ITEM, "", "it makes the item that it names");
    } else if !refusal::declares_missing(sheet.operation) {
        sheet.none(rule::UNKNOWN_ITEM, "", "the document declares no status for a missing item");
    } else if makes(sheet.operation) {
        sheet.none(rule::UNKNOWN_ITEM, "", "an item that is not there is made");
    } else {
        let sentence = format!("`{}` refuses an item that does not exist", sheet.operation.id);
        let kind = Kind::Refuse(Wanted::default(), vec![Edit::UnknownItem], Refusal::Missing);
        sheet.case(rule::UNKNOWN_ITEM, "", "rejects_an_unknown_item", sentence, kind);
    }
}

/// Whether an item that is not there is made with the key that the request names, as far as the document tells.
fn makes(operation: &Operation) -> bool {
    let Some(role) = &operation.role else { return false };
    let is_made = || operation.responses.iter().any(|response| response.status == Status::Exactly(201));
    role.makes || role.action == Action::Replace && is_made()
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
