//! Walking the pages of a list, believing nothing that the list says about itself, a cursor excepted.

use serde_json::Value;
use specs::{
    api::{Location, Operation},
    resources::{PageFact, PageStyle, Pagination},
};

use crate::{
    case::Wanted,
    exchange::Response,
    world::{Step, World, blocked, role},
};

/// The most pages that are walked.
const MOST: usize = 300;

/// Location, name and value of a parameter.
pub(crate) type Parameter = (Location, String, Value);

/// One page.
pub(crate) struct Page {
    pub(crate) items: Vec<Value>,
    /// The whole body.
    pub(crate) body: Value,
    /// The position that was asked for, as the parameter counts it.
    pub(crate) position: Option<Value>,
    /// How many items were before it.
    pub(crate) skipped: usize,
}

/// All items of a list, page after page of the greatest size.
pub(crate) async fn all(world: &World<'_>, list: &Operation, parents: &[(String, Value)]) -> Step<Vec<Value>> {
    filtered(world, list, parents, None).await
}

/// All items of a list that a parameter lets through.
pub(crate) async fn filtered(world: &World<'_>, list: &Operation, parents: &[(String, Value)], by: Option<Parameter>) -> Step<Vec<Value>> {
    let size = role(list)?.pagination.as_ref().and_then(comfortable);
    Ok(walk(world, list, parents, size, by).await?.into_iter().flat_map(|page| page.items).collect())
}

/// A size of pages that is large, and not so large that it is at a limit.
pub(crate) fn comfortable(pagination: &Pagination) -> Option<usize> {
    pagination.size.as_ref().map(|_| pagination.max_size.map_or(100, |most| most.div_ceil(2).clamp(1, 100)))
}

/// The pages of a list until one is short, as they are when they hold `size` items.
pub(crate) async fn walk(
    world: &World<'_>,
    list: &Operation,
    parents: &[(String, Value)],
    size: Option<usize>,
    by: Option<Parameter>,
) -> Step<Vec<Page>> {
    let role = role(list)?;
    let mut pages: Vec<Page> = Vec::new();
    let mut position = role.pagination.as_ref().and_then(first);
    let mut skipped = 0;
    while pages.len() < MOST {
        let parameters = parameters(role.pagination.as_ref(), position.as_ref(), size).into_iter().chain(by.clone()).collect();
        let wanted = Wanted { parents: parents.to_vec(), parameters, ..Wanted::default() };
        let page = read(world, list, &wanted, position.clone(), skipped).await?;
        let count = page.items.len();
        skipped += count;
        let body = page.body.clone();
        pages.push(page);
        let full = role.pagination.as_ref().map_or(usize::MAX, |pagination| size.unwrap_or(pagination.default_size));
        let last = pages.last().and_then(|page| world.suite.key_of(&role.resource, page.items.last()?)).cloned();
        position = role.pagination.as_ref().and_then(|pagination| next(pagination, pages.len(), skipped, &body, last));
        if count == 0 || position.is_none() || count < full && !is_cursor(role.pagination.as_ref()) {
            break;
        }
    }
    Ok(pages)
}

/// One page as a request asks for it.
pub(crate) async fn read(world: &World<'_>, list: &Operation, wanted: &Wanted, position: Option<Value>, skipped: usize) -> Step<Page> {
    let role = role(list)?;
    let response = world.look(list, wanted).await?;
    if !response.is_success() {
        return blocked(format!("listing `{}` was answered {}", role.resource, response.status));
    }
    match items(list, &response) {
        Some(items) => Ok(Page { items, body: response.json().unwrap_or_default(), position, skipped }),
        None => blocked(format!("the answer to `{}` has no list at `{}`", list.id, role.items.as_deref().unwrap_or_default())),
    }
}

/// The items in a successful answer.
pub(crate) fn items(list: &Operation, response: &Response) -> Option<Vec<Value>> {
    let pointer = role(list).ok()?.items.as_ref()?;
    response.json().filter(|_| response.is_success())?.pointer(pointer)?.as_array().cloned()
}

fn parameters(pagination: Option<&Pagination>, position: Option<&Value>, size: Option<usize>) -> Vec<Parameter> {
    let Some(pagination) = pagination else { return Vec::new() };
    let position = pagination.position.as_ref().zip(position).map(|(name, value)| (Location::Query, name.clone(), value.clone()));
    let size = pagination.size.as_ref().zip(size).map(|(name, size)| (Location::Query, name.clone(), size.into()));
    position.into_iter().chain(size).collect()
}

/// Where the first page is; a cursor is not given for it.
fn first(pagination: &Pagination) -> Option<Value> {
    match pagination.style {
        PageStyle::Offset => Some(0.into()),
        PageStyle::Page => Some(pagination.first.into()),
        PageStyle::Cursor => None,
    }
}

/// Where the next page is, after so many pages and items, of which the last one has this key.
fn next(pagination: &Pagination, pages: usize, skipped: usize, body: &Value, last: Option<Value>) -> Option<Value> {
    pagination.position.as_ref()?;
    match pagination.style {
        PageStyle::Offset => Some(skipped.into()),
        PageStyle::Page => Some((pages + pagination.first).into()),
        PageStyle::Cursor if pagination.after_key => last,
        PageStyle::Cursor => {
            let place = pagination.shows.iter().find(|(fact, _)| *fact == PageFact::Next).map(|(_, pointer)| pointer)?;
            body.pointer(place).filter(|next| !next.is_null() && *next != "").cloned()
        }
    }
}

fn is_cursor(pagination: Option<&Pagination>) -> bool {
    pagination.is_some_and(|pagination| pagination.style == PageStyle::Cursor)
}
