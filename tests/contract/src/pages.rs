//! Walking the pages of a list, believing nothing that the list says about itself, a cursor excepted.

use serde_json::Value;
use specs::{
    api::{Location, Operation},
    resources::{PageFact, PageStyle, Pagination},
};

use crate::{
    case::Wanted,
    exchange::Response,
    world::{Made, Step, World, blocked, role, skip},
};

/// The most pages that are walked, and the most where other people's rows are.
const MOST: usize = 300;
const MOST_SHARED: usize = 20;

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

/// What came of looking for an item in a list.
pub(crate) enum Found {
    Item(Value),
    Nowhere,
    /// It may be behind the pages that were walked.
    TooFar,
}

impl Found {
    /// The item, where the whole list was seen.
    pub(crate) fn or_skip(self, list: &Operation) -> Step<Option<Value>> {
        match self {
            Self::Item(item) => Ok(Some(item)),
            Self::Nowhere => Ok(None),
            Self::TooFar => too_long(list),
        }
    }
}

/// Ends a case: the list goes on behind the pages that may be walked.
pub(crate) fn too_long<T>(list: &Operation) -> Step<T> {
    skip(format!("`{}` goes on behind {MOST_SHARED} pages, and the rows of others are not walked further", list.id))
}

/// All items of a list, page after page of a great size.
pub(crate) async fn all(world: &World<'_>, list: &Operation, parents: &[(String, Value)]) -> Step<Vec<Value>> {
    filtered(world, list, parents, None).await
}

/// All items of a list that a parameter lets through.
pub(crate) async fn filtered(world: &World<'_>, list: &Operation, parents: &[(String, Value)], by: Option<Parameter>) -> Step<Vec<Value>> {
    let asked = Asked { parents, size: role(list)?.pagination.as_ref().and_then(comfortable), by: by.as_slice() };
    let (pages, is_whole) = walk(world, list, &asked, |_| false).await?;
    if is_whole { Ok(pages.into_iter().flat_map(|page| page.items).collect()) } else { too_long(list) }
}

/// The items of a list as far as it may be walked, and whether these are all.
pub(crate) async fn some(world: &World<'_>, list: &Operation, parents: &[(String, Value)]) -> Step<(Vec<Value>, bool)> {
    let asked = Asked { parents, size: role(list)?.pagination.as_ref().and_then(comfortable), by: &[] };
    let (pages, is_whole) = walk(world, list, &asked, |_| false).await?;
    Ok((pages.into_iter().flat_map(|page| page.items).collect(), is_whole))
}

/// Looks for an item in a list, and no further than it is.
pub(crate) async fn find(world: &World<'_>, list: &Operation, made: &Made) -> Step<Found> {
    let resource = &role(list)?.resource;
    let own = |item: &&Value| world.suite.key_of(resource, item) == Some(&made.key);
    let asked = Asked { parents: &made.parents, size: role(list)?.pagination.as_ref().and_then(comfortable), by: &[] };
    let (pages, is_whole) =
        walk(world, list, &asked, |pages| pages.last().is_some_and(|page| page.items.iter().any(|item| own(&item)))).await?;
    let item = pages.iter().rev().flat_map(|page| &page.items).find(own).cloned();
    Ok(match item {
        Some(item) => Found::Item(item),
        None if is_whole => Found::Nowhere,
        None => Found::TooFar,
    })
}

/// A size of pages that is large, and not so large that it is at a limit.
pub(crate) fn comfortable(pagination: &Pagination) -> Option<usize> {
    pagination.size.as_ref().map(|_| pagination.max_size.map_or(100, |most| most.div_ceil(2).clamp(1, 100)))
}

/// What a list is asked for, page after page.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) parents: &'a [(String, Value)],
    /// How many items a page is to hold.
    pub(crate) size: Option<usize>,
    pub(crate) by: &'a [Parameter],
}

/// The pages of a list until one is short, as they are when they hold as many items as were asked for, or one is enough;
/// and whether the walk came to an end rather than to what may be walked.
pub(crate) async fn walk(
    world: &World<'_>,
    list: &Operation,
    asked: &Asked<'_>,
    is_enough: impl Fn(&[Page]) -> bool,
) -> Step<(Vec<Page>, bool)> {
    let role = role(list)?;
    let pagination = role.pagination.as_ref();
    let mut pages: Vec<Page> = Vec::new();
    let mut position = pagination.and_then(first);
    let mut skipped = 0;
    let most = if world.is_shared() { MOST_SHARED } else { MOST };
    while pages.len() < most {
        let parameters = parameters(pagination, position.as_ref(), asked.size).into_iter().chain(asked.by.iter().cloned()).collect();
        let wanted = Wanted { parents: asked.parents.to_vec(), parameters, ..Wanted::default() };
        let page = read(world, list, &wanted, position.clone(), skipped).await?;
        let count = page.items.len();
        skipped += count;
        let full = pagination.map_or(usize::MAX, |pagination| asked.size.unwrap_or(pagination.default_size));
        let last = page.items.last().and_then(|item| world.suite.key_of(&role.resource, item)).cloned();
        position = pagination.and_then(|pagination| next(pagination, pages.len() + 1, skipped, &page.body, last));
        pages.push(page);
        if count == 0 || position.is_none() || count < full && !is_cursor(pagination) || is_enough(&pages) {
            return Ok((pages, true));
        }
    }
    Ok((pages, !world.is_shared()))
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
