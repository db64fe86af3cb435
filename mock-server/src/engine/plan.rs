//! Fourth step: what has to be known of the state.

use http::StatusCode;
use serde_json::Value;
use specs::resources::{Action, Comparison, PageStyle, Place};

use super::{
    Rejection, Step, Violation,
    compile::Compiled,
    filter,
    kind::{Kind, Link},
    role::Role,
    scope::{Exchanged, Scope},
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

pub(super) fn plan(validated: &Validated<'_>) -> Result<Plan, Box<Rejection>> {
    let reads = Reads { sequence: u64::from(!validated.operation.respond.is_empty()), ..Reads::default() };
    let mut plan = Plan { reads, elements: Vec::new(), defect: None };
    let Some(role) = &validated.operation.role else { return Ok(plan) };
    let reads = &mut plan.reads;
    // Ids are counted by what is created, and nothing else.
    reads.numbered = (role.action == Action::Create).then_some(role.kind);
    match role.action {
        Action::Create => {
            let elements = elements(validated, role);
            plan.defect = elements.as_ref().err().map(|error| format!("`x-mock.each`: {error}"));
            plan.elements = elements.unwrap_or_default();
            reads.sequence = reads.sequence.max(plan.elements.len() as u64);
            for position in 0..plan.elements.len() {
                reads.exist.extend(closed_parents(validated, role, position).into_iter().map(|(link, key)| (link.kind, key)));
            }
        }
        Action::List => {
            reads.page = Some(page_query(validated, role)?);
            reads.exist = parents(validated, role);
        }
        Action::Read | Action::Update | Action::Replace | Action::Delete => {
            let key = role.key.as_ref().and_then(|place| validated.input.at(place)).and_then(key_text);
            reads.item = key.map(|key| (role.kind, key));
            reads.exist = parents(validated, role);
            // What an update mints is new each time.
            reads.sequence = reads.sequence.max(u64::from(!role.set.is_empty()));
        }
    }
    Ok(plan)
}

fn elements(validated: &Validated<'_>, role: &Role) -> Result<Vec<Option<Value>>, String> {
    let Some(each) = &role.each else { return Ok(vec![None]) };
    let draws = std::cell::Cell::new(0);
    // Elements come from the request alone, so the time does not matter.
    let shared = Exchanged::new(&validated.input, validated.caller, chrono::DateTime::UNIX_EPOCH, 0);
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

fn page_query(validated: &Validated<'_>, role: &Role) -> Result<PageQuery, Box<Rejection>> {
    let parent = scope(validated, role);
    let scan = needs_scan(validated, role, parent.as_ref().map(|(position, _)| *position));
    let (skip, take) = window(validated, role)?;
    let take = if scan { Some(SCAN) } else { take };
    Ok(PageQuery { resource: role.kind, parent, newest_first: role.newest_first, skip, take, scan })
}

/// The one parent that a list is about: its position among the links, and its key.
fn scope(validated: &Validated<'_>, role: &Role) -> Option<(usize, String)> {
    let fixed = role.parents.iter().find_map(|(position, place)| Some((*position, key_text(validated.input.at(place)?)?)));
    fixed.or_else(|| {
        // A filter by one parent is a scope, not a scan.
        active(validated, role).find_map(|(filter, link, wanted)| {
            let values = filter::values(wanted);
            let chooses = is_choice(filter.comparison) && values.len() == 1;
            if chooses { Some((link?, key_text(values.first()?)?)) } else { None }
        })
    })
}

/// Whether filters have to look at the rows of a list one by one.
pub(super) fn scans(validated: &Validated<'_>, role: &Role) -> bool {
    needs_scan(validated, role, scope(validated, role).map(|(position, _)| position))
}

fn needs_scan(validated: &Validated<'_>, role: &Role, scoped: Option<usize>) -> bool {
    active(validated, role).any(|(filter, link, wanted)| {
        let by_scope = link.is_some() && link == scoped && is_choice(filter.comparison) && filter::values(wanted).len() == 1;
        !by_scope
    })
}

fn is_choice(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Equal | Comparison::In)
}

/// The filters that a request uses, with the parent each is about, and the wanted value.
pub(super) fn active<'v>(
    validated: &'v Validated<'_>,
    role: &'v Role,
) -> impl Iterator<Item = (&'v specs::resources::Filter, Option<usize>, &'v Value)> {
    role.filters.iter().filter_map(|(filter, parent)| {
        let wanted = validated.input.parameter(specs::api::Location::Query, &filter.parameter)?;
        Some((filter, *parent, wanted))
    })
}

/// Rows to pass over and most rows to return.
pub(super) fn window(validated: &Validated<'_>, role: &Role) -> Result<(usize, Option<usize>), Box<Rejection>> {
    let Some(paging) = &role.pagination else { return Ok((0, None)) };
    let number = |name: &Option<String>| {
        let value = validated.input.parameter(specs::api::Location::Query, name.as_deref()?)?;
        Some((value.clone(), value.as_u64().or_else(|| value.as_str()?.parse().ok()).and_then(|number| usize::try_from(number).ok())))
    };
    let size = match number(&paging.size) {
        Some((_, Some(size))) => paging.max_size.map_or(size, |most| size.min(most)),
        _ => paging.default_size,
    };
    let skip = match (paging.style, number(&paging.position)) {
        (_, None) => 0,
        (PageStyle::Offset, Some((_, offset))) => offset.unwrap_or(0),
        (PageStyle::Page, Some((_, page))) => page.unwrap_or(1).saturating_sub(1).saturating_mul(size),
        (PageStyle::Cursor, Some((value, _))) => {
            let text = value.as_str().unwrap_or_default();
            if text.is_empty() {
                0
            } else {
                from_cursor(text).ok_or_else(|| unknown_cursor(validated.operation, paging.position.as_deref()))?
            }
        }
    };
    Ok((skip, Some(size)))
}

/// The position of a page as a client sees it.
pub(super) fn to_cursor(skip: usize) -> String {
    format!("c{:x}", (skip as u64).wrapping_mul(0x9E37_79B9).wrapping_add(0x5bd1))
}

fn from_cursor(text: &str) -> Option<usize> {
    let number = u64::from_str_radix(text.strip_prefix('c')?, 16).ok()?.checked_sub(0x5bd1)?;
    (number % 0x9E37_79B9 == 0).then(|| usize::try_from(number / 0x9E37_79B9).ok())?
}

fn unknown_cursor(operation: &Compiled, parameter: Option<&str>) -> Box<Rejection> {
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
