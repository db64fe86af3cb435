//! Fourth step: what has to be known of the state.

use http::StatusCode;
use serde_json::Value;
use specs::resources::{Action, Comparison, PageStyle, Place};

use super::{
    Conditions, Rejection, Step, Violation,
    compile::Compiled,
    filter,
    kind::{Kind, Link},
    role::{Criterion, Role},
    scope::{Exchanged, Scope},
    sort,
    validate::Validated,
};
use crate::state::{PageQuery, Reads};

/// Most rows that a filter looks at.
pub(super) const SCAN: usize = 100_000;

/// What a request comes down to before the state is looked at.
pub(super) struct Plan {
    pub(super) reads: Reads,
    /// One element for each row that a create makes; `None` where the document names no `each`.
    pub(super) elements: Vec<Option<Value>>,
    /// Why the elements could not be told.
    pub(super) defect: Option<String>,
}

pub(super) fn plan(validated: &Validated<'_>, kind: Option<&Kind>, conditions: &Conditions) -> Result<Plan, Box<Rejection>> {
    let reads = Reads { sequence: u64::from(!validated.operation.respond.is_empty()), ..Reads::default() };
    let mut plan = Plan { reads, elements: Vec::new(), defect: None };
    let (Some(role), Some(kind)) = (&validated.operation.role, kind) else { return Ok(plan) };
    let reads = &mut plan.reads;
    // Ids are counted by what is created, and nothing else.
    reads.numbered = (role.action == Action::Create || role.makes).then_some(role.kind);
    match role.action {
        Action::Create => {
            let elements = elements(validated, role);
            plan.defect = elements.as_ref().err().map(|error| format!("`x-mock.each`: {error}"));
            plan.elements = elements.unwrap_or_default();
            reads.sequence = reads.sequence.max(plan.elements.len() as u64);
            for (position, element) in plan.elements.iter().enumerate() {
                reads.exist.extend(closed_parents(validated, role, position).into_iter().map(|(link, key)| (link.kind, key)));
                if let Some(key) = chosen_key(validated, role, element.as_ref()).and_then(key_text) {
                    reads.taken.push((role.kind, scoped(validated, role, kind, key)));
                }
            }
        }
        Action::List => {
            reads.page = Some(page_query(validated, role, kind, vanishes(conditions))?);
            reads.exist = parents(validated, role);
        }
        Action::Read | Action::Update | Action::Replace | Action::Delete => {
            let named = || role.key.as_ref().and_then(|place| validated.input.at(place)).and_then(key_text);
            let key = if role.single { Some(String::new()) } else { named() };
            reads.item_else = key.clone().filter(|_| !kind.scope.is_empty() && !role.single);
            reads.item = key.map(|key| (role.kind, scoped(validated, role, kind, key)));
            reads.exist = parents(validated, role);
            // What an update mints is new each time.
            reads.sequence = reads.sequence.max(u64::from(!role.set.is_empty() || role.makes));
        }
    }
    Ok(plan)
}

/// A key as it is stored, with the parents that the request names.
pub(super) fn scoped(validated: &Validated<'_>, role: &Role, kind: &Kind, key: String) -> String {
    kind.scoped(key, |link| {
        let (_, place) = role.parents.iter().find(|(known, _)| *known == link)?;
        parent_value(validated, place, 0).and_then(key_text)
    })
}

/// The key that a request chooses for a new item. Nobody means the empty text, or the number 0, which documents show.
pub(super) fn chosen_key<'v>(validated: &'v Validated<'_>, role: &Role, element: Option<&'v Value>) -> Option<&'v Value> {
    let place = role.key.as_ref().filter(|_| role.action == Action::Create)?;
    let found = match (&role.batch, place, element) {
        (Some(_), Place::Body(pointer), Some(element)) => specs::pointer::get(element, pointer),
        _ => validated.input.at(place),
    };
    found.filter(|value| !(value.as_str() == Some("") || value.as_u64() == Some(0) || value.is_null()))
}

fn elements(validated: &Validated<'_>, role: &Role) -> Result<Vec<Option<Value>>, String> {
    if let Some(place) = &role.batch {
        let elements = validated.input.at(place).and_then(Value::as_array);
        return Ok(elements.into_iter().flatten().cloned().map(Some).collect());
    }
    let Some(each) = &role.each else { return Ok(vec![None]) };
    let draws = std::cell::Cell::new(0);
    // Elements come from the request alone, so the time does not matter.
    let shared = Exchanged::new(&validated.input, &validated.caller, chrono::DateTime::UNIX_EPOCH, 0);
    Ok(match each.run(&Scope::new(&shared, &draws))?.map(super::held::Held::into_owned) {
        Some(Value::Array(elements)) => elements.into_iter().map(Some).collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![Some(one)],
    })
}

/// The parents that a request names and that have to exist, with their keys; `position` counts the rows of a batch.
pub(super) fn closed_parents<'v>(validated: &Validated<'_>, role: &'v Role, position: usize) -> Vec<(&'v Link, String)> {
    let named = role.parents.iter().filter_map(|(link, place)| {
        let link = role.links.get(*link).filter(|link| link.closed)?;
        Some((link, key_text(parent_value(validated, place, position)?)?))
    });
    named.collect()
}

/// The value at a parent's place; of an array, the element for the row at `position`.
pub(super) fn parent_value<'v>(validated: &'v Validated<'_>, place: &Place, position: usize) -> Option<&'v Value> {
    match validated.input.at(place)? {
        Value::Array(values) => values.get(position),
        value => Some(value),
    }
}

fn parents(validated: &Validated<'_>, role: &Role) -> Vec<(usize, String)> {
    closed_parents(validated, role, 0).into_iter().map(|(link, key)| (link.kind, key)).collect()
}

/// Whether rows of a list are to go: then all of them have to be known.
pub(super) fn vanishes(conditions: &Conditions) -> bool {
    conditions.orders.as_ref().is_some_and(|orders| orders.vanish > 0)
}

fn page_query(validated: &Validated<'_>, role: &Role, kind: &Kind, named: bool) -> Result<PageQuery, Box<Rejection>> {
    let parent = scope(validated, role);
    let order = sort::wanted(validated, role, kind);
    let sorts = order.as_ref().is_some_and(|order| !order.by.is_empty());
    let scan = named || sorts || needs_scan(validated, role, parent.as_ref().map(|(position, _)| *position));
    let Window { skip, take, after } = window(validated, role)?;
    let take = if scan { Some(SCAN) } else { take };
    let newest_first = order.and_then(|order| order.newest_first).unwrap_or(role.newest_first);
    let others = outer_parents(validated, role, parent.as_ref().map(|(position, _)| *position));
    Ok(PageQuery { resource: role.kind, parent, others, newest_first, skip, take, scan, after, named })
}

/// The one parent that a list is about: its position among the links, and its key.
fn scope(validated: &Validated<'_>, role: &Role) -> Option<(usize, String)> {
    let mut fixed = role.parents.iter().filter_map(|(position, place)| Some((*position, key_text(validated.input.at(place)?)?)));
    // The nearest parent has the fewest items.
    fixed.next_back().or_else(|| {
        // A filter by one parent is a scope, not a scan.
        active(validated, role).find_map(|(criterion, wanted)| {
            let values = filter::values(wanted);
            let chooses = is_choice(criterion.comparison) && values.len() == 1;
            if chooses { Some((criterion.link?, key_text(values.first()?)?)) } else { None }
        })
    })
}

/// The parents besides that of the scope which a list is about.
fn outer_parents(validated: &Validated<'_>, role: &Role, scoped: Option<usize>) -> Vec<(usize, String)> {
    let named = role.parents.iter().filter(|(position, _)| Some(*position) != scoped);
    named.filter_map(|(position, place)| Some((*position, key_text(validated.input.at(place)?)?))).collect()
}

/// Whether rows of a list have to be looked at one by one.
pub(super) fn scans(validated: &Validated<'_>, role: &Role) -> bool {
    needs_scan(validated, role, scope(validated, role).map(|(position, _)| position))
}

fn needs_scan(validated: &Validated<'_>, role: &Role, scoped: Option<usize>) -> bool {
    active(validated, role).any(|(criterion, wanted)| {
        let by_scope =
            criterion.link.is_some() && criterion.link == scoped && is_choice(criterion.comparison) && filter::values(wanted).len() == 1;
        !by_scope
    })
}

fn is_choice(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Equal | Comparison::In)
}

/// What a request asks of items, with the wanted value.
pub(super) fn active<'v>(validated: &'v Validated<'_>, role: &'v Role) -> impl Iterator<Item = (&'v Criterion, &'v Value)> {
    role.filters.iter().filter_map(|criterion| Some((criterion, validated.input.at(&criterion.place)?)))
}

/// Which rows of a list are wanted.
pub(super) struct Window {
    /// Rows to pass over.
    pub(super) skip: usize,
    /// Most rows to return.
    pub(super) take: Option<usize>,
    /// The key of the row before the first.
    pub(super) after: Option<String>,
}

/// Which rows of a list a request wants.
pub(super) fn window(validated: &Validated<'_>, role: &Role) -> Result<Window, Box<Rejection>> {
    let Some(paging) = &role.pagination else { return Ok(Window { skip: 0, take: None, after: None }) };
    let sent = |name: &Option<String>| {
        let name = name.as_deref()?;
        if role.pages_in_body {
            return validated.input.at(&Place::Body(name.to_owned()));
        }
        validated.input.parameter(specs::api::Location::Query, name)
    };
    let number = |name: &Option<String>| {
        let value = sent(name)?;
        Some((value.clone(), value.as_u64().or_else(|| value.as_str()?.parse().ok()).and_then(|number| usize::try_from(number).ok())))
    };
    let size = match number(&paging.size) {
        Some((_, Some(size))) => paging.max_size.map_or(size, |most| size.min(most)),
        _ => paging.default_size,
    };
    let mut after = None;
    let skip = match (paging.style, number(&paging.position)) {
        (_, None) => 0,
        (PageStyle::Offset, Some((_, offset))) => offset.unwrap_or(0),
        (PageStyle::Page, Some((_, page))) => page.unwrap_or(paging.first).saturating_sub(paging.first).saturating_mul(size),
        (PageStyle::Cursor, Some((value, _))) if paging.after_key => {
            after = key_text(&value).filter(|key| !key.is_empty());
            0
        }
        (PageStyle::Cursor, Some((value, _))) => {
            let text = value.as_str().unwrap_or_default();
            if text.is_empty() {
                0
            } else {
                from_cursor(text).ok_or_else(|| unknown_cursor(validated.operation, paging.position.as_deref()))?
            }
        }
    };
    Ok(Window { skip, take: Some(size), after })
}

/// The position of a page as a client sees it.
pub(super) fn to_cursor(skip: usize) -> String {
    format!("c{:x}", (skip as u64).wrapping_mul(0x9E37_79B9).wrapping_add(0x5bd1))
}

fn from_cursor(text: &str) -> Option<usize> {
    let number = u64::from_str_radix(text.strip_prefix('c')?, 16).ok()?.checked_sub(0x5bd1)?;
    (number % 0x9E37_79B9 == 0).then(|| usize::try_from(number / 0x9E37_79B9).ok())?
}

pub(super) fn unknown_cursor(operation: &Compiled, parameter: Option<&str>) -> Box<Rejection> {
    let field = parameter.unwrap_or_default().to_owned();
    let message = "is no cursor that this server gave".to_owned();
    let violation =
        Violation { place: format!("query.{field}"), field: field.clone(), keyword: "cursor".to_owned(), message: message.clone() };
    let help = "send the cursor of the page before";
    let mut rejection =
        Rejection::new(Step::Validate, operation.invalid_status, "invalid-parameter", format!("`query.{field}` {message}"), help)
            .at(violation.place.clone());
    rejection.violations.push(violation);
    rejection
}

/// A key as text: keys of rows are compared as they stand in a path.
pub(super) fn key_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The refusal of an id that nothing has.
pub(super) fn missing(operation: &Compiled, api: &specs::Api, rule: &'static str, kind: &Kind, key: &str, place: &str) -> Box<Rejection> {
    let wanted = [StatusCode::NOT_FOUND, StatusCode::GONE, StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY];
    let status = operation.refusal_status(api, &wanted);
    let message = format!("nothing in `{}` has the id `{key}`", kind.name);
    let help = match &kind.sample_key {
        Some(known) if known != key => format!("use the id of one that exists, such as `{known}`"),
        _ => "create one first".to_owned(),
    };
    Rejection::new(Step::Decide, status, rule, message, help).at(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_the_position_it_came_from() {
        for skip in [0, 1, 20, 999_999] {
            assert_eq!(from_cursor(&to_cursor(skip)), Some(skip));
        }
        for text in ["", "c", "c5", "x5bd1", "20", "cffffffffffffffffff"] {
            assert_eq!(from_cursor(text), None, "{text}");
        }
    }
}
